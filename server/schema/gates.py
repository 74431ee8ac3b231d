"""Gates, as spoken: readiness, what is submitted, and acts. What is shown is what `submitGate` goes by."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import strawberry

from server.domain import gates as law
from server.domain.cases import Party
from server.domain.delegation import Loan
from server.domain.money import masked
from server.domain.people import NOBODY, Role
from server.domain.purposes import Purpose
from server.domain.refusals import Refused
from server.domain.reminders import NOTHING_WAITS, why_not_again
from server.domain.rights import GATE_ACTS
from server.domain.stages import STAGES, Stage
from server.domain.votes import Capacity, Submitted, stand_ins
from server.models.cases import holders
from server.models.delegations import loans
from server.models.reminders import last_reminders
from server.models.submissions import submitted
from server.schema import ids
from server.schema.acts import Permission, permissions
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.money import priced, told
from server.schema.node import Node, resolves
from server.schema.people import Person, person_of
from server.schema.scalars import Revision
from server.schema.submissions import Submission, case_of, history_of, viewers_capacity, waiting
from server.schema.votes import CriterionResult, Decider, Lent

if TYPE_CHECKING:
    from server.schema.cascade import Measure
# The back edges to what imports us.
_Measure = Annotated["Measure", strawberry.lazy("server.schema.cascade")]


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
        row = await self._open(info.context)
        return Submission.of(row) if row else None

    @edge("Every submission at this gate, newest first, the open one included.")
    async def history(self, info: Info) -> list[Submission]:
        """See the description."""
        return [Submission.of(row) for row in await self._history(info.context)]

    @edge("Whose votes are still missing; nobody's while nothing is submitted.")
    async def waiting_on(self, info: Info) -> list[Decider]:
        """See the description."""
        row = await self._open(info.context)
        return await waiting(info.context, row) if row else []

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

    @edge("When those who owe a vote here were last reminded; null: not yet, or nobody owes one.")
    async def reminded_at(self, info: Info) -> datetime | None:
        """See the description."""
        row = await self._waits(info.context)
        return (await info.context.one(_reminded, self.row["id"]) or {}).get(row["id"]) if row else None

    @edge("What the viewer may do here, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        found = await permissions(info, self.row, GATE_ACTS)
        asked = await self._open(info.context)
        for permission in found:
            against = permission.why
            if permission.act == "decideGate":
                against = await self._against_vote(info)
            elif permission.allowed and permission.act == "submitGate":
                against = await self._against_submission(info, asked)
            elif permission.allowed and permission.act == "remindDeciders":
                against = await self._against_reminder(info.context)
            elif permission.allowed and asked is None:
                against = "Nothing is submitted at this gate."
            permission.allowed, permission.why = against is None, against
        return found

    async def _against_submission(self, info: Info, asked: dict[str, Any] | None) -> str | None:
        found = await self._readiness(info)
        if asked is not None:
            return "It is submitted already; retract that first."
        every = await history_of(info.context, self.row["id"])
        if every and every[0]["ended_at"] is None:  # the newest; a measure has one open submission at a time
            waits = submitted(every[0])
            return f"{waits.purpose.stands('It', waits.into)}; retract {waits.purpose.spoken} first."
        if found.obstacle:
            return found.obstacle
        if found.unmet:
            why = f"{len(found.unmet)} of {len(found.criteria)} criteria are not met: {found.unmet[0]}"
            return await told(info.context, self.row["id"], why)
        return found.lacking[0] if found.lacking else None

    async def _waits(self, context: Context) -> dict[str, Any] | None:
        """What this gate's body is to decide now: a passage, a change or a reopening; a measure has one at a time."""
        newest = next(iter(await history_of(context, self.row["id"])), None)
        return newest if newest and newest["ended_at"] is None and newest["into"] == self.into else None

    async def _against_reminder(self, context: Context) -> str | None:
        row = await self._waits(context)
        if row is None:
            return NOTHING_WAITS
        last = (await context.one(_reminded, self.row["id"]) or {}).get(row["id"])
        zone = ZoneInfo((await context.organization())["time_zone"])
        return why_not_again(last.astimezone(zone) if last else None, await context.today())

    async def _capacity(self, info: Info) -> Capacity | Refused | None:
        row = await self._open(info.context)
        return await viewers_capacity(info.context, row) if row else None

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
        return law.readiness(await case_of(context, self.row["id"]), self.into, policy, seats, submitter)

    async def _submitter(self, info: Info) -> UUID | None:
        """The viewer, where they may submit."""
        (submitting,) = await permissions(info, self.row, ("submitGate",))
        return info.context.viewer.person_id if submitting.allowed else None

    async def _would_stand_in(self, info: Info, found: law.Readiness) -> tuple[Loan, ...]:
        """Who would vote in another's place, were it submitted now."""
        case = await case_of(info.context, self.row["id"])
        loans = await info.context.one(_loans, self.row["id"]) or ()
        submitter = Party(await self._submitter(info) or NOBODY, "the submitter")
        return stand_ins(case, Submitted(case.name, self.into, submitter, found.deciders, (), loans=loans))

    async def _history(self, context: Context) -> list[dict[str, Any]]:
        every = await history_of(context, self.row["id"])
        return [row for row in every if row["into"] == self.into and row["purpose"] == Purpose.GATE]

    async def _open(self, context: Context) -> dict[str, Any] | None:
        history = await self._history(context)
        return history[0] if history and history[0]["ended_at"] is None else None


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


async def _holders(context: Context, node_ids: list[UUID]) -> dict[UUID, dict[Role, list[Party]]]:
    return await holders(context.db, context.viewer.organization_id, node_ids, await context.today())


async def _reminded(context: Context, node_ids: list[UUID]) -> dict[UUID, dict[UUID, datetime]]:
    """Of each measure when the deciders of its submissions were last reminded."""
    last = await last_reminders(context.db, context.viewer.organization_id, node_ids)
    return dict.fromkeys(node_ids, last)


async def _loans(context: Context, node_ids: list[UUID]) -> dict[UUID, tuple[Loan, ...]]:
    return await loans(context.db, context.viewer.organization_id, node_ids, await context.today())


@resolves("gate")
async def _gate(context: Context, measure_id: UUID, extra: bytes) -> Node | None:
    return await gate_of(context, measure_id, STAGES[extra[0]]) if 1 <= extra[0] < len(STAGES) else None
