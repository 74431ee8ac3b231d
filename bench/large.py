"""An organization of any size, streamed into the database: nothing of it is held in memory but ids."""

import random
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
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
_UNITS = ("North", "South", "East", "West", "Service", "Parts")
_NODE = "id organization_id revision parent_id level name tags sellers owner_id created_at standing standing_reason"
_SERIES = "plan plan_reporting forecast forecast_reporting actual actual_reporting"
_COLUMNS = {
    "node": f"{_NODE} review_on stage staged_at business_unit estimated_units estimated_currency".split(),
    "branch": "ancestor_id descendant_id depth since".split(),
    "milestone": "id organization_id revision node_id name due critical measure_type".split(),
    "value_line": "id organization_id revision node_id kind name recurring currency".split(),
    "month_value": f"line_id month since {_SERIES}".split(),
}
_HELD, _CANCELLED, _OF = 0, 1, 20  # of twenty initiatives one is on hold and one is cancelled
_FORECASTS = (Stage.DECIDED, Stage.IMPLEMENTED, Stage.CLOSED)


@dataclass
class Large:
    """What of it a measurement asks for, and the ids that are needed while it is written.

    The same seed and sizes give the same names, stages, dates and amounts; only the ids are new.
    """

    organization: UUID
    owner: UUID
    year: int
    initiatives: int
    objectives: int = OBJECTIVES
    kinds: tuple[str, ...] = KINDS
    milestones: int = 0  # of each initiative
    owners: tuple[UUID, ...] = ()  # of initiatives, in turn; none: all are `owner`'s
    seed: int = 20_261_123
    tops: list[UUID] = field(default_factory=list)
    measures: list[UUID] = field(default_factory=list)
    program: UUID | None = None
    line: UUID | None = None  # of an initiative that is decided, so that its forecast may be written
    above: dict[UUID, list[UUID]] = field(default_factory=dict)
    lines: list[tuple[UUID, Stage]] = field(default_factory=list)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def tables(self) -> Iterator[tuple[str, Iterable[tuple[Any, ...]]]]:
        """The rows of each table, in an order that references allow."""
        yield "node", self._nodes()
        yield "branch", ((over, node, depth, 0) for node, path in self.above.items() for depth, over in enumerate(path))
        if self.milestones:
            yield "milestone", self._milestones()
        yield "value_line", list(self._lines())
        yield "month_value", self._months()

    def _nodes(self) -> Iterator[tuple[Any, ...]]:
        programs = []
        for objective in range(self.objectives):
            top = yield from self._node(Level.OBJECTIVE, f"Objective {objective}", None)
            self.tops.append(top)
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
            self.measures.append(made)
            self.lines += [(made, stage)] * len(self.kinds)

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
        owner = self.owners[len(self.measures) % len(self.owners)] if stage and self.owners else self.owner
        named = (node, self.organization, 0, parent, level.value, name, "[]", "[]", owner, at)
        stands = (standing.value, reason, review, stage.value if stage else None, at if stage else None)
        estimated = (self.chance.randrange(10_000_000, 900_000_000), "EUR") if stage else (None, None)
        yield (*named, *stands, _UNITS[len(self.measures) % len(_UNITS)], *estimated)
        self.above[node] = [node, *(self.above[parent] if parent else ())]
        return node

    def _lines(self) -> Iterator[tuple[Any, ...]]:
        written, self.lines = self.lines, []
        for number, (node, stage) in enumerate(written):
            line, kind = new_id(), self.kinds[number % len(self.kinds)]
            self.lines.append((line, stage))
            if self.line is None and stage is Stage.DECIDED and number // len(self.kinds) % _OF > _CANCELLED:
                self.line = line
            yield line, self.organization, 0, node, kind, kind.title(), kind != "CAPEX", "EUR"

    def _milestones(self) -> Iterator[tuple[Any, ...]]:
        first = date(self.year, 2, 1)
        for node in self.measures:
            for number in range(self.milestones):
                due = first + timedelta(days=60 * number + self.chance.randrange(60))
                yield new_id(), self.organization, 0, node, f"Milestone {number + 1}", due, number == 0, "OUTPUT"

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
