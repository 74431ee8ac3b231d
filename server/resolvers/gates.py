"""Changing where a measure stands: submitting, deciding, holding."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import strawberry

from server.actions.gates import retract_submission, submit_gate
from server.actions.holding import cancel_measure, hold_measure, resume_measure
from server.actions.votes import decide_gate
from server.domain.stages import Stage
from server.domain.votes import DecisionOutcome
from server.resolvers.inputs import Changing, result
from server.schema import ids
from server.schema.cascade import Initiative, SalesPlan, measure_of
from server.schema.context import Info
from server.schema.gates import Gate, gate_shown
from server.schema.refusals import Refusal, change, mutation


@strawberry.input(description="A measure to submit to its next gate.")
class SubmitGateInput(Changing):
    """See the description."""

    measure: strawberry.ID = strawberry.field(description="The initiative or sales plan.")
    into: Stage = strawberry.field(description="The stage that the gate leads into: the next one.")
    comment: str | None = strawberry.field(default=None, description="What the deciders should know.")


@strawberry.input(description="A submission to take back, so that its figures can be edited again.")
class RetractSubmissionInput(Changing):
    """See the description."""

    gate: strawberry.ID = strawberry.field(description="The gate.")
    comment: str | None = strawberry.field(default=None, description="Why.")


@strawberry.input(description="One's vote at a gate.")
class DecideGateInput(Changing):
    """See the description."""

    gate: strawberry.ID = strawberry.field(description="The gate.")
    outcome: DecisionOutcome = strawberry.field(description="The vote.")
    comment: str | None = strawberry.field(default=None, description="Why; RECYCLE and CANCEL need it.")
    confirmed: Decimal | None = strawberry.field(
        default=None,
        description="The amount that the controller states, in the reporting currency: needed for the controller's GO "
        "into DECIDED (the validated size) and CLOSED (the value found in the books).",
    )
    checked_against: str | None = strawberry.field(
        default=None,
        description="What the controller checked the amount against: books, contracts, a model. Needed where the "
        "policy documents financial validation, and then with a comment.",
    )
    review_on: date | None = strawberry.field(
        default=None, description="When a HOLD is looked at again: needed for HOLD, and a day to come."
    )


@strawberry.input(description="A measure to put on hold; an initiative's open sales plans go with it.")
class HoldMeasureInput(Changing):
    """See the description."""

    measure: strawberry.ID = strawberry.field(description="The initiative or sales plan.")
    review_on: date = strawberry.field(description="When that is looked at again: a day to come.")
    reason: str = strawberry.field(description="Why.")


@strawberry.input(description="A measure to give up for good; an initiative's open sales plans go with it.")
class CancelMeasureInput(Changing):
    """See the description."""

    measure: strawberry.ID = strawberry.field(description="The initiative or sales plan.")
    reason: str = strawberry.field(description="Why.")


@strawberry.input(description="A measure to take off hold, at the stage it had.")
class ResumeMeasureInput(Changing):
    """See the description."""

    measure: strawberry.ID = strawberry.field(description="The initiative or sales plan.")
    comment: str | None = strawberry.field(default=None, description="What has changed.")


SubmitGateResult = Annotated[Gate | Refusal, result("SubmitGateResult")]
RetractSubmissionResult = Annotated[Gate | Refusal, result("RetractSubmissionResult")]
DecideGateResult = Annotated[Gate | Refusal, result("DecideGateResult")]
_AnyMeasure = Initiative | SalesPlan | Refusal
HoldMeasureResult = Annotated[_AnyMeasure, result("HoldMeasureResult")]
CancelMeasureResult = Annotated[_AnyMeasure, result("CancelMeasureResult")]
ResumeMeasureResult = Annotated[_AnyMeasure, result("ResumeMeasureResult")]


def _at(into: Stage) -> Callable[[Info, UUID], Awaitable[Gate]]:
    """How the gate into a stage is shown after a verb, which answers its measure's id."""

    async def shown(info: Info, measure_id: UUID) -> Gate:
        return await gate_shown(info.context, measure_id, into)

    return shown


async def _shown(info: Info, measure_id: UUID) -> Initiative | SalesPlan:
    measure = await measure_of(info.context, measure_id)
    if isinstance(measure, Initiative | SalesPlan):
        return measure
    raise LookupError(f"no measure {measure_id} after its change")


async def _stand(info: Info, verb: Any, asked: Any, **named: Any) -> Initiative | SalesPlan | Refusal:
    named["measure"] = ids.expect("node", asked.measure, "measure")
    named["expected_revision"] = asked.expected_revision
    return await change(info, verb, _shown, asked.idempotency_key, **named)


@strawberry.type
class GateMutation:
    """Changing where a measure stands."""

    @mutation("Submit a measure to its next gate. Refused with every unmet criterion, or while nobody could decide.")
    async def submit_gate(self, info: Info, input: SubmitGateInput) -> SubmitGateResult:  # noqa: A002 — Relay's word
        """See the description."""
        measure = ids.expect("node", input.measure, "measure")
        return await change(
            info,
            submit_gate,
            _at(input.into),
            input.idempotency_key,
            measure=measure,
            into=input.into,
            comment=input.comment,
            expected_revision=input.expected_revision,
        )

    @mutation("Take an open submission back.")
    async def retract_submission(self, info: Info, input: RetractSubmissionInput) -> RetractSubmissionResult:  # noqa: A002 — Relay's word
        """See the description."""
        measure, into = ids.expect_gate(input.gate)
        return await change(
            info,
            retract_submission,
            _at(into),
            input.idempotency_key,
            measure=measure,
            into=into,
            comment=input.comment,
            expected_revision=input.expected_revision,
        )

    @mutation("Vote at a gate: one person, one vote. The vote that completes the decision moves the measure.")
    async def decide_gate(self, info: Info, input: DecideGateInput) -> DecideGateResult:  # noqa: A002 — Relay's word
        """See the description."""
        measure, into = ids.expect_gate(input.gate)
        return await change(
            info,
            decide_gate,
            _at(into),
            input.idempotency_key,
            measure=measure,
            into=into,
            outcome=input.outcome,
            comment=input.comment,
            confirmed=input.confirmed,
            checked_against=input.checked_against,
            review_on=input.review_on,
            expected_revision=input.expected_revision,
        )

    @mutation("Put a measure on hold.")
    async def hold_measure(self, info: Info, input: HoldMeasureInput) -> HoldMeasureResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _stand(info, hold_measure, input, review_on=input.review_on, reason=input.reason)

    @mutation("Cancel a measure for good.")
    async def cancel_measure(self, info: Info, input: CancelMeasureInput) -> CancelMeasureResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _stand(info, cancel_measure, input, reason=input.reason)

    @mutation("Take a measure off hold.")
    async def resume_measure(self, info: Info, input: ResumeMeasureInput) -> ResumeMeasureResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _stand(info, resume_measure, input, comment=input.comment)
