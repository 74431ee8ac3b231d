"""Sales activity: recording what sellers spent their time on, by the thousand (law §5)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from server.actions.results import Compared, Key, Stored, check_holders, differing
from server.actions.standing import require
from server.domain.activity import ACTIVITY_TEXTS, Activity, check_activities
from server.domain.facts import FactKind
from server.domain.matching import Traits
from server.domain.refusals import Faults
from server.live.work import Work
from server.models.cascade import Node
from server.models.database import rows
from server.models.matching import SalesActivity, rulebook
from server.models.people import Organization

_BULK = 500


async def record_activities(work: Work, *, plan: UUID | None, activities: Sequence[Activity]) -> dict[str, int]:
    """Record activities under a sales plan, found again by (system, external id).

    Answers as `record_results` does. Without a plan the matching rules place those that stand under none; what no rule
    takes is kept under the organization, where it counts as activity that no plan asked for.
    """
    node = await work.node(plan, "plan") if plan else None
    await require(work, "recordActivities", node)
    faults = Faults()
    check_activities(activities, work.today, faults)
    faults.refuse_if_any()
    wanted = {_key(one): _columns(one, node.id if node else None) for one in activities}
    stored = await _stored(work, wanted)
    matched = 0 if node else await _place(work, wanted, stored)
    found = differing(wanted, stored)
    holders = {row["node_id"] for row, _ in found.changed if row["node_id"]}
    await check_holders(work, "recordActivities", node, holders, "activities")
    for target, part in found.by_plan(node.id if node else None).items():
        place = await Node.get(id=target, using_db=work.db) if target and node is None else node
        await _write(work, place, part)
    return {
        "created": len(found.created),
        "changed": len(found.changed),
        "unchanged": len(wanted) - len(found.created) - len(found.changed),
        "matched": matched,
        "orphans": found.orphans,
    }


def _key(one: Activity) -> Key:
    return one.system.strip(), one.external_id.strip()


def _columns(one: Activity, plan: UUID | None) -> Stored:
    texts = {column: (getattr(one, column) or "").strip() or None for column, _ in ACTIVITY_TEXTS.values()}
    return texts | {"node_id": plan, "date": one.date, "month": int(one.month), "minutes": one.minutes}


async def _stored(work: Work, wanted: Mapping[Key, Stored]) -> dict[Key, Stored]:
    """What is recorded already of these, whatever plan it stands under."""
    asked: dict[str, list[str]] = {}
    for system, external_id in wanted:
        asked.setdefault(system, []).append(external_id)
    sql = """SELECT * FROM sales_activity
             WHERE organization_id = :organization AND system = :system AND external_id IN :ids"""
    organization = work.organization.id
    found = [
        row
        for system, ids in asked.items()
        for row in await rows(work.db, sql, organization=organization, system=system, ids=ids)
    ]
    return {(row["system"], row["external_id"]): row for row in found}


async def _place(work: Work, wanted: Mapping[Key, Stored], stored: Mapping[Key, Stored]) -> int:
    """Say where activities belong that name no plan: where they stand, else where the rules put them; how many."""
    book, matched = await rulebook(work.db, work.organization.id), 0
    for key, columns in wanted.items():
        held = stored[key]["node_id"] if key in stored else None
        rule = None if held else book.rule_for(Traits.of(columns))
        columns["node_id"] = rule.plan_id if rule else held
        matched += rule is not None
    return matched


async def _write(work: Work, node: Node | None, part: Compared) -> None:
    await work.add(*(SalesActivity(organization_id=work.organization.id, **columns) for columns in part.created))
    made = []
    for row, columns in part.changed:
        for name, value in columns.items():
            work.note(
                thing="sales_activity", id=str(row["id"]), field=name, before=_plain(row[name]), after=_plain(value)
            )
        made.append(SalesActivity(**{**row, **columns, "revision": work.next_revision}))
    written = sorted({name for _, columns in part.changed for name in columns} | {"revision"})
    if made:
        await SalesActivity.bulk_create(
            made, batch_size=_BULK, on_conflict=["id"], update_fields=written, using_db=work.db
        )
    place: Node | Organization = node or work.organization
    where = f"under “{node.name}”" if node else "that match no plan"
    told = f"recorded sales activities {where}: {len(part.created):,} new, {len(part.changed):,} changed."
    await work.record(FactKind.ACTIVITY_RECORDED, told, on=place)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date | UUID) else value
