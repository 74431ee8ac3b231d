"""What a roll-up costs at 1,000, 10,000 and 100,000 initiatives, over HTTP; and what a write costs that keeps it.

`python -m bench.rollups` measures PostgreSQL and SQLite; see `bench/README.md`.
"""

import argparse
import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from bench.large import Large, fill
from bench.machine import end_in_order, log_nothing
from server.actions.credentials import issue_token
from server.app import now
from server.models.database import reading, rows
from server.schema import ids
from tests.support.company import company, opened
from tests.support.postgres import postgres
from tests.support.served import Served, served

FIGURES = """{ from to
    headline { plan { ...Amount } outlook { ...Amount } actual { ...Amount } confirmed { ...Amount } gap { ...Amount } }
    byKind { kind plan { ...Amount } outlook { ...Amount } actual { ...Amount } confirmed { ...Amount }
        runRate { ...Amount } }
    funnel { stage measures plan { ...Amount } outlook { ...Amount } confirmed { ...Amount } }
    weighted { ...Amount } spend { ...Amount } spendBeforeDecision { ...Amount }
    leakage { name measures amount { ...Amount } } waiting { into measures value { ...Amount } } }"""
AMOUNT = "fragment Amount on Figure { value { amount currency } formula omitted }"
ROOT = f"{{ organization {{ rollUp {FIGURES} }} }} {AMOUNT}"
PROGRAM = f"query ($id: ID!) {{ node(id: $id) {{ ... on Program {{ rollUp {FIGURES} }} }} }} {AMOUNT}"
# What is no sum of months, each asked on its own.
ALONE = {
    "Measures below plan": "{ organization { rollUp { leakage { name measures(compared: true) } } } }",
    "Spend without a case": f"{{ organization {{ rollUp {{ spendWithoutCase {{ ...Amount }} }} }} }} {AMOUNT}",
    "Planned revenue, over-assignment": f"""{{ organization {{ sales {{ plannedRevenue {{ ...Amount }} overAssignment
        }} }} }} {AMOUNT}""",
    "Light matrix, as shown": f"""{{ organization {{ lightMatrix {{ implementation potential measures
        plan {{ ...Amount }} }} }} }} {AMOUNT}""",
    "First 50 initiatives by plan, and their number": """{ organization { nodes(first: 50, orderBy: PLAN_DESC,
        filter: { levels: [INITIATIVE] }) { totalCount edges { node { id name } } } } }""",
}
BY_STAGE = """{ organization { rollUp { funnel { stage plan { value { amount } } outlook { value { amount } }
    confirmed { value { amount } } } } } }"""
FORECAST = """mutation ($input: SetForecastInput!) { setForecast(input: $input) {
    __typename ... on Refusal { message } } }"""


@dataclass(frozen=True)
class Filled:
    """What a server on the filled database is asked, and by whom."""

    program: str
    line: str
    year: int
    tokens: dict[str, str]
    filling: float


async def filled(url: str, initiatives: int) -> Filled:
    """Fill a new database, and give tokens to an executive, who reads, and to the owner, who writes."""
    async with opened(url) as bell:
        alder, started = await company("Alder Pumps", bell), time.perf_counter()
        large = Large(alder.id, alder.people["olaf"], now().year, initiatives)
        await fill(url, large)
        took = time.perf_counter() - started
        emails = {row["name"]: row["email"] for row in await rows(reading(), "SELECT name, email FROM person")}
        tokens = {
            name: (await issue_token(emails[name], label="bench", lasts=timedelta(days=1), at=now())).secret
            for name in ("Eve", "Olaf")
        }
        assert large.program
        assert large.line
        program, line = ids.issue("node", large.program), ids.issue("line", large.line)
        return Filled(str(program), str(line), large.year, tokens, took)


