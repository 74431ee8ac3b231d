"""Months and fiscal years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.months import Month, fiscal_range, fiscal_year, months_between

months = st.builds(Month.of, st.integers(1950, 2150), st.integers(1, 12))


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-01", "2026-1", "2026-11-01", "1899-12", "now", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"month"):
        Month.parse(text)


@given(months)
def test_a_month_is_read_as_it_is_written(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert Month.containing(month.first_day) == month


@given(months, st.integers(-300, 300))
def test_going_and_coming_back(month: Month, span: int) -> None:
    there = month.plus(span)
    assert there.plus(-span) == month
    assert (there > month) == (span > 0)


@given(months, st.integers(1, 12))
def test_a_fiscal_year_has_twelve_months_and_holds_its_own(month: Month, start: int) -> None:
    first, last = fiscal_range(fiscal_year(month, start), start)
    every = list(months_between(first, last))
    assert len(every) == 12
    assert month in every
    assert first.month == start


def test_a_fiscal_year_is_named_after_the_year_in_which_it_ends() -> None:
    assert fiscal_year(Month.of(2026, 4), 4) == 2027
    assert fiscal_year(Month.of(2026, 3), 4) == 2026
    assert fiscal_year(Month.of(2026, 3), 1) == 2026
    assert fiscal_range(2027, 4)[0].first_day == date(2026, 4, 1)
