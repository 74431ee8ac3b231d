"""Making and revoking calendar feeds."""

from typing import Annotated
from uuid import UUID

import strawberry

from server.actions import calendars as actions
from server.actions.credentials import digest, new_secret
from server.resolvers.inputs import Retryable, result
from server.schema import ids
from server.schema.calendars import CalendarFeed, feed_row
from server.schema.context import Info
from server.schema.refusals import Refusal, change, mutation


@strawberry.input(description="A calendar feed of one's own.")
class CreateCalendarFeedInput(Retryable):
    """See the description."""

    label: str = strawberry.field(description="What it is for, such as the calendar that reads it.")


@strawberry.input(description="A calendar feed to end at once.")
class RevokeCalendarFeedInput(Retryable):
    """See the description."""

    feed: strawberry.ID = strawberry.field(description="The feed.")


@strawberry.type(description="A calendar feed that was just made.")
class IssuedCalendarFeed:
    """See the description."""

    feed: CalendarFeed = strawberry.field(description="The feed.")
    href: str | None = strawberry.field(
        description="Where the calendar program finds it, on this server; with `?mine=1` only what names the viewer. "
        "It holds the secret and is shown this once; a retry gets null."
    )


CreateCalendarFeedResult = Annotated[IssuedCalendarFeed | Refusal, result("CreateCalendarFeedResult")]
RevokeCalendarFeedResult = Annotated[CalendarFeed | Refusal, result("RevokeCalendarFeedResult")]


@strawberry.type
class CalendarMutation:
    """Root fields."""

    @mutation("Make a secret address at which a calendar program finds what the viewer sees: no amounts, no sign-in.")
    async def create_calendar_feed(self, info: Info, input: CreateCalendarFeedInput) -> CreateCalendarFeedResult:  # noqa: A002 — Relay's word
        """See the description."""
        secret = new_secret("CALENDAR")

        async def issued(info: Info, feed_id: UUID) -> IssuedCalendarFeed:
            row = await feed_row(info.context, feed_id)
            href = f"/calendar/{secret}.ics" if row["hash"] == digest(secret) else None
            return IssuedCalendarFeed(feed=CalendarFeed.of(row), href=href)

        key, hashed = input.idempotency_key, digest(secret)
        return await change(info, actions.create_calendar_feed, issued, key, label=input.label, token_hash=hashed)

    @mutation("End a calendar feed of one's own at once.")
    async def revoke_calendar_feed(self, info: Info, input: RevokeCalendarFeedInput) -> RevokeCalendarFeedResult:  # noqa: A002 — Relay's word
        """See the description."""
        feed = ids.expect("feed", input.feed, "feed")
        return await change(info, actions.revoke_calendar_feed, _shown, input.idempotency_key, feed=feed)


async def _shown(info: Info, feed_id: UUID) -> CalendarFeed:
    return CalendarFeed.of(await feed_row(info.context, feed_id))
