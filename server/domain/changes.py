"""Change requests: what may be proposed of a decided plan, and the proposal that deciders see (law §2).

Months that have passed keep what was planned for them: a plan is not rewritten after the event, and the miss against it
stays to be seen. So a change is for the running month and later ones, and a new date is not a day that has gone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.domain.cases import Case
from server.domain.money import Money
from server.domain.months import Month
from server.domain.plan_form import changes_in, changes_out, things_in, things_out
from server.domain.plans import Difference, PlanPart, Thing, moved, size
from server.domain.rates import PlanRates
from server.domain.sales import IncentiveShare, QuotaAmount, SalesDimension
from server.domain.values import MonthAmount, ValueKind


@dataclass(frozen=True, slots=True)
class LineMonths:
    """Months of a value line as they are to be planned; others stay."""

    line: UUID
    months: Sequence[MonthAmount]


@dataclass(frozen=True, slots=True)
class NewLine:
    """A value line to be added, with its plan. `currency` None: the reporting currency."""

    kind: ValueKind
    recurring: bool
    currency: str | None
    fields: Mapping[str, Any]
    months: Sequence[MonthAmount]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to change of a decided plan. What is left out stays.

    `quota` replaces the months that it names, `incentives` all of them. `due` is by milestone, `cancelled` the reason
    by milestone, `new_milestones` fields as callers write them.
    """

    plan: Sequence[LineMonths] = ()
    new_lines: Sequence[NewLine] = ()
    quota: Sequence[QuotaAmount] = ()
    incentives: Sequence[IncentiveShare] | None = None
    due: Sequence[tuple[UUID, date]] = ()
    new_milestones: Sequence[Mapping[str, Any]] = ()
    cancelled: Sequence[tuple[UUID, str]] = ()
    estimate: tuple[Decimal, str] | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change as it is kept with its submission: whole, so that applying it asks nothing more.

    `made` are the columns of rows to be made, by the id that they will have; `cancelled` why a milestone is given up.
    """

    changes: tuple[Difference, ...]
    things: Mapping[UUID, Thing]
    made: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)
    cancelled: Mapping[UUID, str] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "changes": changes_out(self.changes),
            "things": things_out(self.things),
            "made": {str(key): {name: _plain(each) for name, each in row.items()} for key, row in self.made.items()},
            "cancelled": {str(key): reason for key, reason in self.cancelled.items()},
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Proposal":
        """A proposal from its plain data."""
        made = {UUID(key): row for key, row in kept["made"].items()}
        cancelled = {UUID(key): reason for key, reason in kept["cancelled"].items()}
        return cls(changes_in(kept["changes"]), things_in(kept["things"]), made, cancelled)


def passed(month: Month, this_month: Month) -> str | None:
    """Why the plan of a month can no longer be changed; None where it can."""
    if not month.known or month >= this_month:
        return None
    return f"{month} has passed: what was planned for it stands. Propose {this_month} and later."


def gone(due: date, today: date) -> str | None:
    """Why a milestone cannot be planned for a day; None where it can."""
    return f"{due} has passed; propose a day from {today} on." if due < today else None


def figures(
    case: Case, proposal: Proposal, rates: PlanRates, this_month: Month
) -> tuple[Money, tuple[tuple[str, str], ...]]:
    """How large a change is, and the figures that it hands in by name.

    Where it moves planned revenue or quota, both as they would be: whether quota covers the plan was looked at when the
    plan was decided, and deciders are to see it again. Raises ValueError where a plan rate is missing.
    """
    asked = (proposal.changes, proposal.things, rates, this_month)
    amount = size(*asked)
    told = [("Size of the change", str(amount))]
    revenue, quota = moved(ValueKind.REVENUE, *asked), moved(PlanPart.QUOTA, *asked)
    if revenue is not None or quota is not None:
        told.append(("Planned revenue after it", str(Money(case.planned_revenue + (revenue or 0), case.currency))))
        told.append(("Quota of the sales plans after it", str(Money(case.quota + (quota or 0), case.currency))))
    return amount, tuple(told)


def with_sellers(case: Case, changes: Iterable[Difference]) -> Case:
    """The case of a measure with those who would sell under the changed plan: nobody decides on their own quota."""
    named = {each.slot.segment.casefold() for each in changes if each.slot.dimension == SalesDimension.SELLER}
    paid = {each.slot.thing for each in changes if each.slot.part is PlanPart.INCENTIVE and each.slot.thing}
    return replace(case, sellers=case.sellers | paid, seller_names=case.seller_names | named)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
