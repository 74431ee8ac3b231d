"""Every figure explains itself: its inputs come to it, to the cent, and so do the lines behind it (law §4)."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from server.domain.cascade import Level
from server.domain.stages import Stage
from tests.api.test_sales_outlook import deal
from tests.support.company import Company
from tests.support.everything import asked, everything
from tests.support.measures import achieved, done, line, passed, prepared, series, submitted

FACTS_OF_THE_CALENDAR = {"Days elapsed", "Days in the period"}
_AMOUNT = re.compile(r"(-?[\d,]+(?:\.\d+)?) [A-Z]{3}(?: × (\d+)( %)?)?")
KINDS = ("REVENUE", "MARGIN", "COST_SAVING", "COST_AVOIDANCE", "ONE_OFF_COST", "CAPEX", "RUN_COST")
LINES = """query ($id: ID!, $kind: ValueKind!, $figure: LineFigure!, $after: String) { node(id: $id) {
    ... on CascadeNode { rollUp(from: "2026-01", to: "2027-12") {
      byKind { kind plan { value { amount } } outlook { value { amount } } actual { value { amount } }
        confirmed { value { amount } } runRate { value { amount } } }
      lines(first: 2, after: $after, kind: $kind, figure: $figure) { totalCount pageInfo { hasNextPage endCursor }
        edges { node { amount { amount } line { name initiative { name }
          figures(from: "2026-01", to: "2027-12") { plan { value { amount } } outlook { value { amount } }
            actual { value { amount } } confirmed { value { amount } } runRate { value { amount } } } } } } } } } } }"""
NAMES = {"PLAN": "plan", "OUTLOOK": "outlook", "ACTUAL": "actual", "CONFIRMED": "confirmed", "RUN_RATE": "runRate"}


def figures(found: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every figure in an answer, with the way to it."""
    if isinstance(found, dict):
        if found.get("__typename") == "Figure":
            yield path, found
        for name, value in found.items():
            yield from figures(value, (*path, name))
    elif isinstance(found, list):
        for value in found:
            yield from figures(value, path)


def comes_to(text: str, *, bare: bool = False) -> Fraction:
    """The amount that an input is worth: `1,200.00 EUR`, `… × 12`, `… × 20 %`; what is in brackets only explains it.

    Bare it is the amount before it is multiplied.
    """
    found = _AMOUNT.match(text)
    assert found, text
    times = Fraction(1 if bare else found[2] or 1)
    return Fraction(found[1].replace(",", "")) * (times / 100 if found[3] and not bare else times)


def explained(path: tuple[str, ...], figure: dict[str, Any], each: dict[str, Any]) -> str:
    """Hold that an input leads to what it was read from: to one thing and its entry, or down to rows that have both.

    Answers by which of the two. Rows come to their input: as an amount, or as how many there are, and then to the
    figure.
    """
    if each["name"] in FACTS_OF_THE_CALENDAR:
        return "calendar"
    if each["rows"] is None:
        assert each["entry"], (path, each)
        assert each["source"], (path, each)
        return "entry"
    rows = [edge["node"] for edge in each["rows"]["edges"]]
    assert all(row["name"] and (row["entry"] or each["source"] is None) for row in rows), (path, each)
    told = sum((comes_to(row["value"]) for row in rows if row["value"] != "no amount"), Fraction(0))
    if _AMOUNT.match(each["value"]):
        assert told == comes_to(each["value"], bare=True), (path, each)
    else:
        assert (len(rows), told) == (int(each["value"]), Fraction(figure["value"]["amount"])), (path, each)
    return "rows" if rows else "none"


async def written(company: Company, seed: int) -> None:
    """A random story: lines of every kind in two currencies with plans and actuals, and measures held and cancelled."""
    dice = random.Random(seed)  # noqa: S311 — a story, no secret
    for year in (2026, 2027):
        await done(company, "carl", "setPlanRate", fiscalYear=year, currency="USD", rate="0.9173")
    await done(company, "carl", "setActualRate", month="2026-10", currency="USD", rate="0.95531")
    parties: dict[str, Any] = {part: company.people[who] for part, who in (("sponsor", "sam"), ("controller", "carl"))}
    for number in range(4):
        name = f"Drive {number}"
        await company.create(Level.INITIATIVE, name, "Contracts", owner=company.people["olaf"], **parties)
        for kind in dice.sample(KINDS, 3):
            asks = {"initiative": company.node(name), "kind": kind, "name": f"{name} {kind}"}
            asks |= {"currency": dice.choice(("EUR", "USD")), "baseline": str(dice.randint(0, 99999))}
            made = str((await done(company, "olaf", "addValueLine", "... on ValueLine { id }", **asks))["id"])
            months = {f"2027-{month:02}": f"{dice.randint(0, 10**7) / 100:.2f}" for month in range(1, 13)}
            await series(company, "olaf", "setPlan", made, months)
            actual = {month: f"{dice.randint(0, 10**7) / 100:.2f}" for month in ("2026-10", "2026-11")}
            await series(company, "olaf", "recordActual", made, actual)
    held = {"measure": company.node("Drive 1"), "reviewOn": "2027-06-30", "reason": "The audit"}
    await done(company, "sam", "holdMeasure", **held)
    await done(company, "sam", "cancelMeasure", measure=company.node("Drive 2"), reason="No demand")
    await sold(company)
    for year in (2026, 2027):
        amount = str(dice.randint(1, 10**6))
        await done(company, "lea", "setBudget", portfolio=company.node("Service"), fiscalYear=year, amount=amount)


