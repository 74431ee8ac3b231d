"""What every verb asks first: does the viewer see it, may they do it, and did they see its newest state."""

from uuid import UUID

from server.domain.cascade import Level, Standing
from server.domain.people import Role
from server.domain.refusals import RefusalCode, Refused
from server.domain.rights import ASSIGNEE, Holder, Situation, may
from server.domain.stages import Stage
from server.live.work import Work
from server.models.cascade import Milestone, Node


async def situation(work: Work, node: Node | None, milestone: Milestone | None = None) -> Situation:
    """How the viewer stands at a node (None: the organization): roles by seat, and what the thing itself names them."""
    me = work.viewer.person_id
    path: frozenset[UUID] = await work.path(node.id) if node else frozenset()
    holds: set[Holder] = {role for role in work.viewer.roles_at(path) if role is not Role.OWNER}
    if node is not None and node.owner_id == me:
        holds.add(Role.OWNER)
    if milestone is not None and milestone.assignee_id == me:
        holds.add(ASSIGNEE)
    if node is None:
        return Situation(frozenset(holds))
    stage = Stage(node.stage) if node.stage else None
    return Situation(frozenset(holds), Level(node.level), stage, Standing(node.standing))


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
