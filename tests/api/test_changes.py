"""Change requests through the API: what may be proposed of a decided plan, who decides it, and what a GO writes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest

from server.domain.cascade import Level
from server.domain.plans import PlanPart, differences
from server.domain.stages import STAGES
from server.models.database import reading, rows
from server.models.gates import PlanVersion
from server.models.plans import plans, versions
from tests.support.company import Company
from tests.support.measures import done, gate, line, milestone, passed, prepared, sentences, submit, submitted, voted

IDENTIFIED, DETAILED, DECIDED, IMPLEMENTED, CLOSED = STAGES[1:]
CHANGE = """... on ChangeRequest { id purpose reason revision outcome retracted endedAt
    figures { name value } changes { part name month before { amount } after { amount } days sentence }
    waitingOn { role needed people { name } } decisions { by { name } outcome checkedAgainst confirmed { amount } }
    acts { act allowed why } measure { id stage revision } }"""
PLAN = """query ($id: ID!) { node(id: $id) { ... on Measure {
    openChange { id } changeRequests { id outcome }
    planVersions { version change { reason } differences { sentence }
        estimatedValue { amount } lines { name months { month amount { amount } } }
        quota { month amount { amount } } milestones { name due } incentives { seller name weight } }
    drift { version headline { value { amount } }
        byKind { kind plan { value { amount } formula inputs { name value } } }
        quota { value { amount } } milestones { name originalDue plannedDue due days } } } } }"""


async def decided(company: Company, *names: str) -> dict[str, str]:
    """Full service, and other measures, brought to DECIDED; ids of lines and milestones by name."""
    made = await prepared(company)
    for into in (IDENTIFIED, DETAILED, DECIDED):
        for name in ("Full service", *names):
            await passed(company, name, into)
    return made


async def proposed(company: Company, by: str, name: str = "Full service", **wanted: Any) -> dict[str, Any]:
    """Propose a change of a measure; the answer, be it a refusal."""
    asked = {"measure": company.node(name), "reason": "The market moved."} | wanted
    return await company.do(by, "proposeChange", CHANGE, **asked)


def january(made: dict[str, str], amount: str, month: str = "2027-01") -> list[dict[str, Any]]:
    """A change of one month of Contracts."""
    return [{"line": made["Contracts"], "months": [{"month": month, "amount": amount}]}]


async def decide(company: Company, by: str, change: Any, outcome: str = "GO", **other: Any) -> dict[str, Any]:
    """Vote on a change; the answer, be it a refusal."""
    return await company.do(by, "decideChange", CHANGE, change=change["id"], outcome=outcome, **other)


async def agreed(company: Company, change: Any, confirmed: str = "2000") -> dict[str, Any]:
    """Let the sponsor and the controller agree to a change."""
    await decide(company, "sam", change)
    answer = await decide(company, "carl", change, confirmed=confirmed)
    assert answer["outcome"] == "GO", answer
    return answer


async def plan(company: Company, by: str = "lea", name: str = "Full service") -> dict[str, Any]:
    """A measure's plan in all its versions, as somebody sees it."""
    return dict((await company.ask(by, PLAN, id=company.node(name)))["node"])


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


