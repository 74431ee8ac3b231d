"""Who is measured: our server and, on the same facts in the same PostgreSQL, the limits, the usual way and the peers.

Each is a process of its own on the server's core; all of a row run at once and are asked in turn.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bench.ground import Filled, Ground
from bench.machine import SERVER, cpu, pinned
from bench.questions import PEERS, Question, facts
from tests.support.process import Process, free_port
from tests.support.served import served

PEERS_FOLDER = Path(__file__).parent / "peers"
ROOT = PEERS_FOLDER.parent.parent
OURS, USUAL, RAW, KEPT_SUMS, READY = "Stageline", "usual way", "raw SQL → JSON", "raw SQL, kept sums", "ready bytes"
FRESH = {"answers_bytes": "0"}
"""Settings under which nothing is answered from what was kept of an earlier answer."""


@dataclass
class Contestant:
    """A server that is asked one question, in the words that it understands."""

    name: str
    pid: int
    port: int
    path: str
    bodies: list[str]
    headers: dict[str, str] = field(default_factory=dict)

    def cpu(self) -> float:
        """The seconds of CPU it has used."""
        return cpu(self.pid)

    def answer(self, number: int = 0) -> Any:
        """The whole answer to one of its bodies."""
        return self.response(number).json()

    def response(self, number: int = 0, **headers: str) -> httpx.Response:
        """The answer as it came."""
        asked = {"Content-Type": "application/json", "Accept": "application/json"} | self.headers | headers
        url = f"http://127.0.0.1:{self.port}{self.path}"
        return httpx.post(url, content=self.bodies[number], headers=asked, timeout=120, trust_env=False)


@contextmanager
def ours(
    on: Filled, folder: Path, settings: Mapping[str, str] | None = None, *, core: int = SERVER
) -> Iterator[tuple[int, int]]:
    """Our server with authentication, rights and limits: its process id and port."""
    address = on.url.replace("sqlite:/", "sqlite:///", 1) if on.url.startswith("sqlite") else on.url
    chosen = {"database_url": address, "remind_seconds": "0", **(settings or {})}
    with pinned(core):
        context = served(folder, **chosen)  # type: ignore[arg-type]  # settings only, none is a port
        product = context.__enter__()
    try:
        yield product.process.pid, int(product.url.rpartition(":")[2])
    finally:
        context.__exit__(None, None, None)


@contextmanager
def peer(name: str, command: list[str], folder: Path, port: int, env: Mapping[str, str]) -> Iterator[int]:
    """Another server, ready when its port answers; its process id."""
    process = Process(
        command, folder / f"{name.partition(' ')[0]}-{port}.log", env={**os.environ, **env}, cwd=PEERS_FOLDER
    )

    def ready() -> bool:
        try:
            httpx.get(f"http://127.0.0.1:{port}/", timeout=2, trust_env=False)
        except httpx.TransportError:
            return False
        return True

    with pinned(SERVER):
        process.start(ready, 60)
    try:
        yield process.pid
    finally:
        process.end()


def under_uvicorn(module: str, port: int) -> list[str]:
    """The command that serves a peer written for ASGI, with the fastest parts there are."""
    parts = f"-m uvicorn bench.peers.{module}:app --app-dir {ROOT} --port {port} --loop uvloop --http httptools"
    sockets = "--ws websockets-sansio --ws-per-message-deflate false --backlog 4096 --timeout-keep-alive 75"
    return [sys.executable, *parts.split(), *sockets.split(), *"--log-level warning --no-access-log".split()]


@contextmanager
def contestants(
    ground: Ground,
    question: Question,
    on: Filled,
    *,
    as_who: str = "eve",
    settings: Mapping[str, str] | None = None,
    kept_sums: bool = False,
) -> Iterator[list[Contestant]]:
    """Everybody who answers a question, ours first. Raises AssertionError where two of them tell different facts."""
    with ExitStack() as stack:
        folder = ground.folder
        pid, port = stack.enter_context(ours(on, folder, settings or FRESH))
        headers = {"Authorization": f"Bearer {on.tokens[as_who]}"}
        found = [Contestant(OURS, pid, port, "/graphql", question.bodies(on, None), headers)]
        if not on.url.startswith("sqlite"):
            found += _others(stack, ground, question, on, kept_sums)
        _compare(found, question)
        yield found


def _others(stack: ExitStack, ground: Ground, question: Question, on: Filled, kept_sums: bool) -> list[Contestant]:
    from bench.node_peers import node_peers

    env = {"DB": on.url}
    usual, limits = free_port(), free_port()
    pid = stack.enter_context(peer(USUAL, under_uvicorn("usual", usual), ground.folder, usual, env))
    found = [Contestant(USUAL, pid, usual, "/graphql", question.bodies(on, PEERS))]
    if ground.node:
        found += node_peers(stack, ground, question, on)
    pid = stack.enter_context(peer("limits", under_uvicorn("limits", limits), ground.folder, limits, env))
    found.append(Contestant(RAW, pid, limits, "/raw", question.raw(on)))
    if kept_sums:
        found.append(Contestant(KEPT_SUMS, pid, limits, "/raw", question.raw(on, "Kept")))
    return found


def with_ready_bytes(found: list[Contestant]) -> Contestant:
    """Our own answer as bytes that are ready: what HTTP alone costs."""
    limits = next(each for each in found if each.name == RAW)
    bytes_of = found[0].response().content
    httpx.post(f"http://127.0.0.1:{limits.port}/keep/it", content=bytes_of, trust_env=False).raise_for_status()
    return Contestant(READY, limits.pid, limits.port, "/ready/it", found[0].bodies)


def _compare(found: list[Contestant], question: Question) -> None:
    told = {each.name: each.answer() for each in found}
    for name, answer in told.items():
        assert "errors" not in answer, f"{name}: {json.dumps(answer)[:600]}"
    first = facts(told[found[0].name], question.told)
    assert first, f"{question.name} told nothing: {json.dumps(told[found[0].name])[:600]}"
    for name, answer in told.items():
        other = facts(answer, question.told)
        assert other == first, f"{name} and {found[0].name} differ: {(other - first) + (first - other)}"[:900]
