"""What may be proposed of a decided plan, through the API: any part of it, its faults all at once, and its size."""

from datetime import UTC, datetime
from typing import Any

import pytest

from server.domain.plans import PlanPart, differences
from server.domain.stages import STAGES
from server.models.database import reading, rows
from server.models.gates import PlanVersion
from server.models.plans import plans, versions
from tests.support.changes import agreed, decided, january, plan, proposed
from tests.support.company import Company
from tests.support.measures import done, line, milestone, passed, prepared, submitted, voted

IDENTIFIED, DETAILED, DECIDED = STAGES[1:4]


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
