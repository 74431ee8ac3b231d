"""Figures that explain themselves: an amount with its formula and the exact numbers that went into it (law §4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.domain.money import Money
from server.domain.months import Month

Inputs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in minor units, how it was computed, and how many items had to be left out of it.

    An item is left out for want of an amount, or because whoever asks may not read its amounts; not `readable` is a
    figure of which they may read none (law §3: money).
    """

    units: int
    currency: str
    formula: str
    inputs: tuple[tuple[str, str], ...] = ()
    omitted: int = 0
    readable: bool = True

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.units, self.currency)


@dataclass(frozen=True, slots=True)
class Period:
    """The months a figure covers, both included."""

    first: Month
    last: Month

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


def inputs_of(terms: Iterable[tuple[str, int]], currency: str) -> tuple[tuple[str, str], ...]:
    """Named amounts as the inputs of a figure; those that are zero are none."""
    return tuple((name, str(Money(units, currency))) for name, units in terms if units)
