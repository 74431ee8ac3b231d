"""Reading who is seated where, for the gaps to come: two statements."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import MEASURES, Level, Standing
from server.domain.cases import Party
from server.domain.gaps import Cover, Place, Seated
from server.domain.people import Role, SeatHeld, Viewer
from server.domain.stages import Stage
from server.models.database import rows

_PLACES = """SELECT n.id, n.parent_id, n.level, n.name, n.standing, n.stage, n.owner_id, n.sponsor_id, n.controller_id,
        owner.name AS owner_name, sponsor.name AS sponsor_name, controller.name AS controller_name
    FROM node n LEFT JOIN person owner ON owner.id = n.owner_id LEFT JOIN person sponsor ON sponsor.id = n.sponsor_id
    LEFT JOIN person controller ON controller.id = n.controller_id
    WHERE n.organization_id = :organization ORDER BY n.id"""
_SEATS = """SELECT s.person_id, p.name, s.role, s.node_id, s.starts, s.ends, s.ratified_by_id
    FROM seat s JOIN person p ON p.id = s.person_id
    WHERE s.organization_id = :organization AND (s.ends IS NULL OR s.ends >= :today) ORDER BY s.id"""
_NAMED = {Role.OWNER: "owner", Role.SPONSOR: "sponsor", Role.CONTROLLER: "controller"}


async def cover(db: BaseDBAsyncClient, viewer: Viewer, today: date, horizon: date) -> tuple[Cover, Collection[UUID]]:
    """The cascade with all its seats, and the nodes that the viewer sees."""
    places = [_place(row) for row in await rows(db, _PLACES, organization=viewer.organization_id)]
    found = await rows(db, _SEATS, organization=viewer.organization_id, today=today)
    seats = [Seated(Party(row["person_id"], row["name"]), _held(row)) for row in found]
    covered = Cover(places, seats, today, horizon)
    seen = {place.id for place in places if viewer.roles_at(frozenset(each.id for each in covered.path(place)))}
    return covered, seen


def _place(row: dict[str, Any]) -> Place:
    level = Level(row["level"])
    named = {
        role: Party(row[f"{part}_id"], row[f"{part}_name"])
        for role, part in _NAMED.items()
        if level in MEASURES and row[f"{part}_id"]
    }
    return Place(
        id=row["id"],
        parent_id=row["parent_id"],
        level=level,
        name=row["name"],
        standing=Standing(row["standing"]),
        stage=Stage(row["stage"]) if row["stage"] else None,
        named=named,
    )


def _held(row: dict[str, Any]) -> SeatHeld:
    return SeatHeld(Role(row["role"]), row["node_id"], row["starts"], row["ends"], row["ratified_by_id"] is not None)
