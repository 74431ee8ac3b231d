"""The words in which the sample company is written: its tables are made of these, and `acts` turns them into verbs.

Days count from today, a day to come is positive. `passed` tells how many days ago a measure was created and passed each
gate, `begins` in how many months (from the current one) its benefits begin. Amounts are in thousands.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from server.domain.milestones import MeasureType
from server.domain.people import Role
from server.domain.sales import SalesDimension
from server.domain.stages import STAGES, Stage
from server.domain.values import ValueKind


@dataclass(frozen=True, slots=True)
class Someone:
    """A person: `key` is their name in the tables; `seats` are roles at a node's key (None: the whole organization)."""

    key: str
    name: str
    email: str | None
    duty: str
    seats: tuple[tuple[Role, str | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Objective:
    """What the board wants; `due` in days."""

    key: str
    parent: str | None
    name: str
    owner: str
    about: str
    hypothesis: str
    metric: str
    target: str
    due: int


@dataclass(frozen=True, slots=True)
class Place:
    """A portfolio (under an objective) or a program (under a portfolio), with who sponsors or leads it."""

    key: str
    parent: str
    name: str
    owner: str
    unit: str
    about: str


@dataclass(frozen=True, slots=True)
class Line:
    """A value line: `size` thousands a year at full rate (of a one-off: in all), reached after `ramp` months.

    `comes` and `expected` are actual and forecast in per cent of the plan; `lead` are the months by which a cost begins
    before the benefits; `early` per cent of a cost were spent before the decision.
    """

    kind: ValueKind
    name: str
    size: int
    base: int
    source: str
    months: int
    ramp: int
    comes: int
    expected: int
    currency: str
    lead: int = 0
    early: int = 0


def margin(
    name: str, size: int, base: int, source: str = "Contribution margin by product line, ERP", **rest: int | str
) -> Line:
    """A margin line."""
    return _line(ValueKind.MARGIN, name, size, base, source, rest)


def saving(name: str, size: int, base: int, source: str = "Cost-centre report, ERP", **rest: int | str) -> Line:
    """A cost saving."""
    return _line(ValueKind.COST_SAVING, name, size, base, source, rest)


def revenue(name: str, size: int, base: int, source: str = "Order intake by region, CRM", **rest: int | str) -> Line:
    """A revenue line: it needs sales plans."""
    return _line(ValueKind.REVENUE, name, size, base, source, rest)


def avoidance(name: str, size: int, base: int, source: str = "Risk register, finance", **rest: int | str) -> Line:
    """Cost that would otherwise have come."""
    return _line(ValueKind.COST_AVOIDANCE, name, size, base, source, rest)


def once(name: str, size: int, months: int = 6, **rest: int | str) -> Line:
    """A one-off cost, spread evenly over its months."""
    return _line(
        ValueKind.ONE_OFF_COST, name, size, 0, "", {"months": months, "lead": 3, "ramp": 1, "comes": 103} | rest
    )


def capex(name: str, size: int, months: int = 8, **rest: int | str) -> Line:
    """Capital expenditure, spread evenly over its months."""
    return _line(ValueKind.CAPEX, name, size, 0, "", {"months": months, "lead": 5, "ramp": 1, "comes": 102, **rest})


def running(name: str, size: int, **rest: int | str) -> Line:
    """Run cost per year."""
    return _line(ValueKind.RUN_COST, name, size, 0, "", {"ramp": 1, "comes": 101, "expected": 101, **rest})


def _line(kind: ValueKind, name: str, size: int, base: int, source: str, rest: Mapping[str, int | str]) -> Line:
    numbers = {"months": 30, "ramp": 6, "comes": 96, "expected": 95, "lead": 0, "early": 0}
    numbers |= {word: int(number) for word, number in rest.items() if word != "currency"}
    return Line(kind, name, size, base, source, currency=str(rest.get("currency", "EUR")), **numbers)


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone due in `due` days.

    One whose day has passed was achieved in time, unless it is `late` (still open); `slip` days is how far its date was
    moved after the decision, `now` its newest reading, `by` whom it is assigned to.
    """

    name: str
    due: int
    kind: MeasureType = MeasureType.OUTPUT
    critical: bool = False
    metric: str | None = None
    unit: str | None = None
    start: str | None = None
    target: str | None = None
    now: str | None = None
    slip: int = 0
    late: bool = False
    by: str | None = None
    proof: str = ""


def outcome(
    name: str, due: int, metric: str, unit: str, start: str, target: str, *, critical: bool = True, **rest: str | int
) -> Step:
    """A milestone that measures what changed outside."""
    return _step(MeasureType.OUTCOME, name, due, rest, critical, metric, unit, start, target)


def output(name: str, due: int, proof: str = "", *, critical: bool = False, **rest: str | int) -> Step:
    """A milestone that is a thing delivered; a document proves it."""
    return _step(MeasureType.OUTPUT, name, due, rest | {"proof": proof}, critical)


def activity(name: str, due: int, metric: str, unit: str, target: str, **rest: str | int) -> Step:
    """Counted, but no progress."""
    return _step(MeasureType.ACTIVITY, name, due, rest, False, metric, unit, "0", target)


def _step(
    kind: MeasureType,
    name: str,
    due: int,
    rest: dict[str, str | int],
    critical: bool,
    metric: str | None = None,
    unit: str | None = None,
    start: str | None = None,
    target: str | None = None,
) -> Step:
    texts = {word: str(rest[word]) for word in ("now", "by") if word in rest}
    return Step(
        name,
        due,
        kind,
        critical,
        metric,
        unit,
        start,
        target,
        slip=int(rest.get("slip", 0)),
        late=bool(rest.get("late", 0)),
        proof=str(rest.get("proof", "")),
        **texts,
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submission into the next gate, still open since `days`; who of `voted` has said GO."""

    days: int
    voted: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class SentBack:
    """A submission into a gate that was recycled `days` ago, and why."""

    into: Stage
    days: int
    by: str
    comment: str


@dataclass(frozen=True, slots=True)
class Ended:
    """Held (with `review` in so many days) or, without a review, cancelled, `days` ago."""

    days: int
    by: str
    reason: str
    review: int | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What initiatives and sales plans share."""

    key: str
    parent: str
    name: str
    owner: str
    about: str
    risks: str
    overlaps: str
    passed: tuple[int, ...]
    steps: tuple[Step, ...] = ()
    waiting: Waiting | None = None
    sent_back: SentBack | None = None
    ended: Ended | None = None
    variance: str = ""
    tags: tuple[str, ...] = ()

    @property
    def stage(self) -> Stage:
        """Where it stands today."""
        return STAGES[len(self.passed) - 1]

    def since(self, stage: Stage) -> int | None:
        """How many days ago it came to a stage."""
        return self.passed[stage.degree] if stage.degree < len(self.passed) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Initiative(Measure):
    """An initiative with its business case. `gap` explains a quota below the planned revenue."""

    controller: str
    unit: str
    begins: int
    lines: tuple[Line, ...]
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How a plan's deals turn out.

    `won` per cent of the quota so far, `rate` the win rate in per cent, `deal` a typical amount in thousands, `cover`
    the
    open pipeline in per cent of the quota of the next nine months.
    """

    won: int
    rate: int
    deal: int
    cover: int
    products: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesPlan(Measure):
    """A sales plan: `share` per cent of its initiative's revenue is its quota, `pay` what its sellers are paid for.

    `pay` is name, weight in per cent and the key of the node it rewards (None: nothing in the cascade). `first`
    and `last` are the first and last month with quota, from the current one.
    """

    territories: tuple[str, ...]
    share: int
    sellers: tuple[str, ...] = ()
    cut: SalesDimension | None = None
    pay: tuple[tuple[str, int, str | None], ...] = ()
    pipeline: Pipeline | None = None
    first: int = -120
    last: int = 120
