"""Two products on one database and one Redis: what is written at one is heard at the other, whatever Redis does."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field

import pytest

from tests.support import redis as redises
from tests.support.clients import by_gql
from tests.support.deployed import Caller, Deployment, deployed
from tests.support.postgres import Postgres
from tests.support.redis import Redis
from tests.support.served import Served

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
PATIENCE = 30
MOST_WRITES = 5_000
LATE = 5
"""Seconds: a lost ring costs a poll, which comes after 2, and this machine may be busy."""
ACTIVITY = "subscription ($after: Revision) { activity(after: $after) { revision } }"


@dataclass
class Ear:
    """A follower, and all it heard."""

    heard: list[int] = field(default_factory=list)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def listen(self, product: Served, token: str, after: int) -> None:
        """Follow for ever."""
        async with by_gql(product.url, token) as client, aclosing(client.follow(ACTIVITY, after=str(after))) as answers:
            async for answer in answers:
                async with self._news:
                    self.heard.append(int(answer["activity"]["revision"]))
                    self._news.notify_all()

    async def hears(self, revision: int, within: float) -> None:
        """Wait for a fact. Raises TimeoutError."""
        async with asyncio.timeout(within), self._news:
            await self._news.wait_for(lambda: revision in self.heard)


@dataclass
class Pair:
    """Two products, with a writer and a follower at each."""

    writers: list[Caller]
    ears: list[Ear]
    begin: int
    newest: int = 0

    async def write(self, at: int) -> int:
        """Write at one of them, and be answered without delay, whatever Redis does."""
        async with asyncio.timeout(LATE):
            made = await self.writers[at].create("Objective")
        self.newest = max(self.newest, int(made["revision"]))
        return int(made["revision"])

    async def cross(self) -> None:
        """What is written at each is heard at the other, by a poll at the latest."""
        for here, there in ((0, 1), (1, 0)):
            await self.ears[there].hears(await self.write(here), LATE)

    async def bells_are(self, state: str) -> None:
        """Wait until both say so; all the while they are ready, and answer queries."""
        async with asyncio.timeout(PATIENCE):
            for writer in self.writers:
                while (ready := await writer.client.get("/readyz")).json()["bell"] != state:
                    assert ready.status_code == 200
                    await writer.ask("{ organization { name } }")

    @asynccontextmanager
    async def storm(self) -> AsyncIterator[None]:
        """Both write meanwhile; in the end both have heard all of it, once and in order."""
        over = asyncio.Event()

        async def keep_writing(at: int) -> None:
            for _ in range(MOST_WRITES):
                if over.is_set():
                    return
                await self.write(at)

        async with asyncio.TaskGroup() as group:
            writing = [group.create_task(keep_writing(at)) for at in (0, 1)]
            yield
            assert not any(each.done() for each in writing), "the storm was over too early"
            over.set()
        for ear in self.ears:
            await ear.hears(self.newest, LATE)
            assert ear.heard == list(range(self.begin + 1, self.newest + 1))


@pytest.fixture(scope="module")
def own_redis() -> Iterator[Redis]:
    """One for this module, which every test here leaves running."""
    with redises.redis() as server:
        yield server


@pytest.fixture(scope="module")
async def deployment(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployment]:
    """Alder Pumps on PostgreSQL."""
    async with postgres.database() as url:
        made = await deployed(url, tmp_path_factory.mktemp("deployment"))
        yield made
        assert await made.fault() is None


@pytest.fixture(scope="module")
def products(deployment: Deployment, own_redis: Redis) -> Iterator[list[Served]]:
    """Two of them."""
    with deployment.served(redis_url=own_redis.url) as one, deployment.served(redis_url=own_redis.url) as other:
        yield [one, other]


@pytest.fixture
async def pair(deployment: Deployment, products: list[Served]) -> AsyncIterator[Pair]:
    """Followers that hear, of bells that ring."""
    async with AsyncExitStack() as stack:
        writers = [await stack.enter_async_context(deployment.caller(product, "lea")) for product in products]
        begin = int((await writers[0].ask("{ organization { revision } }"))["organization"]["revision"])
        pair = Pair(writers, [Ear(), Ear()], begin)
        listening = [
            asyncio.create_task(ear.listen(product, deployment.tokens["eve"], begin))
            for ear, product in zip(pair.ears, products, strict=True)
        ]
        await pair.bells_are("connected")
        await pair.cross()
        yield pair
        for each in listening:
            assert not each.done(), "the stream broke"
            each.cancel()
        await asyncio.gather(*listening, return_exceptions=True)


async def test_the_other_product_hears_by_the_bell_and_not_by_its_poll(pair: Pair) -> None:
    """A poll comes two seconds after the last news: ten of them would take twenty."""
    async with asyncio.timeout(10):
        for _ in range(5):
            await pair.cross()


async def test_redis_dies_and_comes_back_and_nothing_is_lost(pair: Pair, own_redis: Redis) -> None:
    async with pair.storm():
        own_redis.kill()
        await pair.bells_are("reconnecting")
        await pair.cross()
        own_redis.start()
        await pair.bells_are("connected")
        await pair.cross()


async def test_redis_freezes_and_thaws_and_nothing_is_lost(pair: Pair, own_redis: Redis) -> None:
    """A frozen one keeps its connections open, so that only silence tells."""
    async with pair.storm():
        own_redis.freeze()
        await pair.bells_are("reconnecting")
        await pair.cross()
        own_redis.thaw()
        await pair.bells_are("connected")
        await pair.cross()


async def test_writers_do_not_wait_for_a_frozen_redis(pair: Pair, own_redis: Redis) -> None:
    """Twenty writes take less time than one time-out of its connection each."""
    own_redis.freeze()
    async with asyncio.timeout(10):
        for number in range(20):
            await pair.write(number % 2)
    own_redis.thaw()
    await pair.bells_are("connected")
    await pair.cross()