async def sold(company: Company) -> None:
    """Deals of every state under a plan, in two currencies and without an amount, and one that nobody's plan has."""
    deals = [
        deal("W1", "WON", "100", seller="Ann", account="Acme"),
        deal("W2", "WON", "50", currency="USD"),
        deal("O1", amount="333", probability="0.3333", forecastCategory="COMMIT"),
        deal("O2", amount="1000", currency="USD", probability="0.5"),
        deal("O3", amount=None, probability="0.9"),
        deal("L", "LOST"),
    ]
    await done(company, "sal", "recordResults", plan=company.node("DACH"), results=deals)
    await done(company, "sal", "recordResults", results=[deal("Stray", "WON", "7")])
    bears = [{"seller": "Ann", "month": f"2026-{month}", "amount": "70"} for month in (10, 11)]
    await done(company, "sal", "setCapacity", plan=company.node("DACH"), capacity=bears)
    quotas = [{"month": f"2026-{month}", "amount": "300"} for month in (10, 11, 12)]
    await done(company, "sal", "setQuota", plan=company.node("DACH"), quota=quotas)


@pytest.mark.parametrize("companies", ["sqlite"], indirect=True)
async def test_the_inputs_of_every_figure_at_every_node_come_to_it(alder: Company) -> None:
    await written(alder, 4)
    made = await prepared(alder)
    made["Margin"] = await line(alder, "MARGIN", "Margin", {f"2027-{month:02}": "333.33" for month in range(1, 13)})
    for into in (Stage.IDENTIFIED, Stage.DETAILED, Stage.DECIDED):
        for name in ("Full service", "DACH"):
            await passed(alder, name, into)
    await series(alder, "olaf", "setForecast", made["Margin"], {"2027-02": "300.01"})
    await achieved(alder, made)
    await submitted(alder, "Full service", Stage.IMPLEMENTED)
    found = await asked(alder, "eve", everything())
    checked = 0
    ways: Counter[str] = Counter()
    for path, figure in figures(found):
        if {"rollUp", "figures", "budget"} & set(path):
            told = round(sum((comes_to(each["value"]) for each in figure["inputs"]), Fraction(0)), 2)
            assert told == Fraction(figure["value"]["amount"]), (path, figure)
            checked += bool(figure["inputs"])
        ways.update(f"{'sales ' * ('sales' in path)}{explained(path, figure, each)}" for each in figure["inputs"])
    assert checked > 300
    assert ways["entry"] > 100, ways
    assert ways["rows"] > 300, ways
    assert ways["sales rows"] > 40, ways


async def test_the_lines_behind_a_figure_add_up_to_it_at_every_place(alder: Company) -> None:
    await written(alder, 7)
    for place in ("Growth", "Service", "Contracts", "Drive 0", "Drive 1"):
        for kind in KINDS[::2]:
            for figure, name in NAMES.items():
                told, amounts = await _lines(alder, place, kind, figure, name)
                assert sum(amounts, Fraction(0)) == told, (place, kind, figure)
                assert amounts == sorted(amounts, key=abs, reverse=True)


async def _lines(alder: Company, place: str, kind: str, figure: str, name: str) -> tuple[Fraction, list[Fraction]]:
    """A figure of the roll-up, and what its lines add, page by page; each line tells the same of itself."""
    after, amounts = None, list[Fraction]()
    while True:
        asks = {"id": alder.node(place), "kind": kind, "figure": figure, "after": after}
        found = (await alder.ask("eve", LINES, **asks))["node"]["rollUp"]
        page = found["lines"]
        for edge in page["edges"]:
            amount = edge["node"]["amount"]["amount"]
            assert edge["node"]["line"]["figures"][name]["value"]["amount"] == amount
            amounts.append(Fraction(amount))
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            assert page["totalCount"] == len(amounts)
            told = next(each for each in found["byKind"] if each["kind"] == kind)[name]["value"]["amount"]
            return Fraction(told), amounts


