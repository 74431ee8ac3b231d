"""Pages of sales activities, newest first, read set-based: one statement for any number of places."""

from datetime import date
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.people import Viewer
from server.models.database import rows
from server.models.rollups import Places
from server.models.sales_figures import below


def _source(viewer: Viewer, places: Places, orphan: bool | None) -> tuple[str, str, dict[str, Any]]:
    place, source, values = below(viewer, places, "sales_activity", "a")
    which = "" if orphan is None else f" AND a.node_id IS {'' if orphan else 'NOT '}NULL"
    values |= {"organization": viewer.organization_id}
    return place, f"{source} AND a.organization_id = :organization{which}", values


async def page(
    db: BaseDBAsyncClient,
    viewer: Viewer,
    places: Places,
    first: int,
    after: tuple[date, UUID] | None,
    orphan: bool | None,
) -> list[dict[str, Any]]:
    """Up to `first` + 1 activities below each place behind the key `after`, the newest first, with `place_id`."""
    place, source, values = _source(viewer, places, orphan)
    if after is not None:
        source += " AND (a.date < :after_day OR (a.date = :after_day AND a.id < :after_id))"
        values |= {"after_day": after[0], "after_id": after[1]}
    sql = f"""SELECT * FROM (
                SELECT a.*, {place} AS place_id,
                       ROW_NUMBER() OVER (PARTITION BY {place} ORDER BY a.date DESC, a.id DESC) AS rank {source}
              ) AS ranked WHERE rank <= :most ORDER BY place_id, rank"""
    return await rows(db, sql, most=first + 1, **values)


async def counts(db: BaseDBAsyncClient, viewer: Viewer, places: Places, orphan: bool | None) -> dict[UUID, int]:
    """How many there are in all, per place."""
    place, source, values = _source(viewer, places, orphan)
    sql = f"SELECT {place} AS place_id, COUNT(*) AS number {source} GROUP BY {place}"
    return {row["place_id"]: row["number"] for row in await rows(db, sql, **values)}
