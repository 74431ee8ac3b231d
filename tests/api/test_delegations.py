"""Delegation: one's own vote, for a stated time, announced to both, and bound by the separation of duties for both."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from server.domain.stages import STAGES
from tests.support.company import Company
from tests.support.measures import described, done, gate, passed, prepared, shown, submitted, voted

IDENTIFIED, DETAILED, DECIDED = STAGES[1:4]
LENT = "... on Delegation { id revision from until inForce reason lender { name } delegate { name } seat { role } }"
SEATS = "{ viewer { seats { id role } } }"


async def seat_of(alder: Company, who: str) -> str:
    """The id of one's only seat."""
    (seat,) = (await alder.ask(who, SEATS))["viewer"]["seats"]
    return str(seat["id"])


async def lent(alder: Company, who: str, to: str, until: str = "2026-12-31", **other: Any) -> dict[str, Any]:
    """Lend one's vote; the answer, be it a refusal."""
    asked = {"seat": await seat_of(alder, who), "delegate": alder.person(to), "until": until, "reason": "Leave"} | other
    return await alder.do(who, "delegateVote", LENT, **asked)


async def waiting(alder: Company) -> None:
    """Full service waits for its program lead, Pia."""
    await described(alder, "Full service")
    await submitted(alder, "Full service", IDENTIFIED)


@pytest.mark.parametrize("who", ["ada", "lea", "eve", "vera"])
async def test_nobody_lends_anothers_vote_administrators_included(alder: Company, who: str) -> None:
    before = await alder.revision()
    asked = {
        "seat": await seat_of(alder, "pia"),
        "delegate": alder.person("vera"),
        "until": "2026-12-31",
        "reason": "Leave",
    }
    refusal = await alder.do(who, "delegateVote", **asked)
    assert refusal["code"] == "FORBIDDEN"
    assert await alder.revision() == before


@pytest.mark.parametrize(
    ("asked", "code", "path"),
    [
        ({"to": "pia"}, "SAME_PERSON", "delegate"),
        ({"until": "2026-11-15"}, "INVALID", "until"),
        ({"from": "2026-11-01"}, "INVALID", "from"),
        ({"until": "2027-12-31"}, "INVALID", "until"),
        ({"reason": " "}, "INVALID", "reason"),
    ],
)
async def test_a_loan_is_anothers_bounded_and_explained(alder: Company, asked: Any, code: str, path: str) -> None:
    before = await alder.revision()
    refusal = await lent(alder, "pia", **{"to": "vera"} | asked)
    assert (refusal["code"], refusal["path"]) == (code, [path])
    assert await alder.revision() == before


async def test_one_seats_vote_is_lent_to_one_person_at_a_time(alder: Company) -> None:
    assert (await lent(alder, "pia", "vera"))["inForce"] is True
    before = await alder.revision()
    twice = await lent(alder, "pia", "emil", **{"from": "2026-12-31"}, until="2027-01-31")
    assert (twice["code"], "lent from 2026-11-16 to 2026-12-31 already" in twice["message"]) == ("INVALID", True)
    assert await alder.revision() == before
    assert (await lent(alder, "pia", "emil", **{"from": "2027-01-01"}, until="2027-01-31"))["inForce"] is False


async def test_who_sees_nothing_there_first_needs_a_seat(alder: Company) -> None:
    nora = (await alder.do("ada", "addPerson", "... on Person { id }", name="Nora"))["id"]
    asked = {"seat": await seat_of(alder, "pia"), "delegate": nora, "until": "2026-12-31", "reason": "Leave"}
    refusal = await alder.do("pia", "delegateVote", **asked)
    assert (refusal["code"], "lends the vote, no sight" in refusal["message"]) == ("INVALID", True)
    await done(alder, "ada", "grantSeat", person=nora, role="VIEWER", at=alder.node("Contracts"))
    assert (await alder.do("pia", "delegateVote", LENT, **asked))["delegate"] == {"name": "Nora"}


