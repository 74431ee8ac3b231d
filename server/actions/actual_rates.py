"""Actual rates by month: a second view of what is in the books (law §4)."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.months import Month
from server.domain.rates import ActualRates, check_actual_rate
from server.domain.refusals import invalid
from server.domain.values import Series
from server.live.work import Work
from server.models.budgets import ActualRate
from server.models.database import rows
from server.models.values import MonthValue

IN_THE_BOOKS = frozenset({Series.ACTUAL, Series.CONFIRMED})
_COLUMNS = tuple(series.value.lower() for series in Series if series in IN_THE_BOOKS)
_BULK = 500


async def actual_rates(work: Work, currency: str, months: Iterable[Month]) -> ActualRates:
    """The actual rates of a currency in some months."""
    organization = work.organization
    if currency == organization.reporting_currency:
        return ActualRates(currency, {})
    asked = {"organization_id": organization.id, "currency": currency, "month__in": [int(month) for month in months]}
    found = await ActualRate.filter(**asked).using_db(work.db)
    rates = {(Month(row.month), row.currency): Decimal(row.rate) for row in found}
    return ActualRates(organization.reporting_currency, rates)


async def set_actual_rate(work: Work, *, month: Month, currency: str, rate: Decimal | None) -> UUID:
    """Set what one unit of `currency` really cost in the reporting currency in a month; None takes the rate away.

    Every actual and confirmed amount of that month and currency is converted once more, beside its figure at plan
    rates, which stays. Where there is no actual rate the plan rate stands.
    """
    await require(work, "setActualRate", None)
    organization = work.organization
    check_actual_rate(month, currency, organization.reporting_currency, rate, Month.containing(work.today))
    written = None if rate is None else format(rate.normalize(), "f")
    row = await _stored(work, month, currency)
    what = f"the actual rate of {currency} in {month.spoken}"
    told = _told(what, row.rate if row else None, written, organization.reporting_currency)
    if told is None:
        return organization.id
    if row is None:
        row = ActualRate(organization_id=organization.id, month=int(month), currency=currency, rate=written)
        await work.add(row)
    elif written is None:
        await work.drop(row)
    else:
        await work.alter(row, rate=written)
    again = await _convert(work, month, currency, rate)
    told = f"{told}, and converted {_months(again)} of value lines." if again else f"{told}."
    await work.record(FactKind.VALUE_CHANGED, told, on=organization)
    return organization.id


async def _stored(work: Work, month: Month, currency: str) -> ActualRate | None:
    asked = {"organization_id": work.organization.id, "month": int(month), "currency": currency}
    return await ActualRate.filter(**asked).using_db(work.db).first()


def _told(what: str, before: str | None, after: str | None, into: str) -> str | None:
    """What happened to the rate; None where it stays."""
    if before == after:
        return None
    if after is None:
        return f"took away {what}, which was {before} {into}"
    return f"set {what}: {after} {into}" if before is None else f"changed {what} from {before} to {after} {into}"


def _months(number: int) -> str:
    return "1 month" if number == 1 else f"{number:,} months"


async def _convert(work: Work, month: Month, currency: str, rate: Decimal | None) -> int:
    """Convert what the books hold in a month and currency at its actual rate; how many months of lines that were."""
    into = work.organization.reporting_currency
    rates = ActualRates(into, {} if rate is None else {(month, currency): rate})
    found = await rows(
        work.db,
        """SELECT l.node_id, v.line_id, v.actual, v.confirmed FROM month_value v JOIN value_line l ON l.id = v.line_id
           WHERE l.organization_id = :organization AND l.currency = :currency AND v.month = :month
             AND (v.actual IS NOT NULL OR v.confirmed IS NOT NULL)""",
        organization=work.organization.id,
        currency=currency,
        month=int(month),
    )
    again = []
    for row in found:
        try:
            current = {
                f"{name}_current": None if row[name] is None else rates.convert(row[name], currency, month)
                for name in _COLUMNS
            }
        except ValueError as error:
            raise invalid(f"At this rate {error}.", "rate") from error
        again.append(MonthValue(line_id=row["line_id"], month=int(month), since=work.next_revision, **current))
    await MonthValue.bulk_create(
        again,
        batch_size=_BULK,
        on_conflict=["line_id", "month"],
        update_fields=["since", *(f"{name}_current" for name in _COLUMNS)],
        using_db=work.db,
    )
    work.revalued(*(row["node_id"] for row in found), plan=False)
    return len(again)
