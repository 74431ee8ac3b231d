"""Every figure explains itself: its inputs come to it, to the cent, and so do the lines behind it (law §4)."""

import random
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from server.domain.cascade import Level
from server.domain.stages import Stage
from tests.support.company import Company
from tests.support.everything import asked, everything
from tests.support.measures import achieved, done, line, passed, prepared, series, submitted

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
    """Every figure of a roll-up, a line or a budget in an answer, with the way to it."""
    if isinstance(found, dict):
        if found.get("__typename") == "Figure" and {"rollUp", "figures", "budget"} & set(path):
            yield path, found
        for name, value in found.items():
            yield from figures(value, (*path, name))
    elif isinstance(found, list):
        for value in found:
            yield from figures(value, path)


def comes_to(text: str) -> Fraction:
    """The amount that an input is worth: `1,200.00 EUR`, `… × 12`, `… × 20 %`; what is in brackets only explains it."""
    found = _AMOUNT.match(text)
    assert found, text
    times = Fraction(found[2] or 1)
    return Fraction(found[1].replace(",", "")) * (times / 100 if found[3] else times)


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
    for year in (2026, 2027):
        amount = str(dice.randint(1, 10**6))
        await done(company, "lea", "setBudget", portfolio=company.node("Service"), fiscalYear=year, amount=amount)


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
    for path, figure in figures(found):
        told = round(sum((comes_to(each["value"]) for each in figure["inputs"]), Fraction(0)), 2)
        assert told == Fraction(figure["value"]["amount"]), (path, figure)
        checked += bool(figure["inputs"])
    assert checked > 300


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
