"""Votes at gates through the API: who, how often, and what they bring about."""

from typing import Any

import pytest

from server.domain.stages import STAGES
from tests.support.company import Company
from tests.support.measures import (
    described,
    done,
    gate,
    passed,
    prepared,
    shown,
    submitted,
    voted,
)

IDENTIFIED, DETAILED, DECIDED = STAGES[1:4]


async def test_a_large_measure_takes_two_of_the_steering_committee(alder: Company) -> None:
    await prepared(alder)
    large = {"amount": "1000000.01", "currency": "EUR"}
    await done(alder, "olaf", "editNode", node=alder.node("Full service"), estimatedValue=large)
    for into in (IDENTIFIED, DETAILED):
        await passed(alder, "Full service", into)
    await submitted(alder, "Full service", DECIDED)
    await voted(alder, "sam", "Full service", DECIDED)
    await voted(alder, "carl", "Full service", DECIDED, confirmed="1000000")
    await voted(alder, "eve", "Full service", DECIDED)
    waiting = (await shown(alder, "eve", "Full service", DECIDED))["waitingOn"]
    assert waiting == [{"role": "EXECUTIVE", "needed": 1, "people": [{"name": "Emil"}]}]
    twice = await voted(alder, "eve", "Full service", DECIDED)
    assert (twice["code"], "each person has one vote" in twice["message"]) == ("ALREADY_DECIDED", True)
    assert (await voted(alder, "emil", "Full service", DECIDED))["measure"]["stage"] == "DECIDED"


@pytest.mark.parametrize(
    ("outcome", "asked", "path"),
    [
        ("RECYCLE", {}, "comment"),
        ("CANCEL", {"comment": "  "}, "comment"),
        ("HOLD", {}, "reviewOn"),
        ("HOLD", {"reviewOn": "2026-11-16"}, "reviewOn"),
        ("GO", {"reviewOn": "2026-12-01"}, "reviewOn"),
        ("GO", {"confirmed": "1"}, "confirmed"),
        ("GO", {"comment": "x" * 5_001}, "comment"),
    ],
)
async def test_a_vote_that_lacks_its_reason_is_refused(alder: Company, outcome: str, asked: Any, path: str) -> None:
    await described(alder, "Full service")
    await submitted(alder, "Full service", IDENTIFIED)
    before = await alder.revision()
    refusal = await voted(alder, "pia", "Full service", IDENTIFIED, outcome, **asked)
    assert (refusal["code"], refusal["path"]) == ("INVALID", [path])
    assert await alder.revision() == before


@pytest.mark.parametrize(("amount", "words"), [("-1", "below zero"), ("0.001", "2 decimals"), ("9e20", "too large")])
async def test_an_amount_that_cannot_be_is_named(alder: Company, amount: str, words: str) -> None:
    await prepared(alder)
    for into in (IDENTIFIED, DETAILED):
        await passed(alder, "Full service", into)
    await submitted(alder, "Full service", DECIDED)
    refusal = await voted(alder, "carl", "Full service", DECIDED, confirmed=amount)
    assert (refusal["code"], refusal["path"], words in refusal["message"]) == ("INVALID", ["confirmed"], True)


async def test_a_gate_says_as_what_one_votes_and_whose_go_states_the_amount(alder: Company) -> None:
    await prepared(alder)
    for into in (IDENTIFIED, DETAILED):
        await passed(alder, "Full service", into)
    await submitted(alder, "Full service", DECIDED)
    asked = "query ($id: ID!) { node(id: $id) { ... on Gate { votesAs waitingOn { role statesAmount } } } }"
    votes: dict[str, Any] = {}
    for person in ("sam", "carl", "olaf", "ada"):
        found = (await alder.ask(person, asked, id=gate(alder, "Full service", DECIDED)))["node"]
        votes[person] = found["votesAs"]
        assert {each["role"]: each["statesAmount"] for each in found["waitingOn"]}["CONTROLLER"] is True
    assert votes == {"sam": "SPONSOR", "carl": "CONTROLLER", "olaf": None, "ada": None}
    unstated = await voted(alder, "carl", "Full service", DECIDED)
    assert (unstated["code"], unstated["path"]) == ("INVALID", ["confirmed"])
    await voted(alder, "carl", "Full service", DECIDED, confirmed="500000")
    found = (await alder.ask("carl", asked, id=gate(alder, "Full service", DECIDED)))["node"]
    assert found == {"votesAs": None, "waitingOn": [{"role": "SPONSOR", "statesAmount": False}]}


