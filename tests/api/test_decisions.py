"""My decisions: what waits for one's vote, in order, live, and nothing that one may not decide."""

from collections.abc import Callable
from contextlib import AbstractContextManager, aclosing
from typing import Any

from server.domain.cascade import Level
from server.domain.stages import STAGES, Stage
from server.models.cascade import Node
from tests.support.company import Company
from tests.support.measures import described, done, submitted, voted

IDENTIFIED = STAGES[1]
DECISIONS = """decisions(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges {
    cursor role ageDays since ifNothingHappens onBehalfOf { name } atStake { value { amount } }
    node { into measure { name } readiness { ready } } submission { submittedBy { name } figures { name value } } } }"""
ASKED = f"query ($first: Int! = 20, $after: String) {{ viewer {{ {DECISIONS} }} }}"


async def mine(alder: Company, who: str, **page: Any) -> dict[str, Any]:
    """What waits for somebody."""
    return dict((await alder.ask(who, ASKED, **page))["viewer"]["decisions"])


def names(found: dict[str, Any]) -> list[str]:
    """The measures, in order."""
    return [each["node"]["measure"]["name"] for each in found["edges"]]


async def made(alder: Company, name: str, amount: str, owner: str = "olaf") -> None:
    """An initiative of a size, submitted by its owner."""
    named: Any = {
        role: alder.people[who] for role, who in {"owner": owner, "sponsor": "sam", "controller": "carl"}.items()
    }
    await alder.create(Level.INITIATIVE, name, "Contracts", businessUnit="Service EMEA", description="As ever", **named)
    size = {"amount": amount, "currency": "EUR"}
    await done(alder, owner, "editNode", node=alder.node(name), estimatedValue=size)
    await done(alder, owner, "submitGate", measure=alder.node(name), into=IDENTIFIED.value)


async def test_what_waits_for_me_oldest_and_most_expensive_first(alder: Company) -> None:
    assert await mine(alder, "pia") == {
        "totalCount": 0, "pageInfo": {"hasNextPage": False, "endCursor": None}, "edges": [],
    }  # fmt: skip
    await made(alder, "Small and old", "1000")
    alder.later(days=4)
    await made(alder, "Large", "3000")
    await made(alder, "Small", "500")
    alder.later(days=1)
    found = await mine(alder, "pia")
    assert names(found) == ["Small and old", "Large", "Small"]  # 5 × 1,000, 1 × 3,000, 1 × 500
    first = found["edges"][0]
    assert (first["role"], first["ageDays"], first["onBehalfOf"]) == ("PROGRAM_LEAD", 5, None)
    assert first["atStake"] == {"value": {"amount": "1000.00"}}
    assert first["node"]["into"] == "IDENTIFIED"
    assert first["submission"]["submittedBy"] == {"name": "Olaf"}
    assert first["ifNothingHappens"].startswith("Nothing moves: “Small and old” stays at Defined; it has waited 5 days")
    assert (await mine(alder, "sam"))["totalCount"] == 0


async def test_pages_follow_each_other_without_a_gap(alder: Company) -> None:
    for number in range(5):
        await made(alder, f"Number {number}", f"{number + 1}000")
    seen: list[str] = []
    after: str | None = None
    while True:
        page = await mine(alder, "pia", first=2, after=after)
        assert page["totalCount"] == 5
        seen += names(page)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert seen == [f"Number {number}" for number in (4, 3, 2, 1, 0)]
    wrong = await alder.result("pia", ASKED, first=20, after="nonsense")
    assert wrong["errors"][0]["extensions"]["code"] == "INVALID"


async def test_what_one_may_not_decide_does_not_wait(alder: Company) -> None:
    """Neither one's own, nor what one has voted on; and a lent vote waits for the delegate too."""
    await done(alder, "ada", "grantSeat", person=alder.person("olaf"), role="PROGRAM_LEAD")
    seats = (await alder.ask("olaf", "{ viewer { seats { id role } } }"))["viewer"]["seats"]
    await done(alder, "eve", "ratifySeat", seat=next(s["id"] for s in seats if s["role"] == "PROGRAM_LEAD"))
    await made(alder, "Olaf's", "1000")
    await made(alder, "Lea's", "1000", owner="lea")
    assert names(await mine(alder, "olaf")) == ["Lea's"]
    assert sorted(names(await mine(alder, "pia"))) == ["Lea's", "Olaf's"]
    assert names(await mine(alder, "vera")) == []
    (seat,) = (await alder.ask("pia", "{ viewer { seats { id } } }"))["viewer"]["seats"]
    lent = {"seat": seat["id"], "delegate": alder.person("vera"), "until": "2026-12-31", "reason": "Leave"}
    await done(alder, "pia", "delegateVote", **lent)
    borrowed = await mine(alder, "vera")
    assert sorted(names(borrowed)) == ["Lea's", "Olaf's"]
    assert {each["onBehalfOf"]["name"] for each in borrowed["edges"]} == {"Pia"}
    await voted(alder, "vera", "Olaf's", Stage.IDENTIFIED)
    assert names(await mine(alder, "pia")) == ["Lea's"]
    assert names(await mine(alder, "vera")) == ["Lea's"]


async def test_a_change_of_a_decided_plan_waits_for_its_deciders_too(alder: Company) -> None:
    await made(alder, "Decided", "1000")
    await voted(alder, "pia", "Decided", IDENTIFIED)
    await Node.filter(id=alder.nodes["Decided"]).update(stage="DECIDED")
    estimate = {"amount": "2000", "currency": "EUR"}
    await done(alder, "olaf", "proposeChange", measure=alder.node("Decided"), reason="More", estimatedValue=estimate)
    asked = """{ viewer { decisions { edges { role ifNothingHappens submission { id } node { into }
        change { purpose reason } } } } }"""
    (found,) = (await alder.ask("carl", asked))["viewer"]["decisions"]["edges"]
    nothing = "Nothing changes: the plan of “Decided” stays as it was decided; it has waited 0 days, and counts as"
    assert found == {
        "role": "CONTROLLER",
        "ifNothingHappens": f"{nothing} stalled after 14 days.",
        "submission": None,
        "node": {"into": "DECIDED"},
        "change": {"purpose": "CHANGE", "reason": "More"},
    }


async def test_it_comes_live_with_the_organization(alder: Company) -> None:
    await described(alder, "Full service")
    live = """subscription ($id: ID!) { watch(id: $id) { node { ... on Organization {
        viewer { decisions { totalCount edges { node { measure { name } } } } } } } } }"""
    organization = (await alder.ask("pia", "{ organization { id } }"))["organization"]["id"]
    async with aclosing(alder.follow(await alder.member("pia"), live, id=organization)) as stream:

        async def waits() -> int:
            answer = (await anext(stream)).body["data"]["watch"]["node"]["viewer"]["decisions"]
            return int(answer["totalCount"])

        assert await waits() == 0
        await submitted(alder, "Full service", IDENTIFIED)
        assert await waits() == 1
        await voted(alder, "pia", "Full service", IDENTIFIED)
        assert await waits() == 0


async def test_it_costs_a_fixed_number_of_statements(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    counted: list[int] = []
    for batch in ("a", "b"):
        for number in range(2):
            await made(alder, f"{batch}{number}", "1000")
        with statements() as told:
            await mine(alder, "pia")
        counted.append(len(told))
    assert counted[0] == counted[1] < 45, counted
