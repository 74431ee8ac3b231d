"""The two lights of a measure, as the server proposes them and its owner sets them, and of what lies above (law §7).

Grey means not set or not enough data, and grey is not green.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum
from fractions import Fraction

from server.domain.milestones import MeasureType
from server.domain.months import Month, months_between
from server.domain.policy import Lights
from server.domain.refusals import RefusalCode
from server.domain.stages import Stage
from server.domain.values import BENEFITS, COSTS, ValueKind
from server.domain.wording import quoted

PER_CENT = 100
COUNTS_FROM = Fraction(1, 10)
"""The share of the plan below a node from which on a colour is the node's own."""


class Light(StrEnum):
    """A light."""

    GREY = "GREY"
    GREEN = "GREEN"
    AMBER = "AMBER"
    RED = "RED"


class LightKind(StrEnum):
    """Which of the two lights."""

    IMPLEMENTATION = "IMPLEMENTATION"
    POTENTIAL = "POTENTIAL"

    @property
    def spoken(self) -> str:
        """As written in a sentence: `implementation`."""
        return self.value.lower()


_BEST_FIRST = (Light.GREEN, Light.GREY, Light.AMBER, Light.RED)  # who calls grey green claims what nobody knows


@dataclass(frozen=True, slots=True)
class Reading:
    """A light with the reason for it, as a sentence that holds no amount."""

    light: Light
    why: str


@dataclass(frozen=True, slots=True)
class Stepped:
    """A milestone as the implementation light sees it: `expected` is when it was achieved, or is projected to be."""

    name: str
    due: date
    original_due: date | None
    expected: date
    achieved: bool
    critical: bool
    measure_type: MeasureType

    @property
    def delay(self) -> int:
        """How many days it comes after its original date, where that is frozen, else after its date; never below 0."""
        return max((self.expected - (self.original_due or self.due)).days, 0)


def implementation(milestones: Iterable[Stepped], thresholds: Lights) -> Reading:
    """Is the work on time? By the delay of every open milestone, and of the one achieved last.

    Red and amber by the policy's days of delay, red by critical milestones only. Green takes an outcome or an output
    that was achieved: activities can be late, but they are no progress. Milestones that were given up do not count.
    """
    steps = list(milestones)
    progress = [one for one in steps if one.measure_type is not MeasureType.ACTIVITY]
    if not progress:
        return Reading(Light.GREY, "It has no milestone that measures an outcome or an output.")
    done = sorted((one for one in progress if one.achieved), key=lambda one: one.expected)
    counted = [one for one in steps if not one.achieved] + done[-1:]
    late = max((one for one in counted if one.critical), key=lambda one: one.delay, default=None)
    if late and late.delay > thresholds.red_after_days:
        told = f"more than {_days(thresholds.red_after_days)} late"
        return Reading(Light.RED, f"The critical milestone {_late(late)}: {told}.")
    late = max(counted, key=lambda one: one.delay)
    if late.delay > thresholds.amber_after_days:
        return Reading(Light.AMBER, f"The milestone {_late(late)}.")
    if not done:
        return Reading(Light.GREY, "No outcome or output was achieved yet, and none is late.")
    return Reading(Light.GREEN, f"{quoted(done[-1:])} was achieved, and no milestone is late.")


def _late(step: Stepped) -> str:
    verb = "was achieved" if step.achieved else "is expected"
    since = "original " if step.original_due else ""
    return f"“{step.name}” {verb} {_days(step.delay)} after its {since}date"


def _days(days: int) -> str:
    return "1 day" if days == 1 else f"{days} days"


@dataclass(frozen=True, slots=True)
class Sides:
    """Plan and outlook of one kind of value in a fiscal year, in minor units."""

    plan: int = 0
    outlook: int = 0


def potential(
    stage: Stage, sides: Mapping[ValueKind, Sides], headline: Sequence[ValueKind], thresholds: Lights
) -> Reading:
    """Is the value of an initiative still coming? Outlook ÷ plan in the fiscal year.

    Of the headline kinds where they are planned; else of the other benefit with the largest plan; else of all costs,
    and there plan ÷ outlook: less is better. Grey before DECIDED, where the outlook is the plan, and without a plan.
    """
    if stage < Stage.DECIDED:
        return Reading(Light.GREY, "Before Decided the outlook is the plan itself.")
    benefits = [kind for kind in headline if kind in BENEFITS]
    others = sorted(BENEFITS - set(benefits), key=lambda kind: (-sides.get(kind, Sides()).plan, kind))
    for kinds in (benefits, others[:1]):
        plan, outlook = _added(sides, kinds)
        if plan > 0:
            named = " + ".join(kind.spoken for kind in kinds if kind in sides)
            return _coloured(Fraction(outlook, plan), f"The outlook of {named} is {{}} of the plan", thresholds)
    plan, outlook = _added(sides, COSTS)
    if plan <= 0:
        return Reading(Light.GREY, "Nothing is planned in this fiscal year.")
    if outlook <= 0:
        return Reading(Light.GREEN, "Its costs come to nothing.")
    return _coloured(Fraction(plan, outlook), "The planned costs are {} of their outlook", thresholds)


