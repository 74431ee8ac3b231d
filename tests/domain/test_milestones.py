"""The computed state of a milestone, and when a reading reaches its target."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from server.domain.milestones import Aim, MilestoneState, reaches, state

TODAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-1, MilestoneState.LATE), (0, MilestoneState.DUE), (14, MilestoneState.DUE), (15, MilestoneState.PLANNED)],
)
def test_an_open_milestone_is_judged_by_its_date(days: int, expected: MilestoneState) -> None:
    due = TODAY + timedelta(days=days)
    assert state(due=due, today=TODAY, achieved_on=None, cancelled=False, over=False) is expected


def test_what_is_achieved_late_is_achieved_and_what_is_over_is_missed() -> None:
    due = TODAY - timedelta(days=90)
    assert state(due=due, today=TODAY, achieved_on=TODAY, cancelled=False, over=True) is MilestoneState.ACHIEVED
    assert state(due=due, today=TODAY, achieved_on=None, cancelled=False, over=True) is MilestoneState.MISSED
    assert state(due=due, today=TODAY, achieved_on=None, cancelled=True, over=True) is MilestoneState.CANCELLED


@pytest.mark.parametrize(
    ("start", "target", "reading", "reached"),
    [("0", "40", "40", True), ("0", "40", "39.99", False), ("9.5", "6", "6", True), ("9.5", "6", "6.1", False),
     (None, "40", "41", True), (None, None, "41", False)],
)  # fmt: skip
def test_a_reading_reaches_the_target_in_the_direction_it_runs(
    start: str | None, target: str | None, reading: str, reached: bool
) -> None:
    aim = Aim(Decimal(start) if start else None, Decimal(target) if target else None)
    assert reaches(Decimal(reading), aim) is reached
