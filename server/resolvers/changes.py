"""Proposing, retracting and deciding changes of decided plans, and reopening closed measures."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from server.actions import changes as actions
from server.actions.reopening import reopen_measure
from server.domain.changes import LineMonths, NewLine, Wanted
from server.domain.milestones import MeasureType
from server.domain.values import MonthAmount, ValueKind
from server.domain.votes import DecisionOutcome
from server.resolvers.inputs import Changing, result
from server.resolvers.milestones import MilestoneFields
from server.resolvers.sales import IncentiveInput, QuotaInput, quota_amounts, shares
from server.resolvers.values import BaselineFields, MonthAmountInput
from server.schema import ids
from server.schema.changes import ChangeRequest, change_shown
from server.schema.context import Info
from server.schema.money import MoneyInput
from server.schema.refusals import Refusal, change, mutation
from server.schema.scalars import Currency


@strawberry.input(description="Months of a value line as they are to be planned; other months stay.")
class LineMonthsInput:
    """See the description."""

    line: strawberry.ID = strawberry.field(description="The value line.")
    months: list[MonthAmountInput] = strawberry.field(description="The running month and later ones.")


@strawberry.input(description="A value line to be added to the plan.")
class NewLineInput(BaselineFields):
    """See the description."""

    kind: ValueKind = strawberry.field(description="What the line is about.")
    name: str = strawberry.field(description="Its name.")
    months: list[MonthAmountInput] = strawberry.field(description="Its plan: the running month and later ones.")
    recurring: bool = strawberry.field(
        default=True, description="Whether it comes back every month; a one-off cost and capex never do."
    )
    currency: Currency | None = strawberry.field(
        default=None, description="The currency of its amounts; left out: the reporting currency."
    )

    def wanted(self) -> NewLine:
        """As the law knows it."""
        currency = str(self.currency) if self.currency else None
        fields = self.fields() | {"name": self.name}
        return NewLine(self.kind, self.recurring, currency, fields, _months(self.months))


@strawberry.input(description="A milestone's due date as it is to be.")
class DueDateInput:
    """See the description."""

    milestone: strawberry.ID = strawberry.field(description="The milestone; not yet achieved.")
    due: date = strawberry.field(description="A day that has not gone by.")


@strawberry.input(description="A milestone to be added to the plan.")
class NewMilestoneInput(MilestoneFields):
    """See the description."""

    name: str = strawberry.field(description="Its name.")
    due: date = strawberry.field(description="When it is due.")
    measure_type: MeasureType = strawberry.field(description="Outcome, output or activity.")

    def wanted(self) -> dict[str, Any]:
        """As the law knows it."""
        return self.fields() | {"name": self.name, "due": self.due, "measureType": self.measure_type}


@strawberry.input(description="A milestone to be taken out of the plan.")
class CancelledMilestoneInput:
    """See the description."""

    milestone: strawberry.ID = strawberry.field(description="The milestone; not yet achieved.")
    reason: str = strawberry.field(description="Why.")


@strawberry.input(
    description="A change of a decided plan, as a difference: what is left out stays. Months that have passed keep "
    "what was planned for them. Until IMPLEMENTED, milestones can change too."
)
class ProposeChangeInput(Changing):
    """See the description."""

    measure: strawberry.ID = strawberry.field(description="The initiative or sales plan: DECIDED or IMPLEMENTED.")
    reason: str = strawberry.field(description="Why the plan is to change.")
    plan: list[LineMonthsInput] = strawberry.field(
        default_factory=list, description="Of an initiative: months of its value lines."
    )
    new_lines: list[NewLineInput] = strawberry.field(
        default_factory=list, description="Of an initiative: value lines to be added."
    )
    estimated_value: MoneyInput | None = strawberry.field(default=None, description="Of an initiative: its estimate.")
    quota: list[QuotaInput] = strawberry.field(
        default_factory=list, description="Of a sales plan: every line of the months that are replaced; others stay."
    )
    incentives: list[IncentiveInput] | None = strawberry.field(
        default=None, description="Of a sales plan: all incentives as they are to be; left out: they stay."
    )
    due_dates: list[DueDateInput] = strawberry.field(default_factory=list, description="Milestones to be moved.")
    new_milestones: list[NewMilestoneInput] = strawberry.field(
        default_factory=list, description="Milestones to be added."
    )
    cancel_milestones: list[CancelledMilestoneInput] = strawberry.field(
        default_factory=list, description="Milestones to be taken out."
    )

    def wanted(self) -> Wanted:
        """As the law knows it. Raises NOT_FOUND for an id that is none."""
        value = self.estimated_value
        return Wanted(
            plan=[LineMonths(ids.expect("line", each.line, "line"), _months(each.months)) for each in self.plan],
            new_lines=[each.wanted() for each in self.new_lines],
            quota=quota_amounts(self.quota),
            incentives=None if self.incentives is None else shares(self.incentives),
            due=[(ids.expect("milestone", each.milestone, "milestone"), each.due) for each in self.due_dates],
            new_milestones=[each.wanted() for each in self.new_milestones],
            cancelled=[
                (ids.expect("milestone", each.milestone, "milestone"), each.reason) for each in self.cancel_milestones
            ],
            estimate=(value.amount, str(value.currency)) if value else None,
        )


@strawberry.input(description="A change request or reopening to take back.")
class RetractChangeInput(Changing):
    """See the description."""

    change: strawberry.ID = strawberry.field(description="The change request.")
    comment: str | None = strawberry.field(default=None, description="Why.")


@strawberry.input(description="One's vote on a change request or a reopening.")
class DecideChangeInput(Changing):
    """See the description."""

    change: strawberry.ID = strawberry.field(description="The change request.")
    outcome: DecisionOutcome = strawberry.field(
        description="GO, RECYCLE or CANCEL, which gives the change up and not the measure. HOLD is refused: a whole "
        "measure is put on hold by holdMeasure."
    )
    comment: str | None = strawberry.field(default=None, description="Why; RECYCLE and CANCEL need it.")
    confirmed: Decimal | None = strawberry.field(
        default=None,
        description="The size of the change that the controller has validated, in the reporting currency: needed for "
        "the controller's GO where the policy demands it at DECIDED.",
    )
    checked_against: str | None = strawberry.field(
        default=None, description="What the controller checked that amount against."
    )


@strawberry.input(
    description="A closed measure to be reopened. Proposing it is the controller's consent; the sponsor decides."
)
class ReopenMeasureInput(Changing):
    """See the description."""

    measure: strawberry.ID = strawberry.field(description="The initiative or sales plan; an initiative comes first.")
    reason: str = strawberry.field(description="Why.")


ProposeChangeResult = Annotated[ChangeRequest | Refusal, result("ProposeChangeResult")]
RetractChangeResult = Annotated[ChangeRequest | Refusal, result("RetractChangeResult")]
DecideChangeResult = Annotated[ChangeRequest | Refusal, result("DecideChangeResult")]
ReopenMeasureResult = Annotated[ChangeRequest | Refusal, result("ReopenMeasureResult")]


def _months(months: list[MonthAmountInput]) -> list[MonthAmount]:
    return [MonthAmount(each.month, each.amount) for each in months]


@strawberry.type
class ChangeMutation:
    """Changing decided plans."""

    @mutation("Propose a difference from a decided plan. Refused with every fault at once, or if nothing would change.")
    async def propose_change(self, info: Info, input: ProposeChangeInput) -> ProposeChangeResult:  # noqa: A002 — Relay's word
        """See the description."""
        measure = ids.expect("node", input.measure, "measure")
        return await change(
            info,
            actions.propose_change,
            change_shown,
            input.idempotency_key,
            measure=measure,
            reason=input.reason,
            wanted=input.wanted(),
            expected_revision=input.expected_revision,
        )

    @mutation("Take an open change request or reopening back.")
    async def retract_change(self, info: Info, input: RetractChangeInput) -> RetractChangeResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await change(
            info,
            actions.retract_change,
            change_shown,
            input.idempotency_key,
            change=ids.expect("submission", input.change, "change"),
            comment=input.comment,
            expected_revision=input.expected_revision,
        )

    @mutation("Vote on a change request or a reopening: one person, one vote. What completes a GO writes it.")
    async def decide_change(self, info: Info, input: DecideChangeInput) -> DecideChangeResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await change(
            info,
            actions.decide_change,
            change_shown,
            input.idempotency_key,
            change=ids.expect("submission", input.change, "change"),
            outcome=input.outcome,
            comment=input.comment,
            confirmed=input.confirmed,
            checked_against=input.checked_against,
            expected_revision=input.expected_revision,
        )

    @mutation("Propose to reopen a closed measure; once the sponsor has agreed, it stands at IMPLEMENTED again.")
    async def reopen_measure(self, info: Info, input: ReopenMeasureInput) -> ReopenMeasureResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await change(
            info,
            reopen_measure,
            change_shown,
            input.idempotency_key,
            measure=ids.expect("node", input.measure, "measure"),
            reason=input.reason,
            expected_revision=input.expected_revision,
        )
