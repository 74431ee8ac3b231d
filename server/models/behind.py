"""The rows behind an input of a figure: lines, deals, quota, capacity and initiatives, read set-based (law §4, §5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.behind import LineRows, SalesRows
from server.domain.figures import Period
from server.domain.people import Viewer
from server.models import sales_figures as sales
from server.models.database import rows
from server.models.lines import amounts
from server.models.rollups import Places
from server.models.scope import priced

Key = tuple[int, UUID | int]


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where rows of a kind are kept, and what is told of each: `r` is the row, `p` the node it belongs to.

    `key` is unique among them; it ends in `_id` where it is a UUID.
    """

    table: str
    which: str
    units: str
    entry: str
    key: str
    told: str


_DEALS = {
    SalesRows.WON: ("r.state = 'WON'", "r.units_reporting"),
    SalesRows.OPEN: ("r.state = 'OPEN'", "r.units_reporting"),
    SalesRows.WEIGHTED: ("r.state = 'OPEN'", "r.weighted_reporting"),
    SalesRows.LATE: (sales.late("r"), "r.units_reporting"),
}
_MONTHLY = "r.month BETWEEN :first AND :last"
_KEPT: Mapping[SalesRows, _Kept] = {
    rows_of: _Kept(
        "opportunity",
        f"{which} AND {sales.in_period('r')}",
        units,
        "r.revision",
        "r.id AS row_id",
        "r.external_id, r.account, r.units AS own, r.currency, r.probability",
    )
    for rows_of, (which, units) in _DEALS.items()
} | {
    SalesRows.QUOTA: _Kept(
        sales.QUOTA, _MONTHLY, "r.units", "r.since", "r.row AS row_key", "r.month, r.dimension, r.segment"
    ),
    SalesRows.CAPACITY: _Kept(
        sales.CAPACITY, _MONTHLY, "r.units", "r.since", "r.row AS row_key", "r.month, r.seller AS segment"
    ),
    SalesRows.REVENUE: _Kept(
        sales.INITIATIVE, "r.revenue > 0", "r.revenue", "r.revenue_since", "r.node_id AS row_id", "1 AS planned"
    ),
    SalesRows.ASSIGNED: _Kept(
        sales.INITIATIVE, "r.quota > 0", "r.quota", "r.quota_since", "r.node_id AS row_id", "1 AS planned"
    ),
}


def _of_sales(viewer: Viewer, places: Places, wanted: SalesRows) -> tuple[str, str, dict[str, Any]]:
    """The rows of each place, the column of their key, and the parameters. Amounts not to be read are null."""
    kept = _KEPT[wanted]
    place, source, values = sales.below(viewer, places, kept.table, "r")
    told, money = priced(viewer, "r.node_id")
    sql = f"""SELECT {place} AS place_id, {kept.key}, r.node_id, {kept.entry} AS entry, {kept.told},
                     CASE WHEN {told} THEN 1 ELSE 0 END AS priced, CASE WHEN {told} THEN {kept.units} END AS units
              {source} AND r.organization_id = :organization AND {kept.which}"""
    named = f"""SELECT f.*, p.name AS node_name FROM ({sql}) AS f LEFT JOIN node p ON p.id = f.node_id"""
    return named, kept.key.rsplit(" ", 1)[-1], values | money | {"organization": viewer.organization_id}


def _statement(
    viewer: Viewer, places: Places, wanted: LineRows | SalesRows, period: Period
) -> tuple[str, str, dict[str, Any]]:
    """The rows, the column of their key, and the parameters."""
    if isinstance(wanted, LineRows):
        sql, values = amounts(viewer, places, period, wanted)
        return sql, "line_id", values
    sql, key, values = _of_sales(viewer, places, wanted)
    return sql, key, values | {"first": int(period.first), "last": int(period.last)}


async def page(
    db: BaseDBAsyncClient,
    viewer: Viewer,
    places: Places,
    wanted: LineRows | SalesRows,
    period: Period,
    first: int,
    after: Key | None,
) -> list[dict[str, Any]]:
    """Up to `first` + 1 rows behind an input at each place, the largest amount first, behind the key `after`.

    Each has its `place_id`, its key as `key`, `units`, `priced`, and the revision that last changed it as `entry`.
    """
    sql, key, values = _statement(viewer, places, wanted, period)
    size, beyond = "ABS(COALESCE(a.units, 0))", ""
    if after is not None:
        beyond = f"WHERE {size} < :after_units OR ({size} = :after_units AND a.{key} > :after_key)"
        values |= {"after_units": after[0], "after_key": after[1]}
    ranked = f"""SELECT a.*, ROW_NUMBER() OVER (PARTITION BY a.place_id ORDER BY {size} DESC, a.{key}) AS rank
                 FROM ({sql}) AS a {beyond}"""
    sql = f"SELECT * FROM ({ranked}) AS ranked WHERE rank <= :most ORDER BY place_id, rank"
    return [row | {"key": row[key]} for row in await rows(db, sql, most=first + 1, **values)]


async def counts(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, wanted: LineRows | SalesRows, period: Period
) -> dict[UUID, int]:
    """How many rows are behind an input, per place."""
    sql, _, values = _statement(viewer, places, wanted, period)
    sql = f"SELECT place_id, COUNT(*) AS number FROM ({sql}) AS a GROUP BY place_id"
    return {row["place_id"]: row["number"] for row in await rows(db, sql, **values)}
