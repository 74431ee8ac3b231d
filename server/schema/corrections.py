"""Corrections of actuals, as spoken: visible for ever (law §4 and §8)."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.months import Month
from server.models import corrections
from server.schema.connections import Connection, check_first, key_of
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.figures import places_of
from server.schema.money import Money, told
from server.schema.people import Person, person_of

if TYPE_CHECKING:
    from server.schema.values import ValueLine
# The back edge to what imports us.
_ValueLine = Annotated["ValueLine", strawberry.lazy("server.schema.values")]


@strawberry.type(description="A month's actual that a controller corrected. It is never changed or taken back.")
class Correction:
    """See the description."""

    month: Month = strawberry.field(description="The month.")
    before: Money | None = strawberry.field(description="What stood there; null: nothing, or not the viewer's to read.")
    after: Money | None = strawberry.field(description="What stands there since; null as before.")
    at: datetime = strawberry.field(description="When it was corrected.")
    row: strawberry.Private[dict[str, Any]]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Correction":
        """The correction of a row."""
        currency = row["currency"] if row["priced"] else None
        before, after = (Money.of(row[f"{name}_units"], currency) for name in ("before", "after"))
        return cls(month=Month(row["month"]), before=before, after=after, at=row["at"], row=row)

    @edge("Why; without its amounts for viewers who may not read money.")
    async def reason(self, info: Info) -> str:
        """See the description."""
        return await told(info.context, (await self.line(info)).row["node_id"], self.row["reason"])

    @edge("The controller who corrected it.")
    async def by(self, info: Info) -> Person | None:
        """See the description."""
        return await person_of(info.context, self.row["by_id"])

    @edge("The value line.")
    async def line(self, info: Info) -> _ValueLine:
        """See the description."""
        from server.schema.values import line_of  # noqa: PLC0415 — the back edge

        return await line_of(info, self.row["line_id"])


async def corrections_below(info: Info, node_id: UUID | None, first: int, after: str | None) -> Connection[Correction]:
    """A page of the corrections below a node, or of the organization (None), newest first."""
    context = info.context
    place, whole = node_id or context.viewer.organization_id, node_id is None
    key = key_of(after, UUID)
    found = await context.one(_page, place, check_first(first), key[0] if key else None, whole) or []
    items = [((str(row["id"]),), Correction.of(row)) for row in found]

    async def count() -> int:
        return await context.one(_count, place, whole) or 0

    return Connection[Correction].page(items, first, after, count)


async def corrections_of_line(info: Info, line_id: UUID) -> list[Correction]:
    """All corrections of a line that the viewer sees, newest first."""
    return [Correction.of(row) for row in await info.context.one(_of_lines, line_id) or []]


async def _page(
    context: Context, places: list[UUID], first: int, after: UUID | None, whole: bool
) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await corrections.page(context.db, context.viewer, places_of(places, whole), first, after):
        found.setdefault(row["place_id"], []).append(row)
    return found


async def _count(context: Context, places: list[UUID], whole: bool) -> dict[UUID, int]:
    return await corrections.counts(context.db, context.viewer, places_of(places, whole))


async def _of_lines(context: Context, line_ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await corrections.of_lines(context.db, context.viewer, line_ids):
        found.setdefault(row["line_id"], []).append(row)
    return found
