"""Gates, as spoken: readiness, submissions and decisions. What is shown is what `submitGate` goes by."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain import gates as law
from server.domain.cases import Case, Party
from server.domain.delegation import Loan
from server.domain.money import masked
from server.domain.people import NOBODY, Role
from server.domain.purposes import Purpose
from server.domain.refusals import Refused
from server.domain.stages import STAGES, Stage
from server.domain.votes import Capacity, DecisionOutcome, Submitted, capacity, stand_ins, waiting_on
from server.domain.votes import Decider as Deciding
from server.models.cases import cases, holders
from server.models.delegations import loans
from server.models.submissions import submissions, submitted, unpriced
from server.schema import ids
from server.schema.acts import Permission, permissions
from server.schema.context import Context, Info
from server.schema.delegations import Delegate
from server.schema.fields import edge, spoken
from server.schema.figures import FigureInput
from server.schema.money import Money, priced, told
from server.schema.node import Node, resolves
from server.schema.people import Person, person_of
from server.schema.scalars import Revision

if TYPE_CHECKING:
    from server.schema.cascade import Measure
# The back edges to what imports us.
_Measure = Annotated["Measure", strawberry.lazy("server.schema.cascade")]
Lent = Callable[[], Awaitable[tuple[Loan, ...]]]
_ACTS = ("submitGate", "retractSubmission", "decideGate")

spoken(
    DecisionOutcome,
    "How a decider votes.",
    GO="Pass. The measure moves once every required role, and the quorum, has voted so.",
    RECYCLE="Back to the submitter, with a comment; the first such vote ends the submission.",
    HOLD="Put the measure on hold until a review date; the first such vote ends the submission.",
    CANCEL="Give the measure up, with a comment; the first such vote ends the submission.",
)


@strawberry.type(description="One entry criterion of a gate, met or not.")
class CriterionResult:
    """See the description."""

    code: str = strawberry.field(description="Which criterion, as in the policy: BASELINE, OUTCOME_MILESTONE …")
    met: bool = strawberry.field(description="Whether it is met.")
    sentence: str = strawberry.field(description="Why, with the figure; where it is not met, what to do next.")

    @classmethod
    def all_of(cls, kept: Iterable[dict[str, Any]]) -> list["CriterionResult"]:
        """The results of a snapshot."""
        return [cls(code=one["code"], met=one["met"], sentence=one["sentence"]) for one in kept]


@strawberry.type(description="A role that decides at a gate, and who may vote in it.")
class Decider:
    """See the description."""

    role: Role = strawberry.field(description="The role.")
    needed: int = strawberry.field(description="How many of its people must vote.")
    states_amount: bool = strawberry.field(
        description="Whether a GO in this role states the amount: the controller's, where finance validates."
    )
    documented: bool = strawberry.field(
        description="Whether that GO also says what the amount was checked against, and needs a comment."
    )
    person_ids: strawberry.Private[list[UUID]]
    lent: strawberry.Private[Lent]

    @edge("Who may vote as this: never the owner or the submitter, and nobody on their own quota.")
    async def people(self, info: Info) -> list[Person]:
        """See the description."""
        return [await person_of(info.context, person_id) for person_id in self.person_ids]

    @edge("Who may vote in the place of one of these people now, by a delegation that is in force today.")
    async def delegates(self) -> list[Delegate]:
        """See the description."""
        return [
            Delegate.of(loan)
            for loan in await self.lent()
            if loan.role is self.role and loan.lender.id in self.person_ids
        ]

    @classmethod
    def of(cls, decider: Deciding, lent: Lent) -> "Decider":
        """A decider of the law; `lent` finds out who stands in at its gate."""
        return cls(
            role=decider.role,
            needed=decider.needed,
            states_amount=decider.states_amount,
            documented=decider.documented,
            person_ids=[party.id for party in decider.people],
            lent=lent,
        )


@strawberry.type(description="How a measure stands before a gate, before anybody submits it.")
class GateReadiness:
    """See the description."""

    ready: bool = strawberry.field(
        description="Whether it could be submitted: it is the next gate, all criteria are met, all votes can be had."
    )
    criteria: list[CriterionResult] = strawberry.field(description="Each entry criterion, and why it is met or not.")
    deciders: list[Decider] = strawberry.field(description="Who would decide.")
    freezes: list[str] = strawberry.field(description="What can no longer be edited after a GO.")

    @classmethod
    def of(cls, found: law.Readiness, lent: Lent, *, hidden: bool = False) -> "GateReadiness":
        """The readiness that the law finds; the sentences of its criteria without amounts where they are hidden.

        `lent` finds out who would stand in.
        """
        shown = masked if hidden else str
        return cls(
            ready=found.ready,
            criteria=[
                CriterionResult(code=one.code, met=one.met, sentence=shown(one.sentence)) for one in found.criteria
            ],
            deciders=[Decider.of(each, lent) for each in found.deciders],
            freezes=list(found.freezes),
        )


@strawberry.type(description="One person's one vote on a submission.")
class Decision:
    """See the description."""

    as_role: Role = strawberry.field(name="as", description="The role that the vote counts for.")
    outcome: DecisionOutcome = strawberry.field(description="The vote.")
    comment: str | None = strawberry.field(description="What the voter said.")
    confirmed: Money | None = strawberry.field(
        description="The amount that the controller stated: validated size at DECIDED, value in the books at CLOSED."
    )
    checked_against: str | None = strawberry.field(description="What the controller checked that amount against.")
    at: datetime = strawberry.field(description="When it was cast.")
    by_id: strawberry.Private[UUID]
    on_behalf_of_id: strawberry.Private[UUID | None]

    @edge("Who voted.")
    async def by(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.by_id)

    @edge("In whose place, where that person had lent their vote; null: their own.")
    async def on_behalf_of(self, info: Info) -> Person | None:
        """See the description."""
        return await person_of(info.context, self.on_behalf_of_id) if self.on_behalf_of_id else None

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Decision":
        """A decision from its row."""
        return cls(
            as_role=Role(row["as_role"]),
            outcome=DecisionOutcome(row["outcome"]),
            comment=row["comment"],
            confirmed=Money.of(row["confirmed_units"], row["confirmed_currency"]),
            checked_against=row["checked_against"],
            at=row["at"],
            by_id=row["by_id"],
            on_behalf_of_id=row["on_behalf_of_id"],
        )


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
        description="The figures that were handed in; frozen while it is open."
    )
    decisions: list[Decision] = strawberry.field(description="The votes so far, in order.")
    outcome: DecisionOutcome | None = strawberry.field(description="What it came to; null while open or if retracted.")
    ended_at: datetime | None = strawberry.field(description="When it ended; null while it is open.")
    retracted: bool = strawberry.field(description="Whether it was taken back before it was decided.")
    submitter_id: strawberry.Private[UUID]

    @edge("Who submitted it; they never decide on it.")
    async def submitted_by(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.submitter_id)

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
            submitter_id=row["submitted_by_id"],
            **{name: row[name] for name in same},
        )


@strawberry.type(description="The passage of a measure into its next stage, one step at a time.")
class Gate(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The measure's revision: every act at the gate moves it.")
    into: Stage = strawberry.field(description="The stage that it leads into.")
    row: strawberry.Private[dict[str, Any]]

    @classmethod
    def of(cls, row: dict[str, Any], into: Stage) -> "Gate":
        """The gate of a measure's row."""
        return cls(id=ids.issue_gate(row["id"], into), revision=row["revision"], into=into, row=row)

    @edge("The measure that passes it.")
    async def measure(self, info: Info) -> _Measure:
        """See the description."""
        from server.schema.cascade import measure_of  # noqa: PLC0415 — the back edge

        measure = await measure_of(info.context, self.row["id"])
        if measure is None:
            raise LookupError(f"no measure {self.row['id']} at its gate")
        return measure

    @edge("How the measure stands before it: what `submitGate` goes by.")
    async def readiness(self, info: Info) -> GateReadiness:
        """See the description."""
        found, hidden = await self._readiness(info), not await priced(info.context, self.row["id"])
        return GateReadiness.of(found, lambda: self._would_stand_in(info, found), hidden=hidden)

    @edge("The open submission; null while nothing is submitted. Those that have ended are in `history`.")
    async def submission(self, info: Info) -> Submission | None:
        """See the description."""
        history = await self._history(info.context)
        return Submission.of(history[0]) if history and history[0]["ended_at"] is None else None

    @edge("Every submission at this gate, newest first, the open one included.")
    async def history(self, info: Info) -> list[Submission]:
        """See the description."""
        return [Submission.of(row) for row in await self._history(info.context)]

    @edge("Whose votes are still missing; nobody's while nothing is submitted.")
    async def waiting_on(self, info: Info) -> list[Decider]:
        """See the description."""
        asked = await self._open(info.context)
        if asked is None:
            return []

        async def lent() -> tuple[Loan, ...]:
            return stand_ins(await self._case(info.context), asked)

        return [Decider.of(each, lent) for each in waiting_on(asked.votes, asked.deciders)]

    @edge("As what the viewer's vote would count; null where they may not vote (`acts` says why).")
    async def votes_as(self, info: Info) -> Role | None:
        """See the description."""
        found = await self._capacity(info)
        return found.role if isinstance(found, Capacity) else None

    @edge("In whose place the viewer would vote, where that person's vote is lent to them; null: their own.")
    async def votes_for(self, info: Info) -> Person | None:
        """See the description."""
        found = await self._capacity(info)
        lender = found.on_behalf_of if isinstance(found, Capacity) else None
        return await person_of(info.context, lender.id) if lender else None

    @edge("What the viewer may do here, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        found = await permissions(info, self.row, _ACTS)
        asked = await self._open(info.context)
        for permission in found:
            against = permission.why
            if permission.act == "decideGate":
                against = await self._against_vote(info)
            elif permission.allowed and permission.act == "submitGate":
                against = await self._against_submission(info, asked)
            elif permission.allowed and asked is None:
                against = "Nothing is submitted at this gate."
            permission.allowed, permission.why = against is None, against
        return found

    async def _against_submission(self, info: Info, asked: Submitted | None) -> str | None:
        found = await self._readiness(info)
        if asked is not None:
            return "It is submitted already; retract that first."
        every = await info.context.one(_histories, self.row["id"]) or []
        if every and every[0]["ended_at"] is None:  # the newest; a measure has one open submission at a time
            waits = submitted(every[0])
            return f"{waits.purpose.stands('It', waits.into)}; retract {waits.purpose.spoken} first."
        if found.obstacle:
            return found.obstacle
        if found.unmet:
            why = f"{len(found.unmet)} of {len(found.criteria)} criteria are not met: {found.unmet[0]}"
            return await told(info.context, self.row["id"], why)
        return found.lacking[0] if found.lacking else None

    async def _capacity(self, info: Info) -> Capacity | Refused | None:
        asked, viewer = await self._open(info.context), info.context.viewer
        if asked is None:
            return None
        return capacity(Party(viewer.person_id, viewer.name), await self._case(info.context), asked)

    async def _against_vote(self, info: Info) -> str | None:
        found = await self._capacity(info)
        if found is None:
            return "Nothing is submitted at this gate."
        return found.message if isinstance(found, Refused) else None

    async def _readiness(self, info: Info) -> law.Readiness:
        """As whoever may submit would meet it: the submitter never decides."""
        context = info.context
        seats = await context.one(_holders, self.row["id"]) or {}
        submitter, policy = await self._submitter(info), await context.policy()
        return law.readiness(await self._case(context), self.into, policy, seats, submitter)

    async def _submitter(self, info: Info) -> UUID | None:
        """The viewer, where they may submit."""
        (submitting,) = await permissions(info, self.row, ("submitGate",))
        return info.context.viewer.person_id if submitting.allowed else None

    async def _would_stand_in(self, info: Info, found: law.Readiness) -> tuple[Loan, ...]:
        """Who would vote in another's place, were it submitted now."""
        case, loans = await self._case(info.context), await info.context.one(_loans, self.row["id"]) or ()
        submitter = Party(await self._submitter(info) or NOBODY, "the submitter")
        return stand_ins(case, Submitted(case.name, self.into, submitter, found.deciders, (), loans=loans))

    async def _case(self, context: Context) -> Case:
        case = await context.one(_cases, self.row["id"])
        if case is None:
            raise LookupError(f"no case of measure {self.row['id']}")
        return case

    async def _history(self, context: Context) -> list[dict[str, Any]]:
        every = await context.one(_histories, self.row["id"]) or []
        return [row for row in every if row["into"] == self.into and row["purpose"] == Purpose.GATE]

    async def _open(self, context: Context) -> Submitted | None:
        history = await self._history(context)
        return submitted(history[0]) if history and history[0]["ended_at"] is None else None


def gates_of(row: dict[str, Any]) -> list[Gate]:
    """The five gates of a measure, in order; none where the viewer knows only its name."""
    return [Gate.of(row, into) for into in STAGES[1:]] if row["in_sight"] else []


def next_gate_of(row: dict[str, Any], stage: Stage) -> Gate | None:
    """The gate that a measure stands before; None once it is closed."""
    following = stage.next if row["in_sight"] else None
    return Gate.of(row, following) if following else None


async def gate_of(context: Context, measure_id: UUID, into: Stage) -> Gate | None:
    """A gate of a measure that the viewer sees."""
    from server.schema.cascade import measure_of  # noqa: PLC0415 — the back edge

    measure = await measure_of(context, measure_id)
    return Gate.of(measure.row, into) if measure and measure.row["in_sight"] else None


async def gate_shown(context: Context, measure_id: UUID, into: Stage) -> Gate:
    """A gate that the viewer has just acted at."""
    gate = await gate_of(context, measure_id, into)
    if gate is None:
        raise LookupError(f"no gate of {measure_id} after an act at it")
    return gate


async def _cases(context: Context, node_ids: list[UUID]) -> dict[UUID, Case]:
    return await cases(context.db, context.viewer.organization_id, node_ids, await context.today())


async def _holders(context: Context, node_ids: list[UUID]) -> dict[UUID, dict[Role, list[Party]]]:
    return await holders(context.db, context.viewer.organization_id, node_ids, await context.today())


async def _loans(context: Context, node_ids: list[UUID]) -> dict[UUID, tuple[Loan, ...]]:
    return await loans(context.db, context.viewer.organization_id, node_ids, await context.today())


async def _histories(context: Context, node_ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in await submissions(context.db, context.viewer.organization_id, node_ids, lent_on=await context.today()):
        found[row["node_id"]].append(await _readable(context, row))
    return found


async def _readable(context: Context, row: dict[str, Any]) -> dict[str, Any]:
    return row if await priced(context, row["node_id"]) else unpriced(row)


async def _submission_rows(context: Context, submission_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    organization = context.viewer.organization_id
    found = await submissions(context.db, organization, submission_ids, column="id")
    return {row["id"]: await _readable(context, row) for row in found}


@resolves("gate")
async def _gate(context: Context, measure_id: UUID, extra: bytes) -> Node | None:
    return await gate_of(context, measure_id, STAGES[extra[0]]) if 1 <= extra[0] < len(STAGES) else None


@resolves("submission")
async def _submission(context: Context, submission_id: UUID, _extra: bytes) -> Node | None:
    row = await context.one(_submission_rows, submission_id)
    seen = await gate_of(context, row["node_id"], Stage(row["into"])) if row else None
    return Submission.of(row) if row and seen else None
