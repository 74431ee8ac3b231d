"""Setting a light and taking it back (law §7)."""

from uuid import UUID

from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.lights import Light, LightKind, is_better, why_not_set
from server.domain.refusals import Faults, Refused
from server.domain.texts import cleaned
from server.live.work import Work
from server.models.cadence import LightSetting
from server.models.cascade import Node
from server.models.lights import Ground, proposals
from server.models.policies import policy_in_force


async def set_light(
    work: Work,
    *,
    measure: UUID,
    light: LightKind,
    colour: Light | None,
    reason: str | None = None,
    expected_revision: int | None = None,
) -> UUID:
    """Set a light of a measure, or take back what was set (`colour` None).

    Raises CRITERIA_UNMET for better than proposed without a reason. What is set as it stands already records nothing.
    """
    node = await work.node(measure, "measure")
    await require(work, "setLight", node)
    work.fresh(node, expected_revision, node.name)
    faults = Faults()
    why = cleaned(reason, "reason", faults)
    faults.refuse_if_any()
    standing = LightSetting.filter(node_id=node.id, light=light.value, ended_at=None)
    last = await standing.using_db(work.db).first()
    if last and (last.colour, last.reason) == (colour, why):
        return node.id
    told = f"took back the {light.spoken} light of “{node.name}”."
    made = await _made(work, node, light, colour, why) if colour else None
    if last:
        await work.alter(last, ended_at=work.at)
    if made:
        await work.add(made)
        told = _told(made, light, node.name)
    if last or made:
        work.turned(node.id)
        await work.touch(node)
        await work.record(FactKind.LIGHT_SET, told, on=node)
    return node.id


async def ground(work: Work) -> Ground:
    """What proposals go by, inside a work."""
    policy = await policy_in_force(work.db, work.organization.id)
    return Ground(work.organization.id, work.today, policy, work.organization.fiscal_year_start)


async def _made(work: Work, node: Node, light: LightKind, colour: Light, why: str | None) -> LightSetting:
    row = {"id": node.id, "level": node.level, "stage": node.stage, "standing": node.standing}
    proposed = (await proposals(work.db, [row], await ground(work)))[node.id][light]
    if refused := why_not_set(colour, proposed, why):
        raise Refused(*refused, ["reason" if colour is not Light.GREY else "colour"])
    return LightSetting(
        organization_id=work.organization.id,
        node_id=node.id,
        light=light.value,
        colour=colour.value,
        proposed=proposed.light.value,
        better=is_better(colour, proposed.light),
        reason=why,
        by_id=work.viewer.person_id,
        at=work.at,
    )


def _told(made: LightSetting, light: LightKind, name: str) -> str:
    against = (
        f"better than the {made.proposed.lower()} proposed" if made.better else f"proposed: {made.proposed.lower()}"
    )
    reason = f": {made.reason}" if made.reason else "."
    return f"set the {light.spoken} light of “{name}” to {made.colour.lower()} ({against}){reason}"
