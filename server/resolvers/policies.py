"""Drafting, proposing and ratifying the policy."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from server.actions import policies as actions
from server.actions.standing import refusal
from server.domain.refusals import invalid
from server.domain.rights import standing_at
from server.exchange.policy_reading import document_of
from server.exchange.policy_templates import PolicyTemplate, template
from server.resolvers.inputs import Changing, result
from server.schema import ids
from server.schema.context import Info
from server.schema.organization import Organization
from server.schema.policies import Policy, policy_shown
from server.schema.refusals import Refusal, change, mutation


@strawberry.input(
    description="What the draft shall be: one of a YAML file, a ready policy or an earlier version; of none, a copy of "
    "the one in force. Where there is no draft, the next version begins as one."
)
class EditPolicyDraftInput(Changing):
    """See the description."""

    yaml: str | None = strawberry.field(
        default=None, description="The whole policy as its YAML file; every mistake is told with its line."
    )
    template: PolicyTemplate | None = strawberry.field(default=None, description="A policy that ships ready.")
    based_on: strawberry.ID | None = strawberry.field(default=None, description="Another version, to copy.")


@strawberry.input(description="A draft that the executives are to ratify.")
class ProposePolicyInput(Changing):
    """See the description."""

    policy: strawberry.ID = strawberry.field(description="The draft.")


@strawberry.input(description="A proposed policy to take back, so that it can be edited.")
class WithdrawPolicyInput(Changing):
    """See the description."""

    policy: strawberry.ID = strawberry.field(description="The proposed version.")


@strawberry.input(description="A proposed policy to send back to its draft.")
class DeclinePolicyInput(Changing):
    """See the description."""

    policy: strawberry.ID = strawberry.field(description="The proposed version.")
    comment: str = strawberry.field(description="Why; who drafted it reads this.")


@strawberry.input(description="A draft to throw away.")
class DiscardPolicyDraftInput(Changing):
    """See the description."""

    policy: strawberry.ID = strawberry.field(description="The draft.")


@strawberry.input(description="A proposed policy that shall be in force.")
class RatifyPolicyInput(Changing):
    """See the description."""

    policy: strawberry.ID = strawberry.field(description="The proposed version.")


EditPolicyDraftResult = Annotated[Policy | Refusal, result("EditPolicyDraftResult")]
ProposePolicyResult = Annotated[Policy | Refusal, result("ProposePolicyResult")]
WithdrawPolicyResult = Annotated[Policy | Refusal, result("WithdrawPolicyResult")]
DeclinePolicyResult = Annotated[Policy | Refusal, result("DeclinePolicyResult")]
DiscardPolicyDraftResult = Annotated[Organization | Refusal, result("DiscardPolicyDraftResult")]
RatifyPolicyResult = Annotated[Policy | Refusal, result("RatifyPolicyResult")]


async def _on_policy(info: Info, verb: Any, asked: Any, **named: Any) -> Policy:
    policy = ids.expect("policy", asked.policy, "policy")
    named |= {"policy": policy, "expected_revision": asked.expected_revision}
    return await change(info, verb, policy_shown, asked.idempotency_key, **named)


async def _without_draft(info: Info, _policy: UUID) -> Organization:
    return Organization.of(await info.context.organization())


@strawberry.type
class PolicyMutation:
    """Drafting, proposing and ratifying the policy."""

    @mutation(
        "Replace the draft of the policy by a whole one, or begin it; a portfolio lead does. It may still have faults."
    )
    async def edit_policy_draft(self, info: Info, input: EditPolicyDraftInput) -> EditPolicyDraftResult:  # noqa: A002 — Relay's word
        """See the description."""
        given = [name for name in ("yaml", "template", "based_on") if getattr(input, name) is not None]
        if len(given) > 1:
            raise invalid("A draft is made of one thing: give `yaml`, `template` or `basedOn`.", "yaml")
        if refused := refusal("editPolicyDraft", standing_at(info.context.viewer, frozenset()), "The policy"):
            raise refused  # before a long file is read for nothing
        written = template(input.template) if input.template else input.yaml
        named: Any = {
            "document": None if written is None else document_of(written),
            "based_on": ids.expect_given("policy", input.based_on, "basedOn"),
            "expected_revision": input.expected_revision,
        }
        return await change(info, actions.edit_policy_draft, policy_shown, input.idempotency_key, **named)

    @mutation("Hand the draft to the executives; a portfolio lead does.")
    async def propose_policy(self, info: Info, input: ProposePolicyInput) -> ProposePolicyResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _on_policy(info, actions.propose_policy, input)

    @mutation("Take a proposed policy back, so that it can be edited; a portfolio lead does.")
    async def withdraw_policy(self, info: Info, input: WithdrawPolicyInput) -> WithdrawPolicyResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _on_policy(info, actions.withdraw_policy, input)

    @mutation("Send a proposed policy back to its draft, with a comment; an executive does.")
    async def decline_policy(self, info: Info, input: DeclinePolicyInput) -> DeclinePolicyResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _on_policy(info, actions.decline_policy, input, comment=input.comment)

    @mutation("Throw the draft of the policy away; a portfolio lead does. The ledger keeps what it said.")
    async def discard_policy_draft(self, info: Info, input: DiscardPolicyDraftInput) -> DiscardPolicyDraftResult:  # noqa: A002 — Relay's word
        """See the description."""
        named: Any = {"policy": ids.expect("policy", input.policy, "policy")}
        named |= {"expected_revision": input.expected_revision}
        return await change(info, actions.discard_policy_draft, _without_draft, input.idempotency_key, **named)

    @mutation("Put a proposed policy in force; an executive does, who neither drafted nor proposed it.")
    async def ratify_policy(self, info: Info, input: RatifyPolicyInput) -> RatifyPolicyResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _on_policy(info, actions.ratify_policy, input)
