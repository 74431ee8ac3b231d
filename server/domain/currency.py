"""What is in the books at actual rates beside the same at plan rates: the currency effect (law §4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from server.domain.figures import Figure, inputs_of
from server.domain.rollups import Sums, spoken
from server.domain.values import ValueKind


@dataclass(frozen=True, slots=True)
class RateCell:
    """What the lines of one kind add to in a period: at plan rates, and at actual rates (`…_current`); minor units.

    Where a month has no actual rate of its currency, the plan rate stands in both.
    """

    kind: ValueKind
    actual: int
    confirmed: int
    actual_current: int
    confirmed_current: int
    omitted: int = 0


@dataclass(frozen=True, slots=True)
class CurrencyEffect:
    """One figure at plan rates, at actual rates, and the second − the first."""

    at_plan_rates: Figure
    at_actual_rates: Figure
    effect: Figure


def effect(cells: Sequence[RateCell], column: str, kinds: Collection[ValueKind], sums: Sums) -> CurrencyEffect:
    """The currency effect on `actual` or `confirmed` of some kinds, of every measure; `sums` frames the figures."""
    every = [cell for cell in cells if cell.kind in kinds]
    omitted = sum(cell.omitted for cell in every)
    ordered = [kind for kind in ValueKind if kind in kinds]

    def total(name: str, kind: ValueKind) -> int:
        return sum(getattr(cell, name) for cell in every if cell.kind is kind)

    def figure(name: str, rates: str) -> Figure:
        terms = ((kind.spoken.capitalize(), total(name, kind)) for kind in ordered)
        return sums.added(terms, f"{column} of {spoken(ordered)}, {sums.period}, {rates}", omitted)

    plan = figure(column, "at the plan rate of each fiscal year")
    actual = figure(f"{column}_current", "at each month's actual rate; the plan rate where there is none")
    inputs = inputs_of((("At actual rates", actual.units), ("At plan rates, taken off", -plan.units)), sums.currency)
    formula = f"{column} at actual rates − at plan rates, {sums.period}"
    return CurrencyEffect(plan, actual, sums.figure(actual.units - plan.units, formula, inputs, omitted))
