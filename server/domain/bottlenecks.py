"""Bottlenecks: what holds up most money right now (law §6)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from server.domain.cases import Party
from server.domain.money import Money


class BottleneckKind(StrEnum):
    """What holds things up."""

    DECISION = "DECISION"
    MILESTONE = "MILESTONE"
    INPUT = "INPUT"


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """One thing that holds up money: on which measure, what it is, whose it is, since when.

    `units` are minor units of the reporting currency; None: whoever asks may not read them. `thing_id` is the
    submission, the milestone or the finding.
    """

    kind: BottleneckKind
    node_id: UUID
    thing_id: UUID
    people: tuple[Party, ...]
    since: date
    units: int | None
    sentence: str

    def days(self, today: date) -> int:
        """For how long."""
        return max((today - self.since).days, 0)


def ranked(found: Iterable[Bottleneck], most: int) -> list[Bottleneck]:
    """Most money first; of equal ones, and where the money may not be read, the oldest. So many at most."""
    first = sorted(found, key=lambda one: (-(one.units or 0), one.since, one.thing_id))
    return first[:most]


def held_up_by(late: UUID, awaits: Mapping[UUID, Collection[UUID]]) -> set[UUID]:
    """All milestones that wait for a late one, however long the chain between them, and itself."""
    reached = {late}
    while more := {one for one, those in awaits.items() if reached & set(those)} - reached:
        reached |= more
    return reached


def decision(what: str, people: tuple[Party, ...], since: date, stake: Money) -> str:
    """What a pending decision holds up, in a sentence."""
    names = ", ".join(party.name for party in people) or "nobody who could decide"
    return f"{what[:1].upper()}{what[1:]} waits for {names} since {since}, with {stake} at stake: decide."


def milestone(name: str, measure: str, due: date, others: int, stake: Money) -> str:
    """What a late milestone holds up, in a sentence; `others` is how many more measures wait for it."""
    more = "" if not others else " and of 1 more measure" if others == 1 else f" and of {others} more measures"
    held = f"{stake} of it{more} waits"
    return f"“{name}” of “{measure}” was due on {due}; {held}: achieve it, or give it a date that holds."
