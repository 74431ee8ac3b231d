"""The amounts of the sample company: plans by month, what came of them, and quota. No chance without a seed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from server.domain.months import Month, fiscal_year
from server.domain.policy import DEFAULT, STEERING_COMMITTEE_ABOVE
from server.domain.sales import QuotaAmount, SalesDimension
from server.domain.values import COSTS, NEVER_RECURRING, MonthAmount, ValueKind
from server.sample.calendar import Calendar
from server.sample.grammar import Initiative, Line, SalesPlan
from server.sample.people import SELLERS
from server.sample.places import DOLLAR

Months = dict[Month, Decimal]
_YEAR = 12
_SHARES = ((100,), (58, 42), (42, 33, 25), (36, 27, 21, 16))  # per cent, by number of segments


def hundreds(amount: Decimal | float) -> Decimal:
    """An amount as people plan it: whole hundreds."""
    return Decimal(round(amount / 100) * 100)


def planned(calendar: Calendar, initiative: Initiative, line: Line) -> Months:
    """A line's plan by month."""
    first = calendar.later(initiative.begins - line.lead)
    size = Decimal(line.size * 1000)
    if line.kind in NEVER_RECURRING:
        return {first.plus(k): hundreds(size / line.months) for k in range(line.months)}
    return {
        first.plus(k): hundreds(size / _YEAR * min(Decimal(k + 1) / line.ramp, Decimal(1))) for k in range(line.months)
    }


def share_of(months: Months, per_cent: int, seed: str = "", wiggle: int = 0) -> Months:
    """So many per cent of each month, give or take `wiggle` per cent by a seeded chance."""
    chance = Random(seed)  # noqa: S311 — a company, not a secret
    return {
        month: hundreds(amount * (per_cent + chance.randint(-wiggle, wiggle)) / 100) for month, amount in months.items()
    }


def listed(months: Mapping[Month, Decimal]) -> list[MonthAmount]:
    """Months as verbs take them."""
    return [MonthAmount(month, amount) for month, amount in months.items()]


def in_euro(calendar: Calendar, line: Line, months: Months) -> Months:
    """The months at the plan rate of their fiscal year."""
    if line.currency == "EUR":
        return months
    year = calendar.fiscal_year
    return {
        month: amount * Decimal(DOLLAR[fiscal_year(month, calendar.fiscal_start) - year])
        for month, amount in months.items()
    }


def estimate(initiative: Initiative) -> tuple[Decimal, str]:
    """The size that is estimated at first: the headline value of a full year."""
    lines = [line for line in initiative.lines if line.kind in DEFAULT.headline_kinds]
    return Decimal(sum(line.size for line in lines) * 1000), lines[0].currency


def is_large(calendar: Calendar, initiative: Initiative) -> bool:
    """Whether the steering committee votes on it (the law's threshold)."""
    totals = [
        sum(
            (
                amount
                for line in initiative.lines
                if line.kind in kinds
                for amount in in_euro(calendar, line, planned(calendar, initiative, line)).values()
            ),
            Decimal(0),
        )
        for kinds in (DEFAULT.headline_kinds, COSTS, {ValueKind.REVENUE})
    ]
    return max(*totals, estimate(initiative)[0]) > STEERING_COMMITTEE_ABOVE


def quota_by_month(calendar: Calendar, initiative: Initiative, plan: SalesPlan) -> Months:
    """A plan's quota: its share of the revenue that its initiative plans."""
    (line,) = (line for line in initiative.lines if line.kind is ValueKind.REVENUE)
    revenue = in_euro(calendar, line, planned(calendar, initiative, line))
    first, last = calendar.later(plan.first), calendar.later(plan.last)
    return {month: hundreds(amount * plan.share / 100) for month, amount in revenue.items() if first <= month <= last}


def cut_quota(plan: SalesPlan, months: Months) -> list[QuotaAmount]:
    """Quota as the verb takes it, cut by seller or territory where the plan is."""
    if plan.cut is None:
        return [QuotaAmount(month, amount) for month, amount in months.items()]
    by_seller = plan.cut is SalesDimension.SELLER
    segments = [SELLERS[key].name for key in plan.sellers] if by_seller else list(plan.territories)
    return [
        QuotaAmount(month, amount * share / 100, plan.cut, segment)
        for month, amount in months.items()
        for segment, share in zip(segments, shares(segments), strict=True)
    ]


def shares(segments: Sequence[str]) -> tuple[int, ...]:
    """How much of a plan falls to each of its sellers or territories, in per cent: the first has most."""
    return _SHARES[len(segments) - 1]


def first_year(months: Months) -> Decimal:
    """The quota of the first twelve months."""
    return sum(list(months.values())[:_YEAR], Decimal(0))
