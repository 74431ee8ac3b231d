"""The benchmarks stay runnable: every claim is there, documents are valid, peers agree, figures are told and drawn."""

import importlib
import shutil
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from graphql import parse, validate

from bench.__main__ import CLAIMS
from bench.bare import Bare
from bench.claims.w2 import deals, spend
from bench.fanning import EVENTS, LIVE, OWN_BOARD
from bench.large import Large
from bench.loads import client
from bench.machine import cpu
from bench.plots import svg
from bench.questions import OURS, facts
from bench.telling import README, Curve, Outcome, Plot, into_readme, markdown, ratio
from server.api.assembly import make_schema
from server.models.row import new_id
from tests.support.postgres import Postgres


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_aim_has_a_script_that_can_be_imported(claim: str) -> None:
    script = importlib.import_module(f"bench.claims.{claim.lower()}")
    assert callable(script.measure)
    assert (script.__doc__ or "").startswith(f"{claim}: ")


@pytest.mark.parametrize("document", [*OURS.values(), LIVE, OWN_BOARD, EVENTS])
def test_what_is_measured_is_asked_in_the_words_of_the_contract(document: str) -> None:
    assert validate(make_schema()._schema, parse(document)) == []


def test_answers_of_two_shapes_are_compared_by_what_they_tell() -> None:
    told = ("name", "amount", "plan")
    ours = {"node": {"name": "A", "estimatedValue": {"amount": "1.50", "currency": "EUR"}}}
    theirs = {"initiative": [{"name": "A", "amount": 1.5}]}
    assert facts(ours, told) == facts(theirs, told)
    assert facts({"plan": {"value": {"amount": "3", "currency": "EUR"}}}, told) == facts({"plan": "3.00"}, told)
    assert facts(ours, told) != facts({"name": "A", "amount": "1.51"}, told)


def test_the_same_seed_gives_the_same_organization() -> None:
    def rows(seed: int) -> list[tuple[object, ...]]:
        large = Large(new_id(), new_id(), 2026, 30, objectives=1, milestones=2, seed=seed)
        ids = (0, 1, 3, 8)  # columns of ids
        return [
            tuple(value for column, value in enumerate(row) if column not in ids)
            for table, found in large.tables()
            for row in found
            if table == "node"
        ]

    assert rows(1) == rows(1)
    assert rows(1) != rows(2)


def test_files_to_import_have_as_many_rows_as_they_say() -> None:
    assert deals(50).count(b"\r\n") == 51
    assert spend(50).count(b"\r\n") == 51


@pytest.mark.skipif(not shutil.which("gcc") and not shutil.which("cc"), reason="no C compiler")
@pytest.mark.parametrize("name", ["http", "fan", "floor"])
def test_a_load_client_compiles(name: str) -> None:
    made = client(name)
    assert made is not None
    assert made.exists()


def test_the_clock_of_a_process_moves_with_its_work() -> None:
    before = cpu(0)
    assert sum(range(2_000_000))
    assert cpu(0) > before


@pytest.mark.postgres
async def test_the_limit_of_a_write_is_made_of_the_rows_it_left(postgres: Postgres) -> None:
    async with postgres.database() as url:
        db = await asyncpg.connect(url)
        try:
            await db.execute(
                "CREATE TABLE region (id int PRIMARY KEY, name text); INSERT INTO region VALUES (1, 'East')"
            )
            bare = Bare(db, lambda: 0.0)
            await bare.watch()
            await db.execute("UPDATE region SET name = 'West' WHERE id = 1; INSERT INTO region VALUES (2, 'North')")
            (rows,) = await bare.left()
            assert (rows.table, rows.updated, rows.inserted) == ("region", [(1, "West")], [(2, "North")])
            await bare.prepare([rows])
            assert (await bare.transactions([rows], 3)).wall > 0
            assert await db.fetchval("SELECT COUNT(*) FROM bare.region") == 1
        finally:
            await db.close()


def test_an_outcome_is_told_and_drawn() -> None:
    plot = Plot("r4", "Cost & size", "initiatives", "ms", [Curve("ours", [(1_000, 0.3), (100_000, 0.31)])])
    outcome = Outcome("R4", "roll-up", "≤ 0.35 ms", "0.31 ms", True, {"usual way": ratio(0.3, 30.0)}, plots=[plot])
    assert "| R4 | roll-up | ≤ 0.35 ms | 0.31 ms | 100 × cheaper | – | – | – | met |" in markdown([outcome])
    drawn = svg(plot)
    assert drawn.startswith("<svg ")
    assert "Cost &amp; size" in drawn
    assert drawn.count("<circle") == 2


def test_figures_are_written_between_the_marks_of_the_readme(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    shutil.copyfile(README, readme)
    for measured in ("0.31 ms", "0.29 ms"):
        outcome = Outcome("R4", "roll-up", "≤ 0.35 ms", measured, True)
        into_readme([outcome], {"cpu": "2 × test"}, datetime(2026, 11, 23, tzinfo=UTC), readme)
    told = readme.read_text(encoding="utf-8")
    assert told.count("| R4 | roll-up |") == 1
    assert "0.29 ms" in told
    assert "0.31 ms" not in told
    assert told.endswith(README.read_text(encoding="utf-8")[-500:])
