"""From a roll-up figure to the value lines behind it, as spoken: finance adds them up by hand (law §4)."""

from typing import Any
from uuid import UUID

import strawberry

from server.domain.figures import Period
from server.domain.line_figures import LineFigure
from server.domain.months import Month
from server.domain.values import ValueKind
from server.models import lines
from server.schema.connections import After, Connection, First, check_first, key_of
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.figures import places_of, reporting_currency
from server.schema.line_figures import Kinds, Which, kinds_of
from server.schema.money import Money
from server.schema.places import PlaceFigures
from server.schema.values import ValueLine, line_of

_Asked = tuple[LineFigure, tuple[ValueKind, ...]]


@strawberry.type(description="A value line and what it adds to a figure.")
class LineAmount:
    """See the description."""

    amount: Money = strawberry.field(description="What it adds, in the reporting currency.")
    line_id: strawberry.Private[UUID]

    @edge("The value line; its `figures` tell the same amount month by month.")
    async def line(self, info: Info) -> ValueLine:
        """See the description."""
        return await line_of(info, self.line_id)


@strawberry.type
class LinesBehind(PlaceFigures):
    """The field of a roll-up that leads to its lines."""

    @edge(
        "The value lines behind a figure of one kind, or of the headline, the largest amount first: together they are "
        "the figure. Lines that add nothing, and those whose amounts are not the viewer's to read, are not among them."
    )
    async def lines(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        kind: Kinds = None,
        figure: Which = LineFigure.PLAN,
    ) -> Connection[LineAmount]:
        """See the description."""
        context, asked = info.context, (figure, await kinds_of(info.context, kind))
        key = key_of(after, int, UUID)
        behind = (key[0], key[1]) if key else None
        place = (self.place, self.first, self.last, self.whole, asked)
        found = await context.one(_page, *place, check_first(first), behind) or []
        currency = await reporting_currency(context)
        items = [((abs(row["units"]), str(row["line_id"])), _amount(row, currency)) for row in found]

        async def count() -> int:
            return await context.one(_count, *place) or 0

        return Connection[LineAmount].page(items, first, after, count)


def _amount(row: dict[str, Any], currency: str) -> LineAmount:
    amount = Money.of(row["units"], currency)
    if amount is None:
        raise LookupError("a line behind a figure always has an amount")
    return LineAmount(amount=amount, line_id=row["line_id"])


async def _page(
    context: Context,
    places: list[UUID],
    first_month: Month,
    last: Month,
    whole: bool,
    asked: _Asked,
    first: int,
    after: tuple[int, UUID] | None,
) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    at, period = places_of(places, whole), Period(first_month, last)
    for row in await lines.page(context.db, context.viewer, at, period, asked, first, after):
        found.setdefault(row["place_id"], []).append(row)
    return found


async def _count(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool, asked: _Asked
) -> dict[UUID, int]:
    return await lines.counts(context.db, context.viewer, places_of(places, whole), Period(first, last), asked)
