"""Roll-ups: from the sums that the database makes of a branch to the figures that a board reads (law §4).

Plan counts every measure, whatever its standing: a promise stays one. Outlook counts active measures only: what is
held or cancelled weighs nothing. Actual and confirmed count every measure: what is in the books is there. Quota never
enters.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from server.domain.cascade import Standing
from server.domain.figures import Figure, Inputs, Period, Source, inputs_of
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
    """All cells of one branch and period, in the reporting currency, and whether any of its amounts may be read."""

    cells: Sequence[Cell]
    period: Period
    currency: str
    readable: bool = True

    def total(self, column: str, kinds: Collection[ValueKind], which: Callable[[Cell], bool] = lambda _: True) -> int:
        """The sum of one column over some kinds of line, of the cells wanted."""
        return sum(getattr(cell, column) for cell in self.cells if cell.kind in kinds and which(cell))

    def omitted(self, kinds: Collection[ValueKind], which: Callable[[Cell], bool] = lambda _: True) -> int:
        """How many lines such a sum leaves out, because whoever asks may not read them."""
        return self.total("omitted", kinds, which)

    def figure(self, units: int, formula: str, inputs: Inputs, omitted: int) -> Figure:
        """A figure of this branch."""
        return Figure(units, self.currency, formula, tuple(inputs), omitted, self.readable)

    def added(self, terms: Iterable[tuple[str, int]], formula: str, omitted: int) -> Figure:
        """The sum of named terms; those that are zero are no inputs."""
        listed = tuple(terms)
        return self.figure(sum(units for _, units in listed), formula, inputs_of(listed, self.currency), omitted)


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
    """The active measures of one stage: how many, and their figures."""

    stage: Stage
    measures: int
    plan: Figure
    outlook: Figure
    confirmed: Figure


@dataclass(frozen=True, slots=True)
class LeakageStep:
    """One bar of the waterfall from plan to confirmed; how many measures it is about, or None where no count says."""

    name: str
    measures: int | None
    amount: Figure


_OF = {
    "plan": "plan of every measure, whatever its standing",
    "outlook": "outlook of active measures: actual where there is one, else forecast, else plan",
    "actual": "actual of every measure",
    "confirmed": "confirmed by controllers, of every measure",
}
Which = Callable[[Cell], bool]


def active(cell: Cell) -> bool:
    """Whether a cell belongs to measures that go on."""
    return cell.standing is Standing.ACTIVE


def _counted(column: str) -> Which:
    """Which cells a column counts: see the head of this file."""
    return active if column == "outlook" else lambda _: True


def spoken(kinds: Iterable[ValueKind]) -> str:
    """Kinds that are added, as a sentence has them: `margin + cost saving`."""
    return " + ".join(kind.spoken for kind in kinds)


def headline(sums: Sums, kinds: Sequence[ValueKind]) -> Five:
    """The kinds that the policy names, added; each figure lists them."""

    def figure(column: str) -> Figure:
        which = _counted(column)
        terms = ((kind.spoken.capitalize(), sums.total(column, {kind}, which)) for kind in kinds)
        formula = f"{spoken(kinds)}, {sums.period}: {_OF[column]}"
        return sums.added(terms, formula, sums.omitted(kinds, which))

    return _five(sums, figure)


def by_kind(sums: Sums, kind: ValueKind) -> Five:
    """One kind of line; each figure lists the stages."""

    def figure(column: str) -> Figure:
        which = _counted(column)
        terms = ((stage.spoken, sums.total(column, {kind}, _at(stage, which))) for stage in STAGES)
        formula = f"{kind.spoken}, {sums.period}: {_OF[column]}"
        return sums.added(terms, formula, sums.omitted({kind}, which))

    return _five(sums, figure)


def _at(stage: Stage, which: Which) -> Which:
    return lambda cell: cell.stage is stage and which(cell)


def _five(sums: Sums, figure: Callable[[str], Figure]) -> Five:
    plan, outlook, actual, confirmed = (figure(column) for column in ("plan", "outlook", "actual", "confirmed"))
    terms = (("Outlook", outlook.units), ("Plan, taken off", -plan.units))
    gap = sums.added(terms, f"outlook − plan, {sums.period}", plan.omitted)
    return Five(plan, outlook, actual, confirmed, gap)


def run_rate(kind: ValueKind, sums: Sums) -> Figure:
    """What recurring lines bring in a year at the pace of the period's last month (law §4): last month × 12.

    It stands beside the period's own figure and is never mixed with it.
    """
    last = sums.period.last
    units = sums.total("recurring", {kind}, active)
    formula = f"{kind.spoken}: outlook of active measures' recurring lines in {last} × {MONTHS_A_YEAR}"
    omitted = sums.total("recurring_omitted", {kind}, active)
    inputs = ((str(last), f"{Money(units, sums.currency)} × {MONTHS_A_YEAR}"),) if units else ()
    return sums.figure(units * MONTHS_A_YEAR, formula, inputs, omitted)


def funnel(sums: Sums, counts: Iterable[Count], kinds: Sequence[ValueKind]) -> list[StageFigures]:
    """The active measures of the six stages, DEFINED first, with their headline value; together all active measures."""
    standing = {count.stage: count.measures for count in counts if count.standing is Standing.ACTIVE}

    def figure(column: str, stage: Stage) -> Figure:
        terms = ((kind.spoken.capitalize(), sums.total(column, {kind}, _at(stage, active))) for kind in kinds)
        formula = f"{column} of active measures at {stage.spoken}, {sums.period}: {spoken(kinds)}"
        return sums.added(terms, formula, sums.omitted(kinds, _at(stage, active)))

    return [
        StageFigures(
            stage,
            standing.get(stage, 0),
            figure("plan", stage),
            figure("outlook", stage),
            figure("confirmed", stage),
        )
        for stage in STAGES
    ]


def weighted(sums: Sums, kinds: Iterable[ValueKind], weights: Mapping[Stage, int]) -> Figure:
    """Headline plan of active measures × their stage's weight in per cent. Benefits only: costs are never weighted."""
    benefits = [kind for kind in kinds if kind in BENEFITS]
    plans = {stage: sums.total("plan", benefits, _at(stage, active)) for stage in STAGES}
    total = sum(Fraction(units * weights[stage], PER_CENT) for stage, units in plans.items())
    inputs = tuple(
        (stage.spoken, f"{Money(units, sums.currency)} × {weights[stage]} %") for stage, units in plans.items() if units
    )
    formula = f"Σ plan × stage weight of active measures, {sums.period}: {spoken(benefits)}"
    return sums.figure(round(total), formula, inputs, sums.omitted(benefits, active))


