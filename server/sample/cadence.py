"""The monthly review: cycles opened and closed, lights set before each closing, and milestones that wait for others."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from server.actions.cycles import close_cycle, open_cycle
from server.actions.dependencies import add_dependency
from server.actions.lights import ground, set_light
from server.domain.cascade import Standing
from server.domain.lights import Light, LightKind
from server.domain.stages import Stage
from server.live.work import Work
from server.models.cascade import Node
from server.models.cycles import open_cycle_row
from server.models.lights import proposals
from server.sample.acts import Act, Ref
from server.sample.calendar import Calendar
from server.sample.grammar import Measure

_LEAD = "emeka"
_BEGUN = 14  # days before the first closing
_LIT = 100  # days ago: lights are set since
_THIS_CYCLE = 1  # days ago: the first owners have set the lights of the cycle that is open
_IMPLEMENTATION, _POTENTIAL = LightKind.IMPLEMENTATION, LightKind.POTENTIAL
# measure → which light, colour and why its owner sets it otherwise than the server proposes, in each cycle
_OTHERWISE = {
    "gear-cutting": (_IMPLEMENTATION, Light.AMBER, "The concrete has set; the grinders stand in two weeks."),
    "retrofit": (_IMPLEMENTATION, Light.GREEN, "The second source delivers since Monday."),
    "kits": (_POTENTIAL, Light.AMBER, "Two kit families start later than the plan says."),
}
# milestone, by whom, the one it waits for (each of them late, or of another measure)
_WAITS = (
    ("response#2", "oskar", "response#1"),
    ("contracts-dach#4", "julian", "response#1"),
    ("gear-cutting#2", "georg", "gear-cutting#1"),
)


def cadence(calendar: Calendar, measures: Iterable[Measure], booked: Iterable[int]) -> Iterator[Act]:
    """All of it. A cycle is closed on the day after the actuals of its last month were booked (`booked`, days ago)."""
    for milestone, by, awaits in _WAITS:
        yield Act(30, by, add_dependency, {"milestone": Ref(milestone), "awaits": Ref(awaits)})
    every, rounds = list(measures), sorted(booked, reverse=True)
    begun = rounds[0] + _BEGUN
    yield Act(begun, _LEAD, open_cycle, {})
    month = calendar.month(begun)
    for ago in rounds:
        if ago <= _LIT:
            yield from _lit(every, ago)
        while month < calendar.month(ago):
            yield Act(ago - 1, _LEAD, close_open_cycle, {})
            month = month.plus(1)
    yield from _lit(every[::2], _THIS_CYCLE)


def _lit(measures: Iterable[Measure], ago: int) -> Iterator[Act]:
    """Every owner sets the lights as proposed, and some of them otherwise."""
    for it in measures:
        if it.passed[0] <= ago:
            continue
        yield Act(ago, it.owner, light_as_proposed, {"measure": Ref(it.key)})
        if it.key in _OTHERWISE:
            light, colour, reason = _OTHERWISE[it.key]
            given: dict[str, Any] = {"measure": Ref(it.key), "light": light, "colour": colour, "reason": reason}
            yield Act(ago, it.owner, set_light, given)


async def close_open_cycle(work: Work) -> UUID:
    """Close the cycle that is open. Raises LookupError where none is."""
    row = await open_cycle_row(work.db, work.organization.id)
    if row is None:
        raise LookupError("no review cycle is open")
    return await close_cycle(work, cycle=row["id"])


async def light_as_proposed(work: Work, *, measure: UUID) -> UUID:
    """Set both lights as proposed, where they are not grey: of a decided measure that goes on, by who owns it then."""
    node = await Node.get(id=measure, using_db=work.db)  # whose desk was handed over may not see it any more
    decided = node.stage in {Stage.DECIDED, Stage.IMPLEMENTED} and node.standing == Standing.ACTIVE
    if decided and node.owner_id == work.viewer.person_id:
        row = {"id": node.id, "level": node.level, "stage": node.stage, "standing": node.standing}
        for light, proposed in (await proposals(work.db, [row], await ground(work)))[node.id].items():
            if proposed.light is not Light.GREY:
                await set_light(work, measure=measure, light=light, colour=proposed.light)
    return measure
