"""What supports an objective: the results of the sales plans below it, plan by plan (law §1, §5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.domain.behind import Behind, Place, SalesRows
from server.domain.figures import Figure, Period, Source, explained
from server.domain.money import Money


@dataclass(frozen=True, slots=True)
class PlanWon:
    """What was won under one sales plan in a period: minor units, and how many of the won deals they leave out."""

    plan: UUID
    name: str
    units: int
    hidden: int = 0


def supported(plans: Sequence[PlanWon], period: Period, currency: str, *, readable: bool) -> Figure:
    """What was won below an objective, with every plan that won something as an input, the largest first."""
    terms = [
        (one.name, one.units, str(Money(one.units, currency)), Source("node", one.plan, rows=_won(one, period)))
        for one in plans
    ]
    formula = f"Σ amount of opportunities won in {period} under the sales plans below"
    return explained(terms, currency, formula, sum(one.hidden for one in plans), readable=readable)


def _won(one: PlanWon, period: Period) -> Behind:
    return Behind(SalesRows.WON, Place(one.plan), period.first, period.last)
