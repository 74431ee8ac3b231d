"""Budgets of portfolios by fiscal year, what is spent against them, and what is spent without a case (law §4)."""

from decimal import Decimal
from typing import Any

from server.actions.budgets import set_budgets
from server.domain.budgets import BudgetAmount
from server.domain.cascade import Level
from server.live.work import perform
from tests.support.company import Company
from tests.support.measures import done, line, quota, series

BUDGET = """... on Portfolio { revision budgets { id fiscalYear amount { amount } }
    budget(fiscalYear: 2027) { value { amount } formula omitted
      inputs { name value entry source { id __typename } } } }"""
FIGURE = "{ value { amount } formula omitted inputs { name value source { __typename ... on Initiative { name } } } }"
SPENDING = f"""query ($id: ID!, $from: Month, $to: Month, $asOf: Revision) {{
    node(id: $id, asOf: $asOf) {{ ... on CascadeNode {{
    rollUp(from: $from, to: $to) {{ budget {FIGURE} budgetLeft {FIGURE} budgetSpent spend {FIGURE}
      spendWithoutCase {FIGURE} }} }} }} }}"""


async def test_the_portfolio_lead_sets_a_budget_changes_it_and_takes_it_away(alder: Company) -> None:
    service = alder.node("Service")
    asked: dict[str, Any] = {"portfolio": service, "fiscalYear": 2027, "amount": "500000.10"}
    before = await alder.revision()
    for who in ("eve", "pia", "carl"):
        assert (await alder.do(who, "setBudget", **asked))["code"] == "FORBIDDEN"
    assert (await alder.do("lea", "setBudget", **(asked | {"portfolio": alder.node("Growth")})))[
        "code"
    ] == "WRONG_STAGE"
    faults = await alder.do("lea", "setBudget", **(asked | {"fiscalYear": 1, "amount": "-1"}))
    assert (faults["code"], len(faults["details"])) == ("INVALID", 2)
    assert await alder.revision() == before
    shown = await done(alder, "lea", "setBudget", BUDGET, **asked)
    (kept,) = shown["budgets"]
    assert (kept["fiscalYear"], kept["amount"]) == (2027, {"amount": "500000.10"})
    assert shown["budget"] == {
        "value": {"amount": "500000.10"}, "formula": "budget of fiscal year 2027, as it was set", "omitted": 0,
        "inputs": [{"name": "Budget", "value": "500,000.10 EUR", "entry": str(before + 1),
                    "source": {"id": kept["id"], "__typename": "Budget"}}],
    }  # fmt: skip
    again = await alder.do("lea", "setBudget", BUDGET, **asked)
    assert again == shown
    stale = await alder.do("lea", "setBudget", **(asked | {"amount": "1", "expectedRevision": str(before)}))
    assert stale["code"] == "STALE"
    await done(alder, "lea", "setBudget", **(asked | {"amount": "400000"}))
    cleared = await done(alder, "lea", "setBudget", BUDGET, **(asked | {"amount": None}))
    assert (cleared["budgets"], cleared["budget"]["omitted"]) == ([], 1)
    assert cleared["budget"]["formula"] == "no budget is set for fiscal year 2027"
    facts = (await alder.ask("eve", "{ ledger(first: 3) { edges { node { kind sentence } } } }"))["ledger"]["edges"]
    assert [fact["node"]["kind"] for fact in facts] == ["BUDGET_CHANGED"] * 3
    assert [fact["node"]["sentence"] for fact in facts] == [
        "Lea took away the fiscal year 2027 budget, which was 400,000.00 EUR, of “Service”.",
        "Lea changed the fiscal year 2027 budget from 500,000.10 EUR to 400,000.00 EUR of “Service”.",
        "Lea set the fiscal year 2027 budget to 500,000.10 EUR of “Service”.",
    ]


