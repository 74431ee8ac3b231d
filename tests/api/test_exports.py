"""Everything as CSV and JSON Lines: whole, exact, and with the rights of who exports."""

import csv
import json
import re
import zipfile
from collections.abc import AsyncIterator
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest

from server.domain.cascade import Level
from server.exchange.everything import into_folder, spoken
from server.models.everything import NOUNS, Noun
from server.models.history import TRACKED
from tests.support.company import Company
from tests.support.house import House, opened_house
from tests.support.measures import done
from tests.support.packs import with_figures

PREFIXED = re.compile(r"'[=+\-@\t\r\n]")


@pytest.fixture
async def house(alder: Company, tmp_path: Path) -> AsyncIterator[House]:
    """The application."""
    await with_figures(alder)
    async with opened_house(alder, tmp_path) as opened:
        yield opened


async def fetched(house: House, company: Company, who: str) -> dict[str, bytes]:
    """The files of somebody's export."""
    got = await (await house.member(company, who)).get("/export.zip")
    assert (got.status_code, got.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(BytesIO(got.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def table(files: dict[str, bytes], noun: str) -> list[dict[str, str]]:
    """A CSV as a program reads it, with the apostrophes taken off."""
    read = csv.DictReader(StringIO(files[f"{noun}.csv"].decode("utf-8-sig"), newline=""))
    return [{name: cell[1:] if PREFIXED.match(cell) else cell for name, cell in row.items()} for row in read]


def lines(files: dict[str, bytes], noun: str) -> list[dict[str, Any]]:
    """A JSON Lines file."""
    return [json.loads(line) for line in files[f"{noun}.jsonl"].splitlines()]


def written(value: Any) -> str:
    """A value of JSON as the CSV has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return "" if value is None else str(value)


async def test_an_export_is_whole_and_both_forms_say_the_same(house: House, alder: Company) -> None:
    assert (await (await house.stranger()).get("/export.zip")).status_code == 401
    files = await fetched(house, alder, "eve")
    for noun in NOUNS:
        told = [{name: written(value) for name, value in row.items()} for row in lines(files, noun.name)]
        assert table(files, noun.name) == told, noun.name
        assert f"{noun.name} ({len(told):,} rows)" in files["README.txt"].decode(), "it is explained"
    assert {row["name"] for row in table(files, "nodes")} == set(alder.nodes)
    plan = sum(Decimal(row["plan_reporting"]) for row in table(files, "months") if row["plan_reporting"])
    asked = """{ organization { rollUp(from: "2027-01", to: "2027-12") { byKind { plan { value { amount } } } } } }"""
    kinds = (await alder.ask("eve", asked))["organization"]["rollUp"]["byKind"]
    assert plan == sum(Decimal(kind["plan"]["value"]["amount"]) for kind in kinds)
    assert {row["currency"] for row in table(files, "months")} == {"EUR"}
    assert len(table(files, "ledger")) == await alder.revision()
    assert files["policy.yaml"].decode().startswith(("#", "policy", "name"))


def test_no_table_with_a_past_is_left_out_and_no_secret_is_in() -> None:
    read = " ".join(noun.source for noun in NOUNS)
    assert {name for name in TRACKED if not re.search(rf"\b{name}\b", read)} == {"branch"}, "made of parents by itself"
    columns = " ".join(column for noun in NOUNS for column in noun.columns)
    assert not re.search(r"password|secret|credential|token", f"{read} {columns}")


async def test_who_may_not_read_amounts_or_the_ledger_exports_none(house: House, alder: Company) -> None:
    files = await fetched(house, alder, "vera")
    for name, content in files.items():
        found = re.search(rb"1,?000\.01|10,?000\.00|400\.02|120,?000", content)
        assert not found or name == "policy.yaml", (name, found)
    assert lines(files, "ledger") == []
    assert {row["plan"] for row in table(files, "months")} == {""}
    assert {row["name"] for row in table(files, "nodes")} == set(alder.nodes), "they see it all the same"


async def test_one_exports_what_one_sees(house: House, alder: Company, birch: Company) -> None:
    await birch.create(Level.OBJECTIVE, "Theirs")
    made = await done(alder, "ada", "addPerson", "... on Person { id }", name="Nina", email="nina@alder.example")
    alder.people["nina"] = alder.uuid(made["id"])
    refused = await (await house.member(alder, "nina")).get("/export.zip")
    assert refused.status_code == 403, "without a seat there is nothing to export"
    await done(alder, "ada", "grantSeat", person=made["id"], role="OWNER", at=alder.node("DACH"))
    files = await fetched(house, alder, "nina")
    assert [row["name"] for row in table(files, "nodes")] == ["DACH"]
    assert table(files, "months") == []
    assert not [name for name, content in files.items() if b"Theirs" in content]


async def test_a_text_never_becomes_a_formula_and_a_number_is_left_alone(house: House, alder: Company) -> None:
    for name in ("=1+1", "@SUM(A1)", "-5 per cent", "-5"):
        await alder.create(Level.OBJECTIVE, name)
    files = await fetched(house, alder, "eve")
    text = files["nodes.csv"].decode("utf-8-sig")
    for name in ("=1+1", "@SUM(A1)", "-5 per cent"):
        assert f",'{name}," in text
        assert f",{name}," not in text
    assert ",-5," in text
    assert {"=1+1", "@SUM(A1)", "-5 per cent", "-5"} <= {row["name"] for row in lines(files, "nodes")}


def test_amounts_are_exact_and_whole_numbers_mean_what_they_say() -> None:
    noun = Noun("x", "", "x t", ("t.units", "t.weight"), money={"units": "currency"}, scaled={"weight": 2})
    row = {"units": -12345, "currency": "JPY", "weight": 12550, "month": 202611, "readable": 1}
    told = {"units": Decimal(-12345), "currency": "JPY", "weight": Decimal("125.50"), "month": "2026-11"}
    assert spoken(noun, row, "EUR") == told
    assert spoken(noun, row | {"currency": "EUR"}, "EUR")["units"] == Decimal("-123.45")
    assert spoken(noun, row | {"readable": 0}, "EUR")["units"] is None


async def test_the_command_line_writes_the_same_files(house: House, alder: Company, tmp_path: Path) -> None:
    told = await into_folder(await alder.viewer("eve"), tmp_path / "all", alder.now)
    names = {path.name for path in (tmp_path / "all").iterdir()}
    assert told.startswith(f"{len(names)} files are in ")
    archived = await fetched(house, alder, "eve")
    assert set(archived) == names
    assert (tmp_path / "all" / "months.csv").read_bytes() == archived["months.csv"]
