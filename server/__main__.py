"""The command line: `stageline …`, the same as `python -m server …`."""

import sys
from collections.abc import Callable
from typing import Annotated

import typer

from server import app as application
from server.actions import passwords, reminders
from server.api.assembly import make_schema
from server.commands.exports import exports
from server.commands.imports import imports
from server.commands.ledgers import ledgers
from server.commands.organizations import organizations, users
from server.commands.policies import policies
from server.commands.running import DataDir, err, out, run, settings_of, stop
from server.live import upkeep
from server.live.proof import broken_ledgers
from server.models.database import pending_migrations
from server.sample import Company, build, standing
from server.settings import Settings, table

cli = typer.Typer(
    name="stageline",
    help="Governed strategy execution.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
cli.add_typer(users, name="user")
cli.add_typer(organizations, name="organization")
cli.add_typer(imports, name="import")
cli.add_typer(exports, name="export")
cli.add_typer(policies, name="policy")
cli.add_typer(ledgers, name="ledger")

_SHOWN = 20  # differences of an organization's roll-ups
Host = Annotated[str | None, typer.Option(help="Address to listen on; overrides STAGELINE_HOST.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port; overrides STAGELINE_PORT. 0 picks a free one.")]
Workers = Annotated[
    int | None,
    typer.Option(min=1, max=256, help="Processes on the port, on PostgreSQL with Redis; overrides STAGELINE_WORKERS."),
]


def _serve(settings: Settings, on_ready: Callable[[str], None] | None = None) -> None:
    try:
        application.serve(settings, on_ready=on_ready)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        stop(f"Cannot listen on {where}: {error.strerror or error}. Choose another one with --port or --host.")


@cli.command()
def serve(host: Host = None, port: Port = None, data_dir: DataDir = None, workers: Workers = None) -> None:
    """Serve what is in the database, as the settings say. Migrates first."""
    _serve(settings_of(data_dir, host, port, workers))


@cli.command()
def demo(host: Host = None, port: Port = None, data_dir: DataDir = None) -> None:
    """Serve the sample company; make it first where the database is new."""
    settings = settings_of(data_dir, host, port)

    async def prepare() -> Company:
        known = await standing()
        if known is not None:
            return known
        out.print("Making the sample company …")
        return await build(application.now().date(), await passwords.hashed(Company.password))

    company = run(settings, prepare)
    _serve(settings, on_ready=lambda url: _greet(url, company))


def _greet(url: str, company: Company) -> None:
    out.print(f"\n{company.name} is served at [bold]{url}[/bold]  (GraphiQL: {url}/graphiql, stop with Ctrl-C)\n")
    out.print(f"Sign in with the password [bold]{company.password}[/bold] as")
    widest = max(len(each.email) for each in company.sign_ins)
    for each in company.sign_ins:
        out.print(f"  {each.email:<{widest}}  {each.name}, {each.role}", highlight=False)


@cli.command(name="migrate")
def migrate_() -> None:
    """Bring the database's schema up to date."""

    async def left() -> int:
        return await pending_migrations()

    run(settings_of(), left)
    out.print("The database is up to date.")


@cli.command()
def remind(data_dir: DataDir = None) -> None:
    """Remind everybody who owes a vote, where the policy's cadence says so; for a scheduler. Safe to run twice."""
    sent = run(settings_of(data_dir), lambda: reminders.remind_all(application.now()))
    out.print("1 reminder sent." if sent == 1 else f"{sent} reminders sent.")


@cli.command()
def schema() -> None:
    """Print the GraphQL schema: the contract."""
    sys.stdout.write(make_schema().as_str().strip() + "\n")


@cli.command()
def settings() -> None:
    """Print every setting as the README's table."""
    sys.stdout.write(table() + "\n")


@cli.command()
def doctor(
    data_dir: DataDir = None,
    recompute: Annotated[bool, typer.Option(help="Compare every kept roll-up with what it comes to.")] = False,
    repair: Annotated[bool, typer.Option(help="Write those that differ anew.")] = False,
) -> None:
    """Look whether settings, database and ledger are sound; exit code 1 where they are not.

    With --recompute every kept roll-up of every organization is compared to the last digit with its recomputation.
    """
    settings = settings_of(data_dir)
    broken = run(settings, broken_ledgers)
    bell = "Redis" if settings.redis_url else "memory"
    out.print(f"settings: {settings.environment.value}, bell: {bell}")
    out.print("database: reachable and migrated")
    if broken:
        stop("\n".join(f"ledger of {name}: {proof.sentence}" for name, proof in broken))
    out.print("ledger: every chain is whole")
    if recompute or repair:
        _check_roll_ups(settings, repair=repair)


def _check_roll_ups(settings: Settings, *, repair: bool) -> None:
    found = run(settings, upkeep.unkept)
    for name, differing in found:
        err.print(
            f"roll-ups of {name}: {len(differing):,} kept otherwise than recomputed", style="red", highlight=False
        )
        for each in differing[:_SHOWN]:
            err.print(f"  {each.sentence}", markup=False, highlight=False)
        if len(differing) > _SHOWN:
            err.print(f"  … and {len(differing) - _SHOWN:,} more", highlight=False)
    if not found:
        out.print("roll-ups: kept as recomputed, to the last digit")
    elif repair:
        run(settings, upkeep.mend)
        out.print("roll-ups: written anew; start what serves again, it keeps answers until the next fact")
    else:
        stop("Write them anew with: stageline doctor --repair")


def main() -> None:
    """The command `stageline`."""
    cli()


if __name__ == "__main__":
    main()