def attainment(quota: int, won: int, thresholds: Lights) -> Reading:
    """Is the value of a sales plan still coming? Won ÷ quota of the months of the fiscal year that are over."""
    if quota <= 0:
        return Reading(Light.GREY, "No quota is due in the months of this fiscal year that are over.")
    return _coloured(Fraction(won, quota), "What was won is {} of the quota of the months that are over", thresholds)


def _added(sides: Mapping[ValueKind, Sides], kinds: Iterable[ValueKind]) -> tuple[int, int]:
    found = [sides[kind] for kind in kinds if kind in sides]
    return sum(one.plan for one in found), sum(one.outlook for one in found)


def _coloured(ratio: Fraction, told: str, thresholds: Lights) -> Reading:
    light = Light.RED
    if ratio >= Fraction(thresholds.amber_from):
        light = Light.GREEN if ratio >= Fraction(thresholds.green_from) else Light.AMBER
    return Reading(light, f"{told.format(f'{int(ratio * PER_CENT)} %')}.")


def is_better(light: Light, than: Light) -> bool:
    """Whether a light claims more than another one does. Grey claims less than green, and more than amber and red."""
    return _BEST_FIRST.index(light) < _BEST_FIRST.index(than)


def why_not_set(light: Light, proposed: Reading, reason: str | None) -> tuple[RefusalCode, str] | None:
    """Why a light cannot be set, or None: worse freely, better than proposed only with a reason (law §7)."""
    if light is Light.GREY:
        return RefusalCode.INVALID, "Grey means not set: leave the colour empty to take the light back."
    if reason or not is_better(light, proposed.light):
        return None
    told = f"{light.capitalize()} is better than the {proposed.light.lower()} that is proposed. {proposed.why}"
    return RefusalCode.CRITERIA_UNMET, f"{told} Say why it is better, or leave it {proposed.light.lower()}."


def set_by_month(instants: Iterable[datetime], last: Month, months: int, zone: tzinfo) -> list[tuple[Month, int]]:
    """How many instants lie in each of so many months up to the last, the first one first; a month begins in `zone`."""
    counted = Counter(Month.containing(instant.astimezone(zone).date()) for instant in instants)
    return [(month, counted[month]) for month in months_between(last.plus(1 - months), last)]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A light and what it weighs: the headline plan in the fiscal year of the measures that have it."""

    light: Light
    plan: int
    measures: int = 1


def above(lights: Iterable[Weighed]) -> Reading:
    """The light of a node from those of the active measures below it, weighed by plan.

    The worst colour to which, worse ones counted in, a tenth of the plan adds up: red, then amber. Green only where at
    least half of the plan is green; grey else. Where nothing is planned every measure weighs the same.
    """
    found = list(lights)
    if not found:
        return Reading(Light.GREY, "No active measure lies below it.")
    planned, number = sum(max(one.plan, 0) for one in found), sum(one.measures for one in found)
    shares = dict.fromkeys(Light, Fraction(0))
    for one in found:
        shares[one.light] += Fraction(max(one.plan, 0), planned) if planned else Fraction(one.measures, number)
    of = "the plan" if planned else "the measures"
    told = {light: f"{int(share * PER_CENT)} % of {of} below is {light.lower()}" for light, share in shares.items()}
    if shares[Light.RED] >= COUNTS_FROM:
        return Reading(Light.RED, f"{told[Light.RED]}.")
    if shares[Light.RED] + shares[Light.AMBER] >= COUNTS_FROM:
        return Reading(Light.AMBER, f"{told[Light.AMBER]}, and {told[Light.RED]}.")
    light = Light.GREEN if shares[Light.GREEN] * 2 >= 1 else Light.GREY
    return Reading(light, f"{told[light]}.")


@dataclass(frozen=True, slots=True)
class Pair:
    """The two lights of one measure together."""

    implementation: Light = Light.GREY
    potential: Light = Light.GREY

    def of(self, kind: LightKind) -> Light:
        """One of the two."""
        return self.implementation if kind is LightKind.IMPLEMENTATION else self.potential


@dataclass(frozen=True, slots=True)
class Lit:
    """The active measures below a place whose lights are these two.

    `plan` is their headline plan in the fiscal year, of those that may be read (`hidden` may not), and `weight` that of
    all that plan more than nothing; minor units.
    """

    pair: Pair
    measures: int
    plan: int
    weight: int
    hidden: int = 0

    def __add__(self, other: "Lit") -> "Lit":
        """Two lots of measures with the same lights together."""
        measures, hidden = self.measures + other.measures, self.hidden + other.hidden
        return Lit(self.pair, measures, self.plan + other.plan, self.weight + other.weight, hidden)

    def __neg__(self) -> "Lit":
        """To be taken off."""
        return Lit(self.pair, -self.measures, -self.plan, -self.weight, -self.hidden)

    def weighed(self, kind: LightKind) -> Weighed:
        """What one of their lights weighs above them."""
        return Weighed(self.pair.of(kind), self.weight, self.measures)
