"""`stageline import …`: what other systems export."""

import sys
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated

import typer

from server import app as application
from server.commands.running import DataDir, out, run, settings_of, stop
from server.domain.imports import ImportKind
from server.domain.refusals import Refused
from server.exchange import command as exchange
from server.exchange import strategy_command
from server.exchange.report import ImportReport
from server.schema import ids

imports = typer.Typer(help="Bring in what other systems export.", no_args_is_help=True)


Importer = Annotated[str, typer.Option("--as", help="Who imports: their rights count.")]
DryRun = Annotated[bool, typer.Option(help="Do everything, report, and undo it.")]
Mapping = Annotated[Path, typer.Option(help="What the columns mean: YAML; see docs/.", exists=True, dir_okay=False)]
Source = Annotated[Path, typer.Argument(help="A file, or the folder of all files.", exists=True)]


def _import(kind: ImportKind, source: Path, mapping: Path, email: str, data_dir: Path | None, *, dry_run: bool) -> None:
    def importing() -> Awaitable[ImportReport]:
        at = application.now()
        return exchange.import_path(source, mapping, email, kind=kind, dry_run=dry_run, at=at)

    exchange.show(run(settings_of(data_dir), importing), out)


@imports.command(name="crm")
def import_crm(
    folder: Source, mapping: Mapping, email: Importer, dry_run: DryRun = False, data_dir: DataDir = None
) -> None:
    """Import a CRM's extract: all of it or nothing, twice without harm."""
    _import(ImportKind.CRM, folder, mapping, email, data_dir, dry_run=dry_run)


@imports.command(name="tracker")
def import_tracker(
    source: Source, mapping: Mapping, email: Importer, dry_run: DryRun = False, data_dir: DataDir = None
) -> None:
    """Import a sheet of initiatives with their plan and actuals; see docs/import-tracker.md."""
    _import(ImportKind.TRACKER, source, mapping, email, data_dir, dry_run=dry_run)


@imports.command(name="targets")
def import_targets(
    source: Source, mapping: Mapping, email: Importer, dry_run: DryRun = False, data_dir: DataDir = None
) -> None:
    """Import quota by person or segment, and month; see docs/import-targets.md."""
    _import(ImportKind.TARGETS, source, mapping, email, data_dir, dry_run=dry_run)


@imports.command(name="guess")
def guess_(
    file: Annotated[Path, typer.Argument(help="The sheet: CSV or XLSX.", exists=True, dir_okay=False)],
    kind: Annotated[str, typer.Option(help="tracker or targets.")] = "tracker",
) -> None:
    """Print a mapping guessed from a sheet's headers and cells: read it, mend it, and try it with --dry-run."""
    try:
        sys.stdout.write(exchange.guess(file, kind))
    except Refused as refused:
        stop(refused.message)


@imports.command(name="strategy")
def import_strategy(
    files: Annotated[list[Path], typer.Argument(help="StratML, Part 1 or Part 2.", exists=True, dir_okay=False)],
    email: Annotated[str, typer.Option("--as", help="Who imports: their rights count.")],
    under: Annotated[str, typer.Option(help="The id of the objective that stands for the plan.")] = "",
    dry_run: Annotated[bool, typer.Option(help="Do everything, report, and undo it.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Import strategic plans: goals become objectives, with what they are measured by; twice without harm."""
    strategy_command.show(_plans(files, email, ImportKind.STRATEGY, None, under, dry_run, data_dir), out)


@imports.command(name="indicators")
def import_indicators(
    files: Annotated[list[Path], typer.Argument(help="CSV, XLSX or JSON.", exists=True, dir_okay=False)],
    mapping: Annotated[
        Path, typer.Option(help="What its columns mean; see docs/import-indicators.md.", exists=True, dir_okay=False)
    ],
    email: Annotated[str, typer.Option("--as", help="Who imports: their rights count.")],
    under: Annotated[str, typer.Option(help="The id of the objective that all of it goes under.")] = "",
    dry_run: Annotated[bool, typer.Option(help="Do everything, report, and undo it.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Import what objectives are measured by: targets and readings by period; twice without harm."""
    strategy_command.show(_plans(files, email, ImportKind.INDICATORS, mapping, under, dry_run, data_dir), out)


def _plans(
    files: list[Path], email: str, kind: ImportKind, mapping: Path | None, under: str, dry_run: bool, data_dir: DataDir
) -> ImportReport:
    async def made() -> ImportReport:
        place = ids.expect("node", under, "under") if under else None
        at = application.now()
        bring = strategy_command.import_plans
        return await bring(files, email, kind=kind, mapping=mapping, under=place, dry_run=dry_run, at=at)

    return run(settings_of(data_dir), made)
