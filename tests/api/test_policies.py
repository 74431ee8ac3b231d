"""The policy on its way: drafted, proposed, declined, ratified; never by one person, and never with a fault."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from server.domain.cascade import Level
from server.domain.stages import STAGES, Stage
from server.exchange.policy_templates import PolicyTemplate, template
from server.exchange.policy_writing import write_policy
from server.models.policies import PolicyVersion
from tests.support.company import Company
from tests.support.measures import done, passed, prepared, submit, submitted, voted
from tests.support.policies import committee_above

IDENTIFIED, DETAILED, DECIDED, IMPLEMENTED, CLOSED = STAGES[1:]
POLICY = "... on Policy { id revision version state locked name differences faults { line path sentence } }"
IN_FORCE = "{ organization { policy { id version state locked name yaml } policyDraft { id version state } } }"


async def policy(company: Company, who: str = "lea") -> dict[str, Any]:
    """The policy in force and the draft, as somebody reads them."""
    found: dict[str, Any] = (await company.ask(who, IN_FORCE))["organization"]
    return found


async def drafted(company: Company, text: str) -> dict[str, Any]:
    """Lea's draft of a YAML text."""
    return await done(company, "lea", "editPolicyDraft", POLICY, yaml=text)


async def locked(company: Company, text: str) -> dict[str, Any]:
    """A policy of a YAML text, proposed by Lea and ratified by Eve."""
    draft = await drafted(company, text)
    await done(company, "lea", "proposePolicy", policy=draft["id"])
    return await done(company, "eve", "ratifyPolicy", POLICY, policy=draft["id"])


async def test_an_organization_begins_with_a_draft_of_the_standard_policy(alder: Company) -> None:
    first = await PolicyVersion.get(organization_id=alder.id)
    assert (first.version, first.document["name"], first.document["currency"]) == (1, "Standard", "EUR")
    facts = await alder.ask("lea", "{ ledger(first: 50, kinds: [POLICY_CHANGED]) { edges { node { sentence } } } }")
    told = [edge["node"]["sentence"] for edge in facts["ledger"]["edges"]]
    assert told == [
        "Eve ratified policy 1 “Standard”.",
        "Lea proposed policy 1 “Standard”.",
        "Ada drafted policy 1 “Standard”.",
    ]


async def test_without_a_locked_policy_the_standard_is_shown_and_opens_no_gate(alder: Company) -> None:
    await PolicyVersion.filter(organization_id=alder.id).delete()
    shown = (await policy(alder))["policy"]
    assert (shown["version"], shown["locked"], shown["name"]) == (0, False, "Standard")
    acts = "{ organization { policy { acts { act allowed why } } } }"
    built_in = (await alder.ask("lea", acts))["organization"]["policy"]["acts"]
    assert {one["why"] for one in built_in if one["act"] == "proposePolicy"} == {
        "It is built in: draft a policy of your own, and lock that."
    }
    made = await drafted(alder, template(PolicyTemplate.LEAN))
    assert (made["version"], made["state"]) == (1, "DRAFT")


async def test_a_draft_is_the_portfolio_leads_and_never_ratified_by_who_wrote_it(alder: Company) -> None:
    before = await alder.revision()
    for who in ("eve", "ada", "olaf", "vera"):
        assert (await alder.do(who, "editPolicyDraft", template="LEAN"))["code"] == "FORBIDDEN"
    assert await alder.revision() == before
    draft = await done(alder, "lea", "editPolicyDraft", POLICY, template="LEAN")
    assert (draft["version"], draft["state"], draft["name"]) == (2, "DRAFT", "Lean")
    assert (await alder.do("eve", "ratifyPolicy", policy=draft["id"]))["code"] == "WRONG_STAGE"
    assert (await alder.do("eve", "proposePolicy", policy=draft["id"]))["code"] == "FORBIDDEN"
    await done(alder, "ada", "grantSeat", person=alder.person("lea"), role="EXECUTIVE")
    (seat,) = (await alder.ask("ada", "{ organization { seats(first: 99) { edges { node { id ratified } } } } }"))[
        "organization"
    ]["seats"]["edges"][-1:]
    await done(alder, "eve", "ratifySeat", seat=seat["node"]["id"])
    await done(alder, "lea", "proposePolicy", policy=draft["id"])
    own = await alder.do("lea", "ratifyPolicy", policy=draft["id"])
    assert (own["code"], "it takes two persons to lock a policy" in own["message"]) == ("SAME_PERSON", True)
    assert (await policy(alder))["policy"]["version"] == 1
    ratified = await done(alder, "emil", "ratifyPolicy", POLICY, policy=draft["id"])
    assert (ratified["state"], ratified["locked"]) == ("IN_FORCE", True)
    versions = await alder.ask("vera", "{ organization { policies { version state ratifiedBy { name } } } }")
    assert versions["organization"]["policies"] == [
        {"version": 2, "state": "IN_FORCE", "ratifiedBy": {"name": "Emil"}},
        {"version": 1, "state": "RETIRED", "ratifiedBy": {"name": "Eve"}},
    ]