async def test_a_delegate_votes_in_the_lenders_place_and_both_are_told(alder: Company) -> None:
    await waiting(alder)
    assert (await voted(alder, "vera", "Full service", IDENTIFIED))["code"] == "FORBIDDEN"
    told = "{ viewer { delegations { lent { delegate { name } } borrowed { lender { name } until } } } }"
    live = "subscription ($id: ID!) { watch(id: $id) { node { ... on Organization " + told + " } } }"
    organization = (await alder.ask("vera", "{ organization { id } }"))["organization"]["id"]
    member = await alder.member("vera")
    async with aclosing(alder.follow(member, live, id=organization)) as stream:
        first = await anext(stream)
        assert first.body["data"]["watch"]["node"]["viewer"]["delegations"] == {"lent": [], "borrowed": []}
        await lent(alder, "pia", "vera")
        pushed = await anext(stream)
        borrowed = [{"lender": {"name": "Pia"}, "until": "2026-12-31"}]
        assert pushed.body["data"]["watch"]["node"]["viewer"]["delegations"]["borrowed"] == borrowed
    assert (await alder.ask("pia", told))["viewer"]["delegations"]["lent"] == [{"delegate": {"name": "Vera"}}]
    asked = """query ($id: ID!) { node(id: $id) { ... on Gate { votesAs votesFor { name }
        waitingOn { delegates { person { name } for { name } until } }
        readiness { deciders { delegates { until } } } } } }"""
    seen = (await alder.ask("vera", asked, id=gate(alder, "Full service", IDENTIFIED)))["node"]
    assert (seen["votesAs"], seen["votesFor"]) == ("PROGRAM_LEAD", {"name": "Pia"})
    stand_in = {"person": {"name": "Vera"}, "for": {"name": "Pia"}, "until": "2026-12-31"}
    assert seen["waitingOn"] == [{"delegates": [stand_in]}]
    assert seen["readiness"]["deciders"] == [{"delegates": [{"until": "2026-12-31"}]}]
    moved = await voted(alder, "vera", "Full service", IDENTIFIED)
    assert moved["measure"]["stage"] == "IDENTIFIED"
    decisions = "history { decisions { by { name } onBehalfOf { name } as } }"
    kept = f"query ($id: ID!) {{ node(id: $id) {{ ... on Gate {{ {decisions} }} }} }}"
    (history,) = (await alder.ask("sam", kept, id=gate(alder, "Full service", IDENTIFIED)))["node"]["history"]
    assert history["decisions"] == [
        {"by": {"name": "Vera"}, "onBehalfOf": {"name": "Pia"}, "as": "PROGRAM_LEAD"},
    ]
    facts = "{ ledger(kinds: [GATE_DECIDED]) { edges { node { by { name } onBehalfOf { name } sentence } } } }"
    fact = (await alder.ask("lea", facts))["ledger"]["edges"][0]["node"]
    assert (fact["by"]["name"], fact["onBehalfOf"]["name"]) == ("Vera", "Pia")
    assert fact["sentence"] == "Vera voted GO as program lead in the place of Pia on “Full service” into Identified."
    late = await voted(alder, "pia", "Full service", IDENTIFIED)
    assert (late["code"], "in the place of Pia" in late["message"]) == ("ALREADY_DECIDED", True)


async def test_the_owner_does_not_decide_by_a_lent_vote(alder: Company) -> None:
    await waiting(alder)
    await lent(alder, "pia", "olaf")
    before = await alder.revision()
    refusal = await voted(alder, "olaf", "Full service", IDENTIFIED)
    assert refusal["code"] == "SAME_PERSON"
    assert (await shown(alder, "olaf", "Full service", IDENTIFIED))["waitingOn"][0]["people"] == [{"name": "Pia"}]
    assert await alder.revision() == before


async def test_the_sponsor_does_not_confirm_for_the_controller(alder: Company) -> None:
    await prepared(alder)
    for into in (IDENTIFIED, DETAILED):
        await passed(alder, "Full service", into)
    await submitted(alder, "Full service", DECIDED)
    await lent(alder, "carl", "sam")
    await voted(alder, "sam", "Full service", DECIDED)
    twice = await voted(alder, "sam", "Full service", DECIDED, confirmed="1")
    assert (twice["code"], "each person has one vote" in twice["message"]) == ("ALREADY_DECIDED", True)
    assert (await voted(alder, "carl", "Full service", DECIDED, confirmed="120000"))["measure"]["stage"] == "DECIDED"


@pytest.mark.parametrize("who", ["pia", "vera"])
async def test_either_ends_it_at_once_and_nobody_else(alder: Company, who: str) -> None:
    await waiting(alder)
    made = await lent(alder, "pia", "vera")
    before = await alder.revision()
    assert (await alder.do("ada", "revokeDelegation", delegation=made["id"]))["code"] == "FORBIDDEN"
    stale = await alder.do(who, "revokeDelegation", delegation=made["id"], expectedRevision="1")
    assert stale["code"] == "STALE"
    assert await alder.revision() == before
    ended = await alder.do(who, "revokeDelegation", "... on Delegation { inForce revokedAt }", delegation=made["id"])
    assert (ended["inForce"], ended["revokedAt"]) == (False, "2026-11-16T09:00:00.000Z")
    assert (await voted(alder, "vera", "Full service", IDENTIFIED))["code"] == "FORBIDDEN"
    again = await alder.do(who, "revokeDelegation", delegation=made["id"])
    assert again["code"] == "ALREADY_DECIDED"


async def test_it_counts_on_its_days_and_while_the_seat_lasts_only(alder: Company) -> None:
    await waiting(alder)
    await lent(alder, "pia", "vera", **{"from": "2026-11-18"}, until="2026-11-20")
    assert (await voted(alder, "vera", "Full service", IDENTIFIED))["code"] == "FORBIDDEN"
    alder.later(days=5)
    assert (await voted(alder, "vera", "Full service", IDENTIFIED))["code"] == "FORBIDDEN"
    alder.later(days=-3)
    seat = await seat_of(alder, "pia")
    await done(alder, "ada", "endSeat", seat=seat, on="2026-11-17")
    assert (await voted(alder, "vera", "Full service", IDENTIFIED))["code"] == "FORBIDDEN"


async def test_delegate_and_lender_at_the_same_moment_make_one_vote(alder: Company) -> None:
    await waiting(alder)
    await lent(alder, "pia", "vera")
    both = [voted(alder, who, "Full service", IDENTIFIED) for who in ("pia", "vera")]
    answers = await asyncio.gather(*both)
    assert sorted(answer["__typename"] for answer in answers) == ["Gate", "Refusal"]
    (refusal,) = (answer for answer in answers if answer["__typename"] == "Refusal")
    assert refusal["code"] == "ALREADY_DECIDED"
