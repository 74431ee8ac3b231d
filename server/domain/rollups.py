"""Roll-ups: from the sums that the database makes of a branch to the figures that a board reads (law §4).

Plan counts every measure, whatever its standing: a promise stays one. Outlook counts active measures only: what is
held or cancelled weighs nothing. Actual and confirmed count every measure: what is in the books is there. Quota never
enters.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from server.domain.behind import ACTIVE, EVERY, Behind, Column, LineRows, Place, Where, line_rows
from server.domain.cascade import Standing
from server.domain.figures import Figure, Part, Period, Source, Term, of_terms, told
from server.domain.money import HIDDEN, Money
from server.domain.stages import STAGES, Stage
from server.domain.values import BENEFITS, COSTS, ValueKind

PER_CENT = 100
MONTHS_A_YEAR = 12
BELOW_PLAN = "Below plan"


@dataclass(frozen=True, slots=True)
class Cell:
    """What the lines of one kind, on measures of one stage and standing, add to in a period; minor units.

    `recurring` is the outlook of recurring lines in the period's last month. `omitted` is how many lines with any
    amount in the period are left out, because whoever asks may not read them, and `recurring_omitted` how many of
    `recurring`.
    """

    kind: ValueKind
    stage: Stage
    standing: Standing
    plan: int
    outlook: int
    actual: int
    confirmed: int
    omitted: int = 0
    recurring: int = 0
    recurring_omitted: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """How many measures stand at a stage in a standing."""

    stage: Stage
    standing: Standing
    measures: int


@dataclass(frozen=True, slots=True)
class Submitted:
    """One measure that waits at a gate: its headline plan (None where it may not be read), and since when."""

    node_id: UUID
    name: str
    plan: int | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """The open submissions at one gate, longest waiting first."""

    into: Stage
    measures: tuple[Submitted, ...]

    @property
    def plan(self) -> int:
        """Their headline plan together, as far as it may be read."""
        return sum(each.plan or 0 for each in self.measures)

    @property
    def since(self) -> datetime:
        """Since when the oldest waits."""
        return min(each.since for each in self.measures)


@dataclass(frozen=True, slots=True)
class Sums:
    """All cells of one branch and period, in the reporting currency, and whether any of its amounts may be read.

    `place` is where they were added up, for whoever walks down to the lines.
    """

    cells: Sequence[Cell]
    period: Period
    currency: str
    readable: bool = True
    place: Place | None = None
    _found: dict[tuple[ValueKind, Where], list[Cell]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def total(self, column: Column, kinds: Collection[ValueKind], where: Where = EVERY) -> int:
        """The sum of one column over some kinds of line, of the cells wanted."""
        return sum(getattr(cell, column) for cell in self._cells(kinds, where))

    def omitted(self, kinds: Collection[ValueKind], where: Where = EVERY) -> int:
        """How many lines such a sum leaves out, because whoever asks may not read them."""
        return sum(cell.omitted for cell in self._cells(kinds, where))

    def recurring(self, kind: ValueKind) -> tuple[int, int]:
        """The outlook of active measures' recurring lines in the last month, and how many of those are left out."""
        cells = list(self._cells({kind}, ACTIVE))
        return sum(cell.recurring for cell in cells), sum(cell.recurring_omitted for cell in cells)

    def _cells(self, kinds: Collection[ValueKind], where: Where) -> Iterator[Cell]:
        """The cells of some kinds and measures; figures ask for the same ones again and again."""
        for kind in kinds:
            found = self._found.get((kind, where))
            if found is None:
                cells = self.cells if where is EVERY else self._cells((kind,), EVERY)
                found = [cell for cell in cells if cell.kind is kind and where.holds(cell.stage, cell.standing)]
                self._found[kind, where] = found
            yield from found

    def behind(self, lines: LineRows) -> Behind | None:
        """The way down to the lines that a part of a figure here adds up."""
        return Behind(lines, self.place, self.period.first, self.period.last) if self.place else None

    def part(
        self, name: str, column: Column, kinds: Collection[ValueKind], where: Where = EVERY, *, off: bool = False
    ) -> Part:
        """A part of a figure: the sum of a column (taken `off`), and the lines behind it."""
        units = self.total(column, kinds, where)
        return name, -units if off else units, self.behind(line_rows(column, kinds, where, off=off))

    def figure(self, units: int, formula: str, terms: Iterable[Term], omitted: int) -> Figure:
        """A figure of this branch."""
        return of_terms(units, terms, self.currency, formula, omitted, readable=self.readable)

    def added(self, parts: Iterable[Part], formula: str, omitted: int) -> Figure:
        """The sum of named parts; those that are zero are no inputs."""
        listed = tuple(parts)
        return self.figure(sum(units for _, units, _ in listed), formula, told(listed, self.currency), omitted)


