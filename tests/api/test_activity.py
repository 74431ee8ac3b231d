"""What sellers spend their time on, recorded and matched by the same rules, and how far it is aligned (law §5)."""

from typing import Any

from server.domain.cascade import Level
from server.domain.stages import Stage
from server.models.cascade import Node
from tests.support.company import Company
from tests.support.measures import done, line

COUNTS = "... on RecordedResults { created changed unchanged matched orphans }"
ALIGNED = """query ($id: ID!) { node(id: $id) { ... on CascadeNode { alignment(from: "2026-10", to: "2026-12") {
    quotaCovers incentiveShare activityShare byTime sentence inputs { name value } } } } }"""
LISTED = """query ($after: String, $orphan: Boolean) { organization { salesActivities(first: 2, after: $after,
    orphan: $orphan) { totalCount pageInfo { hasNextPage endCursor } edges { node { externalId date minutes
    plan { name } } } } } }"""


def visit(number: str, **fields: Any) -> dict[str, Any]:
    """A visit in October 2026."""
    return {"system": "crm", "externalId": number, "kind": "Visit", "date": f"2026-10-{len(number):02}", **fields}


async def aligned(company: Company, place: str, who: str = "eve") -> dict[str, Any]:
    """The alignment at a place."""
    found: dict[str, Any] = (await company.ask(who, ALIGNED, id=company.node(place)))["node"]["alignment"]
    return found


async def test_activities_are_found_again_and_matched_by_the_rules(alder: Company) -> None:
    await done(alder, "sal", "addMatchingRule", plan=alder.node("DACH"), product="GTX")
    asked = [visit("A", product="gtx", minutes=30), visit("BB", minutes=20, seller="Ann"), visit("CCC")]
    before = await alder.revision()
    for who in ("vera", "olaf"):
        assert (await alder.do(who, "recordActivities", activities=asked))["code"] == "FORBIDDEN"
    wrong = [*asked, asked[0], visit("D", kind=" ", minutes=-1), visit("E", date="2026-11-17")]
    refusal = await alder.do("sal", "recordActivities", activities=wrong)
    assert (refusal["code"], len(refusal["details"])) == ("INVALID", 4)
    assert await alder.revision() == before
    first = await alder.do("sal", "recordActivities", COUNTS, activities=asked)
    assert (first["created"], first["matched"], first["orphans"]) == (3, 1, 2)
    assert await alder.revision() == before + 2, "one fact for the plan, one for what has none"
    again = await alder.do("sal", "recordActivities", COUNTS, activities=asked)
    assert (again["unchanged"], await alder.revision()) == (3, before + 2)
    moved = await alder.do("sal", "recordActivities", COUNTS, plan=alder.node("DACH"), activities=[asked[1]])
    assert moved["changed"] == 1
    listed = (await alder.ask("eve", LISTED))["organization"]["salesActivities"]
    assert (listed["totalCount"], [each["node"]["externalId"] for each in listed["edges"]]) == (3, ["CCC", "BB"])
    rest = await alder.ask("eve", LISTED, after=listed["pageInfo"]["endCursor"])
    (last,) = rest["organization"]["salesActivities"]["edges"]
    assert last["node"] == {"externalId": "A", "date": "2026-10-01", "minutes": 30, "plan": {"name": "DACH"}}
    orphans = (await alder.ask("eve", LISTED, orphan=True))["organization"]["salesActivities"]
    assert [each["node"]["externalId"] for each in orphans["edges"]] == ["CCC"]


async def test_alignment_of_quota_pay_and_time_at_any_node(alder: Company) -> None:
    await alder.create(Level.SALES_PLAN, "Nordics", "Full service", by="sal", owner=alder.people["sal"])
    await done(alder, "sal", "editNode", node=alder.node("DACH"), sellers=["Ann"])
    await line(alder, "REVENUE", "Contracts sold", {"2026-11": "400"})
    await done(alder, "sal", "setQuota", plan=alder.node("DACH"), quota=[{"month": "2026-11", "amount": "300"}])
    await done(alder, "sal", "setQuota", plan=alder.node("Nordics"), quota=[{"month": "2026-11", "amount": "200"}])
    pay = [
        {"seller": alder.person("vera"), "name": "Contracts", "weight": "30", "rewards": alder.node("Full service")},
        {"seller": alder.person("vera"), "name": "Anything", "weight": "50"},
    ]
    await done(alder, "sal", "setIncentives", plan=alder.node("DACH"), incentives=pay)
    sister = [{"seller": alder.person("vera"), "name": "Team", "weight": "20", "rewards": alder.node("DACH")}]
    await done(alder, "sal", "setIncentives", plan=alder.node("Nordics"), incentives=sister)
    nothing = await aligned(alder, "DACH")
    assert (nothing["quotaCovers"], nothing["incentiveShare"], nothing["activityShare"]) == (
        "0.750000",
        "0.375000",
        None,
    )
    assert nothing["sentence"] == (
        "Quota covers 75 % of the planned revenue; 37.5 % of the incentive weight points here or above; "
        "no activity is logged."
    )
    visits = [visit("A", minutes=90), visit("BB", minutes=10)]
    await done(alder, "sal", "recordActivities", plan=alder.node("DACH"), activities=visits)
    stray = [visit("CCC", minutes=100, seller="ANN "), visit("DDDD", minutes=300, seller="Bea")]
    await done(alder, "sal", "recordActivities", activities=stray)
    assert (await aligned(alder, "DACH"))["activityShare"] == "0.000000", "no plan is decided yet"
    await Node.filter(id=alder.nodes["DACH"]).update(stage=Stage.DECIDED.value)
    for place in ("DACH", "Full service", "Growth"):
        found = await aligned(alder, place)
        assert (found["activityShare"], found["byTime"]) == ("0.500000", True), place
    found = await aligned(alder, "Growth")
    assert (found["quotaCovers"], found["incentiveShare"]) == ("1.250000", "0.500000")
    assert {"name": "Planned revenue", "value": "400.00 EUR"} in found["inputs"]
    document = "{ organization { alignment { activityShare byTime } } }"
    whole = (await alder.ask("eve", document))["organization"]["alignment"]
    assert whole == {"activityShare": "0.200000", "byTime": True}
    await done(alder, "sal", "recordActivities", activities=[visit("EEEEE", seller="Ann")])
    counted = await aligned(alder, "DACH")
    assert (counted["activityShare"], counted["byTime"]) == ("0.500000", False)
    hidden = await aligned(alder, "Growth", who="vera")
    assert hidden["quotaCovers"] is None
    assert "EUR" not in str(hidden["inputs"])
