"""Reads hand their sessions on to one another: half of the pool at the most, and never for long one that was cut."""

from asyncio import create_task, gather, timeout
from collections.abc import AsyncIterator

import asyncpg
import pytest

from server.models.database import close_database, is_unavailable, open_database, reading, rows

_OTHERS = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
PATIENCE = 30


@pytest.fixture
async def aside(postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A session beside those of a pool of four."""
    connection = await asyncpg.connect(postgres_url)
    await open_database(f"{postgres_url}?maxsize=4")
    try:
        yield connection
    finally:
        await close_database()
        await connection.close()


async def _read() -> int:
    async with timeout(PATIENCE):
        return int((await rows(reading(), "SELECT 1 AS n"))[0]["n"])


async def _let_down() -> bool:
    """Whether a read comes upon a session that was cut."""
    try:
        await _read()
    except Exception as error:
        if not is_unavailable(error):
            raise
        return True
    return False


async def test_many_reads_share_half_of_the_pool(aside: asyncpg.Connection) -> None:
    assert await gather(*(_read() for _ in range(40))) == [1] * 40
    assert 1 <= await aside.fetchval(f"SELECT COUNT(*) {_OTHERS}") <= 2


async def test_a_cut_session_lets_down_a_read_or_two_and_is_replaced(aside: asyncpg.Connection) -> None:
    for _ in range(6):  # more often than there are sessions
        await gather(*(_read() for _ in range(8)))
        await aside.execute(f"SELECT pg_terminate_backend(pid) {_OTHERS}")
        let_down = 0
        while await _let_down():
            let_down += 1
        assert let_down <= 4, "for each session by PostgreSQL's last word, and by the end of the connection"
        assert await gather(*(_read() for _ in range(8))) == [1] * 8


async def test_who_no_longer_waits_takes_no_session_along(aside: asyncpg.Connection) -> None:
    reads = [create_task(_read()) for _ in range(12)]
    await _read()
    for each in reads[::2]:
        each.cancel()
    await gather(*reads, return_exceptions=True)
    assert await gather(*(_read() for _ in range(8))) == [1] * 8
    assert await aside.fetchval(f"SELECT COUNT(*) {_OTHERS}") <= 4
