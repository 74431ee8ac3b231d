"""What happened after a revision, as the ledger has it: for who keeps answers, and not for anybody's eyes."""

from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.models.database import rows


async def facts_since(db: BaseDBAsyncClient, organization_id: UUID, revision: int) -> list[dict[str, Any]]:
    """The facts after a revision, in order: `revision`, `kind`, `node_id` and `changes`. One statement."""
    sql = """SELECT revision, kind, node_id, changes FROM ledger_entry
             WHERE organization_id = :organization AND revision > :revision ORDER BY revision"""
    return await rows(db, sql, organization=organization_id, revision=revision)
