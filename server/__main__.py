"""The command line: `stageline …`, the same as `python -m server …`."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from server import app as application
from server.actions import credentials, passwords, reminders
from server.actions.founding import Founder, found
from server.api.assembly import make_schema
from server.api.packs import board_pack
from server.api.strategies import strategy
from server.domain.imports import ImportKind
from server.domain.people import Role
from server.domain.refusals import Faults, Refused
from server.exchange import command as exchange
from server.exchange import everything, policy_command, strategy_command
from server.exchange import ledger as ledger_files
from server.exchange.policy_docs import criteria_table
from server.exchange.policy_templates import PolicyTemplate, template
from server.exchange.report import ImportReport
from server.live import upkeep
from server.live.proof import broken_ledgers, proofs
from server.models.database import (
    close_database,
    is_unavailable,
    migrate,
    open_database,
    pending_migrations,
)
from server.sample import Company, build, standing
from server.schema import ids
from server.settings import Settings, table

cli = typer.Typer(
    name="stageline",
    help="Governed strategy execution.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
users = typer.Typer(help="People who sign in, and tokens for scripts.", no_args_is_help=True)
organizations = typer.Typer(help="Organizations of this deployment.", no_args_is_help=True)
imports = typer.Typer(help="Bring in what other systems export.", no_args_is_help=True)
exports = typer.Typer(help="Take out what boards, calendars and other systems want.", no_args_is_help=True)
policies = typer.Typer(help="Policies as files: check, export, draft.", no_args_is_help=True)
ledgers = typer.Typer(help="Prove that no entry of a ledger was altered.", no_args_is_help=True)
cli.add_typer(users, name="user")
cli.add_typer(organizations, name="organization")
cli.add_typer(imports, name="import")
cli.add_typer(exports, name="export")
cli.add_typer(policies, name="policy")
cli.add_typer(ledgers, name="ledger")

out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
Result = TypeVar("Result")
_SHOWN = 20  # differences of an organization's roll-ups
DataDir = Annotated[
    Path | None, typer.Option(help="Folder of the SQLite file and uploads; overrides STAGELINE_DATA_DIR.")
]
Organization = Annotated[str | None, typer.Option(help="Only this organization: its name or id.")]
PolicyFile = Annotated[Path, typer.Argument(help="Its YAML; see docs/policy.md.", exists=True, dir_okay=False)]
Host = Annotated[str | None, typer.Option(help="Address to listen on; overrides STAGELINE_HOST.")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="Port; overrides STAGELINE_PORT. 0 picks a free one.")]


def _stop(sentence: str) -> NoReturn:
    err.print(sentence, style="red", markup=False, highlight=False)
    raise typer.Exit(1)


def _settings(data_dir: Path | None = None, host: str | None = None, port: int | None = None) -> Settings:
    given = {"data_dir": data_dir, "host": host, "port": port}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc'])) or 'settings'}: {fault['msg']}" for fault in error.errors()]
        _stop("These settings must be mended first:\n  " + "\n  ".join(faults))


def _run(settings: Settings, work: Callable[[], Awaitable[Result]]) -> Result:
    """Run a one-shot command on a migrated database; an expected no is a sentence and exit code 1."""

    async def running() -> Result:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        await open_database(settings.database_url)
        try:
            await migrate()
            return await work()
        finally:
            await close_database()

    try:
        return asyncio.run(running())
    except Refused as refused:
        _stop("\n  ".join([refused.message, *(each for each in refused.details if each != refused.message)]))
    except OSError as error:
        _stop(f"{settings.data_dir} cannot be used: {error.strerror or error}. Choose another folder with --data-dir.")
    except Exception as error:
        if is_unavailable(error):
            _stop("The database cannot be reached or written. Look at STAGELINE_DATABASE_URL and the disk, then retry.")
        raise


def _serve(settings: Settings, on_ready: Callable[[str], None] | None = None) -> None:
    try:
        application.serve(settings, on_ready=on_ready)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        _stop(f"Cannot listen on {where}: {error.strerror or error}. Choose another one with --port or --host.")


@cli.command()
def serve(host: Host = None, port: Port = None, data_dir: DataDir = None) -> None:
    """Serve what is in the database, as the settings say. Migrates first."""
    _serve(_settings(data_dir, host, port))


@cli.command()
def demo(host: Host = None, port: Port = None, data_dir: DataDir = None) -> None:
    """Serve the sample company; make it first where the database is new."""
    settings = _settings(data_dir, host, port)

    async def prepare() -> Company:
        known = await standing()
        if known is not None:
            return known
        out.print("Making the sample company …")
        return await build(application.now().date(), await passwords.hashed(Company.password))

    company = _run(settings, prepare)
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

    _run(_settings(), left)
    out.print("The database is up to date.")


@cli.command()
def remind(data_dir: DataDir = None) -> None:
    """Remind everybody who owes a vote, where the policy's cadence says so; for a scheduler. Safe to run twice."""
    sent = _run(_settings(data_dir), lambda: reminders.remind_all(application.now()))
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
    settings = _settings(data_dir)
    broken = _run(settings, broken_ledgers)
    bell = "Redis" if settings.redis_url else "memory"
    out.print(f"settings: {settings.environment.value}, bell: {bell}")
    out.print("database: reachable and migrated")
    if broken:
        _stop("\n".join(f"ledger of {name}: {proof.sentence}" for name, proof in broken))
    out.print("ledger: every chain is whole")
    if recompute or repair:
        _check_roll_ups(settings, repair=repair)


