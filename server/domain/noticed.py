"""What a finding is, and how severe: by its share of the money, or by how long it has lasted (law §9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

Inputs = Sequence[tuple[str, str] | tuple[str, str, str]]
"""What something was noticed by: name and value, and where it was read from a milestone, that one's id."""
PER_CENT = 100
CRITICAL_FROM, WARNING_FROM = 50, 10
"""Per cent of the money concerned: half of it gone is a crisis, a tenth is more than a forecast's usual error."""
LONG_OVERDUE = 2
"""So many times the patience that the policy grants, and waiting is critical."""


class FindingCode(StrEnum):
    """What the system notices by itself; `findings.LAW` says by which rule."""

    NO_SALES_PLAN = "NO_SALES_PLAN"
    QUOTA_BELOW_CASE = "QUOTA_BELOW_CASE"
    COVERAGE_SHORT = "COVERAGE_SHORT"
    INCENTIVE_MISALIGNED = "INCENTIVE_MISALIGNED"
    MOTION_WITHOUT_PROGRESS = "MOTION_WITHOUT_PROGRESS"
    GREEN_BUT_EMPTY = "GREEN_BUT_EMPTY"
    SPEND_BEFORE_DECISION = "SPEND_BEFORE_DECISION"
    MISALIGNED_ACTIVITY = "MISALIGNED_ACTIVITY"
    SPEND_WITHOUT_CASE = "SPEND_WITHOUT_CASE"
    GATE_STALLED = "GATE_STALLED"
    BLOCKED = "BLOCKED"
    STALE_INPUT = "STALE_INPUT"
    CLOSED_WITH_SHORTFALL = "CLOSED_WITH_SHORTFALL"
    ORPHAN_RESULTS = "ORPHAN_RESULTS"
    HYPOTHESIS_FAILING = "HYPOTHESIS_FAILING"
    STOP_CANDIDATE = "STOP_CANDIDATE"

    @property
    def spoken(self) -> str:
        """As written in a sentence: `quota below case`."""
        return self.value.replace("_", " ").lower()


class Severity(StrEnum):
    """How much a finding matters; each rule says by what."""

    INFO = "INFO"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"


SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Noticed:
    """One thing noticed now. `at_stake` is in minor units of the reporting currency; None: no money can be named.

    The sentence names the thing, the amount and the next step, and dates instead of days, so that it does not change
    from one day to the next while nothing happens. Who sees the thing reads it, so neither the sentence nor an input
    names anything that may lie out of their sight.
    """

    code: FindingCode
    severity: Severity
    at_stake: int | None
    sentence: str
    inputs: Inputs = ()


def by_share(part: int, whole: int) -> Severity:
    """How severe it is that `part` of `whole` is in question: from half on critical, from a tenth on a warning.

    Part of nothing is critical: there is nothing to hold it against.
    """
    if part * PER_CENT >= whole * CRITICAL_FROM:
        return Severity.CRITICAL
    return Severity.WARNING if part * PER_CENT >= whole * WARNING_FROM else Severity.INFO


def by_time(days: int, patience: int) -> Severity:
    """How severe it is to last `days` where `patience` days are granted: beyond them a warning, at twice critical."""
    if days >= LONG_OVERDUE * max(patience, 1):
        return Severity.CRITICAL
    return Severity.WARNING if days >= patience else Severity.INFO
