"""Budgets of portfolios by fiscal year, and what is spent against them (law §1 and §4).

A budget is set for a fiscal year. A period that touches only some of its months counts their share: month by month a
twelfth, rounded so that the twelve add up to the whole to the last minor unit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from server.domain.behind import line_rows
from server.domain.figures import Figure, Period, Source, Term, explained
from server.domain.money import Money, minor
from server.domain.months import EARLIEST, LATEST, Month, fiscal_range, fiscal_year
from server.domain.refusals import Faults
from server.domain.rollups import MONTHS_A_YEAR, Sums
from server.domain.values import COSTS, ValueKind

_FINEST_SHARE = 4  # decimals


@dataclass(frozen=True, slots=True)
class BudgetAmount:
    """What a portfolio is to have for a fiscal year, in the reporting currency; None clears it."""

    portfolio: UUID
    fiscal_year: int
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Budget:
    """A portfolio's budget of a fiscal year in minor units; None where whoever asks may not read it."""

    id: UUID
    portfolio: str
    fiscal_year: int
    units: int | None
    revision: int


@dataclass(frozen=True, slots=True)
class Unplanned:
    """What lines of one kind of cost have spent on measures that promise nothing, and how many may not be read."""

    kind: ValueKind
    units: int
    omitted: int = 0


def years_of(period: Period, start: int) -> list[int]:
    """The fiscal years that a period touches; `start` is their first month, 1–12."""
    return list(range(fiscal_year(period.first, start), fiscal_year(period.last, start) + 1))


def within(units: int, year: int, period: Period, start: int) -> tuple[int, int]:
    """The share of a year's budget in a period, and how many of its twelve months the period holds."""
    first, last = fiscal_range(year, start)
    begins, ends = max(first, period.first), min(last, period.last)
    if begins > ends:
        return 0, 0
    before, through = _ordinal(begins) - _ordinal(first), _ordinal(ends) - _ordinal(first) + 1
    return units * through // MONTHS_A_YEAR - units * before // MONTHS_A_YEAR, through - before


def _ordinal(month: Month) -> int:
    return month.year * MONTHS_A_YEAR + month.month


def budget(budgets: Iterable[Budget], sums: Sums, start: int) -> Figure:
    """The budgets of portfolios at or below a place, as far as they lie in the period."""
    terms = []
    listed = list(budgets)
    for one in listed:
        if one.units is None:
            continue
        units, months = within(one.units, one.fiscal_year, sums.period, start)
        shown = str(Money(units, sums.currency))
        if months < MONTHS_A_YEAR:
            shown += f" ({months} of 12 months of {Money(one.units, sums.currency)})"
        terms.append((f"{one.portfolio}, fiscal year {one.fiscal_year}", units, shown, _source(one)))
    formula = f"budgets of portfolios here and below, {sums.period}; of a fiscal year's budget a twelfth each month"
    omitted = sum(one.units is None for one in listed)
    return explained(terms, sums.currency, formula, omitted, readable=sums.readable)


def _source(one: Budget) -> Source:
    return Source("budget", one.id, one.revision)


def of_year(found: Budget | None, year: int, currency: str, *, readable: bool) -> Figure:
    """One portfolio's budget of a fiscal year; where none is set, that is said and counted as omitted."""
    if found is None:
        return Figure(0, currency, f"no budget is set for fiscal year {year}", omitted=1, readable=readable)
    units = found.units or 0
    terms = [("Budget", units, str(Money(units, currency)), _source(found))]
    return explained(terms, currency, f"budget of fiscal year {year}, as it was set", 0, readable=readable)


def left(budget: Figure, sums: Sums) -> Figure:
    """What is left of a budget; below zero where it is overspent."""
    name, spent, behind = sums.part("Spend", "actual", COSTS, off=True)
    terms: list[Term] = [
        ("Budget", budget.units, str(budget.money), budget.listed),
        (name, spent, str(Money(spent, sums.currency)), behind),
    ]
    return sums.figure(budget.units + spent, "budget − spend", terms, budget.omitted + sums.omitted(COSTS))


def share(budget: Figure, spend: Figure) -> Decimal | None:
    """Spend ÷ budget, to four decimals; None without a budget."""
    if not budget.units or not budget.readable:
        return None
    return Decimal(round(Fraction(spend.units, budget.units) * 10**_FINEST_SHARE)).scaleb(-_FINEST_SHARE)


def without_case(spent: Sequence[Unplanned], sums: Sums) -> Figure:
    """What was spent on measures that have no benefit plan at all: no month of a benefit line, no quota below."""
    parts = [
        (one.kind.spoken.capitalize(), one.units, sums.behind(line_rows("uncased", {one.kind})))
        for one in sorted(spent, key=lambda one: list(ValueKind).index(one.kind))
    ]
    formula = f"actual of cost lines on measures without a plan of any benefit and without quota, {sums.period}"
    return sums.added(parts, formula, sum(one.omitted for one in spent))


def check_budgets(wanted: Sequence[BudgetAmount], currency: str, faults: Faults) -> dict[tuple[UUID, int], int | None]:
    """The budgets asked for in minor units, by portfolio and fiscal year; what is wrong goes to `faults`."""
    found: dict[tuple[UUID, int], int | None] = {}
    for one in wanted:
        year, key = one.fiscal_year, (one.portfolio, one.fiscal_year)
        if not EARLIEST < year <= LATEST:  # the first may begin before the years we know
            faults.add(f"{year} is not a fiscal year between {EARLIEST + 1} and {LATEST}.", "fiscalYear")
        if key in found:
            faults.add(f"Fiscal year {year} is named twice for one portfolio; name it once.", "fiscalYear")
        found[key] = None if one.amount is None else _units(one.amount, year, currency, faults)
    return found


def _units(amount: Decimal, year: int, currency: str, faults: Faults) -> int | None:
    try:
        units = minor(amount, currency)
    except ValueError as error:
        faults.add(f"Fiscal year {year}: {error}.", "amount")
        return None
    if units < 0:
        message = f"Fiscal year {year}: {Money(units, currency)} lies below zero; a budget is zero or more."
        faults.add(f"{message} To take it away, give no amount.", "amount")
    return units
