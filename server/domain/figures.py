"""Figures that explain themselves: an amount with its formula and the exact numbers that went into it (law §4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.domain.behind import Behind
from server.domain.money import Money
from server.domain.months import Month


@dataclass(frozen=True, slots=True)
class Source:
    """The one thing behind an input: its kind and id, and the entry of the ledger that last changed it.

    Without an entry it is the one that last changed the thing itself; with `rows` the thing adds those up, and each has
    an entry of its own.
    """

    kind: str
    id: UUID
    entry: int | None = None
    rows: "Behind | Listed | None" = None


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows behind an input that are known already: what each is called, its amount as told, and what is behind it."""

    inputs: "tuple[tuple[str, str, Origin], ...]"


Origin = Source | Behind | Listed | None
"""What is behind an input: one thing, or the rows that it adds up; None of what is no record, as a day."""
Term = tuple[str, int, str, Origin]
"""A part of a sum: its name, its amount, the same as told (with how it came about), and what is behind it."""
Part = tuple[str, int, Origin]
"""The same, where its amount is told as it is."""


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in minor units, how it was computed, and how many items had to be left out of it.

    An item is left out for want of an amount, or because whoever asks may not read its amounts; not `readable` is a
    figure of which they may read none (law §3: money). `sources` are what is behind the inputs, one for each, or
    empty: then nothing is.
    """

    units: int
    currency: str
    formula: str
    inputs: tuple[tuple[str, str], ...] = ()
    omitted: int = 0
    readable: bool = True
    sources: tuple[Origin, ...] = ()

    @property
    def listed(self) -> Listed:
        """Its inputs, as the rows behind it where it is an input itself."""
        origins = self.sources or (None,) * len(self.inputs)
        return Listed(tuple((*told, origin) for told, origin in zip(self.inputs, origins, strict=True)))

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


def told(parts: Iterable[Part], currency: str) -> tuple[Term, ...]:
    """Named amounts as the terms of a figure; those that are zero are none."""
    return tuple((name, units, str(Money(units, currency)), origin) for name, units, origin in parts if units)


MOST_INPUTS = 100


def explained(terms: Sequence[Term], currency: str, formula: str, omitted: int, *, readable: bool) -> Figure:
    """The sum of named terms, the largest first; of more than a hundred the smallest are told together."""
    by_size = sorted((term for term in terms if term[1]), key=lambda term: (-abs(term[1]), term[0]))
    shown, rest = by_size[:MOST_INPUTS], by_size[MOST_INPUTS:]
    if rest:
        units = sum(term[1] for term in rest)
        smaller = Listed(tuple((name, shown_as, origin) for name, _, shown_as, origin in rest))
        shown.append((f"{len(rest):,} smaller ones together", units, str(Money(units, currency)), smaller))
    units = sum(term[1] for term in by_size)
    return of_terms(units, shown, currency, formula, omitted, readable=readable)


def of_terms(
    units: int, terms: Iterable[Term], currency: str, formula: str, omitted: int, *, readable: bool = True
) -> Figure:
    """A figure whose inputs are these terms, in this order."""
    listed = tuple(terms)
    inputs = tuple((name, shown) for name, _, shown, _ in listed)
    return Figure(units, currency, formula, inputs, omitted, readable, tuple(origin for *_, origin in listed))
