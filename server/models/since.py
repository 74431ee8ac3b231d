"""What happened after a revision, as the ledger has it: for who keeps answers, and not for anybody's eyes."""

from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.people import Viewer
from server.models.database import rows
from server.models.scope import seen


async def facts_since(db: BaseDBAsyncClient, viewer: Viewer, revision: int) -> list[dict[str, Any]]:
    """The facts after a revision, in order: `revision`, `kind`, `node_id`, `changes`, and whether the node is seen.

    One statement.
    """
    sight, scope = seen(viewer, "node_id")
    sql = f"""SELECT revision, kind, node_id, changes, CASE WHEN {sight} THEN 1 ELSE 0 END AS in_sight
              FROM ledger_entry WHERE organization_id = :organization AND revision > :revision ORDER BY revision"""
    return await rows(db, sql, organization=viewer.organization_id, revision=revision, **scope)
