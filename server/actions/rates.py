"""Plan rates: setting one, and what writers of money ask for it."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from tortoise.expressions import Q

from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.months import Month, fiscal_range
from server.domain.rates import PlanRates, check_rate
from server.domain.sales import weighted
from server.domain.values import Series
from server.live.work import Work
from server.models.database import rows
from server.models.people import PlanRate
from server.models.sales import Opportunity
from server.models.values import MonthValue

_BULK = 500
SERIES = tuple(series.value.lower() for series in Series)  # the columns of a month


async def plan_rates(work: Work, currencies: Iterable[str]) -> PlanRates:
    """The organization's rates of these currencies, of every fiscal year."""
    organization = work.organization
    wanted = {currency for currency in currencies if currency != organization.reporting_currency}
    found = PlanRate.filter(organization_id=organization.id, currency__in=list(wanted)).using_db(work.db)
    rates = {(row.fiscal_year, row.currency): Decimal(row.rate) for row in (await found if wanted else ())}
    return PlanRates(organization.reporting_currency, organization.fiscal_year_start, rates)


async def set_plan_rate(work: Work, *, fiscal_year: int, currency: str, rate: Decimal) -> UUID:
    """Set what one unit of `currency` is planned to cost in the reporting currency in a fiscal year.

    A rate that replaces another converts every amount of that year and currency again, closed measures included: what
    was said in the line's own currency stays, only its reporting figure follows.
    """
    await require(work, "setPlanRate", None)
    organization = work.organization
    check_rate(fiscal_year, currency, organization.reporting_currency, rate)
    written = format(rate.normalize(), "f")
    row = (
        await PlanRate.filter(organization_id=organization.id, fiscal_year=fiscal_year, currency=currency)
        .using_db(work.db)
        .first()
    )
    what = f"the plan rate of {currency} in fiscal year {fiscal_year}"
    if row is None:
        row = PlanRate(organization_id=organization.id, fiscal_year=fiscal_year, currency=currency, rate=written)
        await work.add(row)
        told = f"set {what}: {written} {organization.reporting_currency}."
    else:
        before = row.rate
        if not await work.alter(row, rate=written):
            return row.id
        again = await _convert_again(work, fiscal_year, currency)
        rate_was = f"from {before} to {written} {organization.reporting_currency}"
        told = f"changed {what} {rate_was}, and converted {again:,} amounts again."
    await work.record(FactKind.VALUE_CHANGED, told, on=organization)
    return row.id


async def _convert_again(work: Work, fiscal_year: int, currency: str) -> int:
    """Convert what a fiscal year holds in a currency at its new rate; the number of months and opportunities."""
    rates = await plan_rates(work, [currency])
    first, last = fiscal_range(fiscal_year, work.organization.fiscal_year_start)
    asked = {"organization": work.organization.id, "currency": currency, "first": int(first), "last": int(last)}
    months = await rows(
        work.db,
        """SELECT l.node_id, v.line_id, v.month, v.plan, v.forecast, v.actual, v.confirmed
           FROM month_value v JOIN value_line l ON l.id = v.line_id
           WHERE l.organization_id = :organization AND l.currency = :currency AND v.month BETWEEN :first AND :last""",
        **asked,
    )
    again = []
    for row in months:
        month, amounts = Month(row["month"]), {name: row[name] for name in SERIES}
        amounts |= {
            f"{name}_reporting": None if units is None else rates.convert(units, currency, month)
            for name, units in amounts.items()
        }
        again.append(MonthValue(line_id=row["line_id"], month=month, since=work.next_revision, **amounts))
    await MonthValue.bulk_create(
        again,
        batch_size=_BULK,
        on_conflict=["line_id", "month"],
        update_fields=["since", *(f"{name}_reporting" for name in SERIES)],
        using_db=work.db,
    )
    work.revalued(*(row["node_id"] for row in months))
    return len(again) + await _deals_again(work, rates, currency, first, last)


async def _deals_again(work: Work, rates: PlanRates, currency: str, first: Month, last: Month) -> int:
    """Opportunities that close in the fiscal year; the current one also holds those without a day to close."""
    this_month = Month.containing(work.today)
    within = Q(month__gte=int(first), month__lte=int(last))
    if first <= this_month <= last:
        within |= Q(month__isnull=True)
    deals = (
        await Opportunity.filter(within, organization_id=work.organization.id, currency=currency)
        .filter(units__isnull=False)
        .using_db(work.db)
    )
    for deal in deals:
        month = Month(deal.month) if deal.month else this_month
        deal.units_reporting = None if deal.units is None else rates.convert(deal.units, currency, month)
        deal.weighted_reporting = weighted(deal.units_reporting, deal.probability)
        deal.revision = work.next_revision
    if deals:
        await Opportunity.bulk_update(
            deals, ["units_reporting", "weighted_reporting", "revision"], batch_size=_BULK, using_db=work.db
        )
    return len(deals)
