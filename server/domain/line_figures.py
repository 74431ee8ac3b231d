"""The figures of one value line in a period, month by month: what every roll-up is made of (law §4).

Each is in the reporting currency, converted at the plan rate of the month's fiscal year as it was written, so that the
lines of a branch add up to its roll-up. An outlook of what is held or cancelled weighs nothing there, nor here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from server.domain.cascade import Standing
from server.domain.figures import Figure, Period, Source
from server.domain.money import Money
from server.domain.months import Month, fiscal_year
from server.domain.rollups import MONTHS_A_YEAR
from server.domain.stages import Stage
from server.domain.values import ValueKind, outlook


class LineFigure(StrEnum):
    """The figures of a roll-up that are sums over value lines."""

    PLAN = "PLAN"
    OUTLOOK = "OUTLOOK"
    ACTUAL = "ACTUAL"
    CONFIRMED = "CONFIRMED"
    RUN_RATE = "RUN_RATE"


@dataclass(frozen=True, slots=True)
class Series:
    """The four series of a month in minor units of one currency."""

    plan: int | None
    forecast: int | None
    actual: int | None
    confirmed: int | None


@dataclass(frozen=True, slots=True)
class LineMonth:
    """A month of a line: in its own currency, in the reporting currency, and the entry that last changed it."""

    month: Month
    own: Series
    reporting: Series
    entry: int


@dataclass(frozen=True, slots=True)
class Line:
    """A value line with how its initiative stands. Its months are those that hold an amount, in order."""

    id: UUID
    name: str
    kind: ValueKind
    recurring: bool
    currency: str
    stage: Stage
    standing: Standing
    months: Sequence[LineMonth]
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Conversion:
    """The reporting currency, the first month of a fiscal year, and plan rates by fiscal year and currency."""

    into: str
    start: int
    rates: Mapping[tuple[int, str], Decimal]


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was before: the amount in minor units of the line's currency, its source and its day."""

    units: int | None
    source: str | None
    day: date | None


_FORMULAS = {
    LineFigure.PLAN: "plan",
    LineFigure.OUTLOOK: "outlook by month: actual where there is one, else the forecast (from Decided on), else plan",
    LineFigure.ACTUAL: "actual",
    LineFigure.CONFIRMED: "confirmed by controllers",
    LineFigure.RUN_RATE: f"outlook in the period's last month × {MONTHS_A_YEAR}",
}


def figure(wanted: LineFigure, line: Line, period: Period, conversion: Conversion) -> Figure:
    """One figure of a line, with its months as inputs."""
    pick = _pick(wanted, line)
    within = [each for each in line.months if period.first <= each.month <= period.last]
    if wanted is LineFigure.RUN_RATE:
        within = [each for each in within if each.month == period.last] if line.recurring else []
    if wanted in {LineFigure.OUTLOOK, LineFigure.RUN_RATE} and line.standing is not Standing.ACTIVE:
        within = []
    times = MONTHS_A_YEAR if wanted is LineFigure.RUN_RATE else 1
    inputs, sources, total = [], [], 0
    for each in within:
        units, own = pick(each.reporting), pick(each.own)
        if units and own is not None:
            total += units
            inputs.append((str(each.month), _told(units, own, each.month, line.currency, conversion, times)))
            sources.append(Source("line", line.id, each.entry))
    formula = f"{_FORMULAS[wanted]} of “{line.name}” ({line.kind.spoken}), {period}{_why_none(wanted, line)}"
    return Figure(total * times, conversion.into, formula, tuple(inputs), 0, line.readable, tuple(sources))


def _why_none(wanted: LineFigure, line: Line) -> str:
    if wanted is LineFigure.RUN_RATE and not line.recurring:
        return "; it does not recur"
    if wanted in {LineFigure.OUTLOOK, LineFigure.RUN_RATE} and line.standing is not Standing.ACTIVE:
        return "; its initiative is on hold or cancelled, and weighs nothing"
    return ""


def _pick(wanted: LineFigure, line: Line) -> Callable[[Series], int | None]:
    if wanted in {LineFigure.OUTLOOK, LineFigure.RUN_RATE}:
        return lambda month: outlook(line.stage, month.plan, month.forecast, month.actual)
    column = wanted.value.lower()
    return lambda month: getattr(month, column)


def _told(units: int, own: int, month: Month, currency: str, conversion: Conversion, times: int) -> str:
    told = str(Money(units, conversion.into))
    if times > 1:
        told += f" × {times}"
    if currency == conversion.into:
        return told
    rate = conversion.rates.get((fiscal_year(month, conversion.start), currency))
    return f"{told} ({Money(own, currency)}{f' × {rate}' if rate is not None else ''})"


def baseline(line: Line, was: Baseline) -> Figure:
    """What was before, in the line's currency, with its source and its day; that it is missing is said."""
    if was.units is None:
        return Figure(0, line.currency, f"no baseline of “{line.name}” is set", omitted=1, readable=line.readable)
    day = f" of {was.day}" if was.day else ""
    source = f", from {was.source}" if was.source else "; its source is not told"
    inputs = (("Baseline", str(Money(was.units, line.currency))),)
    formula = f"baseline of “{line.name}”{day}{source}"
    return Figure(was.units, line.currency, formula, inputs, 0, line.readable, (Source("line", line.id),))
