"""Reading what has a date and lies ahead of a person: milestones, submissions that wait, review cycles."""

from datetime import date
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.people import Viewer
from server.models.database import rows
from server.models.scope import seen


async def milestones_due(
    db: BaseDBAsyncClient, viewer: Viewer, first: date, last: date, most: int, *, mine: bool
) -> list[dict[str, Any]]:
    """Milestones in sight that are due in a span of days, the next first; `mine`: of theirs or of their measures."""
    condition, scope = seen(viewer, "m.node_id")
    only = "AND (m.assignee_id = :me OR n.owner_id = :me)" if mine else ""
    me = {"me": viewer.person_id} if mine else {}
    sql = f"""SELECT m.id, m.name, m.due, m.critical, m.achieved_on, n.name AS measure_name, p.name AS assignee_name
              FROM milestone m JOIN node n ON n.id = m.node_id LEFT JOIN person p ON p.id = m.assignee_id
              WHERE m.organization_id = :organization AND m.cancelled_reason IS NULL AND n.standing <> 'CANCELLED'
                AND m.due BETWEEN :first AND :last AND {condition} {only}
              ORDER BY m.due, m.id LIMIT :most"""
    values = {"organization": viewer.organization_id, "first": first, "last": last, "most": most}
    return await rows(db, sql, **values, **scope, **me)


async def submissions_waiting(db: BaseDBAsyncClient, viewer: Viewer, most: int) -> list[dict[str, Any]]:
    """Every open submission in sight, the oldest first."""
    condition, scope = seen(viewer, "s.node_id")
    sql = f"""SELECT s.id, s."into", s.purpose, s.submitted_at, n.name AS measure_name
              FROM submission s JOIN node n ON n.id = s.node_id
              WHERE s.organization_id = :organization AND s.ended_at IS NULL AND {condition}
              ORDER BY s.submitted_at, s.id LIMIT :most"""
    return await rows(db, sql, organization=viewer.organization_id, most=most, **scope)


async def review_cycles(db: BaseDBAsyncClient, viewer: Viewer, first: date) -> list[dict[str, Any]]:
    """The review cycles that were due since a day, for who has any seat."""
    sql = """SELECT id, number, starts, ends, due, closed_at FROM review_cycle
             WHERE organization_id = :organization AND due >= :first ORDER BY number"""
    return await rows(db, sql, organization=viewer.organization_id, first=first) if viewer.seats else []
