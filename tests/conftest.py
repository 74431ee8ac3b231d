"""What tests may ask for: real servers (`own_…` are there to be broken), and two organizations in a database."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.sqlite.client import SqliteClient

from server.models.database import close_database, migrate, open_database
from server.models.postgres import PostgresClient
from tests.support import browser as browsers
from tests.support import postgres as postgreses
from tests.support import redis as redises
from tests.support.company import Company, company, copied, opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgreses.Postgres]:
    """A real PostgreSQL; `async with postgres.database() as url` gives a test its own database."""
    with postgreses.postgres() as cluster:
        yield cluster


@pytest.fixture
async def postgres_url(postgres: postgreses.Postgres) -> AsyncIterator[str]:
    """The address of an empty PostgreSQL database, for one test."""
    async with postgres.database() as url:
        yield url


@pytest.fixture
def own_postgres() -> Iterator[postgreses.Postgres]:
    """A PostgreSQL that this test may crash."""
    with postgreses.postgres() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def redis() -> Iterator[redises.Redis]:
    """A real Redis for the whole run: keep to channels and keys of your own."""
    with redises.redis() as server:
        yield server


@pytest.fixture
def own_redis() -> Iterator[redises.Redis]:
    """A Redis that this test may kill and freeze."""
    with redises.redis() as server:
        yield server


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A real browser for the whole run: make a context of your own."""
    async with browsers.browser() as started:
        yield started


@pytest.fixture(scope="session")
async def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that is migrated once and copied for every test."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    await _migrate(f"sqlite://{path}")
    return path


async def _migrate(url: str) -> None:
    await open_database(url)
    await migrate()
    await close_database()


@pytest.fixture(params=["sqlite", "postgres"])
async def companies(
    request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path
) -> AsyncIterator[tuple[Company, Company]]:
    """Two organizations in one database: Alder Pumps, and Birch Foods, which must never be seen from the other."""
    if request.param == "sqlite":
        async with opened(copied(migrated_file, tmp_path)) as bell:
            yield await company("Alder Pumps", bell), await company("Birch Foods", bell)
        return
    postgres: postgreses.Postgres = request.getfixturevalue("postgres")
    template = await postgres.template("migrated", _migrate)
    async with postgres.database(template) as url, opened(url) as bell:
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
    """A context that collects the text of every SQL statement that is read meanwhile."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        counted: list[str] = []
        ways = (
            (SqliteClient, "execute_query_dict"),
            (AsyncpgDBClient, "execute_query_dict"),
            (PostgresClient, "records"),
        )
        for client, way in ways:
            monkeypatch.setattr(client, way, _counting(getattr(client, way), counted))
        yield counted
        monkeypatch.undo()

    return count


def _counting(run: Callable[..., Awaitable[Any]], counted: list[str]) -> Callable[..., Awaitable[Any]]:
    async def counting(client: Any, query: str, values: Any = None) -> Any:
        counted.append(query)
        return await run(client, query, values)

    return counting
