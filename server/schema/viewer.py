"""The viewer, as spoken: who asks, and what waits for them."""

import strawberry

from server.models.database import rows
from server.schema.calendars import CalendarFeed, feeds_of
from server.schema.connections import After, First
from server.schema.context import Info
from server.schema.decisions import PendingDecisionConnection, decisions_of
from server.schema.delegations import Delegations, delegations_of
from server.schema.fields import edge
from server.schema.organization import Organization
from server.schema.people import SEAT_COLUMNS, Person, Seat, person_of


@strawberry.type(description="Who asks.")
class Viewer:
    """See the description."""

    @edge("The person.")
    async def person(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, info.context.viewer.person_id)

    @edge("Their organization.")
    async def organization(self, info: Info) -> Organization:
        """See the description."""
        return Organization.of(await info.context.organization())

    @edge("Their seats, those that are over or not yet ratified included.")
    async def seats(self, info: Info) -> list[Seat]:
        """See the description."""
        sql = f"SELECT {SEAT_COLUMNS} FROM seat WHERE person_id = :person ORDER BY starts, id"
        return [Seat.of(row) for row in await rows(info.context.db, sql, person=info.context.viewer.person_id)]

    @edge("The votes that they lent to others and borrowed from others.")
    async def delegations(self, info: Info) -> Delegations:
        """See the description."""
        return await delegations_of(info.context, info.context.viewer.person_id)

    @edge("What waits for their vote, lent ones included, without what the separation of duties forbids them.")
    async def decisions(self, info: Info, first: First = 20, after: After = None) -> PendingDecisionConnection:
        """See the description."""
        return await decisions_of(info, first, after)

    @edge("Their calendar feeds, newest first, those that ended included.")
    async def calendar_feeds(self, info: Info) -> list[CalendarFeed]:
        """See the description."""
        return await feeds_of(info.context)
