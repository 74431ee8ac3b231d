"""A large organization with a year behind it, written in bulk in the shapes that the verbs leave.

The verbs themselves would take an hour for 100,000 acts. What they leave is the same here: one hash-chained ledger
entry per act; each row dated by the act that changed it last; each version that it replaced in the table's past.
"""

import random
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import orjson

from server.domain.cascade import Level
from server.domain.stages import STAGES
from server.live.chain import chained
from server.models.database import writing
from server.models.keeping import recompute
from server.models.row import new_id
from tests.support.company import Company

YEAR = timedelta(days=365)
OBJECTIVES, PORTFOLIOS, PROGRAMS = 4, 5, 10  # portfolios of each objective, programs of each portfolio
MONTHS = [202601 + month for month in range(12)]
Row = dict[str, Any]


@dataclass
class Filling:
    """The rows as they stand while the year goes by, and those that are past."""

    company: Company
    owner: UUID
    revision: int
    head: str
    began: datetime
    rows: dict[str, dict[Any, Row]] = field(default_factory=dict)
    past: dict[str, list[Row]] = field(default_factory=dict)
    ledger: list[Row] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(20_261_123))
    initiatives: list[UUID] = field(default_factory=list)
    programs: list[UUID] = field(default_factory=list)
    lines: dict[UUID, list[UUID]] = field(default_factory=dict)

    def stands(self, table: str, key: Any, row: Row) -> None:
        """A row as it stands from the next entry on; what stood there before goes to the past."""
        table_rows, dated = self.rows.setdefault(table, {}), "revision" if "organization_id" in row else "since"
        before = table_rows.get(key)
        if before is not None:
            self.past.setdefault(table, []).append({"until": self.revision + 1, **before})
        table_rows[key] = row | {dated: self.revision + 1}

    def gone(self, table: str, key: Any) -> None:
        """A row that stands no more."""
        before = self.rows[table].pop(key)
        self.past.setdefault(table, []).append({"until": self.revision + 1, **before})

    def record(self, kind: str, sentence: str, table: str, thing: UUID, node: UUID, at: datetime) -> None:
        """One ledger entry for all that was changed since the last."""
        self.revision += 1
        entry: Row = {
            "revision": self.revision,
            "at": at,
            "by_id": self.owner,
            "on_behalf_of_id": None,
            "kind": kind,
            "sentence": sentence,
            "thing": table,
            "thing_id": thing,
            "node_id": node,
            "changes": [{"thing": table, "id": str(thing), "field": "…", "before": "1", "after": "2"}],
        }
        previous, self.head = self.head, chained(self.head, entry)
        self.ledger.append(
            {"id": new_id(), "organization_id": self.company.id, **entry, "previous": previous, "hash": self.head}
        )

    def node(self, level: Level, name: str, above: list[UUID]) -> UUID:
        """A node with its place in the branch table."""
        node_id, measure = new_id(), level is Level.INITIATIVE
        self.stands(
            "node",
            node_id,
            {
                "id": node_id,
                "organization_id": self.company.id,
                "parent_id": above[-1] if above else None,
                "level": level.value,
                "name": name,
                "tags": [],
                "sellers": [],
                "owner_id": self.owner,
                "created_at": self.began,
                "standing": "ACTIVE",
                "stage": "DETAILED" if measure else None,
                "staged_at": self.began if measure else None,
            },
        )
        self._graft(node_id, above)
        self.record("NODE_CREATED", f"created “{name}”.", "node", node_id, node_id, self.began)
        return node_id

    def _graft(self, node_id: UUID, above: list[UUID]) -> None:
        for depth, ancestor in enumerate([node_id, *reversed(above)]):
            row = {"ancestor_id": ancestor, "descendant_id": node_id, "depth": depth}
            self.stands("branch", (ancestor, node_id), row)

    def lines_of(self, node_id: UUID) -> None:
        """Two lines with a plan for each month of the year."""
        for kind, line_id in (("MARGIN", new_id()), ("COST_SAVING", new_id())):
            told = {"kind": kind, "name": kind.title(), "recurring": True, "currency": "EUR"}
            row = {"id": line_id, "organization_id": self.company.id, "node_id": node_id, **told}
            self.stands("value_line", line_id, row)
            self.lines.setdefault(node_id, []).append(line_id)
            for month in MONTHS:
                units = self.chance.randrange(100_000)
                amounts = {"plan": units, "plan_reporting": units}
                self.stands("month_value", (line_id, month), {"line_id": line_id, "month": month, **amounts})
        self.record("VALUE_CHANGED", "set a plan.", "value_line", self.lines[node_id][0], node_id, self.began)

    def tree(self, initiatives: int) -> None:
        """The cascade as it stood a year ago."""
        for objective in range(OBJECTIVES):
            top = self.node(Level.OBJECTIVE, f"Objective {objective}", [])
            for portfolio in range(PORTFOLIOS):
                envelope = self.node(Level.PORTFOLIO, f"Portfolio {objective}.{portfolio}", [top])
                for program in range(PROGRAMS):
                    self.programs.append(
                        self.node(Level.PROGRAM, f"Program {objective}.{portfolio}.{program}", [top, envelope])
                    )
        self.above = {row["id"]: self._above(row["id"]) for row in self.rows["node"].values()}
        for number in range(initiatives):
            under = self.programs[number % len(self.programs)]
            made = self.node(Level.INITIATIVE, f"Initiative {number}", [*self.above[under], under])
            self.initiatives.append(made)
            self.lines_of(made)

    def _above(self, node_id: UUID) -> list[UUID]:
        parent = self.rows["node"][node_id]["parent_id"]
        return [*self._above(parent), parent] if parent else []

    def year(self, entries: int) -> None:
        """What happens in a year: mostly amounts, then edits, stages and standings, and a few moves."""
        for number in range(entries):
            at = self.began + YEAR * ((number + 1) / entries)
            node_id = self.chance.choice(self.initiatives)
            self.chance.choices((self._amounts, self._edit, self._stage, self._move), (60, 21, 15, 4))[0](node_id, at)

    def _amounts(self, node_id: UUID, at: datetime) -> None:
        line_id = self.chance.choice(self.lines[node_id])
        series, first = self.chance.choice(("plan", "forecast", "actual", "confirmed")), self.chance.randrange(10)
        for month in MONTHS[first : first + 3]:
            units = self.chance.randrange(100_000)
            before = self.rows["month_value"][line_id, month]
            self.stands("month_value", (line_id, month), before | {series: units, f"{series}_reporting": units})
        self.stands("value_line", line_id, self.rows["value_line"][line_id])
        self.record("VALUE_CHANGED", f"set the {series} of three months.", "value_line", line_id, node_id, at)

    def _edit(self, node_id: UUID, at: datetime) -> None:
        self.stands("node", node_id, self.rows["node"][node_id] | {"description": f"As of {at:%d %B}"})
        self.record("NODE_CHANGED", "changed the description.", "node", node_id, node_id, at)

    def _stage(self, node_id: UUID, at: datetime) -> None:
        row = self.rows["node"][node_id]
        if self.chance.random() < 0.8:  # noqa: PLR2004 — the rest is held or taken up again
            row = row | {"stage": self.chance.choice(STAGES).value, "staged_at": at}
        else:
            held = row["standing"] == "ACTIVE"
            row = row | {"standing": "ON_HOLD" if held else "ACTIVE", "standing_reason": "x", "review_on": at.date()}
        self.stands("node", node_id, row)
        self.record("STAGE_CHANGED", "brought it elsewhere.", "node", node_id, node_id, at)

    def _move(self, node_id: UUID, at: datetime) -> None:
        row, program = self.rows["node"][node_id], self.chance.choice(self.programs)
        for ancestor in [*self.above[row["parent_id"]], row["parent_id"]]:
            self.gone("branch", (ancestor, node_id))
        for depth, ancestor in enumerate(reversed([*self.above[program], program]), 1):
            line = {"ancestor_id": ancestor, "descendant_id": node_id, "depth": depth}
            self.stands("branch", (ancestor, node_id), line)
        self.stands("node", node_id, row | {"parent_id": program})
        self.record("NODE_MOVED", "moved it to another program.", "node", node_id, node_id, at)


