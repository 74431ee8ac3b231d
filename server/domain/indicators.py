"""What an objective is measured by: a metric's path to target, and whether the hypothesis holds (law §1, §9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from enum import StrEnum
from itertools import takewhile

from server.domain.money import CURRENCIES
from server.domain.sales import SIX_PLACES
from server.domain.wording import quoted

TOLERANCE = Decimal("0.1")
"""How far a reading may stay behind its path, as a share of the way from the start: green begins at 0.9 (law §7)."""
STALE_AFTER = timedelta(days=400)
"""A yearly reading and five weeks for it to come in; what is older proves nothing about today."""


class Direction(StrEnum):
    """Which readings are good ones."""

    INCREASE = "INCREASE"
    DECREASE = "DECREASE"
    AT_LEAST = "AT_LEAST"
    AT_MOST = "AT_MOST"
    MILESTONE = "MILESTONE"
    UNDEFINED = "UNDEFINED"


class IndicatorSource(StrEnum):
    """Where the readings of an indicator come from."""

    HAND = "HAND"
    IMPORT = "IMPORT"
    ROLL_UP = "ROLL_UP"


class IndicatorFigure(StrEnum):
    """The figure of the roll-up that an indicator reads, over its months from start to target date."""

    HEADLINE_OUTLOOK = "HEADLINE_OUTLOOK"
    HEADLINE_ACTUAL = "HEADLINE_ACTUAL"
    HEADLINE_CONFIRMED = "HEADLINE_CONFIRMED"
    REVENUE_OUTLOOK = "REVENUE_OUTLOOK"
    REVENUE_ACTUAL = "REVENUE_ACTUAL"
    REVENUE_CONFIRMED = "REVENUE_CONFIRMED"
    SALES_WON = "SALES_WON"

    @property
    def foresees(self) -> bool:
        """Whether it tells of its whole span, months to come included."""
        return self.value.endswith("OUTLOOK")


class Verdict(StrEnum):
    """What the readings say of a hypothesis so far."""

    HOLDING = "HOLDING"
    FAILING = "FAILING"
    UNPROVEN = "UNPROVEN"


_TWO_PLACES = Decimal("0.01")
_EXACT = Context(prec=140)  # digits: more than a quotient of two stored numbers has before its sixth place
_BOUNDS = frozenset({Direction.AT_LEAST, Direction.AT_MOST})
_DOWNWARD = frozenset({Direction.DECREASE, Direction.AT_MOST})


@dataclass(frozen=True, slots=True)
class Point:
    """An indicator on one day: what its path demands, what was read, or both."""

    date: date
    target: Decimal | None = None
    actual: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator with its points by date. `unit` is told after a number: `%`, `people`, `EUR`."""

    name: str
    direction: Direction
    unit: str | None = None
    start: Decimal | None = None
    start_date: date | None = None
    target: Decimal | None = None
    target_date: date | None = None
    points: tuple[Point, ...] = ()
    foresees: bool = False
    """Whether a reading tells of the whole span, so that it is held against the target and not that day's path."""

    @property
    def readings(self) -> list[Point]:
        """The points at which something was read."""
        return [point for point in self.points if point.actual is not None]

    @property
    def latest(self) -> Point | None:
        """The last reading."""
        return max(self.readings, key=lambda point: point.date, default=None)

    def told(self, value: Decimal) -> str:
        """A value with the unit, as sentences have it and `money.masked` finds it: `1,250.5 EUR`."""
        number = f"{value:,f}"
        plain = number.rstrip("0").rstrip(".") if "." in number else number
        return f"{plain} {self.unit or ''}".strip()


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with its sentence, and since which day the readings say so (None: nothing was read)."""

    verdict: Verdict
    sentence: str
    since: date | None = None


def of_money(unit: str | None, figure: str | None = None) -> bool:
    """Whether the numbers of an indicator are amounts of money, which only some may read (law §3)."""
    return figure is not None or any(word in CURRENCIES for word in (unit or "").replace("/", " ").split())


def progress(
    direction: Direction, start: Decimal | None, target: Decimal | None, current: Decimal | None
) -> Decimal | None:
    """(current - start) ÷ (target - start), six places: below 0 when it went backwards, above 1 beyond the target.

    None where there is no such ratio: a number is missing, the target is the start or lies against the direction, and
    for a bound to be kept (AT_LEAST, AT_MOST), which is held or not.
    """
    if start is None or target is None or current is None or direction in _BOUNDS or direction is Direction.UNDEFINED:
        return None
    against = target > start if direction is Direction.DECREASE else target < start
    if target == start or (against and direction is not Direction.MILESTONE):
        return None
    with localcontext(_EXACT):
        return ((current - start) / (target - start)).quantize(SIX_PLACES, ROUND_HALF_UP)


def path_at(indicator: Indicator, day: date) -> Decimal | None:
    """What the path demands on a day, to six places; None before it demands anything.

    A straight line from point to point: start, the stated points, target. A bound and a milestone do not grow: what was
    stated last counts, and a bound holds from the first day.
    """
    points = _way(indicator)
    behind = [(on, value) for on, value in points if on <= day]
    ahead = [(on, value) for on, value in points if on > day]
    if indicator.direction in _BOUNDS:
        stated = behind[-1:] or ahead[:1]
        return stated[0][1] if stated else indicator.target
    if not behind:
        return None
    before, low = behind[-1]
    if not ahead or indicator.direction is Direction.MILESTONE:
        return low
    after, high = ahead[0]
    with localcontext(_EXACT):
        risen = (high - low) * (day - before).days / (after - before).days
        return low + risen.quantize(SIX_PLACES, ROUND_HALF_UP)


def _shown(demanded: Decimal) -> Decimal:
    """A point of a straight line as a sentence has it: of what is larger than one, two places are enough."""
    with localcontext(_EXACT):
        return demanded.quantize(_TWO_PLACES, ROUND_HALF_UP) if abs(demanded) >= 1 else demanded


def _way(indicator: Indicator) -> list[tuple[date, Decimal]]:
    """The stated stations of the path by date; one stated for a day wins over start and target."""
    ends = ((indicator.start_date, indicator.start), (indicator.target_date, indicator.target))
    stations = {day: value for day, value in ends if day is not None and value is not None}
    if indicator.direction in _BOUNDS:
        stations.pop(indicator.start_date, None)  # type: ignore[arg-type]  # where it came from is no bound
    return sorted((stations | {one.date: one.target for one in indicator.points if one.target is not None}).items())


def demanded_of(indicator: Indicator, point: Point) -> Decimal | None:
    """What a reading is held against: the path on its day, or the path's end when it foresees that."""
    day = indicator.target_date if indicator.foresees and indicator.target_date else point.date
    return path_at(indicator, day)


