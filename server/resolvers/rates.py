"""Setting plan rates and actual rates."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from server.actions.actual_rates import set_actual_rate
from server.actions.rates import set_plan_rate
from server.domain.months import Month
from server.resolvers.inputs import Retryable, result
from server.schema.context import Info
from server.schema.organization import Organization
from server.schema.rates import PlanRate, plan_rate_of
from server.schema.refusals import Refusal, change, mutation
from server.schema.scalars import Currency


@strawberry.input(description="What one unit of a currency is planned to cost in the reporting currency.")
class SetPlanRateInput(Retryable):
    """See the description."""

    fiscal_year: int = strawberry.field(description="The fiscal year, named after the calendar year in which it ends.")
    currency: Currency = strawberry.field(description="The currency to convert.")
    rate: Decimal = strawberry.field(description="Above zero, with at most ten decimals.")


@strawberry.input(description="What one unit of a currency really cost in the reporting currency, in a month.")
class SetActualRateInput(Retryable):
    """See the description."""

    month: Month = strawberry.field(description="The month, not in the future.")
    currency: Currency = strawberry.field(description="The currency to convert.")
    rate: Decimal | None = strawberry.field(
        default=None, description="Above zero, with at most ten decimals; null takes the rate away."
    )


SetPlanRateResult = Annotated[PlanRate | Refusal, result("SetPlanRateResult")]
SetActualRateResult = Annotated[Organization | Refusal, result("SetActualRateResult")]


async def _organization(info: Info, _organization_id: UUID) -> Organization:
    return Organization.of(await info.context.organization())


@strawberry.type
class RateMutation:
    """Setting rates."""

    @mutation("Set a plan rate. One that replaces another converts every amount of that year and currency again.")
    async def set_plan_rate(self, info: Info, input: SetPlanRateInput) -> SetPlanRateResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await change(
            info,
            set_plan_rate,
            plan_rate_of,
            input.idempotency_key,
            fiscal_year=input.fiscal_year,
            currency=str(input.currency),
            rate=input.rate,
        )

    @mutation("Set an actual rate, or take it away: what the books hold of that month is converted once more, beside.")
    async def set_actual_rate(self, info: Info, input: SetActualRateInput) -> SetActualRateResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await change(
            info,
            set_actual_rate,
            _organization,
            input.idempotency_key,
            month=input.month,
            currency=str(input.currency),
            rate=input.rate,
        )
