"""Sales plans through the API: quota, incentives, results by the thousand, and figures against them (law §5)."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from server.actions.results import record_results
from server.actions.seats import grant_seat
from server.domain.cascade import Level
from server.domain.people import Role
from server.domain.results import Result
from server.domain.sales import OpportunityState
from server.domain.stages import Stage
from server.live.work import perform
from server.models.cascade import Node
from server.models.row import new_id
from server.models.sales import Quota
from server.schema import ids
from tests.support.company import Company

FIGURES = """pace { formula } projectedAttainment lateStageCoverage overAssignment capacityCover
    quota { value { amount } } won { value { amount } formula } gap { value { amount } inputs { name value } }
    attainment winRate coverage requiredCoverage averageWon { amount currency } wonCount lostCount openCount
    openPipeline { value { amount } omitted } weightedPipeline { value { amount } omitted }"""
PLAN = f"query ($id: ID!) {{ node(id: $id) {{ ... on CascadeNode {{ sales {{ from to {FIGURES} }} }} }} }}"
COUNTS = "... on RecordedResults { created changed unchanged }"


def deal(number: str, state: str = "WON", amount: str | None = "100", **fields: Any) -> dict[str, Any]:
    """A result of the CRM, closed in July 2026."""
    closed = {} if state == "OPEN" else {"closedOn": "2026-07-03"}
    return {"system": "crm", "externalId": number, "stage": "S", "state": state, "amount": amount, **closed, **fields}


async def sentence(alder: Company) -> str:
    """What the ledger told last."""
    (edge,) = (await alder.ask("eve", "{ ledger(first: 1) { edges { node { kind sentence } } } }"))["ledger"]["edges"]
    return f"{edge['node']['kind']}: {edge['node']['sentence']}"


async def test_quota_replaces_the_months_it_names(alder: Company) -> None:
    shown = "... on SalesPlan { quota { month dimension segment amount { amount currency } } }"
    first = [
        {"month": "2026-07", "dimension": "TERRITORY", "segment": "North", "amount": "100"},
        {"month": "2026-07", "dimension": "TERRITORY", "segment": "South", "amount": "50.50"},
        {"month": "2026-08", "dimension": "TERRITORY", "segment": "North", "amount": "70"},
    ]
    await alder.do("sal", "setQuota", shown, plan=alder.node("DACH"), quota=first)
    assert await sentence(alder) == (
        "QUOTA_CHANGED: Sal set the quota of “DACH” by territory: 2 months, 220.50 EUR in all."
    )
    before = await alder.revision()
    assert (await alder.do("sal", "setQuota", shown, plan=alder.node("DACH"), quota=first))["quota"]
    mixed = await alder.do("sal", "setQuota", plan=alder.node("DACH"), quota=[{"month": "2026-07", "amount": "1"}])
    assert "cut it by no segment and territory" in mixed["message"]
    assert await alder.revision() == before
    replaced = await alder.do("sal", "setQuota", shown, plan=alder.node("DACH"), quota=[first[0] | {"amount": "1"}])
    assert replaced["quota"] == [
        {"month": "2026-07", "dimension": "TERRITORY", "segment": "North",
         "amount": {"amount": "1.00", "currency": "EUR"}},
        {"month": "2026-08", "dimension": "TERRITORY", "segment": "North",
         "amount": {"amount": "70.00", "currency": "EUR"}},
    ]  # fmt: skip


async def test_nobody_sets_their_own_quota(alder: Company) -> None:
    before = await alder.revision()
    mine = [{"month": "2026-07", "dimension": "SELLER", "segment": "Sal", "amount": "1"}]
    refusal = await alder.do("sal", "setQuota", plan=alder.node("DACH"), quota=mine)
    assert (refusal["code"], refusal["path"]) == ("SAME_PERSON", ["quota"])
    assert (await alder.do("olaf", "setQuota", plan=alder.node("DACH"), quota=mine))["code"] == "FORBIDDEN"
    assert await alder.revision() == before
    mail = [mine[0] | {"segment": " SAL@alder-pumps.example"}]
    assert (await alder.do("sal", "setQuota", plan=alder.node("DACH"), quota=mail))["code"] == "SAME_PERSON"
    given = Quota(node_id=alder.nodes["DACH"], month=202607, dimension="SELLER", segment="sal", units=9)
    await given.save()
    theirs = [mine[0] | {"segment": "Ann"}]
    away = await alder.do("sal", "setQuota", plan=alder.node("DACH"), quota=theirs)
    assert away["code"] == "SAME_PERSON", "taking one's own quota away is setting it as well"
    await given.delete()
    assert (await alder.do("sal", "setQuota", plan=alder.node("DACH"), quota=theirs))["__typename"] == "SalesPlan"
    await Node.filter(id=alder.nodes["DACH"]).update(stage=Stage.DECIDED.value)
    assert (await alder.do("sal", "setQuota", plan=alder.node("DACH"), quota=theirs))["code"] == "FROZEN"


@pytest.mark.parametrize("amount", ["NaN", "1e400", "", "-Infinity"])
async def test_quota_that_is_no_amount_is_an_error_that_names_it(alder: Company, amount: str) -> None:
    document = "mutation ($input: SetQuotaInput!) { setQuota(input: $input) { __typename } }"
    asked = {"plan": alder.node("DACH"), "quota": [{"month": "2026-07", "amount": amount}]}
    answer = await alder.result("sal", document, input=asked)
    assert "amount" in answer["errors"][0]["message"]


async def test_the_weights_of_one_seller_add_to_a_whole_over_all_plans(alder: Company) -> None:
    shown = "... on SalesPlan { incentives { seller { name } name weight rewards { name } } }"
    await alder.create(Level.SALES_PLAN, "Nordics", "Full service", by="sal")
    plan, rewards = alder.node("DACH"), alder.node("Full service")
    attach = {"seller": alder.person("olaf"), "name": "Attach rate", "weight": "60.5", "rewards": rewards}
    own = await alder.do("sal", "setIncentives", plan=plan, incentives=[attach | {"seller": alder.person("sal")}])
    assert own["code"] == "SAME_PERSON"
    wrong = [attach | {"weight": "0.001"}, attach | {"rewards": ids.issue("node", new_id()), "name": ""}]
    assert len((await alder.do("sal", "setIncentives", plan=plan, incentives=wrong))["details"]) == 3
    set_here = await alder.do("sal", "setIncentives", shown, plan=plan, incentives=[attach])
    assert set_here["incentives"] == [
        {"seller": {"name": "Olaf"}, "name": "Attach rate", "weight": "60.50", "rewards": {"name": "Full service"}}
    ]
    before = await alder.revision()
    more = {"plan": alder.node("Nordics"), "incentives": [attach | {"weight": "40"}]}
    refusal = await alder.do("sal", "setIncentives", **more)
    assert refusal["message"] == (
        "The weights of Olaf add to 100.5 %, 60.5 % of them under other plans; 100 % is all there is."
    )
    assert await alder.revision() == before
    more["incentives"] = [attach | {"weight": "39.5"}]
    assert (await alder.do("sal", "setIncentives", **more))["__typename"] == "SalesPlan"
    assert (await alder.do("sal", "setIncentives", shown, plan=plan, incentives=[]))["incentives"] == []


async def test_results_are_found_again_and_what_is_the_same_is_not_touched(alder: Company) -> None:
    plan, asked = alder.node("DACH"), [deal("D1"), deal("D2", "LOST", "0"), deal("D3", "OPEN", None)]
    assert (await alder.do("vera", "recordResults", plan=plan, results=asked))["code"] == "FORBIDDEN"
    first = await alder.do("sal", "recordResults", COUNTS, plan=plan, results=asked)
    assert first == {"__typename": "RecordedResults", "created": 3, "changed": 0, "unchanged": 0}
    before = await alder.revision()
    again = await alder.do("sal", "recordResults", COUNTS, plan=plan, results=asked)
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 3)
    assert await alder.revision() == before
    asked[0]["amount"] = "120.50"
    changed = await alder.do("sal", "recordResults", COUNTS, plan=plan, results=[*asked, deal("D4")])
    assert (changed["created"], changed["changed"], changed["unchanged"]) == (1, 1, 2)
    assert await sentence(alder) == (
        "RESULTS_RECORDED: Sal recorded results under “DACH”: 1 new, 1 changed, 2 as they were."
    )
    document = """query ($id: ID!) { node(id: $id) { ... on SalesPlan { opportunities { totalCount edges { node {
        externalId revision amount { amount } probability state } } } } } }"""
    listed = (await alder.ask("sal", document, id=plan))["node"]["opportunities"]
    revisions = {edge["node"]["externalId"]: int(edge["node"]["revision"]) for edge in listed["edges"]}
    assert revisions == {"D1": before + 1, "D2": before, "D3": before, "D4": before + 1}
    assert [edge["node"]["probability"] for edge in listed["edges"]] == ["1", "0", None, "1"]


async def test_all_faults_of_the_results_are_told_at_once_and_none_is_taken(alder: Company) -> None:
    before = await alder.revision()
    wrong = [
        deal("D1"),
        deal("D1"),
        deal("D2", amount="-1"),
        deal("D3", amount=None, probability="1.1"),
        deal(" ", engagedOn="2026-07-04"),
        deal("D5", amount="0.001", account="x" * 201),
    ]
    refusal = await alder.do("sal", "recordResults", plan=alder.node("DACH"), results=wrong)
    assert (refusal["code"], refusal["path"]) == ("INVALID", ["results", "1", "externalId"])
    assert len(refusal["details"]) == 8
    many = await alder.do("sal", "recordResults", results=[deal(str(number)) for number in range(1001)])
    assert many["message"] == "1,001 results at once; send at most 1,000."
    assert await alder.revision() == before


async def test_orphans_are_kept_counted_and_adopted_later(alder: Company) -> None:
    await alder.do("sal", "recordResults", results=[deal("D1"), deal("D2", amount="20")])
    document = """{ organization { sales { won { value { amount } } }
        opportunities(filter: {orphan: true}) { totalCount edges { node { externalId plan { name } } } } } }"""
    seen = (await alder.ask("eve", document))["organization"]
    assert seen["sales"]["won"]["value"]["amount"] == "120.00"
    assert seen["opportunities"]["edges"][0]["node"] == {"externalId": "D1", "plan": None}
    adopted = await alder.do("sal", "recordResults", COUNTS, plan=alder.node("DACH"), results=[deal("D1")])
    assert (adopted["created"], adopted["changed"]) == (0, 1)
    stays = await alder.do("sal", "recordResults", COUNTS, results=[deal("D1")])
    assert stays["unchanged"] == 1
    seen = (await alder.ask("eve", document))["organization"]
    assert (seen["opportunities"]["totalCount"], seen["sales"]["won"]["value"]["amount"]) == (1, "120.00")


async def test_taking_over_a_deal_needs_the_right_where_it_was(alder: Company) -> None:
    await alder.create(Level.SALES_PLAN, "Nordics", "Full service", by="sal")
    made = await alder.do("ada", "addPerson", "... on Person { id }", name="Nora")
    alder.people["nora"] = nora = ids.expect("person", made["id"], "id")
    place = alder.nodes["Nordics"]
    await perform(await alder.viewer("ada"), grant_seat, alder.now, person=nora, role=Role.SALES_MANAGER, node=place)
    await alder.do("sal", "recordResults", plan=alder.node("DACH"), results=[deal("D1")])
    before = await alder.revision()
    theft = await alder.do("nora", "recordResults", plan=alder.node("Nordics"), results=[deal("D1"), deal("D2")])
    assert (theft["code"], "recorded under another plan" in theft["message"]) == ("INVALID", True)
    assert await alder.revision() == before
    moved = await alder.do("sal", "recordResults", COUNTS, plan=alder.node("Nordics"), results=[deal("D1")])
    assert moved["changed"] == 1
    assert await sentence(alder) == "RESULTS_RECORDED: Sal moved 1 opportunities from “DACH” to “Nordics”."
    won = [(await alder.ask("nora", PLAN, id=alder.node(name)))["node"] for name in ("Nordics", "Full service", "DACH")]
    assert [node and node["sales"]["won"]["value"]["amount"] for node in won] == ["100.00", "100.00", None]


async def test_the_figures_of_a_plan_against_its_quota(alder: Company) -> None:
    quota = [{"month": f"2026-{month:02}", "amount": "100"} for month in range(7, 10)]
    await alder.do("sal", "setQuota", plan=alder.node("DACH"), quota=quota)
    results = [
        deal("D1", amount="120.50"),
        deal("D2", amount="29.50", closedOn="2026-08-31"),
        deal("D3", "LOST", "0", closedOn="2026-09-01"),
        deal("D4", "OPEN", "200", probability="0.25", closedOn="2026-09-30"),
        deal("D5", "OPEN", "100"),
        deal("D6", "OPEN", None, probability="0.5"),
        deal("D7", "OPEN", "5000", closedOn="2027-01-01"),
        deal("D8", amount="7000", closedOn="2025-12-31"),
    ]
    await alder.do("sal", "recordResults", plan=alder.node("DACH"), results=results)
    for place in ("DACH", "Full service", "Growth"):
        sales = (await alder.ask("eve", PLAN, id=alder.node(place)))["node"]["sales"]
        assert (sales["from"], sales["to"]) == ("2026-01", "2026-12")
        assert sales["quota"]["value"]["amount"] == "300.00"
        assert sales["won"] == {
            "value": {"amount": "150.00"}, "formula": "Σ amount of opportunities won in 2026-01 to 2026-12"
        }  # fmt: skip
        assert sales["gap"]["value"]["amount"] == "150.00"
        assert sales["gap"]["inputs"] == [
            {"name": "Quota", "value": "300.00 EUR"},
            {"name": "Won", "value": "150.00 EUR"},
        ]
        assert (sales["attainment"], sales["winRate"]) == ("0.500000", "0.666667")
        assert (sales["coverage"], sales["requiredCoverage"]) == ("2.000000", "1.500000")
        assert sales["averageWon"] == {"amount": "75.00", "currency": "EUR"}
        assert (sales["wonCount"], sales["lostCount"], sales["openCount"]) == (2, 1, 3)
        assert sales["openPipeline"] == {"value": {"amount": "300.00"}, "omitted": 1}
        assert sales["weightedPipeline"] == {"value": {"amount": "50.00"}, "omitted": 2}


async def test_every_dimension_adds_up_and_lists_who_has_no_deals(alder: Company) -> None:
    await alder.do("sal", "editNode", node=alder.node("DACH"), sellers=["Ann", "Cid"])
    quota = [{"month": "2026-07", "dimension": "SELLER", "segment": "Bea", "amount": "80"}]
    await alder.do("sal", "setQuota", plan=alder.node("DACH"), quota=quota)
    results = [
        deal("D1", account="Acme", accountGroup="Retail", product="GTX", productGroup="G", seller="Ann", territory="N"),
        deal("D2", amount="51", product="GTX", seller="Bea", closedOn="2026-08-01"),
        deal("D3", amount="50", seller="Bea", territory="S"),
        deal("D4", "LOST", "0", account="Acme", seller="Ann"),
        deal("D5", "OPEN", "10", seller="Ann"),
    ]
    await alder.do("sal", "recordResults", plan=alder.node("DACH"), results=results)
    slices = "{ key quota { amount } won { amount } averageWon { amount } wonCount lostCount openCount winRate }"
    document = f"""query ($id: ID!, $by: SalesDimension!) {{ node(id: $id) {{ ... on CascadeNode {{ sales {{
        by(dimension: $by) {slices} bySeller {slices} byMonth {{ key }} byProduct {{ key }} byTerritory {{ key }} }} }}
        }} }}"""
    for dimension in ("SELLER", "PRODUCT", "PRODUCT_GROUP", "ACCOUNT", "ACCOUNT_GROUP", "TERRITORY", "STAGE", "MONTH"):
        sales = (await alder.ask("eve", document, id=alder.node("Growth"), by=dimension))["node"]["sales"]
        cut = sales["by"]
        assert sum(Decimal(one["won"]["amount"]) for one in cut) == 201
        assert [sum(one[name] for one in cut) for name in ("wonCount", "lostCount")] == [3, 1]
        assert sum(one["openCount"] for one in cut) == (0 if dimension == "MONTH" else 1)
        if dimension == "SELLER":
            assert cut == sales["bySeller"]
            assert [(one["key"], one["quota"]["amount"], one["won"]["amount"], one["winRate"]) for one in cut] == [
                ("Ann", "0.00", "100.00", "0.500000"),
                ("Bea", "80.00", "101.00", "1.000000"),
                ("Cid", "0.00", "0.00", None),
            ]
            assert [one["averageWon"] for one in cut] == [{"amount": "100.00"}, {"amount": "50.50"}, None]
        if dimension == "MONTH":
            assert len(cut) == 12
            assert [cut[6]["quota"]["amount"], cut[7]["won"]["amount"]] == ["80.00", "51.00"]
        if dimension in {"ACCOUNT", "TERRITORY"}:
            assert cut[-1]["key"] == ""


async def test_opportunities_are_filtered_and_paged_each_once(alder: Company) -> None:
    results = [deal(f"D{number}", "OPEN" if number % 2 else "WON", seller=f"S{number % 3}") for number in range(9)]
    await alder.do("sal", "recordResults", plan=alder.node("DACH"), results=results)
    document = """query ($id: ID!, $after: String, $filter: OpportunityFilter) { node(id: $id) { ... on SalesPlan {
        opportunities(first: 2, after: $after, filter: $filter) { totalCount pageInfo { hasNextPage endCursor }
        edges { node { id externalId plan { name } } } } } } }"""

    async def page(after: str | None = None, **chosen: Any) -> dict[str, Any]:
        asked = {"id": alder.node("DACH"), "after": after, "filter": chosen}
        listed: dict[str, Any] = (await alder.ask("sal", document, **asked))["node"]["opportunities"]
        return listed

    found, after, more = [], None, True
    while more:
        shown = await page(after, states=["WON"])
        assert shown["totalCount"] == 5
        found += [edge["node"]["externalId"] for edge in shown["edges"]]
        after, more = shown["pageInfo"]["endCursor"], shown["pageInfo"]["hasNextPage"]
    assert found == ["D0", "D2", "D4", "D6", "D8"]
    assert (await page(states=["WON"], seller="S0", closedFrom="2026-07-03"))["totalCount"] == 2
    assert (await page(closedTo="2026-07-02"))["totalCount"] == 0
    forged = "WyJEMCIsICJub3QgYSB1dWlkIl0"
    answer = await alder.result("sal", document, id=alder.node("DACH"), after=forged)
    assert "no cursor of this list" in answer["errors"][0]["message"]


async def test_the_second_organization_never_meets_the_first_ones_deals(alder: Company, birch: Company) -> None:
    for company, amount in ((alder, "100"), (birch, "7")):
        await company.do("sal", "recordResults", plan=company.node("DACH"), results=[deal("D1", amount=amount)])
    document = """{ organization { sales { won { value { amount } } }
        opportunities { edges { node { id amount { amount } } } } } }"""
    seen = [(await company.ask("eve", document))["organization"] for company in (alder, birch)]
    assert [one["sales"]["won"]["value"]["amount"] for one in seen] == ["100.00", "7.00"]
    foreign = seen[1]["opportunities"]["edges"][0]["node"]["id"]
    assert (await alder.ask("eve", "query ($id: ID!) { node(id: $id) { id } }", id=foreign))["node"] is None
    wrong = [birch.node("DACH"), ids.issue("node", new_id())]
    refusals = [await alder.do("sal", "recordResults", plan=plan, results=[deal("D1")]) for plan in wrong]
    assert refusals[0] == refusals[1]
    assert refusals[0]["code"] == "NOT_FOUND"


async def test_a_crm_of_8800_deals_is_recorded_in_seconds_and_costs_no_more_statements(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    document = f"""{{ organization {{ nodes(first: 100) {{ edges {{ node {{ sales {{ {FIGURES}
        bySeller {{ key won {{ amount }} }} byMonth {{ key }} }} ... on SalesPlan {{ quota {{ month }}
        incentives {{ name }} alignment {{ sentence }} salesActivities {{ totalCount }}
        opportunities(first: 2) {{ totalCount edges {{ node {{ id matchedBy {{ id }} }} }} }} }} }} }} }} }} }}"""
    plan = alder.nodes["DACH"]
    deals = [
        Result("crm", f"D{number}", "Won", OpportunityState.WON, seller=f"S{number % 30}", amount=Decimal(number),
               closed_on=date(2026, 1 + number % 12, 3))
        for number in range(8800)
    ]  # fmt: skip
    sal = await alder.viewer("sal")
    await perform(sal, record_results, alder.now, plan=plan, results=deals[:10])
    with statements() as few:
        await alder.ask("eve", document)
    began = time.perf_counter()
    counts = await perform(sal, record_results, alder.now, plan=plan, results=deals)
    assert counts == {"created": 8790, "changed": 0, "unchanged": 10, "matched": 0, "orphans": 0}
    raised = [replace(one, amount=one.amount + 1) for one in deals if one.amount is not None]
    assert (await perform(sal, record_results, alder.now, plan=plan, results=raised))["changed"] == 8800
    assert (await perform(sal, record_results, alder.now, plan=plan, results=raised))["unchanged"] == 8800
    assert time.perf_counter() - began < 15  # some 2 s; a statement a row would take minutes
    with statements() as many:
        answer = await alder.ask("eve", document)
    top: dict[str, Any] = next(
        edge["node"] for edge in answer["organization"]["nodes"]["edges"] if "sales" in edge["node"]
    )
    assert top["sales"]["won"]["value"]["amount"] == f"{sum(range(1, 8801))}.00"
    assert len(many) == len(few)
