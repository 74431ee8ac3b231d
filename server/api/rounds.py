"""Rounds: one timer that looks after all sockets, and one statement that looks at all their sign-ins."""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from server.api.callers import Door
from server.api.pace import Pace
from server.live import farewell
from server.models.database import is_unavailable

if TYPE_CHECKING:  # a socket is on its rounds, and they look after sockets
    from server.api.sockets import Socket

TICK_SECONDS = 1.0
log = logging.getLogger("stageline.rounds")


class Rounds:
    """Looks after every socket of an endpoint: greetings that do not come, pings, sign-ins that end, and the end."""

    def __init__(self, door: Door, pace: Pace) -> None:
        self._door, self._pace = door, pace
        self._sockets: set[Socket] = set()
        self._going: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()

    def add(self, socket: "Socket") -> None:
        """Look after a socket from here on."""
        self._sockets.add(socket)
        if self._going is None:
            self._going = asyncio.create_task(self._go(), name="rounds")

    def remove(self, socket: "Socket") -> bool:
        """Look after it no longer; whether it was looked after."""
        known = socket in self._sockets
        self._sockets.discard(socket)
        return known

    def look_now(self) -> None:
        """Somebody may have been signed out: look at the sign-ins without delay."""
        self._hurry.set()

    async def _go(self) -> None:
        loop, pace = asyncio.get_running_loop(), self._pace
        tick = min(TICK_SECONDS, pace.recheck, pace.init, pace.ping)
        recheck_at = loop.time() + pace.recheck
        farewell.hear(self.look_now)
        leaving, hurry = asyncio.create_task(pace.leaving.wait()), asyncio.create_task(self._hurry.wait())
        try:
            while self._sockets:
                await asyncio.wait((leaving, hurry), timeout=tick, return_when=asyncio.FIRST_COMPLETED)
                if leaving.done():
                    self._say_goodbye()
                    return
                now = loop.time()
                for socket in list(self._sockets):
                    socket.look(now)
                if hurry.done() or now >= recheck_at:
                    recheck_at = now + pace.recheck
                    self._hurry.clear()
                    if hurry.done():
                        hurry = asyncio.create_task(self._hurry.wait())
                    await self._recheck([socket for socket in self._sockets if socket.caller])
        finally:
            self._going = None
            farewell.ignore(self.look_now)
            leaving.cancel()
            hurry.cancel()

    def _say_goodbye(self) -> None:
        for socket in list(self._sockets):
            socket.leave()

    async def _recheck(self, sockets: list["Socket"]) -> None:
        """Close those whose sign-in ended. A database that is away tells nothing, and feeds no stream either."""
        try:
            ended = await self._door.goodbyes([socket.caller for socket in sockets if socket.caller])
        except Exception as error:  # noqa: BLE001 - an unwatched socket would outlive its sign-in
            if not is_unavailable(error):
                _stumble(sockets, error)
            return
        for number, goodbye in ended.items():
            with suppress(Exception):
                sockets[number].close(goodbye.code, goodbye.reason)


def _stumble(sockets: Iterable["Socket"], error: Exception) -> None:
    for socket in sockets:
        socket.stumble(error)
