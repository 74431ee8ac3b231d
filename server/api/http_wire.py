"""uvicorn's HTTP with the bounds it lacks: a head too large or too slow, and a client that stops reading.

A stock uvicorn waits for ever for both.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.api.corked import Corked
from server.api.patience import Eviction, Patience


class Http(HttpToolsProtocol):
    """HTTP/1.1 within bounds."""

    patience = Patience()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own has it
        """A client connected: its head is awaited."""
        super().connection_made(transport)
        self.transport = Corked(transport)
        self._eviction = Eviction(transport, self.patience.stopped_seconds)
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
        if self._in_head and self._head_size > self.patience.head_bytes and not self.transport.is_closing():
            self._refuse(*self._too_large)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        if not self._in_head:
            self._await_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there. One that is too large stops httptools, and uvicorn calls `send_400_response`."""
        self._head_came()
        if len(self.url) + sum(len(name) + len(value) for name, value in self.headers) > self.patience.head_bytes:
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
        return "431 Request Header Fields Too Large", f"The head is larger than {self.patience.head_bytes} bytes."

    def _await_head(self) -> None:
        self._in_head, self._head_size = True, 0
        self._timer = self.loop.call_later(self.patience.head_seconds, self._head_too_slow)

    def _head_came(self) -> None:
        self._in_head = False
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _head_too_slow(self) -> None:
        if not self.transport.is_closing():
            self._refuse(
                "408 Request Timeout", f"The head did not arrive within {self.patience.head_seconds:g} seconds."
            )

    def _refuse(self, status: str, message: str) -> None:
        fields = f"content-type: text/plain\r\ncontent-length: {len(message)}\r\nconnection: close"
        self.transport.write(f"HTTP/1.1 {status}\r\n{fields}\r\n\r\n{message}".encode())
        self.transport.close()
