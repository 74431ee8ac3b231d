"""Pages of corrections, read set-based: one statement for any number of places, newest first."""

from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.people import Viewer
from server.models.database import rows
from server.models.rollups import Places
from server.models.scope import priced, seen


def _source(viewer: Viewer, places: Places) -> tuple[str, str, dict[str, Any]]:
    """What stands for the place, where corrections below it come from, and the parameters."""
    sight, values = seen(viewer, "l.node_id")
    ours = f"l.organization_id = :organization AND {sight}"
    values = {**values, "organization": viewer.organization_id}
    corrections = "correction c ON c.line_id = l.id"
    if places is None:
        return "l.organization_id", f"FROM value_line l JOIN {corrections} WHERE {ours}", values
    source = f"""FROM branch b JOIN value_line l ON l.node_id = b.descendant_id JOIN {corrections}
                 WHERE b.ancestor_id IN :places AND {ours}"""
    return "b.ancestor_id", source, {**values, "places": list(places)}


async def page(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, first: int, after: UUID | None
) -> list[dict[str, Any]]:
    """Up to `first` + 1 corrections below each place behind the one called `after`, with `place_id` and `priced`."""
    place, source, values = _source(viewer, places)
    told, money = priced(viewer, "l.node_id")
    values |= money
    if after is not None:
        source += " AND c.id < :after"
        values["after"] = after
    sql = f"""SELECT * FROM (
                SELECT c.*, {place} AS place_id, CASE WHEN {told} THEN 1 ELSE 0 END AS priced,
                       ROW_NUMBER() OVER (PARTITION BY {place} ORDER BY c.id DESC) AS rank {source}) AS ranked
              WHERE rank <= :most ORDER BY place_id, rank"""
    return await rows(db, sql, most=first + 1, **values)


async def of_lines(db: BaseDBAsyncClient, viewer: Viewer, line_ids: list[UUID]) -> list[dict[str, Any]]:
    """All corrections of value lines, newest first, with `priced`."""
    _, source, values = _source(viewer, None)
    told, money = priced(viewer, "l.node_id")
    sql = f"""SELECT c.*, CASE WHEN {told} THEN 1 ELSE 0 END AS priced {source} AND l.id IN :lines ORDER BY c.id DESC"""
    return await rows(db, sql, lines=line_ids, **values, **money)


async def counts(db: BaseDBAsyncClient, viewer: Viewer, places: Places) -> dict[UUID, int]:
    """How many there are in all, per place."""
    place, source, values = _source(viewer, places)
    sql = f"SELECT {place} AS place_id, COUNT(*) AS number {source} GROUP BY {place}"
    return {row["place_id"]: row["number"] for row in await rows(db, sql, **values)}
