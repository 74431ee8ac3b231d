"""Keeping roll-ups: sums and counts of every place follow each write, inside its transaction, set-based.

What is kept at a place is what its own measure is worth and what is kept at its children. So a measure's own share is
known without being stored, a write adds the difference to the few places above it, and a move carries what is kept
along. The order of the organization (`live/work.py`) makes this free of races.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.models.database import change, rows
from server.models.rollups import OUTLOOK

_SUMS = {
    "plan": "v.plan_reporting",
    "outlook": OUTLOOK,
    "actual": "v.actual_reporting",
    "confirmed": "v.confirmed_reporting",
    "actual_current": "COALESCE(v.actual_current, v.actual_reporting)",
    "confirmed_current": "COALESCE(v.confirmed_current, v.confirmed_reporting)",
    "recurring_outlook": f"CASE WHEN l.recurring THEN {OUTLOOK} END",
}
_ADDED = ", ".join(f"COALESCE(SUM({amount}), 0) AS {name}" for name, amount in _SUMS.items())


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of kept roll-ups: what its rows are by, below a place, and what they hold.

    The last column counts what stands behind a row. `own` selects what measures `m` are worth themselves.
    """

    table: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    own: str


SUMS = Kept(
    "kept_sum",
    ("month", "kind", "stage", "standing"),
    (*_SUMS, "months"),
    f"""SELECT m.id AS node_id, v.month, l.kind, m.stage, m.standing, {_ADDED}, COUNT(*) AS months
        FROM node m JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
        WHERE m.stage IS NOT NULL AND {{which}} GROUP BY m.id, v.month, l.kind, m.stage, m.standing""",
)
COUNTS = Kept(
    "kept_count",
    ("stage", "standing"),
    ("measures",),
    "SELECT m.id AS node_id, m.stage, m.standing, 1 AS measures FROM node m WHERE m.stage IS NOT NULL AND {which}",
)
KEPT = (SUMS, COUNTS)
_OURS = "m.organization_id = :organization"


@dataclass(frozen=True, slots=True)
class Difference:
    """One number that is kept otherwise than it is recomputed; amounts in minor units of the reporting currency."""

    place_id: UUID
    place: str
    by: tuple[str, ...]
    column: str
    kept: int
    recomputed: int

    @property
    def sentence(self) -> str:
        """What differs, for a person."""
        where = ", ".join(self.by)
        return f"“{self.place}” ({where}): {self.column} is kept as {self.kept:,}, recomputed {self.recomputed:,}."


async def follow(db: BaseDBAsyncClient, organization: UUID, stood: Collection[UUID], valued: Collection[UUID]) -> None:
    """Bring up to date what is kept above measures: of those that stand otherwise or are new, or whose months changed.

    At most four statements, however many measures there are. Only who stands otherwise can leave a row empty.
    """
    if stood:
        await change(db, _ADD_OWN[COUNTS.table], changed=list(stood))
    if stood or valued:
        await change(db, _ADD_OWN[SUMS.table], changed=[*{*stood, *valued}])
    if stood:
        await _sweep(db, organization)


async def lift(db: BaseDBAsyncClient, organization: UUID, node: UUID) -> None:
    """Before a node is cut from what stands above it: take off there what is kept at it."""
    for kept in KEPT:
        await change(db, _carried(kept, "-"), node=node)
    await _sweep(db, organization)


async def settle(db: BaseDBAsyncClient, node: UUID) -> None:
    """After a node was joined to what stands above it now: add there what is kept at it."""
    for kept in KEPT:
        await change(db, _carried(kept, ""), node=node)


async def differences(db: BaseDBAsyncClient, organization: UUID) -> list[Difference]:
    """Every number of an organization that is kept otherwise than it is recomputed from the months themselves."""
    found = []
    for kept in KEPT:
        for row in await rows(db, _DIFFERENCES[kept.table], organization=organization):
            by = tuple(str(row[key]) for key in kept.keys)
            every = [
                Difference(row["place_id"], row["place"], by, column, row[f"kept_{column}"], row[f"new_{column}"])
                for column in kept.columns
            ]
            found += [each for each in every if each.kept != each.recomputed]
    return found


async def recompute(db: BaseDBAsyncClient, organization: UUID) -> None:
    """Write everything that is kept of an organization anew, in its order."""
    for kept in KEPT:
        await change(db, f"DELETE FROM {kept.table} WHERE organization_id = :organization", organization=organization)
        sql = f"INSERT INTO {kept.table} ({_listed(kept)}) {_recomputed(kept)}"
        await change(db, sql, organization=organization)


async def _sweep(db: BaseDBAsyncClient, organization: UUID) -> None:
    for kept in KEPT:
        empty = f"DELETE FROM {kept.table} WHERE {kept.columns[-1]} = 0 AND organization_id = :organization"
        await change(db, empty, organization=organization)


