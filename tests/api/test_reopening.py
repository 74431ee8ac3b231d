"""Reopening a closed measure through the API: its controller proposes, its sponsor decides."""

from datetime import UTC, datetime
from typing import Any

import pytest

from server.domain.stages import STAGES
from tests.support.changes import CHANGE, decide, proposed
from tests.support.company import Company
from tests.support.measures import OWNERS, achieved, done, passed, prepared, sentences, series, submitted, voted

IDENTIFIED, DETAILED, DECIDED, IMPLEMENTED, CLOSED = STAGES[1:]
WINDOW = ("2026-12", "2027-01", "2027-02")


async def closed(company: Company) -> dict[str, str]:
    """Full service and DACH, closed with what was confirmed; ids of lines and milestones by name."""
    made = await prepared(company)
    for into in (IDENTIFIED, DETAILED, DECIDED):
        for name in OWNERS:
            await passed(company, name, into)
    await achieved(company, made)
    for name in OWNERS:
        await passed(company, name, IMPLEMENTED)
    company.now = datetime(2027, 3, 1, 9, tzinfo=UTC)
    await series(company, "carl", "recordActual", made["Contracts"], dict.fromkeys(WINDOW, "8000"))
    for name, owner in reversed(OWNERS.items()):
        await done(company, owner, "editNode", node=company.node(name), varianceExplanation="The launch slipped")
        proof = {
            "measure": company.node(name),
            "source": "Ledger",
            "date": "2027-02-28",
            "url": "https://example.org/1",
        }
        await done(company, owner, "attachEvidence", **proof)
        await passed(company, name, CLOSED)
    return made


async def reopening(company: Company, by: str, name: str, reason: str = "A credit note came in.") -> dict[str, Any]:
    """Propose to reopen a measure; the answer, be it a refusal."""
    return await company.do(by, "reopenMeasure", CHANGE, measure=company.node(name), reason=reason)


async def test_a_closed_measure_is_reopened_by_its_controller_and_its_sponsor(alder: Company) -> None:
    await closed(alder)
    before = await alder.revision()
    for name in ("olaf", "sam", "eve", "ada"):
        assert (await reopening(alder, name, "Full service"))["code"] == "FORBIDDEN"
    under = await reopening(alder, "carl", "DACH")
    assert under["code"] == "WRONG_STAGE"
    assert under["message"] == "“DACH”: It stands under “Full service”, which is closed: reopen that first."
    assert (await reopening(alder, "carl", "Full service", " "))["path"] == ["reason"]
    frozen = await proposed(alder, "olaf", estimatedValue={"amount": "1", "currency": "EUR"})
    assert (frozen["code"], "not yet Closed" in frozen["message"]) == ("WRONG_STAGE", True)
    assert await alder.revision() == before
    asked = await reopening(alder, "carl", "Full service")
    assert (asked["purpose"], asked["changes"], asked["figures"]) == ("REOPENING", [], [])
    assert [(each["role"], each["people"]) for each in asked["waitingOn"]] == [("SPONSOR", [{"name": "Sam"}])]
    alone = await decide(alder, "carl", asked)
    assert (alone["code"], "a submitter never decides" in alone["message"]) == ("SAME_PERSON", True)
    again = await reopening(alder, "carl", "Full service")
    assert (again["code"], "waits for a decision on its reopening" in again["message"]) == ("FROZEN", True)
    agreed = await decide(alder, "sam", asked)
    assert (agreed["outcome"], agreed["measure"]["stage"]) == ("GO", "IMPLEMENTED")
    assert (await sentences(alder))[:3] == [
        "Sam reopened “Full service”: it stands at Implemented again.",
        "Sam voted GO as sponsor on the reopening of “Full service”.",
        "Carl proposed to reopen “Full service”: A credit note came in.",
    ]
    assert (await decide(alder, "sam", await reopening(alder, "carl", "DACH")))["measure"]["stage"] == "IMPLEMENTED"
    await submitted(alder, "DACH", CLOSED)
    kept = """query ($id: ID!) { node(id: $id) { ... on Measure {
        gates { into history { outcome decisions { confirmed { amount } } } } } } }"""
    gates = (await alder.ask("lea", kept, id=alder.node("DACH")))["node"]["gates"]
    history = next(each["history"] for each in gates if each["into"] == "CLOSED")
    assert [each["outcome"] for each in history] == [None, "GO"]
    assert history[1]["decisions"] == [{"confirmed": {"amount": "90000.00"}}]


@pytest.mark.parametrize("outcome", ["CANCEL", "RECYCLE"])
async def test_a_reopening_that_is_refused_leaves_it_closed(alder: Company, outcome: str) -> None:
    await closed(alder)
    asked = await reopening(alder, "carl", "Full service")
    assert (await alder.do("olaf", "retractChange", change=asked["id"]))["code"] == "FORBIDDEN"
    refused = await decide(alder, "sam", asked, outcome, comment="The books are right")
    assert (refused["outcome"], refused["measure"]["stage"]) == (outcome, "CLOSED")
    second = await reopening(alder, "carl", "Full service")
    assert (await done(alder, "carl", "retractChange", CHANGE, change=second["id"]))["retracted"]


async def test_a_button_to_reopen_tells_the_truth(alder: Company) -> None:
    await closed(alder)
    acts = "query ($id: ID!) { node(id: $id) { ... on Measure { acts { act allowed why } } } }"
    for name, why in (
        ("Full service", None),
        ("DACH", "It stands under “Full service”, which is closed: reopen that first."),
    ):
        found = (await alder.ask("carl", acts, id=alder.node(name)))["node"]["acts"]
        button = next(each for each in found if each["act"] == "reopenMeasure")
        assert (button["allowed"], button["why"]) == (why is None, why)


async def test_a_plan_is_changed_while_it_is_implemented_and_its_milestones_are_not(alder: Company) -> None:
    made = await prepared(alder)
    for into in (IDENTIFIED, DETAILED, DECIDED):
        await passed(alder, "Full service", into)
    proof = {"milestone": made["Full service"], "reading": "11", "source": "CRM", "date": "2026-11-16"}
    await done(alder, "olaf", "achieveMilestone", **proof)
    await done(alder, "carl", "verifyMilestone", milestone=made["Full service"])
    await passed(alder, "Full service", IMPLEMENTED)
    months = [{"line": made["Contracts"], "months": [{"month": "2027-05", "amount": "1"}]}]
    new = {"name": "Late", "due": "2027-05-01", "measureType": "OUTCOME"}
    refusal = await proposed(alder, "olaf", plan=months, newMilestones=[new])
    told = "“Full service” stands at Implemented, where milestones are frozen: leave newMilestones out."
    assert refusal["details"] == [told]
    assert (await proposed(alder, "olaf", plan=months))["__typename"] == "ChangeRequest"
    assert (await voted(alder, "sam", "Full service", CLOSED))["code"] == "WRONG_STAGE"