async def test_a_policy_with_faults_is_drafted_but_not_proposed(alder: Company) -> None:
    text = template(PolicyTemplate.STANDARD).replace("sustainMonths: 3", "sustainMonths: 99")
    text = text.replace("needed: 2, above", "needed: 3, above").replace("redAfterDays: 14", "redAfterDays: 0")
    draft = await drafted(alder, text)
    before = await alder.revision()
    refusal = await alder.do("lea", "proposePolicy", policy=draft["id"])
    assert (refusal["code"], refusal["path"]) == ("INVALID", ["policy"])
    assert refusal["message"].startswith("Policy 2 “Standard” has 3 faults; mend what the details say")
    assert [one.split(": ")[0] for one in refusal["details"]] == [
        "sustainMonths",
        "lights.redAfterDays",
        "gates.DECIDED.votes[2]",
    ]
    assert "takes 3 as executive, and only 2 persons hold such a seat" in refusal["details"][2]
    assert [fault["path"] for fault in draft["faults"]] == [one.split(": ")[0] for one in refusal["details"]]
    assert await alder.revision() == before
    (act,) = [one for one in (await acts(alder, "lea")) if one["act"] == "proposePolicy"]
    assert act["why"].startswith("It has 3 to mend first: 99 months lies out of reach")
    mended = await drafted(alder, template(PolicyTemplate.STANDARD))
    assert (mended["id"], mended["faults"], mended["differences"]) == (draft["id"], [], [])
    await done(alder, "lea", "proposePolicy", policy=draft["id"])


async def test_the_ledger_tells_what_a_rewritten_draft_changes_part_by_part(alder: Company) -> None:
    await drafted(alder, template(PolicyTemplate.STANDARD))
    await drafted(alder, write_policy(committee_above(500_000)))
    asked = "{ ledger(first: 1) { edges { node { sentence on { id } changes { field before after } } } } }"
    fact = (await alder.ask("lea", asked))["ledger"]["edges"][0]["node"]
    assert fact["sentence"] == (
        "Lea rewrote the draft of policy 2 “Standard”: "
        "Into Decided the steering committee joins above 500,000 EUR instead of 1,000,000 EUR."
    )
    assert fact["changes"] == [{"field": "gates.DECIDED.votes[2].above", "before": "1000000", "after": "500000"}]
    assert fact["on"]["id"] == (await policy(alder))["policyDraft"]["id"]


async def acts(company: Company, who: str) -> list[dict[str, Any]]:
    """What somebody may do with the draft."""
    shown = await company.ask(who, "{ organization { policyDraft { acts { act allowed why } } } }")
    found: list[dict[str, Any]] = shown["organization"]["policyDraft"]["acts"]
    return found


async def test_a_file_that_cannot_be_read_tells_all_its_mistakes_with_lines(alder: Company) -> None:
    before = await alder.revision()
    text = template(PolicyTemplate.STANDARD).replace("cycle: MONTHLY", "cycle: YEARLY").replace("- RISKS", "- RISK")
    refusal = await alder.do("lea", "editPolicyDraft", yaml=text)
    assert (refusal["code"], refusal["path"]) == ("INVALID", ["yaml"])
    assert all(one.startswith("Line ") for one in refusal["details"])
    assert [one.split(", ")[1].split(":")[0] for one in refusal["details"]] == [
        "gates.DETAILED.criteria[4]",
        "gates.DECIDED.criteria[11]",
        "cadence.cycle",
    ]
    both = await alder.do("lea", "editPolicyDraft", yaml=text, template="LEAN")
    assert "give `yaml`, `template` or `basedOn`" in both["message"]
    assert await alder.revision() == before


