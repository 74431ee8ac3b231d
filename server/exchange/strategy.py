"""What strategy files hold once read: plans, their objectives, what they are measured by, and what was mended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from server.domain.indicators import Direction
from server.exchange.tables import RowFault


@dataclass(frozen=True, slots=True)
class Result:
    """A target or an actual: its number, its day, the words with it. `baseline`: where things stood at the start."""

    target: bool
    value: Decimal | None
    on: date | None
    text: str = ""
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class WantedIndicator:
    """An indicator as a file states it; `key` is how the file calls it."""

    key: str
    name: str
    unit: str | None
    description: str | None
    direction: Direction
    results: tuple[Result, ...]
    file: str
    line: int
    place: str


@dataclass(frozen=True, slots=True)
class WantedObjective:
    """An objective as a file states it, with those below it; `performers` are the names of who carries it out."""

    key: str
    name: str
    description: str | None
    file: str
    line: int
    place: str
    performers: tuple[str, ...] = ()
    indicators: tuple[WantedIndicator, ...] = ()
    below: tuple["WantedObjective", ...] = ()

    def every(self) -> Iterator["WantedObjective"]:
        """Itself and all below it, from the top down."""
        yield self
        for one in self.below:
            yield from one.every()


@dataclass(slots=True)
class StrategyExtract:
    """All files of one import: a plan each (an objective of its own, unless `under` names what stands for it).

    `system` is whose identifiers the keys are. `rootless`: the plan has no objective of its own, and its goals stand
    right under `under`, or at the top. `rows` were read of a table.
    """

    system: str
    plans: list[WantedObjective] = field(default_factory=list)
    repaired: list[RowFault] = field(default_factory=list)
    unknown: list[RowFault] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    under: UUID | None = None
    rootless: bool = False
    rows: int | None = None

    @property
    def read(self) -> int:
        """How many rows were read, or objectives and indicators, the plans themselves left aside."""
        if self.rows is not None:
            return self.rows
        every = [one for plan in self.plans for one in plan.every()]
        return len(every) - len(self.plans) + sum(len(one.indicators) for one in every)


@dataclass(slots=True)
class Aim:
    """What the results of an indicator come to: start, target, the path between, readings with their words."""

    start: Decimal | None = None
    start_date: date | None = None
    target: Decimal | None = None
    target_date: date | None = None
    path: dict[date, Decimal] = field(default_factory=dict)
    readings: dict[date, tuple[Decimal, str | None]] = field(default_factory=dict)
    undated: list[Decimal] = field(default_factory=list)


def stated(results: Sequence[Result]) -> Aim:
    """The target is the last one (without a day: later than all), earlier ones are its path; a baseline is the start.

    A baseline that does not lie before the target is a reading like any other.
    """
    aim = Aim()
    targets = [one for one in results if one.target and one.value is not None]
    if targets:
        last = max(targets, key=lambda one: one.on or date.max)
        aim.target, aim.target_date = last.value, last.on
        aim.path = {one.on: one.value for one in targets if one is not last and one.on and one.value is not None}
    for one in results:
        if one.target or one.value is None:
            continue
        before = one.on is None or aim.target_date is None or one.on < aim.target_date
        if one.baseline and before and aim.start is None:
            aim.start, aim.start_date = one.value, one.on
        elif one.on is None:
            aim.undated.append(one.value)
        else:
            aim.readings[one.on] = (one.value, one.text or None)
    return aim
