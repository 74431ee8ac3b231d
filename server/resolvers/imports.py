"""Importing uploaded files."""

from collections import Counter
from typing import Annotated

import strawberry
from starlette.datastructures import UploadFile
from strawberry.file_uploads import Upload

from server.domain.imports import ImportKind
from server.domain.refusals import RefusalCode, Refused, invalid
from server.exchange.importing import import_files
from server.resolvers.inputs import Retryable, result
from server.schema import ids
from server.schema.context import Info
from server.schema.imports import ImportReport
from server.schema.refusals import Refusal, mutation


@strawberry.input(description="Files to import and what they mean. Sent as GraphQL multipart request.")
class ImportFileInput(Retryable):
    """See the description."""

    kind: ImportKind = strawberry.field(description="What the files come from.")
    files: list[Upload] = strawberry.field(description="The files, each found by its file name: CSV or XLSX.")
    mapping: str = strawberry.field(
        default="",
        description="What the columns mean: YAML, as docs/import-crm.md and the others have it; none of a strategy.",
    )
    under: strawberry.ID | None = strawberry.field(
        default=None,
        description="Of a strategy: the objective that stands for the plan; left out, the plan becomes one itself.",
    )
    dry_run: bool = strawberry.field(default=False, description="Do all of it, report, and undo it.")


ImportFileResult = Annotated[ImportReport | Refusal, result("ImportFileResult")]


@strawberry.type
class ImportMutation:
    """Importing."""

    @mutation("Import files: all of it in one change, or nothing. The same files again change nothing.")
    async def import_file(self, info: Info, input: ImportFileInput) -> ImportFileResult:  # noqa: A002 — Relay's word
        """See the description."""
        context = info.context
        viewer = context.viewer
        files = await _read(input.files)
        report = await import_files(
            viewer,
            files,
            input.mapping,
            at=context.at,
            kind=input.kind,
            under=ids.expect("node", input.under, "under") if input.under else None,
            key=input.idempotency_key,
            dry_run=input.dry_run,
        )
        await context.renew()
        return ImportReport.of(report)


async def _read(uploads: list[Upload]) -> dict[str, bytes]:
    """The uploads by name. Raises INVALID for what is no file, has no name, or has another's."""
    files = [upload for upload in uploads if isinstance(upload, UploadFile)]
    if not files or len(files) < len(uploads):
        raise invalid("Send at least one file, and files only, as a GraphQL multipart request.", "files")
    names = [file.filename or "" for file in files]
    wrong = [f"Two files are called “{name}”. Rename one." for name, times in Counter(names).items() if times > 1]
    wrong += ["A file came without a name. The mapping finds files by name."] if "" in names else []
    if wrong:
        raise Refused(RefusalCode.INVALID, wrong[0], ["files"], wrong)
    return {name: await file.read() for name, file in zip(names, files, strict=True)}
