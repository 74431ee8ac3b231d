"""Hypotheses that are tested: indicators, their paths and readings, and the verdict, through the API."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from server.domain.cascade import Level
from tests.support.company import Company
from tests.support.measures import done, line, quota, series

ASKED = {"name": "Service share", "direction": "INCREASE", "unit": "%", "start": "20", "target": "40"}
DATES = {"startDate": "2026-01-01", "targetDate": "2026-12-31"}
SHOWN = """... on Indicator { id revision name unit direction start target source figure decides current readOn progress
    expected verdict { verdict sentence since } points { date target actual note by { name } } under { name } }"""
VERDICT = """query ($id: ID!) { node(id: $id) { ... on Objective {
    verdict { verdict sentence since indicators { name } } indicators { id name current progress } } } }"""


async def add(alder: Company, by: str = "lea", **fields: Any) -> str:
    """An indicator of the objective Growth; its id."""
    asked = {"under": alder.node("Growth"), **ASKED, **DATES, **fields}
    return str((await done(alder, by, "addIndicator", SHOWN, **asked))["id"])


async def verdict(alder: Company, by: str = "eve") -> dict[str, Any]:
    """What is said of the hypothesis of Growth."""
    found = await alder.ask(by, VERDICT, id=alder.node("Growth"))
    return dict(found["node"]["verdict"])


async def test_what_an_objective_is_measured_by_is_the_boards_to_say(alder: Company) -> None:
    asked = {"under": alder.node("Growth"), **ASKED}
    before = await alder.revision()
    refusal = await alder.do("olaf", "addIndicator", **asked)
    assert refusal["code"] == "FORBIDDEN"
    refusal = await alder.do("carl", "addIndicator", **asked)
    assert (refusal["code"], "the executive or the portfolio lead" in refusal["message"]) == ("FORBIDDEN", True)
    wrong = {"name": " ", "direction": "DECREASE", "startDate": "2026-12-31", "targetDate": "2026-01-01"}
    refusal = await alder.do("lea", "addIndicator", **asked | wrong, figure="SALES_WON")
    assert (refusal["code"], len(refusal["details"])) == ("INVALID", 4), refusal
    assert await alder.revision() == before
    made = await alder.do("eve", "addIndicator", SHOWN, **asked)
    assert (made["source"], made["under"], made["progress"]) == ("HAND", {"name": "Growth"}, None)
    assert made["verdict"]["verdict"] == "UNPROVEN"


async def test_readings_make_progress_and_the_path_makes_the_verdict(alder: Company) -> None:
    assert (await verdict(alder))["sentence"].startswith("Nothing measures it yet")
    share = await add(alder)
    refusal = await alder.do("lea", "recordIndicator", indicator=share, date="2027-01-01", actual="30")
    assert "lies in the future" in refusal["message"]
    read = await done(
        alder, "lea", "recordIndicator", SHOWN, indicator=share, date="2026-07-02", actual="25", note="Q2"
    )
    assert (read["current"], read["readOn"], read["progress"]) == ("25", "2026-07-02", "0.250000")
    assert read["points"] == [
        {"date": "2026-07-02", "target": None, "actual": "25", "note": "Q2", "by": {"name": "Lea"}}
    ]
    failing = await verdict(alder)
    assert failing == {
        "verdict": "FAILING",
        "sentence": "“Service share” stood at 25 % on 2026-07-02, below the 30 % that its path demands by then.",
        "since": "2026-07-02",
        "indicators": [{"name": "Service share"}],
    }
    path = [{"date": "2026-07-01", "target": "24"}, {"date": "2026-10-01", "target": "32"}]
    bent = await done(alder, "lea", "setIndicatorPath", SHOWN, indicator=share, points=path)
    assert [(one["date"], one["target"], one["actual"]) for one in bent["points"]] == [
        ("2026-07-01", "24", None), ("2026-07-02", None, "25"), ("2026-10-01", "32", None),
    ]  # fmt: skip
    assert bent["verdict"]["verdict"] == "HOLDING"
    twice = await alder.do("lea", "setIndicatorPath", indicator=share, points=[path[0], path[0]])
    assert "two points on 2026-07-01" in twice["message"]
    straight = await done(alder, "lea", "setIndicatorPath", SHOWN, indicator=share, points=[])
    assert [one["date"] for one in straight["points"]] == ["2026-07-02"]
    back = await done(alder, "lea", "recordIndicator", SHOWN, indicator=share, date="2026-07-02", actual=None)
    assert (back["points"], back["current"]) == ([], None)


async def test_the_marked_indicators_decide_and_without_a_mark_all(alder: Company) -> None:
    good, bad = await add(alder), await add(alder, name="Churn", direction="DECREASE", start="10", target="5")
    for each, actual in ((good, "39"), (bad, "11")):
        await done(alder, "lea", "recordIndicator", indicator=each, date="2026-11-01", actual=actual)
    assert [one["name"] for one in (await verdict(alder))["indicators"]] == ["Churn", "Service share"]
    assert (await verdict(alder))["verdict"] == "FAILING"
    marked = await done(alder, "lea", "editIndicator", SHOWN, indicator=good, decides=True, expectedRevision=None)
    assert marked["decides"]
    assert ((await verdict(alder))["verdict"], len((await verdict(alder))["indicators"])) == ("HOLDING", 1)
    stale = await alder.do("lea", "removeIndicator", indicator=bad, expectedRevision="1")
    assert stale["code"] == "STALE"
    await done(alder, "lea", "removeIndicator", "... on Objective { indicators { name } }", indicator=bad)
    found = await alder.ask("eve", VERDICT, id=alder.node("Growth"))
    assert [one["name"] for one in found["node"]["indicators"]] == ["Service share"]
    assert (await alder.ask("eve", "query ($id: ID!) { node(id: $id) { id } }", id=bad))["node"] is None


async def test_a_roll_up_is_read_when_somebody_looks_and_not_recorded(alder: Company) -> None:
    months = {f"2026-{month:02}": "1000" for month in range(9, 13)}
    margin = await line(alder, "MARGIN", "Margin", months)
    half = await alder.do("lea", "addIndicator", under=alder.node("Growth"), **ASKED, source="ROLL_UP")
    assert len(half["details"]) == 3, half  # figure, months, unit
    span: dict[str, Any] = {
        "startDate": "2026-09-01",
        "targetDate": "2026-12-31",
        "unit": None,
        "start": None,
        "target": "5000",
    }
    outlook = await add(alder, **span, name="Margin", source="ROLL_UP", figure="HEADLINE_OUTLOOK")
    actual = await add(alder, **span, name="Books", source="ROLL_UP", figure="HEADLINE_ACTUAL")
    refusal = await alder.do("lea", "recordIndicator", indicator=outlook, date="2026-11-01", actual="5")
    assert "read from the roll-up" in refusal["message"]
    document = f"query ($id: ID!) {{ node(id: $id) {{ {SHOWN} }} }}"
    found = (await alder.ask("eve", document, id=outlook))["node"]
    assert (found["current"], found["unit"], found["progress"]) == ("4000.00", "EUR", "0.800000")
    assert found["verdict"]["sentence"].endswith("below the 5,000 EUR that its path demands by 2026-12-31.")
    await series(alder, "olaf", "recordActual", margin, {"2026-09": "700", "2026-10": "800"})
    found = (await alder.ask("eve", document, id=actual))["node"]
    assert (found["current"], found["readOn"]) == ("1500.00", "2026-10-31"), "November is not over"
    assert [(one["date"], one["by"]) for one in found["points"]] == [("2026-10-31", None)]


async def test_what_was_won_is_read_from_the_sales_plans_below(alder: Company) -> None:
    await quota(alder)
    deal = {"system": "crm", "externalId": "1", "stage": "W", "state": "WON", "amount": "900", "currency": "EUR"}
    await done(alder, "sal", "recordResults", plan=alder.node("DACH"), results=[deal | {"closedOn": "2026-11-02"}])
    span: dict[str, Any] = {
        "startDate": "2026-10-01",
        "targetDate": "2026-12-31",
        "unit": None,
        "start": None,
        "target": "1000",
    }
    won = await add(alder, **span, name="Won", source="ROLL_UP", figure="SALES_WON")
    found = (await alder.ask("eve", f"query ($id: ID!) {{ node(id: $id) {{ {SHOWN} }} }}", id=won))["node"]
    assert (found["current"], found["verdict"]["verdict"]) == ("900.00", "HOLDING")


async def test_the_numbers_of_amounts_of_money_are_for_those_who_may_read_money(alder: Company) -> None:
    worth = await add(alder, name="Order intake", unit="EUR")
    await done(alder, "lea", "recordIndicator", indicator=worth, date="2026-11-01", actual="21")
    found = (await alder.ask("vera", f"query ($id: ID!) {{ node(id: $id) {{ {SHOWN} }} }}", id=worth))["node"]
    assert {found[name] for name in ("start", "target", "current", "progress", "expected")} == {None}
    assert (found["points"][0]["actual"], found["verdict"]["verdict"]) == (None, "FAILING")
    assert "an amount" in found["verdict"]["sentence"]


async def test_reading_many_takes_no_more_statements_than_reading_one(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    inside = f"... on Objective {{ verdict {{ verdict }} indicators {{ {SHOWN} }} }}"
    document = f"query ($id: ID!) {{ node(id: $id) {{ {inside} }} }}"
    growth, counts = alder.node("Growth"), []
    for wanted in (1, 11):
        for number in range(wanted):
            one = await add(alder, name=f"Indicator {wanted}.{number}")
            await done(alder, "lea", "recordIndicator", indicator=one, date="2026-11-01", actual="30")
        with statements() as made:
            found = await alder.ask("eve", document, id=growth)
        counts.append(len(made))
        assert len(found["node"]["indicators"]) == (1 if wanted == 1 else 12)
    assert counts[0] == counts[1]


CHAIN = """{ organization { opportunities(first: 100) { edges { node { externalId chain { __typename name
    ... on Objective { verdict { verdict } supportedBy(from: "2026-10", to: "2026-12") {
        value { amount } omitted inputs { name value source { ... on SalesPlan { name } } } } } } } } } } }"""


async def test_from_a_deal_up_to_the_objective_that_it_is_won_for_in_one_question(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    await alder.create(Level.OBJECTIVE, "Fewer repairs", "Growth")
    await alder.create(Level.SALES_PLAN, "Nordics", "Full service", by="sal", owner=alder.people["sal"])
    won = {"system": "crm", "stage": "W", "state": "WON", "currency": "EUR", "closedOn": "2026-11-02"}
    for plan, number, amount in (("DACH", "1", "900"), ("Nordics", "2", "100.50"), (None, "3", "7")):
        under = {"plan": alder.node(plan)} if plan else {}
        await done(alder, "sal", "recordResults", **under, results=[won | {"externalId": number, "amount": amount}])
    share = await add(alder)
    await done(alder, "lea", "recordIndicator", indicator=share, date="2026-11-01", actual="39")
    with statements() as few:
        found = await alder.ask("eve", CHAIN)
    deals = {
        edge["node"]["externalId"]: edge["node"]["chain"] for edge in found["organization"]["opportunities"]["edges"]
    }
    assert [each["name"] for each in deals["1"]] == ["DACH", "Full service", "Contracts", "Service", "Growth"]
    assert deals["3"] == [], "what has no plan supports nothing"
    growth = deals["2"][-1]
    assert growth["verdict"] == {"verdict": "HOLDING"}
    assert (growth["supportedBy"]["value"], growth["supportedBy"]["omitted"]) == ({"amount": "1000.50"}, 0)
    assert growth["supportedBy"]["inputs"] == [
        {"name": "DACH", "value": "900.00 EUR", "source": {"name": "DACH"}},
        {"name": "Nordics", "value": "100.50 EUR", "source": {"name": "Nordics"}},
    ]
    for deal in range(4, 14):
        results = [won | {"externalId": str(deal), "amount": "1"}]
        await done(alder, "sal", "recordResults", plan=alder.node("DACH"), results=results)
    with statements() as many:
        await alder.ask("eve", CHAIN)
    assert len(many) == len(few)
    hidden = (await alder.ask("vera", CHAIN))["organization"]["opportunities"]["edges"][0]["node"]["chain"]
    assert [one["supportedBy"]["value"] for one in hidden if one["__typename"] == "Objective"] in ([], [None])
