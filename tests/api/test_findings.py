"""Findings open and resolve by what people do, once, with the entry that brought them about (law §9)."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, aclosing
from typing import Any

from server.actions.noticing import keep_noticing
from server.domain.cascade import Level
from server.domain.stages import STAGES
from server.live.proof import first_fault
from server.models.database import reading, rows
from tests.api.test_money import reader_of
from tests.support.company import Company
from tests.support.measures import described, done, gate, line, milestone, sentences, series

FINDINGS = """query ($id: ID!, $all: Boolean = false, $codes: [FindingCode!], $first: Int = 20, $after: String) {
    node(id: $id) { ... on CascadeNode {
        findings(includeResolved: $all, codes: $codes, first: $first, after: $after) {
        totalCount pageInfo { hasNextPage endCursor }
        edges { node { id code severity sentence since resolvedAt on { name } atStake { amount currency }
            openedBy { sentence } resolvedBy { sentence } inputs { name value } } } } } } }"""
YEAR = {f"2027-{month:02}": "10000" for month in range(1, 13)}


async def seen(alder: Company, who: str, on: str, **asked: Any) -> list[dict[str, Any]]:
    """The findings at and below a node, as somebody sees them."""
    data = await alder.ask(who, FINDINGS, id=alder.node(on), **asked)
    return [edge["node"] for edge in data["node"]["findings"]["edges"]]


async def codes(alder: Company, on: str = "Growth") -> list[str]:
    """What stands open at and below a node."""
    return [each["code"] for each in await seen(alder, "lea", on)]


async def planned(alder: Company) -> str:
    """An initiative without a sales plan that plans revenue; the line's id."""
    await alder.create(Level.INITIATIVE, "Retrofit", "Contracts", owner=alder.people["olaf"])
    asked = {"initiative": alder.node("Retrofit"), "kind": "REVENUE", "name": "Kits", "recurring": True}
    made = await done(alder, "olaf", "addValueLine", "... on ValueLine { id }", **asked)
    months = [{"month": month, "amount": amount} for month, amount in YEAR.items()]
    await done(alder, "olaf", "setPlan", line=made["id"], months=months)
    return str(made["id"])


async def test_an_act_opens_a_finding_and_another_resolves_it(alder: Company) -> None:
    await alder.notice()
    assert await codes(alder) == []
    await planned(alder)
    assert await alder.notice() == 1
    (found,) = await seen(alder, "lea", "Growth")
    assert found | {"id": "", "inputs": []} == {
        "id": "",
        "code": "NO_SALES_PLAN",
        "severity": "INFO",
        "sentence": "“Retrofit” plans revenue of 120,000.00 EUR, and no sales plan carries it: create one below it, "
        "with quota by month.",
        "since": "2026-11-16T09:00:00.000Z",
        "resolvedAt": None,
        "on": {"name": "Retrofit"},
        "atStake": {"amount": "120000.00", "currency": "EUR"},
        "openedBy": {"sentence": "Olaf set the plan of “Kits” on “Retrofit”: 12 months, 120,000.00 EUR in all."},
        "resolvedBy": None,
        "inputs": [],
    }
    assert found["inputs"] == [
        {"name": "Planned revenue", "value": "120,000.00 EUR"},
        {"name": "Sales plans", "value": "0"},
    ]
    alder.later(minutes=5)
    await alder.create(Level.SALES_PLAN, "North", "Retrofit", by="sal")
    assert await alder.notice() == 1
    assert await codes(alder) == []
    (past,) = await seen(alder, "lea", "Retrofit", all=True)
    assert past["resolvedAt"] == "2026-11-16T09:05:00.000Z"
    assert past["resolvedBy"]["sentence"] == "Sal created the sales plan “North” under “Retrofit”."
    assert await first_fault(alder.id) is None


async def test_noticing_twice_notices_once_and_never_its_own_facts(alder: Company) -> None:
    await planned(alder)
    assert await alder.notice() == 1
    before = await alder.revision()
    assert [await alder.notice(), await alder.notice(everything=True)] == [0, 0]
    assert await alder.revision() == before
    (state,) = await rows(reading(), "SELECT revision FROM noticed WHERE organization_id = :id", id=alder.id)
    assert state["revision"] == before


async def test_many_workers_notice_once(alder: Company) -> None:
    await planned(alder)
    before = await alder.revision()
    assert sum(await asyncio.gather(*(alder.notice() for _ in range(6)))) == 1
    assert await alder.revision() == before + 1


