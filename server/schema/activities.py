"""Sales activities, as spoken: what sellers spent their time on (law §5)."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.refusals import RefusalCode, Refused
from server.models import activities
from server.schema.connections import Connection, check_first, key_of
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.figures import places_of

if TYPE_CHECKING:
    from server.schema.cascade import SalesPlan
# The back edge to what imports us.
_SalesPlan = Annotated["SalesPlan", strawberry.lazy("server.schema.cascade")]
Day = date  # a field called `date` would hide its own type
_TOLD = (
    "system",
    "external_id",
    "kind",
    "date",
    "minutes",
    "seller",
    "account",
    "account_group",
    "product",
    "product_group",
    "territory",
)


@strawberry.type(
    description="A call, a visit, an hour of a seller's time: motion, which is not progress. Without a plan it is an "
    "orphan: kept and shown."
)
class SalesActivity:
    """See the description."""

    system: str = strawberry.field(description="Where it was logged.")
    external_id: str = strawberry.field(description="Its id there.")
    kind: str = strawberry.field(description="What it was, such as Call or Visit.")
    date: Day = strawberry.field(description="The day it was done.")
    minutes: int | None = strawberry.field(description="How long it took; null: nobody noted it.")
    seller: str | None = strawberry.field(description="Who did it.")
    account: str | None = strawberry.field(description="The customer.")
    account_group: str | None = strawberry.field(description="The customer's group.")
    product: str | None = strawberry.field(description="What it was about.")
    product_group: str | None = strawberry.field(description="The product's group.")
    territory: str | None = strawberry.field(description="Where.")
    plan_id: strawberry.Private[UUID | None]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "SalesActivity":
        """The activity of a row."""
        return cls(plan_id=row["node_id"], **{name: row[name] for name in _TOLD})

    @edge("The sales plan that it was for; null for none.")
    async def plan(self, info: Info) -> _SalesPlan | None:
        """See the description."""
        from server.schema.cascade import SalesPlan, node_of  # noqa: PLC0415 — the back edge

        plan = await node_of(info.context, self.plan_id) if self.plan_id else None
        return plan if isinstance(plan, SalesPlan) else None


async def activities_of(
    info: Info, node_id: UUID | None, first: int, after: str | None, orphan: bool | None = None
) -> Connection[SalesActivity]:
    """A page of the activities below a node, or of the organization (None), newest first."""
    context = info.context
    place, whole = node_id or context.viewer.organization_id, node_id is None
    found = await context.one(_page, place, check_first(first), _behind(after), whole, orphan) or []
    items = [((row["date"].isoformat(), str(row["id"])), SalesActivity.of(row)) for row in found]

    async def count() -> int:
        return await context.one(_count, place, whole, orphan) or 0

    return Connection[SalesActivity].page(items, first, after, count)


def _behind(after: str | None) -> tuple[date, UUID] | None:
    key = key_of(after, str, UUID)
    try:
        return (date.fromisoformat(key[0]), key[1]) if key else None
    except ValueError:
        message = "after is no cursor of this list; use one that came with it."
        raise Refused(RefusalCode.INVALID, message, ["after"]) from None


async def _page(
    context: Context, places: list[UUID], first: int, after: tuple[date, UUID] | None, whole: bool, orphan: bool | None
) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    at = places_of(places, whole)
    for row in await activities.page(context.db, context.viewer, at, first, after, orphan):
        found.setdefault(row["place_id"], []).append(row)
    return found


async def _count(context: Context, places: list[UUID], whole: bool, orphan: bool | None) -> dict[UUID, int]:
    return await activities.counts(context.db, context.viewer, places_of(places, whole), orphan)
