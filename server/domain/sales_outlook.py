"""Where sales are heading: pace, projected end, late-stage pipeline, capacity and over-assignment (law §5)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from server.domain.behind import SalesRows
from server.domain.figures import Figure, Period
from server.domain.sales import over_assignment, ratio
from server.domain.sales_figures import Ground, Quotas

_LATE = (
    "open opportunities in COMMIT or BEST_CASE, or without a category at 50 % or more, expected to close in {period}, "
    "or with no expected close"
)


@dataclass(frozen=True, slots=True)
class Planned:
    """What initiatives plan to turn over and the quota of their plans, of those that plan any revenue; minor units.

    `hidden` of them whoever asks may not read: they are in neither.
    """

    revenue: int = 0
    quota: int = 0
    initiatives: int = 0
    hidden: int = 0

    @property
    def over_assignment(self) -> Decimal | None:
        """Σ quotas ÷ planned revenue − 1."""
        return over_assignment(self.quota, self.revenue)

    @property
    def covers(self) -> Decimal | None:
        """Σ quotas ÷ planned revenue."""
        return ratio(self.quota, self.revenue)


def days_of(period: Period, today: date) -> tuple[int, int]:
    """How many days of a period have begun by a day, that day included, and how many it has."""
    first = period.first.first_day
    last = date(period.last.year + period.last.month // 12, period.last.month % 12 + 1, 1) - timedelta(days=1)
    whole = (last - first).days + 1
    return min(max((today - first).days + 1, 0), whole), whole


def pace(ground: Ground, today: date) -> Figure | None:
    """What would be won by the end of the period at the pace so far; None before its first day."""
    elapsed, whole = days_of(ground.period, today)
    if not elapsed:
        return None
    terms = [
        ground.won,
        ("Days elapsed", elapsed, f"{elapsed:,}", None),
        ("Days in the period", whole, f"{whole:,}", None),
    ]
    units = round(Fraction(ground.tally.won_units * whole, elapsed))
    return ground.figure(units, f"won ÷ elapsed days × days in {ground.period}", terms, ground.tally.won_hidden)


def projected_end(ground: Ground) -> Figure:
    """What was won and what is likely to come, to be held against the quota."""
    tally = ground.tally
    terms = [
        ground.won,
        ground.amount("Weighted pipeline", tally.weighted, SalesRows.WEIGHTED),
        ground.amount("Quota, for comparison", ground.quota.units, SalesRows.QUOTA),
    ]
    formula = f"won + weighted pipeline, {ground.period}; projected attainment is this ÷ quota"
    return ground.figure(tally.won_units + tally.weighted, formula, terms, tally.won_hidden + tally.unlikely)


def late_stage(ground: Ground) -> Figure:
    """The open pipeline that is far along."""
    terms = [ground.number("Late-stage opportunities", ground.tally.late, SalesRows.LATE)]
    formula = f"Σ amount of {_LATE.format(period=ground.period)}"
    return ground.figure(ground.tally.late_units, formula, terms, ground.tally.late_unpriced)


def capacity(ground: Ground, found: Quotas) -> Figure:
    """What sellers can be expected to bring."""
    formula = f"Σ capacity of the sellers of sales plans that are not cancelled, {ground.period}"
    terms = [ground.number("Capacity lines", found.lines, SalesRows.CAPACITY)]
    return ground.figure(found.units, formula, terms, found.hidden)


def planned_revenue(ground: Ground, found: Planned) -> Figure:
    """What quota is held against; its inputs are those of over-assignment as well."""
    terms = [
        ground.number("Initiatives that plan revenue", found.initiatives, SalesRows.REVENUE),
        ground.amount("Their quota", found.quota, SalesRows.ASSIGNED),
    ]
    formula = (
        f"Σ planned revenue of initiatives that are not cancelled, {ground.period}; "
        "over-assignment is their quota ÷ this − 1"
    )
    return ground.figure(found.revenue, formula, terms, found.hidden)
