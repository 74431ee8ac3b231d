"""What moved a roll-up figure between two revisions, entry by entry: the parts add up exactly to the difference.

Every figure of a roll-up (law §4) is a sum over measures of their lines' amounts × a factor that depends on the kind
of line, on where the measure stands and on the policy. So nothing is rolled up again: what begins and what ends at
each revision is replayed on the measures that it is about, and the difference that it makes is that revision's part.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple, TypeAlias
from uuid import UUID

from server.domain.cascade import Standing
from server.domain.refusals import RefusalCode, Refused
from server.domain.rollups import PER_CENT
from server.domain.stages import Stage
from server.domain.values import BENEFITS, COSTS, ValueKind


class RollUpFigure(StrEnum):
    """The figures of a roll-up whose difference can be explained."""

    PLAN = "PLAN"
    OUTLOOK = "OUTLOOK"
    ACTUAL = "ACTUAL"
    CONFIRMED = "CONFIRMED"
    GAP = "GAP"
    WEIGHTED = "WEIGHTED"
    SPEND = "SPEND"
    SPEND_BEFORE_DECISION = "SPEND_BEFORE_DECISION"
    ON_HOLD = "ON_HOLD"
    CANCELLED = "CANCELLED"
    BELOW_PLAN = "BELOW_PLAN"
    NOT_YET_CONFIRMED = "NOT_YET_CONFIRMED"


_BY_KIND = frozenset(
    {RollUpFigure.PLAN, RollUpFigure.OUTLOOK, RollUpFigure.ACTUAL, RollUpFigure.CONFIRMED, RollUpFigure.GAP}
)
_BY_STAGE = frozenset({RollUpFigure.PLAN, RollUpFigure.OUTLOOK, RollUpFigure.CONFIRMED})


class Amounts(NamedTuple):
    """What lines of one kind on one measure add to in a period, in minor units of the reporting currency.

    `early` is the outlook before DECIDED, `late` from then on, when forecasts count.
    """

    plan: int = 0
    early: int = 0
    late: int = 0
    actual: int = 0
    confirmed: int = 0

    def times(self, factor: "Amounts") -> int:
        """Each amount × its factor, added."""
        return (
            self.plan * factor.plan
            + self.early * factor.early
            + self.late * factor.late
            + self.actual * factor.actual
            + self.confirmed * factor.confirmed
        )

    def and_(self, other: "Amounts") -> "Amounts":
        """Both together."""
        return Amounts(
            self.plan + other.plan,
            self.early + other.early,
            self.late + other.late,
            self.actual + other.actual,
            self.confirmed + other.confirmed,
        )


NOTHING = Amounts()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure: the headline, or of one kind of line; or its part of active measures at one stage (the funnel)."""

    figure: RollUpFigure
    kind: ValueKind | None = None
    stage: Stage | None = None

    def columns(self) -> frozenset[str]:
        """The amounts that can count in it; no other need be read."""
        rules = Rules(frozenset(ValueKind), dict.fromkeys(Stage, 1))
        every = ((kind, stage, standing) for kind in ValueKind for stage in Stage for standing in Standing)
        factors = [factor(self, rules, *one)._asdict() for one in every]
        return frozenset(name for each in factors for name, by in each.items() if by)

    def kinds(self, rules: Iterable["Rules"]) -> frozenset[ValueKind]:
        """The kinds of line that can count in it, while one of these rules or another holds."""
        if self.figure in {RollUpFigure.SPEND, RollUpFigure.SPEND_BEFORE_DECISION}:
            return COSTS
        return frozenset({self.kind}) if self.kind else frozenset().union(*(each.headline for each in rules))

    def check(self) -> None:
        """Refuse a figure that roll-ups do not have."""
        for field_name, cut, known in (("kind", self.kind, _BY_KIND), ("stage", self.stage, _BY_STAGE)):
            if cut is not None and self.figure not in known:
                listed = ", ".join(one for one in RollUpFigure if one in known)
                message = f"No roll-up has {self.figure} by {field_name}; only {listed}. Leave {field_name} out."
                raise Refused(RefusalCode.INVALID, message, [field_name])
        if self.kind and self.stage:
            message = "The funnel is of the headline value; leave out the kind or the stage."
            raise Refused(RefusalCode.INVALID, message, ["kind"])


@dataclass(frozen=True, slots=True)
class Rules:
    """What a policy says about roll-ups: which kinds are the headline, and the weight of each stage in per cent."""

    headline: frozenset[ValueKind]
    weights: Mapping[Stage, int]


@dataclass(frozen=True, slots=True)
class Ruled:
    """From a revision on other rules hold."""

    revision: int
    rules: Rules


@dataclass(frozen=True, slots=True)
class Belongs:
    """A measure comes into the branch at a revision, or leaves it."""

    revision: int
    measure: UUID
    inside: bool


@dataclass(frozen=True, slots=True)
class Stands:
    """From a revision on a measure stands at a stage, in a standing."""

    revision: int
    measure: UUID
    stage: Stage
    standing: Standing


@dataclass(frozen=True, slots=True)
class Moved:
    """At a revision the lines of one kind on a measure came to add to more, or less."""

    revision: int
    measure: UUID
    kind: ValueKind
    by: Amounts


