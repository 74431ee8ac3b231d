"""Milestones that wait for milestones, through the API: no circles, and a late one moves what waits for it."""

from typing import Any

from server.domain.cascade import Level
from tests.api.test_money import reader_of
from tests.support.company import Company
from tests.support.measures import done, milestone, sentences

SHOWN = "... on Milestone { name projectedDue awaits { name } awaitedBy { name } under { name } }"
LEDGER = "{ ledger(first: 100) { edges { node { sentence changes { field before after } } } } }"
READ = "query ($id: ID!) { node(id: $id) { " + SHOWN + " } }"


async def added(alder: Company, by: str, under: str, name: str, due: str) -> str:
    """A milestone of a measure."""
    asked = {"under": alder.node(under), "name": name, "due": due, "measureType": "OUTPUT"}
    return str((await done(alder, by, "addMilestone", "... on Milestone { id }", **asked))["id"])


async def read(alder: Company, who: str, one: str) -> dict[str, Any]:
    return dict((await alder.ask(who, READ, id=one))["node"])


async def test_a_late_milestone_moves_what_waits_for_it_in_another_measure(alder: Company) -> None:
    stock = await added(alder, "olaf", "Full service", "Stock in Linz", "2026-11-20")
    orders = await added(alder, "sal", "DACH", "First orders", "2027-01-15")
    before = await alder.revision()
    refusal = await alder.do("olaf", "addDependency", milestone=orders, awaits=stock)
    assert refusal["code"] == "FORBIDDEN"
    refusal = await alder.do("sal", "addDependency", milestone=orders, awaits=orders)
    assert (refusal["code"], refusal["path"]) == ("INVALID", ["awaits"])
    assert await alder.revision() == before

    made = await done(alder, "sal", "addDependency", SHOWN, milestone=orders, awaits=stock)
    assert (made["awaits"], made["projectedDue"]) == ([{"name": "Stock in Linz"}], "2027-01-15")
    assert (await read(alder, "vera", stock))["awaitedBy"] == [{"name": "First orders"}]
    told = "Sal let the milestone “First orders” of “DACH” wait for a milestone of another measure."
    assert (await sentences(alder))[0] == told
    assert (await alder.do("sal", "addDependency", milestone=orders, awaits=stock))["code"] == "ALREADY_DECIDED"

    alder.later(days=14)  # ten days late, and nobody has touched First orders
    assert (await read(alder, "vera", orders))["projectedDue"] == "2027-01-25"
    proof = {"source": "The warehouse", "date": alder.now.date().isoformat(), "url": "https://alder.example/stock"}
    await done(alder, "olaf", "achieveMilestone", milestone=stock, **proof)
    assert (await read(alder, "vera", stock))["projectedDue"] is None
    assert (await read(alder, "vera", orders))["projectedDue"] == "2027-01-15"


async def test_a_circle_is_refused_with_the_chain_and_one_link_less_opens_it(alder: Company) -> None:
    one, two, three = [await added(alder, "olaf", "Full service", name, "2027-02-01") for name in ("A", "B", "C")]
    await done(alder, "olaf", "addDependency", milestone=two, awaits=one)
    await done(alder, "olaf", "addDependency", milestone=three, awaits=two)
    before = await alder.revision()
    refusal = await alder.do("olaf", "addDependency", milestone=one, awaits=three)
    assert "“C” waits for “B” waits for “A”" in refusal["message"]
    refusal = await alder.do("olaf", "removeDependency", milestone=three, awaits=one)
    assert "does not wait" in refusal["message"]
    assert await alder.revision() == before
    await done(alder, "olaf", "removeDependency", milestone=three, awaits=two)
    assert (await read(alder, "vera", three))["awaits"] == []
    await done(alder, "olaf", "addDependency", milestone=one, awaits=three)


async def test_what_a_viewer_does_not_see_is_neither_waited_for_nor_shown(alder: Company, birch: Company) -> None:
    nora = await done(alder, "ada", "addPerson", "... on Person { id }", name="Nora Ny")
    alder.people["nora"] = alder.uuid(nora["id"])
    await alder.create(Level.SALES_PLAN, "Nordics", "Full service", by="sal", owner=alder.people["nora"])
    await done(alder, "ada", "grantSeat", person=nora["id"], role="VIEWER", at=alder.node("Nordics"))
    hidden = await milestone(alder, "Full service")
    mine = await added(alder, "nora", "Nordics", "First orders", "2027-01-15")
    before = await alder.revision()
    for who, one in (("nora", hidden), ("nora", alder.node("Nordics"))):
        assert (await alder.do(who, "addDependency", milestone=mine, awaits=one))["code"] == "NOT_FOUND"
    assert (await birch.do("sal", "addDependency", milestone=mine, awaits=hidden))["code"] == "NOT_FOUND"
    assert await alder.revision() == before
    await done(alder, "sal", "addDependency", milestone=mine, awaits=hidden)
    assert (await read(alder, "vera", mine))["awaits"] == [{"name": "First contracts"}]
    assert (await read(alder, "nora", mine))["awaits"] == []


async def test_neither_the_ledger_nor_a_refusal_names_a_milestone_out_of_sight(alder: Company) -> None:
    await reader_of(alder, "nora", at=alder.node("DACH"), readsLedger=True)
    await alder.create(Level.SALES_PLAN, "Nordics", "Full service", by="sal", owner=alder.people["nora"])
    seat = {"person": alder.person("nora"), "role": "VIEWER", "at": alder.node("Nordics")}
    await done(alder, "ada", "grantSeat", **seat)
    hidden = await added(alder, "olaf", "Full service", "Stock in Linz", "2026-11-20")
    theirs = await added(alder, "sal", "DACH", "First orders", "2027-01-15")
    mine = await added(alder, "nora", "Nordics", "Show room", "2027-02-01")
    await done(alder, "olaf", "addDependency", milestone=hidden, awaits=mine)
    await done(alder, "sal", "addDependency", milestone=theirs, awaits=hidden)
    refusal = await alder.do("nora", "addDependency", milestone=mine, awaits=theirs)
    assert "“First orders” waits for one that you may not see waits for “Show room”" in refusal["message"]
    await done(alder, "sal", "removeDependency", milestone=theirs, awaits=hidden)
    told = await alder.ask("nora", LEDGER)
    assert "no longer wait for a milestone of another measure" in str(told)
    assert "Linz" not in str(told)
