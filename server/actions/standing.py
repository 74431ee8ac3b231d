"""What every verb asks first: does the viewer see it, may they do it, and did they see its newest state."""

from collections.abc import Collection

from server.domain.cascade import Level, Standing
from server.domain.people import Role
from server.domain.refusals import RefusalCode, Refused
from server.domain.rights import ASSIGNEE, Situation, may, standing_at
from server.domain.stages import STAGES, Stage
from server.live.work import Work
from server.models.cascade import Milestone, Node
from server.models.gates import Submission


async def situation(work: Work, node: Node | None, milestone: Milestone | None = None) -> Situation:
    """How the viewer stands at a node (None: the organization)."""
    if node is None:
        return standing_at(work.viewer, frozenset())
    return standing_at(
        work.viewer,
        await work.path(node.id),
        level=Level(node.level),
        stage=Stage(node.stage) if node.stage else None,
        standing=Standing(node.standing),
        owner_id=node.owner_id,
        assignee_id=milestone.assignee_id if milestone else None,
    )


async def require(work: Work, act: str, node: Node | None, milestone: Milestone | None = None) -> None:
    """Refuse unless the table of rights opens this act to the viewer here; the refusal says who may, or what stands against it."""
    here = await situation(work, node, milestone)
    verdict = may(act, here)
    if verdict is True:
        return
    name = f"“{node.name}”" if node else f"“{work.organization.name}”"
    anyone = Situation(frozenset({*Role, ASSIGNEE}), here.level, here.stage, here.standing)
    if may(act, anyone) is True:  # somebody may, so it is a matter of rights
        raise Refused(RefusalCode.FORBIDDEN, f"{name}: {verdict} Ask one of them.", details=[f"act: {act}"])
    frozen = "frozen" in verdict
    code = RefusalCode.FROZEN if frozen else RefusalCode.WRONG_STAGE
    raise Refused(code, f"{name}: {verdict}", details=[f"act: {act}"])


async def require_unsubmitted(work: Work, node: Node, into: Collection[Stage] = STAGES) -> None:
    """Refuse to change a figure that an open submission was made with (law §2).

    That is a submission of its own measure or, of a sales plan, of the initiative above it.
    """
    handed_in = await Submission.filter(
        node_id__in=list(await work.path(node.id)), ended_at=None, into__in=[stage.value for stage in into]
    ).using_db(work.db)
    for submission in handed_in:
        gate = Stage(submission.into).spoken
        raise Refused(
            RefusalCode.FROZEN,
            f"“{node.name}”: this figure was handed in at the gate into {gate}, which is still open. "
            "Retract the submission first.",
            details=[f"gate: {submission.into}"],
        )
