"""Gates up to the vote: submitting and retracting (law §2). The law is in `domain.gates`, the voting in `votes`."""

from typing import Any
from uuid import UUID

from server.actions.handing_in import hand_in
from server.actions.standing import require
from server.domain.cases import Case
from server.domain.facts import FactKind
from server.domain.gates import NOT_LOCKED, Readiness, figures, obstacle, readiness
from server.domain.policy import Policy
from server.domain.purposes import Purpose
from server.domain.refusals import Faults, RefusalCode, Refused, not_found
from server.domain.stages import Stage
from server.domain.texts import cleaned
from server.domain.votes import asks, over
from server.live.work import Work
from server.models.cascade import Node
from server.models.cases import cases, holders
from server.models.evidence import evidence
from server.models.gates import Submission
from server.models.policies import policy_in_force
from server.models.row import stored
from server.models.submissions import submissions, submitted


async def submit_gate(
    work: Work, *, measure: UUID, into: Stage, comment: str | None = None, expected_revision: int | None = None
) -> UUID:
    """Ask for the passage into the next stage. What is true now is kept with the submission.

    Answers the measure's id. Raises WRONG_STAGE out of turn, CRITERIA_UNMET with every unmet criterion, NO_APPROVER
    where the votes cannot be had.
    """
    node = await work.node(measure, "measure")
    await require(work, "submitGate", node)
    work.fresh(node, expected_revision, node.name)
    policy = await locked_policy(work)
    faults = Faults()
    why = cleaned(comment, "comment", faults)
    faults.refuse_if_any()
    case = await case_of(work, node)
    if against := obstacle(case, into):
        raise Refused(RefusalCode.WRONG_STAGE, against, ["into"])
    await check_none_open(work, node)
    seats = (await holders(work.db, work.organization.id, [node.id], work.today))[node.id]
    found = readiness(case, into, policy, seats, submitter=work.viewer.person_id)
    _check_ready(case, into, found)
    handed_in = [*figures(case, into, policy), *await evidence(work.db, node.id)]
    submission = await hand_in(
        work, node, into, policy, found.deciders, comment=why, criteria=found.criteria, figures=handed_in
    )
    told = f"submitted “{node.name}” into {into.spoken}."
    await work.record(FactKind.GATE_SUBMITTED, told, on=submission, node_id=node.id)
    return node.id


async def retract_submission(
    work: Work, *, measure: UUID, into: Stage, comment: str | None = None, expected_revision: int | None = None
) -> UUID:
    """Take an open submission back, so that its figures can be edited again."""
    node = await work.node(measure, "gate")
    await require(work, "retractSubmission", node)
    work.fresh(node, expected_revision, node.name)
    faults = Faults()
    why = cleaned(comment, "comment", faults)
    faults.refuse_if_any()
    found = await last_submission(work, node, into)
    if found["ended_at"] is not None:
        raise over(submitted(found))
    submission = stored(Submission, found)
    await work.alter(submission, retracted=True, ended_at=work.at)
    await work.touch(node)
    told = f"retracted “{node.name}” from the gate into {into.spoken}"
    await work.record(FactKind.GATE_RETRACTED, f"{told}: {why}" if why else f"{told}.", on=submission, node_id=node.id)
    return node.id


async def locked_policy(work: Work) -> Policy:
    """The policy in force. Raises POLICY_NOT_LOCKED before the first lock."""
    policy = await policy_in_force(work.db, work.organization.id)
    if not policy.locked:
        raise Refused(RefusalCode.POLICY_NOT_LOCKED, NOT_LOCKED)
    return policy


async def case_of(work: Work, node: Node) -> Case:
    """The case of a measure as it stands inside this work."""
    return (await cases(work.db, work.organization.id, [node.id], work.today))[node.id]


async def last_submission(work: Work, node: Node, into: Stage) -> dict[str, Any]:
    """The newest submission at a gate. Raises WRONG_STAGE where there never was one."""
    if node.stage is None:
        raise not_found("gate")
    for row in await submissions(work.db, work.organization.id, [node.id], lent_on=work.today):
        if row["into"] == into and row["purpose"] == Purpose.GATE:
            return row
    message = f"“{node.name}” was never submitted into {into.spoken}: its owner submits it first."
    raise Refused(RefusalCode.WRONG_STAGE, message, ["gate"])


async def check_none_open(work: Work, node: Node) -> None:
    """A measure has one open submission at a time, of whatever purpose. Raises FROZEN that says whom it waits for."""
    for row in await submissions(work.db, work.organization.id, [node.id]):
        if row["ended_at"] is None:
            asked = submitted(row)
            stands = asked.purpose.stands(f"“{node.name}”", asked.into)
            message = f"{stands} already. {asks(asked)} Or retract {asked.purpose.spoken} first."
            raise Refused(RefusalCode.FROZEN, message, ["measure"])


def _check_ready(case: Case, into: Stage, found: Readiness) -> None:
    gate = f"the gate of “{case.name}” into {into.spoken}"
    if found.unmet:
        count = "1 criterion is" if len(found.unmet) == 1 else f"{len(found.unmet)} criteria are"
        message = f"{count} not met at {gate}. Do what the details say, then submit again."
        raise Refused(RefusalCode.CRITERIA_UNMET, message, ["measure"], [*found.unmet, *found.lacking])
    if found.lacking:
        message = f"Nobody could decide {gate}: {found.lacking[0]}"
        raise Refused(RefusalCode.NO_APPROVER, message, ["measure"], found.lacking)
