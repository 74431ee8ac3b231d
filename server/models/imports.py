"""What an organization keeps of its imports: the mappings it saved and the runs it made, stored."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient

from server.models.database import rows
from server.models.past import Past
from server.models.row import Thing, refers_to

_LAST = 2**63 - 1


class ImportMapping(Thing):
    """What the columns of a kind of file mean, saved under a name. `document` is what its YAML says."""

    name = fields.CharField(max_length=200)
    kind = fields.CharField(max_length=16)
    document: fields.Field[dict[str, Any]] = fields.JSONField()

    class Meta:
        table = "import_mapping"
        unique_together = (("organization", "name"),)


class ImportRun(Thing):
    """An import that was carried out: which file, when, by whom, and its report."""

    kind = fields.CharField(max_length=16)
    file_name = fields.CharField(max_length=300)
    hash = fields.CharField(max_length=64)
    by = refers_to("Person")
    by_id: UUID
    at = fields.DatetimeField()
    report: fields.Field[dict[str, Any]] = fields.JSONField()

    class Meta:
        table = "import_run"


async def mappings(db: BaseDBAsyncClient, organization_id: UUID) -> list[dict[str, Any]]:
    """Every saved mapping, by name; in the past those that stand now as they stood then."""
    sql = """SELECT * FROM import_mapping WHERE organization_id = :organization AND revision <= :until ORDER BY name"""
    return await rows(db, sql, organization=organization_id, until=_until(db))


async def runs(
    db: BaseDBAsyncClient, organization_id: UUID, first: int, after: tuple[int, UUID] | None
) -> list[dict[str, Any]]:
    """Up to `first` imports that were carried out, newest first, behind the one with this revision and id."""
    beyond = "AND (revision < :revision OR (revision = :revision AND id < :id))" if after else ""
    sql = f"""SELECT id, revision, kind, file_name, hash, by_id, at, report FROM import_run
              WHERE organization_id = :organization AND revision <= :until {beyond}
              ORDER BY revision DESC, id DESC LIMIT :first"""
    values = {"revision": after[0], "id": after[1]} if after else {}
    return await rows(db, sql, organization=organization_id, until=_until(db), first=first, **values)


async def runs_count(db: BaseDBAsyncClient, organization_id: UUID) -> int:
    """How many imports were carried out."""
    sql = "SELECT COUNT(*) AS total FROM import_run WHERE organization_id = :organization AND revision <= :until"
    return int((await rows(db, sql, organization=organization_id, until=_until(db)))[0]["total"])


async def row_of(db: BaseDBAsyncClient, table: str, organization_id: UUID, row_id: UUID) -> dict[str, Any] | None:
    """One row of either table."""
    sql = f"SELECT * FROM {table} WHERE id = :id AND organization_id = :organization"
    found = await rows(db, sql, id=row_id, organization=organization_id)
    return found[0] if found else None


def _until(db: BaseDBAsyncClient) -> int:
    """The last revision to be seen: neither table has a history, and runs never change."""
    return db.revision if isinstance(db, Past) else _LAST
