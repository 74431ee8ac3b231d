"""Change requests through the API: who decides what is to differ from a decided plan, and what a GO writes."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from server.domain.cascade import Level
from server.domain.stages import STAGES
from server.models.database import reading, rows
from tests.support.changes import CHANGE, agreed, decide, decided, january, plan, proposed
from tests.support.company import Company
from tests.support.measures import done, gate, prepared, sentences, submit

IMPLEMENTED = STAGES[4]


async def test_a_change_is_proposed_decided_by_those_who_decided_the_plan_and_makes_version_2(alder: Company) -> None:
    made = await decided(alder)
    before = await alder.revision()
    assert (await proposed(alder, "sam", plan=january(made, "12000")))["code"] == "FORBIDDEN"
    assert await alder.revision() == before
    change = await proposed(alder, "olaf", plan=january(made, "12000"))
    assert change["changes"][0]["sentence"] == "Plan of “Contracts”, January 2027: from 10,000.00 EUR to 12,000.00 EUR."
    assert change["figures"] == [
        {"name": "Size of the change", "value": "2,000.00 EUR"},
        {"name": "Planned revenue after it", "value": "122,000.00 EUR"},
        {"name": "Quota of the sales plans after it", "value": "120,000.00 EUR"},
    ]
    assert [each["role"] for each in change["waitingOn"]] == ["SPONSOR", "CONTROLLER"]
    refused = await decide(alder, "olaf", change)
    assert (refused["code"], "you submitted it" in refused["message"]) == ("SAME_PERSON", True)
    outsider = await decide(alder, "eve", change)
    assert outsider["code"] == "FORBIDDEN"
    assert outsider["message"] == (
        "You are not among those who decide the change of the plan of “Full service”. "
        "It waits for the sponsor (Sam) and the controller (Carl)."
    )
    assert (await decide(alder, "sam", change))["outcome"] is None
    silent = await decide(alder, "carl", change)
    assert (silent["code"], silent["path"]) == ("INVALID", ["confirmed"])
    done_ = await decide(alder, "carl", change, confirmed="2000")
    assert (done_["outcome"], done_["waitingOn"]) == ("GO", [])
    late = await decide(alder, "carl", change, "CANCEL", comment="Too late")
    assert late["code"] == "ALREADY_DECIDED"
    assert "Carl voted GO as controller on 16 November 2026, 09:00 UTC" in late["message"]
    seen = await plan(alder)
    assert [each["version"] for each in seen["planVersions"]] == [1, 2]
    assert seen["planVersions"][1]["change"] == {"reason": "The market moved."}
    months = seen["planVersions"][1]["lines"][0]["months"]
    assert months[:2] == [
        {"month": "2027-01", "amount": {"amount": "12000.00"}},
        {"month": "2027-02", "amount": {"amount": "10000.00"}},
    ]
    assert seen["planVersions"][0]["lines"][0]["months"][0]["amount"] == {"amount": "10000.00"}
    (revenue, capex) = seen["drift"]["byKind"]
    assert (revenue["plan"]["value"], capex["plan"]["value"]) == ({"amount": "2000.00"}, {"amount": "0.00"})
    assert revenue["plan"]["inputs"] == [
        {"name": "Version 1", "value": "120,000.00 EUR"},
        {"name": "Version 2", "value": "122,000.00 EUR"},
        {"name": "“Contracts”", "value": "2,000.00 EUR"},
    ]
    moved = "Plan of “Contracts”, January 2027: from 10,000.00 EUR to 12,000.00 EUR."
    assert [sentence for sentence in await sentences(alder) if "plan of “Full service”" in sentence] == [
        f"Carl changed the plan of “Full service” to version 2. {moved}",
        "Carl voted GO as controller on the change of the plan of “Full service”, validating 2,000.00 EUR.",
        "Sam voted GO as sponsor on the change of the plan of “Full service”.",
        f"Olaf proposed to change the plan of “Full service”: The market moved. {moved}",
    ]


async def test_a_change_can_be_sent_back_given_up_or_taken_back_and_the_plan_stands(alder: Company) -> None:
    made = await decided(alder)
    for outcome, comment in (("RECYCLE", "Why so much?"), ("CANCEL", "Not now")):
        change = await proposed(alder, "olaf", plan=january(made, "12000"))
        assert (await decide(alder, "sam", change, outcome))["path"] == ["comment"]
        hold = await decide(alder, "sam", change, "HOLD", comment="Later")
        assert (hold["code"], "holdMeasure does that" in hold["message"]) == ("INVALID", True)
        ended = await decide(alder, "sam", change, outcome, comment=comment)
        assert (ended["outcome"], ended["measure"]["stage"]) == (outcome, "DECIDED")
    change = await proposed(alder, "olaf", plan=january(made, "12000"))
    assert (await alder.do("sam", "retractChange", change=change["id"]))["code"] == "FORBIDDEN"
    taken = await done(alder, "olaf", "retractChange", CHANGE, change=change["id"], comment="A typing error")
    assert (taken["retracted"], taken["outcome"]) == (True, None)
    again = await alder.do("olaf", "retractChange", change=change["id"])
    assert again["code"] == "ALREADY_DECIDED"
    assert "the last submission was retracted on 16 November 2026" in (await decide(alder, "sam", change))["message"]
    seen = await plan(alder)
    assert [each["version"] for each in seen["planVersions"]] == [1]
    assert [each["outcome"] for each in seen["changeRequests"]] == [None, "CANCEL", "RECYCLE"]
    assert seen["openChange"] is None


async def test_one_thing_is_open_at_a_time_and_what_it_is_is_told(alder: Company) -> None:
    made = await decided(alder)
    change = await proposed(alder, "olaf", plan=january(made, "12000"))
    second = await proposed(alder, "olaf", plan=january(made, "13000"))
    waits = "It waits for a decision on a change of its plan, and what was handed in is frozen."
    assert (second["code"], waits in second["message"]) == ("FROZEN", True)
    moved = await alder.do("olaf", "editMilestone", milestone=made["Full service"], due="2027-01-31")
    assert (moved["code"], "Retract the change request first." in moved["message"]) == ("FROZEN", True)
    proof = {"milestone": made["Full service"], "reading": "11", "source": "CRM", "date": "2026-11-16"}
    await done(alder, "olaf", "achieveMilestone", **proof)
    await done(alder, "carl", "verifyMilestone", milestone=made["Full service"])
    refused = await submit(alder, "Full service", IMPLEMENTED)
    assert refused["code"] == "FROZEN"
    assert refused["message"].startswith("“Full service” waits for a decision on a change of its plan already.")
    acts = """query ($id: ID!) { node(id: $id) { ... on Gate {
        submission { id } waitingOn { role } acts { act allowed why } } } }"""
    found = (await alder.ask("olaf", acts, id=gate(alder, "Full service", IMPLEMENTED)))["node"]
    assert (found["submission"], found["waitingOn"]) == (None, [])
    assert (
        found["acts"][0]["why"] == "It waits for a decision on a change of its plan; retract the change request first."
    )
    await done(
        alder, "eve", "holdMeasure", measure=alder.node("Full service"), reason="Budget stop", reviewOn="2027-01-31"
    )
    over = await decide(alder, "sam", change)
    assert (over["code"], "the measure was put on hold on" in over["message"]) == ("ALREADY_DECIDED", True)
    held = await proposed(alder, "olaf", plan=january(made, "12000"))
    assert (held["code"], "on hold" in held["message"]) == ("WRONG_STAGE", True)


async def test_what_was_decided_says_how_it_changes(alder: Company) -> None:
    made = await decided(alder, "DACH")
    node, quota = alder.node("Full service"), [{"month": "2027-01", "amount": "1"}]
    refused = [
        await alder.do("olaf", "editNode", node=node, estimatedValue={"amount": "1", "currency": "EUR"}),
        await alder.do("sal", "setQuota", plan=alder.node("DACH"), quota=quota),
        await alder.do("olaf", "cancelMilestone", milestone=made["Full service"], reason="Too late"),
        await alder.do("olaf", "editNode", node=node, overlaps="Spare parts"),
    ]
    assert {each["code"] for each in refused} == {"FROZEN"}
    assert all("change request" in each["message"] for each in refused)
    wrong = "query ($id: ID!) { node(id: $id) { ... on Measure { planVersions { differences(from: 9) { name } } } } }"
    (error,) = (await alder.result("lea", wrong, id=node))["errors"]
    assert error["message"] == "This plan has versions 1 to 1, and no version 9."


async def test_a_plan_that_is_not_decided_or_closed_is_not_changed_this_way(alder: Company) -> None:
    made = await prepared(alder)
    early = await proposed(alder, "olaf", plan=january(made, "1"))
    assert (early["code"], "a plan that is Decided and not yet Closed" in early["message"]) == ("WRONG_STAGE", True)
    assert (await plan(alder))["planVersions"] == []
    assert (await plan(alder))["drift"] is None


async def test_what_happened_since_can_make_a_change_impossible(alder: Company) -> None:
    made = await decided(alder)
    change = await proposed(alder, "olaf", dueDates=[{"milestone": made["Full service"], "due": "2027-02-14"}])
    proof = {"milestone": made["Full service"], "reading": "11", "source": "CRM", "date": "2026-11-16"}
    await done(alder, "olaf", "achieveMilestone", **proof)
    await decide(alder, "sam", change)
    before = await alder.revision()
    refusal = await decide(alder, "carl", change, confirmed="0")
    assert refusal["code"] == "CRITERIA_UNMET"
    assert refusal["details"] == ["“First contracts” was achieved on 2026-11-16."]
    assert await alder.revision() == before
    assert (await decide(alder, "carl", change, "RECYCLE", comment="It is achieved"))["outcome"] == "RECYCLE"


async def test_another_organizations_change_is_as_if_it_were_not(alder: Company, birch: Company) -> None:
    made = await decided(birch)
    theirs = await proposed(birch, "olaf", plan=january(made, "12000"))
    foreign = await alder.do("sam", "decideChange", change=theirs["id"], outcome="GO")
    never = await alder.do("sam", "decideChange", change=theirs["id"][:-4] + "AAAA", outcome="GO")
    assert foreign == never
    assert (foreign["code"], foreign["path"]) == ("NOT_FOUND", ["change"])
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await alder.ask("sam", node, id=theirs["id"]))["node"] is None
    assert (await birch.ask("vera", node, id=theirs["id"]))["node"] == {"id": theirs["id"]}


async def test_plans_of_many_measures_cost_as_many_statements_as_those_of_one(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    made = await decided(alder)
    await agreed(alder, await proposed(alder, "olaf", plan=january(made, "12000")))
    await proposed(alder, "olaf", plan=january(made, "13000"))
    document = """{ organization { nodes(first: 100, filter: {levels: [INITIATIVE, SALES_PLAN]}) { edges { node {
        ... on Measure { planVersions { version lines { name } differences { sentence } change { reason } }
            drift { headline { value { amount } } milestones { days } }
            openChange { changes { sentence on { id } } gate { remindedAt acts { act } }
                waitingOn { people { name } } deciders { role } questions { text } acts { act why } } } } } } } }"""

    async def counted() -> int:
        with statements() as found:
            data = await alder.ask("sam", document)
        assert any(edge["node"]["planVersions"] for edge in data["organization"]["nodes"]["edges"])
        return len(found)

    few = await counted()
    for number in range(20):
        await alder.create(Level.INITIATIVE, f"Initiative {number}", "Contracts")
        await rows(
            reading(),
            "UPDATE node SET stage = 'DECIDED' WHERE id = :id RETURNING id",
            id=alder.nodes[f"Initiative {number}"],
        )
    assert await counted() <= few + 6  # the six that read plans of before versions were kept, once for all


async def test_who_may_not_read_money_sees_a_change_without_its_amounts(alder: Company) -> None:
    made = await decided(alder)
    await proposed(alder, "olaf", plan=january(made, "12000"))
    seen = """query ($id: ID!) { node(id: $id) { ... on Measure { openChange { changes { before { amount } sentence }
        figures { value } } planVersions { lines { months { amount { amount } } } } } } }"""
    node = (await alder.ask("vera", seen, id=alder.node("Full service")))["node"]
    assert node["openChange"]["changes"] == [
        {"before": None, "sentence": "Plan of “Contracts”, January 2027: from an amount to an amount."}
    ]
    assert node["openChange"]["figures"] == [{"value": "an amount"}] * 3
    assert node["planVersions"][0]["lines"][0]["months"][0]["amount"] is None
