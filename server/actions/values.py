"""Value lines and their months: adding and editing lines, and writing the four series (law §4)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.actions.actual_rates import IN_THE_BOOKS, actual_rates
from server.actions.rates import plan_rates
from server.actions.standing import require
from server.domain.corrections import check_unlocked
from server.domain.facts import FactKind
from server.domain.money import CURRENCIES, Money, minor
from server.domain.months import Month
from server.domain.rates import ActualRates, PlanRates
from server.domain.refusals import Faults, not_found
from server.domain.texts import cleaned
from server.domain.values import (
    NEVER_RECURRING,
    MonthAmount,
    MonthChange,
    Series,
    ValueKind,
    check_months,
    may_be_negative,
    told,
)
from server.live.work import Work
from server.models.cadence import lock_of
from server.models.cascade import Node
from server.models.database import rows
from server.models.values import MonthValue, ValueLine

_BASELINE = {"name": "name", "baselineSource": "baseline_source", "baselineDate": "baseline_date"}


async def add_value_line(
    work: Work, *, initiative: UUID, kind: ValueKind, recurring: bool, currency: str | None, fields: Mapping[str, Any]
) -> UUID:
    """Add a line to an initiative's business case, in `currency` or else the reporting currency.

    `fields`: name, baseline (Decimal), baselineSource, baselineDate. A one-off cost and capex never recur, whatever
    `recurring` says.
    """
    node = await work.node(initiative, "initiative")
    await require(work, "addValueLine", node)
    line = ValueLine(
        organization_id=work.organization.id,
        node_id=node.id,
        kind=kind.value,
        recurring=recurring and kind not in NEVER_RECURRING,
        currency=currency or work.organization.reporting_currency,
    )
    faults = Faults()
    columns = line_columns(work, line, {"name": None, **fields}, faults)
    faults.refuse_if_any()
    for column, value in columns.items():
        setattr(line, column, value)
    await work.add(line)
    once = "recurring" if line.recurring else "one-off"
    sentence = f"added the {kind.spoken} line “{line.name}” ({once}, {line.currency}) to “{node.name}”."
    await work.record(FactKind.VALUE_CHANGED, sentence, on=line, node_id=node.id)
    return line.id


async def edit_value_line(
    work: Work, *, line: UUID, fields: Mapping[str, Any], expected_revision: int | None = None
) -> UUID:
    """Change a line's name or baseline: the fields given; those left out stay, None clears."""
    found, node = await found_line(work, line)
    await require(work, "editValueLine", node)
    work.fresh(found, expected_revision, found.name)
    faults = Faults()
    columns = line_columns(work, found, fields, faults)
    faults.refuse_if_any()
    if await work.alter(found, **columns):
        sentence = f"changed the {ValueKind(found.kind).spoken} line “{found.name}” of “{node.name}”."
        await work.record(FactKind.VALUE_CHANGED, sentence, on=found, node_id=node.id)
    return found.id


async def set_plan(
    work: Work, *, line: UUID, months: Sequence[MonthAmount], expected_revision: int | None = None
) -> UUID:
    """Write the plan of some months, until DECIDED freezes it."""
    return await _write(work, "setPlan", Series.PLAN, line, months, expected_revision)


async def set_forecast(
    work: Work, *, line: UUID, months: Sequence[MonthAmount], expected_revision: int | None = None
) -> UUID:
    """Write the forecast of the current month and later ones, from DECIDED on."""
    return await _write(work, "setForecast", Series.FORECAST, line, months, expected_revision)


async def record_actual(
    work: Work, *, line: UUID, months: Sequence[MonthAmount], expected_revision: int | None = None
) -> UUID:
    """Write what past months, or the current one so far, brought or cost."""
    return await _write(work, "recordActual", Series.ACTUAL, line, months, expected_revision)


async def confirm_value(
    work: Work, *, line: UUID, months: Sequence[MonthAmount], expected_revision: int | None = None
) -> UUID:
    """Write what the controller finds in the books, from IMPLEMENTED on."""
    return await _write(work, "confirmValue", Series.CONFIRMED, line, months, expected_revision)


async def _write(
    work: Work, act: str, series: Series, line: UUID, months: Sequence[MonthAmount], expected_revision: int | None
) -> UUID:
    """The one way into a series. The line gets a new revision, not its initiative.

    A call that changes nothing is accepted and records nothing.
    """
    found, node = await found_line(work, line)
    await require(work, act, node)
    work.fresh(found, expected_revision, found.name)
    faults = Faults()
    wanted = asked_months(work, found, series, months, faults)
    faults.refuse_if_any()
    changes = await differing(work, found, series, wanted)
    if changes:
        called = f"“{found.name}” on “{node.name}”"
        check_unlocked(series, called, changes, await lock_of(work.db, work.organization.id))
        await write(work, found, series, changes)
        await work.touch(found)
        fact = FactKind.VALUE_CONFIRMED if series is Series.CONFIRMED else FactKind.VALUE_CHANGED
        await work.record(fact, told(series, called, found.currency, changes), on=found, node_id=node.id)
    return found.id


