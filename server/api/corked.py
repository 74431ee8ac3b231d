"""Head and body of a response in one write: uvicorn makes two, and a system call costs more than a small answer."""

import asyncio
from typing import Any

MOST = 64 * 1024
"""Bytes that wait for the end of this turn of the loop; more are written at once, so that back-pressure is felt."""


class Corked(asyncio.Transport):
    """A transport that writes at the end of a turn of the event loop what was written in it, in order."""

    def __init__(self, transport: asyncio.Transport) -> None:
        super().__init__()
        self.transport = transport
        self._soon = asyncio.get_running_loop().call_soon
        self._waiting: list[bytes | bytearray | memoryview] = []
        self._size = 0

    def write(self, data: Any) -> None:
        """Write before this turn ends."""
        if not self._waiting:
            self._soon(self._pull)
        self._waiting.append(data)
        self._size += len(data)
        if self._size > MOST:
            self._pull()

    def _pull(self) -> None:
        waiting, self._waiting, self._size = self._waiting, [], 0
        if waiting and not self.transport.is_closing():
            self.transport.writelines(waiting)

    def close(self) -> None:
        """Close once all is written."""
        self._pull()
        self.transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._waiting = []
        self.transport.abort()

    def is_closing(self) -> bool:
        """Whether it was closed, or lost."""
        return self.transport.is_closing()

    def get_write_buffer_size(self) -> int:
        """Bytes that are not yet on their way."""
        return self._size + self.transport.get_write_buffer_size()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the connection."""
        return self.transport.get_extra_info(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Hand what comes to another protocol."""
        self.transport.set_protocol(protocol)

    def pause_reading(self) -> None:
        """Read nothing for now."""
        self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Read on."""
        self.transport.resume_reading()
