"""What is in the books at plan rates and at actual rates, and the rates themselves, read set-based (law §4)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.currency import RateCell
from server.domain.figures import Period
from server.domain.people import Viewer
from server.domain.values import ValueKind
from server.models.database import rows
from server.models.past import Past
from server.models.rollups import Places
from server.models.scope import topmost
from server.models.spending import nodes_in_sight, readable

_COLUMNS = ("actual", "confirmed", "actual_current", "confirmed_current")


async def rate_cells(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period
) -> dict[UUID, list[RateCell]]:
    """Actual and confirmed per place and kind, at plan rates and at actual rates.

    In the present from what every write keeps; as of then, and for who may not read all amounts they see, added up.
    """
    kept = not isinstance(db, Past) and viewer.reads_money_in_sight
    sql, values = _kept(viewer, places) if kept else _computed(viewer, places)
    found: dict[UUID, list[RateCell]] = {}
    for row in await rows(db, sql, first=int(period.first), last=int(period.last), **values):
        amounts = {name: row[name] for name in _COLUMNS}
        cell = RateCell(ValueKind(row["kind"]), **amounts, omitted=row["omitted"])
        found.setdefault(row["place_id"], []).append(cell)
    return found


def _kept(viewer: Viewer, places: Places) -> tuple[str, dict[str, Any]]:
    top, values = topmost(viewer, places)
    four = ", ".join(f"CAST(SUM(v.{name}) AS BIGINT) AS {name}" for name in _COLUMNS)
    sql = f"""SELECT t.place_id, v.kind, {four}, 0 AS omitted
              FROM ({top}) AS t JOIN kept_sum v ON v.place_id = t.top_id
              WHERE v.month BETWEEN :first AND :last GROUP BY t.place_id, v.kind"""
    return sql, values


def _computed(viewer: Viewer, places: Places) -> tuple[str, dict[str, Any]]:
    place, source, values = nodes_in_sight(viewer, places)
    four = ", ".join(
        f"CAST(COALESCE(SUM(CASE WHEN m.priced = 1 THEN {amount} END), 0) AS BIGINT) AS {name}"
        for name, amount in (
            ("actual", "v.actual_reporting"),
            ("confirmed", "v.confirmed_reporting"),
            ("actual_current", "COALESCE(v.actual_current, v.actual_reporting)"),
            ("confirmed_current", "COALESCE(v.confirmed_current, v.confirmed_reporting)"),
        )
    )
    sql = f"""SELECT m.place_id, l.kind, {four}, COUNT(DISTINCT CASE WHEN m.priced = 0 THEN l.id END) AS omitted
              FROM (SELECT {place} AS place_id, n.id, {readable(viewer)} AS priced
                    FROM {source} AND n.level = 'INITIATIVE') AS m
              JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
              WHERE v.month BETWEEN :first AND :last AND COALESCE(v.actual, v.confirmed) IS NOT NULL
              GROUP BY m.place_id, l.kind"""
    return sql, values


async def plan_rates(db: BaseDBAsyncClient, organization_id: UUID) -> list[tuple[int, str, Decimal]]:
    """Every plan rate: fiscal year, currency, rate; the latest year first."""
    sql = """SELECT fiscal_year, currency, rate FROM plan_rate WHERE organization_id = :organization
             ORDER BY fiscal_year DESC, currency"""
    found = await rows(db, sql, organization=organization_id)
    return [(row["fiscal_year"], row["currency"], Decimal(row["rate"])) for row in found]


async def actual_rates(db: BaseDBAsyncClient, organization_id: UUID) -> list[tuple[int, str, Decimal]]:
    """Every actual rate: month (YYYYMM), currency, rate; the latest month first."""
    sql = """SELECT month, currency, rate FROM actual_rate WHERE organization_id = :organization
             ORDER BY month DESC, currency"""
    found = await rows(db, sql, organization=organization_id)
    return [(row["month"], row["currency"], Decimal(row["rate"])) for row in found]
