"""Gates through the API: from DEFINED to CLOSED, each refusal first."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from server.domain.cascade import Level
from server.domain.stages import STAGES
from server.models.policies import PolicyVersion
from tests.support.company import Company
from tests.support.measures import (
    GATE,
    OWNERS,
    READINESS,
    achieved,
    described,
    done,
    gate,
    milestone,
    passed,
    prepared,
    quota,
    sentences,
    series,
    shown,
    submit,
    submitted,
    voted,
)

IDENTIFIED, DETAILED, DECIDED, IMPLEMENTED, CLOSED = STAGES[1:]
WINDOW = ("2026-12", "2027-01", "2027-02")


async def test_readiness_says_what_is_missing_and_the_mutation_goes_by_it(alder: Company) -> None:
    before = await alder.revision()
    seen = (await shown(alder, "olaf", "Full service", IDENTIFIED))["readiness"]
    missing = [each["sentence"] for each in seen["criteria"] if not each["met"]]
    assert not seen["ready"]
    refusal = await submit(alder, "Full service", IDENTIFIED)
    assert refusal["code"] == "CRITERIA_UNMET"
    assert (
        refusal["details"]
        == missing
        == [
            "It has no description: say what is to change.",
            "Its value is not estimated: state an estimated value above zero.",
        ]
    )
    assert await alder.revision() == before
    await described(alder, "Full service")
    seen = (await shown(alder, "olaf", "Full service", IDENTIFIED))["readiness"]
    assert seen["ready"]
    assert seen["deciders"] == [{"role": "PROGRAM_LEAD", "needed": 1, "people": [{"name": "Pia"}]}]
    assert (await submit(alder, "Full service", IDENTIFIED))["__typename"] == "Gate"


async def test_gates_are_passed_one_step_at_a_time_by_who_may(alder: Company) -> None:
    await prepared(alder)
    before = await alder.revision()
    skipped = await submit(alder, "Full service", DECIDED)
    assert (skipped["code"], skipped["path"]) == ("WRONG_STAGE", ["into"])
    assert skipped["message"].endswith("its next gate leads into Identified, one step at a time.")
    assert (await submit(alder, "Full service", IDENTIFIED, by="sam"))["code"] == "FORBIDDEN"
    assert (await voted(alder, "pia", "Full service", IDENTIFIED))["code"] == "WRONG_STAGE"
    assert await alder.revision() == before
    await submitted(alder, "Full service", IDENTIFIED)
    again = await submit(alder, "Full service", IDENTIFIED)
    assert (again["code"], "It waits for the program lead (Pia)" in again["message"]) == ("FROZEN", True)
    outsider = await voted(alder, "emil", "Full service", IDENTIFIED)
    assert outsider["code"] == "FORBIDDEN"
    assert outsider["message"].endswith("It waits for the program lead (Pia).")
    assert (await voted(alder, "olaf", "Full service", IDENTIFIED))["code"] == "SAME_PERSON"
    assert (await voted(alder, "pia", "Full service", IDENTIFIED))["measure"]["stage"] == "IDENTIFIED"
    late = await voted(alder, "pia", "Full service", IDENTIFIED, "CANCEL", comment="Too late")
    assert late["code"] == "ALREADY_DECIDED"
    assert "Pia voted GO as program lead on 16 November 2026, 09:00 UTC" in late["message"]


async def test_no_gate_opens_until_a_policy_is_locked(alder: Company) -> None:
    await described(alder, "Full service")
    await PolicyVersion.filter(organization_id=alder.id).delete()
    refusal = await submit(alder, "Full service", IDENTIFIED)
    assert refusal["code"] == "POLICY_NOT_LOCKED"
    seen = await shown(alder, "olaf", "Full service", IDENTIFIED)
    assert (seen["readiness"]["ready"], seen["acts"][0]["why"]) == (False, refusal["message"])


async def test_a_sales_plan_waits_for_its_initiative(alder: Company) -> None:
    await prepared(alder)
    refusal = await submit(alder, "DACH", IDENTIFIED, by="sal")
    assert refusal["details"] == ["Its initiative “Full service” stands at Defined: bring that to Identified first."]
    await passed(alder, "Full service", IDENTIFIED)
    await passed(alder, "DACH", IDENTIFIED)


async def test_a_sales_plan_is_not_moved_ahead_of_its_initiative(alder: Company) -> None:
    await prepared(alder)
    for name in OWNERS:
        await passed(alder, name, IDENTIFIED)
    await alder.create(Level.INITIATIVE, "Spare parts", "Contracts")
    before = await alder.revision()
    refusal = await alder.do("lea", "moveNode", node=alder.node("DACH"), parent=alder.node("Spare parts"))
    assert (refusal["code"], refusal["path"]) == ("WRONG_STAGE", ["parent"])
    assert "“Spare parts” stands at Defined, and a sales plan never runs ahead of it" in refusal["message"]
    await submitted(alder, "Full service", DETAILED)
    frozen = await alder.do("lea", "moveNode", node=alder.node("DACH"), parent=alder.node("Spare parts"))
    assert (frozen["code"], "Its initiative is submitted" in frozen["message"]) == ("FROZEN", True)
    assert await alder.revision() == before + 1


async def test_deciding_takes_the_sponsor_and_a_controller_who_states_the_size(alder: Company) -> None:
    made = await prepared(alder)
    for into in (IDENTIFIED, DETAILED):
        await passed(alder, "Full service", into)
    await submitted(alder, "Full service", DECIDED)
    assert (await voted(alder, "sam", "Full service", DECIDED))["measure"]["stage"] == "DETAILED"
    silent = await voted(alder, "carl", "Full service", DECIDED)
    assert (silent["code"], silent["path"]) == ("INVALID", ["confirmed"])
    decided = await voted(alder, "carl", "Full service", DECIDED, confirmed="118000.50")
    assert decided["measure"]["stage"] == "DECIDED"
    assert (await sentences(alder))[:2] == [
        "Carl brought “Full service” to Decided.",
        "Carl voted GO as controller on “Full service” into Decided, validating 118,000.50 EUR.",
    ]
    frozen = await alder.do("olaf", "setPlan", line=made["Contracts"], months=[{"month": "2027-01", "amount": "1"}])
    assert (frozen["code"], "change request" in frozen["message"]) == ("FROZEN", True)


async def test_implementing_takes_evidence_that_another_has_verified_and_a_current_forecast(alder: Company) -> None:
    made = await prepared(alder)
    for into in (IDENTIFIED, DETAILED, DECIDED):
        await passed(alder, "Full service", into)
    alder.now = datetime(2027, 1, 4, 9, tzinfo=UTC)
    early = await submit(alder, "Full service", IMPLEMENTED)
    assert early["details"] == [
        "Not achieved with evidence: “First contracts”. Record the reading or the document.",
        "The forecast is not current: set that of “Contracts” for 2027-01.",
    ]
    proof = {"milestone": made["Full service"], "reading": "11", "source": "CRM", "date": "2027-01-04"}
    await done(alder, "olaf", "achieveMilestone", **proof)
    await series(alder, "olaf", "setForecast", made["Contracts"], {"2027-01": "9000"})
    unverified = await submit(alder, "Full service", IMPLEMENTED)
    assert unverified["details"] == ["Not verified: “First contracts”. Someone other than who reported it verifies it."]
    await done(alder, "carl", "verifyMilestone", milestone=made["Full service"])
    await passed(alder, "Full service", IMPLEMENTED)


async def test_closing_takes_the_books_its_sales_plans_and_the_controller_alone(alder: Company) -> None:
    made = await prepared(alder)
    for into in (IDENTIFIED, DETAILED, DECIDED):
        for name in OWNERS:
            await passed(alder, name, into)
    await achieved(alder, made)
    for name in OWNERS:
        await passed(alder, name, IMPLEMENTED)
    alder.now = datetime(2027, 3, 1, 9, tzinfo=UTC)
    early = await submit(alder, "Full service", CLOSED)
    contracts, tooling = (f"“{name}” came to 0.00 EUR against" for name in ("Contracts", "Tooling"))
    assert early["details"] == [
        "The sustain window is 2026-12 to 2027-02: record the actuals of “Contracts” for 2026-12, 2027-01 and 2027-02.",
        f"{contracts} 20,000.00 EUR planned and {tooling} 5,000.00 EUR planned: explain the variance.",
        "No evidence of its value is attached: attach a link, a reading or a file, with its source and date.",
        "Still open below it: “DACH”. Close or cancel first.",
    ]
    await series(alder, "carl", "recordActual", made["Contracts"], dict.fromkeys(WINDOW, "8000"))
    for name, owner in reversed(OWNERS.items()):
        await done(alder, owner, "editNode", node=alder.node(name), varianceExplanation="The launch slipped")
        proof = {"measure": alder.node(name), "source": "Ledger", "date": "2027-02-28", "url": "https://example.org/1"}
        await done(alder, owner, "attachEvidence", **proof)
        await submitted(alder, name, CLOSED)
        alone = await voted(alder, "sam", name, CLOSED)
        assert (alone["code"], alone["message"].endswith("It waits for the controller (Carl).")) == ("FORBIDDEN", True)
        assert (await voted(alder, "carl", name, CLOSED))["path"] == ["confirmed"]
        closed = await voted(alder, "carl", name, CLOSED, confirmed="24000")
        assert closed["measure"]["stage"] == "CLOSED"
    told = "Carl voted GO as controller on “Full service” into Closed, confirming 24,000.00 EUR."
    assert told in await sentences(alder)
    assert (await alder.do("olaf", "editNode", node=alder.node("Full service"), risks="None"))["code"] == "FROZEN"


async def test_an_open_submission_freezes_what_was_handed_in_until_it_is_retracted(alder: Company) -> None:
    made = await prepared(alder)
    await submitted(alder, "Full service", IDENTIFIED)
    before = await alder.revision()
    month = [{"month": "2027-01", "amount": "1"}]
    refused = [
        await alder.do("olaf", "editNode", node=alder.node("Full service"), risks="None"),
        await alder.do("olaf", "setPlan", line=made["Contracts"], months=month),
        await alder.do("olaf", "editMilestone", milestone=made["Full service"], due="2027-01-31"),
        await alder.do("sal", "setQuota", plan=alder.node("DACH"), quota=month),
    ]
    assert {each["code"] for each in refused} == {"FROZEN"}
    assert "It is submitted into Identified, and what was handed in is frozen." in refused[0]["message"]
    assert "Its initiative is submitted into Identified" in refused[3]["message"]
    button = "query ($id: ID!) { node(id: $id) { ... on Measure { acts { act allowed why } } } }"
    acts = (await alder.ask("olaf", button, id=alder.node("Full service")))["node"]["acts"]
    edit = next(each for each in acts if each["act"] == "editNode")
    assert (edit["allowed"], "Retract the submission first" in edit["why"]) == (False, True)
    assert await alder.revision() == before
    gate_id = gate(alder, "Full service", IDENTIFIED)
    assert (await alder.do("sam", "retractSubmission", GATE, gate=gate_id))["code"] == "FORBIDDEN"
    retracted = await done(alder, "olaf", "retractSubmission", GATE, gate=gate_id, comment="A figure is wrong")
    assert (retracted["submission"], retracted["history"]) == (None, [{"outcome": None}])
    assert (await alder.do("olaf", "retractSubmission", GATE, gate=gate_id))["code"] == "ALREADY_DECIDED"
    assert (await voted(alder, "pia", "Full service", IDENTIFIED))["code"] == "ALREADY_DECIDED"
    await done(alder, "olaf", "editNode", node=alder.node("Full service"), risks="None")
    assert "Olaf retracted “Full service” from the gate into Identified: A figure is wrong" in await sentences(alder)


async def test_a_submission_keeps_what_was_true_whatever_happens_to_seats(alder: Company) -> None:
    await prepared(alder)
    await submitted(alder, "Full service", IDENTIFIED)
    await grant(alder, "vera", "PROGRAM_LEAD")
    vera = await voted(alder, "vera", "Full service", IDENTIFIED)
    assert (vera["code"], "You are not among those who decide" in vera["message"]) == ("FORBIDDEN", True)
    kept = """query ($id: ID!) { node(id: $id) { ... on Gate {
        submission { id policyVersion criteria { code met } figures { name value } } } } }"""
    submission = (await alder.ask("vera", kept, id=gate(alder, "Full service", IDENTIFIED)))["node"]["submission"]
    assert submission["policyVersion"] == 1
    assert all(each["met"] for each in submission["criteria"])
    assert {"name": "Plan of “Contracts”", "value": "120,000.00 EUR"} in submission["figures"]
    alone = "query ($id: ID!) { node(id: $id) { ... on Submission { into submittedBy { name } decisions { as } } } }"
    found = (await alder.ask("vera", alone, id=submission["id"]))["node"]
    assert found == {"into": "IDENTIFIED", "submittedBy": {"name": "Olaf"}, "decisions": []}
    assert (await voted(alder, "pia", "Full service", IDENTIFIED))["__typename"] == "Gate"


async def grant(company: Company, to: str, role: str) -> None:
    """Grant a seat at the whole organization and ratify it."""
    seat = await done(company, "ada", "grantSeat", "... on Seat { id }", person=company.person(to), role=role)
    await done(company, "eve", "ratifySeat", seat=seat["id"])


async def test_a_gate_that_nobody_could_decide_is_not_submitted(alder: Company) -> None:
    await prepared(alder)
    await passed(alder, "Full service", IDENTIFIED)
    await done(alder, "olaf", "editNode", node=alder.node("Full service"), sponsor=alder.person("lea"))
    before = await alder.revision()
    refusal = await submit(alder, "Full service", DETAILED)
    assert refusal["code"] == "NO_APPROVER"
    assert "Lea is named sponsor and holds no sponsor seat in effect here or above" in refusal["message"]
    seat = await done(alder, "ada", "grantSeat", "... on Seat { id }", person=alder.person("lea"), role="SPONSOR")
    assert (await submit(alder, "Full service", DETAILED))["code"] == "NO_APPROVER"  # not ratified yet
    await done(alder, "eve", "ratifySeat", seat=seat["id"])
    assert await alder.revision() == before + 2
    assert (await submit(alder, "Full service", DETAILED))["__typename"] == "Gate"


async def test_deciding_freezes_the_original_dates(alder: Company) -> None:
    made = await prepared(alder)
    await milestone(alder, "Full service", "2027-03-31")
    for into in (IDENTIFIED, DETAILED, DECIDED):
        await passed(alder, "Full service", into)
    await done(alder, "olaf", "editMilestone", milestone=made["Full service"], due="2027-02-28")
    dates = (
        "query ($id: ID!) { node(id: $id) { ... on Measure { milestones { edges { node { due originalDue } } } } } }"
    )
    edges = (await alder.ask("vera", dates, id=alder.node("Full service")))["node"]["milestones"]["edges"]
    assert [(edge["node"]["due"], edge["node"]["originalDue"]) for edge in edges] == [
        ("2027-02-28", "2026-12-31"),
        ("2027-03-31", "2027-03-31"),
    ]


async def test_another_organizations_gate_is_as_if_it_were_not(alder: Company, birch: Company) -> None:
    await described(birch, "Full service")
    await submitted(birch, "Full service", IDENTIFIED)
    before = await birch.revision()
    theirs, never = gate(birch, "Full service", IDENTIFIED), "ZzZz"
    verbs: list[tuple[str, str, str, dict[str, Any]]] = [
        ("pia", "decideGate", "gate", {"outcome": "GO"}),
        ("olaf", "retractSubmission", "gate", {}),
    ]
    for person, verb, field, asked in verbs:
        foreign = await alder.do(person, verb, **{field: theirs}, **asked)
        unknown = await alder.do(person, verb, **{field: never}, **asked)
        assert foreign["code"] == unknown["code"] == "NOT_FOUND"
        assert foreign["message"] == unknown["message"]
    assert (await alder.ask("pia", READINESS, id=theirs))["node"] is None
    assert await birch.revision() == before


async def test_gates_of_many_measures_cost_as_many_statements_as_those_of_one(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    document = """{ organization { nodes(first: 100, filter: {levels: [INITIATIVE, SALES_PLAN]}) { edges { node {
        ... on Measure { gates { history { id } } nextGate {
            readiness { ready deciders { people { name } } } submission { decisions { by { name } } }
            waitingOn { needed } acts { act allowed why } } } } } } } }"""

    async def counted() -> int:
        with statements() as found:
            data = await alder.ask("olaf", document)
        assert all(edge["node"]["nextGate"] for edge in data["organization"]["nodes"]["edges"])
        return len(found)

    few = await counted()
    for number in range(30):
        await alder.create(Level.INITIATIVE, f"Initiative {number}", "Contracts")
    assert await counted() == few


async def test_quota_below_the_case_has_to_be_explained(alder: Company) -> None:
    await prepared(alder)
    await quota(alder, "100000")
    for into in (IDENTIFIED, DETAILED):
        await passed(alder, "Full service", into)
    refusal = await submit(alder, "Full service", DECIDED)
    compared = "The quota of its sales plans is 100,000.00 EUR, the planned revenue 120,000.00 EUR"
    assert refusal["details"] == [f"{compared}: raise the quota, or explain the gap."]
    await done(alder, "olaf", "editNode", node=alder.node("Full service"), gapExplanation="Renewals need no quota")
    await passed(alder, "Full service", DECIDED)
