"""Financial validation through the API: what the controller's GO states is the policy's, as it was when submitted."""

from typing import Any

from server.domain.stages import STAGES
from server.exchange.policy_templates import PolicyTemplate, template
from tests.api.test_policies import locked
from tests.support.changes import decide, decided, january, proposed
from tests.support.company import Company
from tests.support.measures import described, done, gate, sentences, submitted, voted

IDENTIFIED, IMPLEMENTED = STAGES[1], STAGES[4]
AUDIT, LEAN = (template(which) for which in (PolicyTemplate.AUDIT_GRADE, PolicyTemplate.LEAN))
VOTES = """query ($id: ID!) { node(id: $id) { ... on Gate { waitingOn { role statesAmount documented }
    history { policyVersion decisions { as confirmed { amount } checkedAgainst comment } } } } }"""


async def seen(company: Company, name: str = "Full service") -> dict[str, Any]:
    """The gate into IDENTIFIED with its votes, as Lea sees it."""
    return dict((await company.ask("lea", VOTES, id=gate(company, name, IDENTIFIED)))["node"])


async def audited(company: Company) -> None:
    """Full service, submitted into IDENTIFIED under the audit-grade policy."""
    await described(company, "Full service")
    await locked(company, AUDIT)
    proof = {"measure": company.node("Full service"), "source": "Order book", "date": "2026-11-02"}
    await done(company, "olaf", "attachEvidence", **proof, url="https://example.org/orders")
    await submitted(company, "Full service", IDENTIFIED)


async def test_an_audit_grade_policy_documents_what_was_checked_at_every_gate(alder: Company) -> None:
    await audited(alder)
    waiting = {each["role"]: each for each in (await seen(alder))["waitingOn"]}
    assert waiting["CONTROLLER"] == {"role": "CONTROLLER", "statesAmount": True, "documented": True}
    await locked(alder, LEAN)  # what is open keeps what it was submitted under
    before = await alder.revision()
    silent = await voted(alder, "carl", "Full service", IDENTIFIED)
    assert (silent["code"], silent["details"]) == (
        "INVALID",
        [
            "The controller's GO into Identified states the size that you have checked: give `confirmed`.",
            "The policy documents this validation: the controller's GO also gives what it was checked against.",
            "The policy documents this validation: the controller's GO also gives a note.",
        ],
    )
    other = await voted(alder, "pia", "Full service", IDENTIFIED, checkedAgainst="A guess")
    assert other["details"][0] == "Only the controller checks an amount; leave `checkedAgainst` out."
    assert await alder.revision() == before
    stated = {"confirmed": "118000", "checkedAgainst": "Order book of October", "comment": "Two orders are left out."}
    assert (await voted(alder, "carl", "Full service", IDENTIFIED, **stated))["__typename"] == "Gate"
    told = "Carl voted GO as controller on “Full service” into Identified, validating 118,000.00 EUR"
    assert (await sentences(alder))[0] == f"{told}, checked against Order book of October: Two orders are left out."
    (history,) = (await seen(alder))["history"]
    assert history["decisions"] == [
        {
            "as": "CONTROLLER",
            "confirmed": {"amount": "118000.00"},
            "checkedAgainst": "Order book of October",
            "comment": "Two orders are left out.",
        }
    ]


async def test_who_does_not_agree_need_not_document(alder: Company) -> None:
    await audited(alder)
    back = await voted(alder, "carl", "Full service", IDENTIFIED, "RECYCLE", comment="Where is the order book?")
    assert back["history"] == [{"outcome": "RECYCLE"}]


async def test_a_change_is_validated_as_the_plan_was_by_the_policy_in_force(alder: Company) -> None:
    made = await decided(alder)
    await locked(alder, AUDIT)
    change = await proposed(alder, "olaf", plan=january(made, "12000"))
    bare = await decide(alder, "carl", change, confirmed="2000")
    assert [each.split(": ")[0] for each in bare["details"]] == ["The policy documents this validation"] * 2
    checked = {"confirmed": "2000", "checkedAgainst": "The new price list", "comment": "Seen."}
    voted_ = await decide(alder, "carl", change, **checked)
    assert voted_["decisions"][0]["checkedAgainst"] == "The new price list"


async def test_a_change_sent_twice_with_its_key_is_one_and_a_stale_vote_is_refused(alder: Company) -> None:
    made = await decided(alder)
    asked: dict[str, Any] = {"plan": january(made, "12000"), "idempotencyKey": "k1"}
    first = await proposed(alder, "olaf", **asked)
    revision = await alder.revision()
    assert await proposed(alder, "olaf", **asked) == first
    assert (await proposed(alder, "olaf", **(asked | {"plan": january(made, "1")})))["code"] == "KEY_REUSED"
    assert await alder.revision() == revision
    stale = await decide(alder, "sam", first, expectedRevision="1")
    assert stale["code"] == "STALE"
    fresh = await decide(alder, "sam", first, expectedRevision=first["revision"])
    assert fresh["__typename"] == "ChangeRequest"
    assert int(fresh["revision"]) > int(first["revision"])


async def test_as_of_then_the_plan_has_the_versions_it_had(alder: Company) -> None:
    made = await decided(alder)
    before = await alder.revision()
    change = await proposed(alder, "olaf", plan=january(made, "12000"))
    between = await alder.revision()
    await decide(alder, "sam", change)
    assert (await decide(alder, "carl", change, confirmed="2000"))["outcome"] == "GO"
    then = """query ($id: ID!, $then: Revision) { node(id: $id, asOf: $then) { ... on Measure {
        openChange { id } planVersions { version } drift { version } } } }"""
    id_ = alder.node("Full service")
    told = [(await alder.ask("lea", then, id=id_, then=str(each)))["node"] for each in (before, between)]
    one = {"planVersions": [{"version": 1}], "drift": {"version": 1}}
    assert told == [{"openChange": None} | one, {"openChange": {"id": change["id"]}} | one]


async def test_a_submission_keeps_the_evidence_that_there_was(alder: Company) -> None:
    made = await decided(alder)
    proof = {"milestone": made["Full service"], "reading": "11", "source": "CRM", "date": "2026-11-16"}
    await done(alder, "olaf", "achieveMilestone", **proof)
    await done(alder, "carl", "verifyMilestone", milestone=made["Full service"])
    await submitted(alder, "Full service", IMPLEMENTED)
    more = {
        "measure": alder.node("Full service"),
        "source": "Letter",
        "date": "2026-11-15",
        "url": "https://example.org/1",
    }
    await done(alder, "olaf", "attachEvidence", **more)
    kept = "query ($id: ID!) { node(id: $id) { ... on Gate { submission { figures { name value } } } } }"
    figures = (await alder.ask("lea", kept, id=gate(alder, "Full service", IMPLEMENTED)))["node"]["submission"][
        "figures"
    ]
    told = [each["value"] for each in figures if each["name"].startswith("Evidence")]
    assert told == ["CRM, 2026-11-16: reading 11"]
