"""The servers that other tests stand on are real, and break as real ones do."""

from pathlib import Path

import asyncpg
import httpx
import pytest
from playwright.async_api import Browser
from redis import Redis as Client
from redis.exceptions import ConnectionError as Gone
from redis.exceptions import TimeoutError as Late

from tests.support.postgres import Postgres
from tests.support.redis import Redis
from tests.support.served import served


@pytest.mark.postgres
async def test_postgres_gives_each_test_a_copy_of_the_template(postgres: Postgres) -> None:
    async def fill(url: str) -> None:
        await _execute(url, "CREATE TABLE region (name text)")

    template = await postgres.template("regions", fill)
    async with postgres.database(template) as first, postgres.database(template) as second:
        await _execute(first, "INSERT INTO region VALUES ('East')")
        assert await _regions(first) == ["East"]
        assert await _regions(second) == []


@pytest.mark.postgres
async def test_postgres_keeps_what_it_committed_over_a_crash(own_postgres: Postgres) -> None:
    await _execute(own_postgres.url(), "CREATE TABLE region (name text)")
    await _execute(own_postgres.url(), "INSERT INTO region VALUES ('West')")
    own_postgres.crash()
    with pytest.raises(OSError, match="Connect"):
        await asyncpg.connect(own_postgres.url())
    own_postgres.start()
    assert await _regions(own_postgres.url()) == ["West"]


@pytest.mark.redis
def test_redis_breaks_and_comes_back_on_the_same_port(own_redis: Redis) -> None:
    with Client.from_url(own_redis.url, socket_timeout=0.2, retry=None) as client:
        client.set("greeting", "hello")
        assert client.get("greeting") == b"hello"
        own_redis.freeze()
        with pytest.raises(Late):
            client.get("greeting")
        own_redis.thaw()
        assert client.get("greeting") == b"hello"
        own_redis.kill()
        with pytest.raises(Gone):
            client.get("greeting")
        own_redis.start()
        assert client.get("greeting") is None


def test_the_product_starts_dies_and_comes_back_on_the_same_port(tmp_path: Path) -> None:
    with served(tmp_path) as product:
        assert httpx.get(f"{product.url}/healthz").is_success
        product.process.kill()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{product.url}/healthz")
        product.start()
        assert httpx.get(f"{product.url}/healthz").is_success
        assert product.process.end() == 0


@pytest.mark.browser
async def test_the_browser_runs_the_scripts_of_a_page(browser: Browser) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    await page.set_content("<title>Board</title><script>document.title += ', ' + (1 + 1)</script>")
    assert await page.title() == "Board, 2"
    await context.close()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _regions(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        return [row["name"] for row in await connection.fetch("SELECT name FROM region")]
    finally:
        await connection.close()
