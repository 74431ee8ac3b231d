"""What was won under each sales plan below a place, read in one statement for any number of places."""

from collections.abc import Sequence
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.figures import Period
from server.domain.people import Viewer
from server.domain.support import PlanWon
from server.models.database import rows
from server.models.sales_figures import below
from server.models.scope import priced

_DEALS = """(SELECT d.organization_id, d.node_id, d.state, d.month, d.units_reporting, p.name AS plan_name
             FROM opportunity d JOIN node p ON p.id = d.node_id)"""


async def won_by_plan(
    db: BaseDBAsyncClient, viewer: Viewer, places: Sequence[UUID], period: Period
) -> dict[UUID, list[PlanWon]]:
    """Per place the plans that won something; amounts that may not be read are counted, not added."""
    place, source, values = below(viewer, places, _DEALS, "o")
    told, money = priced(viewer, "o.node_id")
    sql = f"""SELECT {place} AS place_id, o.node_id, o.plan_name,
                     CAST(COALESCE(SUM(CASE WHEN {told} THEN o.units_reporting END), 0) AS BIGINT) AS units,
                     COUNT(CASE WHEN NOT ({told}) THEN 1 END) AS hidden {source}
              AND o.organization_id = :organization AND o.state = 'WON' AND o.month BETWEEN :first AND :last
              GROUP BY {place}, o.node_id, o.plan_name"""
    asked = {"organization": viewer.organization_id, "first": int(period.first), "last": int(period.last)}
    found: dict[UUID, list[PlanWon]] = {}
    for row in await rows(db, sql, **asked, **values, **money):
        one = PlanWon(row["node_id"], row["plan_name"], row["units"], row["hidden"])
        found.setdefault(row["place_id"], []).append(one)
    return found
