"""Uploaded files, as spoken: what they are, and where their bytes are to be had."""

from typing import Any
from uuid import UUID

import strawberry
from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.people import Viewer
from server.models.database import rows
from server.models.scope import seen
from server.schema import ids
from server.schema.context import Context

PLACE = "/files"


@strawberry.type(description="A file that backs evidence.")
class File:
    """See the description."""

    id: strawberry.ID = strawberry.field(description="Opaque, unique in this deployment, and stable for ever.")
    name: str = strawberry.field(description="Its name.")
    media_type: str = strawberry.field(description="What it is said to be, as in `application/pdf`.")
    size: int = strawberry.field(description="How many bytes it has.")
    sha256: str = strawberry.field(
        description="The SHA-256 of its bytes in hexadecimal digits, as it stands in the ledger."
    )
    href: str = strawberry.field(description="Where to GET it, on this server, signed in as who sees the evidence.")

    @classmethod
    def of(cls, row: dict[str, Any]) -> "File":
        """The file of a row."""
        file_id = ids.issue("file", row["id"])
        same = {name: row[name] for name in ("name", "media_type", "size")}
        return cls(id=file_id, sha256=row["hash"], href=f"{PLACE}/{file_id}", **same)


async def file_rows(context: Context, file_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Files of the viewer's organization, which stand in evidence that the viewer sees."""
    sql = "SELECT * FROM stored_file WHERE organization_id = :organization AND id IN :ids"
    found = await rows(context.db, sql, organization=context.viewer.organization_id, ids=file_ids)
    return {row["id"]: row for row in found}


async def file_in_sight(db: BaseDBAsyncClient, viewer: Viewer, file_id: UUID) -> dict[str, Any] | None:
    """A file, if the viewer sees evidence that it backs, or uploaded it."""
    sight, values = seen(viewer, "e.node_id")
    sql = f"""SELECT f.* FROM stored_file f WHERE f.id = :id AND f.organization_id = :organization AND (
                (f.by_id = :viewer AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.file_id = f.id))
                OR EXISTS (SELECT 1 FROM evidence e WHERE e.file_id = f.id AND {sight}))"""
    values |= {"id": file_id, "organization": viewer.organization_id, "viewer": viewer.person_id}
    found = await rows(db, sql, **values)
    return found[0] if found else None
