"""The limit of a write: the very rows that it left, written again by asyncpg alone, into tables with the same indexes.

Which rows those are the database says itself: those whose transaction is not older than the write (`xmin`).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg


@dataclass(frozen=True)
class Spent:
    """Seconds: of CPU of the writer and of PostgreSQL, and on the clock."""

    writer: float
    database: float
    wall: float

    @property
    def cpu(self) -> float:
        """All CPU."""
        return self.writer + self.database


@dataclass
class Rows:
    """The rows of one table that a write left."""

    table: str
    columns: list[str]
    inserted: list[tuple[Any, ...]] = field(default_factory=list)
    updated: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many."""
        return len(self.inserted) + len(self.updated)


class Bare:
    """Watches what a write leaves, and writes the same."""

    def __init__(self, db: asyncpg.Connection, database_cpu: Callable[[], float]) -> None:
        self._db, self._cpu = db, database_cpu
        self._since, self._sizes = 0, dict[str, int]()

    async def watch(self) -> None:
        """What is written from now on is what `left` finds."""
        self._since = int(await self._db.fetchval("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"))
        self._sizes = {table: await self._size(table) for table in await self._tables()}

    async def left(self) -> list[Rows]:
        """The rows of every table that were written meanwhile; of those that were there before, as updated."""
        found = []
        for table, size in self._sizes.items():
            sql = f'SELECT * FROM public."{table}" WHERE xmin::text::bigint >= $1 ORDER BY xmin::text::bigint'
            written = await self._db.fetch(sql, self._since)
            if written:
                new = await self._size(table) - size
                rows = [tuple(row) for row in written]
                found.append(Rows(table, list(written[0].keys()), rows[len(rows) - new :], rows[: len(rows) - new]))
        return found

    async def prepare(self, rows: list[Rows]) -> None:
        """Tables of the same shape with the same indexes, which hold what is updated."""
        await self._db.execute("DROP SCHEMA IF EXISTS bare CASCADE; CREATE SCHEMA bare")
        for each in rows:
            await self._db.execute(f'CREATE TABLE bare."{each.table}" (LIKE public."{each.table}" INCLUDING ALL)')
            await self._insert(each, each.updated)

    async def transactions(self, rows: list[Rows], count: int) -> Spent:
        """The same rows in a transaction, so many times; the median of each figure."""
        spent = []
        for _ in range(count):
            before, database, began = time.process_time(), self._cpu(), time.perf_counter()
            async with self._db.transaction():
                for each in rows:
                    await self._insert(each, each.inserted)
                    await self._update(each)
            spent.append((time.process_time() - before, self._cpu() - database, time.perf_counter() - began))
            for each in rows:  # not measured: room for the next
                await self._db.execute(f'DELETE FROM bare."{each.table}"')
                await self._insert(each, each.updated)
        return Spent(*(sorted(column)[len(column) // 2] for column in zip(*spent, strict=True)))

    async def load(self, rows: list[Rows]) -> Spent:
        """The same rows by COPY, in one transaction."""
        before, database, began = time.process_time(), self._cpu(), time.perf_counter()
        async with self._db.transaction():
            for each in rows:
                records = each.inserted + each.updated
                named = {"schema_name": "bare", "columns": each.columns, "records": records}
                await self._db.copy_records_to_table(each.table, **named)
        return Spent(time.process_time() - before, self._cpu() - database, time.perf_counter() - began)

    async def _insert(self, rows: Rows, records: list[tuple[Any, ...]]) -> None:
        if records:
            marks = ", ".join(f"${number}" for number in range(1, len(rows.columns) + 1))
            named = ", ".join(f'"{column}"' for column in rows.columns)
            await self._db.executemany(f'INSERT INTO bare."{rows.table}" ({named}) VALUES ({marks})', records)

    async def _update(self, rows: Rows) -> None:
        if rows.updated:
            key, *others = rows.columns
            named = ", ".join(f'"{column}" = ${number}' for number, column in enumerate(others, 2))
            await self._db.executemany(f'UPDATE bare."{rows.table}" SET {named} WHERE "{key}" = $1', rows.updated)

    async def _tables(self) -> list[str]:
        sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        return [row["tablename"] for row in await self._db.fetch(sql)]

    async def _size(self, table: str) -> int:
        return int(await self._db.fetchval(f'SELECT COUNT(*) FROM public."{table}"'))
