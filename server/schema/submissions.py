"""Submissions, as spoken, and what is asked of them: whom they wait for, and as what the viewer would vote."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from server.domain.cases import Case, Party
from server.domain.changes import Proposal, with_sellers
from server.domain.delegation import Loan
from server.domain.purposes import Purpose
from server.domain.questions import may_ask
from server.domain.refusals import Refused
from server.domain.stages import Stage
from server.domain.votes import Capacity, DecisionOutcome, capacity, stand_ins, waiting_on
from server.models.cases import cases
from server.models.submissions import revived, submissions, submitted, unpriced
from server.schema import ids
from server.schema.acts import Permission
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.figures import FigureInput
from server.schema.money import priced
from server.schema.node import Node, resolves
from server.schema.people import Person, person_of
from server.schema.questions import Question, questions_of
from server.schema.votes import CriterionResult, Decider, Decision, Lent

Row = dict[str, Any]


@strawberry.type(
    description="One passage asked for, with what was true then: later changes of seats or policy do not alter it."
)
class Submission(Node):
    """See the description."""

    into: Stage = strawberry.field(description="The stage it asks for.")
    submitted_at: datetime = strawberry.field(description="When it was submitted.")
    comment: str | None = strawberry.field(description="What the submitter said.")
    policy_version: int = strawberry.field(description="The policy it is judged by.")
    criteria: list[CriterionResult] = strawberry.field(description="The criteria as they stood then.")
    figures: list[FigureInput] = strawberry.field(
        description="The figures that were handed in, frozen while it is open, and the evidence that there was."
    )
    decisions: list[Decision] = strawberry.field(description="The votes so far, in order.")
    outcome: DecisionOutcome | None = strawberry.field(description="What it came to; null while open or if retracted.")
    ended_at: datetime | None = strawberry.field(description="When it ended; null while it is open.")
    retracted: bool = strawberry.field(description="Whether it was taken back before it was decided.")
    row: strawberry.Private[Row]

    @edge("Who submitted it; they never decide on it.")
    async def submitted_by(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.row["submitted_by_id"])

    @edge("Who decides, as of when it was submitted.")
    async def deciders(self, info: Info) -> list[Decider]:
        """See the description."""
        lent = lent_for(info.context, self.row)
        return [Decider.of(each, lent) for each in revived(self.row["deciders"])]

    @edge("What deciders asked, and the answers.")
    async def questions(self, info: Info) -> list[Question]:
        """See the description."""
        return await questions_of(info.context, self.row["id"])

    @edge("What the viewer may do with it, and why not; the vote itself stands at the gate.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        asking = may_ask(info.context.viewer.person_id, submitted(self.row))
        return [Permission(act="askQuestion", allowed=asking is True, why=None if asking is True else asking.message)]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Submission":
        """A submission from its row and its decisions'."""
        same = ("submitted_at", "comment", "policy_version", "ended_at", "retracted")
        return cls(
            id=ids.issue("submission", row["id"]),
            into=Stage(row["into"]),
            criteria=CriterionResult.all_of(row["criteria"]),
            figures=[FigureInput(name=one["name"], value=one["value"]) for one in row["figures"]],
            decisions=[Decision.of(each) for each in row["decisions"]],
            outcome=DecisionOutcome(row["outcome"]) if row["outcome"] else None,
            row=row,
            **{name: row[name] for name in same},
        )


async def waiting(context: Context, row: Row) -> list[Decider]:
    """Whose votes on a submission are still missing; nobody's once it has ended."""
    asked = submitted(row)
    if asked.ended_at is not None:
        return []

    lent = lent_for(context, row)
    return [Decider.of(each, lent) for each in waiting_on(asked.votes, asked.deciders)]


def lent_for(context: Context, row: Row) -> Lent:
    """Finds out, when asked, who may vote on a submission in the place of others now."""

    async def lent() -> tuple[Loan, ...]:
        return stand_ins(await _case(context, row), submitted(row))

    return lent


async def viewers_capacity(context: Context, row: Row) -> Capacity | Refused:
    """As what the viewer would vote on a submission, or what stands against it."""
    viewer = context.viewer
    return capacity(Party(viewer.person_id, viewer.name), await _case(context, row), submitted(row))


async def _case(context: Context, row: Row) -> Case:
    case = await case_of(context, row["node_id"])
    return with_sellers(case, Proposal.of(row["proposal"]).changes if row["proposal"] else ())


async def case_of(context: Context, node_id: UUID) -> Case:
    """The case of a measure, as its gates see it today."""
    case = await context.one(_cases, node_id)
    if case is None:
        raise LookupError(f"no case of measure {node_id}")
    return case


async def history_of(context: Context, node_id: UUID) -> list[Row]:
    """Every submission of a measure, of whatever purpose, newest first; without amounts that are not to be read."""
    return await context.one(_histories, node_id) or []


async def submission_row(context: Context, submission_id: UUID) -> Row | None:
    """A submission by its id, whether or not the viewer sees its measure."""
    return await context.one(_submission_rows, submission_id)


async def _cases(context: Context, node_ids: list[UUID]) -> dict[UUID, Case]:
    return await cases(context.db, context.viewer.organization_id, node_ids, await context.today())


async def _histories(context: Context, node_ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in await submissions(context.db, context.viewer.organization_id, node_ids, lent_on=await context.today()):
        found[row["node_id"]].append(await _readable(context, row))
    return found


async def _readable(context: Context, row: dict[str, Any]) -> dict[str, Any]:
    return row if await priced(context, row["node_id"]) else unpriced(row)


async def _submission_rows(context: Context, submission_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    organization = context.viewer.organization_id
    today = await context.today()
    found = await submissions(context.db, organization, submission_ids, column="id", lent_on=today)
    return {row["id"]: await _readable(context, row) for row in found}


async def measure_row(context: Context, node_id: UUID) -> Row | None:
    """The row of a measure that the viewer sees, and not only knows by name."""
    from server.schema.cascade import measure_of  # noqa: PLC0415 — the back edge

    measure = await measure_of(context, node_id)
    return measure.row if measure and measure.row["in_sight"] else None


@resolves("submission")
async def _submission(context: Context, submission_id: UUID, _extra: bytes) -> Node | None:
    from server.schema.changes import change_of  # noqa: PLC0415 — the back edge

    row = await submission_row(context, submission_id)
    if row is None or row["purpose"] != Purpose.GATE:
        return await change_of(context, submission_id)
    return Submission.of(row) if await measure_row(context, row["node_id"]) else None
