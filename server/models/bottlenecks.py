"""Reading what holds up money below places: decisions, late milestones and missing input, set-based (law §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.bottlenecks import Bottleneck, BottleneckKind, decision, held_up_by, milestone
from server.domain.cases import Party
from server.domain.money import Money
from server.domain.months import Month
from server.domain.noticed import FindingCode
from server.domain.pending import stake_of
from server.domain.people import Viewer
from server.domain.policy import Policy
from server.domain.values import BENEFITS
from server.domain.votes import waiting_on
from server.models import findings
from server.models.cases import cases
from server.models.database import rows
from server.models.dependencies import awaited
from server.models.rollups import OUTLOOK, Places
from server.models.sales_figures import below
from server.models.scope import priced, seen
from server.models.submissions import submissions, submitted

Row = dict[str, Any]
Found = dict[UUID, list[Bottleneck]]
MOST = 500
"""Decisions, and late milestones, that are weighed below a place: the oldest. More of them is a problem of its own."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looks, on which day, and what their organization is governed by."""

    viewer: Viewer
    today: date
    zone: ZoneInfo
    currency: str
    policy: Policy


async def bottlenecks(db: BaseDBAsyncClient, by: Seen, places: Places, first: int) -> Found:
    """What holds up money below each place (None: the organization, whose id is the key), in no order."""
    found: Found = {}
    for each in (
        await _decisions(db, by, places),
        await _milestones(db, by, places),
        await _input(db, by, places, first),
    ):
        for place, those in each.items():
            found.setdefault(place, []).extend(those)
    return found


def _oldest(place: str, columns: str, source: str, by: str) -> str:
    """The oldest rows below each place, so many at most."""
    return f"""SELECT * FROM (SELECT {place} AS place_id, {columns},
            ROW_NUMBER() OVER (PARTITION BY {place} ORDER BY {by}) AS rank {source}) AS ranked
        WHERE rank <= :most ORDER BY rank"""


async def _decisions(db: BaseDBAsyncClient, by: Seen, places: Places) -> Found:
    """Open submissions, and those who owe a vote on them."""
    place, source, values = below(by.viewer, places, "submission", "s")
    told, money = priced(by.viewer, "s.node_id")
    columns = f"s.id, s.submitted_at, CASE WHEN {told} THEN 1 ELSE 0 END AS priced"
    source += " AND s.organization_id = :organization AND s.ended_at IS NULL"
    organization = by.viewer.organization_id
    sql = _oldest(place, columns, source, "s.submitted_at, s.id")
    waiting = await rows(db, sql, organization=organization, most=MOST, **values | money)
    every = {row["id"]: row for row in await submissions(db, organization, [row["id"] for row in waiting], column="id")}
    sizes = await cases(db, organization, [row["node_id"] for row in every.values()], by.today)
    found: Found = {}
    for row in waiting:
        asked = every[row["id"]]
        law, stake = submitted(asked), stake_of(sizes[asked["node_id"]], by.policy, readable=True)
        owed = {party.id: party for one in waiting_on(law.votes, law.deciders) for party in one.people}
        people, since = tuple(owed.values()), asked["submitted_at"].astimezone(by.zone).date()
        one = Bottleneck(
            BottleneckKind.DECISION,
            asked["node_id"],
            row["id"],
            people,
            since,
            stake.units if row["priced"] else None,
            decision(law.matter, people, since, stake.money),
        )
        found.setdefault(row["place_id"], []).append(one)
    return found


async def _milestones(db: BaseDBAsyncClient, by: Seen, places: Places) -> Found:
    """Milestones past their date, with the value still to come of their measures and of all that wait for them."""
    place, source, values = below(by.viewer, places, _LATE, "m")
    told, money = priced(by.viewer, "m.node_id")
    columns = f"""m.id, m.node_id, m.name, m.due, m.measure, m.person_id, m.person,
        CASE WHEN {told} THEN 1 ELSE 0 END AS priced"""
    source += " AND m.organization_id = :organization"
    organization = by.viewer.organization_id
    sql = _oldest(place, columns, source, "m.due, m.id")
    late = await rows(db, sql, organization=organization, today=by.today, most=MOST, **values | money)
    graph = await awaited(db, organization)
    reach = {row["id"]: held_up_by(row["id"], graph) for row in late}
    homes = await _homes(db, {one for those in reach.values() for one in those})
    to_come = await _to_come(db, by, {*homes.values(), *(row["node_id"] for row in late)})
    found: Found = {}
    for row in late:
        held = {row["node_id"], *(homes[one] for one in reach[row["id"]] if one in homes)} & to_come.keys()
        units = sum(to_come[node] for node in held)
        others = len(held - {row["node_id"]})
        people = (Party(row["person_id"], row["person"]),) if row["person_id"] else ()
        stake = Money(units, by.currency)
        one = Bottleneck(
            BottleneckKind.MILESTONE,
            row["node_id"],
            row["id"],
            people,
            row["due"],
            units if row["priced"] else None,
            milestone(row["name"], row["measure"], row["due"], others, stake),
        )
        found.setdefault(row["place_id"], []).append(one)
    return found


