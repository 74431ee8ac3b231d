"""Changing what nodes are measured by."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import strawberry

from server.actions import indicators as actions
from server.domain.indicators import Direction, IndicatorFigure, IndicatorSource
from server.resolvers.cascade import shown_node
from server.resolvers.inputs import Changing, Retryable, optional, result
from server.schema import ids
from server.schema.cascade import Initiative, Objective, Portfolio, Program, SalesPlan
from server.schema.context import Info
from server.schema.indicators import Indicator, indicator_of
from server.schema.refusals import Refusal, change, given, mutation

Day = date  # a field called `date` would hide its own type


@strawberry.input
class IndicatorFields:
    """What an indicator is made of."""

    description: str | None = optional("What it is about.")
    unit: str | None = optional("In which unit; a currency for amounts of money. The roll-up's own where it is read.")
    start: Decimal | None = optional("Where it stands.")
    start_date: date | None = optional("When it stands there; of a roll-up figure: its first month lies here.")
    target: Decimal | None = optional("What it shall reach, or keep to; left out: unknown.")
    target_date: date | None = optional("By when; of a roll-up figure: its last month lies here.")
    source: IndicatorSource | None = optional("Where its readings come from; by default people record them.")
    figure: IndicatorFigure | None = optional("With the source ROLL_UP: which figure is read.")
    decides: bool | None = optional("Whether the verdict on its objective rests on it.")

    def fields(self) -> dict[str, Any]:
        """What the caller wrote, under the names that the actions know."""
        return given(
            description=self.description,
            unit=self.unit,
            start=self.start,
            startDate=self.start_date,
            target=self.target,
            targetDate=self.target_date,
            source=self.source,
            figure=self.figure,
            decides=self.decides,
        )


@strawberry.input(description="A new indicator of a node.")
class AddIndicatorInput(IndicatorFields, Retryable):
    """See the description."""

    under: strawberry.ID = strawberry.field(description="The node that it measures.")
    name: str = strawberry.field(description="Its name.")
    direction: Direction = strawberry.field(description="Which readings are good ones.")


@strawberry.input(description="What to change of an indicator: a field left out stays as it is, null clears it.")
class EditIndicatorInput(IndicatorFields, Changing):
    """See the description."""

    indicator: strawberry.ID = strawberry.field(description="The indicator.")
    name: str | None = optional("Its name.")
    direction: Direction | None = optional("Which readings are good ones.")


@strawberry.input(description="An indicator to remove.")
class RemoveIndicatorInput(Changing):
    """See the description."""

    indicator: strawberry.ID = strawberry.field(description="The indicator.")


@strawberry.input(description="A point of the path to target.")
class PathPointInput:
    """See the description."""

    date: Day = strawberry.field(description="The day.")
    target: Decimal = strawberry.field(description="What shall be reached by then.")


@strawberry.input(description="The path to an indicator's target.")
class SetIndicatorPathInput(Changing):
    """See the description."""

    indicator: strawberry.ID = strawberry.field(description="The indicator.")
    points: list[PathPointInput] = strawberry.field(
        description="All points of the path, in place of those before; none: a straight line from start to target."
    )


@strawberry.input(description="What was read on a day, in place of what was recorded for it before.")
class RecordIndicatorInput(Changing):
    """See the description."""

    indicator: strawberry.ID = strawberry.field(description="The indicator.")
    date: Day = strawberry.field(description="Of which day it is; not in the future.")
    actual: Decimal | None = strawberry.field(description="What was read; null takes back what was recorded.")
    note: str | None = strawberry.field(default=None, description="What else there is to say.")


AddIndicatorResult = Annotated[Indicator | Refusal, result("AddIndicatorResult")]
EditIndicatorResult = Annotated[Indicator | Refusal, result("EditIndicatorResult")]
RemoveIndicatorResult = Annotated[
    Objective | Portfolio | Program | Initiative | SalesPlan | Refusal, result("RemoveIndicatorResult")
]
SetIndicatorPathResult = Annotated[Indicator | Refusal, result("SetIndicatorPathResult")]
RecordIndicatorResult = Annotated[Indicator | Refusal, result("RecordIndicatorResult")]


def _which(asked: Any) -> dict[str, Any]:
    indicator = ids.expect("indicator", asked.indicator, "indicator")
    return {"indicator": indicator, "expected_revision": asked.expected_revision}


@strawberry.type
class IndicatorMutation:
    """Changing indicators."""

    @mutation("Add an indicator to a node: a metric with its path to target.")
    async def add_indicator(self, info: Info, input: AddIndicatorInput) -> AddIndicatorResult:  # noqa: A002 — Relay's word
        """See the description."""
        under = ids.expect("node", input.under, "under")
        fields = input.fields() | {"name": input.name, "direction": input.direction}
        add = actions.add_indicator
        return await change(info, add, indicator_of, input.idempotency_key, under=under, fields=fields)

    @mutation("Change fields of an indicator.")
    async def edit_indicator(self, info: Info, input: EditIndicatorInput) -> EditIndicatorResult:  # noqa: A002 — Relay's word
        """See the description."""
        fields = input.fields() | given(name=input.name, direction=input.direction)
        named = _which(input) | {"fields": fields}
        return await change(info, actions.edit_indicator, indicator_of, input.idempotency_key, **named)

    @mutation("Take an indicator off its node, with its path and readings; the ledger keeps them.")
    async def remove_indicator(self, info: Info, input: RemoveIndicatorInput) -> RemoveIndicatorResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await change(info, actions.remove_indicator, shown_node, input.idempotency_key, **_which(input))

    @mutation("Say what an indicator shall reach by when on the way to its target.")
    async def set_indicator_path(self, info: Info, input: SetIndicatorPathInput) -> SetIndicatorPathResult:  # noqa: A002 — Relay's word
        """See the description."""
        named = _which(input) | {"points": [(each.date, each.target) for each in input.points]}
        return await change(info, actions.set_indicator_path, indicator_of, input.idempotency_key, **named)

    @mutation("Record what was read of an indicator on a day.")
    async def record_indicator(self, info: Info, input: RecordIndicatorInput) -> RecordIndicatorResult:  # noqa: A002 — Relay's word
        """See the description."""
        named = _which(input) | {"on": input.date, "actual": input.actual, "note": input.note}
        return await change(info, actions.record_indicator, indicator_of, input.idempotency_key, **named)
