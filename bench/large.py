"""An organization of any size, streamed into the database: nothing of it is held in memory but ids."""

import random
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from server.domain.cascade import Level, Standing
from server.domain.stages import STAGES, Stage
from server.models.database import writing
from server.models.keeping import recompute
from server.models.row import new_id

OBJECTIVES, PORTFOLIOS, PROGRAMS = 4, 5, 10  # portfolios of each objective, programs of each portfolio
KINDS = ("MARGIN", "COST_SAVING", "CAPEX")
_NODE = "id organization_id revision parent_id level name tags sellers owner_id created_at standing standing_reason"
_SERIES = "plan plan_reporting forecast forecast_reporting actual actual_reporting"
_COLUMNS = {
    "node": f"{_NODE} review_on stage staged_at".split(),
    "branch": "ancestor_id descendant_id depth since".split(),
    "value_line": "id organization_id revision node_id kind name recurring currency".split(),
    "month_value": f"line_id month since {_SERIES}".split(),
}
_HELD, _CANCELLED, _OF = 0, 1, 20  # of twenty initiatives one is on hold and one is cancelled
_FORECASTS = (Stage.DECIDED, Stage.IMPLEMENTED, Stage.CLOSED)


@dataclass
class Large:
    """What of it a measurement asks for, and the ids that are needed while it is written."""

    organization: UUID
    owner: UUID
    year: int
    initiatives: int
    program: UUID | None = None
    line: UUID | None = None  # of an initiative that is decided, so that its forecast may be written
    above: dict[UUID, list[UUID]] = field(default_factory=dict)
    lines: list[tuple[UUID, Stage]] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(20_261_123))

    def tables(self) -> Iterator[tuple[str, Iterable[tuple[Any, ...]]]]:
        """The rows of each table, in an order that references allow."""
        yield "node", self._nodes()
        yield "branch", ((over, node, depth, 0) for node, path in self.above.items() for depth, over in enumerate(path))
        yield "value_line", list(self._lines())
        yield "month_value", self._months()

    def _nodes(self) -> Iterator[tuple[Any, ...]]:
        programs = []
        for objective in range(OBJECTIVES):
            top = yield from self._node(Level.OBJECTIVE, f"Objective {objective}", None)
            for portfolio in range(PORTFOLIOS):
                envelope = yield from self._node(Level.PORTFOLIO, f"Portfolio {objective}.{portfolio}", top)
                for program in range(PROGRAMS):
                    name = f"Program {objective}.{portfolio}.{program}"
                    programs.append((yield from self._node(Level.PROGRAM, name, envelope)))
        self.program = programs[0]
        for number in range(self.initiatives):
            stage = STAGES[(number + number // len(programs)) % len(STAGES)]
            standing = {_HELD: Standing.ON_HOLD, _CANCELLED: Standing.CANCELLED}.get(number % _OF, Standing.ACTIVE)
            name = f"Initiative {number}"
            made = yield from self._node(Level.INITIATIVE, name, programs[number % len(programs)], stage, standing)
            self.lines += [(made, stage)] * len(KINDS)

    def _node(
        self,
        level: Level,
        name: str,
        parent: UUID | None,
        stage: Stage | None = None,
        standing: Standing = Standing.ACTIVE,
    ) -> Generator[tuple[Any, ...], None, UUID]:
        at, node = datetime(self.year, 1, 1, 9, tzinfo=UTC), new_id()
        reason = None if standing == Standing.ACTIVE else "x"
        review = (at + timedelta(days=700)).date() if standing == Standing.ON_HOLD else None
        named = (node, self.organization, 0, parent, level.value, name, "[]", "[]", self.owner, at)
        yield (*named, standing.value, reason, review, stage.value if stage else None, at if stage else None)
        self.above[node] = [node, *(self.above[parent] if parent else ())]
        return node

    def _lines(self) -> Iterator[tuple[Any, ...]]:
        written, self.lines = self.lines, []
        for number, (node, stage) in enumerate(written):
            line, kind = new_id(), KINDS[number % len(KINDS)]
            self.lines.append((line, stage))
            if self.line is None and stage is Stage.DECIDED and number // len(KINDS) % _OF > _CANCELLED:
                self.line = line
            yield line, self.organization, 0, node, kind, kind.title(), kind != "CAPEX", "EUR"

    def _months(self) -> Iterator[tuple[Any, ...]]:
        for line, stage in self.lines:
            for month in range(1, 13):
                plan = self.chance.randrange(100_000)
                forecast = plan - 5_000 if stage in _FORECASTS else None
                actual = plan - 7_000 if stage in _FORECASTS and month < 7 else None  # noqa: PLR2004 — half a year
                yield line, self.year * 100 + month, 0, plan, plan, forecast, forecast, actual, actual


async def fill(url: str, large: Large) -> None:
    """Write the whole organization into a migrated database that is open, and what is kept of its roll-ups."""
    if url.startswith("sqlite"):
        _to_sqlite(url.split("://", 1)[1], large)
    else:
        await _to_postgres(url, large)
    await recompute(writing(), large.organization)
    await writing().execute_script("ANALYZE")


def _to_sqlite(path: str, large: Large) -> None:
    db = sqlite3.connect(path)
    for table, found in large.tables():
        columns = _COLUMNS[table]
        marks = ", ".join("?" * len(columns))
        plain = (tuple(each if each is None or isinstance(each, int) else str(each) for each in row) for row in found)
        db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", plain)
    db.commit()
    db.close()


async def _to_postgres(url: str, large: Large) -> None:
    db = await asyncpg.connect(urlsplit(url).geturl())
    for table, found in large.tables():
        await db.copy_records_to_table(table, records=found, columns=_COLUMNS[table])
    await db.execute("ANALYZE")
    await db.close()
