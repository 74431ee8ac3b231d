"""W2: importing 8,800 opportunities and 166,216 rows of planned spend, against a bulk load of the same rows."""

import asyncio
import csv
import io
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass

import asyncpg

from bench.bare import Bare, Spent
from bench.contestants import OURS
from bench.ground import Ground
from bench.telling import Cell, Outcome, ratio
from server.app import now
from server.domain.imports import ImportKind
from server.exchange.importing import import_files
from tests.support.company import company, opened

TIMES = 3.0
DEALS, SPEND = 8_800, 166_216
CRM = """system: bench
currency: EUR
files: {deals: deals.csv}
columns:
  externalId: Record ID
  account: Company
  seller: Deal owner
  stage: Deal Stage
  amount: Amount
  closedOn: Close Date
stages: {Closed Won: WON, Closed Lost: LOST, "*": OPEN}
"""
TRACKER = """system: bench
currency: EUR
files: {sheet: spend.csv}
initiatives:
  branch:
    - objective: Run the business
    - portfolio: "{Area}"
    - program: "{Sub area}"
    - initiative: "{Department}"
values:
  - {kind: RUN_COST, name: "{Element}", recurring: true, series: plan, amount: Spent, month: Month}
"""


@dataclass(frozen=True)
class Imported:
    """What an import and the bulk load of its rows cost, in seconds."""

    name: str
    read: int
    rows: int
    ours: Spent
    bulk: Spent


def measure(ground: Ground) -> Outcome:
    """In process, without HTTP: reading the file, all checks, one transaction, the ledger, and what is kept."""
    part = 20 if ground.quick else 1
    found = [
        asyncio.run(_import(ground, "opportunities", ImportKind.CRM, CRM, {"deals.csv": deals(DEALS // part)})),
        asyncio.run(_import(ground, "rows of spend", ImportKind.TRACKER, TRACKER, {"spend.csv": spend(SPEND // part)})),
    ]
    times = {each.name: each.ours.cpu / each.bulk.cpu for each in found}
    told = ", ".join(f"{each.read:,} {each.name}: {times[each.name]:.1f} ×" for each in found)
    table: list[dict[str, Cell]] = [
        {
            "CPU s": f"{each.read:,} {each.name}, {name}",
            "rows": each.rows,
            "writer": spent.writer,
            "PostgreSQL": spent.database,
            "together": spent.cpu,
            "on the clock": spent.wall,
        }
        for each in found
        for name, spent in ((OURS, each.ours), ("COPY of the same rows", each.bulk))
    ]
    versus = {"limit": ", ".join(ratio(each.ours.cpu, each.bulk.cpu) for each in found)}
    met = max(times.values()) <= TIMES
    return Outcome("W2", "imports", f"≤ {TIMES:.0f} × the bulk load", told, met, versus, table)


async def _import(ground: Ground, name: str, kind: ImportKind, mapping: str, files: dict[str, bytes]) -> Imported:
    url = await asyncio.to_thread(ground.migrated, f"import_{kind.value.lower()}")
    async with opened(url) as bell:
        alder = await company("Alder Pumps", bell, now())
        connection = await asyncpg.connect(url)
        bare = Bare(connection, ground.database_cpu)
        await bare.watch()
        viewer = await alder.viewer("sal" if kind is ImportKind.CRM else "lea")
        cpu, database, began = time.process_time(), ground.database_cpu(), time.perf_counter()
        report = await import_files(viewer, files, mapping, at=now(), kind=kind)
        spent = Spent(time.process_time() - cpu, ground.database_cpu() - database, time.perf_counter() - began)
        assert not report.not_taken, report.not_taken[:3]
        rows = await bare.left()
        await bare.prepare(rows)
        for each in rows:
            await connection.execute(f'TRUNCATE bare."{each.table}"')
        bulk = await bare.load(rows)
        await connection.close()
    return Imported(name, report.read, sum(each.count for each in rows), spent, bulk)


def deals(count: int) -> bytes:
    """A CRM's export."""
    chance = random.Random(8_800)
    rows = [
        (
            f"D{number}",
            f"Account {chance.randrange(900)}",
            f"Seller {chance.randrange(30)}",
            chance.choice(("Negotiation", "Closed Won", "Closed Lost")),
            f"2026-{chance.randrange(1, 11):02}-{chance.randrange(1, 28):02}",
            chance.randrange(500, 90_000),
        )
        for number in range(count)
    ]
    return _csv(("Record ID", "Company", "Deal owner", "Deal Stage", "Close Date", "Amount"), rows)


def spend(count: int) -> bytes:
    """Monthly spend by department and cost element."""
    chance = random.Random(166_216)
    rows = []
    for number in range(count):
        department, month, element = number % 277, number // 277 % 12, number // (277 * 12)
        place = (f"Area {department % 8}", f"Sub area {department % 40}", f"Department {department}")
        rows.append((*place, f"Element {element}", f"2026-{month + 1:02}", chance.randrange(100, 90_000)))
    return _csv(("Area", "Sub area", "Department", "Element", "Month", "Spent"), rows)


def _csv(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()
