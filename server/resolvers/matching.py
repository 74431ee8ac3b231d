"""Changing matching rules, applying them, and assigning deals by hand."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from server.actions import assigning, matching
from server.domain.matching import MatchingScope, Traits
from server.domain.refusals import invalid, not_found
from server.resolvers.inputs import Changing, Retryable, optional, result
from server.resolvers.sales import MOST_RESULTS, sales_plan
from server.schema import ids
from server.schema.cascade import SalesPlan, node_of
from server.schema.context import Info
from server.schema.fields import edge
from server.schema.matching import MatchingRule, rule_of
from server.schema.refusals import Refusal, change, given, mutation


@strawberry.input(description="A new matching rule. A property that is left out does not restrict it; one is needed.")
class AddMatchingRuleInput(Retryable):
    """See the description."""

    plan: strawberry.ID = strawberry.field(description="The sales plan that it leads to.")
    position: int | None = strawberry.field(default=None, description="1 is asked first; left out: behind all others.")
    product: str | None = strawberry.field(default=None, description="What is sold.")
    product_group: str | None = strawberry.field(default=None, description="The product's group.")
    territory: str | None = strawberry.field(default=None, description="Where.")
    account: str | None = strawberry.field(default=None, description="The customer.")
    account_group: str | None = strawberry.field(default=None, description="The customer's group.")
    seller: str | None = strawberry.field(default=None, description="Who sells; never yourself.")


@strawberry.input(description="What changes in a matching rule.")
class EditMatchingRuleInput(Changing):
    """See the description."""

    rule: strawberry.ID = strawberry.field(description="The rule.")
    plan: strawberry.ID | None = strawberry.field(default=None, description="Another sales plan that it leads to.")
    product: str | None = optional("What is sold.")
    product_group: str | None = optional("The product's group.")
    territory: str | None = optional("Where.")
    account: str | None = optional("The customer.")
    account_group: str | None = optional("The customer's group.")
    seller: str | None = optional("Who sells; never yourself.")


@strawberry.input(description="A matching rule's new place in the order.")
class MoveMatchingRuleInput(Changing):
    """See the description."""

    rule: strawberry.ID = strawberry.field(description="The rule.")
    position: int = strawberry.field(description="1 is asked first; those between move by one.")


@strawberry.input(description="A matching rule that is no longer wanted.")
class RemoveMatchingRuleInput(Changing):
    """See the description."""

    rule: strawberry.ID = strawberry.field(description="The rule. Deals stay where it has put them.")


@strawberry.input(description="Which deals the rules are to place.")
class ApplyMatchingRulesInput(Retryable):
    """See the description."""

    scope: MatchingScope = strawberry.field(default=MatchingScope.ORPHANS, description="Which deals are looked at.")
    dry_run: bool = strawberry.field(default=False, description="Only count, and change nothing.")


@strawberry.input(description="Deals that somebody places by hand: up to 1,000 at a time.")
class AssignResultsInput(Retryable):
    """See the description."""

    opportunities: list[strawberry.ID] = strawberry.field(description="The deals; never your own.")
    plan: strawberry.ID | None = strawberry.field(
        default=None, description="The sales plan they count for; left out: none, they become orphans."
    )


@strawberry.type(description="How many deals went to one plan.")
class DealsOfPlan:
    """See the description."""

    deals: int = strawberry.field(description="How many.")
    plan_id: strawberry.Private[UUID]

    @edge("The plan.")
    async def plan(self, info: Info) -> SalesPlan | None:
        """See the description."""
        plan = await node_of(info.context, self.plan_id)
        return plan if isinstance(plan, SalesPlan) else None


@strawberry.type(description="What applying the matching rules came to, or would come to.")
class AppliedRules:
    """See the description."""

    dry_run: bool = strawberry.field(description="Whether nothing was changed.")
    looked: int = strawberry.field(description="How many deals were looked at.")
    assigned: int = strawberry.field(description="How many orphans found a plan.")
    moved: int = strawberry.field(description="How many went from one plan to another.")
    released: int = strawberry.field(description="How many became orphans, because no rule takes them any more.")
    left: int = strawberry.field(
        description="How many would go elsewhere and stay: their plan takes no results now, or the viewer sells them."
    )
    by_plan: list[DealsOfPlan] = strawberry.field(description="The plans that get deals, and how many.")


@strawberry.type(description="What became of the deals that were assigned.")
class AssignedResults:
    """See the description."""

    changed: int = strawberry.field(description="How many were put elsewhere.")
    unchanged: int = strawberry.field(description="How many stood there by hand already.")


AddMatchingRuleResult = Annotated[MatchingRule | Refusal, result("AddMatchingRuleResult")]
EditMatchingRuleResult = Annotated[MatchingRule | Refusal, result("EditMatchingRuleResult")]
MoveMatchingRuleResult = Annotated[MatchingRule | Refusal, result("MoveMatchingRuleResult")]
RemoveMatchingRuleResult = Annotated[SalesPlan | Refusal, result("RemoveMatchingRuleResult")]
ApplyMatchingRulesResult = Annotated[AppliedRules | Refusal, result("ApplyMatchingRulesResult")]
AssignResultsResult = Annotated[AssignedResults | Refusal, result("AssignResultsResult")]
_PROPERTIES = ("product", "product_group", "territory", "account", "account_group", "seller")


@strawberry.type
class MatchingMutation:
    """Changing where deals belong."""

    @mutation("Add a matching rule. Deals stay where they are until the rules are applied.")
    async def add_matching_rule(self, info: Info, input: AddMatchingRuleInput) -> AddMatchingRuleResult:  # noqa: A002 — Relay's word
        """See the description."""
        plan, wants = ids.expect("node", input.plan, "plan"), Traits(*(getattr(input, name) for name in _PROPERTIES))
        verb, key = matching.add_matching_rule, input.idempotency_key
        return await change(info, verb, _rule, key, plan=plan, wants=wants, position=input.position)

    @mutation("Change what a matching rule asks for, or the plan that it leads to.")
    async def edit_matching_rule(self, info: Info, input: EditMatchingRuleInput) -> EditMatchingRuleResult:  # noqa: A002 — Relay's word
        """See the description."""
        rule, plan = ids.expect("rule", input.rule, "rule"), ids.expect_given("node", input.plan, "plan")
        fields = given(**{name: getattr(input, name) for name in _PROPERTIES})
        verb, key, expected = matching.edit_matching_rule, input.idempotency_key, input.expected_revision
        return await change(info, verb, _rule, key, rule=rule, fields=fields, plan=plan, expected_revision=expected)

    @mutation("Move a matching rule to another position.")
    async def move_matching_rule(self, info: Info, input: MoveMatchingRuleInput) -> MoveMatchingRuleResult:  # noqa: A002 — Relay's word
        """See the description."""
        rule, place = ids.expect("rule", input.rule, "rule"), input.position
        verb, key, expected = matching.move_matching_rule, input.idempotency_key, input.expected_revision
        return await change(info, verb, _rule, key, rule=rule, position=place, expected_revision=expected)

    @mutation("Remove a matching rule. Answers the plan that it led to.")
    async def remove_matching_rule(self, info: Info, input: RemoveMatchingRuleInput) -> RemoveMatchingRuleResult:  # noqa: A002 — Relay's word
        """See the description."""
        rule = ids.expect("rule", input.rule, "rule")
        verb, key, expected = matching.remove_matching_rule, input.idempotency_key, input.expected_revision
        return await change(info, verb, sales_plan, key, rule=rule, expected_revision=expected)

    @mutation("Put deals where the matching rules say; what was placed by hand stays.")
    async def apply_matching_rules(self, info: Info, input: ApplyMatchingRulesInput) -> ApplyMatchingRulesResult:  # noqa: A002 — Relay's word
        """See the description."""
        verb, key = assigning.apply_matching_rules, input.idempotency_key
        return await change(info, verb, _applied, key, scope=input.scope, dry_run=input.dry_run)

    @mutation("Put deals under a sales plan by hand, or under none.")
    async def assign_results(self, info: Info, input: AssignResultsInput) -> AssignResultsResult:  # noqa: A002 — Relay's word
        """See the description."""
        plan = ids.expect_given("node", input.plan, "plan")
        if not 1 <= len(input.opportunities) <= MOST_RESULTS:
            raise invalid(f"{len(input.opportunities):,} deals; name 1 to {MOST_RESULTS:,} at a time.", "opportunities")
        deals = [ids.expect("opportunity", each, "opportunities") for each in input.opportunities]
        verb, key = assigning.assign_results, input.idempotency_key
        return await change(info, verb, _assigned, key, plan=plan, opportunities=deals)


async def _rule(info: Info, rule_id: UUID) -> MatchingRule:
    rule = await rule_of(info.context, rule_id)
    if rule is None:
        raise not_found("rule")
    return rule


async def _applied(_info: Info, found: dict[str, Any]) -> AppliedRules:
    by_plan = [DealsOfPlan(deals=deals, plan_id=UUID(plan)) for plan, deals in found["by_plan"].items()]
    return AppliedRules(**{**found, "by_plan": by_plan})


async def _assigned(_info: Info, found: dict[str, Any]) -> AssignedResults:
    return AssignedResults(**found)
