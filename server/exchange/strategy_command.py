"""`stageline import strategy` and `stageline import indicators`: files, who imports, and where to."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.markup import escape

from server.domain.imports import ImportKind
from server.exchange import command
from server.exchange.importing import import_files
from server.exchange.report import ImportReport, spoken


async def import_plans(
    files: Sequence[Path],
    email: str,
    *,
    kind: ImportKind,
    mapping: Path | None,
    under: UUID | None,
    dry_run: bool,
    at: datetime,
) -> ImportReport:
    """Import strategies or indicators with the rights of who signs in as `email`, under an objective.

    Raises `Refused`; OSError where a file cannot be read.
    """
    viewer = await command.person(email, at)
    read = {path.name: path.read_bytes() for path in files}
    text = command.text_of(mapping) if mapping else ""
    with command.bar() as told:
        return await import_files(viewer, read, text, at=at, kind=kind, under=under, dry_run=dry_run, progress=told)


def show(report: ImportReport, out: Console) -> None:
    """Print a report: what was mended and what is unknown, then as of every import."""
    for title, faults in (("Mended", report.repaired), ("Unknown, which is not zero", report.unknown)):
        if faults:
            out.print(f"[bold]{title}[/bold]", highlight=False)
            for fault in faults:
                out.print(f"  {escape(spoken(fault))}", highlight=False)
    command.show(report, out)
