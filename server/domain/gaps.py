"""Seat gaps, before they happen: where a role that gates ask for has too few people from some day on (law §3).

Looked at are the programs that go on, with whoever is seated at them or above, and the people whom open measures name.
What all programs of a portfolio, or of the organization, lack from the same day is told once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from server.domain.cascade import MEASURES, Level, Standing
from server.domain.cases import Party
from server.domain.people import Role, SeatHeld
from server.domain.policy import Policy
from server.domain.stages import Stage
from server.domain.wording import listed

_DAY = timedelta(days=1)
_AS = {Role.OWNER: "owner", Role.SPONSOR: "sponsor", Role.CONTROLLER: "controller"}


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the cascade; `named` are the owner, sponsor and controller of a measure, by role."""

    id: UUID
    parent_id: UUID | None
    level: Level
    name: str
    standing: Standing
    stage: Stage | None
    named: Mapping[Role, Party]

    @property
    def goes_on(self) -> bool:
        """Whether somebody will have to decide about it yet."""
        return self.standing is not Standing.CANCELLED and self.stage is not Stage.CLOSED


@dataclass(frozen=True, slots=True)
class Seated:
    """A person's seat."""

    person: Party
    held: SeatHeld


@dataclass(frozen=True, slots=True)
class Gap:
    """A role that lacks people at a node (None: everywhere) from a day on; `measures` are the open ones it concerns."""

    role: Role
    place: UUID | None
    name: str
    starts: date
    measures: int
    why: str
    person: Party | None = None

    def told(self, today: date) -> str:
        """The gap as a sentence."""
        when = "" if self.starts == today else f" from {self.starts.day} {self.starts:%B %Y}"
        return self.why.replace("{when}", when).replace("{name}", self.name)


def needed(policy: Policy) -> dict[Role, int]:
    """How many of each role the gates of a policy ask for at the most."""
    found: dict[Role, int] = {}
    for gate in policy.gates.values():
        for vote in gate.votes:
            found[vote.role] = max(found.get(vote.role, 0), vote.needed)
    return found


class Cover:
    """Who is seated where, day by day, from today to the horizon."""

    def __init__(self, places: Collection[Place], seats: Collection[Seated], today: date, horizon: date) -> None:
        self.places = {place.id: place for place in places}
        self.today, self.horizon = today, horizon
        self._at: dict[UUID | None, list[Seated]] = defaultdict(list)
        for seat in seats:
            self._at[seat.held.node_id].append(seat)

    def path(self, place: Place) -> Iterator[Place]:
        """A place and all that lies above it."""
        here: Place | None = place
        while here:
            yield here
            here = self.places.get(here.parent_id) if here.parent_id else None

    def above(self, place: Place) -> list[Seated]:
        """The seats that reach a place."""
        return [*self._at[None], *(seat for each in self.path(place) for seat in self._at[each.id])]

    def first_short(self, seats: Collection[Seated], count: int) -> date | None:
        """The first day on which fewer persons than that hold one of these seats; None where that day never comes."""
        ends = {seat.held.ends + _DAY for seat in seats if seat.held.ends}
        for day in sorted({self.today, *(day for day in ends if self.today < day <= self.horizon)}):
            if len({seat.person.id for seat in seats if seat.held.holds_on(day)}) < count:
                return day
        return None


def gaps(cover: Cover, wanted: Mapping[Role, int], organization: str | None, seen: Collection[UUID]) -> list[Gap]:
    """Every gap among the places in sight (`seen`), the nearest first.

    `organization` is its name, None for who sees only a part of it: to them nothing is told of the whole.
    """
    places = [place for place in cover.places.values() if place.id in seen and place.goes_on]
    measures = [place for place in places if place.level in MEASURES]
    below: dict[UUID, int] = defaultdict(int)
    for measure in measures:
        for place in cover.path(measure):
            below[place.id] += 1
    programs = [place for place in places if place.level is Level.PROGRAM]
    lacking = list(_lacking(cover, programs, wanted, below))
    found = [*_joined(cover, programs, lacking, organization), *_named(cover, measures, lacking)]
    return sorted(found, key=lambda gap: (gap.starts, -gap.measures, gap.name, gap.role))


