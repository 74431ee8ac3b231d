"""Incentives and sales activity, added set-based for any number of places; what they mean is in `domain/alignment`."""

from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.alignment import Logged, Weights
from server.domain.cascade import Standing
from server.domain.figures import Period
from server.domain.people import Viewer
from server.domain.stages import STAGES, Stage
from server.models.database import rows
from server.models.rollups import Places
from server.models.sales_figures import below
from server.models.scope import seen

_DECIDED = frozenset(stage.value for stage in STAGES if stage >= Stage.DECIDED)
_INCENTIVE = f"""(SELECT i.node_id, p.organization_id, i.weight,
        CASE WHEN i.rewards_id IN (SELECT ancestor_id FROM branch WHERE descendant_id = i.node_id)
             OR (r.level = 'SALES_PLAN' AND r.parent_id = p.parent_id) THEN i.weight ELSE 0 END AS aligned
    FROM incentive i JOIN node p ON p.id = i.node_id LEFT JOIN node r ON r.id = i.rewards_id
    WHERE p.standing <> '{Standing.CANCELLED.value}')"""
_PLAN = "(SELECT n.id AS node_id, n.organization_id, n.sellers FROM node n WHERE n.level = 'SALES_PLAN')"


async def weights(db: BaseDBAsyncClient, viewer: Viewer, places: Places) -> dict[UUID, Weights]:
    """Incentive weight of the plans below each place that are not cancelled, and how much of it points there."""
    place, source, values = below(viewer, places, _INCENTIVE, "i")
    sql = f"""SELECT {place} AS place_id, CAST(SUM(i.weight) AS BIGINT) AS weight,
                     CAST(SUM(i.aligned) AS BIGINT) AS aligned {source}
              AND i.organization_id = :organization GROUP BY {place}"""
    found = await rows(db, sql, organization=viewer.organization_id, **values)
    return {row["place_id"]: Weights(row["weight"], row["aligned"]) for row in found}


async def logged(db: BaseDBAsyncClient, viewer: Viewer, period: Period) -> list[Logged]:
    """All activity of a period that the viewer sees, added by seller and plan."""
    sight, values = seen(viewer, "a.node_id")
    sql = f"""SELECT a.seller, a.node_id, n.stage, n.standing, COUNT(*) AS number, COUNT(a.minutes) AS timed,
                     CAST(COALESCE(SUM(a.minutes), 0) AS BIGINT) AS minutes
              FROM sales_activity a LEFT JOIN node n ON n.id = a.node_id
              WHERE a.organization_id = :organization AND a.month BETWEEN :first AND :last AND {sight}
              GROUP BY a.seller, a.node_id, n.stage, n.standing"""
    asked = {"organization": viewer.organization_id, "first": int(period.first), "last": int(period.last)}
    return [_logged(row) for row in await rows(db, sql, **asked, **values)]


def _logged(row: dict[str, Any]) -> Logged:
    decided = row["stage"] in _DECIDED and row["standing"] == Standing.ACTIVE.value
    return Logged(row["seller"] or "", row["node_id"], decided, row["number"], row["timed"], row["minutes"])


async def plans(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places
) -> dict[UUID, tuple[frozenset[UUID], frozenset[str]]]:
    """The sales plans below each place, and everyone who sells under them."""
    place, source, values = below(viewer, places, _PLAN, "p")
    sql = f"SELECT {place} AS place_id, p.node_id, p.sellers {source} AND p.organization_id = :organization"
    found: dict[UUID, tuple[set[UUID], set[str]]] = {}
    for row in await rows(db, sql, organization=viewer.organization_id, **values):
        ids, sellers = found.setdefault(row["place_id"], (set(), set()))
        ids.add(row["node_id"])
        sellers.update(row["sellers"])
    return {place_id: (frozenset(ids), frozenset(sellers)) for place_id, (ids, sellers) in found.items()}
