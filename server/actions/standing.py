"""What every verb asks first: does the viewer see it, may they do it, and did they see its newest state."""

from dataclasses import replace

from server.domain.cascade import Level, Standing
from server.domain.people import Role
from server.domain.refusals import RefusalCode, Refused
from server.domain.rights import ASSIGNEE, Situation, may, standing_at
from server.domain.stages import Stage
from server.live.work import Work
from server.models.cascade import Milestone, Node
from server.models.submissions import Opened, open_submissions


async def situation(work: Work, node: Node | None, milestone: Milestone | None = None) -> Situation:
    """How the viewer stands at a node (None: the organization)."""
    if node is None:
        return standing_at(work.viewer, frozenset())
    opened = (await open_submissions(work.db, [node.id])).get(node.id, Opened())
    return standing_at(
        work.viewer,
        await work.path(node.id),
        level=Level(node.level),
        stage=Stage(node.stage) if node.stage else None,
        standing=Standing(node.standing),
        owner_id=node.owner_id,
        assignee_id=milestone.assignee_id if milestone else None,
        submitted=opened.own,
        purpose=opened.purpose,
        above_submitted=opened.above,
    )


async def require(work: Work, act: str, node: Node | None, milestone: Milestone | None = None) -> None:
    """Refuse unless the table of rights opens this act to the viewer here.

    The refusal says who may, or what stands against it.
    """
    refused = refusal(act, await situation(work, node, milestone), node.name if node else work.organization.name)
    if refused:
        raise refused


def refusal(act: str, here: Situation, name: str) -> Refused | None:
    """Why an act is refused in a situation, None where it is not.

    FORBIDDEN if it is a matter of rights, else WRONG_STAGE or FROZEN, as the law's own reason says.
    """
    verdict = may(act, here)
    if verdict is True:
        return None
    anyone = verdict.code is RefusalCode.FORBIDDEN and may(act, replace(here, holds=frozenset({*Role, ASSIGNEE})))
    ask = " Ask one of them." if anyone is True else ""
    return Refused(verdict.code, f"“{name}”: {verdict}{ask}", details=[f"act: {act}"])
