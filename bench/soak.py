"""Hours on the wall: many sockets, a change each second, and memory and delay looked at each minute.

`python -m bench.soak --minutes 30 --sockets 2000 --workers 2` starts PostgreSQL, Redis and the product on this machine,
opens the sockets (half follow `activity`, half `watch` the node that is renamed), and writes a JSON file and a table. A
delay is from the moment at which the writer sends its change until a socket has the event, so the write is part of it.
At the end every follower of `activity` must have had every revision, once and in order.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect

from bench.machine import cpu, described, end_in_order, family_cpu
from tests.support.deployed import Deployment, deployed
from tests.support.postgres import Postgres, postgres
from tests.support.redis import redis
from tests.support.served import Served

ACTIVITY = "subscription ($after: Revision) { activity(after: $after) { revision kind sentence } }"
WATCH = "subscription ($id: ID!) { watch(id: $id) { revision node { ... on CascadeNode { name } } } }"
OPENED_AT_ONCE = 50
PATIENCE = 30
FLAT_MEMORY, FLAT_DELAY = 1.05, 1.5
"""The last third of the samples may come to so many times the first third (of minutes after the first)."""
RESULTS = Path(__file__).parent / "results"


@dataclass
class Sample:
    """One minute."""

    minute: int
    deliveries: int
    p50_ms: float
    p99_ms: float
    memory_mb: float
    """Of all workers, each page counted once (PSS)."""
    server_cpu_ms_per_1000: float
    """Of all workers, for 1,000 deliveries; the change itself included."""
    database_cpu_ms_per_change: float


@dataclass
class Wall:
    """All the sockets, and what they saw."""

    begin: int
    sent: dict[int, float] = field(default_factory=dict)
    """Revision → when its change was sent."""
    delays: list[float] = field(default_factory=list)
    """Of the minute under way, in seconds."""
    followed: dict[int, int] = field(default_factory=dict)
    """Follower → the last revision it saw."""
    ready: int = 0
    broken: list[str] = field(default_factory=list)

    async def listen(self, number: int, url: str, token: str, watched: str) -> None:
        """One socket, for ever."""
        follows = number % 2 == 0
        document, variables = (ACTIVITY, {"after": str(self.begin)}) if follows else (WATCH, {"id": watched})
        address = f"{url.replace('http', 'ws', 1)}/graphql"
        subprotocols: Sequence[Any] = ["graphql-transport-ws"]
        async with connect(address, subprotocols=subprotocols, compression=None, proxy=None, ping_interval=None) as one:
            await one.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
            await one.recv()
            payload = {"query": document, "variables": variables}
            await one.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
            self.ready += 1
            self.followed[number] = self.begin
            await self._hear(number, one, follows=follows)

    async def _hear(self, number: int, one: ClientConnection, *, follows: bool) -> None:
        async for text in one:
            message = orjson.loads(text)
            if message["type"] == "ping":
                await one.send('{"type":"pong"}')
                continue
            if message["type"] != "next" or "errors" in message["payload"]:
                self.broken.append(f"{number}: {text[:200]!r}")
                return
            seen = int(message["payload"]["data"]["activity" if follows else "watch"]["revision"])
            if follows and seen != self.followed[number] + 1:
                self.broken.append(f"{number}: {seen} after {self.followed[number]}")
            self.followed[number] = seen
            if sent := self.sent.get(seen):
                self.delays.append(time.perf_counter() - sent)
        self.broken.append(f"{number}: closed with {one.close_code}")


def pss(pids: Sequence[int]) -> float:
    """MB of memory of processes that share pages, each page counted once."""
    lines = (line for pid in pids for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines())
    return sum(float(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def serving(product: Served) -> list[int]:
    """The processes that serve: the workers, or the one."""
    return product.process.children or [product.process.pid]


async def soak(
    options: argparse.Namespace, deployment: Deployment, product: Served, cluster: Postgres
) -> dict[str, Any]:
    """Open the sockets, change once a second, and sample."""
    token = deployment.tokens["eve"]
    async with deployment.caller(product, "lea") as lea:
        watched = (await lea.create("Soaked"))["id"]
        begin = int((await lea.ask("{ organization { revision } }"))["organization"]["revision"])
        wall, bare = Wall(begin), pss(serving(product))
        tasks = []
        for first in range(0, options.sockets, OPENED_AT_ONCE):
            last = min(first + OPENED_AT_ONCE, options.sockets)
            tasks += [asyncio.create_task(wall.listen(n, product.url, token, watched)) for n in range(first, last)]
            await _until(lambda wanted=last: wall.ready >= wanted)  # type: ignore[misc]  # mypy sees no default's type
        full, samples = pss(serving(product)), []
        for minute in range(1, options.minutes + 1):
            samples.append(await _minute(minute, wall, lea, watched, product, cluster))
            print(_row(asdict(samples[-1])), flush=True)
        await _until(lambda: min(seen for n, seen in wall.followed.items() if n % 2 == 0) >= max(wall.sent))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    broken = [told for told in wall.broken if "closed with None" not in told]
    return {
        "sockets": options.sockets,
        "workers": options.workers,
        "changes": len(wall.sent),
        "bare_mb": bare,
        "kb_per_socket": (full - bare) * 1024 / options.sockets,
        "broken": broken,
        "samples": [asdict(each) for each in samples],
        **_verdict(samples),
    }


async def _until(fact: Callable[[], bool]) -> None:
    """Wait until it is so. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not fact():  # noqa: ASYNC110 - thousands of sockets bring it about, each a little
            await asyncio.sleep(0.02)


