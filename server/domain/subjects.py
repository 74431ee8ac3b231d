"""What findings look at: one node, or the organization, on one day, as a frozen value (law §9).

Amounts are integer minor units of the reporting currency. `models.noticing` reads subjects, `findings` judges them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from server.domain.cascade import Level, Standing
from server.domain.indicators import Judged
from server.domain.lights import Pair
from server.domain.money import Money
from server.domain.months import Month
from server.domain.policy import DEFAULT, Policy
from server.domain.stages import Stage
from server.domain.values import BENEFITS, COSTS, ValueKind

MOTION_DAYS = 28
"""Activity is compared over four weeks, each with the same days of the week: one busy week is no trend."""
ACTIVITY_DAYS = 91
"""Sellers' time is looked at over a quarter: over less, one trade fair would tilt it."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """What the lines of one kind add to over all months; `year_…`: over those of the current fiscal year.

    `remaining` is the outlook from the open month on; `unknown` what the outlook assumes for months whose actual or
    forecast is due and missing.
    """

    plan: int = 0
    outlook: int = 0
    remaining: int = 0
    actual: int = 0
    confirmed: int = 0
    unknown: int = 0
    year_plan: int = 0
    year_outlook: int = 0


@dataclass(frozen=True, slots=True)
class Selling:
    """The sales plan itself, or all of an initiative's that are not cancelled, added.

    `quota` is over all months; `quota_year`, `quota_left`, `pipeline`, `won` and `lost` (numbers of deals) are this
    fiscal year's.
    `weight` is all incentive weight of its sellers under it, in hundredths of a per cent, `supporting` the part that
    rewards it or what lies above it. `stale` deals were expected to close before the open month.
    """

    plans: int = 0
    quota: int = 0
    quota_year: int = 0
    quota_left: int = 0
    pipeline: int = 0
    won: int = 0
    lost: int = 0
    weight: int = 0
    supporting: int = 0
    stale: int = 0
    stale_units: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A submission that nobody has decided: what for, since when, how much money, and who owes a vote."""

    what: str
    since: date
    stake: int
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Motion:
    """Activity of the last `MOTION_DAYS` and of as many before, and what stood still meanwhile.

    `still` are the open outcomes and outputs; `moved` is how many of them had a reading or were achieved.
    """

    now: int = 0
    before: int = 0
    moved: int = 0
    still: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocker:
    """A milestone of the measure that waits for a late one, which may lie `elsewhere`: below another measure."""

    milestone: str
    awaits: str
    awaits_id: UUID
    due: date
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """Input that is due and has not come: the actuals or the forecast of months."""

    what: str
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The deals of the organization: those of no plan, won and open, and all of them."""

    orphans_won: int = 0
    orphans_open: int = 0
    won_units: int = 0
    open_units: int = 0
    all_units: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """Sales activity of the last `ACTIVITY_DAYS`, in minutes, or by number where some of it has none.

    `aligned` is the part under decided plans, whose `quota_left` is what it should bring.
    """

    aligned: int = 0
    total: int = 0
    unit: str = "minutes"
    quota_left: int = 0


@dataclass(frozen=True, slots=True)
class Subject:
    """A node on a day, or the organization (`level` None), with all that findings ask of it.

    `lights` are those that were set, or else `proposed` (None: it has none). `verdict` is that on an objective's
    hypothesis, and `value_below` what active measures below it plan.
    """

    id: UUID
    name: str
    level: Level | None
    currency: str
    today: date
    policy: Policy = DEFAULT
    stage: Stage | None = None
    standing: Standing = Standing.ACTIVE
    amounts: Mapping[ValueKind, Amounts] = field(default_factory=dict)
    selling: Selling = field(default_factory=Selling)
    gap_explained: bool = False
    closing_amount: int | None = None
    waiting: Waiting | None = None
    motion: Motion = field(default_factory=Motion)
    blockers: tuple[Blocker, ...] = ()
    missing: tuple[Missing, ...] = ()
    lights: Pair = field(default_factory=Pair)
    proposed: Pair | None = None
    red_cycles: int = 0
    verdict: Judged | None = None
    value_below: int = 0
    results: Results = field(default_factory=Results)
    activity: Activity = field(default_factory=Activity)

    def money(self, units: int) -> str:
        """An amount as it stands in a sentence."""
        return str(Money(units, self.currency))

    def at(self, first: Stage, last: Stage) -> bool:
        """Whether it is a measure that goes on, at one of these stages."""
        return self.stage is not None and self.standing is Standing.ACTIVE and first <= self.stage <= last

    def total(self, column: Callable[[Amounts], int], kinds: Collection[ValueKind]) -> int:
        """One column over some kinds of line."""
        return sum(column(amounts) for kind, amounts in self.amounts.items() if kind in kinds)

    @property
    def revenue(self) -> int:
        """Its planned revenue."""
        return self.total(lambda one: one.plan, {ValueKind.REVENUE})

    @property
    def worth(self) -> frozenset[ValueKind]:
        """The kinds that its value is counted in: the headline's; where it has none of these, all its benefits.

        Revenue does not count beside margin, which is a part of it.
        """
        benefits = BENEFITS & self.amounts.keys()
        kinds = benefits & set(self.policy.headline_kinds) or benefits
        return frozenset(kinds - {ValueKind.REVENUE} if ValueKind.MARGIN in kinds else kinds)

    @property
    def plan(self) -> int:
        """Its planned value."""
        return self.total(lambda one: one.plan, self.worth)

    @property
    def outlook(self) -> int:
        """The value that is expected of it."""
        return self.total(lambda one: one.outlook, self.worth)

    @property
    def remaining(self) -> int:
        """The value still to come: of the open month and all later ones."""
        return self.total(lambda one: one.remaining, self.worth)

    @property
    def to_come(self) -> int:
        """What waits with it: the value still to come; of a sales plan the quota left this year."""
        return self.selling.quota_left if self.level is Level.SALES_PLAN else max(self.remaining, 0)

    @property
    def spent(self) -> int:
        """The actuals of its cost lines."""
        return self.total(lambda one: one.actual, COSTS)


def known_through(today: date, due_days: int) -> Month:
    """The last month whose actuals are due: `due_days` after it ended they should be there (law §8)."""
    return Month.containing(today - timedelta(days=due_days)).plus(-1)


def forecast_due(today: date, due_days: int) -> bool:
    """Whether the forecast of the running month should be there by now: it is due as soon as the last one's actuals."""
    return Month.containing(today - timedelta(days=due_days)) == Month.containing(today)
