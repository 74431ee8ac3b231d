"""How long the past takes: a tree page now and as of a year ago, roll-ups as of then, and what moved each figure.

`python -m bench.as_of` measures PostgreSQL and SQLite, in process, without HTTP; see `bench/README.md`.
"""

import argparse
import asyncio
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.filling import fill
from bench.machine import end_in_order, log_nothing
from server.domain.differences import RollUpFigure
from server.live.proof import first_fault
from server.models.database import reading, rows
from server.schema import ids
from tests.support.company import Company, company, opened
from tests.support.postgres import postgres

PAGE = """query Page($id: ID!, $asOf: Revision) { node(id: $id, asOf: $asOf) { ... on CascadeNode {
    children(first: 100) { totalCount pageInfo { hasNextPage endCursor } edges { node {
        __typename id name level revision standing owner { id name } externalIds { system id }
        rollUp(from: "2026-01", to: "2026-12") { from to
            headline { plan { ...Amount } outlook { ...Amount } actual { ...Amount } gap { ...Amount } }
            funnel { stage measures outlook { ...Amount } } }
        ... on Measure { stage } } } } } } }
    fragment Amount on Figure { value { amount currency } omitted }"""
ROLL_UP = """query RollUp($asOf: Revision) { organization(asOf: $asOf) { rollUp(from: "2026-01", to: "2026-12") {
    headline { plan { ...Amount } outlook { ...Amount } actual { ...Amount } confirmed { ...Amount } gap { ...Amount } }
    byKind { kind runRate { ...Amount } } funnel { stage measures outlook { ...Amount } } weighted { ...Amount }
    spend { ...Amount } spendBeforeDecision { ...Amount } leakage { name amount { ...Amount } } } } }
    fragment Amount on Figure { value { amount currency } omitted }"""
CHANGES = """query Changes($from: Revision!, $to: Revision!, $under: ID!, $figure: RollUpFigure!) {
    changesBetween(from: $from, to: $to, under: $under, figure: $figure, firstMonth: "2026-01", lastMonth: "2026-12") {
        name value source { ... on Fact { revision at } } } }"""


# The other figures read the same columns as one of these.
FIGURES = (
    RollUpFigure.PLAN,
    RollUpFigure.OUTLOOK,
    RollUpFigure.CONFIRMED,
    RollUpFigure.WEIGHTED,
    RollUpFigure.SPEND_BEFORE_DECISION,
)


async def median(runs: int, ask: Callable[[], Awaitable[Any]]) -> float:
    """The median of some runs in milliseconds, after one that is not counted."""
    await ask()
    took = []
    for _ in range(runs):
        started = time.perf_counter()
        await ask()
        took.append((time.perf_counter() - started) * 1e3)
    return statistics.median(took)


async def measure(url: str, initiatives: int, entries: int, runs: int) -> list[tuple[str, float, float | None]]:
    """Fill a database and measure it: what was asked, how long it takes now, and as of a year ago."""
    async with opened(url) as bell:
        alder = await company("Alder Pumps", bell)
        (told,) = await rows(reading(), "SELECT head FROM organization WHERE id = :id", id=alder.id)
        filling = await fill(url, alder, told["head"], initiatives, entries)
        assert await first_fault(alder.id) is None, "the ledger that was written is not whole"
        by_name = {row["name"]: row["id"] for row in filling.rows["node"].values()}
        return await _measured(alder, by_name, (filling.revision - entries, filling.revision), runs)


async def _measured(
    alder: Company, by_name: dict[str, UUID], span: tuple[int, int], runs: int
) -> list[tuple[str, float, float | None]]:
    then, newest = span
    found: list[tuple[str, float, float | None]] = []
    pages = {"Objective 0": "an objective's 5 portfolios", "Portfolio 0.0": "a portfolio's 10 programs"}
    pages |= {"Program 0.0.0": "a program's initiatives, the first 100"}
    for name, called in pages.items():
        asked = {"id": ids.issue("node", by_name[name])}
        now = await median(runs, lambda asked=asked: alder.ask("eve", PAGE, **asked))  # type: ignore[misc]
        past = await median(runs, lambda asked=asked: alder.ask("eve", PAGE, **asked, asOf=str(then)))  # type: ignore[misc]
        found.append((f"Tree page: {called}", now, past))
    now = await median(runs, lambda: alder.ask("eve", ROLL_UP))
    past = await median(runs, lambda: alder.ask("eve", ROLL_UP, asOf=str(then)))
    found.append(("Every roll-up figure of the organization", now, past))
    asks = {"from": str(then), "to": str(newest)}
    for under, called in (("", "the organization"), ("Portfolio 0.0", "a portfolio")):
        place = ids.issue("node", by_name[under]) if under else ids.issue("organization", alder.id)
        for figure in FIGURES:
            wanted = {**asks, "under": str(place), "figure": figure.value}
            took = await median(runs, lambda wanted=wanted: alder.ask("eve", CHANGES, **wanted))  # type: ignore[misc]
            found.append((f"What moved {figure.value} of {called} in that year", took, None))
    return found


def _told(database: str, found: list[tuple[str, float, float | None]]) -> str:
    lines = [f"| {database} | now, ms | a year ago, ms | times |", "|---|---:|---:|---:|"]
    for called, now, past in found:
        ends = f"{past:.0f} | {past / now:.1f}" if past is not None else "– | –"
        lines.append(f"| {called} | {now:.0f} | {ends} |")
    return "\n".join(lines)


async def _on_sqlite(folder: Path, options: argparse.Namespace) -> str:
    url = f"sqlite://{folder / 'bench.sqlite3'}"
    return _told("SQLite", await measure(url, options.initiatives, options.entries, options.runs))


async def _on_postgres(options: argparse.Namespace) -> str:
    with postgres() as cluster:
        async with cluster.database() as url:
            return _told("PostgreSQL", await measure(url, options.initiatives, options.entries, options.runs))


def main() -> None:
    """Measure, and print a table for each database."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--initiatives", type=int, default=10_000)
    options.add_argument("--entries", type=int, default=100_000)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--only", choices=["postgres", "sqlite"])
    asked = options.parse_args()
    end_in_order()
    log_nothing()
    if asked.only != "sqlite":
        print(asyncio.run(_on_postgres(asked)), end="\n\n", flush=True)
    if asked.only != "postgres":
        folder = Path(tempfile.mkdtemp(prefix="stageline-bench-"))
        try:
            print(asyncio.run(_on_sqlite(folder, asked)))
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
