"""The servers tests may ask for: the shared ones stand for a worker's whole run, `own_…` are there to be broken."""

from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser

from tests.support import browser as browsers
from tests.support import postgres as postgreses
from tests.support import redis as redises


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
