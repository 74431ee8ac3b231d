"""Results: recording the opportunities that a CRM reports, by the thousand (law §5)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from server.actions.rates import plan_rates
from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.money import minor
from server.domain.months import Month
from server.domain.rates import PlanRates
from server.domain.refusals import Faults, invalid
from server.domain.results import TEXTS, Result, check_results
from server.domain.sales import weighted
from server.live.work import Work
from server.models.cascade import Node
from server.models.database import rows
from server.models.people import Organization
from server.models.sales import Opportunity

_BULK = 500


async def record_results(work: Work, *, plan: UUID | None, results: Sequence[Result]) -> dict[str, int]:
    """Record opportunities under a sales plan, found again by (system, external id).

    Answers how many were `created`, `changed` and `unchanged`; what is unchanged is not written and keeps its revision.
    Without a plan they are orphans, kept under the organization; one that stands under a plan already stays there.
    One fact tells of the whole call, and one more of each plan that lost opportunities to this one.
    """
    node = await work.node(plan, "plan") if plan else None
    await require(work, "recordResults", node)
    faults = Faults()
    check_results(results, work.organization.reporting_currency, faults)
    faults.refuse_if_any()
    created, changed = await compared(work, node, results)
    left = Counter(row["node_id"] for row, columns in changed if row["node_id"] and "node_id" in columns)
    await _check_changed(work, node, {row["node_id"] for row, _ in changed if row["node_id"]})
    await work.add(*(Opportunity(organization_id=work.organization.id, **columns) for columns in created))
    await _alter(work, changed)
    counts = {"created": len(created), "changed": len(changed), "unchanged": len(results) - len(created) - len(changed)}
    if created or changed:
        await _record_results(work, node, counts, left)
    return counts


async def compared(
    work: Work, node: Node | None, results: Sequence[Result]
) -> tuple[list[dict[str, Any]], list[tuple[dict[str, Any], dict[str, Any]]]]:
    """What recording these results under a plan would write.

    New rows, and rows that stand with the columns that differ.
    """
    wanted = await _columns(work, node, results)
    stored = await _stored(work, results)
    changed = []
    for key, row in stored.items():
        columns = wanted[key]
        if node is None:
            columns["node_id"] = row["node_id"]
        differing = {name: value for name, value in columns.items() if row[name] != value}
        if differing:
            changed.append((row, differing))
    return [columns for key, columns in wanted.items() if key not in stored], changed


async def _record_results(work: Work, node: Node | None, counts: Mapping[str, int], left: Counter[UUID]) -> None:
    place: Node | Organization = node or work.organization
    where = f"under “{node.name}”" if node else "that match no plan"
    told = f"{counts['created']:,} new, {counts['changed']:,} changed, {counts['unchanged']:,} as they were"
    sentence = f"recorded results {where}: {told}."
    await work.record(FactKind.RESULTS_RECORDED, sentence, on=place)
    for other_id, number in left.items():
        other = await Node.get(id=other_id, using_db=work.db)
        sentence = f"moved {number:,} opportunities from “{other.name}” to “{place.name}”."
        await work.record(FactKind.RESULTS_RECORDED, sentence, on=other)


async def _columns(work: Work, node: Node | None, results: Sequence[Result]) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows wanted, by (system, external id). Refuses what cannot be converted, each missing rate once."""
    ours = work.organization.reporting_currency
    rates = await plan_rates(work, {result.currency or ours for result in results})
    wanted: dict[tuple[str, str], dict[str, Any]] = {}
    refused: set[str] = set()
    for result in results:
        columns: dict[str, Any] = {column: _tidy(getattr(result, column)) for column, _ in TEXTS.values()}
        columns |= {"state": result.state.value, "engaged_on": result.engaged_on, "closed_on": result.closed_on}
        columns |= {"node_id": node.id if node else None, "probability": result.millionths}
        try:
            columns |= amounts(result, result.currency or ours, rates, work.today)
        except ValueError as error:
            refused.add(f"{str(error)[:1].upper()}{str(error)[1:]}.")
        wanted[columns["system"], columns["external_id"]] = columns
    faults = Faults()
    for sentence in sorted(refused):
        faults.add(sentence, "results")
    faults.refuse_if_any()
    if len(wanted) < len(results):
        message = "Two results have the same system and external id once the blanks around them are taken off."
        raise invalid(message, "results")
    return wanted


def _tidy(text: str | None) -> str | None:
    return (text or "").strip() or None


def amounts(result: Result, currency: str, rates: PlanRates, today: date) -> dict[str, Any]:
    """Amounts in both currencies, at the rate of the fiscal year in which it closes (of the current one if unknown)."""
    units = None if result.amount is None else minor(result.amount, currency)
    month = result.month
    reporting = None if units is None else rates.convert(units, currency, month or Month.containing(today))
    return {
        "units": units,
        "currency": currency,
        "units_reporting": reporting,
        "weighted_reporting": weighted(reporting, result.millionths),
        "month": None if month is None else int(month),
    }


async def _stored(work: Work, results: Sequence[Result]) -> dict[tuple[str, str], dict[str, Any]]:
    """What is recorded already of these, whatever plan it stands under."""
    asked: dict[str, list[str]] = {}
    for result in results:
        asked.setdefault(result.system.strip(), []).append(result.external_id.strip())
    sql = "SELECT * FROM opportunity WHERE organization_id = :organization AND system = :system AND external_id IN :ids"
    found = [
        row
        for system, ids in asked.items()
        for row in await rows(work.db, sql, organization=work.organization.id, system=system, ids=ids)
    ]
    return {(row["system"], row["external_id"]): row for row in found}


async def _check_changed(work: Work, node: Node | None, holders: Iterable[UUID]) -> None:
    """Whoever changes an opportunity of another plan, or takes it over, needs the right there as well."""
    for holder in holders:
        if node is not None and holder == node.id:
            continue
        other = await Node.get(id=holder, using_db=work.db)
        if not work.viewer.roles_at(await work.path(holder)):
            message = "Some of these opportunities are recorded under another plan, where you may not record results."
            raise invalid(message, "results")
        await require(work, "recordResults", other)


async def _alter(work: Work, changed: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> None:
    """Write many changed opportunities in few statements, each difference noted."""
    made = []
    for row, columns in changed:
        for name, value in columns.items():
            before, after = (str(one) if isinstance(one, date | UUID) else one for one in (row[name], value))
            work.note(thing="opportunity", id=str(row["id"]), field=name, before=before, after=after)
        made.append(Opportunity(**{**row, **columns, "revision": work.next_revision}))
    written = sorted({name for _, columns in changed for name in columns} | {"revision"})
    if made:
        await Opportunity.bulk_create(
            made, batch_size=_BULK, on_conflict=["id"], update_fields=written, using_db=work.db
        )