@dataclass(frozen=True, slots=True)
class Five:
    """Plan, outlook, actual, confirmed, and the gap between outlook and plan."""

    plan: Figure
    outlook: Figure
    actual: Figure
    confirmed: Figure
    gap: Figure


@dataclass(frozen=True, slots=True)
class StageFigures:
    """The active measures of one stage: how many, and their figures, each made when it is asked for."""

    stage: Stage
    measures: int
    figure: Callable[[Column, Stage], Figure]

    @property
    def plan(self) -> Figure:
        """Their headline plan."""
        return self.figure("plan", self.stage)

    @property
    def outlook(self) -> Figure:
        """Their headline outlook."""
        return self.figure("outlook", self.stage)

    @property
    def confirmed(self) -> Figure:
        """What is confirmed of it."""
        return self.figure("confirmed", self.stage)


@dataclass(frozen=True, slots=True)
class LeakageStep:
    """One bar of the waterfall from plan to confirmed; how many measures it is about, or None where no count says."""

    name: str
    measures: int | None
    amount: Figure


_COLUMNS: tuple[Column, ...] = ("plan", "outlook", "actual", "confirmed")
_OF = {
    "plan": "plan of every measure, whatever its standing",
    "outlook": "outlook of active measures: actual where there is one, else forecast, else plan",
    "actual": "actual of every measure",
    "confirmed": "confirmed by controllers, of every measure",
}


def _counted(column: Column) -> Where:
    """Which cells a column counts: see the head of this file."""
    return ACTIVE if column == "outlook" else EVERY


def spoken(kinds: Iterable[ValueKind]) -> str:
    """Kinds that are added, as a sentence has them: `margin + cost saving`."""
    return " + ".join(kind.spoken for kind in kinds)


def headline(sums: Sums, kinds: Sequence[ValueKind]) -> Five:
    """The kinds that the policy names, added; each figure lists them."""

    def figure(column: Column) -> Figure:
        where = _counted(column)
        parts = (sums.part(kind.spoken.capitalize(), column, {kind}, where) for kind in kinds)
        formula = f"{spoken(kinds)}, {sums.period}: {_OF[column]}"
        return sums.added(parts, formula, sums.omitted(kinds, where))

    return _five(sums, kinds, figure)


def by_kind(sums: Sums, kind: ValueKind) -> Five:
    """One kind of line; each figure lists the stages."""

    def figure(column: Column) -> Figure:
        where = _counted(column)
        parts = (sums.part(stage.spoken, column, {kind}, Where((stage,), where.standings)) for stage in STAGES)
        formula = f"{kind.spoken}, {sums.period}: {_OF[column]}"
        return sums.added(parts, formula, sums.omitted({kind}, where))

    return _five(sums, [kind], figure)


def _five(sums: Sums, kinds: Sequence[ValueKind], figure: Callable[[Column], Figure]) -> Five:
    plan, outlook, actual, confirmed = (figure(column) for column in _COLUMNS)
    parts = (
        sums.part("Outlook", "outlook", kinds, ACTIVE),
        sums.part("Plan, taken off", "plan", kinds, off=True),
    )
    gap = sums.added(parts, f"outlook − plan, {sums.period}", plan.omitted)
    return Five(plan, outlook, actual, confirmed, gap)


