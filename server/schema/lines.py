"""From a roll-up figure to the value lines behind it, as spoken: finance adds them up by hand (law §4)."""

from typing import Any
from uuid import UUID

import strawberry

from server.domain.behind import Place
from server.domain.figures import Period
from server.domain.line_figures import LineFigure
from server.models.lines import behind_figure
from server.schema.behind import key_of_row, rows_behind
from server.schema.connections import After, Connection, First
from server.schema.context import Info
from server.schema.fields import edge
from server.schema.figures import reporting_currency
from server.schema.line_figures import Kinds, Which, kinds_of
from server.schema.money import Money
from server.schema.places import PlaceFigures
from server.schema.values import ValueLine, line_of


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
        context = info.context
        kinds, place = await kinds_of(context, kind), Place(self.place, self.whole)
        behind = behind_figure(figure, kinds, place, Period(self.first, self.last))
        found, count = await rows_behind(context, behind, first, after)
        currency = await reporting_currency(context)
        items = [(key_of_row(row), _amount(row, currency)) for row in found]
        return Connection[LineAmount].page(items, first, after, count)


def _amount(row: dict[str, Any], currency: str) -> LineAmount:
    amount = Money.of(row["units"], currency)
    if amount is None:
        raise LookupError("a line behind a figure always has an amount")
    return LineAmount(amount=amount, line_id=row["line_id"])
