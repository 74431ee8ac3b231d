"""Measuring fan-out: an audience of thousands in one C client, a writer in its own process, the server between them."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from bench.contestants import OURS, ROOT, USUAL, ours, peer, under_uvicorn
from bench.ground import BOARD, Filled, Ground
from bench.loads import client
from bench.machine import CLIENT, SERVER, cpu, memory, pinned
from server.schema import ids
from tests.support.process import free_port

IDENTICAL, FLOOR = "identical bytes, uvicorn", "floor in C"
GAP = 0.2  # seconds between two changes
DRAIN = 45.0  # seconds for which late messages are waited for
PATIENCE = 5.0  # seconds in which a change to warm up must be heard, or the next is written
_SELECTED = """id name description stage standing businessUnit owner { name } estimatedValue { amount currency }"""
LIVE = (
    f"subscription Board($id: ID!) {{ watch(id: $id) {{ revision node {{ ... on Initiative {{ {_SELECTED} }} }} }} }}"
)
OWN_BOARD = f"""subscription Own($id: ID!, $from: Month!, $to: Month!) {{ watch(id: $id) {{ revision node {{
    ... on Initiative {{ {_SELECTED} rollUp(from: $from, to: $to) {{ from to }} }} }} }} }}"""
EVENTS = """subscription Events($under: ID!) { activity(under: $under) {
    revision at kind sentence on { id } changes { field before after } } }"""
PRICED_EVENTS = """subscription Priced($under: ID!) { activity(under: $under) { revision kind sentence
    on { id ... on Initiative { estimatedValue { amount currency } } } changes { field before after } } }"""
THEIRS = """subscription Changed($id: Int!) { changed(id: $id) {
    id name description stage standing businessUnit revision ownerName amount currency } }"""


class Unavailable(RuntimeError):
    """What is needed for a row is not on this machine."""


@dataclass(frozen=True)
class Heard:
    """What an audience heard in one phase, and what it cost the server; times in ms."""

    subscribers: int
    events: int
    delivered: int
    dead: int
    errors: int
    wrong: int
    disorder: int
    p50: float
    p99: float
    longest: float
    seconds: float
    per_thousand: float
    database: float
    memory: float
    client: float
    bytes: float

    @property
    def lost(self) -> int:
        """What had not come by the end of the patience."""
        return self.subscribers * self.events - self.delivered

    @property
    def per_second(self) -> float:
        """Deliveries from the first stamp to the last arrival."""
        return self.delivered / max(1e-6, self.seconds)


class Lines:
    """A process that answers each line by a line of JSON."""

    def __init__(self, command: list[str], **options: Any) -> None:
        with pinned(CLIENT):
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
            )

    def read(self) -> dict[str, Any]:
        """The next line."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"a client ended with {self._process.poll()}"
        told: dict[str, Any] = json.loads(line)
        return told

    def ask(self, line: str) -> dict[str, Any]:
        """Say a line and read the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self.read()

    def end(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()


@contextmanager
def audience(
    port: int, count: int, *, inits: list[dict[str, Any]], subscribes: list[dict[str, Any]], first: int, seconds: float
) -> Iterator[Lines]:
    """N subscribers; yields once all have subscribed. Raises AssertionError where some could not."""
    program = client("fan")
    if program is None:
        raise Unavailable("fan-out wants a C compiler for its load client (gcc or cc): there is none")
    with tempfile.TemporaryDirectory(prefix="stageline-fan-") as name:
        files = [Path(name) / "inits", Path(name) / "subscribes"]
        for file, payloads in zip(files, (inits, subscribes), strict=True):
            file.write_text("\n".join(json.dumps(each) for each in payloads), encoding="utf-8")
        words = [str(port), "/graphql", str(count), str(seconds), str(first), *map(str, files)]
        listening = Lines([str(program), *words])
        try:
            ready = listening.read()
            assert ready.get("ready") == count, f"of {count} subscribers only {ready} came through"
            yield listening
        finally:
            listening.end()


@dataclass
class Stage:
    """A server with subscribers to come: how they subscribe, and how something is written.

    Attributes:
        paced: Write so many changes at so many seconds' distance.
        burst: Write so many at once.
    """

    name: str
    pid: int
    port: int
    inits: list[dict[str, Any]]
    subscribes: list[dict[str, Any]]
    first: int
    paced: Callable[[int, float], object]
    burst: Callable[[int], object]
    ask: Callable[[str], dict[str, Any]] | None = None


def greeting(on: Filled, *who: str) -> list[dict[str, Any]]:
    """What the people open their sockets with."""
    return [{"authorization": f"Bearer {on.tokens[name]}"} for name in who]


@contextmanager
def our_stage(
    ground: Ground,
    on: Filled,
    document: str,
    variables: list[dict[str, Any]],
    *,
    who: list[str] | None = None,
    first: int,
) -> Iterator[Stage]:
    """Our server and another worker that writes; they hear of each other through Redis, as in a deployment."""
    node = on.large.measures[BOARD]
    with ours(on, ground.folder, {"redis_url": ground.redis_url}) as (pid, port):
        command = [sys.executable, "-m", "bench.publisher", on.url, ground.redis_url, str(on.organization)]
        people = [str(on.people[name]) for name in (on.owner(BOARD), "ada")]
        writer = Lines([*command, *people, str(node)], cwd=ROOT)
        try:
            assert writer.read()["ready"]
            yield Stage(
                OURS,
                pid,
                port,
                greeting(on, *(who or ["eve"])),
                [{"query": " ".join(document.split()), "variables": each} for each in variables],
                first,
                lambda count, gap: writer.ask(f"paced {count} {gap}"),
                lambda count: writer.ask(f"burst {count}"),
                writer.ask,
            )
        finally:
            writer.end()


def board_variables(on: Filled) -> list[dict[str, Any]]:
    """Everybody looks at the same board."""
    return [{"id": ids.issue("node", on.large.measures[BOARD])}]


def events_variables(on: Filled) -> list[dict[str, Any]]:
    """Everybody follows the same branch."""
    return [{"under": ids.issue("node", on.large.measures[BOARD])}]


@contextmanager
def their_stage(ground: Ground, on: Filled, name: str) -> Iterator[Stage]:
    """A peer, which hears from PostgreSQL by NOTIFY."""
    from bench.node_peers import NODE_PEERS, node_peer

    target, port = on.plain[f"Initiative {BOARD}"], free_port()
    subscribe = [{"query": " ".join(THEIRS.split()), "variables": {"id": target}}]
    with ExitStack() as stack:
        if name in NODE_PEERS:
            pid, subscribe = stack.enter_context(node_peer(name, ground, on, port)), NODE_PEERS[name](target)
        else:
            module = "usual" if name == USUAL else "identical"
            pid = stack.enter_context(peer(name, under_uvicorn(module, port), ground.folder, port, {"DB": on.url}))
        yield Stage(
            name,
            pid,
            port,
            [{}],
            subscribe,
            0,
            lambda count, gap: asyncio.run(_write(on.url, target, count, gap)),
            lambda count: asyncio.run(_write(on.url, target, count, 0)),
        )


async def _write(url: str, target: int, count: int, gap: float) -> None:
    connection = await asyncpg.connect(url)
    sql = "UPDATE plain.initiative SET description = $2, revision = revision + 1 WHERE id = $1"
    began = time.monotonic()
    try:
        if gap:
            for number in range(count):
                await asyncio.sleep(max(0.0, began + number * gap - time.monotonic()))
                await connection.execute(sql, target, _stamp())
        else:
            async with connection.transaction():
                for _ in range(count):
                    await connection.execute(sql, target, _stamp())
    finally:
        await connection.close()


def _stamp() -> str:
    return f"@{time.time_ns() // 1000}"


@contextmanager
def floor_stage(_ground: Ground, _on: Filled) -> Iterator[Stage]:
    """The floor: it is told what to send by its standard input."""
    program, port = client("floor"), free_port()
    if program is None:
        raise Unavailable("the floor wants a C compiler")
    with pinned(SERVER):
        process = subprocess.Popen([str(program), str(port)], stdin=subprocess.PIPE, text=True)
    facts = {
        "id": "bjAxOWFhYmJjY2RkZWVmZjAxMjM0NTY3ODk",
        "name": "Initiative 0",
        "stage": "DEFINED",
        "standing": "ACTIVE",
    }
    facts |= {
        "businessUnit": "Service",
        "ownerName": "Olaf",
        "amount": "1234567.89",
        "currency": "EUR",
        "more": "x" * 150,
    }

    def write(count: int, gap: float = 0.0) -> None:
        assert process.stdin is not None
        began = time.monotonic()
        for number in range(count):
            time.sleep(max(0.0, began + number * gap - time.monotonic()))
            process.stdin.write(json.dumps({**facts, "description": _stamp()}) + "\n")
            process.stdin.flush()

    try:
        time.sleep(0.3)
        yield Stage(FLOOR, process.pid, port, [{}], [{"query": "subscription { changed }"}], 0, write, write)
    finally:
        process.kill()
        process.wait()


def hear(
    ground: Ground, stage: Stage, listening: Lines, events: int, write: Callable[[], object], *, coalesced: bool = False
) -> Heard:
    """Let something be written and wait until all have heard it, or patience ends.

    `coalesced`: of a live query not every state need arrive, but the newest must.
    """
    listening.ask("reset")
    before, database, began = cpu(stage.pid), ground.database_cpu(), time.monotonic()
    client_before = listening.ask("count")["cpu_s"]
    write()
    written, seen = time.monotonic(), -1
    while True:
        now = listening.ask("count")
        quiet = coalesced and now["messages"] == seen and now["least"] > 0
        if now["messages"] >= now["subscribed"] * events or quiet or time.monotonic() - written > DRAIN:
            break
        seen = now["messages"]
        time.sleep(0.5 if coalesced else 0.05)
    told = listening.ask("stat")
    delivered = max(1, told["messages"])
    return Heard(
        subscribers=told["subscribed"] + told["dead"],
        events=events,
        delivered=told["messages"],
        dead=told["dead"],
        errors=told["errors"],
        wrong=told["wrong"],
        disorder=told["disorder"],
        p50=told["p50_ms"],
        p99=told["p99_ms"],
        longest=told["max_ms"],
        seconds=told["span_s"],
        per_thousand=(cpu(stage.pid) - before) * 1e6 / delivered,
        database=(ground.database_cpu() - database) * 1e6 / delivered,
        memory=memory(stage.pid),
        client=(told["cpu_s"] - client_before) / max(0.001, time.monotonic() - began),
        bytes=told["bytes"] / delivered,
    )


def warm(stage: Stage, listening: Lines) -> None:
    """Write until a change is heard by all: what was sent as a subscription need not be one yet.

    Raises AssertionError where some never hear any.
    """
    for _ in range(20):
        listening.ask("reset")
        stage.paced(1, GAP)
        written = time.monotonic()
        while time.monotonic() - written < PATIENCE:
            if listening.ask("count")["least"]:
                return
            time.sleep(0.05)
    raise AssertionError(f"not all subscribers of {stage.name} hear: {listening.ask('count')}")


@dataclass(frozen=True)
class Show:
    """A stage with an audience: memory before and with it, then paced changes, then a burst."""

    heard: Heard
    burst: Heard | None
    kb_each: float


def show(ground: Ground, stage: Stage, count: int, *, changes: int, burst: int = 0) -> Show:
    """Let N subscribers hear paced changes, and a burst where one is wanted."""
    empty = memory(stage.pid)
    seconds = 400 if not ground.quick else 200
    with audience(
        stage.port, count, inits=stage.inits, subscribes=stage.subscribes, first=stage.first, seconds=seconds
    ) as listening:
        warm(stage, listening)
        each = (memory(stage.pid) - empty) / count
        heard = hear(ground, stage, listening, changes, lambda: stage.paced(changes, GAP), coalesced=bool(stage.first))
        loud = hear(ground, stage, listening, burst, lambda: stage.burst(burst)) if burst else None
    return Show(heard, loud, each)
