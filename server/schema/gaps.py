"""Seat gaps, as spoken."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from server.domain.gaps import Gap, gaps, needed
from server.domain.people import Role
from server.domain.refusals import invalid
from server.models.gaps import cover
from server.schema.context import Info
from server.schema.fields import edge
from server.schema.people import Person, person_of

if TYPE_CHECKING:
    from server.schema.cascade import CascadeNode
# The back edge to what imports us.
_CascadeNode = Annotated["CascadeNode", strawberry.lazy("server.schema.cascade")]
FURTHEST = 366  # days
Days = Annotated[int, strawberry.argument(description="How far to look ahead: 1 to 366 days.")]


@strawberry.type(description="A role that has too few people at a node from some day on, told before that day.")
class SeatGap:
    """See the description."""

    role: Role = strawberry.field(description="The role that gates ask for, or as what a measure names somebody.")
    starts: date = strawberry.field(name="from", description="The first day of the gap; today where it is there.")
    sentence: str = strawberry.field(description="What is lacking from when on, and why.")
    measures: int = strawberry.field(description="How many open measures it concerns.")
    place: strawberry.Private[UUID | None]
    person_id: strawberry.Private[UUID | None]

    @edge("Where; null: the whole organization.")
    async def at(self, info: Info) -> _CascadeNode | None:
        """See the description."""
        from server.schema.cascade import node_of  # noqa: PLC0415 — the back edge

        return await node_of(info.context, self.place) if self.place else None

    @edge("Whom the measures name, where it is about a person; null where a role lacks people.")
    async def person(self, info: Info) -> Person | None:
        """See the description."""
        return await person_of(info.context, self.person_id) if self.person_id else None

    @classmethod
    def of(cls, gap: Gap, today: date) -> "SeatGap":
        """A gap of the law."""
        return cls(
            role=gap.role,
            starts=gap.starts,
            sentence=gap.told(today),
            measures=gap.measures,
            place=gap.place,
            person_id=gap.person.id if gap.person else None,
        )


async def gaps_of(info: Info, days: int) -> list[SeatGap]:
    """What gates will lack within so many days, of what the viewer sees, the nearest first."""
    context = info.context
    if not 1 <= days <= FURTHEST:
        raise invalid(f"days is {days}; look 1 to {FURTHEST} days ahead.", "days")
    today, organization = await context.today(), await context.organization()
    covered, seen = await cover(context.db, context.viewer, today, today + timedelta(days=days))
    whole = organization["name"] if context.viewer.sees_all else None
    found = gaps(covered, needed(await context.policy()), whole, seen)
    return [SeatGap.of(gap, today) for gap in found]