async def test_everything_that_a_plan_is_made_of_can_change_and_the_rows_are_the_version(alder: Company) -> None:
    made = await decided(alder, "DACH")
    late = await milestone(alder, "Full service", "2027-03-31")  # added since, not yet decided upon
    change = await proposed(
        alder,
        "olaf",
        plan=[*january(made, "9999.99"), {"line": made["Tooling"], "months": [{"month": "2027-01", "amount": None}]}],
        newLines=[
            {
                "kind": "MARGIN",
                "name": "Margin",
                "months": [{"month": "2027-06", "amount": "-0.01"}, {"month": "2027-07", "amount": "4000"}],
            }
        ],
        estimatedValue={"amount": "130000", "currency": "EUR"},
        dueDates=[{"milestone": made["Full service"], "due": "2027-02-14"}],
        newMilestones=[{"name": "Second wave", "due": "2027-09-30", "measureType": "OUTPUT", "metric": "contracts"}],
        cancelMilestones=[{"milestone": late, "reason": "Folded into the second wave"}],
    )
    assert change["__typename"] == "ChangeRequest", change
    assert {(each["part"], each["name"]) for each in change["changes"]} == {
        ("ESTIMATE", ""),
        ("PLAN", "Contracts"),
        ("PLAN", "Tooling"),
        ("PLAN", "Margin"),
        ("MILESTONE", "First contracts"),
        ("MILESTONE", "Second wave"),
    }
    await agreed(alder, change)
    sold = await proposed(
        alder,
        "sal",
        "DACH",
        quota=[{"month": "2027-01", "amount": "90000"}, {"month": "2027-02", "amount": "31000.50"}],
        incentives=[
            {"seller": alder.person("vera"), "name": "Contracts", "weight": "60", "rewards": alder.node("DACH")}
        ],
    )
    assert len(sold["changes"]) == 3
    assert sold["figures"] == [
        {"name": "Size of the change", "value": "61,000.50 EUR"},
        {"name": "Planned revenue after it", "value": "119,999.99 EUR"},
        {"name": "Quota of the sales plans after it", "value": "121,000.50 EUR"},
    ]
    await agreed(alder, sold)
    for name in ("Full service", "DACH"):
        node_id = alder.nodes[name]
        stored = (await versions(reading(), [node_id]))[node_id]
        present = (await plans(reading(), [node_id]))[node_id]
        left = differences(stored[-1].plan, present)
        assert [each.slot.part for each in left if each.slot.part is not PlanPart.MILESTONE] == [], left
        assert [each.number for each in stored] == [1, 2]
    dates = """query ($id: ID!) { node(id: $id) { ... on Measure {
        milestones { edges { node { name due originalDue state } } } } } }"""
    edges = (await alder.ask("vera", dates, id=alder.node("Full service")))["node"]["milestones"]["edges"]
    assert [tuple(edge["node"].values()) for edge in edges] == [
        ("First contracts", "2027-02-14", "2026-12-31", "PLANNED"),
        ("First contracts", "2027-03-31", None, "CANCELLED"),
        ("Second wave", "2027-09-30", "2027-09-30", "PLANNED"),
    ]
    seen, sales = await plan(alder), await plan(alder, name="DACH")
    assert [tuple(each.values()) for each in seen["drift"]["milestones"]] == [
        ("First contracts", "2026-12-31", "2027-02-14", "2027-02-14", 45),
        ("Second wave", None, "2027-09-30", "2027-09-30", None),
    ]
    assert seen["drift"]["headline"]["value"] == {"amount": "3999.99"}
    assert sales["drift"]["quota"]["value"] == {"amount": "1000.50"}
    assert sales["planVersions"][1]["incentives"] == [{"seller": "Vera", "name": "Contracts", "weight": "60.00"}]
    reporting = await rows(
        reading(),
        "SELECT plan, plan_reporting FROM month_value v JOIN value_line l ON l.id = v.line_id WHERE l.name = 'Margin'",
    )
    assert sorted((row["plan"], row["plan_reporting"]) for row in reporting) == [(-1, -1), (400_000, 400_000)]


async def test_every_fault_of_a_change_is_told_at_once_and_nothing_moves(alder: Company) -> None:
    made = await decided(alder, "DACH")
    alder.now = datetime(2027, 2, 3, 9, tzinfo=UTC)
    before = await alder.revision()
    refusal = await proposed(
        alder,
        "olaf",
        plan=[
            {
                "line": made["Contracts"],
                "months": [{"month": "2027-01", "amount": "1"}, {"month": "2027-03", "amount": "-1"}],
            },
            {"line": made["Contracts"], "months": [{"month": "2027-03", "amount": "0.001"}]},
        ],
        newLines=[{"kind": "CAPEX", "name": " ", "currency": "EUR", "months": []}],
        quota=[{"month": "2027-03", "amount": "1"}],
        dueDates=[
            {"milestone": made["Full service"], "due": "2027-02-02"},
            {"milestone": made["DACH"], "due": "2027-03-01"},
        ],
        cancelMilestones=[{"milestone": made["Full service"], "reason": " "}],
        estimatedValue={"amount": "0.001", "currency": "EUR"},
    )
    assert refusal["code"] == "INVALID"
    assert refusal["details"] == [
        "“Full service” is an initiative; it has value lines: leave quota out.",
        "2027-01 has passed: what was planned for it stands. Propose 2027-02 and later.",
        "2027-03: the plan of revenue cannot be negative.",
        "“Contracts” is named twice; put all its months together.",
        "name is missing; write it.",
        "Name at least one month.",
        "2027-02-02 has passed; propose a day from 2027-02-03 on.",
        "“Full service” has no such milestone. Check the id.",
        "reason is missing; write it.",
        "“First contracts” is named twice; move it, or take it out.",
        "estimatedValue: 0.001 has more than the 2 decimals of EUR.",
    ]
    own = await proposed(alder, "sal", "DACH", quota=[{"month": "2027-01", "amount": "1"}])
    assert own["details"] == ["2027-01 has passed: what was planned for it stands. Propose 2027-02 and later."]
    assert await alder.revision() == before


