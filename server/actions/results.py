"""Results: recording the opportunities that a CRM reports, by the thousand (law §5)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from server.actions.own_deals import check_not_own_deals
from server.actions.rates import plan_rates
from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.matching import Traits
from server.domain.money import minor
from server.domain.months import Month
from server.domain.rates import PlanRates
from server.domain.refusals import Faults, invalid
from server.domain.results import TEXTS, Result, check_results
from server.domain.sales import weighted
from server.live.work import Work
from server.models.cascade import Node
from server.models.database import rows
from server.models.matching import rulebook
from server.models.people import Organization
from server.models.sales import Opportunity

_BULK = 500


Key = tuple[str, str]
"""The system and the external id by which an opportunity is found again."""
Stored = dict[str, Any]
"""An opportunity, or some of its columns."""


@dataclass(slots=True)
class Compared:
    """What recording results would write: new rows, and rows that stand, each with the columns that differ."""

    created: list[Stored] = field(default_factory=list)
    changed: list[tuple[Stored, Stored]] = field(default_factory=list)
    orphans: int = 0  # of all results, how many belong to no plan then

    @property
    def written(self) -> list[Stored]:
        """Every row that would be written: as it will be, and what it was before."""
        return [*self.created, *(row for row, _ in self.changed), *(row | columns for row, columns in self.changed)]

    @property
    def matched(self) -> int:
        """How many a rule puts under a plan."""
        placed = [*self.created, *(columns for _, columns in self.changed)]
        return sum(columns.get("rule_id") is not None for columns in placed)

    def by_plan(self, named: UUID | None) -> dict[UUID | None, "Compared"]:
        """The same by the plan whose fact tells of it; None: the organization's. `named` takes all."""
        parts: dict[UUID | None, Compared] = {}
        for columns in self.created:
            parts.setdefault(named or columns["node_id"], Compared()).created.append(columns)
        for row, columns in self.changed:
            parts.setdefault(named or columns.get("node_id"), Compared()).changed.append((row, columns))
        return dict(sorted(parts.items(), key=lambda part: (part[0] is None, str(part[0]))))


async def record_results(
    work: Work, *, plan: UUID | None, results: Sequence[Result], stored: Mapping[Key, Stored] | None = None
) -> dict[str, int]:
    """Record opportunities under a sales plan, found again by (system, external id).

    Answers how many were `created`, `changed` and `unchanged`; what is unchanged is not written and keeps its revision.
    Without a plan the matching rules place those that stand under none (`matched` counts them); what no rule takes is
    an orphan, kept under the organization, and one that stands under a plan already stays there. One fact tells of each
    plan that got some, and one more of each that lost some. Nobody records their own deals (law §2). `stored` is what
    `standing` found of these in the same work, where the caller has asked already.
    """
    node = await work.node(plan, "plan") if plan else None
    await require(work, "recordResults", node)
    faults = Faults()
    check_results(results, work.organization.reporting_currency, faults)
    faults.refuse_if_any()
    found = await compared(work, node, results, stored)
    await check_holders(work, "recordResults", node, {row["node_id"] for row, _ in found.changed if row["node_id"]})
    await check_not_own_deals(work, found.written, "results")
    unchanged = len(results) - len(found.created) - len(found.changed)
    for target, part in found.by_plan(node.id if node else None).items():
        by_rule = target is not None and node is None
        place = await Node.get(id=target, using_db=work.db) if by_rule else node
        await _write(work, place, part, None if by_rule else unchanged)
    return {
        "created": len(found.created),
        "changed": len(found.changed),
        "unchanged": unchanged,
        "matched": found.matched,
        "orphans": found.orphans,
    }


async def compared(
    work: Work, node: Node | None, results: Sequence[Result], stored: Mapping[Key, Stored] | None = None
) -> Compared:
    """What recording these results under a plan would write; without one, where the rules place them."""
    wanted = await _columns(work, node, results)
    stored = await standing(work, results) if stored is None else stored
    if node is None:
        await _place(work, wanted, stored)
    return differing(wanted, stored)


def differing(wanted: Mapping[Key, Stored], stored: Mapping[Key, Stored]) -> Compared:
    """What of the rows wanted is new, or differs from what is stored."""
    found = Compared(orphans=sum(columns["node_id"] is None for columns in wanted.values()))
    for key, columns in wanted.items():
        row = stored.get(key)
        if row is None:
            found.created.append(columns)
        elif changed := {name: value for name, value in columns.items() if row[name] != value}:
            found.changed.append((row, changed))
    return found


async def _place(work: Work, wanted: Mapping[Key, Stored], stored: Mapping[Key, Stored]) -> None:
    """Say where results belong that name no plan: where they stand already, else where the rules put them."""
    book = await rulebook(work.db, work.organization.id)
    for key, columns in wanted.items():
        row = stored.get(key)
        if row and row["node_id"]:
            columns |= {"node_id": row["node_id"], "rule_id": row["rule_id"]}
        elif rule := book.rule_for(Traits.of(columns)):
            columns |= {"node_id": rule.plan_id, "rule_id": rule.id}


async def _write(work: Work, node: Node | None, part: Compared, unchanged: int | None) -> None:
    """Write what belongs to one place, and record it; `unchanged` None: the matching rules brought it there."""
    left = Counter(row["node_id"] for row, columns in part.changed if row["node_id"] and "node_id" in columns)
    await work.add_rows(Opportunity, part.created)
    await _alter(work, part.changed)
    place: Node | Organization = node or work.organization
    where = f"under “{node.name}”" if node else "that match no plan"
    told = f"{len(part.created):,} new, {len(part.changed):,} changed"
    how, rest = (" by the matching rules", "") if unchanged is None else ("", f", {unchanged:,} as they were")
    await work.record(FactKind.RESULTS_RECORDED, f"recorded results {where}{how}: {told}{rest}.", on=place)
    for other_id, number in left.items():
        other = await Node.get(id=other_id, using_db=work.db)
        sentence = f"moved {number:,} opportunities from “{other.name}” to “{place.name}”."
        await work.record(FactKind.RESULTS_RECORDED, sentence, on=other)


async def _columns(work: Work, node: Node | None, results: Sequence[Result]) -> dict[Key, Stored]:
    """The rows wanted, by (system, external id). Refuses what cannot be converted, each missing rate once."""
    ours = work.organization.reporting_currency
    rates = await plan_rates(work, {result.currency or ours for result in results})
    wanted: dict[Key, Stored] = {}
    refused: set[str] = set()
    for result in results:
        columns: dict[str, Any] = {column: _tidy(getattr(result, column)) for column, _ in TEXTS.values()}
        columns |= {"state": result.state.value, "engaged_on": result.engaged_on, "closed_on": result.closed_on}
        columns["forecast_category"] = result.forecast_category.value if result.forecast_category else None
        columns |= {"node_id": node.id if node else None, "rule_id": None, "probability": result.millionths}
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


async def standing(work: Work, results: Sequence[Result]) -> dict[Key, Stored]:
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


async def check_holders(work: Work, act: str, node: Node | None, holders: Iterable[UUID], at: str = "results") -> None:
    """Whoever changes an opportunity of another plan, or takes it over, needs the right there as well."""
    for holder in holders:
        if node is not None and holder == node.id:
            continue
        other = await Node.get(id=holder, using_db=work.db)
        if not work.viewer.roles_at(await work.path(holder)):
            message = "Some of these opportunities are recorded under another plan, where you may not record results."
            raise invalid(message, at)
        await require(work, act, other)


async def _alter(work: Work, changed: Sequence[tuple[Stored, Stored]]) -> None:
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
