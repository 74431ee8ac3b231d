"""Review cycles: which days one covers, where it stands, and what closing it locks (law §8)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from server.domain.months import Month
from server.domain.policy import Cadence, Cycle
from server.domain.refusals import RefusalCode

_DAY = timedelta(days=1)
MONTHS_A_QUARTER = 3


class CycleState(StrEnum):
    """Where a review cycle stands on a day. Computed, never typed in."""

    OPEN = "OPEN"
    DUE = "DUE"
    OVERDUE = "OVERDUE"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a review cycle, both included, and the day on which all input is due."""

    starts: date
    ends: date
    due: date

    def __str__(self) -> str:
        return f"{self.starts} to {self.ends}"


def first_span(cadence: Cadence, today: date, fiscal_start: int) -> Span:
    """The week (from Monday), month or quarter of the fiscal year that contains a day."""
    month = Month.containing(today)
    if cadence.cycle is Cycle.WEEKLY:
        starts = today - timedelta(days=today.weekday())
    elif cadence.cycle is Cycle.MONTHLY:
        starts = month.first_day
    else:
        starts = month.plus(-((month.month - fiscal_start) % MONTHS_A_QUARTER)).first_day
    return _span(cadence, starts, fiscal_start)


def next_span(cadence: Cadence, ended: date, fiscal_start: int) -> Span:
    """The span right after one that ended so: no day is left out, also where the cadence has changed since."""
    return _span(cadence, ended + _DAY, fiscal_start)


def _span(cadence: Cadence, starts: date, fiscal_start: int) -> Span:
    month = Month.containing(starts)
    if cadence.cycle is Cycle.WEEKLY:
        ends = starts + timedelta(days=6 - starts.weekday())
    elif cadence.cycle is Cycle.MONTHLY:
        ends = month.plus(1).first_day - _DAY
    else:
        ends = month.plus(MONTHS_A_QUARTER - (month.month - fiscal_start) % MONTHS_A_QUARTER).first_day - _DAY
    return Span(starts, ends, ends + timedelta(days=cadence.due_days))


def state(span: Span, today: date, *, closed: bool) -> CycleState:
    """Where a cycle stands: open until it ends, then due, and overdue once the due day is over."""
    if closed:
        return CycleState.CLOSED
    if today <= span.ends:
        return CycleState.OPEN
    return CycleState.DUE if today <= span.due else CycleState.OVERDUE


def months_over(span: Span, today: date) -> Month:
    """The last month that is over both when the cycle ends and today: closing it now locks the actuals through it."""
    return Month.containing(min(span.ends + _DAY, today)).plus(-1)


def why_not_closed(number: int, span: Span, today: date, *, closed: bool) -> tuple[RefusalCode, str] | None:
    """Why a cycle cannot be closed, or None. What is missing never stands against it: it is told."""
    if closed:
        return RefusalCode.ALREADY_DECIDED, f"Review cycle {number} ({span}) was already closed."
    if today < span.starts:
        return RefusalCode.WRONG_STAGE, f"Review cycle {number} begins on {span.starts}: close it from then on."
    return None


def closing(number: int, span: Span, missing: int, people: int, locked: Month) -> str:
    """What closing a cycle came to, as the ledger tells it."""
    inputs = "nothing was missing"
    if missing:
        who = "1 person" if people == 1 else f"{people} people"
        inputs = f"1 input of {who} was missing" if missing == 1 else f"{missing} inputs of {who} were missing"
    return f"closed review cycle {number} ({span}): {inputs}; actuals are locked through {locked.spoken}."
