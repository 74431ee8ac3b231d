"""Whether a hypothesis holds: progress, the path to target, and the verdict of the readings."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from server.domain.indicators import (
    Direction,
    Indicator,
    Judged,
    Point,
    Verdict,
    of_money,
    path_at,
    progress,
    verdict,
    verdict_so_far,
)
from server.domain.money import masked

JANUARY, JULY, YEAR_END = date(2026, 1, 1), date(2026, 7, 2), date(2026, 12, 31)
TODAY = date(2026, 8, 1)


def share(*readings: tuple[date, str], direction: Direction = Direction.INCREASE, **given: Any) -> Indicator:
    """The service share of revenue: from 20 % on 1 January to 40 % on 31 December."""
    points = tuple(Point(day, actual=Decimal(read)) for day, read in readings)
    usual: dict[str, Any] = {
        "unit": "%", "start": Decimal(20), "start_date": JANUARY, "target": Decimal(40), "target_date": YEAR_END,
    }  # fmt: skip
    return Indicator("Service share", direction, points=points, **(usual | given))


@pytest.mark.parametrize(
    ("direction", "numbers", "expected"),
    [
        (Direction.INCREASE, ("0", "76000", "12905"), "0.169803"),
        (Direction.DECREASE, ("9.5", "6", "7.4"), "0.600000"),
        (Direction.DECREASE, ("10", "5", "12"), "-0.400000"),
        (Direction.MILESTONE, ("0", "4", "4"), "1.000000"),
        (Direction.INCREASE, ("5", "5", "5"), None),
        (Direction.INCREASE, ("9", "6", "7"), None),
        (Direction.AT_LEAST, ("86", "80", "84"), None),
        (Direction.UNDEFINED, ("0", "10", "5"), None),
        (Direction.INCREASE, (None, "10", "5"), None),
        (Direction.INCREASE, ("0", "10", None), None),
        (Direction.INCREASE, ("0", "0." + "0" * 39 + "1", "9" * 40), "9" * 40 + "0" * 40 + ".000000"),
    ],
)
def test_progress_is_the_way_gone_over_the_whole_way_and_none_where_there_is_no_such_way(
    direction: Direction, numbers: tuple[str | None, ...], expected: str | None
) -> None:
    start, target, current = (Decimal(one) if one is not None else None for one in numbers)
    assert progress(direction, start, target, current) == (Decimal(expected) if expected else None)


def test_a_path_is_a_straight_line_until_points_are_stated() -> None:
    straight = share()
    assert path_at(straight, JANUARY - timedelta(days=1)) is None
    assert path_at(straight, JULY) == 30
    assert path_at(straight, YEAR_END + timedelta(days=99)) == 40
    bent = replace(straight, points=(Point(JULY, target=Decimal(24)),))
    assert path_at(bent, JULY) == 24
    assert path_at(bent, date(2026, 4, 2)) == Decimal(22)


def test_a_bound_holds_from_the_first_day_and_does_not_grow() -> None:
    bound = share(direction=Direction.AT_LEAST, start=Decimal(86), target=Decimal(80))
    assert path_at(bound, JANUARY) == path_at(bound, YEAR_END) == 80


def test_an_indicator_that_says_nothing_proves_nothing() -> None:
    for indicator, why in (
        (share((JULY, "30"), target=None), "no target"),
        (share((JULY, "30"), direction=Direction.UNDEFINED), "no direction"),
        (share(), "was not read yet"),
        (share((YEAR_END, "40")), "was not read yet"),
        (share((date(2025, 6, 1), "20"), start_date=date(2025, 1, 1)), "more than 400 days ago"),
    ):
        judged = verdict(indicator, TODAY)
        assert (judged.verdict, why in judged.sentence) == (Verdict.UNPROVEN, True), judged


def test_a_reading_that_stays_behind_its_path_by_more_than_a_tenth_fails_it() -> None:
    behind = "“Service share” stood at 28.9 % on 2026-07-02, below the 30 % that its path demands by then."
    assert verdict(share((JULY, "28.9")), TODAY) == Judged(Verdict.FAILING, behind, JULY)
    assert verdict(share((JULY, "29")), TODAY).sentence == (
        "“Service share” stood at 29 % on 2026-07-02, a little below the 30 % that its path demands by then."
    )
    assert verdict(share((JULY, "31")), TODAY).verdict is Verdict.HOLDING


def test_less_is_better_where_the_direction_says_so() -> None:
    days: dict[str, Any] = {
        "direction": Direction.DECREASE,
        "start": Decimal(60),
        "target": Decimal(40),
        "unit": "days",
    }
    assert verdict(share((JULY, "51"), **days), TODAY).verdict is Verdict.HOLDING
    failing = verdict(share((JULY, "51.1"), **days), TODAY)
    assert (failing.verdict, "above the 50 days" in failing.sentence) == (Verdict.FAILING, True)


def test_a_bound_has_no_tolerance() -> None:
    bound: dict[str, Any] = {"direction": Direction.AT_MOST, "start": None, "target": Decimal(2)}
    assert verdict(share((JULY, "2"), **bound), TODAY).verdict is Verdict.HOLDING
    assert verdict(share((JULY, "2.01"), **bound), TODAY).verdict is Verdict.FAILING


def test_a_milestone_is_not_behind_before_it_is_due_and_silence_is_no_excuse_after() -> None:
    step: dict[str, Any] = {"direction": Direction.MILESTONE, "start": Decimal(0), "target": Decimal(1), "unit": None}
    assert verdict(share((JULY, "0"), **step), TODAY).verdict is Verdict.HOLDING
    overdue = verdict(share(**step), YEAR_END + timedelta(days=1))
    assert (overdue.verdict, overdue.since) == (Verdict.FAILING, YEAR_END + timedelta(days=1))
    reached = verdict(share((JULY, "1"), **step), YEAR_END + timedelta(days=1))
    assert reached.verdict is Verdict.HOLDING


def test_an_outlook_is_held_against_the_target_itself() -> None:
    judged = verdict(share((JULY, "35"), foresees=True), TODAY)
    assert judged.sentence.endswith("below the 40 % that its path demands by 2026-12-31.")
    assert judged.verdict is Verdict.FAILING


def test_a_verdict_knows_since_when_it_is_so() -> None:
    february, april = date(2026, 2, 1), date(2026, 4, 1)
    judged = verdict(share((february, "22"), (april, "20"), (JULY, "21")), TODAY)
    assert (judged.verdict, judged.since) == (Verdict.FAILING, april)


def test_one_failing_indicator_fails_the_hypothesis_and_one_silent_leaves_it_unproven() -> None:
    def so_far(*indicators: Indicator) -> Judged:
        return verdict_so_far([(each, verdict(each, TODAY)) for each in indicators])

    good, bad, silent = share((JULY, "31")), share((JULY, "21")), share()
    assert so_far().sentence == "Nothing measures it yet: add an indicator with a target."
    assert so_far(good, silent, bad).verdict is Verdict.FAILING
    assert so_far(good, silent).verdict is Verdict.UNPROVEN
    assert so_far(good, good).sentence == "All 2 indicators hold their path: “Service share” and “Service share”."
    assert so_far(bad, bad, good).sentence.startswith("2 of 3 indicators are behind their path")


def test_amounts_of_money_are_known_as_such_and_can_be_masked() -> None:
    assert [of_money(unit) for unit in ("EUR", "USD/year", "%", None)] == [True, True, False, False]
    assert of_money(None, "SALES_WON")
    revenue = share((JULY, "1250.50"), unit="EUR")
    assert masked(verdict(revenue, TODAY).sentence).startswith("“Service share” stood at an amount on")
