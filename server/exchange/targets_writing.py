"""The writing half of `import targets`: people, sales plans and their quota, all of it or nothing."""

from dataclasses import dataclass
from typing import Any

from server.actions.sales import set_quota
from server.actions.standing import refusal, require
from server.domain.cascade import Level
from server.domain.money import Money
from server.domain.months import Month
from server.domain.refusals import RefusalCode, Refused, invalid
from server.domain.sales import QuotaAmount, SalesDimension
from server.domain.values import Series
from server.exchange.extract import Place
from server.exchange.figures import WantedLine
from server.exchange.finishing import Run, finish, refuse, same_fiscal_year
from server.exchange.people import People, find_people
from server.exchange.places import Places, survey
from server.exchange.progress import Written
from server.exchange.report import ImportReport
from server.exchange.sellers import add_sellers
from server.exchange.tables import RowFault
from server.exchange.targets import TargetsExtract
from server.live.work import Work
from server.models.cascade import Node
from server.models.sales import Quota

Key = tuple[Month, str, str]
"""Month, dimension and segment of a quota."""


@dataclass(slots=True)
class _Counts:
    created: int = 0
    changed: int = 0
    unchanged: int = 0


async def import_targets(work: Work, extract: TargetsExtract, progress: Written, *, run: Run) -> dict[str, Any]:
    """Find or make the people and plans that targets need, and set the quota they state, with the viewer's own rights.

    Quota of a month and a seller (or segment) that the files do not name stays as it is.
    """
    await require(work, "importFile", None)
    same_fiscal_year(work, extract.fiscal_year_start)
    _check_currency(work, extract)
    people = await find_people(work, extract, loosely=True)
    places, forbidden = await survey(work, extract, people)
    forbidden += await _quota_forbidden(work, extract, places, people)
    if forbidden:
        refuse(forbidden)
    known = await people.make_known(work, extract.system)
    sold = {place: names for place, names in extract.sellers.items() if place not in places.missing}
    made = await places.make(work, people, dict(extract.sellers))
    added, notes = await add_sellers(work, places, sold)
    counts, faults = await _set(work, extract, places, progress)
    report = ImportReport(
        kind=run.kind,
        read=extract.read,
        created=counts.created,
        changed=counts.changed,
        unchanged=counts.unchanged,
        orphans=0,
        nodes_created=len(made),
        not_taken=(*extract.faults, *faults),
        dry_run=run.dry_run,
        people_created=known,
        sellers_added=added,
        nodes_made=tuple(made),
        unknown=extract.unknown,
        left_out=extract.left_out,
        notes=(*extract.notes, *people.notes, *notes),
    )
    return await finish(work, run, report)


def _check_currency(work: Work, extract: TargetsExtract) -> None:
    """Quota is kept in the reporting currency (law §5)."""
    ours = work.organization.reporting_currency
    others = sorted({line.currency for line in extract.lines} - {ours})
    if others:
        message = f"Quota is kept in the reporting currency, {ours}; these targets are in {', '.join(others)}."
        raise invalid(f"{message} Convert them, and say so under currency.", "mapping")


async def _quota_forbidden(work: Work, extract: TargetsExtract, places: Places, people: People) -> list[Any]:
    """The plans whose quota only others may set."""
    found = []
    for place in extract.places:
        if not isinstance(places.plan(place), str):
            here = await places.situation(work, people, place)
            refused = refusal("setQuota", here, "")
            if refused and refused.code is RefusalCode.FORBIDDEN:
                found.append(("setQuota", here))
    return found


async def _set(
    work: Work, extract: TargetsExtract, places: Places, progress: Written
) -> tuple[_Counts, list[RowFault]]:
    """Set the quota of plan after plan; what the law bars is told and left as it was."""
    by_plan: dict[Place, list[WantedLine]] = {}
    for line in extract.lines:
        by_plan.setdefault(line.place, []).append(line)
    counts, faults = _Counts(), list[RowFault]()
    for done, (place, lines) in enumerate(by_plan.items(), 1):
        plan = places.plan(place)
        try:
            if not isinstance(plan, Node) or Level(plan.level) is not Level.SALES_PLAN:
                raise invalid(f"It belongs to no sales plan: {plan}.")
            await _merge(work, plan, lines, extract.dimension, counts)
        except Refused as refused:
            faults += [RowFault(line.file, line.line, None, line.name, refused.message) for line in lines]
        await progress(done)
    return counts, faults


async def _merge(
    work: Work, plan: Node, lines: list[WantedLine], dimension: SalesDimension | None, counts: _Counts
) -> None:
    """Set the quota that the lines state; in the same months what they do not name stays."""
    cut = dimension.value if dimension else ""
    wanted: dict[Key, int] = {
        (month, cut, line.name if cut else ""): units
        for line in lines
        for month, units in line.months.get(Series.PLAN, {}).items()
    }
    months = {month for month, _, _ in wanted}
    stored = {
        (Month(row.month), row.dimension, row.segment): row.units
        for row in await Quota.filter(node_id=plan.id).using_db(work.db)
        if Month(row.month) in months
    }
    whole = {key: units for key, units in stored.items() if key[1] == cut} | wanted
    currency = work.organization.reporting_currency
    quota = [
        QuotaAmount(month, Money(units, currency).amount, SalesDimension(one) if one else None, segment or None)
        for (month, one, segment), units in whole.items()
    ]
    differing = [key for key, units in wanted.items() if stored.get(key) != units]
    if len(differing) > 0:
        await set_quota(work, plan=plan.id, quota=quota)
    counts.created += sum(key not in stored for key in differing)
    counts.changed += sum(key in stored for key in differing)
    counts.unchanged += len(wanted) - len(differing)
