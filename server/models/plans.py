"""Reading the plans of measures, as they stand and in all their versions: few statements for any number."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.money import Money
from server.domain.months import Month
from server.domain.plan_form import plan_of
from server.domain.plans import Plan, PlanPart, Slot, Thing, Value
from server.models.database import rows

_MEASURES = """SELECT n.id, n.estimated_units, n.estimated_currency, o.reporting_currency
    FROM node n JOIN organization o ON o.id = n.organization_id WHERE n.id IN :ids AND n.stage IS NOT NULL"""
_LINES = """SELECT l.node_id, l.id, l.name, l.kind, l.currency, l.recurring, v.month, v.plan
    FROM value_line l LEFT JOIN month_value v ON v.line_id = l.id AND v.plan IS NOT NULL
    WHERE l.node_id IN :ids"""
_QUOTA = "SELECT node_id, month, dimension, segment, units FROM quota WHERE node_id IN :ids"
# What was added after the decision and never decided upon is no part of the plan.
_MILESTONES = """SELECT node_id, id, name, measure_type, critical, original_due FROM milestone
    WHERE node_id IN :ids AND cancelled_reason IS NULL AND original_due IS NOT NULL"""
_INCENTIVES = """SELECT i.node_id, i.seller_id, p.name AS seller_name, i.name, i.weight, i.rewards_id
    FROM incentive i JOIN person p ON p.id = i.seller_id WHERE i.node_id IN :ids"""
_VERSIONS = """SELECT v.node_id, v.version, v.made_at, v.submission_id, v.document,
        COALESCE(s.revision, v.since) AS entry
    FROM plan_version v LEFT JOIN submission s ON s.id = v.submission_id WHERE v.node_id IN :ids ORDER BY v.version"""
_DECIDED = """SELECT n.id AS node_id, s.id AS submission_id, COALESCE(s.ended_at, n.staged_at) AS ended_at,
        COALESCE(s.revision, n.revision) AS entry
    FROM node n LEFT JOIN submission s ON s.node_id = n.id AND s.purpose = 'GATE' AND s."into" = 'DECIDED'
    AND s.outcome = 'GO' WHERE n.id IN :ids AND n.stage IN ('DECIDED', 'IMPLEMENTED', 'CLOSED')"""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a decided plan.

    `submission_id` is the decision that made it, where there was one, and `entry` the revision that brought it about.
    """

    node_id: UUID
    number: int
    made_at: datetime
    submission_id: UUID | None
    plan: Plan
    entry: int


async def versions(db: BaseDBAsyncClient, node_ids: Collection[UUID]) -> dict[UUID, list[Version]]:
    """All versions of decided plans, the first one first; none of what is not decided.

    A measure that was decided before versions were stored has its present plan as version 1: nothing has been able to
    change it since. It is stored with its first change.
    """
    found: dict[UUID, list[Version]] = defaultdict(list)
    for row in await rows(db, _VERSIONS, ids=list(node_ids)):
        kept = plan_of(row["document"])
        found[row["node_id"]].append(
            Version(row["node_id"], row["version"], row["made_at"], row["submission_id"], kept, row["entry"])
        )
    bare = [node_id for node_id in node_ids if node_id not in found]
    decided = await rows(db, _DECIDED, ids=bare) if bare else []
    present = await plans(db, [row["node_id"] for row in decided]) if decided else {}
    for row in decided:
        node_id = row["node_id"]
        found[node_id] = [Version(node_id, 1, row["ended_at"], row["submission_id"], present[node_id], row["entry"])]
    return found


async def plans(db: BaseDBAsyncClient, node_ids: Iterable[UUID]) -> dict[UUID, Plan]:
    """The plans of measures as they stand, with the dates that were decided. Five statements."""
    ids = list(node_ids)
    values: dict[UUID, dict[Slot, Value]] = {}
    things: dict[UUID, dict[UUID, Thing]] = defaultdict(dict)
    currency: dict[UUID, str] = {}
    for row in await rows(db, _MEASURES, ids=ids):
        values[row["id"]], currency[row["id"]] = {}, row["reporting_currency"]
        if row["estimated_units"] is not None:
            values[row["id"]][Slot(PlanPart.ESTIMATE)] = Money(row["estimated_units"], row["estimated_currency"])
    for row in await rows(db, _LINES, ids=ids):
        things[row["node_id"]][row["id"]] = _line(row)
        if row["month"] is not None:
            values[row["node_id"]][Slot(PlanPart.PLAN, row["id"], Month(row["month"]))] = Money(
                row["plan"], row["currency"]
            )
    for row in await rows(db, _QUOTA, ids=ids):
        slot = Slot(PlanPart.QUOTA, None, Month(row["month"]), row["dimension"], row["segment"])
        values[row["node_id"]][slot] = Money(row["units"], currency[row["node_id"]])
    for row in await rows(db, _MILESTONES, ids=ids):
        things[row["node_id"]][row["id"]] = Thing(row["name"], row["measure_type"], critical=row["critical"])
        values[row["node_id"]][Slot(PlanPart.MILESTONE, row["id"])] = row["original_due"]
    for row in await rows(db, _INCENTIVES, ids=ids):
        things[row["node_id"]][row["seller_id"]] = Thing(row["seller_name"])
        slot = Slot(PlanPart.INCENTIVE, row["seller_id"], None, "", row["name"], row["rewards_id"])
        values[row["node_id"]][slot] = row["weight"]
    return {node_id: Plan(own, things[node_id]) for node_id, own in values.items()}


def _line(row: dict[str, Any]) -> Thing:
    return Thing(row["name"], row["kind"], row["currency"], bool(row["recurring"]))
