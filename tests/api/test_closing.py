"""Closing: one truth of what is confirmed, the shortfall as leakage, and the window before it (law §2 and §4)."""

from typing import Any

from server.domain.stages import Stage
from tests.support.company import Company
from tests.support.measures import (
    GO,
    achieved,
    done,
    line,
    passed,
    prepared,
    sentences,
    series,
    submitted,
    voted,
)

PERIOD = 'from: "2026-01", to: "2027-12"'
FIGURES = f"""query ($id: ID!) {{ node(id: $id) {{ ... on CascadeNode {{ rollUp({PERIOD}) {{
    headline {{ plan {{ value {{ amount }} }} confirmed {{ value {{ amount }} }} }}
    closedShortfall {{ value {{ amount }} inputs {{ name value }} }}
    leakage {{ name amount {{ value {{ amount }} }} }} }} }} }} }}"""
SUSTAIN = """query ($id: ID!) { node(id: $id) { ... on Initiative {
    sustain { from to months over missing { line months } } } } }"""
WINDOW = ("2026-12", "2027-01", "2027-02")


async def implemented(company: Company, *kinds: str) -> dict[str, str]:
    """Full service at IMPLEMENTED with a line of each kind, 100 a month in 2027, and its sales plan closed."""
    made = await prepared(company)
    for kind in kinds:
        made[kind] = await line(company, kind, kind.capitalize(), {f"2027-{month:02}": "100" for month in range(1, 13)})
    for into in (Stage.IDENTIFIED, Stage.DETAILED, Stage.DECIDED):
        for name in ("Full service", "DACH"):
            await passed(company, name, into)
    await achieved(company, made)
    for name in ("Full service", "DACH"):
        await passed(company, name, Stage.IMPLEMENTED)
    return made


async def ready(company: Company, made: dict[str, str], *kinds: str) -> None:
    """All that the gate into CLOSED asks for, but the submission."""
    company.later(days=140)
    for name in ("Contracts", *kinds):
        await series(company, "olaf", "recordActual", made[name], dict.fromkeys(WINDOW, "90"))
    proof = {"source": "The books", "date": company.now.date().isoformat(), "url": "https://alder.example/books"}
    for name, owner in (("DACH", "sal"), ("Full service", "olaf")):
        await done(company, owner, "attachEvidence", measure=company.node(name), **proof)
        await done(company, owner, "editNode", node=company.node(name), varianceExplanation="Later than planned")
    await passed(company, "DACH", Stage.CLOSED)


async def figures(company: Company, name: str = "Full service") -> dict[str, Any]:
    found: dict[str, Any] = (await company.ask("eve", FIGURES, id=company.node(name)))["node"]["rollUp"]
    return found


async def test_the_stated_amount_is_what_the_confirmed_months_add_up_to(alder: Company) -> None:
    made = await implemented(alder, "MARGIN", "COST_SAVING")
    await ready(alder, made, "MARGIN", "COST_SAVING")
    await series(alder, "carl", "confirmValue", made["MARGIN"], {"2027-01": "80.10", "2027-02": "90"})
    await submitted(alder, "Full service", Stage.CLOSED)
    before = await alder.revision()
    refusal = await voted(alder, "carl", "Full service", Stage.CLOSED)
    assert refusal["path"] == ["confirmed"]
    assert await alder.revision() == before
    await voted(alder, "carl", "Full service", Stage.CLOSED, confirmed="500.15")
    told = await sentences(alder)
    assert told[0] == "Carl brought “Full service” to Closed."
    assert told[1] == (
        "Carl confirmed 500.15 EUR of “Full service” at closing: booked 330.05 EUR on April 2027 of “Margin”, "
        "so that what is confirmed adds up to it."
    )
    found = await figures(alder)
    assert found["headline"]["confirmed"]["value"]["amount"] == "500.15"
    assert found["headline"]["plan"]["value"]["amount"] == "2400.00", "the plan is never rebased"
    short = found["closedShortfall"]
    assert short["value"]["amount"] == "-1899.85"
    assert [one["name"] for one in short["inputs"]] == ["Of Below plan: outlook − plan", "Of Not yet confirmed"]
    bars = {bar["name"]: float(bar["amount"]["value"]["amount"]) for bar in found["leakage"]}
    assert bars["Below plan"] + bars["Not yet confirmed"] == -1899.85


async def test_reopened_and_closed_again_it_holds_what_was_stated_last(alder: Company) -> None:
    made = await implemented(alder, "MARGIN")
    await ready(alder, made, "MARGIN")
    await submitted(alder, "Full service", Stage.CLOSED)
    await voted(alder, "carl", "Full service", Stage.CLOSED, confirmed="300")
    asked = {"measure": alder.node("Full service"), "reason": "A credit note came in"}
    change = await done(alder, "carl", "reopenMeasure", "... on ChangeRequest { id }", **asked)
    await done(alder, "sam", "decideChange", change=change["id"], outcome="GO")
    assert (await figures(alder))["headline"]["confirmed"]["value"]["amount"] == "300.00"
    await submitted(alder, "Full service", Stage.CLOSED)
    await voted(alder, "carl", "Full service", Stage.CLOSED, confirmed="250.50")
    assert (await figures(alder, "Growth"))["headline"]["confirmed"]["value"]["amount"] == "250.50"
    assert "booked -49.50 EUR" in (await sentences(alder))[1]


async def test_where_no_line_is_of_the_headline_value_nothing_is_booked_and_that_is_said(alder: Company) -> None:
    made = await implemented(alder)
    await ready(alder, made)
    await submitted(alder, "Full service", Stage.CLOSED)
    before = await alder.revision()
    await voted(alder, "carl", "Full service", Stage.CLOSED, **GO[Stage.CLOSED]["carl"])
    assert await alder.revision() == before + 2
    assert (await sentences(alder))[0] == (
        "Carl brought “Full service” to Closed. 90,000.00 EUR is stated and nothing was booked: "
        "it has no line of margin + cost saving."
    )


async def test_the_sustain_window_says_which_months_still_need_an_actual(alder: Company) -> None:
    measure = alder.node("Full service")
    assert (await alder.ask("olaf", SUSTAIN, id=measure))["node"]["sustain"] is None
    made = await implemented(alder, "MARGIN")
    window = (await alder.ask("olaf", SUSTAIN, id=measure))["node"]["sustain"]
    assert (window["from"], window["to"], window["months"], window["over"]) == ("2026-12", "2027-02", 3, False)
    assert window["missing"] == [{"line": name, "months": list(WINDOW)} for name in ("Contracts", "Margin")]
    alder.later(days=140)
    await series(alder, "olaf", "recordActual", made["Contracts"], dict.fromkeys(WINDOW, "90"))
    await series(alder, "olaf", "recordActual", made["MARGIN"], {"2026-12": "1"})
    window = (await alder.ask("olaf", SUSTAIN, id=measure))["node"]["sustain"]
    assert (window["over"], window["missing"]) == (True, [{"line": "Margin", "months": ["2027-01", "2027-02"]}])
