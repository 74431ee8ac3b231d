"""The bell rings across processes, keeps the newest, and survives what a network does to a Redis."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from server.live.bell import Bell, Rings
from tests.support.redis import Redis

PATIENCE = 10.0


@asynccontextmanager
async def ringing(url: str | None = None) -> AsyncIterator[Bell]:
    bell = Bell.open(url)
    await bell.start()
    try:
        if url:
            await until(lambda: bell.state().state == "connected")
        yield bell
    finally:
        await bell.stop()


async def until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not fact():  # noqa: ASYNC110 - the facts are counters of another task, which sets no event
            await asyncio.sleep(0.005)


async def hear(rings: Rings, revision: int) -> None:
    """Wait until a listener hears exactly this revision, whatever it is asked to look at before."""
    async with asyncio.timeout(PATIENCE):
        async for heard in rings:
            if heard == revision:
                return


async def test_a_ring_reaches_the_listeners_of_that_organization_only() -> None:
    """In one process, without Redis."""
    ours, theirs = uuid4(), uuid4()
    async with ringing() as bell, bell.listen(ours) as one, bell.listen(ours) as other, bell.listen(theirs) as foreign:
        await bell.ring(ours, 7)
        assert [await one.wait(PATIENCE), await other.wait(PATIENCE)] == [7, 7]
        assert await foreign.wait(timeout=0.01) is None


async def test_a_listener_that_was_busy_hears_the_newest_only() -> None:
    """10,000 rings while nobody looks leave one ring, and nothing else behind."""
    organization = uuid4()
    async with ringing() as bell, bell.listen(organization) as rings:
        for revision in range(1, 10_001):
            await bell.ring(organization, revision)
        assert await rings.wait(PATIENCE) == 10_000
        assert await rings.wait(timeout=0.01) is None


async def test_silence_says_look_again_and_the_end_ends_the_iteration() -> None:
    """A listener polls when nothing rings, and is let go when the bell stops."""
    bell = Bell.open()
    await bell.start()
    async with bell.listen(uuid4()) as rings:
        assert await rings.wait(timeout=0.01) is None
        await bell.stop()
        assert [ring async for ring in rings] == []
    assert bell.state().listeners == 0


@pytest.mark.redis
async def test_the_first_listener_of_another_process_hears(own_redis: Redis) -> None:
    """The stock Redis backend of broadcaster delivers nothing to its first channel."""
    organization = uuid4()
    url = own_redis.url
    async with ringing(url) as here, ringing(url) as there, there.listen(organization) as rings:
        await here.ring(organization, 3)
        await hear(rings, 3)


@pytest.mark.redis
async def test_ten_that_arrive_together_all_hear(own_redis: Redis) -> None:
    """The stock Redis backend of broadcaster lets nine of them wait for ever."""
    organization = uuid4()
    async with ringing(own_redis.url) as here, ringing(own_redis.url) as there:
        ready: list[UUID] = []

        async def listener() -> None:
            async with there.listen(organization) as rings:
                ready.append(uuid4())
                await hear(rings, 5)

        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(listener())
            await until(lambda: len(ready) == 10)
            await here.ring(organization, 5)


@pytest.mark.redis
async def test_three_hundred_rings_at_once_all_arrive(own_redis: Redis) -> None:
    """The stock Redis backend of broadcaster fails past the hundredth connection of its pool."""
    organizations = [uuid4() for _ in range(300)]
    async with ringing(own_redis.url) as here, ringing(own_redis.url) as there:
        await asyncio.gather(*(here.ring(organization, 1) for organization in organizations))
        await until(lambda: there.state().heard == 300)


@pytest.mark.redis
async def test_after_a_killed_redis_listeners_look_again_and_later_rings_arrive(own_redis: Redis) -> None:
    """While it is away nothing raises, and the ringing process hears itself."""
    organization, url = uuid4(), own_redis.url
    async with (
        ringing(url) as here,
        ringing(url) as there,
        here.listen(organization) as near,
        there.listen(organization) as far,
    ):
        own_redis.kill()
        await until(lambda: there.state().state == here.state().state == "reconnecting")
        await here.ring(organization, 8)
        await hear(near, 8)
        own_redis.start()
        await until(lambda: there.state().state == here.state().state == "connected")
        await here.ring(organization, 9)
        await hear(far, 9)
        assert there.state().losses == there.state().reconnects == 1


@pytest.mark.redis
async def test_after_every_reconnect_listeners_are_asked_to_look_again(own_redis: Redis) -> None:
    """A ring may have been missed meanwhile, so a listener looks without one."""
    url = own_redis.url
    async with ringing(url) as bell, bell.listen(uuid4()) as rings:
        await rings.wait(timeout=0.05)  # the look again of the first connection
        own_redis.kill()
        await until(lambda: bell.state().state == "reconnecting")
        own_redis.start()
        async with asyncio.timeout(PATIENCE):
            assert await anext(aiter(rings)) is None


@pytest.mark.redis
async def test_a_frozen_redis_is_noticed(own_redis: Redis) -> None:
    """A stopped process keeps its sockets open and silent: only an unanswered ping tells."""
    organization, url = uuid4(), own_redis.url
    async with ringing(url) as here, ringing(url) as there, there.listen(organization) as rings:
        own_redis.freeze()
        try:
            await until(lambda: there.state().state == here.state().state == "reconnecting")
            async with asyncio.timeout(0.1):  # the writer is not held up
                await here.ring(organization, 2)
        finally:
            own_redis.thaw()
        await until(lambda: there.state().state == "connected")
        await here.ring(organization, 3)
        await hear(rings, 3)


@pytest.mark.redis
async def test_strangers_on_the_channel_do_no_harm(own_redis: Redis) -> None:
    """What is not a ring is left out."""
    organization = uuid4()
    async with ringing(own_redis.url) as bell, bell.listen(organization) as rings:
        for noise in ("", "x", "x y:z", f"x {organization}:-1", f"x {'-' * 36}:1", "x " + "9" * 100_000):
            await bell._backend._redis.publish("stageline:rings", noise)  # type: ignore[attr-defined]
        await bell.ring(organization, 4)
        await hear(rings, 4)
        assert bell.state().heard == 1


async def test_a_bell_starts_without_its_redis() -> None:
    """A server comes up, and rings at home, before Redis does."""
    organization = uuid4()
    bell = Bell.open("redis://127.0.0.1:1/0")
    await bell.start()
    try:
        async with bell.listen(organization) as rings:
            await bell.ring(organization, 1)
            await hear(rings, 1)
        assert bell.state().state == "reconnecting"
    finally:
        await bell.stop()
