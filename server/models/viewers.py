"""From a stored person to the viewer they are today: the seats that hold on a day."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
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
    """The viewer that a person is at an instant; see `viewers_of`. None for an unknown person. One statement."""
    found = (await viewers_of(db, [person_id], at)).get(person_id)
    return replace(found, scopes=scopes, credential_id=credential_id) if found else None


async def viewers_of(db: BaseDBAsyncClient, person_ids: Collection[UUID], at: datetime) -> dict[UUID, Viewer]:
    """The viewers that persons are at an instant, with the seats in effect that day in their organization's time zone.

    Unknown ones are left out. One statement, and none for nobody.
    """
    sql = """SELECT p.id, p.organization_id, p.name, o.time_zone, s.role, s.node_id, s.starts, s.ends, s.ratified_by_id,
                    s.reads_money, s.reads_ledger
             FROM person p JOIN organization o ON o.id = p.organization_id LEFT JOIN seat s ON s.person_id = p.id
             WHERE p.id IN :persons"""
    held: dict[UUID, list[SeatHeld]] = {}
    people: dict[UUID, dict[str, Any]] = {}
    for row in await rows(db, sql, persons=list(person_ids)) if person_ids else ():
        people[row["id"]] = row
        seats = held.setdefault(row["id"], [])
        if row["role"] and (seat := seat_of(row)).holds_on(at.astimezone(ZoneInfo(row["time_zone"])).date()):
            seats.append(seat)
    return {
        person: Viewer(person, row["organization_id"], row["name"], tuple(held[person]))
        for person, row in people.items()
    }


async def day_ends(db: BaseDBAsyncClient, organization_id: UUID, at: datetime) -> datetime:
    """When the day of an instant ends in an organization's time zone: from then on other seats may hold."""
    found = await rows(db, "SELECT time_zone FROM organization WHERE id = :id", id=organization_id)
    zone = ZoneInfo(found[0]["time_zone"])
    return datetime.combine(at.astimezone(zone).date() + timedelta(days=1), time(), zone)


def seat_of(row: dict[str, Any]) -> SeatHeld:
    """A seat as a row of `seat` tells it, whatever else stands in the row."""
    return SeatHeld(
        role=Role(row["role"]),
        node_id=row["node_id"],
        starts=row["starts"],
        ends=row["ends"],
        ratified=row["ratified_by_id"] is not None,
        reads_money=row["reads_money"],
        reads_ledger=row["reads_ledger"],
    )
