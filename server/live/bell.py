"""The doorbell: after a commit it tells whoever follows an organization, in every process, to which revision it came.

The ledger is the mailbox, the bell only says "look now": a lost ring costs latency (listeners poll on a time-out),
never an event. This file and its `bell_backends` are the only importers of broadcaster, whose own Redis backend cannot
be used: with redis-py 8 it never delivers to its first channel, it never recovers from an outage, and of subscribers
that arrive together only one hears. So the backends are ours, broadcaster carries one always-subscribed channel, and
the fan-out per organization is local and keeps only the newest revision per listener.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from broadcaster import Broadcast

from server.live.bell_backends import CHANNEL, LOOK_AGAIN, LocalBackend, RedisBackend


@dataclass(frozen=True, slots=True)
class BellState:
    """What the bell did so far, for `/readyz` and `/metrics`."""

    state: str
    """`memory`, `connected` or `reconnecting`."""
    rung: int
    """Rings given by this process."""
    heard: int
    """Rings that arrived here, this process's own included."""
    losses: int
    """How often the way to Redis was lost."""
    reconnects: int
    """How often it was found again."""
    listeners: int


class Rings:
    """One listener's view of the bell. However many rings came since the last look, it keeps one: the newest."""

    def __init__(self) -> None:
        self._knock = asyncio.Event()
        self._newest = 0
        self._look_again = False
        self._ended = False

    def heard(self, revision: int | None) -> None:
        """Note a ring; None asks for a look whatever the revision."""
        if revision is None:
            self._look_again = True
        else:
            self._newest = max(self._newest, revision)
        self._knock.set()

    def end(self) -> None:
        """No ring will come any more: iteration ends, `wait` runs into its time-out."""
        self._ended = True
        self._knock.set()

    async def wait(self, timeout: float) -> int | None:  # noqa: ASYNC109 - running out is an answer here
        """The newest revision rung since the last look, or None ("look again") after `timeout` seconds or an outage."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while not self._rung:
                    await self._knock.wait()
                    self._knock.clear()
        return self._taken()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> int | None:
        while not self._rung:
            if self._ended:
                raise StopAsyncIteration
            await self._knock.wait()
            self._knock.clear()
        return self._taken()

    @property
    def _rung(self) -> bool:
        return self._look_again or self._newest > 0

    def _taken(self) -> int | None:
        newest = None if self._look_again or not self._newest else self._newest
        self._newest, self._look_again = 0, False
        return newest


class Bell:
    """Rings and listens, in one process (memory) or across many (Redis)."""

    def __init__(self, backend: LocalBackend) -> None:
        self._backend = backend
        self._broadcast = Broadcast(backend=backend)
        self._listeners: dict[UUID | None, set[Rings]] = {}
        self._pump: asyncio.Task[None] | None = None
        self._rung = self._heard = 0

    @classmethod
    def open(cls, redis_url: str | None = None, *, channel: str = "stageline") -> Self:
        """A bell of this deployment; without a Redis address it rings in this process only. Call `start` before use."""
        return cls(RedisBackend(redis_url, channel) if redis_url else LocalBackend())

    async def start(self) -> None:
        """Begin to listen. Returns at once: a Redis that is away is looked for in the background."""
        await self._broadcast.connect()
        subscribed = asyncio.Event()
        self._pump = asyncio.create_task(self._fan_out(subscribed), name="bell")
        await subscribed.wait()

    async def stop(self) -> None:
        """End every listener's iteration, then let go of Redis."""
        for rings in [rings for group in self._listeners.values() for rings in group]:
            rings.end()
        if self._pump:
            self._pump.cancel()
            with suppress(asyncio.CancelledError):
                await self._pump
            self._pump = None
            await self._broadcast.disconnect()

    async def ring(self, organization_id: UUID, revision: int) -> None:
        """Say that an organization has come to `revision`. Never raises and never waits for the network."""
        self._rung += 1
        await self._broadcast.publish(CHANNEL, f"{organization_id}:{revision}")

    @asynccontextmanager
    async def listen(self, organization_id: UUID | None) -> AsyncIterator[Rings]:
        """Hear one organization, or every one (None).

        `async for revision in rings`, or `rings.wait(timeout=2.0)` to poll as well.
        """
        rings = Rings()
        self._listeners.setdefault(organization_id, set()).add(rings)
        try:
            yield rings
        finally:
            group = self._listeners[organization_id]
            group.discard(rings)
            if not group:
                del self._listeners[organization_id]

    def state(self) -> BellState:
        """What it did so far."""
        listeners = sum(map(len, self._listeners.values()))
        backend = self._backend
        return BellState(backend.state, self._rung, self._heard, backend.losses, backend.reconnects, listeners)

    async def _fan_out(self, subscribed: asyncio.Event) -> None:
        async with self._broadcast.subscribe(CHANNEL) as events:
            subscribed.set()
            while True:
                self._deliver((await events.get()).message)

    def _deliver(self, message: str) -> None:
        if message == LOOK_AGAIN:
            for group in self._listeners.values():
                for rings in group:
                    rings.heard(None)
            return
        self._heard += 1
        organization, _, revision = message.partition(":")
        for who in (UUID(organization), None):
            for rings in self._listeners.get(who, ()):
                rings.heard(int(revision))