def behind_path(indicator: Indicator, point: Point, tolerance: Decimal = TOLERANCE) -> bool:
    """Whether a reading lies on the wrong side of what is demanded of it, beyond the tolerance.

    The tolerance is a share of the way from the start, or, without a start, of what is demanded. A bound has none.
    """
    demanded = demanded_of(indicator, point)
    if demanded is None or point.actual is None:
        return False
    downward = _downward(indicator)
    way = abs(demanded - indicator.start) if indicator.start is not None else abs(demanded)
    slack = Decimal(0) if indicator.direction in _BOUNDS else way * tolerance
    return point.actual > demanded + slack if downward else point.actual < demanded - slack


def _downward(indicator: Indicator) -> bool:
    """Whether less is better."""
    if indicator.direction is not Direction.MILESTONE:
        return indicator.direction in _DOWNWARD
    return indicator.start is not None and indicator.target is not None and indicator.target < indicator.start


def verdict(
    indicator: Indicator, today: date, *, tolerance: Decimal = TOLERANCE, stale_after: timedelta = STALE_AFTER
) -> Judged:
    """What the readings of one indicator say by `today`, points of later days left aside.

    FAILING: the last reading lies on the wrong side of its path by more than the tolerance, or a milestone is due and
    was not reached. UNPROVEN: nothing to reach, nothing read, or what was read is too old. Otherwise HOLDING.
    """
    name, known = f"“{indicator.name}”", [one for one in indicator.readings if one.date <= today]
    latest = max(known, key=lambda point: point.date, default=None)
    aimed = indicator.target is not None or any(point.target is not None for point in indicator.points)
    if not aimed or indicator.direction is Direction.UNDEFINED:
        missing = "no target" if not aimed else "no direction, so no reading of it is good or bad"
        return Judged(Verdict.UNPROVEN, f"{name} has {missing}: set it.")
    if overdue := _overdue(indicator, latest, today):
        return overdue
    if latest is None or latest.actual is None:
        return Judged(Verdict.UNPROVEN, f"{name} was not read yet: record a reading.")
    reached = f"{name} stood at {indicator.told(latest.actual)} on {latest.date}"
    if today - latest.date > stale_after:
        told = f"{reached}, which is more than {stale_after.days} days ago: record a reading."
        return Judged(Verdict.UNPROVEN, told, latest.date + stale_after)
    failing = behind_path(indicator, latest, tolerance)
    found = Verdict.FAILING if failing else Verdict.HOLDING
    newest_first = sorted(known, key=lambda point: point.date, reverse=True)
    run = list(takewhile(lambda point: behind_path(indicator, point, tolerance) is failing, newest_first))
    return Judged(found, f"{reached}{_against(indicator, latest, tolerance)}", run[-1].date)


