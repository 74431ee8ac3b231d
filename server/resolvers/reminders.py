"""Reminding deciders."""

from typing import Annotated
from uuid import UUID

import strawberry

from server.actions.reminders import remind_deciders
from server.resolvers.inputs import Retryable, result
from server.schema import ids
from server.schema.context import Info
from server.schema.gates import Gate, gate_shown
from server.schema.refusals import Refusal, change, mutation


@strawberry.input(description="The gate whose deciders are to be reminded.")
class RemindDecidersInput(Retryable):
    """See the description."""

    gate: strawberry.ID = strawberry.field(description="The gate; of a change or a reopening the one that decides it.")


RemindDecidersResult = Annotated[Gate | Refusal, result("RemindDecidersResult")]


@strawberry.type
class ReminderMutation:
    """Reminding deciders."""

    @mutation("Remind those who still owe a vote at a gate, at most once a day: a fact that subscribers hear.")
    async def remind_deciders(self, info: Info, input: RemindDecidersInput) -> RemindDecidersResult:  # noqa: A002 — Relay's word
        """See the description."""
        measure, into = ids.expect_gate(input.gate)

        async def shown(info: Info, measure_id: UUID) -> Gate:
            return await gate_shown(info.context, measure_id, into)

        return await change(info, remind_deciders, shown, input.idempotency_key, measure=measure, into=into)
