"""The product as its users meet it: a process of its own on a free port, reached over HTTP."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.process import Process, free_port

ROOT = Path(__file__).resolve().parent.parent.parent


class Served:
    """A running product.

    Attributes:
        url: Its address, without a slash at the end.
        process: To freeze, kill, end and read.
    """

    def __init__(self, process: Process, url: str) -> None:
        self.process = process
        self.url = url

    def start(self, seconds: float = 60.0) -> None:
        """Start it, on the same port and data, and wait until it is ready."""
        self.process.start(self._ready, seconds)

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2, trust_env=False).is_success
        except httpx.TransportError:
            return False


@contextmanager
def served(folder: Path, *words: str, port: int = 0, seconds: float = 60.0, **settings: str) -> Iterator[Served]:
    """Start `python -m server WORDS` and stop it afterwards.

    Args:
        folder: Where its log goes, and its data unless a setting says otherwise.
        words: The command: `"serve"` unless given.
        port: Two processes of one deployment behind two ports: give each its own; 0 takes a free one.
        seconds: How long it may take until it is ready.
        settings: By name without prefix: `database_url="postgres://…"` becomes STAGELINE_DATABASE_URL.
    """
    port = port or free_port()
    chosen = {"data_dir": str(folder), "host": "127.0.0.1", "port": str(port), "log_format": "json"}
    chosen |= {"notice_seconds": "0"} | settings  # findings are facts, too: they come where a test asks for them
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STAGELINE_")}
    environment |= {f"STAGELINE_{name.upper()}": value for name, value in chosen.items()}
    command = [sys.executable, "-m", "server", *(words or ("serve",))]
    process = Process(command, folder / f"server-{port}.log", env=environment, cwd=ROOT)
    product = Served(process, f"http://127.0.0.1:{port}")
    product.start(seconds)
    try:
        yield product
    finally:
        if process.alive:
            process.end()