def _against(indicator: Indicator, latest: Point, tolerance: Decimal) -> str:
    """How a sentence about the last reading goes on."""
    demanded = demanded_of(indicator, latest)
    if demanded is None:
        return "; its path demands nothing yet."
    path = f"the {indicator.told(_shown(demanded))} that its path demands"
    path += f" by {indicator.target_date}." if indicator.foresees else " by then."
    side = "above" if _downward(indicator) else "below"
    if behind_path(indicator, latest, tolerance):
        return f", {side} {path}"
    if behind_path(indicator, latest, Decimal(0)):
        return f", a little {side} {path}"
    return f" and holds {path}"


def _overdue(indicator: Indicator, latest: Point | None, today: date) -> Judged | None:
    """A milestone that is due takes a reading that reaches it; silence is no excuse."""
    due = indicator.target_date
    if indicator.direction is not Direction.MILESTONE or due is None or due >= today:
        return None
    if latest is not None and not behind_path(replace(indicator, foresees=True), latest, Decimal(0)):
        return None
    return Judged(Verdict.FAILING, f"“{indicator.name}” was due on {due} and is not reached.", due + timedelta(days=1))


def verdict_so_far(judged: Sequence[tuple[Indicator, Judged]]) -> Judged:
    """The verdict on an objective's hypothesis from those of the indicators that decide it.

    One that fails makes it failing; else one that proves nothing leaves it unproven; it holds when all hold.
    """
    if not judged:
        return Judged(Verdict.UNPROVEN, "Nothing measures it yet: add an indicator with a target.")
    given = {one.verdict for _, one in judged}
    found = next(one for one in (Verdict.FAILING, Verdict.UNPROVEN, Verdict.HOLDING) if one in given)
    those = [(indicator, one) for indicator, one in judged if one.verdict is found]
    days = [one.since for _, one in those if one.since is not None]
    since = (max if found is Verdict.HOLDING else min)(days, default=None)
    if len(those) == 1:
        return Judged(found, those[0][1].sentence, since)
    names = quoted(indicator for indicator, _ in those)
    told = {
        Verdict.FAILING: f"{len(those)} of {len(judged)} indicators are behind their path: {names}.",
        Verdict.UNPROVEN: f"{len(those)} of {len(judged)} indicators prove nothing yet: {names}.",
        Verdict.HOLDING: f"All {len(judged)} indicators hold their path: {names}.",
    }
    return Judged(found, told[found], since)
