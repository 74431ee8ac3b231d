"""Questions on submissions through the API: who asks, who answers, and that both stay."""

from typing import Any

import pytest

from server.domain.stages import STAGES
from server.models.people import Seat
from server.schema import ids
from tests.support.changes import decide, decided, proposed
from tests.support.company import Company
from tests.support.measures import described, done, gate, sentences, submitted, voted

IDENTIFIED = STAGES[1]
QUESTION = "... on Question { id revision text answer askedBy { name } answeredBy { name } acts { act allowed why } }"
ASKED = """query ($id: ID!) { node(id: $id) { ... on Gate { history { id outcome
    questions { text answer askedBy { name } answeredBy { name } } acts { act allowed why } } } } }"""


async def ask(company: Company, by: str, about: Any, text: str = "Which suppliers?") -> dict[str, Any]:
    """Ask about a submission; the answer, be it a refusal."""
    return await company.do(by, "askQuestion", QUESTION, submission=about["id"], text=text)


async def answer(company: Company, by: str, question: Any, text: str = "Alpha and Beta") -> dict[str, Any]:
    """Answer a question; the result, be it a refusal."""
    return await company.do(by, "answerQuestion", QUESTION, question=question["id"], text=text)


async def test_who_decides_asks_who_submitted_answers_and_both_stay_after_the_decision(alder: Company) -> None:
    await described(alder, "Full service")
    asked = (await submitted(alder, "Full service", IDENTIFIED))["submission"]
    before = await alder.revision()
    for who in ("olaf", "sam", "lea", "eve"):
        refusal = await ask(alder, who, asked)
        assert refusal["code"] == "FORBIDDEN"
        assert refusal["message"].endswith("“Full service” into Identified. It waits for the program lead (Pia).")
    assert (await ask(alder, "pia", asked, " "))["path"] == ["text"]
    assert await alder.revision() == before
    question = await ask(alder, "pia", asked)
    assert (question["text"], question["answer"], question["askedBy"]) == ("Which suppliers?", None, {"name": "Pia"})
    own = await answer(alder, "pia", question)
    assert (own["code"], "Only the owner" in own["message"]) == ("FORBIDDEN", True)
    assert (await answer(alder, "olaf", question, ""))["path"] == ["text"]
    told = await answer(alder, "olaf", question)
    assert (told["answer"], told["answeredBy"]) == ("Alpha and Beta", {"name": "Olaf"})
    twice = await answer(alder, "olaf", question, "Gamma")
    assert (twice["code"], twice["message"].startswith("This question was answered already")) == (
        "ALREADY_DECIDED",
        True,
    )
    open_ = await ask(alder, "pia", asked, "And which region?")
    assert (await voted(alder, "pia", "Full service", IDENTIFIED))[
        "__typename"
    ] == "Gate"  # it does not wait for answers
    for refusal in (await ask(alder, "pia", asked), await answer(alder, "olaf", open_)):
        assert (refusal["code"], "Pia voted GO as program lead" in refusal["message"]) == ("ALREADY_DECIDED", True)
    (history,) = (await alder.ask("vera", ASKED, id=gate(alder, "Full service", IDENTIFIED)))["node"]["history"]
    pia = {"askedBy": {"name": "Pia"}}
    assert history["questions"] == [
        {"text": "Which suppliers?", "answer": "Alpha and Beta", "answeredBy": {"name": "Olaf"}} | pia,
        {"text": "And which region?", "answer": None, "answeredBy": None} | pia,
    ]
    spoken = [sentence for sentence in await sentences(alder) if "question" in sentence or " asked " in sentence]
    assert spoken == [
        "Pia asked about the gate of “Full service” into Identified: And which region?",
        "Olaf answered a question about the gate of “Full service” into Identified: Alpha and Beta",
        "Pia asked about the gate of “Full service” into Identified: Which suppliers?",
    ]


async def test_questions_on_a_change_are_asked_by_its_deciders_and_answered_by_its_proposer(alder: Company) -> None:
    made = await decided(alder, "DACH")
    change = await proposed(alder, "sal", "DACH", quota=[{"month": "2027-01", "amount": "90000"}])
    question = await ask(alder, "carl", change, "Who takes over?")
    assert [(each["act"], each["allowed"]) for each in question["acts"]] == [("answerQuestion", False)]
    node = "query ($id: ID!) { node(id: $id) { ... on Question { text on { id } acts { allowed } } } }"
    seen = (await alder.ask("sal", node, id=question["id"]))["node"]
    assert seen == {"text": "Who takes over?", "on": {"id": change["id"]}, "acts": [{"allowed": True}]}
    assert (await answer(alder, "olaf", question))["code"] == "FORBIDDEN"
    stale = await alder.do("sal", "answerQuestion", question=question["id"], text="Anna", expectedRevision="1")
    assert stale["code"] == "STALE"
    assert (await answer(alder, "sal", question, "Anna"))["answer"] == "Anna"
    assert (await decide(alder, "sam", change))["outcome"] is None
    assert made


@pytest.mark.parametrize(("who", "allowed"), [("pia", True), ("olaf", False), ("sam", False)])
async def test_a_button_to_ask_tells_the_truth(alder: Company, who: str, allowed: bool) -> None:
    await described(alder, "Full service")
    asked = (await submitted(alder, "Full service", IDENTIFIED))["submission"]
    (history,) = (await alder.ask(who, ASKED, id=gate(alder, "Full service", IDENTIFIED)))["node"]["history"]
    (button,) = history["acts"]
    assert (button["act"], button["allowed"]) == ("askQuestion", allowed)
    result = await ask(alder, who, asked)
    assert (result["__typename"] == "Question") == allowed
    assert allowed or result["message"] == button["why"]


async def test_a_delegate_asks_in_the_place_of_who_decides(alder: Company) -> None:
    await described(alder, "Full service")
    asked = (await submitted(alder, "Full service", IDENTIFIED))["submission"]
    assert (await ask(alder, "eve", asked))["code"] == "FORBIDDEN"
    lent = await lend(alder, "pia", "eve")
    assert lent["__typename"] == "Delegation", lent
    assert (await ask(alder, "eve", asked))["__typename"] == "Question"


async def lend(company: Company, lender: str, to: str) -> dict[str, Any]:
    """Lend the vote of one's first seat until the end of the year."""
    seat = await Seat.filter(organization_id=company.id, person_id=company.people[lender]).first()
    assert seat
    asked = {
        "seat": ids.issue("seat", seat.id),
        "delegate": company.person(to),
        "until": "2026-12-31",
        "reason": "Leave",
    }
    return await company.do(lender, "delegateVote", "... on Delegation { id }", **asked)


async def test_another_organizations_question_is_as_if_it_were_not(alder: Company, birch: Company) -> None:
    await described(birch, "Full service")
    theirs = (await submitted(birch, "Full service", IDENTIFIED))["submission"]
    question = await ask(birch, "pia", theirs)
    assert (await ask(alder, "pia", theirs))["code"] == "NOT_FOUND"
    assert (await answer(alder, "olaf", question))["code"] == "NOT_FOUND"
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await alder.ask("pia", node, id=question["id"]))["node"] is None
    assert (await done(birch, "olaf", "answerQuestion", QUESTION, question=question["id"], text="Alpha"))["answer"]
