"""Opening the first review cycle, and closing one, which opens the next (law §8)."""

from typing import Any
from uuid import UUID

from server.actions.lights import ground
from server.actions.standing import require
from server.domain.cycles import Span, closing, first_span, months_over, next_span, why_not_closed
from server.domain.facts import FactKind
from server.domain.lights import Light, LightKind
from server.domain.missing import by_person
from server.domain.refusals import RefusalCode, Refused, not_found
from server.live.work import Work
from server.models.cadence import CycleLight, LightSetting, ReviewCycle
from server.models.cycles import missing_inputs, open_cycle_row, span_of
from server.models.lights import Ground, measures, proposals, settings


async def open_cycle(work: Work) -> UUID:
    """Open the first review cycle: the week, month or quarter of the policy's cadence that contains today.

    Raises ALREADY_DECIDED while one is open: closing it opens the next.
    """
    await require(work, "openCycle", None)
    if row := await open_cycle_row(work.db, work.organization.id):
        told = f"Review cycle {row['number']} ({span_of(row)}) is open: close it, which opens the next."
        raise Refused(RefusalCode.ALREADY_DECIDED, told)
    here = await ground(work)
    return await _opened(work, 1, first_span(here.policy.cadence, here.today, here.fiscal_start))


async def close_cycle(work: Work, *, cycle: UUID, expected_revision: int | None = None) -> UUID:
    """Close a review cycle and open the next; what is missing is counted in the fact and stands against nothing.

    Locks the actuals of the months that are over, keeps the revision as of which everything can be read as it stood,
    and how the lights of each active measure stood; then lights return to grey. Answers the closed cycle's id.
    """
    found = await ReviewCycle.filter(id=cycle, organization_id=work.organization.id).using_db(work.db).first()
    if found is None:
        raise not_found("cycle")
    await require(work, "closeCycle", None)
    work.fresh(found, expected_revision, f"Review cycle {found.number}")
    here, span = await ground(work), Span(found.starts, found.ends, found.due)
    if refused := why_not_closed(found.number, span, here.today, closed=found.closed_at is not None):
        raise Refused(*refused, ["cycle"])
    row: dict[str, Any] = {"number": found.number, "starts": found.starts, "ends": found.ends, "due": found.due}
    lacking = await missing_inputs(work.db, work.viewer, row, here)
    locked, snapshot = months_over(span, here.today), int(work.organization.revision)
    await work.alter(
        found,
        closed_by_id=work.viewer.person_id,
        closed_at=work.at,
        closed_revision=snapshot,
        locked_through=int(locked),
    )
    await _keep_lights(work, found, here)
    await reset_lights(work)
    told = closing(found.number, span, len(lacking), len(by_person(lacking)), locked)
    await work.record(FactKind.CYCLE_CLOSED, told, on=found)
    await _opened(work, found.number + 1, next_span(here.policy.cadence, found.ends, here.fiscal_start))
    return found.id


async def _opened(work: Work, number: int, span: Span) -> UUID:
    made = ReviewCycle(
        organization_id=work.organization.id,
        number=number,
        starts=span.starts,
        ends=span.ends,
        due=span.due,
        opened_by_id=work.viewer.person_id,
        opened_at=work.at,
    )
    await work.add(made)
    told = f"opened review cycle {number} ({span}), due {span.due}."
    await work.record(FactKind.CYCLE_OPENED, told, on=made)
    return made.id


async def _keep_lights(work: Work, cycle: ReviewCycle, here: Ground) -> None:
    """How the lights of every active measure that is not closed stand: as set, else as proposed."""
    found = [row for row in await measures(work.db, work.viewer, (), whole=True) if row["stage"] != "CLOSED"]
    proposed, standing = await proposals(work.db, found, here), await settings(work.db, [row["id"] for row in found])

    def stood(one: UUID, kind: LightKind) -> Light:
        own = standing.get(one, {})
        return own[kind].light if kind in own else proposed[one][kind].light

    await work.add(
        *(
            CycleLight(
                organization_id=work.organization.id,
                cycle_id=cycle.id,
                node_id=row["id"],
                implementation=stood(row["id"], LightKind.IMPLEMENTATION).value,
                potential=stood(row["id"], LightKind.POTENTIAL).value,
            )
            for row in found
        )
    )


async def reset_lights(work: Work) -> None:
    """End what people have set: lights return to grey. In bulk, however many there are."""
    standing = LightSetting.filter(organization_id=work.organization.id, ended_at=None).using_db(work.db)
    found = await standing.values_list("id", "node_id")
    await standing.update(ended_at=work.at, since=work.next_revision)
    for one, _ in found:
        work.note(thing="light_setting", id=str(one), field="ended_at", before=None, after=work.at.isoformat())
    work.turned(*(node for _, node in found))