def _standing(one: Standing) -> Which:
    return lambda cell: cell.standing is one


def spend(sums: Sums) -> Figure:
    """What was spent: the actuals of all cost lines."""
    terms = ((kind.spoken.capitalize(), sums.total("actual", {kind})) for kind in ValueKind if kind in COSTS)
    return sums.added(terms, f"actual of all cost lines, {sums.period}", sums.omitted(COSTS))


def spend_before_decision(sums: Sums) -> Figure:
    """Capital leakage: what was spent on measures that nobody has decided upon."""
    before = [stage for stage in STAGES if stage < Stage.DECIDED]
    terms = ((stage.spoken, sums.total("actual", COSTS, _at(stage, lambda _: True))) for stage in before)
    formula = f"actual of cost lines on measures below Decided, {sums.period}"
    omitted = sums.omitted(COSTS, lambda cell: cell.stage in before)
    return sums.added(terms, formula, omitted)


def waiting_value(waiting: Waiting, sums: Sums, kinds: Iterable[ValueKind]) -> Figure:
    """The headline plan of what waits at a gate."""
    formula = f"plan of measures submitted to the gate into {waiting.into.spoken}, {sums.period}: {spoken(kinds)}"
    inputs = tuple(
        (each.name, HIDDEN if each.plan is None else str(Money(each.plan, sums.currency))) for each in waiting.measures
    )
    omitted = sum(each.plan is None for each in waiting.measures)
    sources = tuple(Source("node", each.node_id) for each in waiting.measures)
    return replace(sums.figure(waiting.plan, formula, inputs, omitted), sources=sources)


