"""uvicorn's protocols with the bounds they lack: a head too large or too slow, and a client that stops reading.

A stock uvicorn waits for ever for both, and a client that stopped reading keeps its socket, and the server's end,
waiting.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from server.api.corked import Corked

SWITCHING = 101
LINE = "stageline.line"
"""The extension of a WebSocket's scope under which it is found."""
STREAMS_END_SECONDS = 2
"""Time that streams have to complete before uvicorn closes what is left."""


def head(size: int) -> bytes:
    """What goes before a text message of so many bytes that is sent whole by a server (RFC 6455, 5.2)."""
    if size < 126:  # noqa: PLR2004 - lengths from here on take two bytes, or eight
        return bytes((0x81, size))
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2, "big")
    return b"\x81\x7f" + size.to_bytes(8, "big")


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
        self.transport = Corked(transport)
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

    def handle_websocket_upgrade(self) -> None:
        """From here on frames are written, by another protocol."""
        if isinstance(self.transport, Corked):
            self.transport = self.transport.transport
        super().handle_websocket_upgrade()

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


class Receiver(Protocol):
    """Who a WebSocket is handed over to once it is open: told by calls, so that no task waits for it."""

    def message(self, text: str | None) -> None:
        """The client sent a text; None: a binary message."""
        ...

    def drained(self) -> None:
        """The client has read so much that more can be sent."""
        ...

    def lost(self) -> None:
        """The socket is no more. May be told twice."""
        ...


class Inbox:
    """Stands where uvicorn queues events for a task to fetch, and hands them on at once instead."""

    __slots__ = ("_receiver",)

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    def put_nowait(self, event: Any) -> None:
        """Hand an event on."""
        if event["type"] == "websocket.receive":
            self._receiver.message(event.get("text"))
        else:
            self._receiver.lost()


class WebSockets(WebSocketsSansIOProtocol):
    """WebSocket within bounds, which an application may take over after the handshake.

    An application finds it in its scope's extensions under `LINE`, accepts as usual, calls `hand_over` and returns.
    From then on there is no task, no ASGI message and no timer of its own: frames are parsed by uvicorn as ever, and
    what is sent goes straight to the transport.
    """

    bounds = Bounds()
    receiver: Receiver | None = None
    paused = False
    """Whether the client does not keep up; what is sent nevertheless waits in memory."""
    quiet = True
    """Whether nothing was sent to its operations since the last ping."""

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
        self.paused = True
        self._eviction.begin()

    def resume_writing(self) -> None:
        """It does again."""
        self._eviction.end()
        super().resume_writing()
        self.paused = False
        if self.receiver:
            self.receiver.drained()

    def handle_connect(self, event: Request) -> None:
        """The handshake came: the application is asked, and may take over."""
        super().handle_connect(event)
        if self.response.status_code == SWITCHING:
            self.scope["extensions"][LINE] = self  # type: ignore[assignment]  # there is a dictionary

    async def run_asgi(self) -> None:
        """As uvicorn does; but what was handed over outlives the application's call."""
        try:
            await self.app(self.scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except BaseException:
            self.logger.exception("Exception in ASGI application\n")
            self.send_500_response()
        if self.receiver is not None and not self.disconnected:
            self._lighten()
            return
        self.send_500_response()
        if self.close_timer is None:
            self.transport.close()

    def hand_over(self, receiver: Receiver) -> None:
        """From here on `receiver` is told what the client sends. The handshake must be complete."""
        self.receiver = receiver
        arrived, self.queue = self.queue, Inbox(receiver)  # type: ignore[assignment]  # all that is used of a queue
        if self.read_paused:
            self.transport.resume_reading()
        self.read_paused = True  # so that uvicorn does not pause again: nothing is queued any more
        while not arrived.empty():
            self.queue.put_nowait(arrived.get_nowait())

    def say(self, text: bytes) -> None:
        """Send a text message."""
        self.transport.write(head(len(text)) + text)

    def schedule_ping(self) -> None:
        """Nothing: who took over sends pings for all sockets together, by `send_keepalive_ping`."""

    def end(self, code: int, reason: str) -> None:
        """Close, and wait a while for the client to agree."""
        if self.close_sent or self.transport.is_closing():
            return
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.close)

    def keepalive_timeout(self) -> None:
        """No answer to a ping: what waits to be read will not be, so it is not waited for."""
        super().keepalive_timeout()
        self.loop.call_later(1, self.transport.abort)

    def _lighten(self) -> None:
        """Let go of what only the handshake needed."""
        for name in ("scope", "request", "response", "app_state"):
            self.__dict__.pop(name, None)
        self.conn.handshake_exc = None


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
