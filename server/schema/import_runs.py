"""Imports that were carried out, and saved mappings, as spoken."""

from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from server.domain.imports import ImportKind
from server.domain.refusals import not_found
from server.exchange import guessing
from server.exchange.report import ImportReport as Made
from server.models import imports
from server.schema import ids
from server.schema.connections import Connection, check_first, key_of
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.imports import ImportReport
from server.schema.node import Node, resolves
from server.schema.people import Person, person_of
from server.schema.scalars import Revision


@strawberry.type(description="What the columns of a kind of file mean, saved under a name: an import may name it.")
class ImportMapping(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    name: str = strawberry.field(description="Its name.")
    kind: ImportKind = strawberry.field(description="For which kind of file.")
    yaml: str = strawberry.field(description="The mapping.")

    @classmethod
    def of(cls, row: dict[str, Any]) -> "ImportMapping":
        """The mapping of a row."""
        same = {"revision": row["revision"], "name": row["name"], "kind": ImportKind(row["kind"])}
        return cls(id=ids.issue("mapping", row["id"]), yaml=row["document"]["yaml"], **same)


@strawberry.type(description="An import that was carried out, and changed something.")
class ImportRun(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The revision of the fact that ended it.")
    kind: ImportKind = strawberry.field(description="What the files came from.")
    file_name: str = strawberry.field(description="The names of its files.")
    hash: str = strawberry.field(description="SHA-256 of the mapping and the files.")
    at: datetime = strawberry.field(description="When.")
    row: strawberry.Private[dict[str, Any]]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "ImportRun":
        """The run of a row."""
        same = {name: row[name] for name in ("revision", "file_name", "hash", "at")}
        return cls(id=ids.issue("import", row["id"]), kind=ImportKind(row["kind"]), row=row, **same)

    @edge("Who imported.")
    async def by(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.row["by_id"])

    @edge("What it did; null for viewers who may not read money everywhere: it quotes the cells that were not taken.")
    def report(self, info: Info) -> ImportReport | None:
        """See the description."""
        return ImportReport.of(Made.restored(self.row["report"])) if info.context.viewer.reads_all_money else None


@strawberry.type(description="What a column of a sheet is taken to be.")
class ColumnGuess:
    """See the description."""

    header: str = strawberry.field(description="Its header.")
    meaning: str | None = strawberry.field(description="What it is taken to be; null: it is not used.")
    sure: str = strawberry.field(description="How sure that is: sure, likely or perhaps.")
    reason: str = strawberry.field(description="Why.")


@strawberry.type(description="A mapping to begin with: to be read, mended and confirmed by a person.")
class MappingGuess:
    """See the description."""

    yaml: str = strawberry.field(description="The mapping, with a comment for every column.")
    columns: list[ColumnGuess] = strawberry.field(description="The same column by column.")

    @classmethod
    def of(cls, guess: guessing.Guess) -> "MappingGuess":
        """The guess as the API shows it."""
        columns = [
            ColumnGuess(header=one.header, meaning=one.meaning, sure=one.sure, reason=one.reason)
            for one in guess.columns
        ]
        return cls(yaml=guess.yaml, columns=columns)


async def saved_mappings(context: Context) -> list[ImportMapping]:
    """Every saved mapping of the viewer's organization, by name."""
    return [ImportMapping.of(row) for row in await imports.mappings(context.db, context.viewer.organization_id)]


async def import_runs(context: Context, first: int, after: str | None) -> Connection[ImportRun]:
    """A page of the organization's imports, newest first."""
    key = key_of(after, int, UUID)
    whose = context.viewer.organization_id
    found = await imports.runs(context.db, whose, check_first(first) + 1, (key[0], key[1]) if key else None)
    items = [((row["revision"], str(row["id"])), ImportRun.of(row)) for row in found]
    return Connection[ImportRun].page(items, first, after, lambda: imports.runs_count(context.db, whose))


async def saved_mapping(info: Info, mapping_id: UUID) -> ImportMapping:
    """A mapping that was just saved."""
    row = await imports.row_of(info.context.db, "import_mapping", info.context.viewer.organization_id, mapping_id)
    if row is None:
        raise not_found("mapping")
    return ImportMapping.of(row)


@resolves("mapping")
async def _mapping_of(context: Context, mapping_id: UUID, _: bytes) -> ImportMapping | None:
    row = await imports.row_of(context.db, "import_mapping", context.viewer.organization_id, mapping_id)
    return ImportMapping.of(row) if row else None


@resolves("import")
async def _run_of(context: Context, run_id: UUID, _: bytes) -> ImportRun | None:
    row = await imports.row_of(context.db, "import_run", context.viewer.organization_id, run_id)
    return ImportRun.of(row) if row else None
