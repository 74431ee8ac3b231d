"""Machines' tokens, as spoken: what they are for and what they open, never their secret."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from server.actions.credentials import CALENDAR
from server.domain.people import Scope
from server.models.database import rows
from server.schema import ids
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.people import Person, person_of

spoken(
    Scope,
    "What a machine's token opens, of what the seats of the machine allow.",
    READ="Read what lies below its seats; every token does.",
    MONEY_READ="Read amounts as well; without it they are null.",
    RESULTS_WRITE="Record results: opportunities of a CRM.",
    MILESTONES_WRITE="Record readings, and achieve milestones with evidence.",
    WEBHOOKS="Keep webhooks.",
)


@strawberry.type(description="A machine's token. Its secret is shown once, when it is made; only its hash is kept.")
class Token:
    """See the description."""

    id: strawberry.ID = strawberry.field(description="Opaque, unique in this deployment, and stable for ever.")
    label: str = strawberry.field(description="What it is for.")
    scopes: list[Scope] = strawberry.field(description="What it opens.")
    created_at: datetime = strawberry.field(description="When it was made.")
    expires_at: datetime = strawberry.field(description="When it ends by itself.")
    ended_at: datetime | None = strawberry.field(description="When it was revoked.")
    person_id: strawberry.Private[UUID]

    @edge("The machine that it acts for: a person of the organization with a seat as partner.")
    async def machine(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.person_id)

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Token":
        """The token of a credential's row."""
        names = ("label", "created_at", "expires_at", "ended_at", "person_id")
        scopes = [Scope(each) for each in row["scopes"]]
        return cls(id=ids.issue("token", row["id"]), scopes=scopes, **{name: row[name] for name in names})


_SELECT = """SELECT id, person_id, label, scopes, created_at, expires_at, ended_at, hash FROM credential
             WHERE organization_id = :organization AND kind = 'TOKEN' AND scopes IS NOT NULL"""


async def tokens_of(context: Context) -> list[Token]:
    """Every token of the viewer's organization, newest first."""
    found = await rows(context.db, f"{_SELECT} ORDER BY id DESC", organization=context.viewer.organization_id)
    return [Token.of(row) for row in found if CALENDAR not in row["scopes"]]


async def token_row(context: Context, token_id: UUID) -> dict[str, Any]:
    """A token that was just made or revoked, its hash included."""
    found = await rows(context.db, f"{_SELECT} AND id = :id", id=token_id, organization=context.viewer.organization_id)
    return found[0]
