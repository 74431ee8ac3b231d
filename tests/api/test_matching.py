"""Deals find their sales plan by rules: precedence, the tester, orphans, by hand in bulk, never one's own (law §5)."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from server.actions.results import record_results
from server.domain.cascade import Level
from server.domain.results import Result
from server.domain.sales import OpportunityState
from server.live.work import perform
from server.models.row import new_id
from server.schema import ids
from tests.support.company import Company
from tests.support.measures import done

COUNTS = "... on RecordedResults { created changed unchanged matched orphans }"
APPLIED = "... on AppliedRules { dryRun looked assigned moved released left byPlan { plan { name } deals } }"
RULE = "... on MatchingRule { id position revision sentence plan { name } }"
RULES = """{ organization { matchingRules { position sentence plan { name } opportunityCount
    shadowedBy { position } } } }"""

ORPHANS = """{ organization { opportunities(filter: {orphan: true}) { edges { node { externalId matchedBy { position }
    nearest { sentence rule { position } } } } } } }"""
PLACED = """query ($id: ID!) { node(id: $id) { ... on SalesPlan { opportunities { edges { node { id externalId
    matchedBy { position } } } } } } }"""


def deal(number: str, **fields: Any) -> dict[str, Any]:
    """A deal that is still open."""
    return {"system": "crm", "externalId": number, "stage": "S", "state": "OPEN", "amount": "100", **fields}


async def add(company: Company, plan: str, by: str = "sal", **wants: Any) -> str:
    """A rule that leads to a plan: its id."""
    made = await done(company, by, "addMatchingRule", "... on MatchingRule { id }", plan=company.node(plan), **wants)
    return str(made["id"])


async def placed(company: Company, plan: str) -> dict[str, int | None]:
    """The deals under a plan, each with the position of the rule that put it there."""
    found = (await company.ask("eve", PLACED, id=company.node(plan)))["node"]["opportunities"]["edges"]
    return {each["node"]["externalId"]: (each["node"]["matchedBy"] or {}).get("position") for each in found}


@pytest.fixture
async def plans(alder: Company) -> Company:
    """Two sales plans: DACH and Nordics."""
    await alder.create(Level.SALES_PLAN, "Nordics", "Full service", by="sal")
    return alder


async def test_rules_stand_in_an_order_and_every_change_is_one_fact(plans: Company) -> None:
    before = await plans.revision()
    for who in ("vera", "olaf", "carl"):
        assert (await plans.do(who, "addMatchingRule", plan=plans.node("DACH"), product="GTX"))["code"] == "FORBIDDEN"
    wrong = await plans.do("sal", "addMatchingRule", plan=plans.node("DACH"), position=3, product=" ")
    assert (wrong["code"], len(wrong["details"])) == ("INVALID", 2)
    assert await plans.revision() == before
    first = await add(plans, "DACH", product="GTX")
    second = await add(plans, "Nordics", by="pia", territory="North")
    await add(plans, "Nordics", by="lea", product="GTX", territory="North", position=1)
    assert await plans.revision() == before + 3
    shown = (await plans.ask("eve", RULES))["organization"]["matchingRules"]
    assert [(each["position"], each["sentence"], each["plan"]["name"]) for each in shown] == [
        (1, "product “GTX” and territory “North”", "Nordics"), (2, "product “GTX”", "DACH"),
        (3, "territory “North”", "Nordics"),
    ]  # fmt: skip
    twin = await plans.do("sal", "addMatchingRule", plan=plans.node("DACH"), product="gtx ")
    assert twin["message"] == "Rule 2 asks for the same and leads to “DACH”. Change that one instead."
    moved = await plans.do("sal", "moveMatchingRule", RULE, rule=second, position=1)
    assert moved["position"] == 1
    shown = (await plans.ask("eve", RULES))["organization"]["matchingRules"]
    assert [each["shadowedBy"] for each in shown] == [None, {"position": 1}, None]
    stale = await plans.do("sal", "editMatchingRule", rule=first, product="MG", expectedRevision=str(before))
    assert stale["code"] == "STALE"
    edited = await plans.do("sal", "editMatchingRule", RULE, rule=first, territory="South", plan=plans.node("Nordics"))
    assert (edited["sentence"], edited["plan"]) == ("product “GTX” and territory “South”", {"name": "Nordics"})
    nothing = await plans.do("sal", "editMatchingRule", rule=first, territory=None, product=None)
    assert "would take every deal" in nothing["message"]
    removed = await plans.do("sal", "removeMatchingRule", "... on SalesPlan { name }", rule=second)
    assert removed["name"] == "Nordics"
    shown = (await plans.ask("eve", RULES))["organization"]["matchingRules"]
    assert [each["position"] for each in shown] == [1, 2]


async def test_deals_without_a_plan_are_matched_as_they_come_and_orphans_say_what_nearly_took_them(
    plans: Company,
) -> None:
    await add(plans, "DACH", product="GTX", territory="South")
    await add(plans, "Nordics", territory="North")
    asked = [
        deal("D1", product=" gtx", territory="SOUTH"), deal("D2", territory="north"),
        deal("D3", product="GTX", territory="West"), deal("D4"),
    ]  # fmt: skip
    counts = await plans.do("sal", "recordResults", COUNTS, results=asked)
    assert (counts["created"], counts["matched"], counts["orphans"]) == (4, 2, 2)
    again = await plans.do("sal", "recordResults", COUNTS, results=asked)
    assert (again["unchanged"], again["matched"], again["orphans"]) == (4, 0, 2)
    assert (await placed(plans, "DACH"), await placed(plans, "Nordics")) == ({"D1": 1}, {"D2": 2})
    orphans = (await plans.ask("eve", ORPHANS))["organization"]["opportunities"]["edges"]
    assert [each["node"] for each in orphans] == [
        {"externalId": "D3", "matchedBy": None, "nearest": {"rule": {"position": 1}, "sentence":
            "Rule 1 for “DACH” (product “GTX” and territory “South”) nearly matches: "
            "its territory is “West”, not “South”."}},
        {"externalId": "D4", "matchedBy": None, "nearest": None},
    ]  # fmt: skip
    named = await plans.do("sal", "recordResults", COUNTS, plan=plans.node("Nordics"), results=[asked[0]])
    assert named["changed"] == 1
    assert await placed(plans, "Nordics") == {"D1": None, "D2": 2}
    stays = await plans.do("sal", "recordResults", COUNTS, results=[deal("D2", territory="South")])
    assert (stays["changed"], stays["matched"]) == (1, 0), "what stands under a plan stays until rules are applied"
    assert await placed(plans, "Nordics") == {"D1": None, "D2": 2}


async def test_a_plan_that_takes_no_results_is_passed_over_and_the_orphan_says_so(plans: Company) -> None:
    await add(plans, "DACH", product="GTX")
    await done(plans, "sam", "holdMeasure", measure=plans.node("DACH"), reviewOn="2027-06-30", reason="The audit")
    counts = await plans.do("sal", "recordResults", COUNTS, results=[deal("D1", product="GTX")])
    assert counts["orphans"] == 1
    (orphan,) = (await plans.ask("eve", ORPHANS))["organization"]["opportunities"]["edges"]
    assert "matches, but the plan takes no results now: it is on hold" in orphan["node"]["nearest"]["sentence"]
    await done(plans, "sam", "resumeMeasure", measure=plans.node("DACH"))
    applied = await plans.do("sal", "applyMatchingRules", APPLIED)
    assert (applied["assigned"], await placed(plans, "DACH")) == (1, {"D1": 1})


async def test_the_tester_says_where_a_deal_would_go_and_why(plans: Company) -> None:
    document = """query ($deal: DealInput!) { organization { testMatch(deal: $deal) { because plan { name }
        rule { position } nearest { sentence } } } }"""
    await add(plans, "DACH", product="GTX")
    await add(plans, "Nordics", product="GTX", seller="Ann")
    asked = {"product": "gtx", "seller": "Ann"}
    found = (await plans.ask("vera", document, deal=asked))["organization"]["testMatch"]
    assert found == {
        "plan": {"name": "DACH"}, "rule": {"position": 1}, "nearest": None, "because":
            "This deal would go to “DACH”, because rule 1 asks for product “GTX”, and that is what it has. "
            "Rule 2 matches as well, and comes later.",
    }  # fmt: skip
    none = (await plans.ask("vera", document, deal={"seller": "Ann"}))["organization"]["testMatch"]
    assert (none["plan"], none["rule"]) == (None, None)
    assert none["because"].startswith("This deal would go to no plan")
    assert "it names no product, where “GTX” is wanted" in none["nearest"]["sentence"]
    made = await done(plans, "ada", "addPerson", "... on Person { id }", name="Nora")
    await done(plans, "ada", "grantSeat", person=made["id"], role="SALES_MANAGER", at=plans.node("Nordics"))
    plans.people["nora"] = plans.uuid(made["id"])
    hidden = (await plans.ask("nora", document, deal=asked))["organization"]["testMatch"]
    assert (hidden["plan"], hidden["because"]) == (None, "A rule of a sales plan that you may not see takes it.")
    rules = (await plans.ask("nora", RULES))["organization"]["matchingRules"]
    assert [each["plan"]["name"] for each in rules] == ["Nordics"]


async def test_applying_the_rules_counts_first_and_leaves_alone_what_was_placed_by_hand(plans: Company) -> None:
    rule = await add(plans, "DACH", product="GTX")
    deals = [deal(f"D{number}", product="GTX") for number in range(3)] + [deal("D9", product="MG")]
    await plans.do("sal", "recordResults", results=deals)
    await plans.do("sal", "recordResults", plan=plans.node("DACH"), results=[deal("H1", product="MG")])
    await plans.do("sal", "editMatchingRule", rule=rule, plan=plans.node("Nordics"))
    await add(plans, "Nordics", product="MG")
    assert (await plans.do("vera", "applyMatchingRules"))["code"] == "FORBIDDEN"
    before = await plans.revision()
    dry = await plans.do("sal", "applyMatchingRules", APPLIED, scope="ALL_BY_RULE", dryRun=True)
    assert await plans.revision() == before
    nordics = [{"plan": {"name": "Nordics"}, "deals": 4}]
    counted = {"looked": 4, "assigned": 1, "moved": 3, "released": 0, "left": 0, "byPlan": nordics}
    assert dry == {"__typename": "AppliedRules", "dryRun": True, **counted}
    orphans_only = await plans.do("sal", "applyMatchingRules", APPLIED)
    assert (orphans_only["assigned"], orphans_only["moved"]) == (1, 0)
    applied = await plans.do("sal", "applyMatchingRules", APPLIED, scope="ALL_BY_RULE")
    assert (applied["looked"], applied["moved"], applied["dryRun"]) == (4, 3, False)
    assert await placed(plans, "DACH") == {"H1": None}
    assert await placed(plans, "Nordics") == {"D0": 1, "D1": 1, "D2": 1, "D9": 2}
    told = (await plans.ask("eve", "{ ledger(first: 2) { edges { node { sentence } } } }"))["ledger"]["edges"]
    assert {each["node"]["sentence"] for each in told} == {
        "Sal put 3 opportunities under “Nordics” by the matching rules.",
        "Sal moved 3 opportunities from “DACH” to “Nordics” by the matching rules.",
    }
    await plans.do("sal", "removeMatchingRule", rule=rule)
    released = await plans.do("sal", "applyMatchingRules", APPLIED, scope="ALL_BY_RULE")
    assert (released["released"], released["left"]) == (3, 0)
    assert await placed(plans, "Nordics") == {"D9": 1}


async def test_deals_are_assigned_by_hand_in_bulk_to_a_plan_or_to_none(plans: Company, birch: Company) -> None:
    await plans.do("sal", "recordResults", plan=plans.node("DACH"), results=[deal(f"D{n}") for n in range(3)])
    found = (await plans.ask("eve", PLACED, id=plans.node("DACH")))["node"]["opportunities"]["edges"]
    deals = [each["node"]["id"] for each in found]
    before = await plans.revision()
    asked = {"opportunities": deals, "plan": plans.node("Nordics")}
    assert (await plans.do("vera", "assignResults", **asked))["code"] == "FORBIDDEN"
    unknown = asked | {"opportunities": [*deals, ids.issue("opportunity", new_id())]}
    assert (await plans.do("sal", "assignResults", **unknown))["code"] == "NOT_FOUND"
    assert (await birch.do("sal", "assignResults", opportunities=deals))["code"] == "NOT_FOUND"
    assert (await plans.do("sal", "assignResults", opportunities=[]))[
        "message"
    ] == "0 deals; name 1 to 1,000 at a time."
    assert await plans.revision() == before
    shown = "... on AssignedResults { changed unchanged }"
    assert (await plans.do("pia", "assignResults", shown, **asked))["changed"] == 3
    assert (await plans.do("pia", "assignResults", shown, **asked))["unchanged"] == 3
    assert await placed(plans, "Nordics") == {"D0": None, "D1": None, "D2": None}
    await add(plans, "DACH", territory="North")
    assert (await plans.do("sal", "assignResults", shown, opportunities=deals[:1]))["changed"] == 1
    orphans = (await plans.ask("eve", ORPHANS))["organization"]["opportunities"]["edges"]
    assert [each["node"]["externalId"] for each in orphans] == ["D0"]
    assert (await plans.do("sal", "applyMatchingRules", APPLIED, scope="ALL_BY_RULE"))["looked"] == 1


async def test_nobody_judges_their_own_deals(plans: Company) -> None:
    own, other = deal("D1", seller=" SAL ", product="GTX"), deal("D2", seller="Ann", product="GTX")
    mail = deal("D3", seller="sal@ALDER-pumps.example")
    before = await plans.revision()
    refusal = await plans.do("sal", "recordResults", plan=plans.node("DACH"), results=[own, other, mail])
    assert (refusal["code"], refusal["path"]) == ("SAME_PERSON", ["results"])
    assert len(refusal["details"]) >= 1
    rule = await plans.do("sal", "addMatchingRule", plan=plans.node("DACH"), seller="sal")
    assert (rule["code"], rule["path"]) == ("SAME_PERSON", ["seller"])
    assert await plans.revision() == before
    made = await done(plans, "ada", "addPerson", "... on Person { id }", name="Nora")
    await done(plans, "ada", "grantSeat", person=made["id"], role="SALES_MANAGER")
    plans.people["nora"] = plans.uuid(made["id"])
    await plans.do("nora", "recordResults", results=[own, other])
    same = await plans.do("sal", "recordResults", COUNTS, results=[own, other])
    assert same["unchanged"] == 2, "what is as it was is no judgement"
    orphans = "{ organization { opportunities(filter: {orphan: true}) { edges { node { id } } } } }"
    deals = [each["node"]["id"] for each in (await plans.ask("eve", orphans))["organization"]["opportunities"]["edges"]]
    theft = await plans.do("sal", "assignResults", opportunities=deals, plan=plans.node("DACH"))
    assert (theft["code"], theft["details"]) == ("SAME_PERSON", ["“D1”"])
    await add(plans, "DACH", product="GTX")
    applied = await plans.do("sal", "applyMatchingRules", APPLIED)
    assert (applied["assigned"], applied["left"], await placed(plans, "DACH")) == (1, 1, {"D2": 1})
    assert (await plans.do("nora", "applyMatchingRules", APPLIED))["assigned"] == 1


async def test_8800_deals_are_matched_in_seconds_and_rules_cost_no_statement_each(
    plans: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    sal = await plans.viewer("sal")
    deals = [
        Result("crm", f"D{number}", "Won", OpportunityState.WON, territory=f"T{number % 60}", amount=Decimal(number),
               product="GTX" if number % 2 else "MG", closed_on=date(2026, 1 + number % 12, 3))
        for number in range(8800)
    ]  # fmt: skip
    await add(plans, "DACH", product="GTX")
    with statements() as few:
        await perform(sal, record_results, plans.now, plan=None, results=deals[:2])
    for number in range(40):
        await add(plans, "Nordics" if number % 2 else "DACH", product="GTX", territory=f"T{number}")
    await add(plans, "Nordics", product="MG", territory="T0")
    with statements() as many:
        await perform(sal, record_results, plans.now, plan=None, results=deals[2:4])
    assert len(many) <= len(few)
    began = time.perf_counter()
    counts = await perform(sal, record_results, plans.now, plan=None, results=deals)
    assert time.perf_counter() - began < 10  # some 1 s; a statement a row would take a minute
    assert (counts["created"], counts["orphans"]) == (8796, sum(one.product == "MG" for one in deals) - 147)
