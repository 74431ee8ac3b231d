"""Acceptance: 166,216 rows of IT spend: plan, three successive estimates, and actual, equal to the last digit.

Each estimate is an import of its own day, and is read back as of then. What all of it must say was computed
independently of us (`expected/` beside the data); all is read back through GraphQL.
"""

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.imported import MAPPINGS, ROLL_UP, SHARED, Importer, answers, at, by_kind, exact, importer

NAME = "budget-it-spend"
DATA = SHARED / NAME
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"NOT RUN: the real budget ../shared/data/{NAME} is absent")
# The data do not number the estimates in time: LE3 holds actuals through June, LE2 through September.
DAYS = {"plan": at(2013, 12, 16), "le1": at(2014, 3, 17), "le3": at(2014, 7, 14), "le2": at(2014, 10, 13)}
END = at(2015, 1, 31)
YEAR = {"from": "2014-01", "to": "2014-12"}
LINES = """query ($after: String, $asOf: DateTime) { organization(asOfTime: $asOf) {
  nodes(first: 100, after: $after, filter: {levels: [INITIATIVE]}) { pageInfo { hasNextPage endCursor }
  edges { node { name owner { name } businessUnit tags ancestors { name }
    ... on Initiative { valueLines { kind name months { month plan { amount } actual { amount } } } } } } } } }"""
PLACES = f"""query ($after: String, $asOf: DateTime, $levels: [Level!], $from: Month, $to: Month) {{
  organization(asOfTime: $asOf) {{
    nodes(first: 100, after: $after, filter: {{levels: $levels}}) {{ pageInfo {{ hasNextPage endCursor }}
    edges {{ node {{ name ancestors {{ name }} ... on Portfolio {{ {ROLL_UP} }} ... on Program {{ {ROLL_UP} }} }} }} }}
}} }}"""
Cell = tuple[dict[str, str], str, Decimal, Decimal]  # where it belongs, month, plan, actual
Sums = dict[tuple[str, ...], dict[str, Decimal]]


def files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in DATA.glob("*.csv") if path.name != "date.csv"}


def mapping(scenario: str, *, actual: bool) -> str:
    """The mapping for one estimate: what it says stands as the plan; the actuals come when the year is over."""
    whole = (MAPPINGS / "tracker_it_spend.yaml").read_text(encoding="utf-8")
    plan, other = whole.split("  - when: {scenarios.Scenario: Actual}")
    plan = plan.replace("Scenario: Plan", f"Scenario: {scenario}")
    return plan + "  - when: {scenarios.Scenario: Actual}" + other if actual else plan


@pytest.fixture(scope="module")
async def lea(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Importer]:
    """Who imported every estimate on its day, and plan and actual when the year was over."""
    async with importer(tmp_path_factory.mktemp("spend"), "CLF", DAYS["plan"]) as person:
        started, worked = time.perf_counter(), time.process_time()
        for scenario, day in DAYS.items():
            await _import(person, day, mapping(scenario.replace("plan", "Plan").replace("le", "LE"), actual=False))
        await _import(person, END, mapping("Plan", actual=True))
        seconds, own = time.perf_counter() - started, time.process_time() - worked
        print(f"\nfive imports of 166,216 rows: {seconds:.1f} s, {own:.1f} s of them its own")  # noqa: T201 — measured
        assert own < 60
        yield person


async def _import(person: Importer, day: datetime, how: str) -> None:
    person.now = day
    report = await person.upload("TRACKER", files(), how)
    assert report["__typename"] == "ImportReport", report
    assert (report["read"], report["notTaken"], report["unknown"]) == (166_216, [], [])


def _net(part: dict[str, Any], series: str) -> Decimal:
    """Cost less what was credited."""
    kinds = by_kind(part)
    return exact(kinds["RUN_COST"][series]) - exact(kinds["REVENUE"][series])


