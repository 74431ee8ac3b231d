"""Acceptance: the UK's major projects, 2018 to 2022: five snapshots, each imported at the end of its year.

Every year is read back as of then, and `changesBetween` explains, entry by entry, how whole-life cost went from one to
the next. What every year must say was computed independently of us (`expected/` beside the data).
"""

from collections.abc import AsyncIterator
from decimal import Decimal
from itertools import pairwise
from string import Template
from typing import Any

import pytest

from tests.acceptance.imported import MAPPINGS, ROLL_UP, SHARED, Importer, answers, at, by_kind, exact, importer

NAME = "portfolio-uk-gmpp"
DATA = SHARED / NAME
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"NOT RUN: the real portfolio ../shared/data/{NAME} is absent"
)
YEARS = (2018, 2019, 2020, 2021, 2022)
MILLION = Decimal(10**6)
PLACES = f"""query ($after: String, $asOf: DateTime, $from: Month, $to: Month) {{ organization(asOfTime: $asOf) {{
  revision nodes(first: 100, after: $after, filter: {{levels: [PORTFOLIO]}}) {{ pageInfo {{ hasNextPage endCursor }}
  edges {{ node {{ id name ... on Portfolio {{ {ROLL_UP} }} }} }} }} }} }}"""
WHOLE = f"""query ($asOf: DateTime, $from: Month, $to: Month) {{
  organization(asOfTime: $asOf) {{ id revision {ROLL_UP} }} }}"""
CHANGES = """query ($first: Revision!, $last: Revision!, $under: ID!, $from: Month!, $to: Month!) {
  changesBetween(from: $first, to: $last, under: $under, figure: PLAN, kind: ONE_OFF_COST, firstMonth: $from,
                 lastMonth: $to, most: 1000) { name value source { ... on Fact { kind sentence } } } }"""


def mapping(year: int) -> str:
    """The mapping of one snapshot."""
    whole = Template((MAPPINGS / "tracker_gmpp.yaml").read_text(encoding="utf-8"))
    return whole.substitute(
        YEAR=year,
        ENCODING="iso-8859-1" if year == 2020 else "cp1252",
        PROGRAM="Major projects" if year == 2018 else "{report_category}",
        BUDGET="yearly_budget" if year <= 2020 else "total_baseline",
    )


@pytest.fixture(scope="module")
async def lea(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Importer]:
    """Who imported every snapshot at the end of its financial year."""
    async with importer(tmp_path_factory.mktemp("gmpp"), "GBP", at(2018, 3, 31)) as person:
        for year in YEARS:
            person.now = at(year, 3, 31)
            file = f"uk_{year}.csv"
            report = await person.upload("TRACKER", {file: (DATA / file).read_bytes()}, mapping(year))
            assert report["__typename"] == "ImportReport", report
            assert report["notTaken"] == []
            told = {
                row["department_upper"]: row for row in answers(NAME, "by_year_department") if row["year"] == str(year)
            }
            withheld = sum(int(told["ALL"]["projects"]) - int(told["ALL"][one]) for one in _NUMERIC)
            blank = sum(int(note.split()[0]) for note in report["notes"] if "were blank" in note)
            assert len(report["unknown"]) + blank == withheld  # what is not known is counted, and is not zero
        person.now = at(2022, 5)
        yield person


_NUMERIC = ("wlc_numeric", "fy_baseline_numeric")


def _as_of(year: int) -> str:
    return at(year, 4, 1).isoformat()


@pytest.mark.parametrize("year", YEARS)
async def test_every_department_as_of_its_year(lea: Importer, year: int) -> None:
    span: dict[str, Any] = {"asOf": _as_of(year), "from": "2018-01", "to": f"{year}-12"}
    whole = (await lea.ask(WHOLE, **span))["organization"]["rollUp"]
    found = {"ALL": _costs(whole)}
    found |= {node["name"]: _costs(node["rollUp"]) for node in await lea.every(PLACES, "nodes", **span)}
    told = {
        row["department_upper"]: (Decimal(row["wlc_mgbp"]) * MILLION, Decimal(row["fy_baseline_mgbp"]) * MILLION)
        for row in answers(NAME, "by_year_department")
        if row["year"] == str(year)
    }
    assert {name: costs for name, costs in found.items() if any(costs)} == {
        name: costs for name, costs in told.items() if any(costs)
    }


def _costs(roll_up: dict[str, Any]) -> tuple[Decimal, Decimal]:
    kinds = by_kind(roll_up)
    return exact(kinds["ONE_OFF_COST"]["plan"]), exact(kinds["RUN_COST"]["plan"])


@pytest.mark.parametrize(("before", "after"), list(pairwise(YEARS)))
async def test_what_changed_from_year_to_year(lea: Importer, before: int, after: int) -> None:
    """The parts add up to the difference of whole-life cost, and each is the fact about one project."""
    span = {"from": "2018-03", "to": "2018-03"}
    first, last = [(await lea.ask(WHOLE, asOf=_as_of(year), **span))["organization"] for year in (before, after)]
    parts = (await lea.ask(CHANGES, first=first["revision"], last=last["revision"], under=first["id"], **span))[
        "changesBetween"
    ]
    difference = _costs(last["rollUp"])[0] - _costs(first["rollUp"])[0]
    assert sum(Decimal(part["value"].split()[0].replace(",", "")) for part in parts) == difference
    assert {part["source"]["kind"] for part in parts} == {"VALUE_CHANGED"}
    assert all("took the figures of “" in part["source"]["sentence"] for part in parts)
    told = {row["year"]: Decimal(row["wlc_mgbp"]) for row in answers(NAME, "by_year_department")
            if row["department_upper"] == "ALL"}  # fmt: skip
    assert difference == (told[str(after)] - told[str(before)]) * MILLION
