"""Closing an initiative: the amount that its controller states joins the series of confirmed value (law §2 and §4).

There is one truth: after the GO into CLOSED the confirmed months of the headline lines add up to the stated amount, to
the last minor unit. What they lack, or hold too much, is booked by the same act as confirmed value of the month that
runs, on the headline line with the largest plan (of equals the oldest). That line's currency must be able to express
the amount at its plan rate; else the next largest takes it. The plan stays what it was: a shortfall is leakage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from server.domain.money import Money, exponent
from server.domain.months import Month, fiscal_year
from server.domain.rates import PlanRates
from server.domain.refusals import RefusalCode, Refused
from server.domain.values import MonthChange


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """A headline line at closing: its whole plan in the reporting currency, and what is confirmed of this month."""

    id: UUID
    name: str
    currency: str
    planned: int
    confirmed: int | None


@dataclass(frozen=True, slots=True)
class Booking:
    """What closing books: the month of a line as it was and becomes, and the difference in the reporting currency."""

    line: ClosingLine
    change: MonthChange
    difference: Money


def booking(
    name: str, stated: Money, confirmed: int, lines: Sequence[ClosingLine], month: Month, rates: PlanRates
) -> Booking | None:
    """What to book so that what is confirmed (so far `confirmed`) adds up to the stated amount; None for nothing.

    Without a headline line nothing can be booked. Raises INVALID, with what can be stated instead, where no line's
    currency can express the difference.
    """
    difference = stated.units - confirmed
    if not difference or not lines:
        return None
    by_plan = sorted(lines, key=lambda line: (-line.planned, line.id))
    nearest: dict[int, ClosingLine] = {}
    for line in by_plan:
        found = _candidates(line, difference, month, rates)
        if difference in found:
            change = MonthChange(month, line.confirmed, found[difference])
            return Booking(line, change, Money(difference, stated.currency))
        nearest |= {units: line for units in found if units not in nearest}
    raise _inexpressible(name, stated, confirmed, by_plan, nearest, month)


def _candidates(line: ClosingLine, difference: int, month: Month, rates: PlanRates) -> Mapping[int, int]:
    """What the line's month could become (in its currency), by the difference that it makes in the reporting currency.

    The amounts just around the one wanted; none where there is no plan rate.
    """
    before = line.confirmed or 0
    try:
        stood = rates.convert(before, line.currency, month)
        exact = (stood + difference) / _rate(line.currency, month, rates)
        around = (round(exact) + step for step in (-1, 0, 1))
        return {rates.convert(units, line.currency, month) - stood: units for units in around}
    except ValueError:
        return {}


def _rate(currency: str, month: Month, rates: PlanRates) -> Fraction:
    """How many minor units of the reporting currency one of this currency comes to. It has a rate, or is the same."""
    if currency == rates.into:
        return Fraction(1)
    rate = rates.rates[fiscal_year(month, rates.fiscal_year_start), currency]
    return Fraction(rate) * Fraction(10) ** (exponent(rates.into) - exponent(currency))


def _inexpressible(
    name: str,
    stated: Money,
    confirmed: int,
    lines: Sequence[ClosingLine],
    nearest: Mapping[int, ClosingLine],
    month: Month,
) -> Refused:
    difference = stated.units - confirmed
    missing = Money(difference, stated.currency)
    if not nearest:
        currencies = ", ".join(sorted({line.currency for line in lines}))
        message = f"“{name}”: {missing} would be booked in {month}, and there is no plan rate of {currencies} for it."
        return Refused(RefusalCode.INVALID, f"{message} A controller sets it first (setPlanRate).", ["confirmed"])
    best = min(nearest, key=lambda units: (abs(units - difference), units))
    instead, line = Money(confirmed + best, stated.currency), nearest[best]
    message = (
        f"“{name}”: {missing} would be booked on “{line.name}” in {month}, and {line.currency} cannot express it "
        f"to the last minor unit at its plan rate. State {instead} instead."
    )
    return Refused(RefusalCode.INVALID, message, ["confirmed"])


def told(found: Booking, stated: Money, node: str) -> str:
    """What closing booked, as the ledger tells it."""
    line, change = found.line, found.change
    month = f"{change.month.spoken} of “{line.name}”"
    return (
        f"confirmed {stated} of “{node}” at closing: booked {found.difference} on {month}, "
        "so that what is confirmed adds up to it."
    )