async def _cells(lea: Importer, day: datetime | None) -> list[Cell]:
    """Every month of every line, as of a day."""
    cells = []
    for node in await lea.every(LINES, "nodes", asOf=day and day.replace(hour=10).isoformat()):
        place = {
            "vp": node["owner"]["name"],
            "department": node["name"].removeprefix("Department "),
            "business_area": node["businessUnit"],
            "sales_region": node["tags"][0],
            "it_area": node["ancestors"][1]["name"],
            "it_sub_area": node["ancestors"][2]["name"],
        }
        for line in node["valueLines"]:
            where = place | {"cost_element_group": line["name"].removesuffix(", credited")}
            sign = -1 if line["kind"] == "REVENUE" else 1
            for month in line["months"]:
                plan, actual = (
                    Decimal(month[one]["amount"]) if month[one] else Decimal(0) for one in ("plan", "actual")
                )
                cells.append((where, month["month"], sign * plan, sign * actual))
    return cells


@pytest.fixture(scope="module")
async def cells(lea: Importer) -> dict[str, list[Cell]]:
    """All cells as of every estimate, and at the end."""
    return {name: await _cells(lea, day) for name, day in DAYS.items()} | {"end": await _cells(lea, None)}


def _sums(cells: dict[str, list[Cell]], key: Callable[[dict[str, str], str], tuple[str, ...]]) -> Sums:
    """Plan, estimates and actual by a key; what is nothing in all of them is left out."""
    found: Sums = defaultdict(lambda: dict.fromkeys(("plan", "le1", "le2", "le3", "actual"), Decimal(0)))
    for name in DAYS:
        for where, month, plan, _ in cells[name]:
            found[key(where, month)][name] += plan
    ended = defaultdict[tuple[str, ...], Decimal](Decimal)
    for where, month, plan, actual in cells["end"]:
        found[key(where, month)]["actual"] += actual
        ended[key(where, month)] += plan
    assert {one: sums["plan"] for one, sums in found.items() if sums["plan"]} == {
        one: v for one, v in ended.items() if v
    }
    return {one: sums for one, sums in found.items() if any(sums.values())}


@pytest.mark.parametrize(
    "keys",
    [
        ("it_area",), ("it_area", "it_sub_area"), ("vp",), ("vp", "department"), ("business_area",), ("sales_region",),
        ("cost_element_group",), ("month",), (),
    ],
    ids=lambda keys: "_".join(keys) or "total",
)  # fmt: skip
async def test_every_cut_of_plan_estimates_and_actual(cells: dict[str, list[Cell]], keys: tuple[str, ...]) -> None:
    name = {("it_area", "it_sub_area"): "by_it_area_sub_area", ("vp", "department"): "by_vp_department", (): "total"}
    told = {
        tuple(row[key] for key in keys): {one: Decimal(row[one]) for one in ("plan", "le1", "le2", "le3", "actual")}
        for row in answers(NAME, name.get(keys, f"by_{keys[0]}" if keys else ""))
    }
    found = _sums(cells, lambda where, month: tuple(month if key == "month" else where[key] for key in keys))
    assert found == {key: sums for key, sums in told.items() if any(sums.values())}


@pytest.mark.parametrize("estimate", [*DAYS, "actual"])
async def test_roll_ups_of_areas_and_sub_areas(lea: Importer, estimate: str) -> None:
    day = DAYS[estimate].replace(hour=10).isoformat() if estimate in DAYS else None
    series = "plan" if estimate in DAYS else "actual"
    for level, name, keys in (
        ("PORTFOLIO", "by_it_area", ("it_area",)),
        ("PROGRAM", "by_it_area_sub_area", ("it_area", "it_sub_area")),
    ):
        nodes = await lea.every(PLACES, "nodes", levels=[level], asOf=day, **YEAR)
        found = {
            (*(above["name"] for above in node["ancestors"][1:]), node["name"]): _net(node["rollUp"], series)
            for node in nodes
        }
        told = {tuple(row[key] for key in keys): Decimal(row[estimate]) for row in answers(NAME, name)}
        assert found | told == found  # a place with nothing in it is as good as none
        assert not any(found[place] for place in found.keys() - told.keys())


async def test_a_second_run_changes_nothing_and_says_so(lea: Importer) -> None:
    before = await lea.facts()
    report = await lea.upload("TRACKER", files(), mapping("Plan", actual=True))
    assert report["sentence"] == "Read 166,216 rows: nothing changed."
    assert await lea.facts() == before
