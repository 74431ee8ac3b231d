"""uvicorn's protocols with the bounds they lack: a head too large or too slow, and a client that stops reading.

A stock uvicorn waits for ever for both, and a client that stopped reading keeps its socket, and the server's end,
waiting.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

STREAMS_END_SECONDS = 2
"""Time that streams have to complete before uvicorn closes what is left."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much head is read, how long for it is waited, and how long a client may stop reading; bytes and seconds."""

    head_bytes: int = 64 * 1024
    head_seconds: float = 15
    stopped_seconds: float = 20


class Eviction:
    """Cuts a client that takes nothing of what waits for it. One that reads slowly is let be."""

    def __init__(self, transport: asyncio.Transport, seconds: float) -> None:
        self._transport, self._seconds = transport, seconds
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
        if left >= self._left:
            self._transport.abort()
        else:
            self.begin()


class Http(HttpToolsProtocol):
    """HTTP/1.1 within bounds."""

    bounds = Bounds()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own has it
        """A client connected: its head is awaited."""
        super().connection_made(transport)
        self._eviction = Eviction(transport, self.bounds.stopped_seconds)
        self._refusal: tuple[str, str] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._head_came()
        self._eviction.end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what comes while a head is awaited."""
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        if self._in_head and self._head_size > self.bounds.head_bytes and not self.transport.is_closing():
            self._refuse(*self._too_large)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        if not self._in_head:
            self._await_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there. One that is too large stops httptools, and uvicorn calls `send_400_response`."""
        self._head_came()
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > self.bounds.head_bytes:
            self._refusal = self._too_large
            raise ValueError(self._refusal)
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """What could not be parsed, or was refused while it was."""
        if self._refusal:
            self._refuse(*self._refusal)
        else:
            super().send_400_response(msg)

    def pause_writing(self) -> None:
        """The client does not keep up."""
        super().pause_writing()
        self._eviction.begin()

    def resume_writing(self) -> None:
        """It does again."""
        self._eviction.end()
        super().resume_writing()

    @property
    def _too_large(self) -> tuple[str, str]:
        return "431 Request Header Fields Too Large", f"The head is larger than {self.bounds.head_bytes} bytes."

    def _await_head(self) -> None:
        self._in_head, self._head_size = True, 0
        self._timer = self.loop.call_later(self.bounds.head_seconds, self._head_too_slow)

    def _head_came(self) -> None:
        self._in_head = False
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _head_too_slow(self) -> None:
        if not self.transport.is_closing():
            self._refuse("408 Request Timeout", f"The head did not arrive within {self.bounds.head_seconds:g} seconds.")

    def _refuse(self, status: str, message: str) -> None:
        fields = f"content-type: text/plain\r\ncontent-length: {len(message)}\r\nconnection: close"
        self.transport.write(f"HTTP/1.1 {status}\r\n{fields}\r\n\r\n{message}".encode())
        self.transport.close()


class WebSockets(WebSocketsSansIOProtocol):
    """WebSocket within bounds."""

    bounds = Bounds()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected."""
        super().connection_made(transport)
        self._eviction = Eviction(self.transport, self.bounds.stopped_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._eviction.end()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not keep up."""
        super().pause_writing()
        self._eviction.begin()

    def resume_writing(self) -> None:
        """It does again."""
        self._eviction.end()
        super().resume_writing()

    def keepalive_timeout(self) -> None:
        """No answer to a ping: what waits to be read will not be, so it is not waited for."""
        super().keepalive_timeout()
        self.loop.call_later(1, self.transport.abort)


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


def protocols(bounds: Bounds) -> dict[str, Any]:
    """The `http` and `ws` of a `uvicorn.Config`."""
    return {
        "http": type("BoundHttp", (Http,), {"bounds": bounds}),
        "ws": type("BoundWebSockets", (WebSockets,), {"bounds": bounds}),
    }
