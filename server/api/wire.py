"""The server: uvicorn's, whose protocols have the bounds they lack, and that tells its streams before it goes.

A stock uvicorn waits for ever for a slow head and for a client that stopped reading, also when it is to end.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import uvicorn

from server.api.http_wire import Http
from server.api.patience import Patience
from server.api.socket_wire import WebSockets

STREAMS_END_SECONDS = 2
"""Time that streams have to complete before uvicorn closes what is left."""


class Server(uvicorn.Server):
    """A server that tells its streams before it goes: clients get `complete` and a close code instead of a cut."""

    def __init__(
        self, config: uvicorn.Config, leaving: asyncio.Event, on_ready: Callable[[], None] | None = None
    ) -> None:
        super().__init__(config)
        self._leaving, self._on_ready = leaving, on_ready

    async def startup(self, sockets: Any = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started and self._on_ready:
            self._on_ready()

    async def shutdown(self, sockets: Any = None) -> None:
        """Stop accepting, let the streams end, then stop as uvicorn does."""
        for server in self.servers:
            server.close()
        self._leaving.set()
        deadline = asyncio.get_running_loop().time() + STREAMS_END_SECONDS
        while self._streaming() and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.02)
        await super().shutdown(sockets)

    def _streaming(self) -> bool:
        return any(isinstance(each, WebSockets) and not each.close_sent for each in self.server_state.connections)


def protocols(patience: Patience) -> dict[str, Any]:
    """The `http` and `ws` of a `uvicorn.Config`."""
    return {
        "http": type("PatientHttp", (Http,), {"patience": patience}),
        "ws": type("PatientWebSockets", (WebSockets,), {"patience": patience}),
    }
