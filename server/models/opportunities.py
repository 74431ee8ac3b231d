"""Pages of opportunities, read set-based: one statement for any number of places, whatever the filter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.people import Viewer
from server.models.database import rows
from server.models.rollups import Places
from server.models.sales_figures import below
from server.models.scope import priced

# condition → its SQL
_CONDITIONS: Mapping[str, str] = {
    "states": "o.state IN :states",
    "stage": "o.stage = :stage",
    "seller": "o.seller = :seller",
    "product": "o.product = :product",
    "account": "o.account = :account",
    "closed_from": "o.closed_on >= :closed_from",
    "closed_to": "o.closed_on <= :closed_to",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which opportunities; conditions left out do not restrict it. Hashable, so that a loader can batch by it."""

    states: tuple[str, ...] | None = None
    stage: str | None = None
    seller: str | None = None
    product: str | None = None
    account: str | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    orphan: bool | None = None


def _source(viewer: Viewer, places: Places, asked: Asked) -> tuple[str, str, dict[str, Any]]:
    place, source, values = below(viewer, places, "opportunity", "o")
    values |= {"organization": viewer.organization_id}
    conditions = ["o.organization_id = :organization"]
    for name, condition in _CONDITIONS.items():
        wanted = getattr(asked, name)
        if wanted is not None:
            conditions.append(condition)
            values[name] = list(wanted) if isinstance(wanted, tuple) else wanted
    if asked.orphan is not None:
        conditions.append(f"o.node_id IS {'' if asked.orphan else 'NOT '}NULL")
    return place, f"{source} AND {' AND '.join(conditions)}", values


async def page(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, asked: Asked, first: int, after: tuple[str, UUID] | None
) -> list[dict[str, Any]]:
    """Up to `first` + 1 opportunities below each place behind the key `after`, by external id, with `place_id`."""
    place, source, values = _source(viewer, places, asked)
    if after is not None:
        source += " AND (o.external_id > :after_key OR (o.external_id = :after_key AND o.id > :after_id))"
        values |= {"after_key": after[0], "after_id": after[1]}
    told, money = priced(viewer, "o.node_id")
    values |= money
    sql = f"""SELECT * FROM (
                SELECT o.*, {place} AS place_id, CASE WHEN {told} THEN 1 ELSE 0 END AS priced,
                       ROW_NUMBER() OVER (PARTITION BY {place} ORDER BY o.external_id, o.id) AS rank {source}) AS ranked
              WHERE rank <= :most ORDER BY place_id, rank"""
    return await rows(db, sql, most=first + 1, **values)


async def counts(db: BaseDBAsyncClient, viewer: Viewer, places: Places, asked: Asked) -> dict[UUID, int]:
    """How many there are in all, per place."""
    place, source, values = _source(viewer, places, asked)
    sql = f"SELECT {place} AS place_id, COUNT(*) AS number {source} GROUP BY {place}"
    return {row["place_id"]: row["number"] for row in await rows(db, sql, **values)}
