"""Acceptance: the IT portfolio of the US government, 2012: 2,472 projects with planned and actual cost.

What it must say was computed independently of us (`expected/` beside the data) and is read back through GraphQL.
"""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.imported import (
    DATABASES,
    MAPPINGS,
    ROLL_UP,
    SHARED,
    Importer,
    address,
    answers,
    at,
    by_kind,
    exact,
    importer,
)

NAME = "portfolio-us-it-2012"
DATA = SHARED / NAME
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"NOT RUN: the real portfolio ../shared/data/{NAME} is absent"
)
PLACES = f"""query ($after: String, $levels: [Level!], $from: Month, $to: Month) {{ organization {{
  nodes(first: 100, after: $after, filter: {{levels: $levels}}) {{ totalCount pageInfo {{ hasNextPage endCursor }}
  edges {{ node {{ name externalIds {{ id }}
    ... on Portfolio {{ {ROLL_UP} }} ... on Program {{ {ROLL_UP} }} }} }} }} }} }}"""
YEARS = {"from": "2009-01", "to": "2050-12"}
MILLION = Decimal(10**6)


def files() -> dict[str, bytes]:
    return {"projects.csv": (DATA / "projects.csv").read_bytes()}


def mapping() -> str:
    return (MAPPINGS / "tracker_us_it.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module", params=DATABASES)
async def lea(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Importer]:
    """Who has imported the portfolio."""
    folder = tmp_path_factory.mktemp("us-it")
    async with (
        address(request.param, request, folder) as url,
        importer(folder, "USD", at(2013), url=url) as person,
    ):
        report = await person.upload("TRACKER", files(), mapping())
        assert report["sentence"] == (
            "Read 2,472 rows: 4,910 figures created, 0 changed, 0 unchanged. 3,098 nodes of the cascade made. "
            "2,455 lines added."
        )
        assert report["notTaken"] == []
        yield person


def costs(roll_up: dict[str, Any]) -> tuple[Decimal, Decimal]:
    cost = by_kind(roll_up)["ONE_OFF_COST"]
    return exact(cost["plan"]), exact(cost["actual"])


def told(row: dict[str, str]) -> tuple[Decimal, Decimal]:
    return Decimal(row["planned_cost_musd"]) * MILLION, Decimal(row["actual_cost_musd"]) * MILLION


async def test_the_total(lea: Importer) -> None:
    (total,) = answers(NAME, "total")
    asked = f"query ($from: Month, $to: Month) {{ organization {{ {ROLL_UP} }} }}"
    assert costs((await lea.ask(asked, **YEARS))["organization"]["rollUp"]) == told(total)
    for levels, column in (["INITIATIVE"], "projects"), (["PROGRAM"], "investments"):
        query = "query ($l: [Level!]) { organization { nodes(filter: {levels: $l}) { totalCount } } }"
        assert (await lea.ask(query, l=levels))["organization"]["nodes"]["totalCount"] == int(total[column])


@pytest.mark.parametrize(
    ("level", "name", "key", "prefix"),
    [("PORTFOLIO", "by_agency", "agency_code", "agency "), ("PROGRAM", "by_investment", "uii", "")],
)
async def test_every_place(lea: Importer, level: str, name: str, key: str, prefix: str) -> None:
    nodes = await lea.every(PLACES, "nodes", levels=[level], **YEARS)
    found = {node["externalIds"][0]["id"].removeprefix(prefix): costs(node["rollUp"]) for node in nodes}
    assert found == {row[key]: told(row) for row in answers(NAME, name)}


async def test_a_second_run_changes_nothing_and_says_so(lea: Importer) -> None:
    before = await lea.facts()
    dry = await lea.upload("TRACKER", files(), mapping(), dry_run=True)
    report = await lea.upload("TRACKER", files(), mapping())
    assert report == dry | {"dryRun": False, "sentence": report["sentence"]}
    assert report["sentence"] == "Read 2,472 rows: nothing changed."
    assert report["unchanged"] == 4910
    assert await lea.facts() == before