async def test_a_change_that_changes_nothing_is_refused(alder: Company) -> None:
    made = await decided(alder)
    same: list[dict[str, Any]] = [
        {},
        {"plan": january(made, "10000.00")},
        {"dueDates": [{"milestone": made["Full service"], "due": "2026-12-31"}]},
        {"estimatedValue": {"amount": "120000", "currency": "EUR"}},
    ]
    before = await alder.revision()
    for wanted in same:
        refusal = await proposed(alder, "olaf", **wanted)
        assert (refusal["code"], "changes nothing of the plan" in refusal["message"]) == ("INVALID", True), refusal
    assert await alder.revision() == before


@pytest.mark.parametrize(("amount", "roles"), [("1010000", 2), ("1010000.01", 3), ("0", 2)])
async def test_money_thresholds_look_at_the_change_and_not_at_the_measure(
    alder: Company, amount: str, roles: int
) -> None:
    made = await prepared(alder)
    large = {"amount": "5000000", "currency": "EUR"}  # the measure itself is far above the threshold
    await done(alder, "olaf", "editNode", node=alder.node("Full service"), estimatedValue=large)
    for into in (IDENTIFIED, DETAILED):
        await passed(alder, "Full service", into)
    await submitted(alder, "Full service", DECIDED)
    for voter in ("sam", "eve", "emil"):
        await voted(alder, voter, "Full service", DECIDED)
    await voted(alder, "carl", "Full service", DECIDED, confirmed="1")
    change = await proposed(alder, "olaf", plan=january(made, amount))
    assert len(change["waitingOn"]) == roles


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


async def test_a_plan_decided_before_versions_were_kept_is_its_own_version_1(alder: Company) -> None:
    made = await decided(alder)
    await PlanVersion.filter(node_id=alder.nodes["Full service"]).delete()
    seen = await plan(alder)
    assert [each["version"] for each in seen["planVersions"]] == [1]
    assert seen["planVersions"][0]["milestones"] == [{"name": "First contracts", "due": "2026-12-31"}]
    await agreed(alder, await proposed(alder, "olaf", plan=january(made, "12000")))
    seen = await plan(alder)
    assert [each["version"] for each in seen["planVersions"]] == [1, 2]
    assert seen["planVersions"][0]["lines"][0]["months"][0]["amount"] == {"amount": "10000.00"}


async def test_nobody_decides_or_proposes_their_own_quota(alder: Company) -> None:
    await decided(alder, "DACH")
    own = {"month": "2027-01", "amount": "1", "dimension": "SELLER", "segment": "Sal"}
    refusal = await proposed(alder, "sal", "DACH", quota=[own])
    assert (refusal["code"], "nobody sets their own quota" in refusal["message"]) == ("SAME_PERSON", True)
    paid = {"seller": alder.person("sam"), "name": "Contracts", "weight": "10", "rewards": None}
    refusal = await proposed(alder, "sal", "DACH", incentives=[paid])  # the sponsor would sell under it
    assert refusal["code"] == "NO_APPROVER"
    assert "Sam is named sponsor, and nobody decides on their own quota" in refusal["message"]


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


async def test_a_line_in_another_currency_needs_its_plan_rate_before_it_is_proposed(alder: Company) -> None:
    await decided(alder)
    new = {"kind": "RUN_COST", "name": "Hosting", "currency": "USD", "months": [{"month": "2027-01", "amount": "100"}]}
    refusal = await proposed(alder, "olaf", newLines=[new])
    assert (refusal["code"], "there is no plan rate of USD" in refusal["message"]) == ("INVALID", True)
    await done(alder, "carl", "setPlanRate", fiscalYear=2027, currency="USD", rate="0.9")
    change = await proposed(alder, "olaf", newLines=[new])
    assert change["figures"] == [{"name": "Size of the change", "value": "90.00 EUR"}]
    await agreed(alder, change, "90")
    stored = await rows(reading(), "SELECT plan_reporting FROM month_value WHERE plan = 10000")
    assert [row["plan_reporting"] for row in stored] == [9000]


async def test_lines_added_by_a_change_go_on_like_any_other(alder: Company) -> None:
    await decided(alder)
    await line_is_refused(alder)
    new = {"kind": "MARGIN", "name": "Margin", "months": [{"month": "2027-01", "amount": "100"}]}
    await agreed(alder, await proposed(alder, "olaf", newLines=[new]))
    lines = "query ($id: ID!) { node(id: $id) { ... on Initiative { valueLines { id name } } } }"
    found = (await alder.ask("olaf", lines, id=alder.node("Full service")))["node"]["valueLines"]
    margin = next(each["id"] for each in found if each["name"] == "Margin")
    await done(alder, "olaf", "setForecast", line=margin, months=[{"month": "2027-01", "amount": "90"}])


async def line_is_refused(company: Company) -> None:
    """After DECIDED a line comes only with a change."""
    with pytest.raises(AssertionError, match="change request"):
        await line(company, "MARGIN", "Margin", {"2027-01": "100"})
