"""Figures that explain themselves: an amount with its formula and the exact numbers that went into it (law §4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.domain.money import Money
from server.domain.months import Month

Inputs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Source:
    """The one thing behind an input: its kind and id, and the entry of the ledger that last changed it, if one did."""

    kind: str
    id: UUID
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in minor units, how it was computed, and how many items had to be left out of it.

    An item is left out for want of an amount, or because whoever asks may not read its amounts; not `readable` is a
    figure of which they may read none (law §3: money). `sources` are what is behind the inputs, one for each, or
    empty.
    """

    units: int
    currency: str
    formula: str
    inputs: tuple[tuple[str, str], ...] = ()
    omitted: int = 0
    readable: bool = True
    sources: tuple[Source | None, ...] = ()

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


Term = tuple[str, int, str, Source | None]
"""A part of a sum: its name, its amount, the same as told (with how it came about), and what is behind it."""
MOST_INPUTS = 100


def explained(terms: Sequence[Term], currency: str, formula: str, omitted: int, *, readable: bool) -> Figure:
    """The sum of named terms, the largest first; of more than a hundred the smallest are told together."""
    by_size = sorted((term for term in terms if term[1]), key=lambda term: (-abs(term[1]), term[0]))
    shown, rest = by_size[:MOST_INPUTS], by_size[MOST_INPUTS:]
    if rest:
        units = sum(term[1] for term in rest)
        shown.append((f"{len(rest):,} smaller ones together", units, str(Money(units, currency)), None))
    return Figure(
        sum(term[1] for term in by_size),
        currency,
        formula,
        tuple((name, told) for name, _, told, _ in shown),
        omitted,
        readable,
        tuple(source for *_, source in shown),
    )
