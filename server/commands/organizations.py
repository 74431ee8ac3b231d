"""`stageline user …` and `stageline organization …`."""

import sys
from datetime import timedelta
from typing import Annotated

import typer

from server import app as application
from server.actions import credentials, passwords
from server.actions.founding import Founder, found
from server.commands.running import DataDir, out, run, settings_of
from server.domain.people import Role
from server.domain.refusals import Faults

users = typer.Typer(help="People who sign in, and tokens for scripts.", no_args_is_help=True)
organizations = typer.Typer(help="Organizations of this deployment.", no_args_is_help=True)


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

    sys.stdout.write(run(settings_of(data_dir), issue) + "\n")


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

    run(settings_of(data_dir), founding)
    out.print(f"“{name}” is founded. Its administrator signs in as {email}.")
