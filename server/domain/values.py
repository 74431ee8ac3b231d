"""Value lines: kinds, the four monthly series and the outlook (law §4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from server.domain.money import Money, minor
from server.domain.months import Month
from server.domain.refusals import Faults
from server.domain.stages import Stage


class ValueKind(StrEnum):
    """What a value line is about. Avoidance is never added to savings; costs are never stage-weighted."""

    REVENUE = "REVENUE"
    MARGIN = "MARGIN"
    COST_SAVING = "COST_SAVING"
    COST_AVOIDANCE = "COST_AVOIDANCE"
    ONE_OFF_COST = "ONE_OFF_COST"
    CAPEX = "CAPEX"
    RUN_COST = "RUN_COST"

    @property
    def spoken(self) -> str:
        """As written in a sentence: `cost saving`."""
        return self.value.replace("_", " ").lower()


COSTS = frozenset({ValueKind.ONE_OFF_COST, ValueKind.CAPEX, ValueKind.RUN_COST})
BENEFITS = frozenset(ValueKind) - COSTS
NEVER_RECURRING = frozenset({ValueKind.ONE_OFF_COST, ValueKind.CAPEX})


class Series(StrEnum):
    """The four monthly series of a value line: who writes each, and when, is in law §4."""

    PLAN = "PLAN"
    FORECAST = "FORECAST"
    ACTUAL = "ACTUAL"
    CONFIRMED = "CONFIRMED"

    @property
    def spoken(self) -> str:
        """As written in a sentence: `plan`, `confirmed value`."""
        return "confirmed value" if self is Series.CONFIRMED else self.value.lower()


def outlook(stage: Stage, plan: int | None, forecast: int | None, actual: int | None) -> int | None:
    """One month's outlook: the actual where there is one, else the forecast; before DECIDED the plan (law §4).

    From DECIDED on a month that has neither still counts with its plan: the forecast opens as a copy of it.
    """
    if stage >= Stage.DECIDED and forecast is not None and actual is None:
        return forecast
    return actual if actual is not None else plan


@dataclass(frozen=True, slots=True)
class MonthAmount:
    """One month of a series as somebody wants it, in the line's currency; None clears the month."""

    month: Month
    amount: Decimal | None


class MonthChange(NamedTuple):
    """What one month of a series was and became, in minor units."""

    month: Month
    before: int | None
    after: int | None


def may_be_negative(kind: ValueKind, series: Series) -> bool:
    """Whether a month below zero makes sense.

    In the books it does (a credit note outweighs the month), and margin may begin with a loss.
    """
    return series in {Series.ACTUAL, Series.CONFIRMED} or kind is ValueKind.MARGIN


def check_months(
    series: Series, kind: ValueKind, currency: str, months: Sequence[MonthAmount], this_month: Month, faults: Faults
) -> dict[Month, int | None]:
    """The months asked for in minor units; what is wrong with any of them goes to `faults` (law §4)."""
    wanted: dict[Month, int | None] = {}
    if not months:
        faults.add("Name at least one month.", "months")
    for index, asked in enumerate(months):
        at = ("months", str(index))
        fault = month_fault(series, asked.month, this_month)
        if asked.month in wanted:
            fault = f"{asked.month} is named twice; name each month once."
        if fault:
            faults.add(fault, *at, "month")
        wanted[asked.month] = None
        if asked.amount is None:
            continue
        try:
            units = minor(asked.amount, currency)
        except ValueError as error:
            faults.add(f"{asked.month}: {error}.", *at, "amount")
            continue
        if units < 0 and not may_be_negative(kind, series):
            faults.add(f"{asked.month}: the {series.spoken} of {kind.spoken} cannot be negative.", *at, "amount")
        wanted[asked.month] = units
    return wanted


def month_fault(series: Series, month: Month, this_month: Month) -> str | None:
    """Which months a series is open for: forecast from now on, actual and confirmed up to now."""
    if not month.known:
        return f"{int(month)} is not a month between 1900-01 and 2199-12."
    if series is Series.FORECAST and month < this_month:
        return f"{month} has passed: a forecast is for {this_month} and later; record its actual instead."
    if series in {Series.ACTUAL, Series.CONFIRMED} and month > this_month:
        return f"{month} lies in the future: the {series.spoken} can be recorded up to {this_month}."
    return None


def told(series: Series, line: str, currency: str, changes: Sequence[MonthChange]) -> str:
    """What happened to a series, as the ledger tells it; `line` is how the line is called in a sentence."""
    if len(changes) > 1:
        total = Money(sum(change.after or 0 for change in changes), currency)
        return f"{_DONE[series]} the {series.spoken} of {line}: {len(changes)} months, {total} in all."
    (change,) = changes
    what = f"the {change.month.spoken} {series.spoken} of {line}"
    before, after = (None if units is None else Money(units, currency) for units in (change.before, change.after))
    if after is None:
        return f"cleared {what}, which was {before}."
    if before is None:
        return f"{_DONE[series]} {what}: {after}."
    direction = "raised" if after.units > before.units else "lowered"
    return f"{direction} {what} from {before.amount:,} to {after}."


_DONE = {Series.PLAN: "set", Series.FORECAST: "set", Series.ACTUAL: "recorded", Series.CONFIRMED: "recorded"}
