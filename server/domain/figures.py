"""Figures that explain themselves: an amount with its formula and the exact numbers that went into it (law §4)."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.domain.money import Money
from server.domain.months import Month


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in minor units, how it was computed, and how many items had to be left out of it."""

    units: int
    currency: str
    formula: str
    inputs: tuple[tuple[str, str], ...] = ()
    omitted: int = 0

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


def added(terms: Iterable[tuple[str, int]], currency: str, formula: str) -> Figure:
    """The sum of named terms; those that are zero are no inputs."""
    listed = tuple(terms)
    inputs = tuple((name, str(Money(units, currency))) for name, units in listed if units)
    return Figure(sum(units for _, units in listed), currency, formula, inputs)
