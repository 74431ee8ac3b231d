"""What carries the rings below broadcaster's interface: an inbox in this process, and Redis between processes.

Both keep one entry per organization (the newest revision), so that no backlog can grow with the number of writes.
"""

import asyncio
import logging
import random
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Literal, NoReturn
from uuid import uuid4

from broadcaster import BroadcastBackend, Event
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

CHANNEL = "rings"
LOOK_AGAIN = "look again"
QUIET_SECONDS = 0.5
"""After so much silence Redis is pinged, after as much again it counts as lost: a frozen one keeps its sockets open."""
BACKOFF_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0)
RING = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9]{1,18})")

log = logging.getLogger("stageline.bell")
BellWay = Literal["memory", "connected", "reconnecting"]


class LocalBackend(BroadcastBackend):
    """Rings that stay in this process. Never calls its base's `__init__`, which only raises."""

    def __init__(self) -> None:
        self.state: BellWay = "memory"
        self.losses = self.reconnects = 0
        self._inbox: dict[str, int] = {}
        self._look_again = False
        self._arrived = asyncio.Event()

    async def connect(self) -> None:
        """Nothing to do."""

    async def disconnect(self) -> None:
        """Nothing to do."""

    async def subscribe(self, channel: str) -> None:
        """Nothing to do: there is one channel, always subscribed."""

    async def unsubscribe(self, channel: str) -> None:
        """Nothing to do."""

    async def publish(self, _channel: str, message: str) -> None:
        """Ring here at once, so that this process hears itself whatever becomes of the network."""
        self._take(message)

    async def next_published(self) -> Event:
        """The next ring, the newest per organization. Waits for one."""
        while not (self._inbox or self._look_again):
            await self._arrived.wait()
            self._arrived.clear()
        if self._look_again:
            self._look_again = False
            return Event(CHANNEL, LOOK_AGAIN)
        organization = next(iter(self._inbox))
        return Event(CHANNEL, f"{organization}:{self._inbox.pop(organization)}")

    def _take(self, message: str) -> None:
        keep_newest(self._inbox, message)
        self._arrived.set()

    def _ask_to_look_again(self) -> None:
        self._look_again = True
        self._arrived.set()


class RedisBackend(LocalBackend):
    """Also carries the rings to the other processes of the deployment, over one Redis channel.

    Two tasks stand guard over one connection each, and never give up: one hears, one posts what is in the outbox. After
    every reconnect all listeners are asked to look again, since rings may have been missed.
    """

    def __init__(self, url: str, channel: str) -> None:
        super().__init__()
        self.state = "reconnecting"
        self._sender = ""
        self._channel = f"{channel}:{CHANNEL}"
        self._outbox: dict[str, int] = {}
        self._to_post = asyncio.Event()
        self._guards: list[asyncio.Task[NoReturn]] = []
        self._known = False
        self._redis = Redis.from_url(
            url,
            protocol=2,  # in RESP3 the answer to a ping on a subscribed connection has another shape
            decode_responses=True,
            socket_timeout=2 * QUIET_SECONDS,
            socket_connect_timeout=2 * QUIET_SECONDS,
            retry=Retry(NoBackoff(), 0),  # retrying is our guards' work: they must know of every loss
        )

    async def connect(self) -> None:
        """Start looking for Redis; whether it is there is not waited for."""
        self._sender = uuid4().hex  # only now: workers that are forked would all believe to hear themselves
        self._guards = [
            asyncio.create_task(self._for_ever(self._hear), name="bell hears"),
            asyncio.create_task(self._for_ever(self._post), name="bell posts"),
        ]

    async def disconnect(self) -> None:
        """Let go of Redis."""
        for guard in self._guards:
            guard.cancel()
        await asyncio.gather(*self._guards, return_exceptions=True)
        await self._redis.aclose()

    async def publish(self, _channel: str, message: str) -> None:
        """Ring here at once; the other processes hear it from the outbox's guard, now or when Redis is back."""
        self._take(message)
        keep_newest(self._outbox, message)
        self._to_post.set()

    async def _for_ever(self, work: Callable[[Callable[[], None]], Awaitable[None]]) -> NoReturn:
        failures = 0

        def well() -> None:
            nonlocal failures
            failures = 0

        while True:
            try:
                await work(well)
            except (RedisError, OSError, TimeoutError) as lost:
                log.debug("Redis is away: %s", type(lost).__name__)
            except Exception:
                log.exception("The bell stumbled over a bug and goes on.")
            pause = BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)]
            failures += 1
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter keeps processes apart, it guards no secret

    async def _hear(self, well: Callable[[], None]) -> None:
        pubsub = self._redis.pubsub()
        try:
            await pubsub.subscribe(self._channel)
            await self._hear_until_lost(pubsub, well)
        except (RedisError, OSError, TimeoutError):
            self._lost()
            raise
        finally:
            with suppress(RedisError, OSError, TimeoutError):
                await pubsub.aclose()  # type: ignore[no-untyped-call]  # redis-py leaves it unannotated

    async def _hear_until_lost(self, pubsub: PubSub, well: Callable[[], None]) -> None:
        pinged = False
        while True:
            message = await pubsub.get_message(timeout=QUIET_SECONDS)
            if message is None:
                if pinged:
                    raise TimeoutError
                await pubsub.ping()
                pinged = True
                continue
            pinged = False
            if message["type"] == "subscribe":
                well()
                self._found()
            elif message["type"] == "message":
                self._hear_one(str(message["data"]))

    def _lost(self) -> None:
        if self.state == "connected":
            self.state = "reconnecting"
            self.losses += 1
            log.warning("The way to Redis is lost; rings from other processes come late until it is found again.")

    def _found(self) -> None:
        if self._known:
            self.reconnects += 1
            log.warning("Redis is back; all listeners look again.")
        self._known, self.state = True, "connected"
        self._ask_to_look_again()

    def _hear_one(self, data: str) -> None:
        sender, _, message = data.partition(" ")
        if sender != self._sender:
            self._take(message)

    async def _post(self, well: Callable[[], None]) -> None:
        while True:
            await self._to_post.wait()
            self._to_post.clear()
            post, self._outbox = self._outbox, {}
            try:
                async with self._redis.pipeline(transaction=False) as pipeline:
                    for organization, revision in post.items():
                        pipeline.publish(self._channel, f"{self._sender} {organization}:{revision}")
                    await pipeline.execute()
                well()
            except BaseException:
                for organization, revision in post.items():
                    keep_newest(self._outbox, f"{organization}:{revision}")
                self._to_post.set()
                raise


def keep_newest(box: dict[str, int], message: str) -> None:
    """Put a ring into a box that holds one per organization. A stranger's noise on our channel is left out."""
    if ring := RING.fullmatch(message):
        organization, revision = ring[1], int(ring[2])
        box[organization] = max(revision, box.get(organization, 0))