async def test_a_month_tells_its_rate_and_the_entry_that_last_changed_it(alder: Company) -> None:
    await done(alder, "carl", "setPlanRate", fiscalYear=2026, currency="USD", rate="0.9")
    asks = {"initiative": alder.node("Full service"), "kind": "MARGIN", "name": "Margin", "currency": "USD"}
    asks |= {"baseline": "12", "baselineSource": "Ledger 2025", "baselineDate": "2025-12-31"}
    margin = str((await done(alder, "olaf", "addValueLine", "... on ValueLine { id }", **asks))["id"])
    await series(alder, "olaf", "setPlan", margin, {"2026-12": "1000"})
    entry = await alder.revision()
    document = """query ($id: ID!) { node(id: $id) { ... on ValueLine { figures { baseline { value { amount } formula }
        runRate { value { amount } } plan { formula inputs { name value entry source { id } } } } } } }"""
    found = (await alder.ask("eve", document, id=margin))["node"]["figures"]
    assert found["baseline"] == {
        "value": {"amount": "12.00"}, "formula": "baseline of “Margin” of 2025-12-31, from Ledger 2025"
    }  # fmt: skip
    assert found["plan"]["formula"] == "plan of “Margin” (margin), 2026-01 to 2026-12"
    assert found["plan"]["inputs"] == [
        {"name": "2026-12", "value": "900.00 EUR (1,000.00 USD × 0.9)", "entry": str(entry), "source": {"id": margin}}
    ]
    assert found["runRate"]["value"]["amount"] == "10800.00"
    hidden = (await alder.ask("vera", document, id=margin))["node"]["figures"]
    assert (hidden["baseline"]["value"], hidden["plan"]["inputs"][0]["value"]) == (None, "an amount (an amount × 0.9)")


ROWS = """query ($id: ID!, $after: String) { node(id: $id) { ... on CascadeNode {
    sales(from: "2026-10", to: "2026-12") {
      quota { inputs { value entry source { id } rows(first: 2, after: $after) { totalCount
        pageInfo { hasNextPage endCursor } edges { node { name value entry source { id } } } } } }
      gap { inputs { value entry source { id } rows { edges { node { name value } } } } }
      weightedPipeline { inputs { rows { edges { node { name value } } } } }
      openPipeline { inputs { rows { edges { node { name value } } } } }
      capacity { inputs { rows { edges { node { name value } } } } }
      plannedRevenue { inputs { rows { edges { node { name value source { id } } } } } } } } } }"""


async def test_a_sales_figure_leads_down_to_each_deal_and_each_line_of_quota(alder: Company) -> None:
    await done(alder, "carl", "setPlanRate", fiscalYear=2026, currency="USD", rate="0.9")
    await line(alder, "REVENUE", "Contracts", {"2026-12": "900"})
    await sold(alder)
    recorded = await alder.revision()
    sales = (await alder.ask("eve", ROWS, id=alder.node("Growth")))["node"]["sales"]
    missing, won = sales["gap"]["inputs"]
    assert (missing["value"], missing["entry"], missing["source"]) == ("900.00 EUR", None, None)
    (quota,) = sales["quota"]["inputs"]
    assert (quota["value"], quota["rows"]["totalCount"]) == ("3", 3)
    first = [edge["node"] for edge in quota["rows"]["edges"]]
    assert [(one["value"], one["source"]["id"]) for one in first] == [("300.00 EUR", alder.node("DACH"))] * 2
    assert {one["entry"] for one in first} == {str(recorded)}
    assert quota["rows"]["pageInfo"]["hasNextPage"]
    after = quota["rows"]["pageInfo"]["endCursor"]
    last = (await alder.ask("eve", ROWS, id=alder.node("Growth"), after=after))["node"]["sales"]["quota"]["inputs"][0]
    names = [one["name"] for one in first] + [edge["node"]["name"] for edge in last["rows"]["edges"]]
    assert sorted(names) == [f"DACH, 2026-{month}" for month in (10, 11, 12)]
    assert not last["rows"]["pageInfo"]["hasNextPage"]
    assert [edge["node"]["name"] for edge in won["rows"]["edges"]] == ["W1, Acme", "W2"]
    told = {name: _rows(sales[name]) for name in ("weightedPipeline", "openPipeline", "capacity", "plannedRevenue")}
    assert told == {
        "weightedPipeline": [
            ("O2", "450.00 EUR (1,000.00 USD × 0.5)"), ("O1", "110.99 EUR (333.00 EUR × 0.3333)"), ("O3", "no amount")
        ],
        "openPipeline": [("O2", "900.00 EUR (1,000.00 USD)"), ("O1", "333.00 EUR"), ("O3", "no amount")],
        "capacity": [("DACH, 2026-10, Ann", "70.00 EUR"), ("DACH, 2026-11, Ann", "70.00 EUR")],
        "plannedRevenue": [("Full service", "900.00 EUR"), ("Full service", "900.00 EUR")],
    }  # fmt: skip
    hidden = (await alder.ask("vera", ROWS, id=alder.node("Growth")))["node"]["sales"]
    assert {value for name in told for _, value in _rows(hidden[name])} <= {"an amount", "no amount"}
    assert sorted(name for name, _ in _rows(hidden["openPipeline"])) == ["O1", "O2", "O3"]


def _rows(figure: dict[str, Any]) -> list[tuple[str, str]]:
    """The rows behind all inputs of a figure."""
    every = [edge["node"] for each in figure["inputs"] for edge in each["rows"]["edges"]]
    return [(one["name"], one["value"]) for one in every]
