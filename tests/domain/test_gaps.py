"""The law of seat gaps: what gates will lack, told before the day, once, and of nothing that is over."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from server.domain.cascade import Level, Standing
from server.domain.cases import Party
from server.domain.gaps import Cover, Gap, Place, Seated, gaps, needed
from server.domain.people import Role, SeatHeld
from server.domain.policy import DEFAULT
from server.domain.stages import Stage
from tests.domain.cases import CARL, EMIL, EVE, OLAF, PIA, SAM, someone

TODAY = date(2026, 11, 16)
END = date(2027, 2, 28)
ID = {name: someone(name).id for name in ("Growth", "Service", "Contracts", "Parts", "Full service", "DACH")}
PARTIES = {Role.OWNER: OLAF, Role.SPONSOR: SAM, Role.CONTROLLER: CARL}
WANTED = {Role.PROGRAM_LEAD: 1, Role.SPONSOR: 1, Role.CONTROLLER: 1, Role.EXECUTIVE: 2}


def place(name: str, parent: str | None, level: Level, **other: Any) -> Place:
    named = PARTIES if level in (Level.INITIATIVE, Level.SALES_PLAN) else {}
    stage = Stage.DETAILED if named else None
    parent_id = ID[parent] if parent else None
    fields: dict[str, Any] = {"standing": Standing.ACTIVE, "stage": stage, "named": named} | other
    return Place(id=ID[name], parent_id=parent_id, level=level, name=name, **fields)


CASCADE = [
    place("Growth", None, Level.OBJECTIVE),
    place("Service", "Growth", Level.PORTFOLIO),
    place("Contracts", "Service", Level.PROGRAM),
    place("Full service", "Contracts", Level.INITIATIVE),
    place("DACH", "Full service", Level.SALES_PLAN),
]


def seat(
    person: Party, role: Role, at: str | None = None, ends: date | None = None, *, ratified: bool = True
) -> Seated:
    node: UUID | None = ID[at] if at else None
    return Seated(person, SeatHeld(role, node, date(2026, 1, 1), ends, ratified))


CAST = {
    Role.PROGRAM_LEAD: [PIA],
    Role.SPONSOR: [SAM],
    Role.CONTROLLER: [CARL],
    Role.EXECUTIVE: [EVE, EMIL],
    Role.OWNER: [OLAF],
}


def seats(*other: Seated, without: Role | None = None) -> list[Seated]:
    return [*(seat(person, role) for role, people in CAST.items() for person in people if role is not without), *other]


def found(held: list[Seated], cascade: list[Place] | None = None, days: int = 120) -> list[Gap]:
    places = cascade or CASCADE
    covered = Cover(places, held, TODAY, TODAY + timedelta(days=days))
    return gaps(covered, WANTED, None, [each.id for each in places])


def told(found: list[Gap]) -> list[str]:
    return [gap.told(TODAY) for gap in found]


def test_nothing_is_lacking_where_everybody_is_seated() -> None:
    assert found(seats()) == []
    assert needed(DEFAULT) == WANTED


def test_a_seat_that_ends_is_a_gap_before_it_happens_and_within_the_horizon() -> None:
    held = seats(seat(CARL, Role.CONTROLLER, ends=END), without=Role.CONTROLLER)
    (gap,) = found(held)
    assert (gap.role, gap.place, gap.starts, gap.measures) == (Role.CONTROLLER, ID["Contracts"], date(2027, 3, 1), 2)
    assert told([gap]) == [
        "“Contracts” has no controller from 1 March 2027: of the seats that of Carl ends the day before."
    ]
    assert found(held, days=30) == []
    assert found([*held, seat(CARL, Role.CONTROLLER, "Contracts")]) == []


def test_a_seat_that_is_not_ratified_fills_nothing() -> None:
    held = seats(seat(PIA, Role.PROGRAM_LEAD, "Contracts", ratified=False), without=Role.PROGRAM_LEAD)
    assert told(found(held)) == [
        "“Contracts” has no program lead: of the seats that of Pia waits for an executive to ratify it."
    ]


def test_a_committee_needs_its_quorum() -> None:
    held = seats(seat(EVE, Role.EXECUTIVE), without=Role.EXECUTIVE)
    (gap,) = found(held)
    assert "has only 1 of the 2 executives that its gates ask for" in gap.told(TODAY)


def test_whom_a_measure_names_must_hold_the_seat_though_others_do() -> None:
    held = seats(seat(CARL, Role.CONTROLLER, ends=END), seat(EVE, Role.CONTROLLER), without=Role.CONTROLLER)
    (gap,) = found(held)
    assert (gap.person, gap.measures, gap.place) == (CARL, 2, ID["Contracts"])
    assert gap.told(TODAY) == (
        "“Contracts” has 2 measures that name Carl as their controller, who has no controller seat in effect from "
        "1 March 2027: name another, or seat them longer."
    )
    (owner,) = found(seats(without=Role.OWNER), CASCADE[:-1])
    assert "names Olaf as its owner, who has no seat that reaches there: name" in owner.told(TODAY)


def test_what_a_whole_portfolio_lacks_is_told_once() -> None:
    both = [*CASCADE, place("Parts", "Service", Level.PROGRAM)]
    (gap,) = found(seats(without=Role.PROGRAM_LEAD), both)
    assert (gap.place, gap.name, gap.measures) == (ID["Service"], "Service", 2)
    one = seats(seat(PIA, Role.PROGRAM_LEAD, "Parts"), without=Role.PROGRAM_LEAD)
    assert [gap.place for gap in found(one, both)] == [ID["Contracts"]]


def test_what_is_over_needs_nobody() -> None:
    closed = [*CASCADE[:3], place("Full service", "Contracts", Level.INITIATIVE, stage=Stage.CLOSED)]
    held = seats(seat(EVE, Role.CONTROLLER), without=Role.CONTROLLER)  # Carl, whom it names, has none
    assert found(held, closed) == []
    cancelled = [*CASCADE[:2], place("Contracts", "Service", Level.PROGRAM, standing=Standing.CANCELLED)]
    assert found([], cancelled) == []
