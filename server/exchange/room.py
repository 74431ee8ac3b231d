"""How much is imported at once in one process: a file is held in memory while it is, so the next waits for room."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MOST_AT_ONCE = 250_000_000
"""Bytes of files: one of the largest that are taken, or many of the usual size."""


class Room:
    """Room for so many bytes; who asks for more than there is waits, and is served in turn."""

    def __init__(self, size: int = MOST_AT_ONCE) -> None:
        self._size, self._taken = size, 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def taken(self, wanted: int) -> AsyncIterator[None]:
        """Hold so many bytes; more than the whole room are held alone."""
        wanted = min(wanted, self._size)
        if self._waiting or self._taken + wanted > self._size:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((wanted, turn))
            await self._come(turn, wanted)
        else:
            self._taken += wanted
        try:
            yield
        finally:
            self._leave(wanted)

    async def _come(self, turn: "asyncio.Future[None]", wanted: int) -> None:
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave(wanted)  # the turn came, and nobody was there
            raise

    def _leave(self, wanted: int) -> None:
        self._taken -= wanted
        self._waiting = [one for one in self._waiting if not one[1].done()]
        while self._waiting and self._taken + self._waiting[0][0] <= self._size:
            size, turn = self._waiting.pop(0)
            self._taken += size
            turn.set_result(None)
