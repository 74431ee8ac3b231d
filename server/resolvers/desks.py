"""Handing over a desk, and looking before at what it would do."""

from datetime import date
from typing import Annotated, Any

import strawberry

from server.actions.desks import check_handover, hand_over_desk, kept_as
from server.actions.standing import refusal
from server.domain.cases import Party
from server.domain.desks import handed_over
from server.domain.refusals import not_found
from server.domain.rights import standing_at
from server.models.desks import desk_of
from server.resolvers.inputs import Retryable, result
from server.schema import ids
from server.schema.context import Context, Info
from server.schema.desks import DeskHandover, handover_shown
from server.schema.fields import edge
from server.schema.people import person_rows
from server.schema.refusals import Refusal, change, mutation


@strawberry.input(description="Whose whole desk goes to whom.")
class HandOverDeskInput(Retryable):
    """See the description."""

    leaver: strawberry.ID = strawberry.field(name="from", description="Whose desk it is.")
    successor: strawberry.ID = strawberry.field(
        name="to", description="Who takes it over: never who hands it over, because nobody seats themselves."
    )
    on: date | None = strawberry.field(
        default=None, description="The first day without the leaver, today or before; default: today."
    )
    reason: str = strawberry.field(description="Why; the ledger keeps it.")


HandOverDeskResult = Annotated[DeskHandover | Refusal, result("HandOverDeskResult")]
From = Annotated[strawberry.ID, strawberry.argument(name="from", description="Whose desk it is.")]
To = Annotated[strawberry.ID, strawberry.argument(name="to", description="Who would take it over.")]


@strawberry.type
class DeskQuery:
    """Looking at a handover before it is done."""

    @edge("What handing a desk over would move, end and keep now; for those who may do it.")
    async def preview_handover(self, info: Info, leaver: From, successor: To) -> DeskHandover:
        """See the description."""
        context = info.context
        viewer, organization = context.viewer, await context.organization()
        if refused := refusal("handOverDesk", standing_at(viewer, frozenset()), organization["name"]):
            raise refused
        today = await context.today()
        leaves, follows = await _party(context, leaver, "from"), await _party(context, successor, "to")
        check_handover(leaves, follows, viewer.person_id, None, today)
        desk = await desk_of(context.db, (organization["id"], organization["name"]), leaves, follows, today)
        return DeskHandover.of(kept_as(desk, handed_over(desk)))


async def _party(context: Context, person: str, field: str) -> Party:
    row = await context.one(person_rows, ids.expect("person", person, field))
    if row is None:
        raise not_found(field)
    return Party(row["id"], row["name"])


@strawberry.type
class DeskMutation:
    """Handing over a desk."""

    @mutation("Hand a leaver's whole desk over in one act; what must not move stays, each with its reason.")
    async def hand_over_desk(self, info: Info, input: HandOverDeskInput) -> HandOverDeskResult:  # noqa: A002 — Relay's word
        """See the description."""
        named: Any = {
            "leaver": ids.expect("person", input.leaver, "from"),
            "successor": ids.expect("person", input.successor, "to"),
            "reason": input.reason,
            "on": input.on,
        }
        return await change(info, hand_over_desk, handover_shown, input.idempotency_key, **named)
