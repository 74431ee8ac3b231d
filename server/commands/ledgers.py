"""`stageline ledger …`: proving and exporting."""

from pathlib import Path
from typing import Annotated

import typer

from server.commands.running import DataDir, Organization, err, out, run, settings_of
from server.exchange import ledger as ledger_files
from server.live.proof import proofs

ledgers = typer.Typer(help="Prove that no entry of a ledger was altered.", no_args_is_help=True)


@ledgers.command()
def verify(organization: Organization = None, data_dir: DataDir = None) -> None:
    """Prove that every entry is there, in order and unaltered; exit code 1 and the first fault where not."""
    found = run(settings_of(data_dir), lambda: proofs(organization))
    for name, proof in found:
        out.print(f"{name}: {proof.sentence} Head: {proof.head}", markup=False, highlight=False)
    if not all(proof.sound for _, proof in found):
        raise typer.Exit(1)


@ledgers.command()
def export(
    organization: Organization = None,
    to: Annotated[Path | None, typer.Option("--out", help="File to write; default: standard output.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Write a ledger as JSON Lines, an entry a line and the proof last; docs/verify_ledger.py verifies it."""
    told = run(settings_of(data_dir), lambda: ledger_files.export(organization, to))
    err.print(told, markup=False, highlight=False)
