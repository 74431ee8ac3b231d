"""A database of the release before is brought up to date with all that is in it, on SQLite and on PostgreSQL."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tortoise import Tortoise
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget

from server.domain.cascade import Level
from server.models.database import change, close_database, is_postgres, migrate, open_database, reading, rows, writing
from server.models.row import new_id
from server.models.scheme import MIGRATIONS, MODELS
from tests.support.company import CAST, NOW, Company, opened
from tests.support.postgres import Postgres

ORGANIZATION, PEOPLE = new_id(), {name: new_id() for name in CAST}
NODES = {name: new_id() for name in ("Growth", "Service", "Contracts", "Full service")}
LINE, SUBMISSION, MILESTONE = new_id(), new_id(), new_id()
HEAD = "a" * 64


async def _insert(table: str, **columns: Any) -> None:
    names = ", ".join(f'"{name}"' for name in columns)
    marks = ", ".join(f":{name}" for name in columns)
    await change(writing(), f"INSERT INTO {table} ({names}) VALUES ({marks})", **columns)


async def _filled() -> None:
    """One organization as the release before left it: an initiative that is submitted, its case, its ledger."""
    ours: dict[str, Any] = {"organization_id": ORGANIZATION}
    told = {"name": "Alder Pumps", "reporting_currency": "EUR", "fiscal_year_start": 1, "time_zone": "Europe/Berlin"}
    await _insert("organization", id=ORGANIZATION, revision=7, head=HEAD, **told)
    for name, person in PEOPLE.items():
        await _insert("person", id=person, revision=1, name=name, email=f"{name}@alder.example", **ours)
        for role in CAST[name]:
            seat = {"role": role.value, "starts": NOW.date(), "ratified_by_id": person}
            await _insert("seat", id=new_id(), revision=1, person_id=person, **seat, **ours)
    above: list[UUID] = []
    for level, (name, node) in zip(Level, NODES.items(), strict=False):
        stage = "DETAILED" if level is Level.INITIATIVE else None
        told = {"name": name, "level": level.value, "tags": "[]", "sellers": "[]", "standing": "ACTIVE"}
        parent = above[-1] if above else None
        await _insert("node", id=node, revision=5, parent_id=parent, stage=stage, created_at=NOW, **told, **ours)
        above.append(node)
        for depth, ancestor in enumerate(reversed(above)):
            await _insert("branch", ancestor_id=ancestor, descendant_id=node, depth=depth)
    node_id = NODES["Full service"]
    told = {"kind": "MARGIN", "name": "Margin", "recurring": True, "currency": "EUR"}
    await _insert("value_line", id=LINE, revision=6, node_id=node_id, **told, **ours)
    await _insert("month_value", line_id=LINE, month=202701, plan=100, plan_reporting=100)
    asks = {"into": "DECIDED", "submitted_by_id": PEOPLE["olaf"], "submitted_at": NOW, "policy_version": 1}
    kept = {"criteria": "[]", "figures": "[]", "deciders": "[]", "retracted": False}
    await _insert("submission", id=SUBMISSION, revision=7, node_id=node_id, **asks, **kept, **ours)
    vote = {"submission_id": SUBMISSION, "by_id": PEOPLE["sam"], "as_role": "SPONSOR", "outcome": "GO", "at": NOW}
    await _insert("decision", id=new_id(), **vote, **ours)
    told = {"name": "First contracts", "due": NOW.date(), "critical": True, "measure_type": "OUTCOME"}
    await _insert("milestone", id=MILESTONE, revision=6, node_id=node_id, **told, **ours)
    entry = {"kind": "NODE_CREATED", "sentence": "…", "thing": "node", "thing_id": node_id, "changes": "[]"}
    for revision in range(1, 8):
        await _insert("ledger_entry", id=new_id(), revision=revision, at=NOW, previous=HEAD, hash=HEAD, **entry, **ours)


@pytest.fixture(params=["sqlite", "postgres"])
async def old(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """The address of a database of the release before, with data."""
    if request.param == "sqlite":
        yield await _made(f"sqlite://{tmp_path / 'old.sqlite3'}")
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    async with postgres.database() as url:
        yield await _made(url)


async def _made(url: str) -> str:
    await open_database(url)
    try:
        app = {"models": MODELS, "migrations": MIGRATIONS, "default_connection": "default"}
        executor = MigrationExecutor(writing(), {"stageline": app})
        await executor.migrate([MigrationTarget("stageline", "0002_constraints")])
        await _filled()
    finally:
        await close_database()
    return url


async def test_an_upgrade_keeps_everything_and_the_past_begins(old: str) -> None:
    async with opened(old) as bell:
        company = Company("Alder Pumps", ORGANIZATION, bell, PEOPLE, NOW, dict(NODES))
        document = """query ($id: ID!, $then: Revision) { node(id: $id, asOf: $then) { ... on Initiative {
            name rollUp(from: "2027-01", to: "2027-01") { headline { plan { value { amount } } } }
            ancestors { name } gates { submission { decisions { by { name } outcome } } } } } }"""
        before = await company.ask("eve", document, id=company.node("Full service"))
        assert before["node"]["rollUp"]["headline"]["plan"]["value"] == {"amount": "1.00"}
        assert [each["name"] for each in before["node"]["ancestors"]] == ["Growth", "Service", "Contracts"]
        assert before["node"]["gates"][2]["submission"]["decisions"] == [{"by": {"name": "sam"}, "outcome": "GO"}]
        edited = await company.do("lea", "editNode", node=company.node("Contracts"), name="Agreements")
        assert edited["__typename"] == "Program", edited
        now = await company.ask("eve", document, id=company.node("Full service"))
        assert [each["name"] for each in now["node"]["ancestors"]] == ["Growth", "Service", "Agreements"]
        assert await company.ask("eve", document, id=company.node("Full service"), then="7") == before
        known = await company.result("eve", document, id=company.node("Full service"), then="6")
        assert known["errors"][0]["message"] == (
            "The past is kept from revision 7 on, when this server was upgraded; revision 6 came before. "
            "The ledger tells what happened until then."
        )
        if not is_postgres(reading()):
            assert await rows(reading(), "PRAGMA foreign_key_check") == []


async def test_no_index_is_lost_on_the_way(old: str) -> None:
    """SQLite makes tables anew to change them, and Tortoise forgets their indexes and triggers doing so."""
    await open_database(old)
    await migrate()
    lost = []
    for model in Tortoise.apps["stageline"].values():
        indexed = await _indexed(model._meta.db_table)
        wanted = [tuple(each) for each in model._meta.unique_together] + [
            tuple(getattr(each, "fields", each)) for each in model._meta.indexes
        ]
        wanted += [(name,) for name, field in model._meta.fields_map.items() if field.index and not field.pk]
        columns = [tuple(_column(model, name) for name in each) for each in wanted]
        lost += [
            f"{model._meta.db_table}{each}" for each in columns if not any(i[: len(each)] == each for i in indexed)
        ]
    await close_database()
    assert not lost


def _column(model: Any, name: str) -> str:
    field = model._meta.fields_map[name]
    return str(getattr(field, "source_field", None) or name)


async def _indexed(table: str) -> list[tuple[str, ...]]:
    """The columns of each index of a table, in order."""
    if is_postgres(reading()):
        sql = "SELECT indexdef AS told FROM pg_indexes WHERE tablename = :table"
        told = [row["told"] for row in await rows(reading(), sql, table=table)]
        return [tuple(each[each.rindex("(") + 1 : each.rindex(")")].replace('"', "").split(", ")) for each in told]
    sql = """SELECT l.name AS number, i.name AS word FROM pragma_index_list(:table) l, pragma_index_info(l.name) i
             ORDER BY l.name, i.seqno"""
    found: dict[str, list[str]] = {}
    for row in await rows(reading(), sql, table=table):
        found.setdefault(row["number"], []).append(row["word"])
    return [tuple(each) for each in found.values()]
