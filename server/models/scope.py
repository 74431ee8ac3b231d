"""The only answer to "may see": a seat opens its whole branch, and the names of what lies above it (law §3)."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.people import Viewer
from server.models.database import rows


def seen(viewer: Viewer, column: str) -> tuple[str, dict[str, Any]]:
    """A condition on a column of node ids, and its parameters.

    The node lies in a branch that a seat of this viewer opens.

    The caller adds the organization; a seat at the whole organization needs no more than that.
    """
    if viewer.sees_all:
        return "1 = 1", {}
    inside = "SELECT descendant_id FROM present.branch WHERE ancestor_id IN :scope_seats"
    return f"{column} IN ({inside})", {"scope_seats": list(viewer.seat_nodes)}


def priced(viewer: Viewer, column: str) -> tuple[str, dict[str, Any]]:
    """A condition on a column of node ids, and its parameters: amounts of the node may be read (law §3: money).

    Of what belongs to no node, only with the right to all of it. Never null, so that it can stand in a CASE.
    """
    if viewer.reads_all_money:
        return "1 = 1", {}
    if not viewer.money_nodes:
        return "1 = 0", {}
    inside = "SELECT descendant_id FROM present.branch WHERE ancestor_id IN :money_seats"
    return f"({column} IS NOT NULL AND {column} IN ({inside}))", {"money_seats": list(viewer.money_nodes)}


def recorded(viewer: Viewer, column: str) -> tuple[str, dict[str, Any]]:
    """A condition on a column of node ids, and its parameters: the ledger of the node may be read (law §3: ledger)."""
    if viewer.reads_all_of_ledger:
        return "1 = 1", {}
    inside = "SELECT descendant_id FROM present.branch WHERE ancestor_id IN :ledger_seats"
    return f"{column} IN ({inside})", {"ledger_seats": list(viewer.ledger_nodes)}


def topmost(viewer: Viewer, places: Collection[UUID] | None) -> tuple[str, dict[str, Any]]:
    """A SELECT of `place_id` and `top_id`, and its parameters: in whose branches lies what the viewer sees of a place.

    That is the place itself where a seat opens it, else the topmost seats below it; what is kept at these adds up to
    all that is seen, nothing twice. Without `places` the place is the organization.
    """
    values: dict[str, Any] = {"organization": viewer.organization_id}
    if places is not None:
        values["places"] = list(places)
    ours = "n.organization_id = :organization"
    if viewer.sees_all:
        here = "organization n WHERE n.id = :organization" if places is None else f"node n WHERE {ours}"
        named = "" if places is None else " AND n.id IN :places"
        return f"SELECT n.id AS place_id, n.id AS top_id FROM {here}{named}", values
    values["scope_seats"] = list(viewer.seat_nodes)
    covered = """EXISTS (SELECT 1 FROM branch above WHERE above.descendant_id = n.id AND above.depth > 0
        AND above.ancestor_id IN :scope_seats)"""
    seats = f"n.id IN :scope_seats AND {ours} AND NOT {covered}"
    if places is None:
        return f"SELECT n.organization_id AS place_id, n.id AS top_id FROM node n WHERE {seats}", values
    sql = f"""SELECT b.descendant_id AS place_id, b.descendant_id AS top_id
              FROM branch b WHERE b.descendant_id IN :places AND b.ancestor_id IN :scope_seats
              UNION SELECT b.ancestor_id, n.id FROM branch b JOIN node n ON n.id = b.descendant_id
              WHERE b.ancestor_id IN :places AND b.depth > 0 AND {seats}"""
    return sql, values


async def priced_within(db: BaseDBAsyncClient, viewer: Viewer, node_ids: Iterable[UUID]) -> frozenset[UUID]:
    """At which of these nodes amounts may be read, of the node itself or of anything below it."""
    places = list(node_ids)
    if viewer.reads_all_money or not viewer.money_nodes:
        return frozenset(places if viewer.reads_all_money else ())
    sql = """SELECT descendant_id AS place_id FROM present.branch
             WHERE descendant_id IN :places AND ancestor_id IN :seats
             UNION SELECT ancestor_id FROM present.branch WHERE ancestor_id IN :places AND descendant_id IN :seats"""
    return frozenset(row["place_id"] for row in await rows(db, sql, places=places, seats=list(viewer.money_nodes)))


async def paths(db: BaseDBAsyncClient, node_ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """For each node the ids of itself and all that lies above it: what roles and sight are judged by."""
    found: dict[UUID, set[UUID]] = {}
    sql = "SELECT descendant_id, ancestor_id FROM present.branch WHERE descendant_id IN :ids"
    for row in await rows(db, sql, ids=list(node_ids)):
        found.setdefault(row["descendant_id"], set()).add(row["ancestor_id"])
    return {node: frozenset(above) for node, above in found.items()}


async def visible(db: BaseDBAsyncClient, viewer: Viewer, node_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Which of these nodes the viewer sees in full."""
    condition, scope = seen(viewer, "id")
    sql = f"SELECT id FROM node WHERE organization_id = :organization AND id IN :ids AND {condition}"
    found = await rows(db, sql, organization=viewer.organization_id, ids=list(node_ids), **scope)
    return frozenset(row["id"] for row in found)


def known(viewer: Viewer, column: str) -> tuple[str, dict[str, Any]]:
    """The wider condition: the node is seen, or lies above a seat, so that its name is known."""
    if viewer.sees_all:
        return "1 = 1", {}
    inside, scope = seen(viewer, column)
    return (
        f"({inside} OR {column} IN (SELECT ancestor_id FROM present.branch WHERE descendant_id IN :scope_seats))",
        scope,
    )
