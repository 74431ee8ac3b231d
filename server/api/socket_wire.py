"""uvicorn's WebSocket within bounds: one that an application may take over, and frames made by hand."""

import asyncio
from typing import Any, Protocol

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request

from server.api.patience import Eviction, Patience

SWITCHING = 101
LINE = "stageline.line"
"""The extension of a WebSocket's scope under which it is found."""


def head(size: int) -> bytes:
    """What goes before a text message of so many bytes that is sent whole by a server (RFC 6455, 5.2)."""
    if size < 126:  # noqa: PLR2004 - lengths from here on take two bytes, or eight
        return bytes((0x81, size))
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2, "big")
    return b"\x81\x7f" + size.to_bytes(8, "big")


class Receiver(Protocol):
    """Who a WebSocket is handed over to once it is open: told by calls, so that no task waits for it."""

    def message(self, text: str | None) -> None:
        """The client sent a text; None: a binary message."""
        ...

    def drained(self) -> None:
        """The client has read so much that more can be sent."""
        ...

    def stopped(self) -> None:
        """The client takes nothing of what waits for it, and will be cut."""
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

    patience = Patience()
    receiver: Receiver | None = None
    paused = False
    """Whether the client does not keep up; what is sent nevertheless waits in memory."""
    quiet = True
    """Whether nothing was sent to its operations since the last ping."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client connected."""
        super().connection_made(transport)
        self._eviction = Eviction(self.transport, self.patience.stopped_seconds, self._stopped)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._eviction.end()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not keep up."""
        super().pause_writing()
        self.paused = True
        self._eviction.begin()

    def _stopped(self) -> None:
        if self.receiver:
            self.receiver.stopped()

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
