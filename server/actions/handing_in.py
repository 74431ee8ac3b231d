"""Handing in: what a gate, a change request and a reopening share when a decision is asked for (law §2)."""

from collections.abc import Iterable
from typing import Any

from server.domain.cases import Case
from server.domain.gates import CriterionResult, lacking
from server.domain.policy import Policy
from server.domain.purposes import Purpose
from server.domain.refusals import RefusalCode, Refused
from server.domain.stages import Stage
from server.domain.votes import Decider
from server.live.work import Work
from server.models.cascade import Node
from server.models.gates import Submission
from server.models.submissions import snapshot


def check_votes(work: Work, case: Case, found: tuple[Decider, ...], matter: str) -> None:
    """Refuse what nobody could decide. `matter` is what is asked for, as a sentence has it."""
    if short := tuple(lacking(case, found, work.viewer.person_id)):
        message = f"Nobody could decide {matter} of “{case.name}”: {short[0]}"
        raise Refused(RefusalCode.NO_APPROVER, message, ["measure"], short)


async def hand_in(
    work: Work,
    node: Node,
    into: Stage,
    policy: Policy,
    found: tuple[Decider, ...],
    *,
    comment: str | None,
    purpose: Purpose = Purpose.GATE,
    criteria: Iterable[CriterionResult] = (),
    figures: Iterable[tuple[str, str]] = (),
    proposal: dict[str, Any] | None = None,
) -> Submission:
    """Store what is asked for with what is true now: criteria, figures, deciders and the policy's version."""
    submission = Submission(
        organization_id=work.organization.id,
        node_id=node.id,
        into=into.value,
        purpose=purpose.value,
        proposal=proposal,
        submitted_by_id=work.viewer.person_id,
        submitted_at=work.at,
        comment=comment,
        policy_version=policy.version,
        criteria=[{"code": one.code, "met": one.met, "sentence": one.sentence} for one in criteria],
        figures=[{"name": name, "value": value} for name, value in figures],
        deciders=snapshot(found),
    )
    await work.add(submission)
    await work.touch(node)
    return submission