# What a row has not got stands as the column's default.
DEFAULTS: dict[str, Row] = {
    "node": {"revision": 0},
    "branch": {"since": 0},
    "value_line": {"revision": 0},
    "month_value": {"since": 0},
}
_OPTIONAL = {
    "node": "description standing_reason review_on".split(),
    "month_value": [f"{series}{end}" for series in ("forecast", "actual", "confirmed") for end in ("", "_reporting")],
}


def tables(filling: Filling) -> dict[str, list[Row]]:
    """All rows by table, each with the same columns."""
    found: dict[str, list[Row]] = {}
    for table, standing in filling.rows.items():
        blank = dict.fromkeys(_OPTIONAL.get(table, ())) | DEFAULTS[table]
        found[table] = [blank | row for row in standing.values()]
        past = [{"until": 0} | blank | row for row in filling.past.get(table, [])]
        if table in {"branch", "month_value"}:  # their keys are the database's own numbers
            past = [row | {"row": number} for number, row in enumerate(past, 10_000_000)]
        found[f"{table}_past"] = past
    found["ledger_entry"] = filling.ledger
    return found


async def fill(url: str, company: Company, head: str, initiatives: int, entries: int) -> Filling:
    """Write the whole organization; answers what was written, with the ledger's revision a year ago in `began`."""
    began = datetime(2025, 11, 16, 9, tzinfo=UTC)
    filling = Filling(company, company.people["olaf"], await company.revision(), head, began)
    filling.tree(initiatives)
    filling.year(entries)
    told = (filling.revision, filling.head, company.id)
    if url.startswith("sqlite"):
        _to_sqlite(url.split("://", 1)[1], tables(filling), told)
    else:
        await _to_postgres(url, tables(filling), told)
    await recompute(writing(), company.id)
    return filling


def _to_sqlite(path: str, rows: dict[str, list[Row]], told: tuple[int, str, UUID]) -> None:
    db = sqlite3.connect(path)
    for table, each in rows.items():
        columns = list(each[0])
        marks = ", ".join("?" * len(columns))
        named = ", ".join(f'"{column}"' for column in columns)
        values = ([_plain(row[column]) for column in columns] for row in each)
        db.executemany(f"INSERT INTO {table} ({named}) VALUES ({marks})", values)
    db.execute("UPDATE organization SET revision = ?, head = ? WHERE id = ?", [told[0], told[1], str(told[2])])
    db.execute("ANALYZE")
    db.commit()
    db.close()


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return orjson.dumps(value).decode()
    return value if value is None or isinstance(value, int | str) else str(value)


async def _to_postgres(url: str, rows: dict[str, list[Row]], told: tuple[int, str, UUID]) -> None:
    db = await asyncpg.connect(urlsplit(url).geturl())
    for table, each in rows.items():
        columns = list(each[0])
        records = [
            tuple(orjson.dumps(row[c]).decode() if isinstance(row[c], list) else row[c] for c in columns)
            for row in each
        ]
        await db.copy_records_to_table(table, records=records, columns=columns)
    await db.execute("UPDATE organization SET revision = $1, head = $2 WHERE id = $3", *told)
    await db.execute("ANALYZE")
    await db.close()
