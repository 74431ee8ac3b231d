"""Money is a right: who may not read it gets no amount from anything that the contract offers (law §3)."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import orjson
import pytest

from server.domain.cascade import Level
from server.domain.money import masked
from server.domain.people import Role, SeatHeld
from server.domain.stages import Stage
from server.schema import ids
from tests.support.company import Company
from tests.support.everything import ELSEWHERE, answered, followed, root, roots
from tests.support.measures import GO, described, done, gate, line, milestone, passed, prepared, series, submitted

AMOUNT = "98765432.10"
"""What everything is worth in this company, so that its digits betray a leak wherever they turn up."""
DIGITS = re.compile(r"9[,.  ]?8[,.  ]?7[,.  ]?6[,.  ]?5[,.  ]?4")
YEAR = {f"2027-{month:02}": AMOUNT for month in range(1, 13)}
PERIOD = 'from: "2026-01", to: "2027-12"'


def amounts(found: Any) -> Iterator[str]:
    """Every amount in an answer, as an object or inside a text; a policy's thresholds are rules, which all may know."""
    if isinstance(found, dict) and not str(found.get("__typename")).startswith("Policy"):
        if found.get("__typename") == "Money" or {"amount", "currency"} <= found.keys():
            yield str(found)
        for value in found.values():
            yield from amounts(value)
    elif isinstance(found, list):
        for value in found:
            yield from amounts(value)
    elif isinstance(found, str) and masked(found) != found:
        yield found


def told(found: Any) -> bool:
    """Whether an answer holds the digits."""
    return DIGITS.search(orjson.dumps(found).decode()) is not None


def deal(number: str, state: str, **fields: Any) -> dict[str, Any]:
    """A deal worth the amount."""
    worth = {"amount": AMOUNT, "currency": "EUR", "probability": "0.5", "seller": "Ann", "stage": "S"}
    return {"system": "crm", "externalId": number, "state": state, **worth, **fields}


async def wealthy(company: Company) -> None:
    """Plans, quota, deals, estimates, votes and change of them all, of the amount; one gate passed and one waiting."""
    made = await prepared(company)
    worth = {"amount": AMOUNT, "currency": "EUR"}
    for name, owner in (("Full service", "olaf"), ("DACH", "sal")):
        await done(company, owner, "editNode", node=company.node(name), estimatedValue=worth)
    await series(company, "olaf", "setPlan", made["Contracts"], YEAR)
    margin = await line(company, "MARGIN", "Margin", YEAR)
    await done(company, "olaf", "editValueLine", line=margin, baseline=AMOUNT)
    dach = company.node("DACH")
    cut = {"amount": AMOUNT, "dimension": "TERRITORY", "segment": "Bavaria"}
    quota = [{"month": month, **cut} for month in ("2026-11", "2027-01")]
    await done(company, "sal", "setQuota", plan=dach, quota=quota)
    deals = [deal("1", "WON", closedOn="2026-11-03"), deal("2", "OPEN", closedOn="2027-01-03"), deal("3", "OPEN")]
    await done(company, "sal", "recordResults", plan=dach, results=deals)
    await done(company, "sal", "recordResults", results=[deal("4", "WON", closedOn="2026-11-03"), deal("5", "OPEN")])
    await done(company, "sal", "recordResults", plan=dach, results=[deal("2", "OPEN", amount="98765432.20")])
    measured = {"under": company.node("Growth"), "name": "Intake", "direction": "INCREASE", "unit": "EUR"}
    intake = await done(company, "lea", "addIndicator", "... on Indicator { id }", **measured, start="0", target=AMOUNT)
    path = [{"date": "2026-12-31", "target": "98765432"}]
    await done(company, "lea", "setIndicatorPath", indicator=intake["id"], points=path)
    await done(company, "lea", "recordIndicator", indicator=intake["id"], date="2026-11-02", actual=AMOUNT)
    for into in (Stage.IDENTIFIED, Stage.DETAILED):
        for name in ("Full service", "DACH"):
            await passed(company, name, into)
    gap = {"gapExplanation": "Later"}
    await done(company, "olaf", "editNode", node=company.node("Full service"), **gap)
    await submitted(company, "Full service", Stage.DECIDED)
    stated = {**GO[Stage.DECIDED]["carl"], "confirmed": AMOUNT}
    for voter, other in {"sam": {}, "carl": stated, "eve": {}, "emil": {}}.items():
        asked = {"gate": gate(company, "Full service", Stage.DECIDED), "outcome": "GO", **other}
        await done(company, voter, "decideGate", **asked)
    await series(company, "olaf", "setForecast", margin, {"2027-01": AMOUNT})
    await series(company, "olaf", "recordActual", margin, {"2026-11": AMOUNT})
    await submitted(company, "DACH", Stage.DECIDED)
    for amount in ("98765433.10", "98765434.10"):
        await change_of_plan(company, margin, amount, votes=() if amount.endswith("34.10") else ("sam", "carl"))


