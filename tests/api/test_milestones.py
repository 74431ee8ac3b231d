"""Milestones through the API: progress takes evidence, and who reports does not verify."""

from typing import Any

from tests.support.company import Company

SHOWN = """... on Milestone { name due originalDue state actual achievedOn achievedBy { name } verifiedBy { name }
    evidence { source reading url by { name } } }"""


async def add(alder: Company, **fields: Any) -> str:
    """A milestone of the initiative, by its owner."""
    asked = {"under": alder.node("Full service"), "name": "Forty plants on contract", "due": "2026-12-31"}
    made = await alder.do("olaf", "addMilestone", "... on Milestone { id }", **asked, measureType="OUTCOME", **fields)
    assert made["__typename"] == "Milestone", made
    return str(made["id"])


async def test_a_milestone_is_the_owners_to_add(alder: Company) -> None:
    asked = {"under": alder.node("Full service"), "name": "Mine", "due": "2026-12-31", "measureType": "OUTPUT"}
    refusal = await alder.do("sam", "addMilestone", **asked)
    assert refusal["code"] == "FORBIDDEN"
    refusal = await alder.do("lea", "addMilestone", **(asked | {"under": alder.node("Contracts")}))
    assert "is no measure" in refusal["message"]


async def test_achieving_takes_evidence_that_reaches_the_target(alder: Company) -> None:
    milestone = await add(alder, unit="plants", start="0", target="40")
    before = await alder.revision()
    evidence = {"milestone": milestone, "source": "ERP", "date": "2026-11-15"}
    for wrong in ({}, {"reading": "31"}, {"url": "  "}):
        refusal = await alder.do("olaf", "achieveMilestone", **evidence, **wrong)
        assert refusal["code"] == "CRITERIA_UNMET", refusal
    refusal = await alder.do(
        "olaf", "achieveMilestone", milestone=milestone, source=" ", date="2026-11-17", url="ftp://x"
    )
    assert (refusal["code"], len(refusal["details"])) == ("INVALID", 3)
    assert await alder.revision() == before
    read = await alder.do("olaf", "recordReading", SHOWN, **evidence, reading="31")
    assert (read["actual"], read["state"]) == ("31", "PLANNED")
    done = await alder.do("olaf", "achieveMilestone", SHOWN, **evidence, reading="40")
    assert (done["state"], done["actual"], done["achievedBy"]) == ("ACHIEVED", "40", {"name": "Olaf"})
    assert [each["reading"] for each in done["evidence"]] == ["40", "31"]
    again = await alder.do("olaf", "achieveMilestone", **evidence, reading="41")
    assert again["code"] == "ALREADY_DECIDED"


async def test_who_reported_does_not_verify(alder: Company) -> None:
    milestone = await add(alder)
    refusal = await alder.do("sam", "verifyMilestone", milestone=milestone)
    assert refusal["code"] == "WRONG_STAGE"
    url = "https://dms.example/contract-40.pdf"
    await alder.do("olaf", "achieveMilestone", milestone=milestone, source="DMS", date="2026-11-15", url=url)
    refusal = await alder.do("olaf", "verifyMilestone", milestone=milestone)
    assert refusal["code"] == "FORBIDDEN"
    verified = await alder.do("sam", "verifyMilestone", SHOWN, milestone=milestone)
    assert verified["verifiedBy"] == {"name": "Sam"}
    assert (await alder.do("carl", "verifyMilestone", milestone=milestone))["code"] == "ALREADY_DECIDED"
    document = "query ($id: ID!) { node(id: $id) { ... on Milestone { acts { act allowed why } } } }"
    acts = (await alder.ask("carl", document, id=milestone))["node"]["acts"]
    assert {
        "act": "verifyMilestone",
        "allowed": False,
        "why": "“Forty plants on contract” was already verified.",
    } in acts


async def test_the_assignee_may_achieve_and_nobody_else_of_the_sellers(alder: Company) -> None:
    milestone = await add(alder, assignee=alder.person("vera"))
    evidence = {"milestone": milestone, "source": "CRM", "date": "2026-11-15", "url": "https://crm.example/7"}
    assert (await alder.do("pia", "achieveMilestone", **evidence))["code"] == "FORBIDDEN"
    assert (await alder.do("vera", "achieveMilestone", **evidence))["__typename"] == "Milestone"


async def test_a_cancelled_milestone_stays_visible_and_is_not_achieved(alder: Company) -> None:
    milestone = await add(alder)
    gone = await alder.do("olaf", "cancelMilestone", SHOWN, milestone=milestone, reason="The customer left.")
    assert gone["state"] == "CANCELLED"
    evidence = {"milestone": milestone, "source": "CRM", "date": "2026-11-15", "url": "https://crm.example/7"}
    refusal = await alder.do("olaf", "achieveMilestone", **evidence)
    assert "The customer left." in refusal["message"]


async def test_a_day_that_does_not_exist_is_an_error_that_names_it(alder: Company) -> None:
    document = "mutation ($input: AddMilestoneInput!) { addMilestone(input: $input) { __typename } }"
    for date in ("2026-02-30", "2026-13-01", "tomorrow", ""):
        asked = {"under": alder.node("Full service"), "name": "When?", "due": date, "measureType": "OUTPUT"}
        answer = await alder.result("olaf", document, input=asked)
        assert "due" in answer["errors"][0]["message"]


async def test_the_other_organization_does_not_touch_it(alder: Company, birch: Company) -> None:
    milestone = await add(alder)
    before = await alder.revision()
    evidence = {"milestone": milestone, "source": "CRM", "date": "2026-11-15", "url": "https://crm.example/7"}
    assert (await birch.do("olaf", "achieveMilestone", **evidence))["code"] == "NOT_FOUND"
    assert await alder.revision() == before
    assert (await birch.ask("eve", "query ($id: ID!) { node(id: $id) { id } }", id=milestone))["node"] is None
