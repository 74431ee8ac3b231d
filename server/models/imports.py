"""What an organization keeps of its imports: mappings, runs, and for a day how far those under way have come."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.imports import ImportPhase, ImportState
from server.models.database import change, rows
from server.models.past import Past
from server.models.row import Row, Thing, new_id, refers_to

_LAST = 2**63 - 1
_FOLLOWED = timedelta(hours=24)


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


class ImportProgress(Row):
    """How far an import has come, for followers in other processes. `beat` counts on for as long as it is alive."""

    person = refers_to("Person")
    person_id: UUID
    key = fields.CharField(max_length=200)
    phase = fields.CharField(max_length=10)
    done = fields.BigIntField()
    total = fields.BigIntField(null=True)
    beat = fields.BigIntField()
    at = fields.DatetimeField()

    class Meta:
        table = "import_progress"
        unique_together = (("person", "key"),)


async def keep_progress(
    db: BaseDBAsyncClient, organization_id: UUID, person_id: UUID, key: str, state: ImportState, beat: int, at: datetime
) -> None:
    """Say how far an import has come that began `at`; `db` is no transaction of the import's own."""
    sql = """INSERT INTO import_progress (id, organization_id, person_id, key, phase, done, total, beat, at)
             VALUES (:id, :organization, :person, :key, :phase, :done, :total, :beat, :at)
             ON CONFLICT (person_id, key) DO UPDATE SET phase = excluded.phase, done = excluded.done,
             total = excluded.total, beat = excluded.beat, at = excluded.at"""
    told = {"phase": state.phase.value, "done": state.done, "total": state.total, "beat": beat, "at": at}
    await change(db, sql, id=new_id(), organization=organization_id, person=person_id, key=key, **told)


async def forget_progress(db: BaseDBAsyncClient, person_id: UUID, at: datetime) -> None:
    """Let go of what a person imported more than a day before."""
    await change(
        db, "DELETE FROM import_progress WHERE person_id = :person AND at < :before", person=person_id,
        before=at - _FOLLOWED,
    )  # fmt: skip


async def known_progress(db: BaseDBAsyncClient, person_id: UUID, key: str) -> tuple[ImportState, int] | None:
    """How far the import has come that a person sent under a key, and its beat."""
    sql = "SELECT phase, done, total, beat FROM import_progress WHERE person_id = :person AND key = :key"
    for row in await rows(db, sql, person=person_id, key=key):
        return ImportState(ImportPhase(row["phase"]), row["done"], row["total"]), row["beat"]
    return None


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
