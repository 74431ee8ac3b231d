"""Reading review cycles, and what people still owe one: five statements, however many measures there are."""

from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cycles import Span, months_over
from server.domain.lights import LightKind
from server.domain.missing import Lacking, Late, Missing, missing
from server.domain.months import Month
from server.domain.people import Viewer
from server.models.database import rows
from server.models.lights import Ground, settings
from server.models.missing import STALE, unforecast, without_actual
from server.models.scope import seen

Row = dict[str, Any]
# The measures whose input a cycle asks for: decided ones owe all of it, others their milestones.
_MEASURES = """SELECT n.id, n.level, n.stage, n.owner_id FROM node n WHERE n.organization_id = :organization
    AND n.standing = 'ACTIVE' AND n.stage IS NOT NULL AND n.stage <> 'CLOSED' AND {sight} ORDER BY n.id"""
# Months of lines without what the cycle asks for: the open one without a forecast, those that are over without actual.
_MONTHS = f"""SELECT l.node_id, l.name, v.month FROM value_line l JOIN month_value v ON v.line_id = l.id
    WHERE l.node_id IN :nodes AND (({unforecast(":open")}) OR ({without_actual(":over", after=":locked")}))
    ORDER BY l.node_id, l.id, v.month"""
_DEALS = f"""SELECT node_id, COUNT(*) AS stale FROM opportunity
    WHERE node_id IN :nodes AND {STALE} GROUP BY node_id"""
_LATE = """SELECT m.node_id, m.name, m.due FROM milestone m WHERE m.node_id IN :nodes AND m.due < :today
    AND m.achieved_on IS NULL AND m.cancelled_reason IS NULL
    AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.milestone_id = m.id AND e.date >= m.due) ORDER BY m.due, m.id"""
_DECIDED = frozenset({"DECIDED", "IMPLEMENTED"})


def span_of(row: Row) -> Span:
    """The days of a cycle's row."""
    return Span(row["starts"], row["ends"], row["due"])


async def cycle_rows(db: BaseDBAsyncClient, organization_id: UUID, *, below: int, most: int) -> list[Row]:
    """Cycles with a number below this one, newest first, each with the revision at which the one before was closed."""
    sql = """SELECT c.*, b.closed_revision AS since FROM review_cycle c LEFT JOIN review_cycle b
                 ON b.organization_id = c.organization_id AND b.number = c.number - 1
             WHERE c.organization_id = :organization AND c.number < :below ORDER BY c.number DESC LIMIT :most"""
    return await rows(db, sql, organization=organization_id, below=below, most=most)


async def cycles_by_id(db: BaseDBAsyncClient, organization_id: UUID, cycle_ids: list[UUID]) -> dict[UUID, Row]:
    """The same by id."""
    sql = """SELECT c.*, b.closed_revision AS since FROM review_cycle c LEFT JOIN review_cycle b
                 ON b.organization_id = c.organization_id AND b.number = c.number - 1
             WHERE c.organization_id = :organization AND c.id IN :ids"""
    found = await rows(db, sql, organization=organization_id, ids=cycle_ids)
    return {row["id"]: row for row in found}


async def open_cycle_row(db: BaseDBAsyncClient, organization_id: UUID) -> Row | None:
    """The cycle that is open; None before the first."""
    newest = await cycle_rows(db, organization_id, below=2**31 - 1, most=1)
    return newest[0] if newest and newest[0]["closed_at"] is None else None


async def missing_inputs(
    db: BaseDBAsyncClient, viewer: Viewer, cycle: Row, ground: Ground, node_id: UUID | None = None
) -> list[Missing]:
    """What is missing for a cycle on a day, of the measures that the viewer sees; of one measure where it is named."""
    sight, values = seen(viewer, "n.id")
    if node_id is not None:
        sight, values = f"{sight} AND n.id = :node", values | {"node": node_id}
    found = await rows(db, _MEASURES.format(sight=sight), organization=ground.organization_id, **values)
    lacking = {row["id"]: Lacking(row["id"], row["owner_id"]) for row in found}
    decided = [row["id"] for row in found if row["stage"] in _DECIDED]
    moving = [row["id"] for row in found if row["stage"] != "IMPLEMENTED"]  # milestones are frozen from there on
    open_month = Month.containing(ground.today)
    await _months(db, lacking, decided, cycle, ground)
    for row in await rows(db, _DEALS, nodes=decided, open=int(open_month)):
        lacking[row["node_id"]].stale_deals = int(row["stale"])
    standing = await settings(db, decided)
    for one in decided:
        lacking[one].unset = [kind for kind in LightKind if kind not in standing.get(one, {})]
    for row in await rows(db, _LATE, nodes=moving, today=ground.today):
        lacking[row["node_id"]].late.append(Late(row["name"], row["due"]))
    return missing(lacking.values(), open_month)


async def _months(
    db: BaseDBAsyncClient, lacking: dict[UUID, Lacking], nodes: list[UUID], cycle: Row, ground: Ground
) -> None:
    """Which months of which lines have no forecast or no actual. What an earlier cycle has locked is not asked for."""
    before = """SELECT COALESCE(MAX(locked_through), 0) AS locked FROM review_cycle
                WHERE organization_id = :organization AND number < :number"""
    (lock,) = await rows(db, before, organization=ground.organization_id, number=cycle["number"])
    open_month, over = Month.containing(ground.today), months_over(span_of(cycle), ground.today)
    months = {"open": int(open_month), "locked": int(lock["locked"]), "over": int(over)}
    for row in await rows(db, _MONTHS, nodes=nodes, **months):
        one = lacking[row["node_id"]]
        if row["month"] == open_month:
            one.unforecast.append(row["name"])
        else:
            one.without_actual.setdefault(row["name"], []).append(Month(row["month"]))
