"""What is in the books at actual rates beside the same at plan rates: the currency effect (law §4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from server.domain.behind import Column, line_rows
from server.domain.figures import Figure, Part
from server.domain.rollups import Sums, spoken
from server.domain.values import ValueKind

Booked = Literal["actual", "confirmed"]
_CURRENT: dict[Booked, Column] = {"actual": "actual_current", "confirmed": "confirmed_current"}


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


def effect(cells: Sequence[RateCell], column: Booked, kinds: Collection[ValueKind], sums: Sums) -> CurrencyEffect:
    """The currency effect on `actual` or `confirmed` of some kinds, of every measure; `sums` frames the figures."""
    every = [cell for cell in cells if cell.kind in kinds]
    omitted = sum(cell.omitted for cell in every)
    ordered = [kind for kind in ValueKind if kind in kinds]

    current = _CURRENT[column]

    def part(name: str, of: Column, of_kinds: Sequence[ValueKind], *, off: bool = False) -> Part:
        units = sum(getattr(cell, of) for cell in every if cell.kind in of_kinds)
        return name, -units if off else units, sums.behind(line_rows(of, of_kinds, off=off))

    def figure(of: Column, rates: str) -> Figure:
        parts = [part(kind.spoken.capitalize(), of, [kind]) for kind in ordered]
        return sums.added(parts, f"{column} of {spoken(ordered)}, {sums.period}, {rates}", omitted)

    plan = figure(column, "at the plan rate of each fiscal year")
    actual = figure(current, "at each month's actual rate; the plan rate where there is none")
    both = (part("At actual rates", current, ordered), part("At plan rates, taken off", column, ordered, off=True))
    formula = f"{column} at actual rates − at plan rates, {sums.period}"
    return CurrencyEffect(plan, actual, sums.added(both, formula, omitted))
