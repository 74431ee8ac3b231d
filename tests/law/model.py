"""The state of an organization as the law knows it: people in seats, measures, and what was submitted (law §1–§3).

This folder's model is written from the law alone, by another hand than `server/`, and imports nothing from there: the
state is here, what a gate asks in `gates.py`, who may do what in `rights.py`, what an act brings about in `effects.py`.
Words are those of the API. Amounts are whole units of the reporting currency.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

STAGES = ("DEFINED", "IDENTIFIED", "DETAILED", "DECIDED", "IMPLEMENTED", "CLOSED")
VOTING = frozenset({"EXECUTIVE", "SPONSOR", "PROGRAM_LEAD", "CONTROLLER"})
BENEFITS = frozenset({"REVENUE", "MARGIN", "COST_SAVING", "COST_AVOIDANCE"})
PROGRAMS = {"Contracts": "Service", "Repairs": "Service"}  # each with its portfolio
PLACES = {**PROGRAMS, "Service": "Growth"}  # all above a measure, each with what it sits under


def degree(stage: str) -> int:
    """0 (defined) to 5 (closed)."""
    return STAGES.index(stage)


def month_of(day: date, later: int = 0) -> str:
    """The month of a day, or so many months later: `2026-11`."""
    year, month = divmod(day.year * 12 + day.month - 1 + later, 12)
    return f"{year}-{month + 1:02}"


@dataclass
class Seat:
    """A role of a person at a place (None: the whole organization), from a date to a date."""

    person: str
    role: str
    at: str | None
    starts: date
    granted_by: str
    ends: date | None = None
    ratified: bool = False

    def holds(self, day: date) -> bool:
        """Whether it is in effect: dated so and, where it carries a vote, ratified by another person."""
        dated = self.starts <= day and (self.ends is None or day <= self.ends)
        return dated and (self.ratified or self.role not in VOTING)


@dataclass
class Line:
    """A value line of an initiative: three of its series by month."""

    measure: str
    kind: str
    baseline: bool
    plan: dict[str, int] = field(default_factory=dict)
    forecast: dict[str, int] = field(default_factory=dict)
    actual: dict[str, int] = field(default_factory=dict)


@dataclass
class Milestone:
    """A dated step. Who reported it achieved never verifies it."""

    measure: str
    type: str
    critical: bool
    achieved_on: date | None = None
    achieved_by: str = ""
    verified: bool = False
    cancelled: bool = False


class Body(NamedTuple):
    """A role that must vote at a gate: its eligible people, how many, and whether a GO states the amount."""

    role: str
    people: frozenset[str]
    needed: int
    states_amount: bool


class Vote(NamedTuple):
    """A vote that was cast."""

    by: str
    role: str
    outcome: str


@dataclass
class Submission:
    """What was asked for, with its snapshot of deciders; `outcome` None and `ended` means that it was retracted."""

    into: str
    by: str
    bodies: tuple[Body, ...]
    votes: list[Vote] = field(default_factory=list)
    outcome: str | None = None
    ended: bool = False

    def owed(self) -> dict[str, int]:
        """How many votes each role still owes."""
        cast = [vote.role for vote in self.votes]
        return {body.role: max(body.needed - cast.count(body.role), 0) for body in self.bodies}

    def waiting_on(self) -> dict[str, tuple[int, frozenset[str]]]:
        """Role → how many of which people still have to vote."""
        if self.ended:
            return {}
        voted = {vote.by for vote in self.votes}
        owed = self.owed()
        return {body.role: (owed[body.role], body.people - voted) for body in self.bodies if owed[body.role]}


@dataclass
class Measure:
    """An initiative or a sales plan. `written` are the texts that are filled in, as callers call them."""

    name: str
    level: str
    parent: str
    owner: str
    sponsor: str | None = None
    controller: str | None = None
    estimated: int = 0
    written: set[str] = field(default_factory=set)
    stage: str = "DEFINED"
    standing: str = "ACTIVE"
    quota: dict[str, int] = field(default_factory=dict)
    quota_of: set[str] = field(default_factory=set)
    weights: dict[str, int] = field(default_factory=dict)
    evidence: int = 0
    asked: dict[str, Submission] = field(default_factory=dict)

    @property
    def next(self) -> str | None:
        """The stage that its next gate leads into."""
        return None if self.stage == "CLOSED" else STAGES[degree(self.stage) + 1]

    @property
    def submitted(self) -> Submission | None:
        """Its open submission."""
        return next((each for each in self.asked.values() if not each.ended), None)

    @property
    def sellers(self) -> set[str]:
        """Whose own quota or results it holds."""
        return self.quota_of | set(self.weights)


@dataclass
class Law:
    """One organization on a day. Things are known by name. No gate opens before a policy is `locked`."""

    today: date
    locked: bool = True
    seats: dict[str, Seat] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    milestones: dict[str, Milestone] = field(default_factory=dict)

    def path(self, place: str | None) -> Iterator[str]:
        """A measure or a place and all that it sits under."""
        while place is not None:
            yield place
            measure = self.measures.get(place)
            place = measure.parent if measure else PLACES.get(place)

    def roles(self, person: str, place: str | None) -> set[str]:
        """The roles that a person holds today at a place or above it."""
        path = {None, *self.path(place)}
        seats = self.seats.values()
        return {seat.role for seat in seats if seat.person == person and seat.at in path and seat.holds(self.today)}

    def holders(self, role: str, place: str) -> set[str]:
        """Who holds a role there or above it today."""
        return {seat.person for seat in self.seats.values() if role in self.roles(seat.person, place)}

    def plans(self, initiative: str) -> list[Measure]:
        """The sales plans under an initiative."""
        return [each for each in self.measures.values() if each.parent == initiative and each.level == "SALES_PLAN"]

    def initiative(self, measure: Measure) -> Measure:
        """A sales plan's initiative; an initiative itself."""
        return self.measures[measure.parent] if measure.level == "SALES_PLAN" else measure

    def lines_of(self, measure: Measure) -> list[Line]:
        """The value lines of an initiative."""
        return [line for line in self.lines.values() if line.measure == measure.name]

    def milestones_of(self, measure: Measure) -> list[Milestone]:
        """The milestones of a measure that were not given up."""
        return [one for one in self.milestones.values() if one.measure == measure.name and not one.cancelled]
