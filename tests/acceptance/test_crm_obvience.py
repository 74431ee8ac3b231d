"""Acceptance: an open pipeline of 487 lines with stage probabilities, weighted, cut every way, read through GraphQL.

What it must say was computed independently of us (`expected/` beside the data).
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.acceptance.imported import DATABASES, MAPPINGS, SHARED, Importer, address, answers, at, exact, importer

NAME = "crm-obvience-opportunities"
DATA = SHARED / NAME
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"NOT RUN: the real extract ../shared/data/{NAME} is absent")
SALES = """query { organization { sales(from: "2015-01", to: "2015-12") {
  openCount openPipeline { value { amount } } weightedPipeline { value { amount } } } } }"""
DEALS = """query ($after: String) { organization { opportunities(first: 100, after: $after) {
  pageInfo { hasNextPage endCursor } edges { node {
  externalId accountGroup product territory stage probability closedOn amount { amount } plan { name } } } } } }"""
PLANS = """query ($after: String) { organization { nodes(first: 100, after: $after, filter: {levels: [SALES_PLAN]}) {
  pageInfo { hasNextPage endCursor } edges { node { name ancestors { name }
  ... on SalesPlan { sales(from: "2015-01", to: "2015-12") {
    openCount openPipeline { value { amount } } weightedPipeline { value { amount } } } } } } } } }"""
# answer → its columns, and the same of an opportunity
CUTS: dict[str, tuple[tuple[str, ...], Callable[[dict[str, Any]], tuple[str, ...]]]] = {
    "by_stage": (("stage",), lambda deal: (deal["stage"],)),
    "by_region_stage": (("region", "stage"), lambda deal: (deal["territory"], deal["stage"])),
    "by_region_segment": (("region", "segment"), lambda deal: (deal["territory"], deal["accountGroup"])),
    "by_product": (("product",), lambda deal: (deal["product"],)),
    "by_close_month": (("est_close_month",), lambda deal: (deal["closedOn"][:7],)),
    "total": (("scope",), lambda _: ("all",)),
}


@pytest.fixture(scope="module", params=DATABASES)
async def lea(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Importer]:
    """Who imported the extract before its first deal was to close."""
    folder = tmp_path_factory.mktemp("obvience")
    async with (
        address(request.param, request, folder) as url,
        importer(folder, "USD", at(2015), url=url) as person,
    ):
        files = {path.name: path.read_bytes() for path in DATA.glob("*.csv")}
        report = await person.upload("CRM", files, (MAPPINGS / "crm_obvience.yaml").read_text(encoding="utf-8"))
        assert (report["read"], report["created"], report["orphans"], report["notTaken"]) == (487, 487, 0, [])
        yield person


@pytest.mark.parametrize("name", CUTS)
async def test_every_cut(lea: Importer, name: str) -> None:
    columns, key = CUTS[name]
    lines, opportunities = Counter[tuple[str, ...]](), dict[tuple[str, ...], set[str]]()
    revenue, weighted = dict[tuple[str, ...], Decimal](), dict[tuple[str, ...], Decimal]()
    for deal in await lea.every(DEALS, "opportunities"):
        place, amount = key(deal), Decimal(deal["amount"]["amount"])
        lines[place] += 1
        opportunities.setdefault(place, set()).add(deal["externalId"].partition("-")[0])
        revenue[place] = revenue.get(place, Decimal(0)) + amount
        weighted[place] = weighted.get(place, Decimal(0)) + amount * Decimal(deal["probability"])
    found = {place: (lines[place], len(opportunities[place]), revenue[place], weighted[place]) for place in lines}
    assert found == {
        tuple(row[column] for column in columns): (
            int(row["lines"]), int(row["opportunities"]), Decimal(row["revenue"]), Decimal(row["weighted_revenue"]),
        )
        for row in answers(NAME, name)
    }  # fmt: skip


async def test_the_weighted_pipeline_of_the_organization_and_of_every_plan(lea: Importer) -> None:
    (total,) = answers(NAME, "total")
    whole = (await lea.ask(SALES))["organization"]["sales"]
    assert _pipeline(whole) == _told(total)
    plans = await lea.every(PLANS, "nodes")
    found = {(plan["ancestors"][2]["name"], plan["name"]): _pipeline(plan["sales"]) for plan in plans}
    assert found == {
        (row["region"], f"{row['region']} {row['segment']}"): _told(row) for row in answers(NAME, "by_region_segment")
    }


def _pipeline(sales: dict[str, Any]) -> tuple[int, Decimal, Decimal]:
    return sales["openCount"], exact(sales["openPipeline"]), exact(sales["weightedPipeline"])


def _told(row: dict[str, str]) -> tuple[int, Decimal, Decimal]:
    return int(row["lines"]), Decimal(row["revenue"]), Decimal(row["weighted_revenue"])
