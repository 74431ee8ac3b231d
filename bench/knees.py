"""Where writes end: writers of one organization and of four, at one worker and at two.

`python -m bench.knees` starts PostgreSQL and Redis, founds four organizations, and lets 1, 2, 4, 8, 16 and 32 writers
change months of value lines (`setPlan`: a revision, a ledger entry, the kept sums of everything above) over HTTP, each
as fast as it is answered. It prints writes per second, delays, and CPU per write of the workers, of PostgreSQL and of
itself, and writes a JSON file.

PostgreSQL runs without fsync, as the tests start it: a disk adds its flush to every commit, and to what it holds up.
"""

import argparse
import asyncio
import json
import resource
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any

import orjson

from bench.machine import cpu, described, end_in_order, family_cpu
from server.actions.credentials import issue_token
from server.api import logs
from server.domain.cascade import Level
from server.live.proof import broken_ledgers
from tests.support.company import company, mutation, opened
from tests.support.deployed import Deployment
from tests.support.postgres import Postgres, postgres
from tests.support.redis import redis
from tests.support.served import Served

WRITERS = (1, 2, 4, 8, 16, 32)
NAMES = ("Alder Pumps", "Birch Foods", "Cedar Rail", "Dogwood Care")
WARM_UP = 0.2
"""The share of the time whose writes do not count."""
RESULTS = Path(__file__).parent / "results"


@dataclass
class Knee:
    """What so many writers came to."""

    workers: int
    organizations: int
    writers: int
    writes_per_s: float
    p50_ms: float
    p99_ms: float
    server_cpu_ms: float
    database_cpu_ms: float
    client_cpu_ms: float


@dataclass(frozen=True)
class Writer:
    """Who writes where: a token, and a line of their own."""

    token: str
    line: str

    def request(self, number: int) -> bytes:
        """One more change of one month, as HTTP has it."""
        months = [{"month": f"2027-{number % 12 + 1:02}", "amount": str(1_000 + number % 100_000)}]
        body = orjson.dumps(
            {"query": mutation("setPlan"), "variables": {"input": {"line": self.line, "months": months}}}
        )
        head = f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n"
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def founded(url: str, writers: int) -> dict[str, list[Writer]]:
    """Four organizations; in each a token and a line for every writer."""
    now, made = datetime.now(UTC), dict[str, list[Writer]]()
    async with opened(url) as bell:
        for name in NAMES:
            one = await company(name, bell, now)
            await one.cascade()
            owner = one.people["olaf"]
            email = f"olaf@{name.lower().replace(' ', '-')}.example"
            token = (await issue_token(email, label="bench", lasts=timedelta(days=1), at=now)).secret
            made[name] = []
            for number in range(writers):
                node = f"Written by {number}"
                await one.create(Level.INITIATIVE, node, "Contracts", owner=owner, businessUnit="Service")
                asked = {"initiative": one.node(node), "kind": "MARGIN", "name": "Line", "recurring": True}
                line = await one.do("olaf", "addValueLine", "... on ValueLine { id }", **asked)
                made[name].append(Writer(token, line["id"]))
    return made


async def write(port: int, writer: Writer, until: float, delays: list[tuple[float, float]]) -> None:
    """Write over one connection until the time is over; notes when each write ended, and how long it took."""
    reader, pipe = await asyncio.open_connection("127.0.0.1", port)
    number = 0
    while (started := time.perf_counter()) < until:
        number += 1
        pipe.write(writer.request(number))
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        body = await reader.readexactly(size)
        assert b'"ValueLine"' in body, body
        delays.append((time.perf_counter(), time.perf_counter() - started))
    pipe.close()


async def measured(
    product: Served, cluster: Postgres, chosen: list[Writer], organizations: int, workers: int, seconds: float
) -> Knee:
    """Let these writers write for so many seconds."""
    port = int(product.url.rpartition(":")[2])
    pids = product.process.children or [product.process.pid]
    started = time.perf_counter()
    until, counted = started + seconds, started + seconds * WARM_UP
    delays: list[tuple[float, float]] = []
    before = (sum(map(cpu, pids)), family_cpu(cluster.process.pid), resource.getrusage(resource.RUSAGE_SELF).ru_utime)
    await asyncio.gather(*(write(port, writer, until, delays) for writer in chosen))
    after = (sum(map(cpu, pids)), family_cpu(cluster.process.pid), resource.getrusage(resource.RUSAGE_SELF).ru_utime)
    costs = [(late - early) * 1e3 / len(delays) for early, late in zip(before, after, strict=True)]
    kept = [took * 1e3 for ended, took in delays if ended >= counted]
    cuts = quantiles(kept, n=100)
    rate = len(kept) / (seconds * (1 - WARM_UP))
    return Knee(workers, organizations, len(chosen), rate, cuts[49], cuts[98], *costs)


async def all_measured(options: argparse.Namespace, cluster: Postgres, broker_url: str, folder: Path) -> list[Knee]:
    """Every number of writers, at each number of workers, in one organization and in four."""
    found = []
    async with cluster.database() as url:
        made = await founded(url, max(options.writers))
        deployment = Deployment(url, None, folder)  # type: ignore[arg-type]  # nobody asks it for its company
        for workers in options.workers:
            with deployment.served(broker_url, workers=workers) as product:
                for organizations in (1, len(NAMES)):
                    for writers in options.writers:
                        if writers < organizations:
                            continue
                        each = writers // organizations
                        chosen = [one for name in NAMES[:organizations] for one in made[name][:each]]
                        knee = await measured(product, cluster, chosen, organizations, workers, options.seconds)
                        found.append(knee)
                        print(_row(asdict(knee)), flush=True)
        assert await _sound(deployment)
    return found


async def _sound(deployment: Deployment) -> bool:
    async with opened(deployment.database):
        return not await broken_ledgers()


def _row(knee: dict[str, Any]) -> str:
    return "  ".join(f"{value:>15,.1f}" if isinstance(value, float) else f"{value:>13,}" for value in knee.values())


def main() -> None:
    """Run it, and write down what it came to."""
    options = argparse.ArgumentParser(prog="python -m bench.knees", description=__doc__)
    options.add_argument("--seconds", type=float, default=5, help="for each number of writers")
    options.add_argument("--writers", type=int, nargs="+", default=WRITERS)
    options.add_argument("--workers", type=int, nargs="+", default=(1, 2))
    asked = options.parse_args()
    end_in_order()
    logs.configure("console", "ERROR")
    at, machine = datetime.now(UTC), described()
    whole = ("workers", "organizations", "writers")
    print("  ".join(each.rjust(13 if each in whole else 15) for each in Knee.__annotations__))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stageline-knees-")))
        cluster, broker = stack.enter_context(postgres()), stack.enter_context(redis())
        found = asyncio.run(all_measured(asked, cluster, broker.url, folder))
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"knees-{at:%Y%m%d-%H%M%S}.json"
    told = {"at": at.isoformat(), "machine": machine, "knees": [asdict(each) for each in found]}
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    print(f"Written to {path}")


if __name__ == "__main__":
    main()
