"""Reading when deciders were reminded, and of what they are to be reminded today."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.facts import FactKind
from server.domain.reminders import due
from server.models.database import rows
from server.models.policies import policy_in_force
from server.models.submissions import submissions

MOST = 200  # submissions of one organization at a time: what is left is reminded at the next look


@dataclass(frozen=True, slots=True)
class Overdue:
    """A submission of `submissions` whose deciders are to be reminded, and the day on which it was made."""

    row: dict[str, Any]
    since: date


async def last_reminders(
    db: BaseDBAsyncClient, organization_id: UUID, node_ids: Collection[UUID]
) -> dict[UUID, datetime]:
    """When the deciders of each submission at these measures were last reminded. One statement."""
    sql = """SELECT thing_id, MAX(at) AS at FROM ledger_entry WHERE organization_id = :organization
             AND node_id IN :nodes AND kind = :kind GROUP BY thing_id"""
    found = await rows(db, sql, organization=organization_id, nodes=list(node_ids), kind=FactKind.REMINDER_SENT.value)
    return {row["thing_id"]: row["at"] for row in found}


async def overdue(db: BaseDBAsyncClient, organization_id: UUID, at: datetime) -> list[Overdue]:
    """What is to be reminded of in an organization, oldest first, by the policy in force; a fixed number of statements.

    Nothing before a policy is in force.
    """
    sql = """SELECT s.id, s.node_id, s.submitted_at, o.time_zone FROM submission s
             JOIN organization o ON o.id = s.organization_id
             WHERE s.organization_id = :organization AND s.ended_at IS NULL ORDER BY s.submitted_at, s.id"""
    waiting = await rows(db, sql, organization=organization_id)
    if not waiting:
        return []
    policy, zone = await policy_in_force(db, organization_id), ZoneInfo(waiting[0]["time_zone"])
    last = await last_reminders(db, organization_id, {row["node_id"] for row in waiting})
    today, since = at.astimezone(zone).date(), {}
    for row in waiting:
        reminded = last.get(row["id"])
        made = row["submitted_at"].astimezone(zone).date()
        last_day = reminded.astimezone(zone).date() if reminded else None
        if policy.locked and due(made, last_day, today, policy.cadence.remind_after_days):
            since[row["id"]] = made
    wanted = list(since)[:MOST]
    found = await submissions(db, organization_id, wanted, column="id") if wanted else []
    return sorted((Overdue(row, since[row["id"]]) for row in found), key=lambda each: (each.since, each.row["id"]))


async def organizations_waiting(db: BaseDBAsyncClient) -> list[UUID]:
    """The organizations in which something waits for a decision."""
    found = await rows(db, "SELECT DISTINCT organization_id FROM submission WHERE ended_at IS NULL")
    return sorted(row["organization_id"] for row in found)
