"""Changing value lines and their months."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import strawberry

from server.actions import corrections
from server.actions import values as actions
from server.domain.months import Month
from server.domain.values import MonthAmount, ValueKind
from server.resolvers.inputs import Changing, Retryable, optional, result
from server.schema import ids
from server.schema.context import Info
from server.schema.refusals import Refusal, change, given, mutation
from server.schema.scalars import Currency
from server.schema.values import ValueLine, line_of


@strawberry.input
class BaselineFields:
    """What was before."""

    baseline: Decimal | None = optional("What was before, in the line's currency.")
    baseline_source: str | None = optional("Where the baseline was taken from.")
    baseline_date: date | None = optional("Of which day the baseline is; not in the future.")

    def fields(self) -> dict[str, Any]:
        """What the caller wrote, under the names that the actions know."""
        return given(baseline=self.baseline, baselineSource=self.baseline_source, baselineDate=self.baseline_date)


@strawberry.input(description="A new line of an initiative's business case, until DECIDED freezes the plan.")
class AddValueLineInput(BaselineFields, Retryable):
    """See the description."""

    initiative: strawberry.ID = strawberry.field(description="The initiative.")
    kind: ValueKind = strawberry.field(description="What the line is about.")
    name: str = strawberry.field(description="Its name.")
    recurring: bool = strawberry.field(
        default=True, description="Whether it comes back every month; a one-off cost and capex never do."
    )
    currency: Currency | None = strawberry.field(
        default=None, description="The currency of its amounts; left out: the reporting currency."
    )


@strawberry.input(description="What to change of a value line: a field left out stays as it is, null clears it.")
class EditValueLineInput(BaselineFields, Changing):
    """See the description."""

    line: strawberry.ID = strawberry.field(description="The value line.")
    name: str | None = optional("Its name.")


@strawberry.input(description="An amount for one month.")
class MonthAmountInput:
    """See the description."""

    month: Month = strawberry.field(description="The month; each at most once.")
    amount: Decimal | None = strawberry.field(
        default=None, description="In the line's currency and no finer than it; null clears the month."
    )


@strawberry.input
class SeriesInput(Changing):
    """What all four series take."""

    line: strawberry.ID = strawberry.field(description="The value line.")
    months: list[MonthAmountInput] = strawberry.field(description="The months to write; others stay as they are.")


@strawberry.input(description="The plan of some months. Open until DECIDED.")
class SetPlanInput(SeriesInput):
    """See the description."""


@strawberry.input(description="The forecast of the current month and later ones. Open from DECIDED on.")
class SetForecastInput(SeriesInput):
    """See the description."""


@strawberry.input(description="The actuals of past months, or of the current one so far.")
class RecordActualInput(SeriesInput):
    """See the description."""


@strawberry.input(
    description="What months really brought or cost, where a controller corrects it: also of months that a closed "
    "review cycle has locked. Each is kept as a correction, for ever."
)
class CorrectActualInput(SeriesInput):
    """See the description."""

    reason: str = strawberry.field(description="Why.")


@strawberry.input(description="What the controller found in the books for past months. Open from IMPLEMENTED on.")
class ConfirmValueInput(SeriesInput):
    """See the description."""


AddValueLineResult = Annotated[ValueLine | Refusal, result("AddValueLineResult")]
EditValueLineResult = Annotated[ValueLine | Refusal, result("EditValueLineResult")]
SetPlanResult = Annotated[ValueLine | Refusal, result("SetPlanResult")]
SetForecastResult = Annotated[ValueLine | Refusal, result("SetForecastResult")]
RecordActualResult = Annotated[ValueLine | Refusal, result("RecordActualResult")]
CorrectActualResult = Annotated[ValueLine | Refusal, result("CorrectActualResult")]
ConfirmValueResult = Annotated[ValueLine | Refusal, result("ConfirmValueResult")]
Verb = Callable[..., Awaitable[UUID]]


async def _write(info: Info, verb: Verb, asked: SeriesInput, **more: str) -> ValueLine | Refusal:
    line = ids.expect("line", asked.line, "line")
    months = [MonthAmount(each.month, each.amount) for each in asked.months]
    expected = asked.expected_revision
    return await change(
        info, verb, line_of, asked.idempotency_key, line=line, months=months, expected_revision=expected, **more
    )


@strawberry.type
class ValueMutation:
    """Changing values."""

    @mutation("Add a line to an initiative's business case.")
    async def add_value_line(self, info: Info, input: AddValueLineInput) -> AddValueLineResult:  # noqa: A002 — Relay's word
        """See the description."""
        initiative = ids.expect("node", input.initiative, "initiative")
        return await change(
            info,
            actions.add_value_line,
            line_of,
            input.idempotency_key,
            initiative=initiative,
            kind=input.kind,
            recurring=input.recurring,
            currency=str(input.currency) if input.currency else None,
            fields=input.fields() | {"name": input.name},
        )

    @mutation("Change a value line's name or baseline.")
    async def edit_value_line(self, info: Info, input: EditValueLineInput) -> EditValueLineResult:  # noqa: A002 — Relay's word
        """See the description."""
        line = ids.expect("line", input.line, "line")
        fields, expected = input.fields() | given(name=input.name), input.expected_revision
        key = input.idempotency_key
        return await change(
            info, actions.edit_value_line, line_of, key, line=line, fields=fields, expected_revision=expected
        )

    @mutation("Write the plan of some months.")
    async def set_plan(self, info: Info, input: SetPlanInput) -> SetPlanResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _write(info, actions.set_plan, input)

    @mutation("Write the forecast of some months.")
    async def set_forecast(self, info: Info, input: SetForecastInput) -> SetForecastResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _write(info, actions.set_forecast, input)

    @mutation("Write the actuals of some months.")
    async def record_actual(self, info: Info, input: RecordActualInput) -> RecordActualResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _write(info, actions.record_actual, input)

    @mutation("Correct the actuals of some months, with a reason.")
    async def correct_actual(self, info: Info, input: CorrectActualInput) -> CorrectActualResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _write(info, corrections.correct_actual, input, reason=input.reason)

    @mutation("Write what the books confirm for some months.")
    async def confirm_value(self, info: Info, input: ConfirmValueInput) -> ConfirmValueResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _write(info, actions.confirm_value, input)
