"""Keeping roll-ups: sums and counts of every place follow each write, inside its transaction, set-based.

What is kept at a place is what its own measure is worth and what is kept at its children. So a measure's own share is
known without being stored, a write adds the difference to the few places above it, and a move carries what is kept
along. The order of the organization (`live/work.py`) makes this free of races.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.lights import Pair
from server.models.database import change, rows
from server.models.kept_own import COUNTS, SUMS, YEARS, Kept
from server.models.people import Organization
from server.models.policies import policy_in_force
from server.models.rollups import ALL_OF_TIME
from server.models.scope import paths

KEPT = (SUMS, COUNTS, YEARS)
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


@dataclass(slots=True)
class Touched:
    """Measures above which something has to follow.

    They stand otherwise or are new, their months were written, or their lights or the quota below them changed. Those
    `planned` are new, or months of their plan were written; they are named as well in what else they are.
    `redefined`: what the headline value adds has changed.
    """

    stood: set[UUID] = field(default_factory=set)
    valued: set[UUID] = field(default_factory=set)
    turned: set[UUID] = field(default_factory=set)
    planned: set[UUID] = field(default_factory=set)
    redefined: bool = False


async def follow(db: BaseDBAsyncClient, organization: Organization, touched: Touched) -> None:
    """Bring up to date what is kept above the measures that were touched: so many statements for any number of them.

    Months alone leave no row empty. Another headline is written anew, which costs the whole organization.
    """
    headline = organization.headline_kinds.split()
    changed = [*(touched.stood | touched.valued | touched.turned)]
    if touched.stood:
        await change(db, _ADD_OWN[COUNTS.table], changed=list(touched.stood))
    if changed:
        await change(db, _ADD_OWN[SUMS.table], changed=changed)
        await change(db, _ADD_OWN[YEARS.table], changed=changed, headline=headline)
    if touched.planned:
        await change(db, _PLANS_ABOVE, nodes=list(touched.planned))
    if touched.stood or touched.turned:
        await _sweep(db, organization.id, KEPT if touched.stood else (YEARS,), touched.stood | touched.turned)
    if touched.redefined:
        await recompute(db, organization.id, (YEARS,))


async def lift(db: BaseDBAsyncClient, organization: UUID, node: UUID) -> None:
    """Before a node is cut from what stands above it: take off there what is kept at it."""
    for kept in KEPT:
        await change(db, _carried(kept, "-"), node=node)
    await change(db, _PLANS_ABOVE, nodes=[node])
    await _sweep(db, organization, KEPT, [node])


async def settle(db: BaseDBAsyncClient, node: UUID) -> None:
    """After a node was joined to what stands above it now: add there what is kept at it."""
    for kept in KEPT:
        await change(db, _carried(kept, ""), node=node)
    await change(db, _PLANS_ABOVE, nodes=[node])


async def propose(db: BaseDBAsyncClient, organization: Organization, proposed: Mapping[UUID, Pair]) -> None:
    """Keep what a look proposes for measures, in the organization's order; no fact: nobody has done anything."""
    for node, pair in proposed.items():
        lights = {"implementation": pair.implementation.value, "potential": pair.potential.value}
        await change(db, _PROPOSE, node=node, organization=organization.id, **lights)
    await follow(db, organization, Touched(turned={*proposed}))


async def differences(db: BaseDBAsyncClient, organization: UUID) -> list[Difference]:
    """Every number of an organization that is kept otherwise than it is recomputed from the months themselves."""
    found = []
    asked = {"organization": organization, "headline": await _headline(db, organization)}
    for kept in KEPT:
        for row in await rows(db, _DIFFERENCES[kept.table], **asked):
            by = tuple(str(row[key]) for key in kept.keys)
            every = [
                Difference(row["place_id"], row["place"], by, column, row[f"kept_{column}"], row[f"new_{column}"])
                for column in kept.columns
            ]
            found += [each for each in every if each.kept != each.recomputed]
    for row in await rows(db, _PLANS_DIFFER, **asked):
        found.append(Difference(row["place_id"], row["place"], (), "plan", row["kept"], row["recomputed"]))
    return found


