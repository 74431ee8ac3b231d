"""Six strategic plans as strangers wrote them, in StratML Part 1 and Part 2 (ISO 17469).

Needs `../shared/data/strategy-stratml`; every target and actual of its reference answers is read back by GraphQL.
"""

import csv
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from server.api.strategies import strategy
from server.domain.imports import ImportKind
from server.domain.refusals import RefusalCode, Refused
from server.exchange.importing import import_files
from server.exchange.report import ImportReport
from server.models.database import reading, rows
from server.schema import ids
from tests.exchange.stratml_order import faults_of
from tests.support.company import Company
from tests.support.measures import done

DATA = Path(__file__).resolve().parents[3] / "shared/data/strategy-stratml"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the plans are not at {DATA}")

PLANS = """{ organization { nodes(first: 100, filter: { levels: [OBJECTIVE] }) { edges { node { id name description
    externalIds { system id } parent { name } indicators { name unit description start startDate target targetDate
    direction points { date target actual note } verdict { verdict sentence } } } } } } }"""


def reference(name: str) -> list[dict[str, str]]:
    """A table of the reference answers."""
    with (DATA / "expected" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def files(*names: str) -> dict[str, bytes]:
    """Plans by name; without a name all."""
    return {path.name: path.read_bytes() for path in sorted(DATA.glob("*.xml")) if not names or path.name in names}


async def bring(alder: Company, read: dict[str, bytes], who: str = "lea", **asked: Any) -> ImportReport:
    """Import plans."""
    return await import_files(await alder.viewer(who), read, "", at=alder.now, kind=ImportKind.STRATEGY, **asked)


async def objectives(alder: Company) -> list[dict[str, Any]]:
    """All objectives as GraphQL answers them."""
    found = await alder.ask("eve", PLANS)
    return [edge["node"] for edge in found["organization"]["nodes"]["edges"]]


async def test_all_six_plans_are_taken_and_every_target_and_actual_reads_back(alder: Company) -> None:
    before = await alder.revision()
    dry = await bring(alder, files(), dry_run=True)
    assert (dry.dry_run, await alder.revision()) == (True, before)
    report = await bring(alder, files())
    assert report.not_taken == ()
    expected = reference("files.csv")
    goals, below, measured = (
        sum(int(row[name]) for row in expected) for name in ("goals", "objectives", "performance_indicators")
    )
    assert report.nodes_created == len(expected) + goals + below
    assert (report.created, report.read) == (measured, goals + below + measured)
    found = {node["id"]: node for node in await objectives(alder) if node["externalIds"]}
    assert len(found) == report.nodes_created
    there = [(node, one) for node in found.values() for one in node["indicators"]]
    for group in groups():
        match = next(each for each in there if _is(*each, group[0]) and all(_holds(each[1], row) for row in group))
        there.remove(match)
    assert there == []


def groups() -> list[list[dict[str, str]]]:
    """The reference rows of each indicator: its targets, then its actuals."""
    made: list[list[dict[str, str]]] = []
    for row in reference("indicators.csv"):
        if not made or (row["kind"] == "TargetResult" and made[-1][-1]["kind"] == "ActualResult"):
            made.append([])
        made[-1].append(row)
    return made


def _is(node: dict[str, Any], indicator: dict[str, Any], row: dict[str, str]) -> bool:
    """Whether an indicator is the one that a reference row belongs to: by goal, objective, dimension and unit."""
    named = not row["objective"] or node["name"] == row["objective"]
    dimension = not row["dimension"] or indicator["name"] == row["dimension"]
    return named and dimension and node["parent"]["name"] == row["goal"] and (indicator["unit"] or "") == row["unit"]


def _holds(indicator: dict[str, Any], row: dict[str, str]) -> bool:
    """Whether a target or an actual stands there, as number and day, or in words; one that is unknown is no number."""
    target, day = row["kind"] == "TargetResult", row["end"] or row["start"] or None
    if row["number_of_units"]:
        value = Decimal(repr(float(row["number_of_units"])))  # one is what a binary float made of 4.425
        pair = ("target", "targetDate") if target else ("start", "startDate")
        stated = [(indicator[pair[0]], indicator[pair[1]])]
        stated += [(point[pair[0] if target else "actual"], point["date"]) for point in indicator["points"]]
        return (value, day) in [(Decimal(each), on) for each, on in stated if each is not None]
    if target and indicator["target"] is not None:
        return False
    return row["description"] in ("", "[To be determined]") or row["description"] in (indicator["description"] or "")


async def test_nothing_is_mended_or_left_open_without_a_word(alder: Company) -> None:
    report = await bring(alder, files())
    told = [(one.file, one.column, one.reason) for one in report.repaired]
    assert all(one.file and one.line and one.column for one in (*report.repaired, *report.unknown))
    assert len([reason for _, _, reason in told if "after its end" in reason]) == 84, "each period of South Carolina"
    assert any("4.425" in reason for _, _, reason in told)
    assert len([file for file, _, reason in told if reason.startswith("Without a namespace")]) == 2
    again = await bring(alder, files())
    assert (again.moved, again.unchanged) == (False, report.read + len(files()))


async def test_no_address_of_a_submitter_is_kept_or_told(alder: Company) -> None:
    addresses = {each for data in files().values() for each in re.findall(rb"[\w.]+@[\w.]+\w", data)}
    assert addresses, "the plans have some"
    report = await bring(alder, files())
    kept = [str(row) for table in ("node", "indicator", "indicator_point", "ledger_entry", "import_run", "external_id")
            for row in await rows(reading(), f"SELECT * FROM {table}")]  # fmt: skip
    assert not [each for each in addresses for text in [*kept, str(report)] if each.decode() in text]


async def test_who_may_not_make_objectives_imports_none(alder: Company) -> None:
    before = await alder.revision()
    with pytest.raises(Refused) as refused:
        await bring(alder, files("ncses.part1.xml"), who="sal")
    assert (refused.value.code, await alder.revision()) == (RefusalCode.FORBIDDEN, before)


@pytest.mark.parametrize("part", [1, 2])
async def test_what_goes_out_is_valid_and_comes_in_again_as_it_was(alder: Company, birch: Company, part: int) -> None:
    await bring(alder, files("sc-commerce-fy2023.part2.xml"))
    lea = await alder.viewer("lea")
    (plan,) = [node for node in await objectives(alder) if node["name"].startswith("Fiscal Year")]
    asked = {"under": plan["id"], "name": "Investment", "direction": "INCREASE", "start": "1", "target": "5.50"}
    dates = {"startDate": "2026-01-01", "targetDate": "2026-12-31"}
    made = await done(alder, "lea", "addIndicator", "... on Indicator { id }", **asked, **dates)
    await done(alder, "lea", "setIndicatorPath", indicator=made["id"], points=[{"date": "2026-06-30", "target": "2"}])
    await done(alder, "lea", "recordIndicator", indicator=made["id"], date="2026-06-30", actual="1.9", note="So so")
    name, body = await strategy(lea, plan["id"], part, alder.now)
    assert name.endswith(f".part{part}.xml")
    assert faults_of(fromstring(body), part) == []  # noqa: S314 — our own
    again = await bring(alder, {name: body})
    assert (again.not_taken, again.repaired, again.moved) == ((), (), False)
    elsewhere = await bring(birch, {name: body})
    assert elsewhere.not_taken == ()
    theirs = [_told(node) for node in await objectives(birch) if node["externalIds"]]
    assert sorted(theirs, key=str) == sorted(
        (_told(node, part) for node in await objectives(alder) if node["externalIds"]), key=str
    )


def _told(node: dict[str, Any], part: int = 2) -> dict[str, Any]:
    """What a file of a part says of an objective."""
    measured = [one | {"verdict": None} for one in node["indicators"]] if part == 2 else []
    return {"name": node["name"], "description": node["description"], "indicators": measured}


async def test_a_file_that_is_none_is_refused_with_its_line(alder: Company) -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "b">]><StrategicPlan><Name>&a;</Name></StrategicPlan>'
    wrong = {
        "broken.xml": b"<StrategicPlan>\n<Name>A</StrategicPlan>",
        "entity.xml": entity,
        "other.xml": b"<html><body/></html>",
        "deep.xml": b"<a>" * 50 + b"</a>" * 50,
        "text.xml": b"Goals: grow",
    }
    before = await alder.revision()
    with pytest.raises(Refused) as refused:
        await bring(alder, wrong)
    assert len(refused.value.details) == len(wrong), refused.value.details
    assert any("broken.xml line 2" in one for one in refused.value.details)
    assert await alder.revision() == before


async def test_a_plan_goes_under_the_objective_that_stands_for_it(alder: Company) -> None:
    growth = ids.expect("node", alder.node("Growth"), "under")
    report = await bring(alder, files("white-house-oai-2017.part1.xml"), under=growth)
    assert report.nodes_created == 6
    under = {node["name"]: (node["parent"] or {}).get("name") for node in await objectives(alder)}
    assert under["Establishment"] == "Growth"
    assert report.read == 6
