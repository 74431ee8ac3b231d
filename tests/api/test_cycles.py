"""Review cycles through the API: opened, due, closed; closing locks, keeps, resets and opens the next."""

from typing import Any

from server.domain.stages import Stage
from tests.support.company import Company
from tests.support.measures import done, passed, prepared, sentences, series

CYCLE = """id number starts ends due state lockedThrough closedRevision since closedBy { name }
    missing { person { name } items { node { name } what sentence } }
    figures { plan { value { amount } } actual { value { amount } } }"""
SHOWN = f"... on ReviewCycle {{ {CYCLE} }}"
READ = f"{{ organization {{ cycle {{ {CYCLE} }} cycles {{ totalCount edges {{ node {{ number state }} }} }} }} }}"
LIGHT = """query ($id: ID!, $then: Revision) {
    node(id: $id, asOf: $then) { ... on CascadeNode { lights { potential { set } } } } }"""


async def decided(alder: Company) -> dict[str, str]:
    """Full service and DACH at DECIDED in January 2027, with margin planned for the whole year."""
    made = await prepared(alder)
    asked = {"initiative": alder.node("Full service"), "kind": "MARGIN", "name": "Margin"}
    asked |= {"baseline": "0", "baselineSource": "Ledger 2025", "baselineDate": "2025-12-31"}
    made["Margin"] = (await done(alder, "olaf", "addValueLine", "... on ValueLine { id }", **asked))["id"]
    await series(alder, "olaf", "setPlan", made["Margin"], {f"2027-{month:02}": "1000" for month in range(1, 13)})
    for into in (Stage.IDENTIFIED, Stage.DETAILED, Stage.DECIDED):
        for name in ("Full service", "DACH"):
            await passed(alder, name, into)
    alder.later(days=60)  # 15 January 2027
    return made


async def opened(alder: Company) -> dict[str, Any]:
    return await done(alder, "lea", "openCycle", SHOWN)


async def current(alder: Company, who: str = "vera") -> dict[str, Any]:
    return dict((await alder.ask(who, READ))["organization"])


def owed(cycle: dict[str, Any], name: str) -> set[tuple[str, str]]:
    """What somebody owes: measure and what."""
    found = [each for each in cycle["missing"] if each["person"]["name"] == name]
    return {(item["node"]["name"], item["what"]) for each in found for item in each["items"]}


async def test_a_cycle_is_the_portfolio_leads_to_open_and_one_is_open_at_a_time(alder: Company) -> None:
    before = await alder.revision()
    assert (await alder.do("eve", "openCycle"))["code"] == "FORBIDDEN"
    assert (await current(alder))["cycle"] is None
    assert await alder.revision() == before
    made = await opened(alder)
    assert (made["number"], made["starts"], made["ends"], made["due"]) == (1, "2026-11-01", "2026-11-30", "2026-12-05")
    assert (await sentences(alder))[0] == "Lea opened review cycle 1 (2026-11-01 to 2026-11-30), due 2026-12-05."
    refusal = await alder.do("lea", "openCycle")
    assert (refusal["code"], "close it, which opens the next" in refusal["message"]) == ("ALREADY_DECIDED", True)
    assert await alder.revision() == before + 1
    for days, state in ((0, "OPEN"), (16, "DUE"), (4, "OVERDUE")):
        alder.later(days=days)
        assert (await current(alder))["cycle"]["state"] == state


async def test_what_is_missing_is_listed_by_person_until_it_is_brought(alder: Company) -> None:
    made = await decided(alder)
    await opened(alder)
    alder.later(days=20)  # 4 February: January's actuals, and the forecast of February
    cycle = (await current(alder))["cycle"]
    assert owed(cycle, "Olaf") == {("Full service", what) for what in ("FORECAST", "ACTUALS", "LIGHTS", "MILESTONE")}
    assert owed(cycle, "Sal") == {("DACH", "LIGHTS"), ("DACH", "MILESTONE")}
    told = [item["sentence"] for each in cycle["missing"] for item in each["items"]]
    assert "There is no actual of “Contracts” for 2027-01, “Tooling” for 2027-01 and “Margin” for 2027-01." in told

    for name in ("Contracts", "Margin"):
        await series(alder, "olaf", "setForecast", made[name], {"2027-02": "900"})
    for name in ("Contracts", "Margin", "Tooling"):
        await series(alder, "olaf", "recordActual", made[name], {"2027-01": "900"})
    proof = {"source": "The CRM", "date": alder.now.date().isoformat(), "reading": "4"}
    await done(alder, "olaf", "recordReading", milestone=made["Full service"], **proof)
    for light in ("IMPLEMENTATION", "POTENTIAL"):
        await done(alder, "olaf", "setLight", measure=alder.node("Full service"), light=light, colour="RED")
    assert owed((await current(alder))["cycle"], "Olaf") == set()


