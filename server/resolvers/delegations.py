"""Lending one's vote, and taking it back."""

from datetime import date
from typing import Annotated, Any

import strawberry

from server.actions import delegations as actions
from server.resolvers.inputs import Changing, Retryable, result
from server.schema import ids
from server.schema.context import Info
from server.schema.delegations import Delegation, delegation_shown
from server.schema.refusals import Refusal, change, mutation


@strawberry.input(description="The vote of one's own seat, for another person to cast for a stated time.")
class DelegateVoteInput(Retryable):
    """See the description."""

    seat: strawberry.ID = strawberry.field(description="One's own seat with a vote; one seat's vote is lent once.")
    delegate: strawberry.ID = strawberry.field(description="The person who votes in one's place.")
    starts: date | None = strawberry.field(name="from", default=None, description="The first day; default: today.")
    ends: date = strawberry.field(name="until", description="The last day, within a year.")
    reason: str = strawberry.field(description="Why; both and the ledger keep it.")


@strawberry.input(description="A delegation to end at once.")
class RevokeDelegationInput(Changing):
    """See the description."""

    delegation: strawberry.ID = strawberry.field(description="The delegation.")


DelegateVoteResult = Annotated[Delegation | Refusal, result("DelegateVoteResult")]
RevokeDelegationResult = Annotated[Delegation | Refusal, result("RevokeDelegationResult")]


@strawberry.type
class DelegationMutation:
    """Lending one's vote, and taking it back."""

    @mutation("Lend the vote of one's own seat to another person for a stated time. Nobody lends another's vote.")
    async def delegate_vote(self, info: Info, input: DelegateVoteInput) -> DelegateVoteResult:  # noqa: A002 — Relay's word
        """See the description."""
        named: Any = {
            "seat": ids.expect("seat", input.seat, "seat"),
            "delegate": ids.expect("person", input.delegate, "delegate"),
            **{name: getattr(input, name) for name in ("starts", "ends", "reason")},
        }
        return await change(info, actions.delegate_vote, delegation_shown, input.idempotency_key, **named)

    @mutation("End a delegation at once: who lent the vote takes it back, who borrowed it gives it back.")
    async def revoke_delegation(self, info: Info, input: RevokeDelegationInput) -> RevokeDelegationResult:  # noqa: A002 — Relay's word
        """See the description."""
        named: Any = {
            "delegation": ids.expect("delegation", input.delegation, "delegation"),
            "expected_revision": input.expected_revision,
        }
        return await change(info, actions.revoke_delegation, delegation_shown, input.idempotency_key, **named)