def _check_roll_ups(settings: Settings, *, repair: bool) -> None:
    found = _run(settings, upkeep.unkept)
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
        _run(settings, upkeep.mend)
        out.print("roll-ups: written anew")
    else:
        _stop("Write them anew with: stageline doctor --repair")


@users.command()
def token(
    email: Annotated[str, typer.Argument(help="Whom the token acts as.")],
    label: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it holds.")] = 90,
    data_dir: DataDir = None,
) -> None:
    """Print a bearer token for scripts. It is shown once; only its hash is kept."""

    async def issue() -> str:
        issued = await credentials.issue_token(email, label=label, lasts=timedelta(days=days), at=application.now())
        return issued.secret

    sys.stdout.write(_run(_settings(data_dir), issue) + "\n")


@organizations.command(name="found")
def found_(
    name: Annotated[str, typer.Argument(help="Its name.")],
    email: Annotated[str, typer.Option(help="The first administrator's email.")],
    person: Annotated[str, typer.Option(help="The first administrator's name.")],
    executive_email: Annotated[str, typer.Option(help="The first executive's email: another person, who ratifies.")],
    executive: Annotated[str, typer.Option(help="The first executive's name.")],
    currency: Annotated[str, typer.Option(help="Reporting currency, ISO 4217.")] = "EUR",
    time_zone: Annotated[str, typer.Option(help="IANA time zone.")] = "UTC",
    fiscal_year_start: Annotated[int, typer.Option(help="First month of the fiscal year.")] = 1,
    data_dir: DataDir = None,
) -> None:
    """Found an organization with its first administrator and executive; both passwords are asked for."""
    words = [
        typer.prompt(f"Password of {who}", hide_input=True, confirmation_prompt=True) for who in (person, executive)
    ]

    async def founding() -> None:
        faults = Faults()
        for word, who in zip(words, (person, executive), strict=True):
            passwords.check_new(word, f"Password of {who}", faults)
        faults.refuse_if_any()
        first, second = [await passwords.hashed(word) for word in words]
        founders = [
            Founder(person, email, first, (Role.ADMIN,)),
            Founder(executive, executive_email, second, (Role.EXECUTIVE,)),
        ]
        await found(
            name=name,
            currency=currency,
            time_zone=time_zone,
            fiscal_year_start=fiscal_year_start,
            founders=founders,
            at=application.now(),
        )

    _run(_settings(data_dir), founding)
    out.print(f"“{name}” is founded. Its administrator signs in as {email}.")


Importer = Annotated[str, typer.Option("--as", help="Who imports: their rights count.")]
DryRun = Annotated[bool, typer.Option(help="Do everything, report, and undo it.")]
Mapping = Annotated[Path, typer.Option(help="What the columns mean: YAML; see docs/.", exists=True, dir_okay=False)]
Source = Annotated[Path, typer.Argument(help="A file, or the folder of all files.", exists=True)]


def _import(kind: ImportKind, source: Path, mapping: Path, email: str, data_dir: Path | None, *, dry_run: bool) -> None:
    def importing() -> Awaitable[ImportReport]:
        at = application.now()
        return exchange.import_path(source, mapping, email, kind=kind, dry_run=dry_run, at=at)

    exchange.show(_run(_settings(data_dir), importing), out)


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
        _stop(refused.message)


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

    return _run(_settings(data_dir), made)


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

    _save(_run(_settings(data_dir), made), to)


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

    _save(_run(_settings(data_dir), made), to)


def _save(file: tuple[str, bytes], to: Path | None) -> None:
    """Write a file that was made, and say so."""
    name, body = file
    path = to or Path(name)
    try:
        path.write_bytes(body)
    except OSError as error:
        _stop(f"{path} cannot be written: {error.strerror}. Choose another file with --out.")
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

    out.print(_run(_settings(data_dir), written), markup=False, highlight=False)


@policies.command(name="template")
def template_(which: Annotated[str, typer.Argument(help="lean, standard or audit-grade.")]) -> None:
    """Print a policy that ships ready."""
    known = {each.value.lower().replace("_", "-"): each for each in PolicyTemplate}
    if which not in known:
        _stop(f"There is no ready policy “{which}”. Known: {', '.join(known)}.")
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
        _stop(refused.message)
    if faults:
        _stop("\n".join(faults))
    out.print(f"{file} is a sound policy.", markup=False, highlight=False)


@policies.command(name="export")
def export_policy(organization: Organization = None, data_dir: DataDir = None) -> None:
    """Print the policy in force as one commented YAML file."""
    sys.stdout.write(_run(_settings(data_dir), lambda: policy_command.export(organization)))


@policies.command()
def draft(
    file: PolicyFile,
    email: Annotated[str, typer.Option("--as", help="Who drafts it: their rights count.")],
    data_dir: DataDir = None,
) -> None:
    """Make a file the draft of the policy; it is proposed and ratified by two people."""
    told = _run(_settings(data_dir), lambda: policy_command.draft(file, email, application.now()))
    out.print(told, markup=False, highlight=False)


@ledgers.command()
def verify(organization: Organization = None, data_dir: DataDir = None) -> None:
    """Prove that every entry is there, in order and unaltered; exit code 1 and the first fault where not."""
    found = _run(_settings(data_dir), lambda: proofs(organization))
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
    told = _run(_settings(data_dir), lambda: ledger_files.export(organization, to))
    err.print(told, markup=False, highlight=False)


def main() -> None:
    """The command `stageline`."""
    cli()


if __name__ == "__main__":
    main()