def asked_months(
    work: Work, line: ValueLine, series: Series, months: Sequence[MonthAmount], faults: Faults
) -> dict[Month, int | None]:
    """The months asked for in minor units of the line; what is wrong with any of them goes to `faults`."""
    return check_months(series, ValueKind(line.kind), line.currency, months, Month.containing(work.today), faults)


async def store_months(
    work: Work, line: ValueLine, series: Series, wanted: Mapping[Month, int | None]
) -> list[MonthChange]:
    """Write the months that differ; what each was and became."""
    changes = await differing(work, line, series, wanted)
    await write(work, line, series, changes)
    return changes


async def differing(
    work: Work, line: ValueLine, series: Series, wanted: Mapping[Month, int | None]
) -> list[MonthChange]:
    """The months that are not yet as wanted, in order."""
    column = series.value.lower()
    sql = f"SELECT month, {column} AS units FROM month_value WHERE line_id = :line AND month IN :months"
    stored = await rows(work.db, sql, line=line.id, months=[int(month) for month in wanted])
    before = {row["month"]: row["units"] for row in stored}
    return [
        MonthChange(month, before.get(month), units)
        for month, units in sorted(wanted.items())
        if before.get(month) != units
    ]


async def write(work: Work, line: ValueLine, series: Series, changes: Sequence[MonthChange]) -> None:
    """Write months of a series, converted into the reporting currency, and note them for the next fact."""
    column, current = series.value.lower(), series in IN_THE_BOOKS
    rates, faults, written = await plan_rates(work, [line.currency]), Faults(), []
    actual = await actual_rates(work, line.currency, [change.month for change in changes] if current else [])
    for change in changes:
        row = MonthValue(line_id=line.id, month=int(change.month), since=work.next_revision)
        try:
            _convert(row, column, line.currency, change, rates, actual)
        except ValueError as error:
            faults.add(f"{change.month}: {error}.", "months")
        else:
            written.append(row)
    faults.refuse_if_any()
    if written:
        columns = [column, f"{column}_reporting", *([f"{column}_current"] if current else [])]
        await MonthValue.bulk_create(
            written, on_conflict=["line_id", "month"], update_fields=["since", *columns], using_db=work.db
        )
        work.revalued(line.node_id, plan=series is Series.PLAN)
    for change in changes:
        work.note(
            thing="month_value",
            id=str(line.id),
            field=column,
            month=int(change.month),
            currency=line.currency,
            before=change.before,
            after=change.after,
        )


def _convert(
    row: MonthValue, column: str, currency: str, change: MonthChange, rates: PlanRates, actual: ActualRates
) -> None:
    """Fill a column with an amount: as written, at the plan rate, and at the month's actual rate where there is one.

    Raises ValueError where there is no plan rate, or a result is out of reach.
    """
    units, month = change.after, change.month
    setattr(row, column, units)
    setattr(row, f"{column}_reporting", None if units is None else rates.convert(units, currency, month))
    if actual.rates:
        setattr(row, f"{column}_current", None if units is None else actual.convert(units, currency, month))


async def found_line(work: Work, line: UUID) -> tuple[ValueLine, Node]:
    """A line and its initiative. Raises NOT_FOUND where the viewer does not see it."""
    found = await ValueLine.filter(id=line, organization_id=work.organization.id).using_db(work.db).first()
    if found is None:
        raise not_found("line")
    return found, await work.node(found.node_id, "line")


def line_columns(work: Work, line: ValueLine, fields: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    """What the given fields mean for a line's row; what is wrong with any of them goes to `faults`."""
    columns = {_BASELINE[field]: fields[field] for field in _BASELINE if field in fields}
    for field in ("name", "baselineSource"):
        if field in fields:
            columns[_BASELINE[field]] = cleaned(fields[field], field, faults, required=field == "name")
    day: date | None = fields.get("baselineDate")
    if day is not None and day > work.today:
        faults.add(f"A baseline is what was; {day} lies in the future.", "baselineDate")
    if line.currency not in CURRENCIES:
        faults.add(f"“{line.currency[:10]}” is not an ISO 4217 currency code such as EUR.", "currency")
    elif "baseline" in fields:
        columns["baseline_units"] = _baseline(line, fields["baseline"], faults)
    return columns


def _baseline(line: ValueLine, amount: Decimal | None, faults: Faults) -> int | None:
    if amount is None:
        return None
    try:
        units = minor(amount, line.currency)
    except ValueError as error:
        faults.add(f"baseline: {error}.", "baseline")
        return None
    if units < 0 and not may_be_negative(ValueKind(line.kind), Series.PLAN):
        below = f"{Money(units, line.currency)} lies below zero"
        faults.add(f"The baseline of {ValueKind(line.kind).spoken} cannot be negative: {below}.", "baseline")
    return units