Event: TypeAlias = Ruled | Belongs | Stands | Moved


def factor(asked: Asked, rules: Rules, kind: ValueKind, stage: Stage, standing: Standing) -> Amounts:
    """How often each amount of such a line counts in the figure; for WEIGHTED in per cent.

    The same law as `domain.rollups`, which adds; a property test holds the two together.
    """
    figure, active = asked.figure, standing is Standing.ACTIVE
    if figure in {RollUpFigure.SPEND, RollUpFigure.SPEND_BEFORE_DECISION}:
        counted = kind in COSTS and (figure is RollUpFigure.SPEND or stage < Stage.DECIDED)
        return Amounts(actual=int(counted))
    if kind not in ({asked.kind} if asked.kind else rules.headline):
        return NOTHING
    if asked.stage is not None and not (active and stage is asked.stage):
        return NOTHING
    if figure is RollUpFigure.WEIGHTED:
        return Amounts(plan=rules.weights[stage] if active and kind in BENEFITS else 0)
    decided = stage >= Stage.DECIDED
    outlook = Amounts(early=int(active and not decided), late=int(active and decided))
    return {
        RollUpFigure.PLAN: Amounts(plan=1),
        RollUpFigure.OUTLOOK: outlook,
        RollUpFigure.ACTUAL: Amounts(actual=1),
        RollUpFigure.CONFIRMED: Amounts(confirmed=1),
        RollUpFigure.GAP: outlook._replace(plan=-1),
        RollUpFigure.ON_HOLD: Amounts(plan=-int(standing is Standing.ON_HOLD)),
        RollUpFigure.CANCELLED: Amounts(plan=-int(standing is Standing.CANCELLED)),
        RollUpFigure.BELOW_PLAN: outlook._replace(plan=-int(active)),
        RollUpFigure.NOT_YET_CONFIRMED: Amounts(early=-outlook.early, late=-outlook.late, confirmed=1),
    }[figure]


@dataclass(slots=True)
class _Measure:
    inside: bool
    stands: tuple[Stage, Standing] = (Stage.DEFINED, Standing.ACTIVE)
    amounts: dict[ValueKind, Amounts] = field(default_factory=dict)


class _Replay:
    """The figure as it goes from one revision to the next; only its differences mean anything."""

    def __init__(self, asked: Asked, rules: Rules, *, inside: bool) -> None:
        self.asked, self.rules, self.inside = asked, rules, inside
        self.scale = PER_CENT if asked.figure is RollUpFigure.WEIGHTED else 1
        self.total = 0  # × scale
        self.measures: dict[UUID, _Measure] = {}
        self.factors: dict[tuple[ValueKind, Stage, Standing], Amounts] = {}

    @property
    def units(self) -> int:
        """The figure in minor units, rounded as the roll-up rounds it: once, at the end."""
        return self.total if self.scale == 1 else round(Fraction(self.total, self.scale))

    def apply(self, event: Event) -> None:
        """Go on by one event."""
        if isinstance(event, Ruled):
            self.total -= sum(map(self._worth, self.measures.values()))
            self.rules = event.rules
            self.factors.clear()
            self.total += sum(map(self._worth, self.measures.values()))
            return
        measure = self.measures.get(event.measure)
        if measure is None:
            measure = self.measures[event.measure] = _Measure(self.inside)
        if isinstance(event, Moved):
            amounts = measure.amounts
            amounts[event.kind] = amounts.get(event.kind, NOTHING).and_(event.by)
            if measure.inside:
                self.total += event.by.times(self._factor(event.kind, *measure.stands))
            return
        self.total -= self._worth(measure)
        if isinstance(event, Belongs):
            measure.inside = event.inside
        else:
            measure.stands = (event.stage, event.standing)
        self.total += self._worth(measure)

    def _worth(self, measure: _Measure) -> int:
        if not measure.inside:
            return 0
        return sum(amounts.times(self._factor(kind, *measure.stands)) for kind, amounts in measure.amounts.items())

    def _factor(self, kind: ValueKind, stage: Stage, standing: Standing) -> Amounts:
        known = self.factors.get((kind, stage, standing))
        if known is None:
            known = self.factors[kind, stage, standing] = factor(self.asked, self.rules, kind, stage, standing)
        return known


def parts(
    asked: Asked, rules: Rules, before: Iterable[Event], events: Iterable[Event], *, inside: bool = False
) -> list[tuple[int, int]]:
    """By how much each revision moved a figure, in minor units; revisions that did not move it are left out.

    `before` makes the state to begin with, under `rules`; `inside`: every measure belongs to the branch, unless it is
    said when. Of a measure that only `Moved` events are about its amounts
    may be missing there: they change nothing about the difference. Within a revision what leaves comes before what
    comes in; `events` are in order. The parts add up to the difference, because each is one of its steps.
    """
    replay = _Replay(asked, rules, inside=inside)
    for event in before:
        replay.apply(event)
    found, units = [], replay.units
    for revision, at_once in groupby(events, key=lambda event: event.revision):
        for event in at_once:
            replay.apply(event)
        if replay.units != units:
            found.append((revision, replay.units - units))
            units = replay.units
    return found