def _listed(kept: Kept) -> str:
    return ", ".join(("organization_id", "place_id", *kept.keys, *kept.columns))


def _prefixed(prefix: str, columns: Collection[str]) -> str:
    return ", ".join(f"{prefix}{column}" for column in columns)


def _upsert(kept: Kept, source: str) -> str:
    """Add what a SELECT finds to the rows that are there, or as new rows."""
    added = ", ".join(f"{column} = {kept.table}.{column} + excluded.{column}" for column in kept.columns)
    by = ", ".join(("place_id", *kept.keys))
    return f"INSERT INTO {kept.table} ({_listed(kept)}) {source} ON CONFLICT ({by}) DO UPDATE SET {added}"


def _added_up(kept: Kept, own: str, which: str) -> str:
    """What some measures are worth, `own`, added for each place above them: nodes, themselves, and the organization."""
    keys, sums = _prefixed("d.", kept.keys), ", ".join(f"SUM(d.{column}) AS {column}" for column in kept.columns)
    return f"""SELECT p.organization_id, p.place_id, {keys}, {sums} FROM ({own}) AS d JOIN (
            SELECT b.descendant_id AS node_id, b.ancestor_id AS place_id, m.organization_id
            FROM branch b JOIN node m ON m.id = b.descendant_id WHERE m.stage IS NOT NULL AND {which}
            UNION ALL SELECT m.id, m.organization_id, m.organization_id FROM node m
            WHERE m.stage IS NOT NULL AND {which}
        ) AS p ON p.node_id = d.node_id GROUP BY p.organization_id, p.place_id, {keys}"""


def _add_own(kept: Kept) -> str:
    """Add by how much the changed measures' own worth differs from what is kept of it, above each of them."""
    keys, which = ", ".join(kept.keys), "m.id IN :changed"
    moved = " OR ".join(f"SUM({column}) <> 0" for column in kept.columns)
    sums = ", ".join(f"SUM({column}) AS {column}" for column in kept.columns)
    differ = f"""SELECT node_id, {keys}, {sums} FROM ({kept.own.format(which=which)}
            UNION ALL SELECT place_id, {keys}, {_prefixed("-", kept.columns)} FROM {kept.table}
                WHERE place_id IN :changed
            UNION ALL SELECT b.ancestor_id, {_prefixed("k.", (*kept.keys, *kept.columns))}
                FROM branch b JOIN {kept.table} k ON k.place_id = b.descendant_id
                WHERE b.ancestor_id IN :changed AND b.depth = 1
        ) AS each_one GROUP BY node_id, {keys} HAVING {moved}"""
    return _upsert(kept, _added_up(kept, differ, which))


def _carried(kept: Kept, sign: str) -> str:
    """Add (or with a minus take off) what is kept at a node at all places above it; the organization stays the same."""
    keys, columns = _prefixed("k.", kept.keys), _prefixed(f"{sign}k.", kept.columns)
    return _upsert(
        kept,
        f"""SELECT k.organization_id, b.ancestor_id, {keys}, {columns}
            FROM branch b JOIN {kept.table} k ON k.place_id = b.descendant_id
            WHERE b.descendant_id = :node AND b.depth > 0""",
    )


def _recomputed(kept: Kept) -> str:
    return _added_up(kept, kept.own.format(which=_OURS), _OURS)


def _differences(kept: Kept) -> str:
    keys, columns = ", ".join(kept.keys), ", ".join(kept.columns)
    sides: list[tuple[str, Any]] = [("kept", 0), ("new", 1)]
    told = {
        f"{name}_{column}": f"COALESCE(SUM(CASE WHEN side = {side} THEN {column} END), 0)"
        for column in kept.columns
        for name, side in sides
    }
    listed = ", ".join(f"CAST({amount} AS BIGINT) AS {name}" for name, amount in told.items())
    moved = " OR ".join(f"{told[f'kept_{column}']} <> {told[f'new_{column}']}" for column in kept.columns)
    return f"""SELECT f.*, COALESCE(n.name, o.name, 'a place that is gone') AS place FROM (
            SELECT place_id, {keys}, {listed} FROM (
                SELECT 1 AS side, place_id, {keys}, {columns} FROM ({_recomputed(kept)}) AS computed
                UNION ALL SELECT 0, place_id, {keys}, {columns} FROM {kept.table}
                    WHERE organization_id = :organization
            ) AS both_sides GROUP BY place_id, {keys} HAVING COUNT(*) <> 2 OR {moved}
        ) AS f LEFT JOIN node n ON n.id = f.place_id LEFT JOIN organization o ON o.id = f.place_id
        ORDER BY place, {", ".join(f"f.{key}" for key in kept.keys)}"""


_ADD_OWN = {kept.table: _add_own(kept) for kept in KEPT}
_DIFFERENCES = {kept.table: _differences(kept) for kept in KEPT}