def run_rate(kind: ValueKind, sums: Sums) -> Figure:
    """What recurring lines bring in a year at the pace of the period's last month (law §4): last month × 12.

    It stands beside the period's own figure and is never mixed with it.
    """
    last = sums.period.last
    units, omitted = sums.recurring(kind)
    formula = f"{kind.spoken}: outlook of active measures' recurring lines in {last} × {MONTHS_A_YEAR}"
    shown = f"{Money(units, sums.currency)} × {MONTHS_A_YEAR}"
    lines = LineRows((("outlook", 1),), (kind,), ACTIVE, recurring=True)
    behind = Behind(lines, sums.place, last, last) if sums.place else None
    terms = [(str(last), units, shown, behind)] if units else []
    return sums.figure(units * MONTHS_A_YEAR, formula, terms, omitted)


def funnel(sums: Sums, counts: Iterable[Count], kinds: Sequence[ValueKind]) -> list[StageFigures]:
    """The active measures of the six stages, DEFINED first, with their headline value; together all active measures."""
    standing = {count.stage: count.measures for count in counts if count.standing is Standing.ACTIVE}

    def figure(column: Column, stage: Stage) -> Figure:
        here = _active_at(stage)
        parts = (sums.part(kind.spoken.capitalize(), column, {kind}, here) for kind in kinds)
        formula = f"{column} of active measures at {stage.spoken}, {sums.period}: {spoken(kinds)}"
        return sums.added(parts, formula, sums.omitted(kinds, here))

    return [StageFigures(stage, standing.get(stage, 0), figure) for stage in STAGES]


def _active_at(stage: Stage) -> Where:
    return Where((stage,), (Standing.ACTIVE,))


def weighted(sums: Sums, kinds: Iterable[ValueKind], weights: Mapping[Stage, int]) -> Figure:
    """Headline plan of active measures × their stage's weight in per cent. Benefits only: costs are never weighted."""
    benefits = [kind for kind in kinds if kind in BENEFITS]
    plans = [(stage, sums.part(stage.spoken, "plan", benefits, _active_at(stage))) for stage in STAGES]
    total = sum(Fraction(units * weights[stage], PER_CENT) for stage, (_, units, _) in plans)
    terms = [
        (name, units, f"{Money(units, sums.currency)} × {weights[stage]} %", behind)
        for stage, (name, units, behind) in plans
        if units
    ]
    formula = f"Σ plan × stage weight of active measures, {sums.period}: {spoken(benefits)}"
    return sums.figure(round(total), formula, terms, sums.omitted(benefits, ACTIVE))


def spend(sums: Sums) -> Figure:
    """What was spent: the actuals of all cost lines."""
    parts = (sums.part(kind.spoken.capitalize(), "actual", {kind}) for kind in ValueKind if kind in COSTS)
    return sums.added(parts, f"actual of all cost lines, {sums.period}", sums.omitted(COSTS))


def spend_before_decision(sums: Sums) -> Figure:
    """Capital leakage: what was spent on measures that nobody has decided upon."""
    before = tuple(stage for stage in STAGES if stage < Stage.DECIDED)
    parts = (sums.part(stage.spoken, "actual", COSTS, Where((stage,))) for stage in before)
    formula = f"actual of cost lines on measures below Decided, {sums.period}"
    return sums.added(parts, formula, sums.omitted(COSTS, Where(before)))


def waiting_value(waiting: Waiting, sums: Sums, kinds: Sequence[ValueKind]) -> Figure:
    """The headline plan of what waits at a gate."""
    formula = f"plan of measures submitted to the gate into {waiting.into.spoken}, {sums.period}: {spoken(kinds)}"
    lines = line_rows("plan", list(kinds))

    def term(each: Submitted) -> Term:
        shown = HIDDEN if each.plan is None else str(Money(each.plan, sums.currency))
        behind = Behind(lines, Place(each.node_id), sums.period.first, sums.period.last)
        return each.name, each.plan or 0, shown, Source("node", each.node_id, rows=behind)

    omitted = sum(each.plan is None for each in waiting.measures)
    return sums.figure(waiting.plan, formula, [term(each) for each in waiting.measures], omitted)


