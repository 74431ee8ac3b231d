"""Reading which milestones wait for which, and when each is to be expected: two statements for any number of them."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import Standing
from server.domain.dependencies import Projection, Step, projections
from server.domain.people import Viewer
from server.models.database import rows
from server.models.scope import seen

Graph = dict[UUID, set[UUID]]
# What the milestones of some measures wait for, however long the chain.
_CHAINS = """WITH RECURSIVE chain AS (
        SELECT d.milestone_id, d.awaits_id FROM milestone m JOIN milestone_dependency d ON d.milestone_id = m.id
        WHERE m.node_id IN :nodes
        UNION SELECT d.milestone_id, d.awaits_id FROM chain c JOIN milestone_dependency d
            ON d.milestone_id = c.awaits_id)
    SELECT milestone_id, awaits_id FROM chain"""


async def awaited(db: BaseDBAsyncClient, organization_id: UUID) -> Graph:
    """Which milestones each one waits for, in the whole organization: a chain may lead through any measure."""
    sql = "SELECT milestone_id, awaits_id FROM milestone_dependency WHERE organization_id = :organization"
    graph: Graph = {}
    for row in await rows(db, sql, organization=organization_id):
        graph.setdefault(row["milestone_id"], set()).add(row["awaits_id"])
    return graph


async def projected(
    db: BaseDBAsyncClient, organization_id: UUID, node_ids: Collection[UUID], today: date
) -> dict[UUID, Projection]:
    """When the milestones of these measures, and all that they wait for, are to be expected; by id."""
    graph: Graph = {}
    for row in await rows(db, _CHAINS, nodes=list(node_ids)):
        graph.setdefault(row["milestone_id"], set()).add(row["awaits_id"])
    linked = {*graph, *(each for group in graph.values() for each in group)}
    sql = """SELECT m.id, m.due, m.achieved_on, m.cancelled_reason, n.standing
             FROM milestone m JOIN node n ON n.id = m.node_id WHERE m.organization_id = :organization
             AND m.id IN (SELECT id FROM milestone WHERE node_id IN :nodes UNION SELECT id FROM milestone
                          WHERE id IN :linked)"""
    found = await rows(db, sql, organization=organization_id, nodes=list(node_ids), linked=list(linked))
    return projections({row["id"]: _step(row) for row in found}, graph, today)


def _step(row: dict[str, Any]) -> Step:
    given_up = row["cancelled_reason"] is not None or row["standing"] == Standing.CANCELLED
    return Step(row["id"], row["due"], row["achieved_on"], given_up)


async def names(db: BaseDBAsyncClient, viewer: Viewer, milestone_ids: Collection[UUID]) -> dict[UUID, str]:
    """How milestones are called, of those that the viewer sees."""
    sight, values = seen(viewer, "node_id")
    sql = f"SELECT id, name FROM milestone WHERE id IN :ids AND organization_id = :organization AND {sight}"
    found = await rows(db, sql, organization=viewer.organization_id, ids=list(milestone_ids), **values)
    return {row["id"]: row["name"] for row in found}
