"""`stageline import …`: files and a mapping, with a bar while it runs and a report at the end."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from server.domain.imports import ImportKind, ImportPhase
from server.domain.people import Viewer
from server.domain.refusals import RefusalCode, Refused
from server.exchange import importing
from server.exchange.guessing import guess_mapping
from server.exchange.progress import Progress as Reported
from server.exchange.report import ImportReport, spoken
from server.exchange.tables import MAX_BYTES, RowFault, too_large
from server.models.database import reading, rows
from server.models.viewers import viewer_of

_SHOWN = 5  # rows of one reason for having no plan
_MOST = 200  # cells that are not known, one by one


async def import_path(
    source: Path, mapping: Path, email: str, *, kind: ImportKind, dry_run: bool, at: datetime
) -> ImportReport:
    """Import a file, or what lies in a folder, with the rights of the person who signs in as `email`.

    Raises `Refused`, also where nobody does, and for a file beyond the limit before it is read; OSError where a file
    cannot be read.
    """
    viewer = await person(email, at)
    files = {path.name: path.read_bytes() for path in _files(source)}
    with bar() as told:
        return await importing.import_files(
            viewer, files, text_of(mapping), at=at, kind=kind, dry_run=dry_run, progress=told
        )


def _files(source: Path) -> list[Path]:
    every = sorted(source.iterdir()) if source.is_dir() else [source]
    files = [path for path in every if path.is_file() and not path.name.startswith(".")]
    for path in files:
        if path.stat().st_size > MAX_BYTES:
            raise too_large(path.name)
    return files


def guess(file: Path, kind: str) -> str:
    """A mapping to begin with, as YAML. Raises `Refused`, also for a kind of which nothing is guessed."""
    known = {one.value.lower(): one for one in ImportKind}
    if kind.lower() not in known:
        raise Refused(RefusalCode.INVALID, f"“{kind}” is no kind of import: write tracker or targets.", ["kind"])
    (path,) = _files(file)
    return guess_mapping(path.name, path.read_bytes(), known[kind.lower()]).yaml


def text_of(file: Path) -> str:
    """The text of a file that people write. Raises `Refused` (INVALID) where it is no UTF-8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(RefusalCode.INVALID, f"{file} is not UTF-8 text. Save it as UTF-8.", ["mapping"]) from error


async def person(email: str, at: datetime) -> Viewer:
    """Who signs in with an email address. Raises `Refused` (NOT_FOUND) where nobody does."""
    found = await rows(reading(), "SELECT id FROM person WHERE LOWER(email) = :email", email=email.strip().lower())
    viewer = await viewer_of(reading(), found[0]["id"], at) if found else None
    if viewer is None:
        raise Refused(RefusalCode.NOT_FOUND, f"Nobody here signs in as {email}. Name who acts with --as EMAIL.")
    return viewer


@contextmanager
def bar() -> Iterator[Reported]:
    """A bar for the rows read, and one for what is written. On standard error, so that the report can be piped."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as shown:
        reading = shown.add_task("Reading", total=None)
        writing = shown.add_task("Writing", total=None, visible=False)

        def told(phase: ImportPhase, done: int, total: int | None) -> None:
            if phase is ImportPhase.WRITING:
                shown.update(writing, completed=done, total=total, visible=True)
            else:
                shown.update(reading, completed=done, total=total)

        yield told


def show(report: ImportReport, out: Console) -> None:
    """Print a report: how files were read, nodes made, orphans by reason, every row not taken, and the sentence."""

    def lines(title: str, told: list[str]) -> None:
        if told:
            out.print(f"[bold]{title}[/bold]", highlight=False)
            for line in told:
                out.print(f"  {escape(line)}", highlight=False)

    lines("Files", list(report.notes))
    lines("Nodes that would be made" if report.dry_run else "Nodes made", list(report.nodes_made))
    lines("Deals kept without a plan", _by_reason(report.kept_without_plan))
    lines("Cells that are not known", [spoken(fault) for fault in report.unknown[:_MOST]])
    lines("Totals left out", [spoken(fault) for fault in report.left_out])
    lines("Rows not taken", [spoken(fault) for fault in report.not_taken])
    out.print(escape(report.sentence), highlight=False)


def _by_reason(orphans: Iterable[RowFault]) -> list[str]:
    """One line for each reason, with the first rows: a mapping without plans gives the same one to every deal."""
    rows_of: dict[str, list[str]] = {}
    for one in orphans:
        rows_of.setdefault(one.reason, []).append(f"{one.file} line {one.line}")
    told = []
    for reason, places in rows_of.items():
        rest = f" and {len(places) - _SHOWN:,} more" if len(places) > _SHOWN else ""
        told.append(f"{', '.join(places[:_SHOWN])}{rest}: {reason}")
    return told
