"""What holds up most money right now, at any node: whose it is, since when, and how much waits (law §6)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from server.domain.bottlenecks import held_up_by
from server.domain.cascade import Level
from tests.domain.cases import someone
from tests.support.company import Company
from tests.support.measures import described, done, line, milestone

ASKED = """query ($id: ID!, $first: Int = 10) { node(id: $id) { ... on CascadeNode { bottlenecks(first: $first) {
    kind since days sentence atStake { amount } on { name } people { name }
    thing { __typename ... on Milestone { name } ... on Submission { into } } } } } }"""
WHOLE = "{ organization { bottlenecks { kind on { name } } } }"


async def seen(alder: Company, who: str, on: str, first: int = 10) -> list[dict[str, Any]]:
    """The bottlenecks at and below a node, as somebody sees them."""
    return list((await alder.ask(who, ASKED, id=alder.node(on), first=first))["node"]["bottlenecks"])


async def held_up(alder: Company) -> None:
    """Full service (240,000 still to come) waits for Pia; a milestone of Depots, which it waits for, is late."""
    await described(alder, "Full service")
    await line(alder, "MARGIN", "Contracts", {"2027-01": "240000"})
    pilot = await milestone(alder, "Full service")
    await alder.create(Level.INITIATIVE, "Depots", "Contracts", owner=alder.people["olaf"])
    asked = {"under": alder.node("Depots"), "name": "Depot open", "due": "2026-11-20", "target": "1"}
    asked["assignee"] = alder.person("emil")
    depot = (await done(alder, "olaf", "addMilestone", "... on Milestone { id }", measureType="OUTPUT", **asked))["id"]
    await done(alder, "olaf", "addDependency", milestone=pilot, awaits=depot)
    await done(alder, "olaf", "submitGate", measure=alder.node("Full service"), into="IDENTIFIED")


async def test_a_decision_and_a_late_milestone_with_all_that_waits_for_it(alder: Company) -> None:
    await held_up(alder)
    alder.later(days=6)
    late, pending = sorted(await seen(alder, "lea", "Growth"), key=lambda one: one["kind"], reverse=True)
    assert late == {
        "kind": "MILESTONE",
        "since": "2026-11-20",
        "days": 2,
        "sentence": "“Depot open” of “Depots” was due on 2026-11-20; 240,000.00 EUR of it and of 1 more measure waits:"
        " achieve it, or give it a date that holds.",
        "atStake": {"amount": "240000.00"},
        "on": {"name": "Depots"},
        "people": [{"name": "Emil"}],
        "thing": {"__typename": "Milestone", "name": "Depot open"},
    }
    assert (pending["kind"], pending["on"], pending["days"]) == ("DECISION", {"name": "Full service"}, 6)
    assert pending["people"] == [{"name": "Pia"}]
    assert pending["thing"] == {"__typename": "Submission", "into": "IDENTIFIED"}
    whole = (await alder.ask("lea", WHOLE))["organization"]["bottlenecks"]
    assert {each["kind"] for each in whole} == {"MILESTONE", "DECISION"}
    assert len(await seen(alder, "lea", "Growth", first=1)) == 1
    assert [each["kind"] for each in await seen(alder, "lea", "Depots")] == ["MILESTONE"]


async def test_who_may_not_read_money_sees_what_waits_longest_and_no_amount(alder: Company) -> None:
    await held_up(alder)
    alder.later(days=6)
    found = await seen(alder, "vera", "Growth")
    assert [(each["kind"], each["atStake"]) for each in found] == [("DECISION", None), ("MILESTONE", None)]
    assert all("EUR" not in each["sentence"] and "an amount" in each["sentence"] for each in found)


async def test_it_takes_as_many_statements_for_one_late_milestone_as_for_ten(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    await held_up(alder)
    alder.later(days=6)
    with statements() as few:
        await seen(alder, "lea", "Growth")
    for number in range(9):
        asked = {"under": alder.node("Depots"), "name": f"Depot {number}", "due": "2026-11-01", "target": "1"}
        await done(alder, "olaf", "addMilestone", measureType="OUTPUT", **asked)
    with statements() as many:
        assert len(await seen(alder, "lea", "Growth")) == 10
    assert len(many) == len(few)


def test_a_chain_holds_up_all_of_its_links() -> None:
    depot, pilot, launch, other = (someone(name).id for name in ("depot", "pilot", "launch", "other"))
    awaits = {pilot: {depot}, launch: {pilot, other}}
    assert held_up_by(depot, awaits) == {depot, pilot, launch}
    assert held_up_by(other, awaits) == {other, launch}
