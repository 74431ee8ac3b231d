"""Calendar feeds, as spoken: what they are for, never their secret."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from server.actions.credentials import CALENDAR
from server.models.database import rows
from server.schema import ids
from server.schema.context import Context


@strawberry.type(
    description="A secret address at which a calendar program finds reviews, gates and milestones of one person."
)
class CalendarFeed:
    """See the description."""

    id: strawberry.ID = strawberry.field(description="Opaque, unique in this deployment, and stable for ever.")
    label: str = strawberry.field(description="What it is for.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="When it ends by itself.")
    ended_at: datetime | None = strawberry.field(description="When it was revoked.")

    @classmethod
    def of(cls, row: dict[str, Any]) -> "CalendarFeed":
        """The feed of a credential's row."""
        names = ("label", "created_at", "expires_at", "ended_at")
        return cls(id=ids.issue("feed", row["id"]), **{name: row[name] for name in names})


_SELECT = """SELECT id, label, scopes, created_at, expires_at, ended_at, hash FROM credential
             WHERE person_id = :person AND kind = 'TOKEN' AND scopes IS NOT NULL"""


async def feeds_of(context: Context) -> list[CalendarFeed]:
    """The viewer's own feeds, newest first."""
    found = await rows(context.db, f"{_SELECT} ORDER BY id DESC", person=context.viewer.person_id)
    return [CalendarFeed.of(row) for row in found if CALENDAR in row["scopes"]]


async def feed_row(context: Context, feed_id: UUID) -> dict[str, Any]:
    """A feed of the viewer's own that was just made or revoked, its hash included."""
    return (await rows(context.db, f"{_SELECT} AND id = :id", person=context.viewer.person_id, id=feed_id))[0]
