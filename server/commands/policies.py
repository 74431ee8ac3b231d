"""`stageline policy …`: policies as files."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from server import app as application
from server.commands.running import DataDir, Organization, out, run, settings_of, stop
from server.domain.refusals import Refused
from server.exchange import policy_command
from server.exchange.policy_docs import criteria_table
from server.exchange.policy_templates import PolicyTemplate, template

policies = typer.Typer(help="Policies as files: check, export, draft.", no_args_is_help=True)
PolicyFile = Annotated[Path, typer.Argument(help="Its YAML; see docs/policy.md.", exists=True, dir_okay=False)]


@policies.command(name="template")
def template_(which: Annotated[str, typer.Argument(help="lean, standard or audit-grade.")]) -> None:
    """Print a policy that ships ready."""
    known = {each.value.lower().replace("_", "-"): each for each in PolicyTemplate}
    if which not in known:
        stop(f"There is no ready policy “{which}”. Known: {', '.join(known)}.")
    sys.stdout.write(template(known[which]))


@policies.command()
def criteria() -> None:
    """Print the catalogue of criteria as the table of docs/policy.md."""
    sys.stdout.write(criteria_table() + "\n")


@policies.command()
def check(file: PolicyFile) -> None:
    """Find every fault of a policy's file, without a server; exit code 1 where it has any."""
    try:
        faults = policy_command.check(file)
    except Refused as refused:
        stop(refused.message)
    if faults:
        stop("\n".join(faults))
    out.print(f"{file} is a sound policy.", markup=False, highlight=False)


@policies.command(name="export")
def export_policy(organization: Organization = None, data_dir: DataDir = None) -> None:
    """Print the policy in force as one commented YAML file."""
    sys.stdout.write(run(settings_of(data_dir), lambda: policy_command.export(organization)))


@policies.command()
def draft(
    file: PolicyFile,
    email: Annotated[str, typer.Option("--as", help="Who drafts it: their rights count.")],
    data_dir: DataDir = None,
) -> None:
    """Make a file the draft of the policy; it is proposed and ratified by two people."""
    told = run(settings_of(data_dir), lambda: policy_command.draft(file, email, application.now()))
    out.print(told, markup=False, highlight=False)
