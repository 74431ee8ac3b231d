"""The case of a measure: everything that a gate looks at, as one frozen value (law §2).

Amounts are integer minor units. `models.cases` reads cases from the database; `criteria` and `gates` judge them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from server.domain.cascade import Level, Standing
from server.domain.milestones import MeasureType
from server.domain.money import Money
from server.domain.months import Month
from server.domain.stages import Stage
from server.domain.values import BENEFITS, ValueKind

FIRST_YEAR = 12  # months


@dataclass(frozen=True, slots=True)
class Party:
    """A person, by id and as called in a sentence."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class LineCase:
    """A value line. Its plan is summed over all months, in its own currency and in the reporting currency.

    `unforecast`: the open month has a plan, but neither forecast nor actual.
    `months` (month → plan, actual) is read from IMPLEMENTED on only, when a gate asks for it.
    """

    name: str
    kind: ValueKind
    currency: str
    baseline_units: int | None
    baseline_source: str | None
    baseline_date: date | None
    planned_months: int
    planned: int
    planned_reporting: int
    unforecast: bool
    months: Mapping[Month, tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class MilestoneCase:
    """A milestone that was not cancelled."""

    name: str
    measure_type: MeasureType
    critical: bool
    achieved_on: date | None
    evidenced: bool
    verified: bool


@dataclass(frozen=True, slots=True)
class SalesPlanCase:
    """A sales plan of the initiative.

    `quota` is by month, in the reporting currency. `weights` are the incentive weights of its sellers by name, in
    hundredths of a per cent, added over all plans they sell under.
    """

    id: UUID
    name: str
    stage: Stage
    standing: Standing
    quota: Mapping[Month, int]
    weights: Mapping[str, int]

    @property
    def open(self) -> bool:
        """Whether it is still to be brought to an end: neither closed nor cancelled."""
        return self.stage is not Stage.CLOSED and self.standing is not Standing.CANCELLED

    @property
    def total(self) -> int:
        """Its whole quota."""
        return sum(self.quota.values())

    @property
    def first_year(self) -> int:
        """The quota of the twelve months that begin with its first."""
        return sum(units for month, units in self.quota.items() if month < min(self.quota).plus(FIRST_YEAR))


@dataclass(frozen=True, slots=True)
class InitiativeCase:
    """The initiative that a sales plan stands under."""

    name: str
    stage: Stage
    gap_explanation: str | None


class Size(StrEnum):
    """What the size of a measure may go by, as an explanation calls it."""

    ESTIMATE = "Estimated value"
    HEADLINE = "Planned headline value"
    REVENUE = "Planned revenue; of a sales plan the quota of its first year"
    COST = "Planned cost"


@dataclass(frozen=True, slots=True)
class Case:
    """A measure as its gates see it on a day.

    `sales_plans` are those of the initiative, also where the measure is one of them. `sellers` and `seller_names` are
    whose own quota or results a sales plan holds. `won` is what was won under it by month, and `stale_deals` counts its
    open opportunities whose expected close lies before the open month. `evidence` counts what is attached to the
    measure itself.
    """

    id: UUID
    level: Level
    stage: Stage
    standing: Standing
    name: str
    description: str | None
    business_unit: str | None
    owner: Party | None
    sponsor: Party | None
    controller: Party | None
    estimated: Money | None
    estimated_reporting: int | None
    risks: str | None
    overlaps: str | None
    gap_explanation: str | None
    variance_explanation: str | None
    evidence: int
    staged_on: date
    currency: str
    today: date
    planned_revenue: int
    lines: tuple[LineCase, ...] = ()
    milestones: tuple[MilestoneCase, ...] = ()
    sales_plans: tuple[SalesPlanCase, ...] = ()
    initiative: InitiativeCase | None = None
    sellers: frozenset[UUID] = frozenset()
    seller_names: frozenset[str] = frozenset()
    won: Mapping[Month, int] = field(default_factory=dict)
    stale_deals: int = 0

    @property
    def open_month(self) -> Month:
        """The month that is running in the organization's time zone."""
        return Month.containing(self.today)

    @property
    def plan(self) -> SalesPlanCase | None:
        """The measure itself as a sales plan; None for an initiative."""
        return next((plan for plan in self.sales_plans if plan.id == self.id), None)

    @property
    def selling(self) -> SalesPlanCase:
        """The measure as the sales plan it is. Raises ValueError for an initiative."""
        if self.plan is None:
            raise ValueError(f"“{self.name}” is no sales plan")
        return self.plan

    @property
    def won_before(self) -> int:
        """What was won under a sales plan in the twelve months before its first quota month: its baseline."""
        first = min(self.selling.quota)
        return sum(units for month, units in self.won.items() if first.plus(-FIRST_YEAR) <= month < first)

    def sells(self, party: Party) -> bool:
        """Whether it is this person's own quota or results."""
        return party.id in self.sellers or party.name.casefold() in self.seller_names

    @property
    def benefits(self) -> tuple[LineCase, ...]:
        """Its value lines that are not costs."""
        return tuple(line for line in self.lines if line.kind in BENEFITS)

    @property
    def quota(self) -> int:
        """The quotas of the initiative's active sales plans, added."""
        return sum(plan.total for plan in self.sales_plans if plan.standing is Standing.ACTIVE)

    @property
    def decisive(self) -> tuple[MilestoneCase, ...]:
        """The milestones whose achievement makes it implemented: the critical ones.

        Activities are no progress (law §6): where no outcome or output is critical, every outcome stands in.
        """
        critical = tuple(one for one in self.milestones if one.critical)
        if any(one.measure_type is not MeasureType.ACTIVITY for one in critical):
            return critical
        outcomes = (one for one in self.milestones if one.measure_type is MeasureType.OUTCOME and not one.critical)
        return (*critical, *outcomes)

    def window(self, months: int) -> tuple[Month, ...]:
        """The sustain window: so many months after the one in which the last decisive milestone was achieved.

        Empty while the measure is not implemented.
        """
        if self.stage < Stage.IMPLEMENTED:
            return ()
        achieved = [one.achieved_on for one in self.decisive if one.achieved_on]
        start = Month.containing(max(achieved, default=self.staged_on))
        return tuple(start.plus(number) for number in range(1, months + 1))

    def size(self, headline_kinds: tuple[ValueKind, ...]) -> Money:
        """What money thresholds are compared with: the largest of its estimate, planned value, revenue and cost.

        Each alone, never added, so that a large outlay or a large revenue with a thin margin is not small. The revenue
        of a sales plan is the quota of its first year.
        """
        return Money(max(self.sizes(headline_kinds).values()), self.currency)

    def sizes(self, headline_kinds: tuple[ValueKind, ...]) -> dict[Size, int]:
        """The amounts that its size is the largest of, in minor units of the reporting currency."""
        return {
            Size.ESTIMATE: self.estimated_reporting or 0,
            Size.HEADLINE: sum(line.planned_reporting for line in self.lines if line.kind in headline_kinds),
            Size.REVENUE: self.planned_revenue if self.plan is None else self.plan.first_year if self.plan.quota else 0,
            Size.COST: sum(line.planned_reporting for line in self.lines if line.kind not in BENEFITS),
        }
