"""Findings with their history, and up to where the system has looked (law §9), stored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from server.domain.noticed import FindingCode, Severity
from server.domain.noticed import Noticed as Notice
from server.domain.people import Viewer
from server.models.database import change, rows
from server.models.rollups import Places
from server.models.row import Thing, refers_to
from server.models.sales_figures import below
from server.models.scope import priced


class Finding(Thing):
    """What the system noticed on a node (none: on the organization), from when to when.

    `opened_revision` and `resolved_revision` are those of the entries that brought it about (None: time did). At most
    one of a code is open on a node. `at_stake_units` are minor units of `currency`, the reporting one of then.
    """

    node = refers_to("Node", null=True, db_index=True)
    node_id: UUID | None
    code = fields.CharField(max_length=24)
    severity = fields.CharField(max_length=8)
    sentence = fields.TextField()
    inputs: fields.Field[list[Any]] = fields.JSONField(default=list)
    at_stake_units = fields.BigIntField(null=True)
    currency = fields.CharField(max_length=3)
    opened_at = fields.DatetimeField()
    opened_revision = fields.BigIntField(null=True)
    resolved_at = fields.DatetimeField(null=True)
    resolved_revision = fields.BigIntField(null=True)

    class Meta:
        table = "finding"


class Noticed(Model):
    """Up to which revision an organization was looked at for findings, and `at` when last at all of it."""

    organization_id = fields.UUIDField(primary_key=True)
    revision = fields.BigIntField(default=0)
    at = fields.DatetimeField()

    class Meta:
        table = "noticed"


@dataclass(frozen=True, slots=True)
class Looked:
    """Up to where an organization was looked at, and how far it has come since. `revision` None: never."""

    organization_id: UUID
    time_zone: str
    newest: int
    revision: int | None
    at: datetime | None


_LOOKED = """SELECT o.id, o.time_zone, o.revision AS newest, n.revision, n.at
    FROM organization o LEFT JOIN noticed n ON n.organization_id = o.id"""


async def looked(db: BaseDBAsyncClient, organization_id: UUID | None = None) -> list[Looked]:
    """How far every organization, or this one, was looked at. One statement."""
    which = "" if organization_id is None else " WHERE o.id = :id"
    found = await rows(db, f"{_LOOKED}{which} ORDER BY o.id", id=organization_id)
    return [Looked(row["id"], row["time_zone"], row["newest"], row["revision"], row["at"]) for row in found]


async def note_looked(db: BaseDBAsyncClient, organization_id: UUID, revision: int, at: datetime) -> None:
    """Note up to which revision an organization was looked at, and when last at all of it; inside a work."""
    sql = """INSERT INTO noticed (organization_id, revision, at) VALUES (:organization, :revision, :at)
             ON CONFLICT (organization_id) DO UPDATE SET revision = excluded.revision, at = excluded.at"""
    await change(db, sql, organization=organization_id, revision=revision, at=at)


async def open_findings(
    db: BaseDBAsyncClient, organization_id: UUID, node_ids: Collection[UUID]
) -> dict[UUID | None, list[dict[str, Any]]]:
    """The findings that stand open on these nodes, and on the organization itself (None). One statement."""
    sql = """SELECT * FROM finding WHERE organization_id = :organization AND resolved_at IS NULL
             AND COALESCE(node_id, organization_id) IN :ids ORDER BY id"""  # as the index has it that finds them
    found: dict[UUID | None, list[dict[str, Any]]] = {}
    for row in await rows(db, sql, organization=organization_id, ids=[*node_ids, organization_id]):
        found.setdefault(row["node_id"], []).append(row)
    return found


def noticed(row: dict[str, Any]) -> Notice:
    """A stored finding as the law sees it."""
    inputs = tuple(tuple(each) for each in row["inputs"])
    return Notice(FindingCode(row["code"]), Severity(row["severity"]), row["at_stake_units"], row["sentence"], inputs)


_SEVERITY = "CASE f.severity WHEN 'CRITICAL' THEN 2 WHEN 'WARNING' THEN 1 ELSE 0 END"
# Money first, what has none or may not be read last; of equal ones the more severe, then the older.
_ORDER = "stake DESC, weight DESC, id"
_BEHIND = "(stake < :stake OR stake = :stake AND (weight < :weight OR weight = :weight AND id > :id))"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which findings; conditions left out do not restrict it. Hashable, so that a loader can batch by it."""

    codes: tuple[str, ...] | None = None
    severities: tuple[str, ...] | None = None
    resolved: bool = False
    """Whether those that are no longer so are listed as well."""


def _source(viewer: Viewer, places: Places, asked: Asked) -> tuple[str, dict[str, Any]]:
    """The findings below each place that the viewer sees, with how they are ordered, and the parameters."""
    place, source, values = below(viewer, places, "finding", "f")
    told, money = priced(viewer, "f.node_id")
    conditions = ["f.organization_id = :organization"]
    values |= money | {"organization": viewer.organization_id}
    for column, wanted in (("code", asked.codes), ("severity", asked.severities)):
        if wanted is not None:
            conditions.append(f"f.{column} IN :{column}")
            values[column] = list(wanted)
    if not asked.resolved:
        conditions.append("f.resolved_at IS NULL")
    columns = f"""f.*, {place} AS place_id, CASE WHEN {told} THEN 1 ELSE 0 END AS priced, {_SEVERITY} AS weight,
        COALESCE(CASE WHEN {told} THEN f.at_stake_units END, -1) AS stake"""
    return f"SELECT {columns} {source} AND {' AND '.join(conditions)}", values


async def page(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, asked: Asked, first: int, after: tuple[int, int, UUID] | None
) -> list[dict[str, Any]]:
    """Up to `first` + 1 findings below each place behind the key `after`, most money first, with `place_id`."""
    source, values = _source(viewer, places, asked)
    behind = ""
    if after is not None:
        behind = f" WHERE {_BEHIND}"
        values |= {"stake": after[0], "weight": after[1], "id": after[2]}
    sql = f"""SELECT * FROM (SELECT each_one.*, ROW_NUMBER() OVER (PARTITION BY place_id ORDER BY {_ORDER}) AS rank
                FROM ({source}) AS each_one{behind}) AS ranked
              WHERE rank <= :most ORDER BY place_id, rank"""
    return await rows(db, sql, most=first + 1, **values)


async def counts(db: BaseDBAsyncClient, viewer: Viewer, places: Places, asked: Asked) -> dict[UUID, int]:
    """How many there are in all, per place."""
    source, values = _source(viewer, places, asked)
    sql = f"SELECT place_id, COUNT(*) AS number FROM ({source}) AS each_one GROUP BY place_id"
    return {row["place_id"]: row["number"] for row in await rows(db, sql, **values)}


async def finding_rows(db: BaseDBAsyncClient, viewer: Viewer, ids: Collection[UUID]) -> list[dict[str, Any]]:
    """Findings by id, as far as the viewer sees them. One statement."""
    source, values = _source(viewer, None, Asked(resolved=True))
    return await rows(db, f"{source} AND f.id IN :ids", ids=list(ids), **values)
