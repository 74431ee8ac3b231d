"""Budgets and what was spent without a case, read set-based for any number of places (law §4)."""

from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.budgets import Budget, Unplanned
from server.domain.figures import Period
from server.domain.people import Viewer
from server.domain.values import BENEFITS, COSTS, ValueKind
from server.models.database import rows
from server.models.past import Past
from server.models.rollups import Places
from server.models.scope import priced, seen, topmost

_BENEFITS = ", ".join(f"'{kind.value}'" for kind in sorted(BENEFITS))
# A measure `m` promises something where a benefit line has a month of plan, or a sales plan below it has quota.
CASED = f"""(EXISTS (SELECT 1 FROM value_line w JOIN month_value x ON x.line_id = w.id
        WHERE w.node_id = m.id AND w.kind IN ({_BENEFITS}) AND x.plan IS NOT NULL)
    OR EXISTS (SELECT 1 FROM node s JOIN quota q ON q.node_id = s.id
        WHERE s.parent_id = m.id AND s.level = 'SALES_PLAN'))"""


def nodes_in_sight(viewer: Viewer, places: Places) -> tuple[str, str, dict[str, Any]]:
    """What stands for the place, where nodes `n` in sight at or below it come from, and the parameters."""
    (sight, values), (_, money) = seen(viewer, "n.id"), priced(viewer, "n.id")
    values = {**values, **money, "organization": viewer.organization_id}
    if places is None:
        return "n.organization_id", f"node n WHERE n.organization_id = :organization AND {sight}", values
    source = f"""branch b JOIN node n ON n.id = b.descendant_id
                 WHERE b.ancestor_id IN :places AND n.organization_id = :organization AND {sight}"""
    return "b.ancestor_id", source, values | {"places": list(places)}


def readable(viewer: Viewer) -> str:
    """1 where the amounts of a node `n` are the viewer's to read, else 0, as SQL."""
    return f"CASE WHEN {priced(viewer, 'n.id')[0]} THEN 1 ELSE 0 END"


async def budgets(db: BaseDBAsyncClient, viewer: Viewer, places: Places, years: list[int]) -> dict[UUID, list[Budget]]:
    """The budgets of the portfolios at and below each place, of some fiscal years."""
    place, source, values = nodes_in_sight(viewer, places)
    sql = f"""SELECT p.place_id, g.id, p.name, g.fiscal_year, g.revision,
                     CASE WHEN p.priced = 1 THEN g.units END AS units
              FROM (SELECT {place} AS place_id, n.id, n.name, {readable(viewer)} AS priced
                    FROM {source} AND n.level = 'PORTFOLIO') AS p
              JOIN budget g ON g.node_id = p.id WHERE g.fiscal_year IN :years ORDER BY p.name, g.fiscal_year, g.id"""
    found: dict[UUID, list[Budget]] = {}
    for row in await rows(db, sql, years=years, **values):
        one = Budget(row["id"], row["name"], row["fiscal_year"], row["units"], row["revision"])
        found.setdefault(row["place_id"], []).append(one)
    return found


async def of_portfolios(db: BaseDBAsyncClient, viewer: Viewer, node_ids: list[UUID]) -> dict[UUID, list[Budget]]:
    """Every budget of some portfolios, by fiscal year."""
    sql = f"""SELECT g.node_id, g.id, n.name, g.fiscal_year, g.revision,
                     CASE WHEN {readable(viewer)} = 1 THEN g.units END AS units
              FROM budget g JOIN node n ON n.id = g.node_id
              WHERE g.node_id IN :ids AND n.organization_id = :organization AND {seen(viewer, "n.id")[0]}
              ORDER BY g.fiscal_year"""
    values = seen(viewer, "n.id")[1] | priced(viewer, "n.id")[1]
    found: dict[UUID, list[Budget]] = {}
    for row in await rows(db, sql, ids=node_ids, organization=viewer.organization_id, **values):
        one = Budget(row["id"], row["name"], row["fiscal_year"], row["units"], row["revision"])
        found.setdefault(row["node_id"], []).append(one)
    return found


async def without_case(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period
) -> dict[UUID, list[Unplanned]]:
    """Per place what each kind of cost has spent on measures that promise nothing (`CASED`)."""
    asked: dict[str, Any] = {"first": int(period.first), "last": int(period.last), "costs": sorted(COSTS)}
    if not isinstance(db, Past) and viewer.reads_money_in_sight:
        top, values = topmost(viewer, places)
        sql = f"""SELECT t.place_id, k.kind, CAST(SUM(k.uncased) AS BIGINT) AS units, 0 AS omitted
                  FROM ({top}) AS t JOIN kept_sum k ON k.place_id = t.top_id
                  WHERE k.month BETWEEN :first AND :last AND k.kind IN :costs
                  GROUP BY t.place_id, k.kind HAVING SUM(k.uncased) <> 0"""
    else:
        place, source, values = nodes_in_sight(viewer, places)
        sql = f"""SELECT m.place_id, l.kind,
                         CAST(SUM(CASE WHEN m.priced = 1 THEN v.actual_reporting ELSE 0 END) AS BIGINT) AS units,
                         COUNT(DISTINCT CASE WHEN m.priced = 0 THEN l.id END) AS omitted
                  FROM (SELECT {place} AS place_id, n.id, {readable(viewer)} AS priced
                        FROM {source} AND n.level = 'INITIATIVE') AS m
                  JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
                  WHERE l.kind IN :costs AND v.month BETWEEN :first AND :last AND v.actual_reporting IS NOT NULL
                    AND NOT {CASED} GROUP BY m.place_id, l.kind"""
    found: dict[UUID, list[Unplanned]] = {}
    for row in await rows(db, sql, **values, **asked):
        one = Unplanned(ValueKind(row["kind"]), row["units"], row["omitted"])
        found.setdefault(row["place_id"], []).append(one)
    return found
