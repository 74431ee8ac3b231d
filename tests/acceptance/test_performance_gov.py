"""Strategic goals and quarterly indicator values of the United States' federal agencies, fiscal year 2022.

Needs `../shared/data/strategy-performance-gov`; goals and every value are read back by GraphQL, and progress
is compared with what the publisher computed.
"""

import csv
import json
import re
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from server.domain.imports import ImportKind
from server.domain.indicators import Direction, progress
from server.exchange.importing import import_files
from server.exchange.report import ImportReport
from tests.support.company import Company

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared/data/strategy-performance-gov"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"the goals are not at {DATA}")

PAGE = """query ($after: String) { organization { nodes(first: 100, after: $after, filter: { levels: [OBJECTIVE] }) {
    pageInfo { hasNextPage endCursor } edges { node { id name parent { id } externalIds { system id } indicators {
    name direction start target current progress readOn points { date actual target } } } } } } }"""
QUARTER_ENDS = {"1": "2021-12-31", "2": "2022-03-31", "3": "2022-06-30", "4": "2022-09-30"}
DIRECTIONS = {"Measurable increase": Direction.INCREASE, "Measurable decrease": Direction.DECREASE}
AGENCY_OF_GOAL = re.compile(r"(\d{3}(SG|APG)|PMA)\w+")


def reference(name: str) -> list[dict[str, str]]:
    """A table of the reference answers."""
    with (DATA / "expected" / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def source() -> list[dict[str, str]]:
    """The quarterly rows as published, without the empty trailer."""
    rows: list[dict[str, str]] = json.loads((DATA / "target.json").read_text(encoding="utf-8"))
    return [row for row in rows if row.get("indicator_type")]


async def bring(alder: Company, **asked: Any) -> ImportReport:
    """Import goals and values."""
    files = {name: (DATA / name).read_bytes() for name in ("goals.json", "target.json")}
    mapping = (HERE / "performance_gov.yaml").read_text(encoding="utf-8")
    kind = ImportKind.INDICATORS
    return await import_files(await alder.viewer("lea"), files, mapping, at=alder.now, kind=kind, **asked)


async def objectives(alder: Company) -> dict[str, dict[str, Any]]:
    """All objectives that were imported, by their id at the publisher's."""
    found, after = dict[str, dict[str, Any]](), None
    while True:
        page = (await alder.ask("eve", PAGE, after=after))["organization"]["nodes"]
        for node in (edge["node"] for edge in page["edges"]):
            found |= {each["id"]: node for each in node["externalIds"] if each["system"] == "performance.gov"}
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


async def test_goals_and_values_read_back_and_progress_is_the_publishers(alder: Company) -> None:
    report = await bring(alder)
    assert report.not_taken == ()
    found = await objectives(alder)
    by_id = {node["id"]: key for key, node in found.items()}
    above = {key: by_id.get((node["parent"] or {}).get("id")) for key, node in found.items()}
    _check_goals(above)
    rows = source()
    assert {row["related_goal_id"] for row in rows} == {
        row["related_goal_id"] for row in reference("target_rows_by_goal.csv")
    }
    met = Counter[str]()
    for row in rows:
        _check_row(found[row["related_goal_id"]]["indicators"], row, met)
    assert met["values"] == len([row for row in rows if _number(row["value_current"]) is not None])
    assert met["ratios"] > 400, "each row of an increase or decrease with start, target and current"
    assert met["by the API"] > 100, "the last quarter of each such indicator"
    again = await bring(alder)
    assert (again.moved, again.not_taken) == (False, ())


def _check_goals(above: dict[str, str | None]) -> None:
    """Goals by agency and type, and strategic objectives by strategic goal, as the reference counts them."""

    def top(key: str) -> str:
        parent = above[key]
        return top(parent) if parent else key

    goals = [(top(key), match[2] or match[1]) for key in above if (match := AGENCY_OF_GOAL.fullmatch(key))]
    expected = {(row["agency"], row["goal_type"]): int(row["goals"]) for row in reference("goals_by_agency_type.csv")}
    assert Counter(goals) == expected
    below = Counter(parent for parent in above.values() if parent and "/" in parent)
    strategic = reference("strategic_goal_objectives.csv")
    assert below == {f"{row['agency']}/{row['sg_id']}": int(row["objectives"]) for row in strategic}


def _check_row(indicators: list[dict[str, Any]], row: dict[str, str], met: Counter[str]) -> None:
    """One indicator of the goal states the row: its value in that quarter, start, target, and the publisher's ratio."""
    day, current = QUARTER_ENDS[row["fiscal_qtr"]], _number(row["value_current"])
    start, target = _number(row["value_start"]), _number(row["value_target"])
    if current is None:
        return
    name = " ".join((row["indicator"].strip() or row["target"]).split())
    holding = [
        one for one in indicators
        if " ".join(one["name"].split()).startswith(name[:150]) and (day, current) in _readings(one)
        and (start is None or _exact(one["start"]) == start) and (target is None or _exact(one["target"]) == target)
    ]  # fmt: skip
    assert holding, row
    met["values"] += 1
    direction = DIRECTIONS.get(row["indicator_type"])
    if direction is None or start is None or target is None or start == target:
        return
    oracle = _six(Decimal(row["progress_pct"]))
    assert _close(progress(direction, start, target, current), oracle), row
    met["ratios"] += 1
    last = [one for one in holding if one["readOn"] == day]
    if last:
        assert all(_close(_exact(one["progress"]), oracle) for one in last), row
        met["by the API"] += 1


def _readings(indicator: dict[str, Any]) -> list[tuple[str, Decimal]]:
    return [(point["date"], Decimal(point["actual"])) for point in indicator["points"] if point["actual"] is not None]


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None


def _exact(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _six(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def _close(ours: Decimal | None, oracle: Decimal) -> bool:
    """Equal to six places, where the publisher's own rounding to nine may turn the last one."""
    return ours is not None and abs(ours - oracle) <= Decimal("0.000001")
