"""Two workers under load while Redis, PostgreSQL and the workers themselves break: a history, and a judge of it.

What must be true afterwards stands in `tests/support/history.py`, and that it finds fault in `test_history.py`.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator

import asyncpg
import httpx
import pytest

from tests.support import postgres as postgreses
from tests.support import redis as redises
from tests.support.deployed import Deployment, deployed
from tests.support.history import faults
from tests.support.postgres import Postgres
from tests.support.redis import Redis
from tests.support.served import Served
from tests.support.storm import PATIENCE, Storm, storm

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"


@pytest.fixture(scope="module")
def own_redis() -> Iterator[Redis]:
    """One for this module, which every test here leaves running."""
    with redises.redis() as server:
        yield server


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[Postgres]:
    """One for this module, which every test here leaves running."""
    with postgreses.postgres() as cluster:
        yield cluster


@pytest.fixture(scope="module")
async def deployment(own_postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployment]:
    """Alder Pumps on PostgreSQL."""
    async with own_postgres.database() as url:
        yield await deployed(url, tmp_path_factory.mktemp("deployment"))


@pytest.fixture(scope="module")
def product(deployment: Deployment, own_redis: Redis) -> Iterator[Served]:
    """Two workers on one port."""
    with deployment.served(own_redis.url, workers=2) as running:
        yield running


async def rings(product: Served, figure: str) -> None:
    """Wait until the bell of some worker is out of reach (`0.0`), or that of every one within it (`1.0`)."""
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=product.url, trust_env=False) as client:
        while f"stageline_bell_connected {figure}" not in (await client.get("/metrics")).text:
            pass


async def test_redis_dies_and_comes_back(deployment: Deployment, product: Served, own_redis: Redis) -> None:
    """Writes, reads and events go on without it."""
    async with storm(deployment, product, "killed Redis") as raging:
        own_redis.kill()
        await rings(product, "0.0")
        await raging.writes(20)
        own_redis.start()
        await rings(product, "1.0")
    assert faults(raging.history) == []


async def test_redis_freezes_and_thaws(deployment: Deployment, product: Served, own_redis: Redis) -> None:
    async with storm(deployment, product, "frozen Redis") as raging:
        own_redis.freeze()
        try:
            await rings(product, "0.0")
            await raging.writes(20)
        finally:
            own_redis.thaw()
        await rings(product, "1.0")
    assert faults(raging.history) == []


async def test_connections_to_postgresql_are_cut(
    deployment: Deployment, product: Served, own_postgres: Postgres
) -> None:
    """Again and again, in the midst of transactions."""
    connection = await asyncpg.connect(own_postgres.url())
    try:
        async with storm(deployment, product, "cut connections") as raging:
            for _ in range(5):
                await connection.execute(CUT, deployment.database.rsplit("/", 1)[1])
                await raging.writes(10)
    finally:
        await connection.close()
    assert faults(raging.history) == []


async def test_postgresql_crashes_and_recovers(deployment: Deployment, product: Served, own_postgres: Postgres) -> None:
    """An immediate shutdown: who writes is let down, and goes on without anybody starting Stageline anew."""
    before = product.process.children
    async with storm(deployment, product, "crashed PostgreSQL") as raging:
        own_postgres.crash()
        await raging.losses()
        own_postgres.start()
        await raging.writes(20)
    assert faults(raging.history) == []
    assert product.process.children == before, "the same workers"


async def test_each_worker_is_killed_in_turn(deployment: Deployment, product: Served) -> None:
    """Clients lose their connections, resume at another worker, and retry by the same keys."""
    async with storm(deployment, product, "killed workers") as raging:
        for worker in product.process.children:
            await _killed(product, raging, worker)
    assert faults(raging.history) == []
    assert raging.history.lost


async def _killed(product: Served, raging: Storm, worker: int) -> None:
    os.kill(worker, signal.SIGKILL)
    async with asyncio.timeout(PATIENCE):
        while worker in (workers := product.process.children) or len(workers) < 2:  # noqa: ASYNC110 - another process tells no event
            await asyncio.sleep(0.02)
    await raging.writes(10)
