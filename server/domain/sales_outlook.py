"""Where sales are heading: pace, projected end, late-stage pipeline, capacity and over-assignment (law §5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from server.domain.figures import Figure, Period
from server.domain.money import Money
from server.domain.sales import over_assignment, ratio
from server.domain.sales_figures import NONE_SET, NOTHING, Quotas, Tally

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


@dataclass(frozen=True, slots=True)
class Ground:
    """What the figures of a place and period are made of; `readable`: whether any of it may be read."""

    period: Period
    currency: str
    quota: Quotas = NONE_SET
    tally: Tally = NOTHING
    readable: bool = True

    def figure(self, units: int, formula: str, inputs: Sequence[tuple[str, str]], omitted: int = 0) -> Figure:
        """A figure of this ground."""
        return Figure(units, self.currency, formula, tuple(inputs), omitted, self.readable)

    def told(self, units: int) -> str:
        """An amount as an input."""
        return str(Money(units, self.currency))


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
    inputs = [
        ("Won", ground.told(ground.tally.won_units)),
        ("Days elapsed", f"{elapsed:,}"),
        ("Days in the period", f"{whole:,}"),
    ]
    units = round(Fraction(ground.tally.won_units * whole, elapsed))
    return ground.figure(units, f"won ÷ elapsed days × days in {ground.period}", inputs, ground.tally.won_hidden)


def projected_end(ground: Ground) -> Figure:
    """What was won and what is likely to come, to be held against the quota."""
    tally = ground.tally
    inputs = [
        ("Won", ground.told(tally.won_units)),
        ("Weighted pipeline", ground.told(tally.weighted)),
        ("Quota, for comparison", ground.told(ground.quota.units)),
    ]
    formula = f"won + weighted pipeline, {ground.period}; projected attainment is this ÷ quota"
    return ground.figure(tally.won_units + tally.weighted, formula, inputs, tally.won_hidden + tally.unlikely)


def late_stage(ground: Ground) -> Figure:
    """The open pipeline that is far along."""
    inputs = [("Late-stage opportunities", f"{ground.tally.late:,}")]
    formula = f"Σ amount of {_LATE.format(period=ground.period)}"
    return ground.figure(ground.tally.late_units, formula, inputs, ground.tally.late_unpriced)


def capacity(ground: Ground, found: Quotas) -> Figure:
    """What sellers can be expected to bring."""
    formula = f"Σ capacity of the sellers of sales plans that are not cancelled, {ground.period}"
    return ground.figure(found.units, formula, [("Capacity lines", f"{found.lines:,}")], found.hidden)


def planned_revenue(ground: Ground, found: Planned) -> Figure:
    """What quota is held against; its inputs are those of over-assignment as well."""
    inputs = [("Initiatives that plan revenue", f"{found.initiatives:,}"), ("Their quota", ground.told(found.quota))]
    formula = (
        f"Σ planned revenue of initiatives that are not cancelled, {ground.period}; "
        "over-assignment is their quota ÷ this − 1"
    )
    return ground.figure(found.revenue, formula, inputs, found.hidden)
