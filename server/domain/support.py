"""What supports an objective: the results of the sales plans below it, plan by plan (law §1, §5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.domain.figures import Figure, Period, Source, inputs_of

SHOWN = 100
"""Plans that a figure names one by one; what the others won is one input more."""


@dataclass(frozen=True, slots=True)
class PlanWon:
    """What was won under one sales plan in a period: minor units, and how many of the won deals they leave out."""

    plan: UUID
    name: str
    units: int
    hidden: int = 0


def supported(plans: Sequence[PlanWon], period: Period, currency: str, *, readable: bool) -> Figure:
    """What was won below an objective, with every plan that won something as an input, the largest first."""
    ordered = sorted((one for one in plans if one.units), key=lambda one: (-one.units, one.name, one.plan))
    rest = sum(one.units for one in ordered[SHOWN:])
    terms = [(one.name, one.units) for one in ordered[:SHOWN]] + [(f"{len(ordered) - SHOWN:,} more plans", rest)]
    sources = [Source("node", one.plan) for one in ordered[:SHOWN]] + ([None] if rest else [])
    return Figure(
        sum(one.units for one in plans),
        currency,
        f"Σ amount of opportunities won in {period} under the sales plans below",
        inputs_of(terms, currency),
        sum(one.hidden for one in plans),
        readable,
        tuple(sources),
    )
