"""Importing uploaded files."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry
from starlette.datastructures import UploadFile
from strawberry.file_uploads import Upload

from server.actions.mappings import save_import_mapping
from server.actions.standing import refusal
from server.domain.imports import ImportKind
from server.domain.refusals import RefusalCode, Refused, invalid
from server.domain.rights import standing_at
from server.exchange.checking import check_mapping
from server.exchange.guessing import guess_mapping
from server.exchange.importing import import_files
from server.exchange.progress import follow, followed
from server.exchange.room import Room
from server.exchange.tables import MAX_BYTES, too_large
from server.resolvers.inputs import Retryable, result
from server.schema import ids
from server.schema.context import Context, Info
from server.schema.fields import edge, subscription
from server.schema.import_runs import ImportMapping, MappingGuess, saved_mapping, saved_mappings
from server.schema.imports import ImportProgress, ImportReport
from server.schema.refusals import Refusal, change, mutation

_room = Room()


@strawberry.input(description="Files to import and what they mean. Sent as GraphQL multipart request.")
class ImportFileInput(Retryable):
    """See the description."""

    kind: ImportKind = strawberry.field(description="What the files come from.")
    files: list[Upload] = strawberry.field(description="The files, each found by its file name: CSV or XLSX.")
    mapping: str = strawberry.field(
        default="",
        description="What the columns mean: YAML, as docs/import-crm.md and the others have it; none of a strategy.",
    )
    saved: str | None = strawberry.field(default=None, description="The name of a saved mapping, instead of mapping.")
    under: strawberry.ID | None = strawberry.field(
        default=None,
        description="Of a strategy: the objective that stands for the plan; left out, the plan becomes one itself.",
    )
    dry_run: bool = strawberry.field(default=False, description="Do all of it, report, and undo it.")


@strawberry.input(description="A mapping to keep under a name; one that has the name is replaced.")
class SaveImportMappingInput(Retryable):
    """See the description."""

    name: str = strawberry.field(description="The name.")
    kind: ImportKind = strawberry.field(description="For which kind of file.")
    yaml: str = strawberry.field(description="The mapping; refused with all its faults where it does not hold.")


SaveImportMappingResult = Annotated[ImportMapping | Refusal, result("SaveImportMappingResult")]
ImportFileResult = Annotated[ImportReport | Refusal, result("ImportFileResult")]


@strawberry.type
class ImportMutation:
    """Importing."""

    @mutation("Import files: all of it in one change, or nothing. The same files again change nothing.")
    async def import_file(self, info: Info, input: ImportFileInput) -> ImportFileResult:  # noqa: A002 — Relay's word
        """See the description."""
        context, key = info.context, input.idempotency_key
        async with followed(context.viewer, key, context.at) as progress, _room.taken(_size(input.files)):
            report = await import_files(
                context.viewer,
                await _read(input.files),
                await _mapping(context, input),
                at=context.at,
                kind=input.kind,
                under=ids.expect("node", input.under, "under") if input.under else None,
                key=key,
                dry_run=input.dry_run,
                progress=progress,
            )
        await context.renew()
        return ImportReport.of(report)

    @mutation("Keep a mapping under a name, so that imports can name it.")
    async def save_import_mapping(
        self,
        info: Info,
        input: SaveImportMappingInput,  # noqa: A002 — Relay's word
    ) -> SaveImportMappingResult:
        """See the description."""
        check_mapping(input.kind, input.yaml)
        key, kind = input.idempotency_key, input.kind
        return await change(
            info, save_import_mapping, saved_mapping, key, name=input.name, kind=kind, document=input.yaml
        )


@strawberry.type
class ImportQuery:
    """Imports, before they are made."""

    @edge("A mapping guessed from a sheet's headers and cells, to be confirmed; for those who may import.")
    async def guess_mapping(
        self,
        info: Info,
        file: Annotated[Upload, strawberry.argument(description="The sheet, sent as GraphQL multipart request.")],
        kind: Annotated[ImportKind, strawberry.argument(description="TRACKER or TARGETS.")],
    ) -> MappingGuess:
        """See the description."""
        _check(info.context, "This sheet")
        async with _room.taken(_size([file])):
            ((name, data),) = (await _read([file])).items()
            return MappingGuess.of(await asyncio.to_thread(guess_mapping, name, data, kind))


@strawberry.type
class ImportSubscription:
    """Imports while they run."""

    @subscription(
        "How far an import of the viewer's own has come: now, and again as it goes on; it completes when the import "
        "has ended. Choose an idempotency key, follow it, then send `importFile` with it. Another person's import, one "
        "under another key and one never sent are all WAITING. It is kept for a day, and for those who may import."
    )
    async def import_progress(
        self,
        info: Info,
        idempotency_key: Annotated[
            str, strawberry.argument(description="The key that the import is, or will be, sent under.")
        ],
    ) -> AsyncGenerator[ImportProgress, None]:
        """See the description."""
        context = info.context
        _check(context, "This import")
        async with aclosing(follow(context.viewer.person_id, idempotency_key)) as states:
            async for state in states:
                await context.renew()
                _check(context, "This import")
                yield ImportProgress.of(state)


def _check(context: Context, what: str) -> None:
    """Refuse who may not import at all."""
    refused = refusal("importFile", standing_at(context.viewer, frozenset()), what)
    if refused:
        raise refused


async def _mapping(context: Context, asked: ImportFileInput) -> str:
    """The mapping of an import: as written, or the saved one of that name and kind."""
    if asked.saved is None:
        return asked.mapping
    if asked.mapping:
        raise invalid("Give mapping or saved, one of them.", "saved")
    known = [one for one in await saved_mappings(context) if one.kind is asked.kind]
    found = next((one for one in known if one.name == asked.saved), None)
    if found is None:
        names = ", ".join(one.name for one in known) or "none"
        raise invalid(
            f"No mapping for {asked.kind.spoken} is saved as “{asked.saved[:80]}”; there is: {names}.", "saved"
        )
    return found.yaml


def _size(uploads: list[Upload]) -> int:
    """How many bytes the uploads are."""
    return sum(upload.size or 0 for upload in uploads if isinstance(upload, UploadFile))


async def _read(uploads: list[Upload]) -> dict[str, bytes]:
    """The uploads by name. Raises INVALID for what is no file, is too large, has no name, or has another's."""
    files = [upload for upload in uploads if isinstance(upload, UploadFile)]
    if not files or len(files) < len(uploads):
        raise invalid("Send at least one file, and files only, as a GraphQL multipart request.", "files")
    for file in files:
        if (file.size or 0) > MAX_BYTES:
            raise too_large(file.filename or "A file")
    names = [file.filename or "" for file in files]
    wrong = [f"Two files are called “{name}”. Rename one." for name, times in Counter(names).items() if times > 1]
    wrong += ["A file came without a name. The mapping finds files by name."] if "" in names else []
    if wrong:
        raise Refused(RefusalCode.INVALID, wrong[0], ["files"], wrong)
    return {name: await file.read() for name, file in zip(names, files, strict=True)}
