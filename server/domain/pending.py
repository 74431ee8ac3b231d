"""What waits for somebody's decision: since when, what is at stake, and what happens if they do nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.behind import Behind, LineRows, Place, SalesRows, line_rows
from server.domain.cases import FIRST_YEAR, Case, Size
from server.domain.figures import Figure, Source, of_terms, told
from server.domain.months import ALL_MONTHS
from server.domain.policy import Policy
from server.domain.purposes import Purpose
from server.domain.values import COSTS, ValueKind
from server.domain.votes import Capacity, Submitted

STAKE = "The largest of estimated value, planned headline value, revenue and cost: what thresholds go by"


@dataclass(frozen=True, slots=True)
class Pending:
    """One vote that somebody owes, or may cast in another's place."""

    submission_id: UUID
    asked: Submitted
    case: Case
    capacity: Capacity
    since: datetime
    age_days: int
    stake: Figure

    @property
    def weight(self) -> int:
        """Money at stake × days waited (a day at the least); the age alone where the money may not be read."""
        return self.stake.units * max(self.age_days, 1) if self.stake.readable else self.age_days


def stake_of(case: Case, policy: Policy, *, readable: bool) -> Figure:
    """The money that waits with a measure."""
    kinds = policy.headline_kinds
    sizes = case.sizes(kinds)
    terms = told(((size.value, units, _origin(case, size, kinds)) for size, units in sizes.items()), case.currency)
    return of_terms(max(sizes.values()), terms, case.currency, STAKE, 0, readable=readable)


def _origin(case: Case, size: Size, kinds: Sequence[ValueKind]) -> Source:
    """The measure, with the lines or the quota that an amount comes from; its estimate stands on itself."""
    rows: LineRows | SalesRows
    first, last = ALL_MONTHS
    match size:
        case Size.ESTIMATE:
            return Source("node", case.id)
        case Size.HEADLINE:
            rows = line_rows("plan", kinds)
        case Size.COST:
            rows = line_rows("plan", COSTS)
        case Size.REVENUE if case.plan is None:
            rows = line_rows("plan", [ValueKind.REVENUE])
        case Size.REVENUE:
            rows, first = SalesRows.QUOTA, min(case.selling.quota)
            last = first.plus(FIRST_YEAR - 1)
    return Source("node", case.id, rows=Behind(rows, Place(case.id), first, last))


def ranked(pending: Iterable[Pending]) -> list[Pending]:
    """Oldest and most expensive first: by money at stake × days waited, of equal ones the oldest."""
    return sorted(pending, key=lambda each: (-each.weight, each.since, each.submission_id))


def if_nothing(pending: Pending, stalled_after_days: int) -> str:
    """What happens if nobody decides, in one sentence: the server never decides by itself (law §2)."""
    case, days = pending.case, _days(pending.age_days)
    stays = {
        Purpose.GATE: f"Nothing moves: “{case.name}” stays at {case.stage.spoken}",
        Purpose.CHANGE: f"Nothing changes: the plan of “{case.name}” stays as it was decided",
        Purpose.REOPENING: f"Nothing is reopened: “{case.name}” stays at {case.stage.spoken}",
    }[pending.asked.purpose]
    if pending.age_days >= stalled_after_days:
        return f"{stays}; it has waited {days}, and what waits {_days(stalled_after_days)} counts as stalled."
    return f"{stays}; it has waited {days}, and counts as stalled after {_days(stalled_after_days)}."


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
