"""Opening and closing review cycles."""

from typing import Annotated

import strawberry

from server.actions import cycles as actions
from server.resolvers.inputs import Changing, Retryable, result
from server.schema import ids
from server.schema.context import Info
from server.schema.cycles import ReviewCycle, cycle_of
from server.schema.refusals import Refusal, change, mutation


@strawberry.input(description="The first review cycle, which is opened by hand.")
class OpenCycleInput(Retryable):
    """See the description."""


@strawberry.input(description="A review cycle to close.")
class CloseCycleInput(Changing):
    """See the description."""

    cycle: strawberry.ID = strawberry.field(description="The review cycle.")


OpenCycleResult = Annotated[ReviewCycle | Refusal, result("OpenCycleResult")]
CloseCycleResult = Annotated[ReviewCycle | Refusal, result("CloseCycleResult")]


@strawberry.type
class CycleMutation:
    """Opening and closing review cycles."""

    @mutation("Open the first review cycle: the period of the policy's cadence that contains today.")
    async def open_cycle(self, info: Info, input: OpenCycleInput) -> OpenCycleResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await change(info, actions.open_cycle, cycle_of, input.idempotency_key)

    @mutation("Close a review cycle: lock actuals, keep every figure, return lights to grey, and open the next one.")
    async def close_cycle(self, info: Info, input: CloseCycleInput) -> CloseCycleResult:  # noqa: A002 — Relay's word
        """See the description."""
        cycle = ids.expect("cycle", input.cycle, "cycle")
        close, seen = actions.close_cycle, input.expected_revision
        return await change(info, close, cycle_of, input.idempotency_key, cycle=cycle, expected_revision=seen)