# Whose a milestone is: its assignee's, or else its measure's owner's.
_LATE = """(SELECT m.id, m.organization_id, m.node_id, m.name, m.due, n.name AS measure, p.id AS person_id,
        p.name AS person
    FROM milestone m JOIN node n ON n.id = m.node_id LEFT JOIN person p ON p.id = COALESCE(m.assignee_id, n.owner_id)
    WHERE m.due < :today AND m.achieved_on IS NULL AND m.cancelled_reason IS NULL AND n.standing = 'ACTIVE'
    AND n.stage NOT IN ('IMPLEMENTED', 'CLOSED'))"""


async def _homes(db: BaseDBAsyncClient, milestones: set[UUID]) -> dict[UUID, UUID]:
    """The measures of milestones that are still to come."""
    sql = """SELECT m.id, m.node_id FROM milestone m JOIN node n ON n.id = m.node_id WHERE m.id IN :ids
             AND m.achieved_on IS NULL AND m.cancelled_reason IS NULL AND n.standing = 'ACTIVE'"""
    return {row["id"]: row["node_id"] for row in await rows(db, sql, ids=list(milestones))}


async def _to_come(db: BaseDBAsyncClient, by: Seen, nodes: set[UUID]) -> Mapping[UUID, int]:
    """The outlook from the open month on of measures that the viewer sees: headline kinds, else all benefits.

    Amounts that they may not read count as nothing.
    """
    (sight, values), (told, money) = seen(by.viewer, "m.id"), priced(by.viewer, "m.id")
    sql = f"""SELECT m.id AS node_id,
                CAST(COALESCE(SUM(CASE WHEN l.kind IN :headline AND {told} THEN {OUTLOOK} END), 0) AS BIGINT) AS first,
                CAST(COALESCE(SUM(CASE WHEN l.kind IN :benefits AND {told} THEN {OUTLOOK} END), 0) AS BIGINT) AS rest
              FROM node m LEFT JOIN value_line l ON l.node_id = m.id
              LEFT JOIN month_value v ON v.line_id = l.id AND v.month >= :open
              WHERE m.id IN :ids AND m.organization_id = :organization AND {sight} GROUP BY m.id"""
    asked: dict[str, Any] = {"headline": sorted(BENEFITS & set(by.policy.headline_kinds)), "benefits": sorted(BENEFITS)}
    asked |= {"ids": list(nodes), "open": int(Month.containing(by.today)), "organization": by.viewer.organization_id}
    found = await rows(db, sql, **asked, **values | money)
    return {row["node_id"]: max(row["first"] or row["rest"], 0) for row in found}


async def _input(db: BaseDBAsyncClient, by: Seen, places: Places, first: int) -> Found:
    """Input that is due and missing, as it was noticed, and the owner who brings it."""
    asked = findings.Asked(codes=(FindingCode.STALE_INPUT.value,))
    noticed = await findings.page(db, by.viewer, places, asked, first, None)
    sql = "SELECT n.id, p.id AS person_id, p.name FROM node n JOIN person p ON p.id = n.owner_id WHERE n.id IN :ids"
    owners = {row["id"]: row for row in await rows(db, sql, ids=[row["node_id"] for row in noticed])}
    found: Found = {}
    for row in noticed:
        owner = owners.get(row["node_id"])
        one = Bottleneck(
            BottleneckKind.INPUT,
            row["node_id"],
            row["id"],
            (Party(owner["person_id"], owner["name"]),) if owner else (),
            row["opened_at"].astimezone(by.zone).date(),
            row["at_stake_units"] if row["priced"] else None,
            row["sentence"],
        )
        found.setdefault(row["place_id"], []).append(one)
    return found
