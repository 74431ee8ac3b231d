"""Milestones that wait for milestones: saying so, and taking it back (law §6)."""

from uuid import UUID

from server.actions.milestones import find_milestone
from server.domain.dependencies import Wish, why_not_awaited
from server.domain.facts import FactKind
from server.domain.refusals import RefusalCode, Refused, not_found
from server.live.work import Work
from server.models.cascade import Milestone, MilestoneDependency, Node
from server.models.dependencies import awaited, names


async def add_dependency(work: Work, *, milestone: UUID, awaits: UUID, expected_revision: int | None = None) -> UUID:
    """Let a milestone wait for another one, of its own measure or of any that the viewer sees.

    Raises INVALID where that would close a circle, with the chain; ALREADY_DECIDED where it waits already.
    """
    found, node = await find_milestone(work, milestone, "addDependency", expected_revision)
    other = await _other(work, awaits)
    known = await awaited(work.db, work.organization.id)
    called = await names(
        work.db, work.viewer, {found.id, other.id, *known, *(each for group in known.values() for each in group)}
    )
    if refused := why_not_awaited(Wish(found.id, other.id), known, called):
        raise Refused(*refused, ["awaits"])
    await work.add(MilestoneDependency(organization_id=work.organization.id, milestone_id=found.id, awaits_id=other.id))
    await work.touch(found)
    told = f"let the milestone “{found.name}” of “{node.name}” wait for {_called(other, node)}."
    await work.record(FactKind.MILESTONE_CHANGED, told, on=found, node_id=node.id)
    return found.id


async def remove_dependency(work: Work, *, milestone: UUID, awaits: UUID, expected_revision: int | None = None) -> UUID:
    """Let a milestone no longer wait for another one. Raises INVALID where it does not."""
    found, node = await find_milestone(work, milestone, "removeDependency", expected_revision)
    other = await _other(work, awaits)
    link = await MilestoneDependency.filter(milestone_id=found.id, awaits_id=other.id).using_db(work.db).first()
    if link is None:
        told = f"“{found.name}” does not wait for “{other.name}”. Read what it waits for again."
        raise Refused(RefusalCode.INVALID, told, ["awaits"])
    await work.drop(link)
    await work.touch(found)
    told = f"let the milestone “{found.name}” of “{node.name}” no longer wait for {_called(other, node)}."
    await work.record(FactKind.MILESTONE_CHANGED, told, on=found, node_id=node.id)
    return found.id


async def _other(work: Work, milestone_id: UUID) -> Milestone:
    """The milestone to wait for, of a measure that the viewer sees; no right is needed there."""
    organization = work.organization.id
    found = await Milestone.filter(id=milestone_id, organization_id=organization).using_db(work.db).first()
    if found is None:
        raise not_found("awaits")
    await work.node(found.node_id, "awaits")
    return found


def _called(milestone: Milestone, node: Node) -> str:
    """What is waited for; by its name only where it is the measure's own: all who see the measure read the sentence."""
    return f"“{milestone.name}”" if milestone.node_id == node.id else "a milestone of another measure"
