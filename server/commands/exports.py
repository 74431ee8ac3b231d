"""`stageline export …`: what boards, calendars and other systems want."""

from pathlib import Path
from typing import Annotated

import typer

from server import app as application
from server.api.packs import board_pack
from server.api.strategies import strategy
from server.commands.running import DataDir, out, run, settings_of, stop
from server.exchange import command as exchange
from server.exchange import everything

exports = typer.Typer(help="Take out what boards, calendars and other systems want.", no_args_is_help=True)


@exports.command(name="strategy")
def export_strategy(
    email: Annotated[str, typer.Option("--as", help="Whose file it is: what they see and read is in it.")],
    under: Annotated[str, typer.Option(help="The id of an objective.")],
    part: Annotated[int, typer.Option(help="1: the plan; 2: with indicators, targets and results.")] = 2,
    to: Annotated[Path | None, typer.Option("--out", help="File to write; default: named after the objective.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Write an objective with all below it as StratML (ISO 17469)."""

    async def made() -> tuple[str, bytes]:
        at = application.now()
        return await strategy(await exchange.person(email, at), under, part, at)

    _save(run(settings_of(data_dir), made), to)


@exports.command(name="board-pack")
def export_board_pack(
    email: Annotated[str, typer.Option("--as", help="Whose pack it is: what they see and read is in it.")],
    under: Annotated[str, typer.Option(help="The id of a node; default: the whole organization.")] = "organization",
    form: Annotated[str, typer.Option("--format", help="xlsx, pptx or pdf.")] = "xlsx",
    as_of: Annotated[str, typer.Option(help="A revision, a day or a time; default: as things stand.")] = "",
    first: Annotated[str, typer.Option("--from", help="First month, as 2026-01; default: the fiscal year's.")] = "",
    last: Annotated[str, typer.Option("--to", help="Last month.")] = "",
    since: Annotated[str, typer.Option(help="Since which day it tells what changed.")] = "",
    to: Annotated[Path | None, typer.Option("--out", help="File to write; default: named after the place.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Write the board pack of a node or the organization, as of any date: figures, charts, findings, decisions."""
    asked = {"asOf": as_of, "from": first, "to": last, "since": since}

    async def made() -> tuple[str, bytes]:
        at = application.now()
        return await board_pack(await exchange.person(email, at), under, form, asked, at)

    _save(run(settings_of(data_dir), made), to)


def _save(file: tuple[str, bytes], to: Path | None) -> None:
    """Write a file that was made, and say so."""
    name, body = file
    path = to or Path(name)
    try:
        path.write_bytes(body)
    except OSError as error:
        stop(f"{path} cannot be written: {error.strerror}. Choose another file with --out.")
    out.print(f"{path}: {len(body):,} bytes.", markup=False, highlight=False)


@exports.command(name="all")
def export_all(
    folder: Annotated[Path, typer.Argument(help="Where the files go.", file_okay=False)],
    email: Annotated[str, typer.Option("--as", help="Who exports: what they see and read is in it.")],
    data_dir: DataDir = None,
) -> None:
    """Write everything as CSV and as JSON Lines, with a README.txt that explains every column. No lock-in."""

    async def written() -> str:
        at = application.now()
        return await everything.into_folder(await exchange.person(email, at), folder, at)

    out.print(run(settings_of(data_dir), written), markup=False, highlight=False)