def _lacking(
    cover: Cover, programs: Iterable[Place], wanted: Mapping[Role, int], below: Mapping[UUID, int]
) -> Iterator[Gap]:
    for program in programs:
        reach = cover.above(program)
        for role, count in wanted.items():
            seats = [seat for seat in reach if seat.held.role is role]
            day = cover.first_short(seats, count)
            if day is not None:
                why = _why(role, count, day, seats)
                yield Gap(role, program.id, program.name, day, below.get(program.id, 0), why)


def _why(role: Role, count: int, day: date, seats: Collection[Seated]) -> str:
    left = len({seat.person.id for seat in seats if seat.held.holds_on(day)})
    has = f"only {left} of the {count} {role.spoken}s that its gates ask for" if left else f"no {role.spoken}"
    ended = [f"that of {seat.person.name} ends the day before" for seat in seats if seat.held.ends == day - _DAY]
    waits = [
        f"that of {seat.person.name} waits for an executive to ratify it"
        for seat in seats
        if not seat.held.ratified and replace(seat.held, ratified=True).holds_on(day)
    ]
    cause = listed([*ended, *waits]) if ended or waits else "grant one there or above, and let an executive ratify it"
    return f"“{{name}}” has {has}{{when}}: {'of the seats ' if ended or waits else ''}{cause}."


def _joined(cover: Cover, programs: Collection[Place], lacking: list[Gap], organization: str | None) -> list[Gap]:
    """Told once of the whole organization, or of a portfolio, what each of its programs lacks from the same day on."""
    everywhere: dict[UUID, UUID | None] = dict.fromkeys((program.id for program in programs), None)
    found = _up(lacking, everywhere, {None: organization}) if organization else lacking
    above = {program.id: program.parent_id for program in programs}
    names: dict[UUID | None, str] = {place: cover.places[place].name for place in above.values() if place}
    rest = [gap for gap in found if gap.place is not None]
    return [*(gap for gap in found if gap.place is None), *_up(rest, above, names)]


def _up(lacking: list[Gap], above: Mapping[UUID, UUID | None], names: Mapping[UUID | None, str]) -> list[Gap]:
    """Gaps that all places below one share become its own; one place below is told of as itself."""
    alike: dict[tuple[UUID | None, Role, date, str], list[Gap]] = defaultdict(list)
    for gap in lacking:
        alike[above[gap.place], gap.role, gap.starts, gap.why].append(gap)  # type: ignore[index]  # a program has an id
    count: dict[UUID | None, int] = defaultdict(int)
    for place in above.values():
        count[place] += 1
    found: list[Gap] = []
    for (place, *_), same in alike.items():
        whole = len(same) == count[place] > 1
        total = sum(gap.measures for gap in same)
        found += [replace(same[0], place=place, name=names[place], measures=total)] if whole else same
    return found


def _named(cover: Cover, measures: Iterable[Place], lacking: Collection[Gap]) -> Iterator[Gap]:
    """Whom open measures name, and who will not hold the seat that it takes; told once for each program."""
    known = {(gap.place, gap.role): gap.starts for gap in lacking}
    alike: dict[tuple[UUID, Role, Party, date], list[Place]] = defaultdict(list)
    for measure in measures:
        program = next((place for place in cover.path(measure) if place.level is Level.PROGRAM), measure)
        for role, person in measure.named.items():
            own = [seat for seat in cover.above(measure) if seat.person.id == person.id]
            seats = own if role is Role.OWNER else [seat for seat in own if seat.held.role is role]
            day = cover.first_short(seats, 1)
            if day is not None and known.get((program.id, role), date.max) > day:
                alike[program.id, role, person, day].append(measure)
    for (program_id, role, person, day), same in alike.items():
        where = same[0] if len(same) == 1 else cover.places[program_id]
        yield Gap(role, where.id, where.name, day, len(same), _why_named(role, person, len(same)), person)


def _why_named(role: Role, person: Party, count: int) -> str:
    part = _AS[role]
    several = f"has {count} measures that name {person.name} as their {part}"
    names = f"names {person.name} as its {part}" if count == 1 else several
    lacks = "no seat that reaches there" if role is Role.OWNER else f"no {part} seat in effect"
    return f"“{{name}}” {names}, who has {lacks}{{when}}: name another, or seat them longer."
