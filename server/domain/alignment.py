"""Alignment: whether quota, pay and time point where the strategy does (law §5)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from server.domain.matching import same
from server.domain.money import Money
from server.domain.sales import ratio

_TENTH = Decimal("0.1")
_PER_CENT = 100


@dataclass(frozen=True, slots=True)
class Covered:
    """Quota and the planned revenue that it is held against, in minor units; `readable`: whether they may be told."""

    quota: int
    planned: int
    currency: str
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Weights:
    """Incentive weight in hundredths of a per cent.

    `aligned` points at the plan that holds it, at anything above it, or at another plan of the same initiative.
    """

    all: int = 0
    aligned: int = 0


@dataclass(frozen=True, slots=True)
class Logged:
    """Activities of one seller under one plan (None: of none), added.

    `decided`: whether that plan is decided and goes on; `timed` of them say how many minutes they took.
    """

    seller: str
    plan_id: UUID | None
    decided: bool
    number: int
    timed: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Spent:
    """Logged activity: all of it, and what was spent on decided plans; in minutes where every one has them."""

    all: int = 0
    aligned: int = 0
    by_time: bool = False

    @property
    def share(self) -> Decimal | None:
        """Aligned ÷ all."""
        return ratio(self.aligned, self.all)


@dataclass(frozen=True, slots=True)
class Aligned:
    """Three shares of 1 (quota may be more), null where there is nothing to divide by, and what went into them."""

    quota_covers: Decimal | None
    incentive_share: Decimal | None
    activity_share: Decimal | None
    by_time: bool
    sentence: str
    inputs: tuple[tuple[str, str], ...]


def spent(logged: Iterable[Logged], plans: Collection[UUID] | None, sellers: Collection[str]) -> Spent:
    """Activity under these plans (None: all there is), and all other activity of those who sell under them."""
    names = {same(seller) for seller in sellers}
    ours = [each for each in logged if plans is None or each.plan_id in plans or same(each.seller) in names - {""}]
    by_time = bool(ours) and all(each.timed == each.number for each in ours) and any(each.minutes for each in ours)

    def size(each: Logged) -> int:
        return each.minutes if by_time else each.number

    return Spent(sum(map(size, ours)), sum(size(each) for each in ours if each.decided), by_time)


def alignment(covered: Covered, weights: Weights, activity: Spent) -> Aligned:
    """The three shares with a sentence that names them, and the numbers behind them."""
    covers = ratio(covered.quota, covered.planned) if covered.readable else None
    paid, unit = ratio(weights.aligned, weights.all), "minutes" if activity.by_time else "activities"
    told = [
        f"quota covers {_percent(covers)} of the planned revenue" if covers is not None else "no revenue is planned",
        f"{_percent(paid)} of the incentive weight points here or above" if paid is not None else "no incentive is set",
        f"{_percent(activity.share)} of the logged activity goes to decided plans"
        if activity.share is not None
        else "no activity is logged",
    ]
    if not covered.readable:
        told[0] = "what quota covers is not yours to read"
    sentence = f"{told[0]}; {told[1]}; {told[2]}."
    inputs = (
        ("Quota", str(Money(covered.quota, covered.currency))),
        ("Planned revenue", str(Money(covered.planned, covered.currency))),
        ("Incentive weight", _weight(weights.all)),
        ("Incentive weight that points here or above", _weight(weights.aligned)),
        (f"Logged {unit}", f"{activity.all:,}"),
        (f"Logged {unit} under decided plans", f"{activity.aligned:,}"),
    )
    return Aligned(covers, paid, activity.share, activity.by_time, sentence[:1].upper() + sentence[1:], inputs)


def _percent(share: Decimal | None) -> str:
    whole = (share or Decimal(0)) * _PER_CENT
    return f"{whole.quantize(_TENTH).normalize():f} %"


def _weight(hundredths: int) -> str:
    return f"{(Decimal(hundredths) / _PER_CENT).normalize():f} %"