async def change_of_plan(company: Company, changed: str, amount: str, votes: Sequence[str]) -> None:
    """Propose to change one month, ask about it, and vote on it."""
    plan = [{"line": changed, "months": [{"month": "2027-01", "amount": amount}]}]
    asked = {"measure": company.node("Full service"), "reason": "The market moved.", "plan": plan}
    made = await done(company, "olaf", "proposeChange", "... on ChangeRequest { id }", **asked)
    question = {"submission": made["id"], "text": "Why?"}
    await done(company, "sam", "askQuestion", **question)
    for voter in votes:
        stated = {"confirmed": AMOUNT, "checkedAgainst": "Books"} if voter == "carl" else {}
        await done(company, voter, "decideChange", change=made["id"], outcome="GO", **stated)


async def reader_of(company: Company, name: str, **rights: Any) -> None:
    """A new person with a viewer's seat."""
    made = await done(company, "ada", "addPerson", "... on Person { id }", name=name.capitalize())
    company.people[name] = company.uuid(str(made["id"]))
    await done(company, "ada", "grantSeat", person=str(made["id"]), role="VIEWER", **rights)


def every_id(found: Any) -> set[str]:
    """Every global id in an answer."""
    if isinstance(found, dict):
        own = {found["id"]} if isinstance(found.get("id"), str) and ids.read(found["id"]) else set()
        return own.union(*map(every_id, found.values()))
    return set().union(*map(every_id, found)) if isinstance(found, list) else set()


async def documents(company: Company) -> list[str]:
    """Every query there is about this company, with everything below it: things by id of every kind among them."""
    known: set[str] = set()
    for name, page in (("organization", ""), ("ledger", "first: 100")):
        known |= every_id(await answered(company, "eve", root("query", name, page)))
    by_kind: dict[str, list[str]] = {}
    for each in sorted(known):
        by_kind.setdefault(str((ids.read(each) or ("",))[0]), []).append(each)
    several = ", ".join(f'"{each}"' for listed in by_kind.values() for each in listed[:3])
    given = {
        "node": f'id: "{gate(company, "Full service", Stage.DECIDED)}"',
        "nodes": f"ids: [{several}]",
        "search": 'text: "a"',
        "ledger": "first: 100",
        "previewHandover": f'from: "{company.person("olaf")}", to: "{company.person("lea")}"',
        "changesBetween": f'from: "1", to: "{await company.revision()}", under: "{company.node("Growth")}"',
    }
    there = ELSEWHERE | {"nodes", "rollUp", "sales"}  # `organization` tells those of every node
    but = {"node": there, "nodes": there}
    told = [name for name in roots("query") if name != "guessMapping"]  # it tells of the viewer's own file only
    return [root("query", name, given.get(name, ""), but.get(name, ELSEWHERE)) for name in told]


async def test_no_amount_reaches_a_viewer_without_the_right_whatever_they_ask(alder: Company) -> None:
    """Generated from the schema: every root field with every field below it, now, as of then, and live."""
    await wealthy(alder)
    await reader_of(alder, "nora", readsLedger=True)
    await reader_of(alder, "max", readsLedger=True, readsMoney=True)
    every = await documents(alder)
    for document in every:
        found = await answered(alder, "nora", document)
        assert list(amounts(found)) == [], document[:80]
        assert not told(found), document[:80]
    assert sum([told(await answered(alder, "max", document)) for document in every]) > len(every) / 2


