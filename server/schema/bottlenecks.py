"""Bottlenecks, as spoken: what holds up most money right now, and whose it is (law §6)."""

from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import strawberry

from server.domain import bottlenecks as law
from server.domain.bottlenecks import BottleneckKind
from server.domain.money import masked
from server.models.bottlenecks import Seen, bottlenecks
from server.schema import ids
from server.schema.connections import check_first
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.figures import places_of
from server.schema.money import Money
from server.schema.node import Node, find
from server.schema.people import Person, person_of

if TYPE_CHECKING:
    from server.schema.cascade import CascadeNode
# The back edge to what imports us.
_CascadeNode = Annotated["CascadeNode", strawberry.lazy("server.schema.cascade")]

spoken(
    BottleneckKind,
    "What holds things up.",
    DECISION="A submission that waits for votes.",
    MILESTONE="A milestone past its date.",
    INPUT="Forecast, actuals or pipeline that are due and missing.",
)
# kind → kind of the global id of its thing
_THINGS = {
    BottleneckKind.DECISION: "submission",
    BottleneckKind.MILESTONE: "milestone",
    BottleneckKind.INPUT: "finding",
}
Most = Annotated[int, strawberry.argument(description="How many at the most: 1 to 100.")]


@strawberry.type(description="One thing that holds up money: a pending decision, a late milestone or a missing input.")
class Bottleneck:
    """See the description."""

    kind: BottleneckKind = strawberry.field(description="What holds things up.")
    since: date = strawberry.field(description="Since when: submitted, due, or noticed.")
    days: int = strawberry.field(description="For how many days.")
    at_stake: Money | None = strawberry.field(
        description="The money that waits: of a decision the size of its measure, of a milestone the value still to "
        "come of all that wait for it, of input what is assumed meanwhile. Null for viewers who may not read money."
    )
    sentence: str = strawberry.field(
        description="What waits for whom, with how much; without its amounts for viewers who may not read money."
    )
    found: strawberry.Private[law.Bottleneck]

    @edge("The measure that it is on.")
    async def on(self, info: Info) -> _CascadeNode | None:
        """See the description."""
        from server.schema.cascade import node_of  # noqa: PLC0415 — the back edge

        return await node_of(info.context, self.found.node_id)

    @edge("Whose it is: who owes a vote, who is assigned, or who owns the measure.")
    async def people(self, info: Info) -> list[Person]:
        """See the description."""
        return [await person_of(info.context, party.id) for party in self.found.people]

    @edge("The submission, the milestone or the finding.")
    async def thing(self, info: Info) -> Node | None:
        """See the description."""
        return await find(info.context, ids.issue(_THINGS[self.kind], self.found.thing_id))

    @classmethod
    def of(cls, found: law.Bottleneck, today: date, currency: str) -> "Bottleneck":
        """A bottleneck of the law, as the viewer may read it."""
        return cls(
            kind=found.kind,
            since=found.since,
            days=found.days(today),
            at_stake=Money.of(found.units, currency),
            sentence=masked(found.sentence) if found.units is None else found.sentence,
            found=found,
        )


async def bottlenecks_of(info: Info, node_id: UUID | None, first: int) -> list[Bottleneck]:
    """What holds up most money at and below a node, or in the organization (None)."""
    context = info.context
    place, whole = node_id or context.viewer.organization_id, node_id is None
    found = await context.one(_bottlenecks, place, check_first(first), whole) or []
    currency, today = str((await context.organization())["reporting_currency"]), await context.today()
    return [Bottleneck.of(one, today, currency) for one in law.ranked(found, first)]


async def _bottlenecks(
    context: Context, places: list[UUID], first: int, whole: bool
) -> dict[UUID, list[law.Bottleneck]]:
    organization = await context.organization()
    zone, currency = ZoneInfo(organization["time_zone"]), str(organization["reporting_currency"])
    by = Seen(context.viewer, await context.today(), zone, currency, await context.policy())
    return await bottlenecks(context.db, by, places_of(places, whole), first)