async def recompute(db: BaseDBAsyncClient, organization: UUID, which: Sequence[Kept] = KEPT) -> None:
    """Write everything that is kept of an organization anew, or these tables of it, in its order."""
    headline = await _headline(db, organization)
    asked = {"organization": organization, "headline": headline, "kinds": " ".join(headline)}
    await change(db, "UPDATE organization SET headline_kinds = :kinds WHERE id = :organization", **asked)
    for kept in which:
        await change(db, f"DELETE FROM {kept.table} WHERE organization_id = :organization", **asked)
        await change(db, f"INSERT INTO {kept.table} ({_listed(kept)}) {_recomputed(kept)}", **asked)
    await change(db, "DELETE FROM kept_plan WHERE organization_id = :organization", **asked)
    await change(db, _plans("node n WHERE n.organization_id = :organization"), **asked)


async def _headline(db: BaseDBAsyncClient, organization: UUID) -> list[str]:
    """The kinds of the headline value, by the policy in force."""
    return [kind.value for kind in (await policy_in_force(db, organization)).headline_kinds]


async def _sweep(db: BaseDBAsyncClient, organization: UUID, tables: Sequence[Kept], nodes: Collection[UUID]) -> None:
    """Remove the rows that nothing stands behind any more, at these nodes and above them."""
    places = {organization}.union(*(await paths(db, nodes)).values())
    for kept in tables:
        empty = f"DELETE FROM {kept.table} WHERE place_id IN :places AND {kept.columns[-1]} = 0"
        await change(db, empty, places=places)


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


def _plans(nodes: str) -> str:
    """Write the headline plan over all months of these nodes `n`, where it is another than is written."""
    return f"""INSERT INTO kept_plan (place_id, organization_id, plan)
        SELECT n.id, n.organization_id, COALESCE(SUM(k.plan), 0) FROM (SELECT n.id, n.organization_id FROM {nodes}) AS n
        LEFT JOIN kept_year k ON k.place_id = n.id AND k.fiscal_year = {ALL_OF_TIME}
        WHERE 1 = 1 GROUP BY n.id, n.organization_id
        ON CONFLICT (place_id) DO UPDATE SET plan = excluded.plan WHERE kept_plan.plan <> excluded.plan"""


_PLANS_ABOVE = _plans("""node n WHERE n.id IN (SELECT b.ancestor_id FROM branch b WHERE b.descendant_id IN :nodes)""")
_PLANS_DIFFER = """SELECT n.id AS place_id, n.name AS place, CAST(COALESCE(p.plan, 0) AS BIGINT) AS kept,
        CAST(COALESCE(y.plan, 0) AS BIGINT) AS recomputed
    FROM node n LEFT JOIN kept_plan p ON p.place_id = n.id LEFT JOIN (
        SELECT b.ancestor_id, SUM(v.plan_reporting) AS plan FROM branch b
        JOIN value_line l ON l.node_id = b.descendant_id JOIN month_value v ON v.line_id = l.id
        WHERE l.organization_id = :organization AND l.kind IN :headline GROUP BY b.ancestor_id
    ) AS y ON y.ancestor_id = n.id
    WHERE n.organization_id = :organization AND COALESCE(p.plan, 0) <> COALESCE(y.plan, 0) ORDER BY n.name"""
_PROPOSE = """INSERT INTO kept_proposal (node_id, organization_id, implementation, potential)
    VALUES (:node, :organization, :implementation, :potential)
    ON CONFLICT (node_id) DO UPDATE SET implementation = excluded.implementation, potential = excluded.potential"""
_ADD_OWN = {kept.table: _add_own(kept) for kept in KEPT}
_DIFFERENCES = {kept.table: _differences(kept) for kept in KEPT}
