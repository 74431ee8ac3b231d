"""What a closed review cycle locks, and a controller's correction of it (law §4 and §8).

Closing a cycle locks the actuals through a month. From then on such a month's actual changes only by a correction,
which has a reason and stays visible for ever; a forecast of it is no longer open. What is confirmed is not locked.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from server.domain.months import Month
from server.domain.refusals import RefusalCode, Refused
from server.domain.values import MonthChange, Series, told
from server.domain.wording import listed

LOCKED = frozenset({Series.FORECAST, Series.ACTUAL})


@dataclass(frozen=True, slots=True)
class Lock:
    """The review cycle that locked most, by its number, and the last month whose actuals it locked."""

    cycle: int
    through: Month


def check_unlocked(series: Series, line: str, changes: Sequence[MonthChange], lock: Lock | None) -> None:
    """Refuse (FROZEN) to write months of a series that a closed cycle has locked; `line` is how it is called."""
    if lock is None or series not in LOCKED:
        return
    months = [str(change.month) for change in changes if change.month <= lock.through]
    if not months:
        return
    locked = f"review cycle {lock.cycle} is closed and has locked the actuals through {lock.through}"
    next_step = (
        "A controller changes it with a reason (correctActual)."
        if series is Series.ACTUAL
        else f"Forecast {lock.through.plus(1)} and later."
    )
    message = f"The {series.spoken} of {line} for {listed(months)} is frozen: {locked}. {next_step}"
    raise Refused(RefusalCode.FROZEN, message, ["months"], [f"locked through: {lock.through}"])


def corrected(line: str, currency: str, changes: Sequence[MonthChange], reason: str) -> str:
    """What a correction changed and why, as the ledger tells it."""
    what = told(Series.ACTUAL, line, currency, changes).rstrip(".")
    return f"made a correction and {what}: {reason}"