def closed_shortfall(sums: Sums, kinds: Sequence[ValueKind]) -> Figure:
    """What closed measures' confirmed value lies below their plan: below zero where value was lost (law §2).

    It stands in two bars of the waterfall: what their actuals lack of the plan in Below plan, and what of those was not
    confirmed in Not yet confirmed. Nothing more of it comes, for a closed measure is never rebased.
    """
    closed = _active_at(Stage.CLOSED)
    parts = (
        _less(sums, "Of Below plan: outlook − plan", ("outlook", "plan"), kinds, closed),
        _less(sums, "Of Not yet confirmed", ("confirmed", "outlook"), kinds, closed),
    )
    formula = f"{spoken(kinds)}, {sums.period}: confirmed − plan of closed measures"
    return sums.added(parts, formula, sums.omitted(kinds, closed))


def _less(sums: Sums, name: str, columns: tuple[Column, Column], kinds: Sequence[ValueKind], where: Where) -> Part:
    """One column − another, of the cells that each counts."""
    first, second = columns
    units = sums.total(first, kinds, _only(where, first)) - sums.total(second, kinds, _only(where, second))
    return name, units, sums.behind(LineRows(((first, 1), (second, -1)), tuple(kinds), where))


def _only(where: Where, column: Column) -> Where:
    """Of an outlook the active measures: what is held or cancelled has none."""
    return Where(where.stages, ACTIVE.standings) if column == "outlook" else where


def leakage(sums: Sums, counts: Sequence[Count], kinds: Sequence[ValueKind]) -> list[LeakageStep]:
    """The waterfall from plan to confirmed, every step signed.

    Plan + On hold + Cancelled + Below plan = Outlook, and Outlook + Not yet confirmed = Confirmed. How many measures
    are below their plan is no count of stages and standings: whoever wants to know asks for it.
    """
    number = {one: sum(count.measures for count in counts if count.standing is one) for one in Standing}
    everyone, going_on = sum(number.values()), number[Standing.ACTIVE]
    left = {one: sums.omitted(kinds, Where(standings=(one,))) for one in Standing}
    gone_on, all_left = left[Standing.ACTIVE], sum(left.values())
    of = f"{spoken(kinds)}, {sums.period}"

    def plan(name: str, standing: Standing, *, off: bool = False) -> Part:
        return sums.part(name, "plan", kinds, Where(standings=(standing,)), off=off)

    def step(name: str, measures: int | None, said: tuple[str, int], *parts: Part) -> LeakageStep:
        formula, omitted = said
        return LeakageStep(name, measures, sums.added(parts, f"{of}: {formula}", omitted))

    every = ("plan of every measure, whatever its standing", all_left)
    on_hold = ("plan of measures on hold, taken off", left[Standing.ON_HOLD])
    given_up = ("plan of cancelled measures, taken off", left[Standing.CANCELLED])
    off_plan = ("outlook − plan of active measures; above zero where the outlook is better", gone_on)
    expected = ("plan, less what is held or cancelled, plus or minus what is off plan", gone_on)
    to_find = ("confirmed − outlook: still to be found in the books", all_left)
    found = ("confirmed by controllers, of every measure", all_left)
    active, held, cancelled = Standing.ACTIVE, Standing.ON_HOLD, Standing.CANCELLED
    outlook, confirmed = sums.part("Outlook", "outlook", kinds, ACTIVE), sums.part("Confirmed", "confirmed", kinds)
    outlook_off = sums.part("Outlook, taken off", "outlook", kinds, ACTIVE, off=True)
    below = _less(sums, BELOW_PLAN, ("outlook", "plan"), kinds, ACTIVE)
    missing = _less(sums, "Not yet confirmed", ("confirmed", "outlook"), kinds, EVERY)
    bars = (plan("On hold", held, off=True), plan("Cancelled", cancelled, off=True), below)
    off = "Plan, taken off"
    return [
        step("Plan", everyone, every, plan("Active", active), plan("On hold", held), plan("Cancelled", cancelled)),
        step("On hold", number[held], on_hold, plan(off, held, off=True)),
        step("Cancelled", number[cancelled], given_up, plan(off, cancelled, off=True)),
        step(BELOW_PLAN, None, off_plan, outlook, plan(off, active, off=True)),
        step("Outlook", going_on, expected, sums.part("Plan", "plan", kinds), *bars),
        step("Not yet confirmed", going_on, to_find, confirmed, outlook_off),
        step("Confirmed", everyone, found, outlook, missing),
    ]
