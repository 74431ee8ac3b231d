"""Review cycles: their days, where they stand, what closing locks; and how missing input is told (law §8)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.cycles import CycleState, Span, closing, first_span, months_over, next_span, state, why_not_closed
from server.domain.lights import LightKind
from server.domain.missing import Lacking, Late, MissingInput, by_person, missing
from server.domain.months import Month
from server.domain.policy import Cadence, Cycle
from server.domain.refusals import RefusalCode

TODAY = date(2026, 11, 18)  # a Wednesday
NOVEMBER = Span(date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 5))
OLAF, NOBODY = UUID(int=1), None
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
CADENCES = st.builds(Cadence, cycle=st.sampled_from(Cycle), due_days=st.integers(0, 30))


@pytest.mark.parametrize(
    ("cycle", "fiscal_start", "starts", "ends"),
    [
        (Cycle.WEEKLY, 1, date(2026, 11, 16), date(2026, 11, 22)),
        (Cycle.MONTHLY, 1, date(2026, 11, 1), date(2026, 11, 30)),
        (Cycle.QUARTERLY, 1, date(2026, 10, 1), date(2026, 12, 31)),
        (Cycle.QUARTERLY, 5, date(2026, 11, 1), date(2027, 1, 31)),
    ],
)
def test_a_cycle_is_the_week_month_or_quarter_of_the_day(
    cycle: Cycle, fiscal_start: int, starts: date, ends: date
) -> None:
    found = first_span(Cadence(cycle=cycle, due_days=5), TODAY, fiscal_start)
    assert found == Span(starts, ends, ends + timedelta(days=5))


@given(CADENCES, CADENCES, DAYS, st.integers(1, 12))
def test_cycles_follow_one_another_without_a_gap_also_where_the_cadence_changes(
    before: Cadence, after: Cadence, today: date, fiscal_start: int
) -> None:
    first = first_span(before, today, fiscal_start)
    assert first.starts <= today <= first.ends <= first.due
    second = next_span(after, first.ends, fiscal_start)
    assert second.starts == first.ends + timedelta(days=1) <= second.ends
    assert next_span(before, first.ends, fiscal_start) == first_span(before, second.starts, fiscal_start)


@given(CADENCES, DAYS, DAYS, st.integers(1, 12))
def test_no_month_is_locked_that_is_not_over(cadence: Cadence, day: date, today: date, fiscal_start: int) -> None:
    span = first_span(cadence, day, fiscal_start)
    locked = months_over(span, today)
    assert locked.plus(1).first_day <= min(span.ends + timedelta(days=1), today)
    assert locked.plus(2).first_day > min(span.ends + timedelta(days=1), today)


def test_a_cycle_is_open_then_due_then_overdue_until_it_is_closed() -> None:
    days = (TODAY, NOVEMBER.ends, date(2026, 12, 1), NOVEMBER.due, date(2026, 12, 6))
    states = [state(NOVEMBER, day, closed=False) for day in days]
    assert states == [CycleState.OPEN, CycleState.OPEN, CycleState.DUE, CycleState.DUE, CycleState.OVERDUE]
    assert state(NOVEMBER, TODAY, closed=True) is CycleState.CLOSED


def test_closing_is_refused_twice_and_too_early_only() -> None:
    assert why_not_closed(3, NOVEMBER, TODAY, closed=False) is None
    twice = why_not_closed(3, NOVEMBER, TODAY, closed=True)
    early = why_not_closed(3, NOVEMBER, date(2026, 10, 31), closed=False)
    assert twice is not None
    assert early == (
        RefusalCode.WRONG_STAGE,
        "Review cycle 3 begins on 2026-11-01: close it from then on.",
    )
    assert twice[0] is RefusalCode.ALREADY_DECIDED


def test_closing_tells_how_much_was_missing() -> None:
    ends = "actuals are locked through October 2026."
    of = "closed review cycle 3 (2026-11-01 to 2026-11-30):"
    october = Month(202610)
    assert closing(3, NOVEMBER, 0, 0, october) == f"{of} nothing was missing; {ends}"
    assert closing(3, NOVEMBER, 1, 1, october) == f"{of} 1 input of 1 person was missing; {ends}"
    assert closing(3, NOVEMBER, 7, 2, october) == f"{of} 7 inputs of 2 people were missing; {ends}"


def test_what_is_missing_is_told_by_person_who_owes_most_first() -> None:
    months = {"Contracts": [Month(202609), Month(202610)]}
    lacking = [
        Lacking(UUID(int=7), NOBODY, late=[Late("Stock", date(2026, 11, 2))]),
        Lacking(UUID(int=8), OLAF, ["Contracts"], 2, months, [LightKind.POTENTIAL]),
        Lacking(UUID(int=9), OLAF),
    ]
    found = by_person(missing(lacking, Month(202611)))
    assert [(person, [one.what for one in owed]) for person, owed in found.items()] == [
        (OLAF, [MissingInput.FORECAST, MissingInput.FORECAST, MissingInput.ACTUALS, MissingInput.LIGHTS]),
        (NOBODY, [MissingInput.MILESTONE]),
    ]
    assert [one.sentence for owed in found.values() for one in owed] == [
        "The forecast of “Contracts” is not current for 2026-11.",
        "2 open opportunities were expected to close before 2026-11.",
        "There is no actual of “Contracts” for 2026-09 and 2026-10.",
        "The potential light is not set in this cycle.",
        "“Stock” was due on 2026-11-02, and there is no reading since.",
    ]
