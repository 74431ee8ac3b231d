"""Changing quota and incentives, and recording results."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, cast
from uuid import UUID

import strawberry

from server.actions import activity, capacity, results
from server.actions import sales as actions
from server.domain.activity import Activity
from server.domain.capacity import CapacityAmount
from server.domain.months import Month
from server.domain.refusals import invalid
from server.domain.results import Result
from server.domain.sales import ForecastCategory, IncentiveShare, OpportunityState, QuotaAmount, SalesDimension
from server.resolvers.inputs import Changing, Retryable, result
from server.schema import ids
from server.schema.cascade import SalesPlan, node_of
from server.schema.context import Info
from server.schema.refusals import Refusal, change, mutation
from server.schema.sales import RecordedResults
from server.schema.scalars import Currency

MOST_RESULTS = 1_000
Day = date  # a field called `date` would hide its own type


@strawberry.input(description="Quota for one month, of one segment where the plan's quota is cut.")
class QuotaInput:
    """See the description."""

    month: Month = strawberry.field(description="The month.")
    amount: Decimal = strawberry.field(description="In the reporting currency; not below zero.")
    dimension: SalesDimension | None = strawberry.field(
        default=None, description="TERRITORY, PRODUCT, ACCOUNT_GROUP or SELLER: the same for the whole plan."
    )
    segment: str | None = strawberry.field(default=None, description="Which territory, product, group or seller.")


@strawberry.input(description="A sales plan's quota. What is written replaces the months that it names; others stay.")
class SetQuotaInput(Changing):
    """See the description."""

    plan: strawberry.ID = strawberry.field(description="The sales plan; open until DECIDED.")
    quota: list[QuotaInput] = strawberry.field(description="Every line of the months that are replaced.")


@strawberry.input(description="What a seller can be expected to bring in a month.")
class CapacityInput:
    """See the description."""

    seller: str = strawberry.field(description="Who sells, as deals name them.")
    month: Month = strawberry.field(description="The month.")
    amount: Decimal | None = strawberry.field(description="In the reporting currency; null takes away what is known.")


@strawberry.input(description="Capacity of a plan's sellers. The sellers and months named are replaced; others stay.")
class SetCapacityInput(Changing):
    """See the description."""

    plan: strawberry.ID = strawberry.field(description="The sales plan.")
    capacity: list[CapacityInput] = strawberry.field(description="One line for each seller and month.")


@strawberry.input(description="What share of a seller's incentive hangs on what.")
class IncentiveInput:
    """See the description."""

    seller: strawberry.ID = strawberry.field(description="The person; never yourself.")
    name: str = strawberry.field(description="What is rewarded, in words.")
    weight: Decimal = strawberry.field(description="Per cent of the seller's whole incentive, two decimals at most.")
    rewards: strawberry.ID | None = strawberry.field(
        default=None, description="The part of the cascade that it rewards; none: something else."
    )


@strawberry.input(description="A sales plan's incentive measures. They replace those that stand.")
class SetIncentivesInput(Changing):
    """See the description."""

    plan: strawberry.ID = strawberry.field(description="The sales plan; open until DECIDED.")
    incentives: list[IncentiveInput] = strawberry.field(
        description="All of them. One seller's weights add to 100 % at most, over all plans."
    )


@strawberry.input(description="An opportunity as the CRM reports it; (system, externalId) finds it again.")
class ResultInput:
    """See the description."""

    system: str = strawberry.field(description="The CRM.")
    external_id: str = strawberry.field(description="The opportunity's id there.")
    stage: str = strawberry.field(description="Its stage, as the CRM calls it.")
    state: OpportunityState = strawberry.field(description="Open, won or lost.")
    account: str | None = strawberry.field(default=None, description="The customer.")
    account_group: str | None = strawberry.field(default=None, description="The customer's group, such as a sector.")
    product: str | None = strawberry.field(default=None, description="What is sold.")
    product_group: str | None = strawberry.field(default=None, description="The product's group, such as a series.")
    seller: str | None = strawberry.field(default=None, description="Who sells.")
    territory: str | None = strawberry.field(default=None, description="Where.")
    amount: Decimal | None = strawberry.field(default=None, description="What it is worth; a won deal needs it.")
    currency: Currency | None = strawberry.field(default=None, description="Left out: the reporting currency.")
    probability: Decimal | None = strawberry.field(default=None, description="0 to 1, kept to six places.")
    engaged_on: date | None = strawberry.field(default=None, description="When the deal began.")
    closed_on: date | None = strawberry.field(
        default=None, description="When it was won or lost, which such a deal needs; or when it is expected to close."
    )
    forecast_category: ForecastCategory | None = strawberry.field(
        default=None, description="How surely the seller counts on it; left out: unknown."
    )

    def result(self) -> Result:
        """As the law knows it."""
        currency = str(self.currency) if self.currency else None
        return Result(**{**vars(self), "currency": currency})


@strawberry.input(description="Results from a CRM: up to 1,000 at a time.")
class RecordResultsInput(Retryable):
    """See the description."""

    results: list[ResultInput] = strawberry.field(description="The opportunities, each once.")
    plan: strawberry.ID | None = strawberry.field(
        default=None,
        description="The sales plan they count for. Left out: the matching rules say; what no rule takes is "
        "kept as an orphan, and what stands under a plan stays there.",
    )


@strawberry.input(description="A call, a visit, an hour of a seller's time; (system, externalId) finds it again.")
class ActivityInput:
    """See the description."""

    system: str = strawberry.field(description="Where it was logged.")
    external_id: str = strawberry.field(description="Its id there.")
    kind: str = strawberry.field(description="What it was, such as Call or Visit.")
    date: Day = strawberry.field(description="The day it was done; today at the latest.")
    minutes: int | None = strawberry.field(default=None, description="How long it took; left out: nobody noted it.")
    seller: str | None = strawberry.field(default=None, description="Who did it.")
    account: str | None = strawberry.field(default=None, description="The customer.")
    account_group: str | None = strawberry.field(default=None, description="The customer's group.")
    product: str | None = strawberry.field(default=None, description="What it was about.")
    product_group: str | None = strawberry.field(default=None, description="The product's group.")
    territory: str | None = strawberry.field(default=None, description="Where.")


@strawberry.input(description="What sellers spent their time on: up to 1,000 at a time.")
class RecordActivitiesInput(Retryable):
    """See the description."""

    activities: list[ActivityInput] = strawberry.field(description="The activities, each once.")
    plan: strawberry.ID | None = strawberry.field(
        default=None,
        description="The sales plan they were for. Left out: the matching rules say; what no rule takes is kept "
        "without a plan, and what stands under one stays there.",
    )


SetQuotaResult = Annotated[SalesPlan | Refusal, result("SetQuotaResult")]
SetIncentivesResult = Annotated[SalesPlan | Refusal, result("SetIncentivesResult")]
SetCapacityResult = Annotated[SalesPlan | Refusal, result("SetCapacityResult")]
RecordActivitiesResult = Annotated[RecordedResults | Refusal, result("RecordActivitiesResult")]
RecordResultsResult = Annotated[RecordedResults | Refusal, result("RecordResultsResult")]


def quota_amounts(quota: list[QuotaInput]) -> list[QuotaAmount]:
    """Quota as the law knows it."""
    return [QuotaAmount(each.month, each.amount, each.dimension, each.segment) for each in quota]


def shares(incentives: list[IncentiveInput]) -> list[IncentiveShare]:
    """Incentives as the law knows them."""
    return [
        IncentiveShare(
            seller=ids.expect("person", each.seller, "seller"),
            name=each.name,
            weight=each.weight,
            rewards=ids.expect_given("node", each.rewards, "rewards"),
        )
        for each in incentives
    ]


@strawberry.type
class SalesMutation:
    """Changing sales plans and their results."""

    @mutation(
        "Set a sales plan's quota. Never by the seller it is for. A plan is cut by one dimension, or not at all: the "
        "whole of a month is the sum of its segments, so that the two can never disagree."
    )
    async def set_quota(self, info: Info, input: SetQuotaInput) -> SetQuotaResult:  # noqa: A002 — Relay's word
        """See the description."""
        quota = quota_amounts(input.quota)
        plan = ids.expect("node", input.plan, "plan")
        set_quota, key, expected = actions.set_quota, input.idempotency_key, input.expected_revision
        return await change(info, set_quota, sales_plan, key, plan=plan, quota=quota, expected_revision=expected)

    @mutation("Set a sales plan's incentive measures. Never by the seller they are for.")
    async def set_incentives(self, info: Info, input: SetIncentivesInput) -> SetIncentivesResult:  # noqa: A002 — Relay's word
        """See the description."""
        plan = ids.expect("node", input.plan, "plan")
        incentives = shares(input.incentives)
        verb, key, expected = actions.set_incentives, input.idempotency_key, input.expected_revision
        return await change(info, verb, sales_plan, key, plan=plan, incentives=incentives, expected_revision=expected)

    @mutation("Say what a sales plan's sellers can be expected to bring, by month.")
    async def set_capacity(self, info: Info, input: SetCapacityInput) -> SetCapacityResult:  # noqa: A002 — Relay's word
        """See the description."""
        plan = ids.expect("node", input.plan, "plan")
        lines = [CapacityAmount(each.seller, each.month, each.amount) for each in input.capacity]
        verb, key, expected = capacity.set_capacity, input.idempotency_key, input.expected_revision
        return await change(info, verb, sales_plan, key, plan=plan, capacity=lines, expected_revision=expected)

    @mutation("Record opportunities. What is recorded already and differs is changed; what is the same is not touched.")
    async def record_results(self, info: Info, input: RecordResultsInput) -> RecordResultsResult:  # noqa: A002 — Relay's word
        """See the description."""
        plan = ids.expect_given("node", input.plan, "plan")
        if len(input.results) > MOST_RESULTS:
            raise invalid(f"{len(input.results):,} results at once; send at most {MOST_RESULTS:,}.", "results")
        wanted, key = [each.result() for each in input.results], input.idempotency_key
        return await change(info, results.record_results, _recorded, key, plan=plan, results=wanted)

    @mutation("Record what sellers spent their time on. What is the same is not touched.")
    async def record_activities(self, info: Info, input: RecordActivitiesInput) -> RecordActivitiesResult:  # noqa: A002 — Relay's word
        """See the description."""
        plan = ids.expect_given("node", input.plan, "plan")
        if len(input.activities) > MOST_RESULTS:
            raise invalid(f"{len(input.activities):,} activities at once; send at most {MOST_RESULTS:,}.", "activities")
        done, verb = [Activity(**vars(each)) for each in input.activities], activity.record_activities
        return await change(info, verb, _recorded, input.idempotency_key, plan=plan, activities=done)


async def sales_plan(info: Info, plan_id: UUID) -> SalesPlan:
    """A sales plan that was just changed."""
    return cast("SalesPlan", await node_of(info.context, plan_id))


async def _recorded(_info: Info, counts: dict[str, Any]) -> RecordedResults:
    return RecordedResults(**counts)