async def test_another_amount_alters_the_finding_that_stands_open(alder: Company) -> None:
    kits = await planned(alder)
    await alder.notice()
    (found,) = await seen(alder, "lea", "Growth")
    await done(alder, "olaf", "setPlan", line=kits, months=[{"month": "2027-01", "amount": "20000"}])
    assert await alder.notice() == 1
    (now,) = await seen(alder, "lea", "Growth")
    assert (now["id"], now["atStake"]["amount"]) == (found["id"], "130000.00")
    told = (await alder.ask("lea", "{ ledger(first: 1) { edges { node { kind by { name } } } } }"))["ledger"]["edges"]
    assert told[0]["node"] == {"kind": "FINDING_CHANGED", "by": None}


async def test_most_money_comes_first_page_by_page(alder: Company) -> None:
    await planned(alder)
    await described(alder, "Full service")
    tooling = await line(alder, "CAPEX", "Tooling", {"2026-10": "1000"})
    await series(alder, "olaf", "recordActual", tooling, {"2026-10": "700"})
    await alder.notice()
    found = await seen(alder, "lea", "Growth")
    assert [each["atStake"]["amount"] for each in found] == ["120000.00", "700.00", "700.00"]
    page = (await alder.ask("lea", FINDINGS, id=alder.node("Growth"), first=1))["node"]["findings"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    rest = await seen(alder, "lea", "Growth", first=2, after=page["pageInfo"]["endCursor"])
    assert {each["code"] for each in rest} == {"SPEND_BEFORE_DECISION", "SPEND_WITHOUT_CASE"}
    assert [each["code"] for each in await seen(alder, "lea", "Growth", codes=["NO_SALES_PLAN"])] == ["NO_SALES_PLAN"]


async def test_who_may_not_read_money_reads_the_finding_without_it(alder: Company) -> None:
    await planned(alder)
    await alder.notice()
    (found,) = await seen(alder, "vera", "Growth")
    assert (found["atStake"], found["sentence"].split(",")[0]) == (None, "“Retrofit” plans revenue of an amount")
    assert found["inputs"][0]["value"] == "an amount"


async def test_deals_without_a_plan_are_the_organizations_finding(alder: Company, birch: Company) -> None:
    deal = {"system": "CRM", "externalId": "7", "stage": "Won", "state": "WON", "closedOn": "2026-11-02"}
    results = [deal | {"amount": "900", "currency": "EUR"}]
    await done(alder, "sal", "recordResults", results=results)
    assert (await alder.notice(), await birch.notice()) == (1, 0)
    asked = "{ organization { findings { edges { node { code sentence on { name } openedBy { sentence } } } } } }"
    found = (await alder.ask("lea", asked))["organization"]["findings"]["edges"][0]["node"]
    assert (found["code"], found["on"]) == ("ORPHAN_RESULTS", None)
    assert found["openedBy"]["sentence"].startswith("Sal recorded results")
    assert (await birch.ask("lea", asked))["organization"]["findings"]["edges"] == []
    await done(alder, "sal", "recordResults", plan=alder.node("DACH"), results=results)
    assert await alder.notice() == 1
    assert (await alder.ask("lea", asked))["organization"]["findings"]["edges"] == []


async def test_time_opens_a_finding_that_no_entry_brought_about(alder: Company) -> None:
    await described(alder, "Full service")
    await done(alder, "olaf", "submitGate", measure=alder.node("Full service"), into="IDENTIFIED")
    assert await alder.notice() == 0
    alder.later(days=13)
    assert await alder.notice() == 0
    alder.later(days=1)
    assert await alder.notice() == 1
    (found,) = await seen(alder, "lea", "Growth")
    assert (found["code"], found["severity"], found["openedBy"]) == ("GATE_STALLED", "WARNING", None)
    assert "has waited since 2026-11-16 for Pia" in found["sentence"]
    await done(alder, "olaf", "retractSubmission", gate=gate(alder, "Full service", STAGES[1]), comment="Later")
    assert await alder.notice() == 1
    (past,) = await seen(alder, "lea", "Growth", all=True)
    assert past["resolvedBy"]["sentence"].startswith("Olaf")


async def test_the_past_shows_what_stood_open_then(alder: Company) -> None:
    await planned(alder)
    await alder.notice()
    then = await alder.revision()
    await alder.create(Level.SALES_PLAN, "North", "Retrofit", by="sal")
    await alder.notice()
    asked = """query ($id: ID!, $then: Revision) { node(id: $id, asOf: $then) { ... on CascadeNode {
        findings { totalCount edges { node { code resolvedAt } } } } } }"""
    found = (await alder.ask("lea", asked, id=alder.node("Growth"), then=then))["node"]["findings"]
    assert found == {"totalCount": 1, "edges": [{"node": {"code": "NO_SALES_PLAN", "resolvedAt": None}}]}
    now = (await alder.ask("lea", asked, id=alder.node("Growth")))["node"]["findings"]
    assert now["totalCount"] == 0


async def test_a_server_looks_by_itself_and_subscribers_hear_it(alder: Company) -> None:
    await alder.notice()
    asked = "subscription { activity(kinds: [FINDING_OPENED]) { sentence on { ... on Finding { code } } } }"
    stream = alder.follow(await alder.member("lea"), asked)
    looking = asyncio.create_task(keep_noticing(0.05, alder.clock, alder.bell))
    await planned(alder)
    async with aclosing(stream):
        heard = (await anext(stream)).body["data"]["activity"]
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    assert heard["on"] == {"code": "NO_SALES_PLAN"}
    assert heard["sentence"].startswith("Stageline noticed: “Retrofit” plans revenue")


async def _awaited(alder: Company, who: str) -> list[Any]:
    """The milestones that the inputs of the finding on Full service lead to."""
    asked = """query ($id: ID!) { node(id: $id) { ... on CascadeNode { findings { edges { node { inputs { name source {
        ... on Milestone { name under { name } } } } } } } } } }"""
    (edge,) = (await alder.ask(who, asked, id=alder.node("Full service")))["node"]["findings"]["edges"]
    return [each["source"] for each in edge["node"]["inputs"] if "was due on" in each["name"]]


async def test_a_late_milestone_elsewhere_blocks_what_waits_for_it_until_it_is_achieved(alder: Company) -> None:
    await alder.create(Level.INITIATIVE, "Depots", "Contracts", owner=alder.people["olaf"])
    asked = {"under": alder.node("Depots"), "name": "Depot open", "due": "2026-11-20", "target": "1"}
    depot = (await done(alder, "olaf", "addMilestone", "... on Milestone { id }", measureType="OUTPUT", **asked))["id"]
    pilot = await milestone(alder, "Full service")
    await done(alder, "olaf", "addDependency", milestone=pilot, awaits=depot)
    assert await alder.notice() == 0
    alder.later(days=5)
    assert await alder.notice() == 1
    (found,) = await seen(alder, "lea", "Growth")
    assert (found["code"], found["on"], found["openedBy"]) == ("BLOCKED", {"name": "Full service"}, None)
    assert "“First contracts” of “Full service” waits for a milestone of another measure" in found["sentence"]
    assert await _awaited(alder, "lea") == [{"name": "Depot open", "under": {"name": "Depots"}}]
    # Who sees the measure alone learns that it waits, and until when, and not for what.
    await reader_of(alder, "nora", at=alder.node("Full service"), readsMoney=True, readsLedger=True)
    (narrow,) = await seen(alder, "nora", "Full service")
    assert narrow["sentence"] == found["sentence"]
    assert await _awaited(alder, "nora") == [None]
    told = [each for each in await sentences(alder, "nora") if each.startswith("Stageline noticed")]
    assert any("waits for a milestone of another measure" in each for each in told)
    assert "Depot" not in str([narrow, told])
    proof = {"reading": "1", "source": "Lease", "date": "2026-11-21"}
    await done(alder, "olaf", "achieveMilestone", milestone=depot, **proof)
    assert await alder.notice() == 1
    (past,) = await seen(alder, "lea", "Growth", all=True)
    assert past["resolvedBy"]["sentence"].startswith("Olaf achieved the milestone “Depot open” of “Depots”")


async def test_a_reading_below_the_path_fails_the_hypothesis(alder: Company) -> None:
    asked = {"name": "Service share", "direction": "INCREASE", "unit": "%", "start": "20", "target": "40"}
    dates = {"startDate": "2026-01-01", "targetDate": "2026-12-31"}
    share = await done(
        alder, "lea", "addIndicator", "... on Indicator { id }", under=alder.node("Growth"), **asked, **dates
    )
    assert await alder.notice() == 0
    await done(alder, "lea", "recordIndicator", indicator=share["id"], date="2026-11-02", actual="25")
    assert await alder.notice() == 1
    (found,) = await seen(alder, "lea", "Growth")
    assert (found["code"], found["on"], found["severity"]) == ("HYPOTHESIS_FAILING", {"name": "Growth"}, "CRITICAL")
    assert found["openedBy"]["sentence"].startswith("Lea recorded")
    await done(alder, "lea", "recordIndicator", indicator=share["id"], date="2026-11-15", actual="39")
    assert await alder.notice() == 1
    assert await codes(alder) == []


async def test_a_look_takes_the_same_number_of_statements_for_two_initiatives_and_for_forty(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    await planned(alder)
    await alder.notice(everything=True)
    with statements() as few:
        await alder.notice(everything=True)
    for number in range(38):
        await alder.create(Level.INITIATIVE, f"Idea {number}", "Contracts")
    await alder.notice(everything=True)
    with statements() as many:
        await alder.notice(everything=True)
    assert len(many) == len(few)