def asked(product: Served, token: str, query: str, **variables: Any) -> dict[str, Any]:
    """The data of an answer without errors."""
    headers = {"Authorization": f"Bearer {token}"}
    answer = _CLIENT.post(f"{product.url}/graphql", json={"query": query, "variables": variables}, headers=headers)
    body = answer.json()
    assert "errors" not in body, body
    data: dict[str, Any] = body["data"]
    return data


_CLIENT = httpx.Client(timeout=300, trust_env=False)


def median(runs: int, ask: Callable[[], Any]) -> float:
    """The median of some runs in milliseconds, after three that are not counted."""
    for _ in range(min(3, runs)):
        ask()
    took = []
    for _ in range(runs):
        started = time.perf_counter()
        ask()
        took.append((time.perf_counter() - started) * 1e3)
    return statistics.median(took)


def measured(product: Served, on: Filled, runs: int) -> dict[str, float]:
    """Every measurement by its name; times in ms, memory in MB."""
    eve, olaf, amounts = on.tokens["Eve"], on.tokens["Olaf"], count(1)

    def write() -> None:
        wanted = {"line": on.line, "months": [{"month": f"{on.year}-12", "amount": str(next(amounts))}]}
        done = asked(product, olaf, FORECAST, input=wanted)["setForecast"]
        assert done["__typename"] == "ValueLine", done

    return {
        "All figures of the organization, ms": median(runs, lambda: asked(product, eve, ROOT)),
        "All figures of a program, ms": median(runs, lambda: asked(product, eve, PROGRAM, id=on.program)),
        "Plan, outlook and confirmed by stage, ms": median(runs, lambda: asked(product, eve, BY_STAGE)),
        **{f"{name}, ms": median(runs, partial(asked, product, eve, query)) for name, query in ALONE.items()},
        "`setForecast` of one month, ms": median(runs, write),
        "Memory of the server, MB": _memory(product),
    }


def _memory(product: Served) -> float:
    """What the server process holds in memory, by the kernel's count."""
    told = Path(f"/proc/{product.process.pid}/status").read_text(encoding="ascii")
    return int(next(line for line in told.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="stageline-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def on_sqlite(initiatives: int, runs: int) -> dict[str, float]:
    """Measure one size on SQLite."""
    with _folder() as folder:
        on = asyncio.run(filled(f"sqlite://{folder / 'stageline.sqlite3'}", initiatives))
        with served(folder, database_url=f"sqlite:///{folder / 'stageline.sqlite3'}", answers_bytes="0") as product:
            return measured(product, on, runs) | {"Filling, s": on.filling}


def on_postgres(initiatives: int, runs: int) -> dict[str, float]:
    """Measure one size on PostgreSQL."""
    with _folder() as folder, postgres() as cluster:
        database = cluster.database()
        url = asyncio.run(database.__aenter__())
        on = asyncio.run(filled(url, initiatives))
        with served(folder, database_url=url, answers_bytes="0") as product:
            return measured(product, on, runs) | {"Filling, s": on.filling}


def told(database: str, found: dict[int, dict[str, float]]) -> str:
    """A table: a row for each measurement, a column for each size, and how the largest compares to the smallest."""
    sizes = list(found)
    lines = [f"| {database} | " + " | ".join(f"{size:,}" for size in sizes) + " | largest ÷ smallest |"]
    lines.append("|---|" + "---:|" * (len(sizes) + 1))
    for name, smallest in found[sizes[0]].items():
        each = " | ".join(f"{found[size][name]:.1f}" for size in sizes)
        lines.append(f"| {name} | {each} | {found[sizes[-1]][name] / smallest:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, and print a table for each database."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    options.add_argument("--runs", type=int, default=30)
    options.add_argument("--only", choices=["postgres", "sqlite"])
    chosen = options.parse_args()
    end_in_order()
    log_nothing()
    for name, measure in {"postgres": on_postgres, "sqlite": on_sqlite}.items():
        if chosen.only in (None, name):
            found = {size: measure(size, chosen.runs) for size in chosen.sizes}
            print(told({"postgres": "PostgreSQL", "sqlite": "SQLite"}[name], found), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