async def test_what_is_spent_stands_against_the_budgets_below_a_place(alder: Company) -> None:
    await alder.create(Level.PORTFOLIO, "Parts", "Growth")
    lea = await alder.viewer("lea")
    wanted = [
        BudgetAmount(alder.nodes["Service"], 2026, Decimal(1200)),
        BudgetAmount(alder.nodes["Service"], 2027, Decimal(2400)),
        BudgetAmount(alder.nodes["Parts"], 2026, Decimal("100.01")),
    ]
    assert await perform(lea, set_budgets, alder.now, budgets=wanted) == {"changed": 3}
    assert await perform(lea, set_budgets, alder.now, budgets=wanted) == {"changed": 0}
    tooling = await line(alder, "CAPEX", "Tooling", {"2026-10": "60"})
    await line(alder, "MARGIN", "Margin", {"2027-01": "500"})
    await series(alder, "olaf", "recordActual", tooling, {"2026-10": "400", "2026-11": "1000"})
    period = {"from": "2026-07", "to": "2027-06"}
    found = (await alder.ask("carl", SPENDING, id=alder.node("Growth"), **period))["node"]["rollUp"]
    assert found["budget"]["value"]["amount"] == "1850.01"
    assert [(each["name"], each["value"]) for each in found["budget"]["inputs"]] == [
        ("Service, fiscal year 2027", "1,200.00 EUR (6 of 12 months of 2,400.00 EUR)"),
        ("Service, fiscal year 2026", "600.00 EUR (6 of 12 months of 1,200.00 EUR)"),
        ("Parts, fiscal year 2026", "50.01 EUR (6 of 12 months of 100.01 EUR)"),
    ]
    assert (found["budgetLeft"]["value"]["amount"], found["budgetSpent"]) == ("450.01", "0.7568")
    assert found["spendWithoutCase"]["value"]["amount"] == "0.00"
    below = (await alder.ask("carl", SPENDING, id=alder.node("Contracts"), **period))["node"]["rollUp"]
    assert (below["budget"]["value"]["amount"], below["budgetLeft"], below["budgetSpent"]) == ("0.00", None, None)
    hidden = (await alder.ask("vera", SPENDING, id=alder.node("Growth"), **period))["node"]["rollUp"]
    assert (hidden["budget"]["value"], hidden["budgetLeft"]["value"], hidden["budgetSpent"]) == (None, None, None)
    assert hidden["budget"]["omitted"] == 3


async def test_what_a_measure_without_any_benefit_spends_has_no_case(alder: Company) -> None:
    await alder.create(Level.INITIATIVE, "Pet project", "Contracts", owner=alder.people["olaf"])
    asked = {"initiative": alder.node("Pet project"), "kind": "ONE_OFF_COST", "name": "Consultants"}
    cost = (await done(alder, "olaf", "addValueLine", "... on ValueLine { id }", **asked))["id"]
    await series(alder, "olaf", "recordActual", cost, {"2026-10": "70"})
    tooling = await line(alder, "CAPEX", "Tooling", {"2026-10": "60"})
    await series(alder, "olaf", "recordActual", tooling, {"2026-10": "60"})

    async def at(name: str) -> list[tuple[str, str]]:
        figures = (await alder.ask("eve", SPENDING, id=alder.node(name)))["node"]["rollUp"]
        then = (await alder.ask("eve", SPENDING, id=alder.node(name), asOf=await alder.revision()))["node"]["rollUp"]
        assert figures["spendWithoutCase"] == then["spendWithoutCase"], "kept, and added up from the months"
        return [(each["name"], each["value"]) for each in figures["spendWithoutCase"]["inputs"]]

    pet, full = ("One off cost", "70.00 EUR"), ("Capex", "60.00 EUR")
    assert await at("Growth") == [pet, full]
    await quota(alder)
    assert await at("Growth") == [pet], "its sales plan promises something"
    promised = {"initiative": alder.node("Pet project"), "kind": "MARGIN", "name": "Margin"}
    margin = (await done(alder, "olaf", "addValueLine", "... on ValueLine { id }", **promised))["id"]
    assert await at("Growth") == [pet], "a line without a plan promises nothing"
    await series(alder, "olaf", "setPlan", margin, {"2029-01": "1"})
    assert await at("Growth") == []
