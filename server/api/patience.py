"""What a server waits for, and for how long."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """How much head is read, how long for it is waited, and how long a client may stop reading; bytes and seconds."""

    head_bytes: int = 64 * 1024
    head_seconds: float = 15
    stopped_seconds: float = 20


class Eviction:
    """Cuts a client that takes nothing of what waits for it. One that reads slowly is let be.

    Where there is a `farewell` it is said first, and the client has as long again to take it.
    """

    def __init__(
        self, transport: asyncio.Transport, seconds: float, farewell: Callable[[], None] | None = None
    ) -> None:
        self._transport, self._seconds, self._farewell = transport, seconds, farewell
        self._timer: asyncio.TimerHandle | None = None
        self._left = 0

    def begin(self) -> None:
        """From now on something waits to be read."""
        self._left = self._transport.get_write_buffer_size()
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._look)

    def end(self) -> None:
        """Nothing waits any more."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        left = self._transport.get_write_buffer_size()
        if not left:
            return
        if left < self._left:
            self.begin()
        elif farewell := self._farewell:
            self._farewell = None
            farewell()
            self.begin()
        else:
            self._transport.abort()
