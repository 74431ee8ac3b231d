"""Sales figures, read set-based: one statement per question and dimension for any number of places.

A place is a node of the cascade, or the organization (`places` None, and its id is the key), where orphans count too.
Opportunities and quota lines whose amounts the viewer may not read are counted and not added (law §3: money).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import Standing
from server.domain.figures import Period
from server.domain.months import Month
from server.domain.people import Viewer
from server.domain.sales import LATE_STAGE, LIKELY, SEGMENTS, SalesDimension
from server.domain.sales_figures import Quotas, Tally
from server.domain.sales_outlook import Planned
from server.models.database import rows
from server.models.rollups import Places, kept_year
from server.models.scope import priced, seen, topmost

# dimension → the column of an opportunity that holds its segment
_COLUMNS: Mapping[SalesDimension, str] = {one: one.value.lower() for one in SalesDimension}
_CATEGORIES = ", ".join(f"'{category.value}'" for category in LATE_STAGE)


def late(deal: str) -> str:
    """Whether a deal of this alias is in the late-stage pipeline, as SQL."""
    return f"""({deal}.state = 'OPEN' AND ({deal}.forecast_category IN ({_CATEGORIES})
                OR ({deal}.forecast_category IS NULL AND {deal}.probability >= {LIKELY})))"""


def in_period(deal: str) -> str:
    """Whether a deal of this alias closes in the period, or is open and names no close, as SQL."""
    return f"({deal}.month BETWEEN :first AND :last OR ({deal}.month IS NULL AND {deal}.state = 'OPEN'))"


_LATE = late("o")
_COUNTED = {
    "won": "CASE WHEN o.state = 'WON' THEN 1 END",
    "won_units": "CASE WHEN o.state = 'WON' AND {priced} THEN o.units_reporting END",
    "lost": "CASE WHEN o.state = 'LOST' THEN 1 END",
    "open": "CASE WHEN o.state = 'OPEN' THEN 1 END",
    "open_units": "CASE WHEN o.state = 'OPEN' AND {priced} THEN o.units_reporting END",
    "weighted": "CASE WHEN o.state = 'OPEN' AND {priced} THEN o.weighted_reporting END",
    "unpriced": "CASE WHEN o.state = 'OPEN' AND NOT ({priced} AND o.units_reporting IS NOT NULL) THEN 1 END",
    "unlikely": "CASE WHEN o.state = 'OPEN' AND NOT ({priced} AND o.weighted_reporting IS NOT NULL) THEN 1 END",
    "won_hidden": "CASE WHEN o.state = 'WON' AND NOT ({priced}) THEN 1 END",
    "late": f"CASE WHEN {_LATE} THEN 1 END",
    "late_units": f"CASE WHEN {_LATE} AND {{priced}} THEN o.units_reporting END",
    "late_unpriced": f"CASE WHEN {_LATE} AND NOT ({{priced}} AND o.units_reporting IS NOT NULL) THEN 1 END",
}
_SUMS = ", ".join(f"CAST(COALESCE(SUM({value}), 0) AS BIGINT) AS {name}" for name, value in _COUNTED.items())


def below(viewer: Viewer, places: Places, table: str, alias: str) -> tuple[str, str, dict[str, Any]]:
    """Rows that belong to nodes: the place each is listed under, FROM … WHERE the viewer sees it, and parameters."""
    sight, values = seen(viewer, f"{alias}.node_id")
    if places is None:
        return f"{alias}.organization_id", f"FROM {table} {alias} WHERE {sight}", values
    source = f"""FROM branch b JOIN {table} {alias} ON {alias}.node_id = b.descendant_id
                 WHERE b.ancestor_id IN :places AND {sight}"""
    return "b.ancestor_id", source, values | {"places": list(places)}


def _asked(viewer: Viewer, period: Period) -> dict[str, Any]:
    return {"organization": viewer.organization_id, "first": int(period.first), "last": int(period.last)}


def _key(segment: Any, dimension: SalesDimension | None) -> str:
    return str(Month(segment)) if dimension is SalesDimension.MONTH and segment else segment or ""


async def tallies(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period, dimension: SalesDimension | None
) -> dict[UUID, dict[str, Tally]]:
    """Opportunities per place and segment; without a dimension all under the empty key."""
    place, source, values = below(viewer, places, "opportunity", "o")
    by = f", o.{_COLUMNS[dimension]}" if dimension else ""
    told, money = priced(viewer, "o.node_id")
    values |= money
    sql = f"""SELECT {place} AS place_id, {by.lstrip(", ") or "NULL"} AS segment, {_SUMS.format(priced=told)} {source}
              AND o.organization_id = :organization AND {in_period("o")} GROUP BY {place}{by}"""
    found: dict[UUID, dict[str, Tally]] = {}
    for row in await rows(db, sql, **_asked(viewer, period), **values):
        tally = Tally(**{name: row[name] for name in _COUNTED})
        found.setdefault(row["place_id"], {})[_key(row["segment"], dimension)] = tally
    return found


async def quotas(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period, dimension: SalesDimension | None
) -> dict[UUID, dict[str, Quotas]]:
    """Quota per place and segment, of plans that are not cancelled; without a dimension all under the empty key."""
    if dimension and dimension is not SalesDimension.MONTH and dimension not in SEGMENTS:
        return {}  # quota is not cut that way
    cut = " AND q.dimension = :dimension" if dimension in SEGMENTS else ""
    return await _added(db, viewer, places, period, dimension, table=QUOTA, segment="segment", cut=cut)


async def capacities(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period, dimension: SalesDimension | None
) -> dict[UUID, dict[str, Quotas]]:
    """Capacity per place and seller or month, of plans that are not cancelled; else all under the empty key."""
    return await _added(db, viewer, places, period, dimension, table=CAPACITY, segment="seller")


async def _added(
    db: BaseDBAsyncClient,
    viewer: Viewer,
    places: Places,
    period: Period,
    dimension: SalesDimension | None,
    *,
    table: str,
    segment: str,
    cut: str = "",
) -> dict[UUID, dict[str, Quotas]]:
    """Lines of a month and a segment, added per place and dimension."""
    place, source, values = below(viewer, places, table, "q")
    by = {None: "", SalesDimension.MONTH: ", q.month"}.get(dimension, f", q.{segment}")
    told, money = priced(viewer, "q.node_id")
    sql = f"""SELECT {place} AS place_id, {by.lstrip(", ") or "NULL"} AS segment,
                     CAST(COALESCE(SUM(CASE WHEN {told} THEN q.units END), 0) AS BIGINT) AS units,
                     COUNT(*) AS lines, COUNT(CASE WHEN NOT ({told}) THEN 1 END) AS hidden {source}
              AND q.organization_id = :organization AND q.month BETWEEN :first AND :last{cut} GROUP BY {place}{by}"""
    asked = _asked(viewer, period) | values | money | ({"dimension": str(dimension)} if cut else {})
    found: dict[UUID, dict[str, Quotas]] = {}
    for row in await rows(db, sql, **asked):
        found.setdefault(row["place_id"], {})[_key(row["segment"], dimension)] = Quotas(
            row["units"], row["lines"], row["hidden"]
        )
    return found


async def planned(db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period) -> dict[UUID, Planned]:
    """Planned revenue per place, and the quota of the same initiatives: those that are not cancelled and plan any.

    Which those are is said of a span as a whole: of a fiscal year it is kept.
    """
    year = await kept_year(db, viewer, period)
    if year:
        return await _kept_plans(db, viewer, places, year)
    place, source, values = below(viewer, places, INITIATIVE, "i")
    told, money = priced(viewer, "i.node_id")
    sql = f"""SELECT {place} AS place_id, COUNT(*) AS initiatives, COUNT(CASE WHEN NOT ({told}) THEN 1 END) AS hidden,
                     CAST(COALESCE(SUM(CASE WHEN {told} THEN i.revenue END), 0) AS BIGINT) AS revenue,
                     CAST(COALESCE(SUM(CASE WHEN {told} THEN i.quota END), 0) AS BIGINT) AS quota {source}
              AND i.organization_id = :organization GROUP BY {place}"""
    found = await rows(db, sql, **_asked(viewer, period), **values, **money)
    return {row["place_id"]: Planned(row["revenue"], row["quota"], row["initiatives"], row["hidden"]) for row in found}


async def _kept_plans(db: BaseDBAsyncClient, viewer: Viewer, places: Places, year: int) -> dict[UUID, Planned]:
    top, values = topmost(viewer, places)
    sums = ", ".join(f"CAST(SUM(k.{name}) AS BIGINT) AS {name}" for name in ("revenue", "quota", "turnovers"))
    sql = f"""SELECT t.place_id, {sums} FROM ({top}) AS t JOIN kept_year k ON k.place_id = t.top_id
              WHERE k.fiscal_year = :year GROUP BY t.place_id HAVING SUM(k.turnovers) <> 0"""
    found = await rows(db, sql, year=year, **values)
    return {row["place_id"]: Planned(row["revenue"], row["quota"], row["turnovers"], 0) for row in found}


_CANCELLED = Standing.CANCELLED.value
INITIATIVE = f"""(SELECT n.id AS node_id, n.organization_id, r.revenue, r.revenue_since, s.quota, s.quota_since
    FROM node n
    JOIN (SELECT l.node_id, CAST(SUM(v.plan_reporting) AS BIGINT) AS revenue, MAX(v.since) AS revenue_since
          FROM value_line l
          JOIN month_value v ON v.line_id = l.id WHERE l.organization_id = :organization AND l.kind = 'REVENUE'
          AND v.month BETWEEN :first AND :last GROUP BY l.node_id) AS r ON r.node_id = n.id
    LEFT JOIN (SELECT p.parent_id, CAST(SUM(q.units) AS BIGINT) AS quota, MAX(q.since) AS quota_since
          FROM quota q JOIN node p ON p.id = q.node_id
          WHERE p.organization_id = :organization AND p.standing <> '{_CANCELLED}'
          AND q.month BETWEEN :first AND :last GROUP BY p.parent_id) AS s ON s.parent_id = n.id
    WHERE n.organization_id = :organization AND n.standing <> '{_CANCELLED}' AND r.revenue > 0)"""
CAPACITY = f"""(SELECT c.*, n.organization_id FROM capacity c JOIN node n ON n.id = c.node_id
                 WHERE n.standing <> '{_CANCELLED}')"""
QUOTA = f"""(SELECT q.*, n.organization_id FROM quota q JOIN node n ON n.id = q.node_id
              WHERE n.standing <> '{_CANCELLED}')"""


async def sellers(db: BaseDBAsyncClient, viewer: Viewer, places: Places) -> dict[UUID, set[str]]:
    """Everyone who sells under a plan below each place, deals or not."""
    place, source, values = below(viewer, places, _PLAN, "p")
    sql = f"SELECT {place} AS place_id, p.sellers {source} AND p.organization_id = :organization"
    found: dict[UUID, set[str]] = {}
    for row in await rows(db, sql, organization=viewer.organization_id, **values):
        found.setdefault(row["place_id"], set()).update(row["sellers"])
    return found


_PLAN = "(SELECT n.id AS node_id, n.organization_id, n.sellers FROM node n WHERE n.level = 'SALES_PLAN')"
