"""Reading the evidence of a measure as a submission keeps it: what was there when it was handed in (law §2)."""

from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.models.database import rows

_EVIDENCE = """SELECT m.name AS milestone_name, e.source, e.date, e.reading, e.url, f.name AS file_name, f.hash
    FROM evidence e LEFT JOIN milestone m ON m.id = e.milestone_id LEFT JOIN stored_file f ON f.id = e.file_id
    WHERE e.node_id = :node ORDER BY e.id"""


async def evidence(db: BaseDBAsyncClient, node_id: UUID) -> list[tuple[str, str]]:
    """Every piece of evidence of a measure and its milestones, oldest first: what it backs, and what it is."""
    return [(_backs(row), _told(row)) for row in await rows(db, _EVIDENCE, node=node_id)]


def _backs(row: dict[str, Any]) -> str:
    return f"Evidence of “{row['milestone_name']}”" if row["milestone_name"] else "Evidence"


def _told(row: dict[str, Any]) -> str:
    parts = (
        f"reading {row['reading']}" if row["reading"] else None,
        row["url"],
        f"“{row['file_name']}”, SHA-256 {row['hash']}" if row["hash"] else None,
    )
    return f"{row['source']}, {row['date']}: {', '.join(part for part in parts if part)}"
