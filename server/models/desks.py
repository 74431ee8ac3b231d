"""Reading a desk: all that a person holds, in a fixed number of statements."""

from datetime import date
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import Level, Standing
from server.domain.cases import Party
from server.domain.desks import PARTS, Desk, LoanOnDesk, MilestoneOnDesk, NodeOnDesk, SeatOnDesk
from server.domain.people import Role, SeatHeld
from server.domain.stages import Stage
from server.domain.votes import Submitted
from server.models.cases import cases
from server.models.database import rows
from server.models.submissions import submissions, submitted

_NODES = """SELECT id, name, level, stage, standing, owner_id, sponsor_id, controller_id FROM node
    WHERE organization_id = :organization AND (owner_id = :person OR sponsor_id = :person OR controller_id = :person)
    ORDER BY id"""
_MILESTONES = """SELECT m.id, m.name, m.node_id, m.achieved_on, n.name AS node_name, n.stage, n.standing
    FROM milestone m JOIN node n ON n.id = m.node_id WHERE m.organization_id = :organization
    AND m.assignee_id = :person AND m.cancelled_reason IS NULL ORDER BY m.id"""
_SEATS = """SELECT s.id, s.person_id, s.role, s.node_id, s.starts, s.ends, s.ratified_by_id, n.name AS node_name,
        (SELECT COUNT(*) FROM seat o WHERE o.organization_id = s.organization_id AND o.role = 'EXECUTIVE'
            AND o.person_id NOT IN (:person, :successor) AND o.ratified_by_id IS NOT NULL
            AND o.starts <= :today AND (o.ends IS NULL OR o.ends >= :today)
            AND (o.node_id IS NULL OR o.node_id IN (SELECT ancestor_id FROM branch WHERE descendant_id = s.node_id))
        ) AS executives
    FROM seat s LEFT JOIN node n ON n.id = s.node_id WHERE s.organization_id = :organization
    AND s.person_id IN (:person, :successor) AND (s.ends IS NULL OR s.ends >= :today) ORDER BY s.id"""
_LOANS = """SELECT d.id, s.role, lender.name AS lender_name, borrower.name AS borrower_name
    FROM delegation d JOIN seat s ON s.id = d.seat_id JOIN person lender ON lender.id = d.lent_by_id
    JOIN person borrower ON borrower.id = d.to_person_id WHERE d.organization_id = :organization
    AND d.revoked_at IS NULL AND d.ends >= :today AND (d.lent_by_id = :person OR d.to_person_id = :person)
    ORDER BY d.id"""
_WAITING = "SELECT id FROM submission WHERE organization_id = :organization AND ended_at IS NULL ORDER BY id"


async def desk_of(
    db: BaseDBAsyncClient, organization: tuple[UUID, str], leaver: Party, successor: Party, today: date
) -> Desk:
    """The desk of a person as it stands; `organization` is its id and its name."""
    asked = {"organization": organization[0], "person": leaver.id, "today": today}
    both = asked | {"successor": successor.id}
    waiting = await _waiting(db, organization[0])
    seats = await rows(db, _SEATS, **both)
    return Desk(
        leaver=leaver,
        successor=successor,
        today=today,
        nodes=await _nodes(db, organization[0], leaver, today, waiting),
        milestones=await _milestones(db, organization[0], leaver),
        seats=tuple(_seat(row, organization[1]) for row in seats if row["person_id"] == leaver.id),
        loans=tuple(
            LoanOnDesk(row["id"], Role(row["role"]), row["lender_name"], row["borrower_name"])
            for row in await rows(db, _LOANS, **asked)
        ),
        waiting=tuple((submission, one) for submission, one in waiting.values()),
        taken=[_held(row) for row in seats if row["person_id"] == successor.id],
    )


async def _waiting(db: BaseDBAsyncClient, organization_id: UUID) -> dict[UUID, tuple[UUID, Submitted]]:
    """What is open, by the measure it is about: the submission's id, and the submission."""
    wanted = [row["id"] for row in await rows(db, _WAITING, organization=organization_id)]
    found = await submissions(db, organization_id, wanted, column="id")
    return {row["node_id"]: (row["id"], submitted(row)) for row in found}


async def _nodes(
    db: BaseDBAsyncClient,
    organization_id: UUID,
    leaver: Party,
    today: date,
    waiting: dict[UUID, tuple[UUID, Submitted]],
) -> tuple[NodeOnDesk, ...]:
    found = await rows(db, _NODES, organization=organization_id, person=leaver.id)
    measures = [row["id"] for row in found if Level(row["level"]) in (Level.INITIATIVE, Level.SALES_PLAN)]
    every = await cases(db, organization_id, measures, today)
    return tuple(
        NodeOnDesk(
            id=row["id"],
            name=row["name"],
            stage=Stage(row["stage"]) if row["stage"] else None,
            standing=Standing(row["standing"]),
            people={part: row[f"{part}_id"] for part in PARTS},
            case=every.get(row["id"]),
            asked=waiting[row["id"]][1] if row["id"] in waiting else None,
        )
        for row in found
    )


async def _milestones(db: BaseDBAsyncClient, organization_id: UUID, leaver: Party) -> tuple[MilestoneOnDesk, ...]:
    found = await rows(db, _MILESTONES, organization=organization_id, person=leaver.id)
    return tuple(
        MilestoneOnDesk(
            id=row["id"],
            name=row["name"],
            achieved=row["achieved_on"] is not None,
            under=NodeOnDesk(
                row["node_id"], row["node_name"], Stage(row["stage"]), Standing(row["standing"]), people={}
            ),
        )
        for row in found
    )


def _held(row: dict[str, Any]) -> SeatHeld:
    return SeatHeld(Role(row["role"]), row["node_id"], row["starts"], row["ends"], row["ratified_by_id"] is not None)


def _seat(row: dict[str, Any], organization: str) -> SeatOnDesk:
    held = _held(row)
    last = held.role is Role.EXECUTIVE and held.ratified and not row["executives"]
    return SeatOnDesk(row["id"], row["node_name"] or organization, held, last)
