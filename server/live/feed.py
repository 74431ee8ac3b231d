"""Following the ledger after a revision: replay and go on live without a seam.

A ring says "look now", a poll covers a lost ring.
"""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any
from uuid import UUID

from server.live.bell import Bell
from server.models.database import reading, rows

POLL_SECONDS = 2.0  # a lost ring costs at most this (reliability: promise 8)
PAGE = 200  # entries read at a time, so that a slow reader never holds more than one page

_ENTRY = "id, revision, at, by_id, on_behalf_of_id, kind, sentence, thing, thing_id, node_id, changes"


async def newest_revision(organization_id: UUID) -> int:
    """The revision of the last committed fact."""
    found = await rows(reading(), "SELECT revision FROM organization WHERE id = :id", id=organization_id)
    return int(found[0]["revision"]) if found else 0


async def revision_before(organization_id: UUID, at: datetime) -> int:
    """The revision that stood at an instant; 0 where nothing had happened yet."""
    sql = """SELECT COALESCE(MAX(revision), 0) AS revision FROM ledger_entry
             WHERE organization_id = :organization AND at <= :at"""
    found = await rows(reading(), sql, organization=organization_id, at=at)
    return int(found[0]["revision"])


async def page_after(organization_id: UUID, after: int) -> list[dict[str, Any]]:
    """The next facts after a revision, oldest first.

    Order is commit order and gapless, so nothing can appear behind it later.
    """
    sql = f"""SELECT {_ENTRY} FROM ledger_entry
              WHERE organization_id = :organization AND revision > :after ORDER BY revision LIMIT :page"""
    return await rows(reading(), sql, organization=organization_id, after=after, page=PAGE)


async def follow(bell: Bell, organization_id: UUID, after: int) -> AsyncGenerator[list[dict[str, Any]], None]:
    """Every fact after a revision, in order, once, in pages; waits for more when there are none. Never ends by itself.

    Yields an empty page at every poll too, so that a follower can look at its own rights and clock.
    """
    async with bell.listen(organization_id) as rings:
        while True:
            page = await page_after(organization_id, after)
            if page:
                after = page[-1]["revision"]
            yield page
            if len(page) < PAGE:
                await rings.wait(timeout=POLL_SECONDS)
