"""Budgets and what was spent without a case, read set-based for any number of places (law §4)."""

from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.budgets import Budget, Unplanned
from server.domain.figures import Period
from server.domain.people import Viewer
from server.domain.values import BENEFITS, COSTS
from server.models.database import rows
from server.models.rollups import Places
from server.models.scope import priced, seen


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
    """Per place the initiatives that promise nothing and have spent something, with how much in the period.

    They promise nothing where no benefit line has a month of plan, and no sales plan below has quota. Measures are
    looked at one by one: this costs the more the more of them there are.
    """
    place, source, values = nodes_in_sight(viewer, places)
    sql = f"""SELECT m.place_id, m.id AS node_id, m.name, m.priced, CAST(SUM(v.actual_reporting) AS BIGINT) AS spent
              FROM (SELECT {place} AS place_id, n.id, n.name, {readable(viewer)} AS priced
                    FROM {source} AND n.level = 'INITIATIVE') AS m
              JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
              WHERE l.kind IN :costs AND v.month BETWEEN :first AND :last AND v.actual_reporting IS NOT NULL
                AND m.id NOT IN (SELECT w.node_id FROM value_line w JOIN month_value x ON x.line_id = w.id
                                 WHERE w.organization_id = :organization AND w.kind IN :benefits AND x.plan IS NOT NULL)
                AND m.id NOT IN (SELECT s.parent_id FROM node s JOIN quota q ON q.node_id = s.id
                                 WHERE s.organization_id = :organization AND s.level = 'SALES_PLAN')
              GROUP BY m.place_id, m.id, m.name, m.priced HAVING SUM(v.actual_reporting) <> 0"""
    asked = {"costs": sorted(COSTS), "benefits": sorted(BENEFITS), "first": int(period.first), "last": int(period.last)}
    found: dict[UUID, list[Unplanned]] = {}
    for row in await rows(db, sql, **values, **asked):
        one = Unplanned(row["node_id"], row["name"], row["spent"] if row["priced"] else None)
        found.setdefault(row["place_id"], []).append(one)
    return found
