"""What waits for a decision: its order, and what happens if nobody does anything."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from server.domain.figures import Figure
from server.domain.pending import Pending, if_nothing, ranked
from server.domain.people import Role
from server.domain.purposes import Purpose
from server.domain.stages import Stage
from server.domain.votes import Capacity
from tests.domain.cases import initiative, someone
from tests.domain.test_votes import AT, SPONSOR, asked


def waiting(name: str, units: int, days: int, **other: Any) -> Pending:
    case = initiative(name=name, stage=Stage.DETAILED)
    stake = Figure(units, "EUR", "Its size")
    made = Pending(
        someone(name).id, asked(SPONSOR), case, Capacity(Role.SPONSOR), AT - timedelta(days=days), days, stake
    )
    return replace(made, **other)


def test_money_times_age_comes_first_and_of_equal_ones_the_oldest() -> None:
    found = [waiting("a", 100, 1), waiting("b", 50, 10), waiting("c", 1000, 0), waiting("d", 500, 2)]
    assert [each.case.name for each in ranked(found)] == ["d", "c", "b", "a"]


def test_who_may_not_read_the_money_gets_the_oldest_first() -> None:
    found = [waiting("a", 9, 1), waiting("b", 1, 2)]
    hidden = [replace(each, stake=replace(each.stake, readable=False)) for each in found]
    assert [each.case.name for each in ranked(hidden)] == ["b", "a"]


NO_CHANGE = "Nothing changes: the plan of “a” stays as it was decided; it has waited"
NOTHING_MOVES = "Nothing moves: “a” stays at Detailed; it has waited"


@pytest.mark.parametrize(
    ("days", "purpose", "sentence"),
    [
        (1, Purpose.GATE, f"{NOTHING_MOVES} 1 day, and counts as stalled after 14 days."),
        (20, Purpose.GATE, f"{NOTHING_MOVES} 20 days, and what waits 14 days counts as stalled."),
        (2, Purpose.CHANGE, f"{NO_CHANGE} 2 days, and counts as stalled after 14 days."),
    ],
)
def test_what_happens_if_nobody_decides_is_said(days: int, purpose: Purpose, sentence: str) -> None:
    found = waiting("a", 1, days)
    assert if_nothing(replace(found, asked=replace(found.asked, purpose=purpose)), 14) == sentence
