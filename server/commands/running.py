"""What every command shares: settings, a migrated database, and a no that is a sentence and exit code 1."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console

from server.domain.refusals import Refused
from server.models.database import (
    close_database,
    is_unavailable,
    migrate,
    open_database,
)
from server.settings import Settings

out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
Result = TypeVar("Result")
DataDir = Annotated[
    Path | None, typer.Option(help="Folder of the SQLite file and uploads; overrides STAGELINE_DATA_DIR.")
]
Organization = Annotated[str | None, typer.Option(help="Only this organization: its name or id.")]


def stop(sentence: str) -> NoReturn:
    """End with a sentence on standard error and exit code 1."""
    err.print(sentence, style="red", markup=False, highlight=False)
    raise typer.Exit(1)


def settings_of(
    data_dir: Path | None = None, host: str | None = None, port: int | None = None, workers: int | None = None
) -> Settings:
    """The settings, with what the command line overrides; ends with every fault where they do not hold."""
    given = {"data_dir": data_dir, "host": host, "port": port, "workers": workers}
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, fault['loc'])) or 'settings'}: {fault['msg']}" for fault in error.errors()]
        stop("These settings must be mended first:\n  " + "\n  ".join(faults))


def run(settings: Settings, work: Callable[[], Awaitable[Result]]) -> Result:
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
        stop("\n  ".join([refused.message, *(each for each in refused.details if each != refused.message)]))
    except OSError as error:
        stop(f"{settings.data_dir} cannot be used: {error.strerror or error}. Choose another folder with --data-dir.")
    except Exception as error:
        if is_unavailable(error):
            stop("The database cannot be reached or written. Look at STAGELINE_DATABASE_URL and the disk, then retry.")
        raise
