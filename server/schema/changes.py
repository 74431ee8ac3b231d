"""Change requests and reopenings, as spoken: what is to differ from a decided plan, and who decides (law §2)."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.changes import Proposal
from server.domain.people import Role
from server.domain.purposes import Purpose
from server.domain.questions import may_ask
from server.domain.refusals import Refused
from server.domain.rights import CHANGE_ACTS
from server.domain.stages import Stage
from server.domain.votes import Capacity, DecisionOutcome
from server.models.submissions import revived, submitted
from server.schema import ids
from server.schema.acts import Permission, permissions
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.figures import FigureInput
from server.schema.money import priced
from server.schema.node import Node
from server.schema.people import Person, person_of
from server.schema.plans import PlanDifference
from server.schema.questions import Question, questions_of
from server.schema.scalars import Revision
from server.schema.submissions import history_of, lent_for, measure_row, submission_row, viewers_capacity, waiting
from server.schema.votes import Decider, Decision

if TYPE_CHECKING:
    from server.schema.cascade import Measure
    from server.schema.gates import Gate
# The back edges to what imports us.
_Measure = Annotated["Measure", strawberry.lazy("server.schema.cascade")]
_Gate = Annotated["Gate", strawberry.lazy("server.schema.gates")]

spoken(
    Purpose,
    "What a decision is asked for.",
    GATE="The passage of a measure into its next stage.",
    CHANGE="A change of a decided plan.",
    REOPENING="A closed measure is to stand at IMPLEMENTED again.",
)


@strawberry.type(
    description="A change of a decided plan, or the reopening of a closed measure, that was asked for. It is decided "
    "by those who decided the plan, by the policy in force when it was proposed."
)
class ChangeRequest(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The measure's revision: every act on the change moves it.")
    purpose: Purpose = strawberry.field(description="CHANGE or REOPENING.")
    reason: str = strawberry.field(description="Why.")
    proposed_at: datetime = strawberry.field(description="When it was proposed.")
    policy_version: int = strawberry.field(description="The policy it is judged by.")
    figures: list[FigureInput] = strawberry.field(
        description="Of a change its size, which money thresholds were compared with: the largest of revenue, other "
        "benefits, cost, quota and estimate, each the sum of the absolute differences. Where it moves planned revenue "
        "or quota, both as they would be."
    )
    decisions: list[Decision] = strawberry.field(description="The votes so far, in order.")
    outcome: DecisionOutcome | None = strawberry.field(
        description="GO: it was written into the plan. RECYCLE, CANCEL, or HOLD where the measure was put on hold: "
        "nothing was. Null while open or if retracted."
    )
    ended_at: datetime | None = strawberry.field(description="When it ended; null while it is open.")
    retracted: bool = strawberry.field(description="Whether it was taken back before it was decided.")
    row: strawberry.Private[dict[str, Any]]

    @classmethod
    def of(cls, row: dict[str, Any], revision: int) -> "ChangeRequest":
        """A change request from the row of its submission, and the revision of its measure."""
        same = ("policy_version", "ended_at", "retracted")
        return cls(
            id=ids.issue("submission", row["id"]),
            revision=Revision(revision),
            purpose=Purpose(row["purpose"]),
            reason=row["comment"] or "",
            proposed_at=row["submitted_at"],
            figures=[FigureInput(name=one["name"], value=one["value"]) for one in row["figures"]],
            decisions=[Decision.of(each) for each in row["decisions"]],
            outcome=DecisionOutcome(row["outcome"]) if row["outcome"] else None,
            row=row,
            **{name: row[name] for name in same},
        )

    @edge("The measure.")
    async def measure(self, info: Info) -> _Measure:
        """See the description."""
        from server.schema.cascade import measure_of  # noqa: PLC0415 — the back edge

        measure = await measure_of(info.context, self.row["node_id"])
        if measure is None:
            raise LookupError(f"no measure {self.row['node_id']} of its change")
        return measure

    @edge("The gate whose deciders decide it, and where they are reminded.")
    async def gate(self, info: Info) -> _Gate:
        """See the description."""
        from server.schema.gates import gate_shown  # noqa: PLC0415 — the back edge

        return await gate_shown(info.context, self.row["node_id"], Stage(self.row["into"]))

    @edge("What is to differ, row by row; of a reopening nothing.")
    async def changes(self, info: Info) -> list[PlanDifference]:
        """See the description."""
        hidden = not await priced(info.context, self.row["node_id"])
        changes = Proposal.of(self.row["proposal"]).changes if self.row["proposal"] else ()
        return [PlanDifference.of(each, hidden=hidden) for each in changes]

    @edge("Who proposed it; they never decide on it. A reopening's controller consents by proposing it.")
    async def proposed_by(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.row["submitted_by_id"])

    @edge("Who decides, as of when it was proposed.")
    async def deciders(self, info: Info) -> list[Decider]:
        """See the description."""
        lent = lent_for(info.context, self.row)
        return [Decider.of(each, lent) for each in revived(self.row["deciders"])]

    @edge("Whose votes are still missing; nobody's once it has ended.")
    async def waiting_on(self, info: Info) -> list[Decider]:
        """See the description."""
        return await waiting(info.context, self.row)

    @edge("What deciders asked, and the answers.")
    async def questions(self, info: Info) -> list[Question]:
        """See the description."""
        return await questions_of(info.context, self.row["id"])

    @edge("As what the viewer's vote would count; null where they may not vote (`acts` says why).")
    async def votes_as(self, info: Info) -> Role | None:
        """See the description."""
        found = await viewers_capacity(info.context, self.row)
        return found.role if isinstance(found, Capacity) else None

    @edge("In whose place the viewer would vote, where that person's vote is lent to them; null: their own.")
    async def votes_for(self, info: Info) -> Person | None:
        """See the description."""
        found = await viewers_capacity(info.context, self.row)
        lender = found.on_behalf_of if isinstance(found, Capacity) else None
        return await person_of(info.context, lender.id) if lender else None

    @edge("What the viewer may do with it, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        context, asked = info.context, submitted(self.row)
        measure = await measure_row(context, self.row["node_id"])
        found = await permissions(info, measure, CHANGE_ACTS) if measure else []
        for permission in found:
            against: Refused | None = None
            if permission.act == "decideChange":
                verdict = await viewers_capacity(context, self.row)
                against = verdict if isinstance(verdict, Refused) else None
            elif permission.act == "askQuestion":
                asking = may_ask(context.viewer.person_id, asked)
                against = None if asking is True else asking
            elif permission.allowed and asked.ended_at is not None:
                permission.allowed, permission.why = False, "It has ended; there is nothing to retract."
                continue
            else:
                continue
            permission.allowed, permission.why = against is None, against.message if against else None
        return found


async def changes_of(context: Context, measure: dict[str, Any]) -> list[ChangeRequest]:
    """The change requests and reopenings of a measure, newest first; none where the viewer knows only its name."""
    if not measure["in_sight"]:
        return []
    every = await history_of(context, measure["id"])
    return [ChangeRequest.of(row, measure["revision"]) for row in every if row["purpose"] != Purpose.GATE]


async def change_of(context: Context, submission_id: UUID) -> ChangeRequest | None:
    """A change request or reopening of a measure that the viewer sees."""
    row = await submission_row(context, submission_id)
    if row is None or row["purpose"] == Purpose.GATE:
        return None
    measure = await measure_row(context, row["node_id"])
    return ChangeRequest.of(row, measure["revision"]) if measure else None


async def change_shown(info: Info, submission_id: UUID) -> ChangeRequest:
    """A change request that the viewer has just acted on."""
    found = await change_of(info.context, submission_id)
    if found is None:
        raise LookupError(f"no change request {submission_id} after an act on it")
    return found