async def _minute(minute: int, wall: Wall, lea: Any, watched: str, product: Served, cluster: Postgres) -> Sample:
    """Sixty changes, a second apart."""
    server = sum(map(cpu, serving(product)))
    database = family_cpu(cluster.process.pid)
    wall.delays = []
    for _ in range(60):
        started = time.perf_counter()
        revision = wall.begin + len(wall.sent) + 1
        wall.sent[revision] = started
        await lea.do("editNode", node=watched, name=f"Soaked {revision}")
        await asyncio.sleep(max(0.0, 1 - (time.perf_counter() - started)))
    cuts = quantiles(wall.delays, n=100)
    return Sample(
        minute,
        len(wall.delays),
        cuts[49] * 1e3,
        cuts[98] * 1e3,
        pss(serving(product)),
        (sum(map(cpu, serving(product))) - server) * 1e6 / max(1, len(wall.delays)),
        (family_cpu(cluster.process.pid) - database) * 1e3 / 60,
    )


def _verdict(samples: list[Sample]) -> dict[str, float | bool]:
    """The last third of the minutes against the first, without the first minute of all."""
    settled = samples[1:] or samples
    third = max(1, len(settled) // 3)
    early, late = settled[:third], settled[-third:]
    memory_ratio = median(each.memory_mb for each in late) / median(each.memory_mb for each in early)
    delay_ratio = median(each.p99_ms for each in late) / median(each.p99_ms for each in early)
    return {
        "memory_ratio": memory_ratio,
        "p99_ratio": delay_ratio,
        "flat": memory_ratio <= FLAT_MEMORY and delay_ratio <= FLAT_DELAY,
    }


def _row(sample: dict[str, Any]) -> str:
    return "  ".join(f"{value:>22,.1f}" if isinstance(value, float) else f"{value:>10,}" for value in sample.values())


def main() -> None:
    """Run it, and write down what it came to."""
    options = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    options.add_argument("--minutes", type=int, default=30)
    options.add_argument("--sockets", type=int, default=2_000)
    options.add_argument("--workers", type=int, default=2)
    asked = options.parse_args()
    end_in_order()
    at, machine = datetime.now(UTC), described()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stageline-soak-")))
        cluster, broker = stack.enter_context(postgres()), stack.enter_context(redis())

        async def run() -> dict[str, Any]:
            async with cluster.database() as url:
                deployment = await deployed(url, folder)
                with deployment.served(broker.url, workers=asked.workers) as product:
                    return await soak(asked, deployment, product, cluster)

        print("  ".join(each.rjust(10 if each in {"minute", "deliveries"} else 22) for each in Sample.__annotations__))
        found = asyncio.run(run())
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"soak-{at:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps({"at": at.isoformat(), "machine": machine, **found}, indent=1) + "\n", encoding="utf-8")
    told = f"memory × {found['memory_ratio']:.3f}, p99 × {found['p99_ratio']:.2f}"
    told += f", {found['kb_per_socket']:.1f} KB a socket"
    print(
        f"{'flat' if found['flat'] else 'NOT FLAT'}: {told}; {len(found['broken'])} broken streams. Written to {path}"
    )
    if found["broken"] or not found["flat"]:
        sys.exit("\n".join(found["broken"][:10]) or "not flat")


if __name__ == "__main__":
    main()
