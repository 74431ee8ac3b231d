"""From a stored person to the viewer they are today: the seats that hold on a day."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.people import Role, SeatHeld, Viewer
from server.models.database import rows


async def viewer_of(
    db: BaseDBAsyncClient,
    person_id: UUID,
    at: datetime,
    *,
    scopes: frozenset[str] | None = None,
    credential_id: UUID | None = None,
) -> Viewer | None:
    """The viewer that a person is at an instant, with the seats in effect that day in their organization's time zone.

    None for an unknown person. One statement.
    """
    sql = """SELECT p.organization_id, p.name, o.time_zone, s.role, s.node_id, s.starts, s.ends, s.ratified_by_id,
                    s.reads_money, s.reads_ledger
             FROM person p JOIN organization o ON o.id = p.organization_id LEFT JOIN seat s ON s.person_id = p.id
             WHERE p.id = :person"""
    found = await rows(db, sql, person=person_id)
    if not found:
        return None
    day = at.astimezone(ZoneInfo(found[0]["time_zone"])).date()
    held = (
        SeatHeld(
            role=Role(row["role"]),
            node_id=row["node_id"],
            starts=row["starts"],
            ends=row["ends"],
            ratified=row["ratified_by_id"] is not None,
            reads_money=row["reads_money"],
            reads_ledger=row["reads_ledger"],
        )
        for row in found
        if row["role"]
    )
    seats = tuple(seat for seat in held if seat.holds_on(day))
    return Viewer(person_id, found[0]["organization_id"], found[0]["name"], seats, scopes, credential_id)