def closed_shortfall(sums: Sums, kinds: Sequence[ValueKind]) -> Figure:
    """What closed measures' confirmed value lies below their plan: below zero where value was lost (law §2).

    It stands in two bars of the waterfall: what their actuals lack of the plan in Below plan, and what of those was not
    confirmed in Not yet confirmed. Nothing more of it comes, for a closed measure is never rebased.
    """

    def closed(cell: Cell) -> bool:
        return cell.stage is Stage.CLOSED and active(cell)

    plan, outlook, confirmed = (sums.total(column, kinds, closed) for column in ("plan", "outlook", "confirmed"))
    terms = (("Of Below plan: outlook − plan", outlook - plan), ("Of Not yet confirmed", confirmed - outlook))
    formula = f"{spoken(kinds)}, {sums.period}: confirmed − plan of closed measures"
    return sums.added(terms, formula, sums.omitted(kinds, closed))


def leakage(sums: Sums, counts: Sequence[Count], kinds: Sequence[ValueKind]) -> list[LeakageStep]:
    """The waterfall from plan to confirmed, every step signed.

    Plan + On hold + Cancelled + Below plan = Outlook, and Outlook + Not yet confirmed = Confirmed. How many measures
    are below their plan is no count of stages and standings: whoever wants to know asks for it.
    """
    plan = {one: sums.total("plan", kinds, _standing(one)) for one in Standing}
    outlook, confirmed = sums.total("outlook", kinds, active), sums.total("confirmed", kinds)
    number = {one: sum(count.measures for count in counts if count.standing is one) for one in Standing}
    everyone, going_on = sum(number.values()), number[Standing.ACTIVE]
    left = {one: sums.omitted(kinds, _standing(one)) for one in Standing}
    gone_on, all_left = left[Standing.ACTIVE], sum(left.values())
    held, cancelled = -plan[Standing.ON_HOLD], -plan[Standing.CANCELLED]
    below, missing = outlook - plan[Standing.ACTIVE], confirmed - outlook
    of = f"{spoken(kinds)}, {sums.period}"

    def step(name: str, measures: int | None, told: tuple[str, int], *terms: tuple[str, int]) -> LeakageStep:
        formula, omitted = told
        return LeakageStep(name, measures, sums.added(terms, f"{of}: {formula}", omitted))

    every = ("plan of every measure, whatever its standing", all_left)
    on_hold = ("plan of measures on hold, taken off", left[Standing.ON_HOLD])
    given_up = ("plan of cancelled measures, taken off", left[Standing.CANCELLED])
    off_plan = ("outlook − plan of active measures; above zero where the outlook is better", gone_on)
    expected = ("plan, less what is held or cancelled, plus or minus what is off plan", gone_on)
    to_find = ("confirmed − outlook: still to be found in the books", all_left)
    found = ("confirmed by controllers, of every measure", all_left)
    active_plan, off = plan[Standing.ACTIVE], "Plan, taken off"
    whole = ("Plan", sum(plan.values()))
    bars = (("On hold", held), ("Cancelled", cancelled), (BELOW_PLAN, below))
    return [
        step("Plan", everyone, every, ("Active", active_plan), ("On hold", -held), ("Cancelled", -cancelled)),
        step("On hold", number[Standing.ON_HOLD], on_hold, (off, held)),
        step("Cancelled", number[Standing.CANCELLED], given_up, (off, cancelled)),
        step(BELOW_PLAN, None, off_plan, ("Outlook", outlook), (off, -active_plan)),
        step("Outlook", going_on, expected, whole, *bars),
        step("Not yet confirmed", going_on, to_find, ("Confirmed", confirmed), ("Outlook, taken off", -outlook)),
        step("Confirmed", everyone, found, ("Outlook", outlook), ("Not yet confirmed", missing)),
    ]
