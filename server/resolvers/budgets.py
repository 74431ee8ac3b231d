"""Changing budgets."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from server.actions.budgets import set_budget
from server.resolvers.inputs import Changing, result
from server.schema import ids
from server.schema.cascade import Portfolio, node_of
from server.schema.context import Info
from server.schema.refusals import Refusal, change, mutation


@strawberry.input(description="What a portfolio may spend in a fiscal year.")
class SetBudgetInput(Changing):
    """See the description."""

    portfolio: strawberry.ID = strawberry.field(description="The portfolio.")
    fiscal_year: int = strawberry.field(description="The fiscal year, named after the calendar year in which it ends.")
    amount: Decimal | None = strawberry.field(
        default=None, description="In the reporting currency, zero or more; null takes the budget away."
    )


SetBudgetResult = Annotated[Portfolio | Refusal, result("SetBudgetResult")]


async def _shown(info: Info, node_id: UUID) -> Portfolio:
    found = await node_of(info.context, node_id)
    if not isinstance(found, Portfolio):
        raise TypeError(f"{node_id} is no portfolio after its budget was set")
    return found


@strawberry.type
class BudgetMutation:
    """Changing budgets."""

    @mutation("Set what a portfolio may spend in a fiscal year, or take that away.")
    async def set_budget(self, info: Info, input: SetBudgetInput) -> SetBudgetResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await change(
            info,
            set_budget,
            _shown,
            input.idempotency_key,
            portfolio=ids.expect("node", input.portfolio, "portfolio"),
            fiscal_year=input.fiscal_year,
            amount=input.amount,
            expected_revision=input.expected_revision,
        )
