"""Making and revoking machines' tokens."""

from datetime import date
from typing import Annotated
from uuid import UUID

import strawberry

from server.actions import tokens as actions
from server.actions.credentials import TOKEN, digest, new_secret
from server.domain.people import Scope
from server.resolvers.inputs import Retryable, result
from server.schema import ids
from server.schema.context import Info
from server.schema.refusals import Refusal, change, mutation
from server.schema.tokens import Token, token_row


@strawberry.input(description="A token for a machine.")
class CreateTokenInput(Retryable):
    """See the description."""

    machine: strawberry.ID = strawberry.field(description="Whom it acts for: who holds a seat as partner and no other.")
    label: str = strawberry.field(description="What it is for.")
    scopes: list[Scope] = strawberry.field(description="What it opens, besides READ.")
    ends: date = strawberry.field(description="Its last day, at most 366 days from now.")


@strawberry.input(description="A token to end at once.")
class RevokeTokenInput(Retryable):
    """See the description."""

    token: strawberry.ID = strawberry.field(description="The token.")


@strawberry.type(description="A token that was just made.")
class IssuedToken:
    """See the description."""

    token: Token = strawberry.field(description="The token.")
    secret: str | None = strawberry.field(
        description="What the machine sends as `Authorization: Bearer …`. It is shown this once; a retry gets null."
    )


CreateTokenResult = Annotated[IssuedToken | Refusal, result("CreateTokenResult")]
RevokeTokenResult = Annotated[Token | Refusal, result("RevokeTokenResult")]


@strawberry.type
class TokenMutation:
    """Root fields."""

    @mutation("Make a token for a machine. It does what the machine's seats allow, and of that what its scopes open.")
    async def create_token(self, info: Info, input: CreateTokenInput) -> CreateTokenResult:  # noqa: A002 — Relay's word
        """See the description."""
        secret = new_secret(TOKEN)
        machine = ids.expect("person", input.machine, "machine")

        async def issued(info: Info, token_id: UUID) -> IssuedToken:
            row = await token_row(info.context, token_id)
            return IssuedToken(token=Token.of(row), secret=secret if row["hash"] == digest(secret) else None)

        return await change(
            info,
            actions.create_token,
            issued,
            input.idempotency_key,
            machine=machine,
            label=input.label,
            scopes=input.scopes,
            ends=input.ends,
            token_hash=digest(secret),
        )

    @mutation("End a machine's token at once, and the streams that it opened.")
    async def revoke_token(self, info: Info, input: RevokeTokenInput) -> RevokeTokenResult:  # noqa: A002 — Relay's word
        """See the description."""
        token = ids.expect("token", input.token, "token")
        return await change(info, actions.revoke_token, _shown, input.idempotency_key, token=token)


async def _shown(info: Info, token_id: UUID) -> Token:
    return Token.of(await token_row(info.context, token_id))
