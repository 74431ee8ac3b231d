"""Shares of a fiscal year's budget are exact: months add up to the year, whatever the months asked for (law §4)."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.budgets import Budget, BudgetAmount, budget, check_budgets, left, share, within, years_of
from server.domain.cascade import Standing
from server.domain.figures import Figure, Period, Source
from server.domain.months import Month, fiscal_range, months_between
from server.domain.refusals import Faults
from server.domain.rollups import Cell, Sums
from server.domain.stages import Stage
from server.domain.values import ValueKind

YEAR = Period(Month(202704), Month(202803))
SERVICE = UUID(int=1)


def of(units: int | None, year: int = 2028) -> Budget:
    return Budget(SERVICE, "Service", year, units, 7)


def test_a_period_touches_the_fiscal_years_its_months_lie_in() -> None:
    assert years_of(Period(Month(202703), Month(202704)), 4) == [2027, 2028]
    assert years_of(Period(Month(202701), Month(202712)), 1) == [2027]


@given(units=st.integers(0, 10**15), start=st.integers(1, 12), cut=st.integers(0, 11))
def test_the_parts_of_a_year_add_up_to_the_year(units: int, start: int, cut: int) -> None:
    first, last = fiscal_range(2027, start)
    months = [within(units, 2027, Period(month, month), start)[0] for month in months_between(first, last)]
    assert sum(months) == units
    assert max(months) - min(months) <= 1
    middle = first.plus(cut)
    assert within(units, 2027, Period(first.plus(-5), middle), start) == (sum(months[: cut + 1]), cut + 1)
    assert within(units, 2027, Period(last.plus(1), last.plus(9)), start) == (0, 0)


def test_a_part_of_a_year_says_how_it_came_about() -> None:
    half = Sums((), Period(Month(202704), Month(202709)), "EUR")
    figure = budget([of(100_01), of(None, 2027)], half, 4)
    assert (figure.units, figure.omitted) == (50_00, 1)
    assert figure.inputs == (("Service, fiscal year 2028", "50.00 EUR (6 of 12 months of 100.01 EUR)"),)
    (source,) = figure.sources
    assert isinstance(source, Source)
    assert (source.kind, source.entry) == ("budget", 7)
    whole = budget([of(100_01)], Sums((), YEAR, "EUR"), 4)
    assert whole.inputs == (("Service, fiscal year 2028", "100.01 EUR"),)


def test_of_more_than_a_hundred_budgets_the_smallest_are_told_together() -> None:
    figure = budget([of(units) for units in range(1, 104)], Sums((), YEAR, "EUR"), 4)
    assert figure.units == sum(range(1, 104))
    assert figure.inputs[-1] == ("3 smaller ones together", "0.06 EUR")


def test_what_is_left_and_the_share_that_is_spent() -> None:
    budgeted, spent = Figure(300_00, "EUR", "budget"), Figure(100_00, "EUR", "spend")
    cost = Cell(ValueKind.CAPEX, Stage.DECIDED, Standing.ACTIVE, 0, 0, actual=100_00, confirmed=0)
    remains = left(budgeted, Sums([cost], YEAR, "EUR"))
    assert (remains.units, remains.inputs) == (200_00, (("Budget", "300.00 EUR"), ("Spend", "-100.00 EUR")))
    assert share(budgeted, spent) == Decimal("0.3333")
    assert share(Figure(0, "EUR", "none"), spent) is None


@pytest.mark.parametrize(
    ("year", "amount", "told"),
    [
        (1900, "1", "1900 is not a fiscal year between 1901 and 2199."),
        (2027, "-0.01", "Fiscal year 2027: -0.01 EUR lies below zero; a budget is zero or more."),
        (2027, "0.001", "Fiscal year 2027: 0.001 has more than the 2 decimals of EUR."),
        (2027, "1e20", "Fiscal year 2027: 1E+20 is too large for an amount of money."),
    ],
)
def test_what_is_no_budget_is_named(year: int, amount: str, told: str) -> None:
    faults = Faults()
    check_budgets([BudgetAmount(SERVICE, year, Decimal(amount))], "EUR", faults)
    assert faults.sentences[0].startswith(told)


def test_all_faults_are_told_at_once() -> None:
    faults = Faults()
    twice = [BudgetAmount(SERVICE, 2027, Decimal(-1)), BudgetAmount(SERVICE, 2027, None)]
    check_budgets(twice, "EUR", faults)
    assert len(faults.sentences) == 2
    assert "named twice" in faults.sentences[1]