async def test_no_amount_is_sent_live_to_a_viewer_without_the_right(alder: Company) -> None:
    await wealthy(alder)
    await reader_of(alder, "max", readsMoney=True)
    facts, after = root("subscription", "activity", 'after: "0"'), await alder.revision()
    seen = {who: await followed(alder, who, facts, upto=after) for who in ("vera", "max")}
    assert not list(amounts(seen["vera"]))
    assert not told(seen["vera"])
    assert told(seen["max"])
    assert [each["data"]["activity"]["id"] for each in seen["vera"]] == [
        each["data"]["activity"]["id"] for each in seen["max"]
    ]
    for name in alder.nodes:
        watched = root("subscription", "watch", f'id: "{alder.node(name)}"')
        assert not list(amounts(await followed(alder, "vera", watched, upto=1))), name


async def test_with_the_right_in_one_branch_totals_are_those_of_the_branch_and_say_what_they_leave_out(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    await alder.create(Level.PROGRAM, "Parts", "Service")
    await alder.create(Level.INITIATIVE, "Shop", "Parts", owner=alder.people["olaf"])
    await alder.create(Level.SALES_PLAN, "Web", "Shop", by="sal", owner=alder.people["sal"])
    asks = {"kind": "MARGIN", "name": "Margin", "recurring": True}
    for name, amount in (("Full service", "10"), ("Shop", "7")):
        made = await done(alder, "olaf", "addValueLine", "... on ValueLine { id }", initiative=alder.node(name), **asks)
        await series(alder, "olaf", "setPlan", str(made["id"]), {"2027-12": amount})
    for number, (name, amount) in enumerate((("DACH", "30"), ("Web", "40"))):
        await done(alder, "sal", "setQuota", plan=alder.node(name), quota=[{"month": "2026-11", "amount": amount}])
        won = deal(str(number), "WON", closedOn="2026-11-03") | {"amount": amount}
        opened = deal(f"o{number}", "OPEN", closedOn="2026-11-30") | {"amount": amount}
        await done(alder, "sal", "recordResults", plan=alder.node(name), results=[won, opened])
    await done(alder, "sal", "recordResults", results=[deal("x", "WON", closedOn="2026-11-03")])
    await reader_of(alder, "bo")
    await done(
        alder, "ada", "grantSeat", person=alder.person("bo"), role="VIEWER", at=alder.node("Parts"), readsMoney=True
    )
    figure = "{ value { amount } omitted inputs { name value } }"
    document = f"""query ($id: ID!) {{ node(id: $id) {{
        ... on CascadeNode {{ rollUp({PERIOD}) {{ headline {{ plan {figure} gap {figure} }} weighted {figure}
            byKind {{ kind runRate {figure} }} leakage {{ name measures amount {figure} }} }}
          sales({PERIOD}) {{ quota {figure} won {figure} gap {figure} openPipeline {figure} weightedPipeline {figure}
            attainment averageWon {{ amount }} wonCount bySeller {{ key won {{ amount }} omitted }} }} }} }} }}"""
    places = {"Service": ("7.00", 1), "Contracts": (None, 1), "Parts": ("7.00", 0), "Shop": ("7.00", 0)}
    costs = set()
    for name, (plan, omitted) in places.items():
        with statements() as counted:
            node = (await alder.ask("bo", document, id=alder.node(name)))["node"]
        costs.add(len(counted))
        shown = node["rollUp"]["headline"]["plan"]
        assert (shown["value"] and shown["value"]["amount"], shown["omitted"]) == (plan, omitted), name
        assert node["rollUp"]["leakage"][0]["amount"]["omitted"] == omitted
        margin = next(each for each in node["rollUp"]["byKind"] if each["kind"] == "MARGIN")
        assert margin["runRate"]["omitted"] == omitted
        sales = node["sales"]
        value = sales["won"]["value"]
        assert (value and value["amount"], sales["won"]["omitted"]) == ("40.00" if plan else None, omitted), name
        assert sales["gap"]["omitted"] == 2 * omitted
        assert (sales["openPipeline"]["omitted"], sales["weightedPipeline"]["omitted"]) == (omitted, omitted)
        assert sales["averageWon"] == ({"amount": "40.00"} if plan else None)
        assert sales["wonCount"] == (2 if name == "Service" else 1)
    assert len(costs) == 1, "statements do not depend on what may be read"
    parts = f"rollUp({PERIOD}) {{ headline {{ plan {figure} }} }} sales({PERIOD}) {{ won {figure} }}"
    whole = f"{{ organization {{ {parts} }} }}"
    found = (await alder.ask("bo", whole))["organization"]
    assert found["rollUp"]["headline"]["plan"]["value"] == {"amount": "7.00"}
    assert (found["sales"]["won"]["value"], found["sales"]["won"]["omitted"]) == ({"amount": "40.00"}, 2)
    assert not told(found)


async def test_an_order_by_value_tells_nothing_to_who_may_not_read_it(alder: Company) -> None:
    for name, amount in (("Ax", "1"), ("Bolt", "9"), ("Cog", "5")):
        await alder.create(Level.INITIATIVE, name, "Contracts", owner=alder.people["olaf"])
        asks = {"initiative": alder.node(name), "kind": "MARGIN", "name": "Margin", "recurring": True}
        made = await done(alder, "olaf", "addValueLine", "... on ValueLine { id }", **asks)
        await series(alder, "olaf", "setPlan", str(made["id"]), {"2026-11": amount})
    document = """query ($id: ID!) { node(id: $id) { ... on Program {
        children(orderBy: PLAN_DESC) { edges { cursor node { name } } } } } }"""
    orders = {}
    for who in ("eve", "vera"):
        found = (await alder.ask(who, document, id=alder.node("Contracts")))["node"]["children"]["edges"]
        orders[who] = [edge["node"]["name"] for edge in found]
    assert orders == {"eve": ["Bolt", "Cog", "Ax", "Full service"], "vera": ["Full service", "Ax", "Bolt", "Cog"]}


async def test_a_refusal_tells_no_amount_to_who_may_not_read_it(alder: Company) -> None:
    """Olaf owns the measure, and sits there as somebody who may not read money."""
    await reader_of(alder, "otto")
    await described(alder, "Full service")
    await milestone(alder, "Full service")
    await line(alder, "REVENUE", "Contracts", YEAR)
    await done(alder, "olaf", "editNode", node=alder.node("Full service"), owner=alder.person("otto"))
    await done(alder, "otto", "submitGate", measure=alder.node("Full service"), into="IDENTIFIED")
    await done(alder, "pia", "decideGate", gate=gate(alder, "Full service", Stage.IDENTIFIED), outcome="GO")
    refusals = {}
    for who in ("otto", "olaf"):
        asked = {"measure": alder.node("Full service"), "into": "DETAILED"}
        refusals[who] = await alder.do(who, "submitGate", **asked)
        await done(alder, who, "editNode", node=alder.node("Full service"), owner=alder.person("olaf"))
    assert [each["code"] for each in refusals.values()] == ["CRITERIA_UNMET", "CRITERIA_UNMET"]
    assert not list(amounts(refusals["otto"]))


@pytest.mark.parametrize("field", ["readsMoney", "readsLedger"])
async def test_only_a_viewers_seat_is_given_more_than_its_branch(alder: Company, field: str) -> None:
    before = await alder.revision()
    for role in set(Role) - {Role.VIEWER}:
        refusal = await alder.do("ada", "grantSeat", person=alder.person("vera"), role=role.value, **{field: True})
        assert (refusal["code"], refusal["path"]) == ("INVALID", [field])
    assert await alder.revision() == before
    seat = await alder.do(
        "ada",
        "grantSeat",
        "... on Seat { readsMoney readsLedger }",
        person=alder.person("vera"),
        role="VIEWER",
        **{field: True},
    )
    assert seat[field] is True
    assert [name for name in ("readsMoney", "readsLedger") if seat[name]] == [field]


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_amounts_by_role_and_scope(role: Role) -> None:
    """Everybody but viewers without the right and partners without the scope; a machine never without the scope."""
    for given in (False, True):
        held = SeatHeld(role, None, date.min, None, True, reads_money=given)
        person = role not in {Role.VIEWER, Role.PARTNER} or (role is Role.VIEWER and given)
        assert held.opens_money(None) is person
        assert held.opens_money(frozenset({"read"})) is False
        assert held.opens_money(frozenset({"read", "money:read"})) is (person or role is Role.PARTNER)
