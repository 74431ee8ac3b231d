"""The rows behind an input that adds up many of them: finance walks down to each (law §4). They are read when asked."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from uuid import UUID

from server.domain.cascade import Standing
from server.domain.lights import Light
from server.domain.months import Month
from server.domain.stages import Stage
from server.domain.values import ValueKind

Column = Literal["plan", "outlook", "actual", "confirmed", "actual_current", "confirmed_current", "uncased"]
"""A column of a line's months; `uncased` is the actual where the measure promises nothing."""


@dataclass(frozen=True, slots=True)
class Where:
    """Measures of some stages and standings; none named: of all of them."""

    stages: tuple[Stage, ...] = ()
    standings: tuple[Standing, ...] = ()

    def holds(self, stage: Stage, standing: Standing) -> bool:
        """Whether a measure that stands so is one of them."""
        return (not self.stages or stage in self.stages) and (not self.standings or standing in self.standings)


EVERY = Where()
ACTIVE = Where(standings=(Standing.ACTIVE,))


@dataclass(frozen=True, slots=True)
class LineRows:
    """Value lines of some kinds, and what each adds: columns of its months, each so many times.

    An outlook is that of active measures only, whatever `where` says. `recurring` are only those that recur.
    """

    columns: tuple[tuple[Column, int], ...]
    kinds: tuple[ValueKind, ...]
    where: Where = EVERY
    recurring: bool = False


class SalesRows(StrEnum):
    """What else is added up: deals, lines of quota and of capacity, and initiatives that plan to turn something over.

    REVENUE is what those initiatives plan, and ASSIGNED the quota under them.
    """

    WON = "WON"
    OPEN = "OPEN"
    WEIGHTED = "WEIGHTED"
    LATE = "LATE"
    QUOTA = "QUOTA"
    CAPACITY = "CAPACITY"
    REVENUE = "REVENUE"
    ASSIGNED = "ASSIGNED"


@dataclass(frozen=True, slots=True)
class LightRows:
    """Active measures whose lights are these two, as shown or as `proposed`, with what they plan of some kinds."""

    implementation: Light
    potential: Light
    proposed: bool
    kinds: tuple[ValueKind, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows are looked for: at a node and below it, or in the organization (`whole`), as of a revision or now."""

    id: UUID
    whole: bool = False
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """The rows behind an input: which ones, where, and in which months."""

    rows: LineRows | SalesRows | LightRows
    place: Place
    first: Month
    last: Month


def line_rows(column: Column, kinds: Collection[ValueKind], where: Where = EVERY, *, off: bool = False) -> LineRows:
    """The lines whose months of one column are added, or taken `off`."""
    return LineRows(((column, -1 if off else 1),), tuple(kind for kind in ValueKind if kind in kinds), where)