async def test_closing_locks_keeps_resets_and_opens_the_next(alder: Company) -> None:
    made = await decided(alder)
    cycle = (await opened(alder))["id"]
    await done(alder, "olaf", "setLight", measure=alder.node("Full service"), light="POTENTIAL", colour="AMBER")
    alder.later(days=20)
    await series(alder, "olaf", "recordActual", made["Margin"], {"2027-01": "900"})
    before = await alder.revision()
    assert (await alder.do("eve", "closeCycle", cycle=cycle))["code"] == "FORBIDDEN"
    assert (await alder.do("lea", "closeCycle", cycle=cycle, expectedRevision="1"))["code"] == "STALE"
    assert await alder.revision() == before

    closed = await done(alder, "lea", "closeCycle", SHOWN, cycle=cycle)
    assert (closed["state"], closed["lockedThrough"], closed["closedRevision"]) == ("CLOSED", "2027-01", str(before))
    assert ("Full service", "ACTUALS") in owed(closed, "Olaf")
    told, then = (await sentences(alder))[:2]
    assert told == "Lea opened review cycle 2 (2027-02-01 to 2027-02-28), due 2027-03-05."
    people = len(closed["missing"])
    items = sum(len(each["items"]) for each in closed["missing"])
    assert then == (
        f"Lea closed review cycle 1 (2027-01-01 to 2027-01-31): {items} inputs of {people} people were missing; "
        "actuals are locked through January 2027."
    )
    organization = await current(alder)
    assert (organization["cycle"]["number"], organization["cycle"]["since"]) == (2, str(before))
    assert [edge["node"] for edge in organization["cycles"]["edges"]] == [
        {"number": 2, "state": "OPEN"},
        {"number": 1, "state": "CLOSED"},
    ]
    light = {"id": alder.node("Full service"), "then": str(before)}
    now = (await alder.ask("vera", LIGHT, id=light["id"]))["node"]["lights"]["potential"]["set"]
    then_set = (await alder.ask("vera", LIGHT, **light))["node"]["lights"]["potential"]["set"]
    assert (now, then_set) == ("GREY", "AMBER")

    before = await alder.revision()
    assert (await alder.do("lea", "closeCycle", cycle=cycle))["code"] == "ALREADY_DECIDED"
    months = [{"month": "2027-01", "amount": "950"}]
    refusal = await alder.do("olaf", "recordActual", line=made["Margin"], months=months)
    assert (refusal["code"], "review cycle 1 is closed" in refusal["message"]) == ("FROZEN", True)
    assert await alder.revision() == before


async def test_a_closed_cycle_keeps_its_figures_whatever_comes_after(alder: Company) -> None:
    made = await decided(alder)
    cycle = (await opened(alder))["id"]
    alder.later(days=20)
    await series(alder, "olaf", "recordActual", made["Margin"], {"2027-01": "900"})
    closed = await done(alder, "lea", "closeCycle", SHOWN, cycle=cycle)
    months = [{"month": "2027-01", "amount": "700"}]
    await done(alder, "carl", "correctActual", line=made["Margin"], months=months, reason="A credit note")
    read = f"query ($id: ID!) {{ node(id: $id) {{ {SHOWN} }} }}"
    again = (await alder.ask("eve", read, id=cycle))["node"]
    assert again["figures"] == closed["figures"]
    assert again["figures"]["actual"]["value"] == {"amount": "900.00"}
    assert (await current(alder, "eve"))["cycle"]["figures"]["actual"]["value"] == {"amount": "700.00"}


async def test_the_other_organization_closes_nothing(alder: Company, birch: Company) -> None:
    cycle = (await opened(alder))["id"]
    before = await alder.revision()
    assert (await birch.do("lea", "closeCycle", cycle=cycle))["code"] == "NOT_FOUND"
    assert (await birch.ask("lea", "query ($id: ID!) { node(id: $id) { id } }", id=cycle))["node"] is None
    assert await alder.revision() == before
