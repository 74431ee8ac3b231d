"""What waits for the viewer's decision, as spoken."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import strawberry

from server.domain.pending import Pending, if_nothing, ranked, stake_of
from server.domain.people import Role
from server.domain.purposes import Purpose
from server.models.pending import pending
from server.schema.changes import ChangeRequest, change_of
from server.schema.connections import PageInfo, check_first, cursor_of, key_of
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.figures import Figure
from server.schema.gates import Gate, gate_shown
from server.schema.money import priced
from server.schema.people import Person, person_of
from server.schema.submissions import Submission, submission_row


@strawberry.type(description="One decision that waits for the viewer.")
class PendingDecisionEdge:
    """See the description."""

    cursor: str = strawberry.field(description="Its place in the order.")
    role: Role = strawberry.field(description="As what the viewer's vote would count.")
    since: datetime = strawberry.field(description="Since when it waits: when it was submitted.")
    age_days: int = strawberry.field(description="For how many days it has waited, by the organization's calendar.")
    at_stake: Figure = strawberry.field(
        description="The money that waits with it: the measure's size, as money thresholds count it."
    )
    if_nothing_happens: str = strawberry.field(description="What happens if the viewer does nothing, as a sentence.")
    pending: strawberry.Private[Pending]

    @edge("The gate at which it is decided; of a change or a reopening the one whose deciders decide it.")
    async def node(self, info: Info) -> Gate:
        """See the description."""
        return await gate_shown(info.context, self.pending.case.id, self.pending.asked.into)

    @edge("What was submitted to the gate, with its votes so far; null where a change or a reopening is decided.")
    async def submission(self, info: Info) -> Submission | None:
        """See the description."""
        row = await submission_row(info.context, self.pending.submission_id)
        return Submission.of(row) if row and self.pending.asked.purpose is Purpose.GATE else None

    @edge("The change request or reopening that is decided; null where it is a gate.")
    async def change(self, info: Info) -> ChangeRequest | None:
        """See the description."""
        return await change_of(info.context, self.pending.submission_id)

    @edge("In whose place the viewer would vote, where that person lent them the vote; null: their own.")
    async def on_behalf_of(self, info: Info) -> Person | None:
        """See the description."""
        lender = self.pending.capacity.on_behalf_of
        return await person_of(info.context, lender.id) if lender else None

    @classmethod
    def of(cls, found: Pending, stalled_after_days: int) -> "PendingDecisionEdge":
        """A decision that waits."""
        return cls(
            cursor=cursor_of(_key(found)),
            role=found.capacity.role,
            since=found.since,
            age_days=found.age_days,
            at_stake=Figure.of(found.stake),
            if_nothing_happens=if_nothing(found, stalled_after_days),
            pending=found,
        )


@strawberry.type(
    description="What waits for the viewer's vote, oldest and most expensive first: by money at stake × days waited."
)
class PendingDecisionConnection:
    """See the description."""

    edges: list[PendingDecisionEdge] = strawberry.field(description="The decisions of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")
    total_count: int = strawberry.field(description="How many decisions wait in all.")


async def decisions_of(info: Info, first: int, after: str | None) -> PendingDecisionConnection:
    """A page of what waits for the viewer."""
    context, size = info.context, check_first(first)
    behind = key_of(after, int, datetime, UUID)
    every = await context.one(_pending, context.viewer.person_id) or []
    rest = [each for each in every if behind is None or _place(each) > (-behind[0], *behind[1:])]
    stalled = (await context.policy()).cadence.stalled_after_days
    edges = [PendingDecisionEdge.of(each, stalled) for each in rest[:size]]
    page = PageInfo(
        has_next_page=len(rest) > size,
        has_previous_page=behind is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return PendingDecisionConnection(edges=edges, page_info=page, total_count=len(every))


def _key(each: Pending) -> tuple[int, str, str]:
    return each.weight, each.since.isoformat(), str(each.submission_id)


def _place(each: Pending) -> tuple[int, datetime, UUID]:
    return -each.weight, each.since, each.submission_id


async def _pending(context: Context, person_ids: list[UUID]) -> dict[UUID, list[Pending]]:
    """Of the viewer alone: a batch of one."""
    policy, zone = await context.policy(), ZoneInfo((await context.organization())["time_zone"])
    found = await pending(context.db, context.viewer, policy, context.at.astimezone(zone))
    told = [
        replace(each, stake=stake_of(each.case, policy, readable=await priced(context, each.case.id))) for each in found
    ]
    return dict.fromkeys(person_ids, ranked(told))