async def test_recycle_sends_it_back_to_be_mended_and_submitted_again(alder: Company) -> None:
    await described(alder, "Full service")
    await submitted(alder, "Full service", IDENTIFIED)
    back = await voted(alder, "pia", "Full service", IDENTIFIED, "RECYCLE", comment="Which suppliers?")
    assert (back["measure"]["stage"], back["submission"], back["history"]) == (
        "DEFINED",
        None,
        [{"outcome": "RECYCLE"}],
    )
    await done(alder, "olaf", "editNode", node=alder.node("Full service"), risks="Alpha and Beta only")
    await passed(alder, "Full service", IDENTIFIED)
    history = """query ($id: ID!) { node(id: $id) { ... on Gate {
        history { outcome decisions { by { name } as comment } } } } }"""
    found = (await alder.ask("vera", history, id=gate(alder, "Full service", IDENTIFIED)))["node"]["history"]
    assert [each["outcome"] for each in found] == ["GO", "RECYCLE"]
    assert found[1]["decisions"] == [{"by": {"name": "Pia"}, "as": "PROGRAM_LEAD", "comment": "Which suppliers?"}]


async def test_a_vote_sent_twice_with_its_key_counts_once(alder: Company) -> None:
    await described(alder, "Full service")
    await submitted(alder, "Full service", IDENTIFIED)
    first = await voted(alder, "pia", "Full service", IDENTIFIED, idempotencyKey="k1")
    revision = await alder.revision()
    assert await voted(alder, "pia", "Full service", IDENTIFIED, idempotencyKey="k1") == first
    other = await voted(alder, "pia", "Full service", IDENTIFIED, "CANCEL", comment="No", idempotencyKey="k1")
    assert other["code"] == "KEY_REUSED"
    assert await alder.revision() == revision


async def test_a_vote_on_a_state_that_has_moved_on_is_stale(alder: Company) -> None:
    await described(alder, "Full service")
    seen = await submitted(alder, "Full service", IDENTIFIED)
    stale = await voted(alder, "pia", "Full service", IDENTIFIED, expectedRevision="1")
    assert stale["code"] == "STALE"
    fresh = await voted(alder, "pia", "Full service", IDENTIFIED, expectedRevision=seen["revision"])
    assert fresh["__typename"] == "Gate"


async def test_every_button_of_a_gate_tells_the_truth(alder: Company) -> None:
    """What `acts` allows is not refused, and what it does not allow is refused with its very words."""
    await described(alder, "Full service")
    for into in (None, IDENTIFIED):  # before it is submitted, and then
        if into:
            await submitted(alder, "Full service", into)
        for person in ("olaf", "pia", "sam", "carl", "eve", "lea", "ada"):
            acts = (await shown(alder, person, "Full service", IDENTIFIED))["acts"]
            assert [each["act"] for each in acts] == ["submitGate", "retractSubmission", "remindDeciders", "decideGate"]
            submits, _, _, decides = acts
            assert submits["allowed"] == (person == "olaf" and into is None)
            assert decides["allowed"] == (person == "pia" and into is not None)
            answer = await voted(alder, person, "Full service", IDENTIFIED, comment="x" * 5_001)
            assert (answer["code"] == "INVALID") == decides["allowed"]  # only the comment is wrong
            if into and not decides["allowed"]:
                assert answer["message"] == decides["why"]
