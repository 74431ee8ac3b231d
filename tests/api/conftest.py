"""Every API test runs on SQLite and on PostgreSQL, with two organizations in each."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.sqlite.client import SqliteClient

from server.models.database import close_database, migrate, open_database
from tests.support.company import Company, company, copied, opened
from tests.support.postgres import Postgres


@pytest.fixture(scope="session")
async def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that is migrated once and copied for every test."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    await open_database(f"sqlite://{path}")
    await migrate()
    await close_database()
    return path


@pytest.fixture(params=["sqlite", "postgres"])
async def companies(
    request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path
) -> AsyncIterator[tuple[Company, Company]]:
    """Two organizations in one database: Alder Pumps, and Birch Foods, which must never be seen from the other."""
    if request.param == "sqlite":
        async with opened(copied(migrated_file, tmp_path)) as bell:
            yield await company("Alder Pumps", bell), await company("Birch Foods", bell)
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    async with postgres.database() as url, opened(url) as bell:
        yield await company("Alder Pumps", bell), await company("Birch Foods", bell)


@pytest.fixture
async def alder(companies: tuple[Company, Company]) -> Company:
    """Alder Pumps, with a cascade of one node on every level."""
    await companies[0].cascade()
    return companies[0]


@pytest.fixture
async def birch(companies: tuple[Company, Company]) -> Company:
    """Birch Foods, with a cascade of its own."""
    await companies[1].cascade()
    return companies[1]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as counted:` collects the text of every SQL statement that is read meanwhile."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        counted: list[str] = []
        for client in (SqliteClient, AsyncpgDBClient):
            monkeypatch.setattr(client, "execute_query_dict", _counting(client.execute_query_dict, counted))
        yield counted
        monkeypatch.undo()

    return count


def _counting(run: Callable[..., Awaitable[Any]], counted: list[str]) -> Callable[..., Awaitable[Any]]:
    async def counting(client: Any, query: str, values: Any = None) -> Any:
        counted.append(query)
        return await run(client, query, values)

    return counting