async def test_what_is_proposed_does_not_change_until_it_is_declined_or_withdrawn(alder: Company) -> None:
    draft = await done(alder, "lea", "editPolicyDraft", POLICY, template="LEAN")
    proposed = await done(alder, "lea", "proposePolicy", POLICY, policy=draft["id"])
    before = await alder.revision()
    edited = await alder.do("lea", "editPolicyDraft", template="STANDARD")
    assert (edited["code"], "withdraw it, or let one decline it" in edited["message"]) == ("WRONG_STAGE", True)
    assert (await alder.do("lea", "discardPolicyDraft", policy=draft["id"]))["code"] == "WRONG_STAGE"
    assert (await alder.do("lea", "declinePolicy", policy=draft["id"], comment="No"))["code"] == "FORBIDDEN"
    assert (await alder.do("eve", "declinePolicy", policy=draft["id"], comment=" "))["code"] == "INVALID"
    stale = await alder.do("eve", "ratifyPolicy", policy=draft["id"], expectedRevision=draft["revision"])
    assert stale["code"] == "STALE"
    assert await alder.revision() == before
    for by, verb, words in (("eve", "declinePolicy", {"comment": "Keep the committee"}), ("lea", "withdrawPolicy", {})):
        back = await done(alder, by, verb, POLICY, policy=proposed["id"], **words)
        assert back["state"] == "DRAFT"
        await done(alder, "lea", "proposePolicy", policy=draft["id"])
    await done(alder, "lea", "withdrawPolicy", policy=draft["id"])
    await done(alder, "lea", "discardPolicyDraft", "... on Organization { policyDraft { id } }", policy=draft["id"])
    shown = await policy(alder)
    assert (shown["policy"]["version"], shown["policyDraft"]) == (1, None)


async def test_a_draft_is_exported_and_imported_and_copied_from_any_version(alder: Company) -> None:
    shown = (await policy(alder))["policy"]
    assert "currency: EUR" in shown["yaml"]
    same = await drafted(alder, shown["yaml"])
    assert (same["version"], same["differences"]) == (2, [])
    audit = await done(alder, "lea", "editPolicyDraft", POLICY, template="AUDIT_GRADE")
    assert "Into Identified the controller votes as well." in audit["differences"]
    copied = await done(alder, "lea", "editPolicyDraft", POLICY, basedOn=shown["id"])
    assert copied["differences"] == []
    before = await alder.revision()
    await done(alder, "lea", "editPolicyDraft", POLICY, basedOn=shown["id"])
    assert await alder.revision() == before


async def test_an_open_submission_keeps_the_policy_it_was_made_under(alder: Company) -> None:
    await prepared(alder)
    for name in ("Full service", "DACH"):
        await passed(alder, name, IDENTIFIED)
    for name in ("Full service", "DACH"):
        await passed(alder, name, DETAILED)
    await submitted(alder, "Full service", DECIDED)
    lower = await locked(alder, write_policy(committee_above(50_000)))
    assert lower["differences"] == [
        "Into Decided the steering committee joins above 50,000 EUR instead of 1,000,000 EUR."
    ]
    kept = await gate(alder, "Full service", DECIDED)
    assert kept["submission"]["policyVersion"] == 1
    assert [one["role"] for one in kept["waitingOn"]] == ["SPONSOR", "CONTROLLER"]
    for who, stated in (("sam", {}), ("carl", {"confirmed": "120000"})):
        assert (await voted(alder, who, "Full service", DECIDED, **stated))["__typename"] == "Gate"
    assert (await gate(alder, "Full service", DECIDED))["measure"]["stage"] == "DECIDED"
    other = await gate(alder, "DACH", DECIDED)
    assert [one["role"] for one in other["readiness"]["deciders"]] == ["SPONSOR", "CONTROLLER", "EXECUTIVE"]


