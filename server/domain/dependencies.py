"""Milestones that wait for milestones: no cycles, and a late one moves all that wait for it (law §6)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from graphlib import TopologicalSorter
from uuid import UUID

from server.domain.refusals import RefusalCode

Awaits = Mapping[UUID, Collection[UUID]]
"""Which milestones each one waits for."""


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone as its place in the graph sees it. `given_up`: nobody waits for it any more."""

    id: UUID
    due: date
    achieved_on: date | None = None
    given_up: bool = False

    @property
    def open(self) -> bool:
        """Whether it is still to come."""
        return self.achieved_on is None and not self.given_up


@dataclass(frozen=True, slots=True)
class Projection:
    """When a milestone is to be expected; `cause` is the late one further back that puts it off, if one does."""

    on: date
    cause: UUID | None = None


def projections(steps: Mapping[UUID, Step], awaits: Awaits, today: date) -> dict[UUID, Projection]:
    """When each milestone is to be expected.

    What is achieved: when it was. What is open: not before its date nor before today; as many days after its date as
    the latest of those it waits for will be after theirs; and not before any of those. What is achieved or given up
    holds up nobody. A dependency on a milestone that is not among the steps counts for nothing.

    Raises graphlib.CycleError for a graph with a cycle, which `chain` keeps from coming about.
    """
    known = {one: [each for each in awaits.get(one, ()) if each in steps] for one in steps}
    found: dict[UUID, Projection] = {}
    for one in TopologicalSorter(known).static_order():
        found[one] = _projected(steps[one], [(steps[each], found[each]) for each in known[one]], today)
    return found


def _projected(step: Step, awaited: Iterable[tuple[Step, Projection]], today: date) -> Projection:
    if not step.open:
        return Projection(step.achieved_on or step.due)
    on, cause = max(step.due, today), None
    for each, expected in awaited:
        delay = expected.on - each.due if each.open else timedelta(0)
        held_until = max(step.due + delay, expected.on) if each.open else on
        if held_until > on:
            on, cause = held_until, expected.cause or each.id
    return Projection(on, cause)


def chain(awaits: Awaits, start: UUID, end: UUID) -> Sequence[UUID] | None:
    """The shortest way from one milestone to another along what each waits for, both included; None without one."""
    came_from: dict[UUID, UUID | None] = {start: None}
    front = [start]
    while front and end not in came_from:
        reached = [(each, one) for one in front for each in sorted(awaits.get(one, ())) if each not in came_from]
        front = []
        for each, one in reached:
            if each not in came_from:
                came_from[each] = one
                front.append(each)
    if end not in came_from:
        return None
    way: list[UUID] = []
    step: UUID | None = end
    while step is not None:
        way.append(step)
        step = came_from[step]
    return way[::-1]


@dataclass(frozen=True, slots=True)
class Wish:
    """A milestone that shall wait for another one."""

    milestone: UUID
    awaits: UUID


def why_not_awaited(wish: Wish, known: Awaits, names: Mapping[UUID, str]) -> tuple[RefusalCode, str] | None:
    """Why a milestone cannot wait for another one, or None. `names` are those of the two and of what else is seen."""
    here, there = (f"“{names[one]}”" for one in (wish.milestone, wish.awaits))
    if wish.milestone == wish.awaits:
        return RefusalCode.INVALID, f"{here} cannot wait for itself. Name another milestone."
    if wish.awaits in known.get(wish.milestone, ()):
        return RefusalCode.ALREADY_DECIDED, f"{here} waits for {there} already."
    way = chain(known, wish.awaits, wish.milestone)
    if way is None:
        return None
    told = " waits for ".join(f"“{names[one]}”" if one in names else "one that you may not see" for one in way)
    return RefusalCode.INVALID, f"{here} cannot wait for {there}: {told}. Take one of these away first."
