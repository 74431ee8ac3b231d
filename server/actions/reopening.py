"""Reopening a closed measure: the controller proposes it, which is their consent, and the sponsor decides (law §2, §3).

What was confirmed and decided before stays as it is: the measure stands at IMPLEMENTED again, and is closed anew.
"""

from uuid import UUID

from server.actions.gates import case_of, locked_policy
from server.actions.handing_in import check_votes, hand_in
from server.actions.standing import require
from server.domain.cascade import Level
from server.domain.cases import Party
from server.domain.facts import FactKind
from server.domain.gates import seated
from server.domain.people import Role
from server.domain.policy import Vote
from server.domain.purposes import Purpose, closed_above
from server.domain.refusals import Faults, RefusalCode, Refused
from server.domain.stages import Stage
from server.domain.texts import cleaned
from server.live.work import Work
from server.models.cascade import Node
from server.models.cases import holders

_SPONSOR = (Vote(Role.SPONSOR),)


async def reopen_measure(work: Work, *, measure: UUID, reason: str, expected_revision: int | None = None) -> UUID:
    """Propose to reopen a closed measure; answers the id of what the sponsor decides with `decide_change`.

    Raises WRONG_STAGE while the initiative above a sales plan is closed, SAME_PERSON for its owner and its sellers,
    NO_APPROVER where no sponsor may decide.
    """
    node = await work.node(measure, "measure")
    await require(work, "reopenMeasure", node)
    work.fresh(node, expected_revision, node.name)
    policy = await locked_policy(work)
    faults = Faults()
    why = cleaned(reason, "reason", faults, required=True)
    faults.refuse_if_any()
    await check_may_reopen(work, node, "measure")
    case, person = await case_of(work, node), work.viewer.person_id
    if node.owner_id == person or case.sells(Party(person, work.viewer.name)):
        message = f"“{node.name}”: nobody reopens what they own or sell. Ask another controller."
        raise Refused(RefusalCode.SAME_PERSON, message, ["measure"])
    seats = (await holders(work.db, work.organization.id, [node.id], work.today))[node.id]
    found = seated(case, _SPONSOR, seats, person)
    check_votes(work, case, found, "the reopening")
    submission = await hand_in(work, node, Stage.IMPLEMENTED, policy, found, comment=why, purpose=Purpose.REOPENING)
    await work.record(
        FactKind.CHANGE_PROPOSED, f"proposed to reopen “{node.name}”: {why}", on=submission, node_id=node.id
    )
    return submission.id


async def check_may_reopen(work: Work, node: Node, field: str) -> None:
    """An initiative is not CLOSED while a sales plan below it is open (law §2): it is reopened before they are."""
    if node.level != Level.SALES_PLAN:
        return
    above = await Node.get(id=node.parent_id, using_db=work.db)
    if above.stage == Stage.CLOSED:
        raise Refused(RefusalCode.WRONG_STAGE, f"“{node.name}”: {closed_above(above.name)}", [field])


async def reopen(work: Work, node: Node) -> None:
    """Bring a closed measure back to IMPLEMENTED."""
    await work.alter(node, stage=Stage.IMPLEMENTED.value, staged_at=work.at)
    await work.record(FactKind.STAGE_CHANGED, f"reopened “{node.name}”: it stands at Implemented again.", on=node)