async def gate(company: Company, name: str, into: Stage) -> dict[str, Any]:
    """A gate as Eve sees it."""
    asked = """query ($id: ID!) { node(id: $id) { ... on Measure { gates { into measure { stage }
        submission { policyVersion } waitingOn { role } readiness { ready deciders { role needed } } } } } }"""
    gates = (await company.ask("eve", asked, id=company.node(name)))["node"]["gates"]
    found: dict[str, Any] = next(one for one in gates if one["into"] == into)
    return found


async def test_a_simulation_says_what_a_draft_would_change_for_open_measures(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    await prepared(alder)
    for into in (IDENTIFIED, DETAILED):
        for name in ("Full service", "DACH"):
            await passed(alder, name, into)
    await drafted(alder, write_policy(committee_above(50_000, needed=3)))
    asked = """{ organization { policyDraft { simulation { measures submitted changed sentences effects {
        measure { name } into joins leaves lacking unmet { code sentence } } } } } }"""
    with statements() as sent:
        seen = (await alder.ask("lea", asked))["organization"]["policyDraft"]["simulation"]
    assert (seen["measures"], seen["submitted"], seen["changed"]) == (2, 0, 2)
    assert seen["sentences"] == [
        "Of 2 open measures, 2 would need the steering committee, 2 would have no eligible approver."
    ]
    first = seen["effects"][0]
    assert (first["measure"]["name"], first["into"], first["joins"]) == ("DACH", "DECIDED", ["EXECUTIVE"])
    assert first["lacking"][0].startswith("It takes 3 as executive, and only 2 may decide here")
    for number in range(4):
        await alder.create(Level.INITIATIVE, f"More {number}", "Contracts")
    with statements() as more:
        assert (await alder.ask("lea", asked))["organization"]["policyDraft"]["simulation"]["measures"] == 6
    assert len(more) <= len(sent)
    await submitted(alder, "Full service", DECIDED)
    again = (await alder.ask("lea", asked))["organization"]["policyDraft"]["simulation"]
    assert again["sentences"][-1] == "1 more is submitted already and keeps the policy as it was then."


async def test_the_policy_is_shown_as_tables_with_its_catalogue(alder: Company) -> None:
    asked = """{ organization { policyCriteria { code title asks levels gates number { counts least most } }
        policyTemplates { template yaml } policy { currency headlineKinds sustainMonths
        gates { into freezes financialValidation criteria { atLeast criterion { code } }
            votes { role body needed above { amount currency } } }
        stages { stage name weight } levels { level name } lights { greenFrom redAfterDays }
        cadence { cycle dueDays remindAfterDays stalledAfterDays } } } }"""
    seen = (await alder.ask("vera", asked))["organization"]
    decided = seen["policy"]["gates"][2]
    assert decided["votes"][2] == {
        "role": "EXECUTIVE",
        "body": "steering committee",
        "needed": 2,
        "above": {"amount": "1000000", "currency": "EUR"},
    }
    assert (decided["financialValidation"], decided["freezes"][0]) == ("AMOUNT", "plan values and quota")
    assert seen["policy"]["stages"][3] == {"stage": "DECIDED", "name": "Decided", "weight": 75}
    assert len(seen["policyTemplates"]) == 3
    forecast = next(one for one in seen["policyCriteria"] if one["code"] == "FORECAST")
    assert forecast["gates"] == ["IMPLEMENTED", "CLOSED"]


async def test_another_organizations_policy_is_never_seen(alder: Company, birch: Company) -> None:
    theirs = (await policy(birch))["policy"]["id"]
    assert (await alder.ask("lea", "query ($id: ID!) { node(id: $id) { id } }", id=theirs))["node"] is None
    assert (await alder.do("lea", "editPolicyDraft", basedOn=theirs))["code"] == "NOT_FOUND"


@pytest.mark.parametrize("which", list(PolicyTemplate))
async def test_every_ready_policy_can_be_locked_and_governs_from_then(alder: Company, which: PolicyTemplate) -> None:
    made = await locked(alder, template(which))
    assert (made["state"], made["faults"]) == ("IN_FORCE", [])
    await prepared(alder)
    asked = (await submit(alder, "Full service", IDENTIFIED))["__typename"]
    assert asked == ("Refusal" if which is PolicyTemplate.AUDIT_GRADE else "Gate")
