"""Where sales are heading, through the API: pace, projected end, forecast categories, capacity, over-assignment."""

from typing import Any

from server.domain.cascade import Level
from tests.support.company import Company
from tests.support.measures import done, line

PERIOD = 'from: "2026-10", to: "2026-12"'
FIGURE = "{ value { amount } formula omitted inputs { name value } }"
OUTLOOK = f"""query ($id: ID!) {{ node(id: $id) {{ ... on CascadeNode {{ sales({PERIOD}) {{
    pace {FIGURE} projectedEnd {FIGURE} projectedAttainment lateStagePipeline {FIGURE} lateStageCoverage
    plannedRevenue {FIGURE} overAssignment capacity {FIGURE} capacityCover
    byForecastCategory {{ key openPipeline {{ amount }} openCount }} bySeller {{ key quota {{ amount }}
    capacity {{ amount }} }} byMonth {{ key capacity {{ amount }} }} }} }} }} }}"""


def deal(number: str, state: str = "OPEN", amount: str | None = "100", **fields: Any) -> dict[str, Any]:
    """A deal that closes, or is expected to close, in November 2026."""
    closes = {"closedOn": "2026-11-10"}
    return {"system": "crm", "externalId": number, "stage": "S", "state": state, "amount": amount, **closes, **fields}


async def sales(company: Company, place: str, who: str = "eve") -> dict[str, Any]:
    """The figures of a place, in the last quarter of 2026."""
    found: dict[str, Any] = (await company.ask(who, OUTLOOK, id=company.node(place)))["node"]["sales"]
    return found


async def test_where_the_quarter_is_heading(alder: Company) -> None:
    quota = [{"month": f"2026-{month}", "amount": "100"} for month in (10, 11, 12)]
    await done(alder, "sal", "setQuota", plan=alder.node("DACH"), quota=quota)
    wrong = await alder.do("sal", "recordResults", results=[deal("X", forecastCategory="CLOSED")])
    assert "not in the category CLOSED" in wrong["message"]
    deals = [
        deal("W", "WON", "94", forecastCategory="CLOSED"),
        deal("C", amount="40", forecastCategory="COMMIT", probability="0.1"),
        deal("B", amount="20", forecastCategory="BEST_CASE"),
        deal("P", amount="500", forecastCategory="PIPELINE", probability="0.9"),
        deal("L", amount="43", probability="0.5"),
        deal("E", amount="7", probability="0.4999"),
        deal("N", amount=None, forecastCategory="COMMIT"),
        deal("Y", amount="9000", forecastCategory="COMMIT", closedOn="2027-01-02"),
    ]  # fmt: skip
    await done(alder, "sal", "recordResults", plan=alder.node("DACH"), results=deals)
    found = await sales(alder, "DACH")
    assert found["pace"]["value"]["amount"] == "184.00"  # 94 in 47 of 92 days
    assert found["pace"]["inputs"][1:] == [
        {"name": "Days elapsed", "value": "47"}, {"name": "Days in the period", "value": "92"}
    ]  # fmt: skip
    late = found["lateStagePipeline"]
    assert (late["value"]["amount"], late["omitted"], late["inputs"][0]["value"]) == ("103.00", 1, "4")
    assert found["lateStageCoverage"] == "0.500000"  # 103 ÷ (300 − 94)
    assert found["projectedEnd"]["value"]["amount"] == "573.00"  # 94 + 4 + 450 + 21.50 + 3.4993
    categories = {one["key"]: (one["openPipeline"]["amount"], one["openCount"]) for one in found["byForecastCategory"]}
    assert categories == {
        "COMMIT": ("40.00", 2), "BEST_CASE": ("20.00", 1), "PIPELINE": ("500.00", 1), "CLOSED": ("0.00", 0),
        "": ("50.00", 2),
    }  # fmt: skip
    later = OUTLOOK.replace(PERIOD, 'from: "2027-01", to: "2027-03"')
    assert (await alder.ask("eve", later, id=alder.node("DACH")))["node"]["sales"]["pace"] is None


async def test_over_assignment_adds_by_initiative_and_is_null_where_no_revenue_is_planned(alder: Company) -> None:
    await alder.create(Level.INITIATIVE, "Savings", "Contracts", owner=alder.people["olaf"])
    await alder.create(Level.SALES_PLAN, "Side", "Savings", by="sal", owner=alder.people["sal"])
    for plan, amount in (("DACH", "500"), ("Side", "70")):
        await done(alder, "sal", "setQuota", plan=alder.node(plan), quota=[{"month": "2026-11", "amount": amount}])
    assert (await sales(alder, "Contracts"))["overAssignment"] is None
    await line(alder, "REVENUE", "Contracts sold", {"2026-11": "300", "2026-12": "100", "2027-01": "900"})
    for place in ("Full service", "Contracts", "Growth"):
        found = await sales(alder, place)
        assert (found["overAssignment"], found["plannedRevenue"]["value"]["amount"]) == ("0.250000", "400.00")
        assert {"name": "Their quota", "value": "500.00 EUR"} in found["plannedRevenue"]["inputs"]
    for place in ("DACH", "Savings"):
        assert (await sales(alder, place))["overAssignment"] is None
    hidden = await sales(alder, "Growth", who="vera")
    assert (hidden["overAssignment"], hidden["plannedRevenue"]["value"]) == (None, None)


async def test_capacity_by_seller_stands_beside_quota(alder: Company) -> None:
    plan = alder.node("DACH")
    quota = [{"month": "2026-11", "dimension": "SELLER", "segment": "Ann", "amount": "200"}]
    await done(alder, "sal", "setQuota", plan=plan, quota=quota)
    lines = [
        {"seller": "Ann", "month": "2026-11", "amount": "150"},
        {"seller": "Bea", "month": "2026-12", "amount": "50"},
    ]
    before = await alder.revision()
    assert (await alder.do("olaf", "setCapacity", plan=plan, capacity=lines))["code"] == "FORBIDDEN"
    wrong = await alder.do("sal", "setCapacity", plan=plan, capacity=[*lines, lines[0], {**lines[1], "amount": "-1"}])
    assert (wrong["code"], len(wrong["details"])) == ("INVALID", 3)
    assert await alder.revision() == before
    shown = "... on SalesPlan { capacity { seller month amount { amount } } }"
    made = await alder.do("sal", "setCapacity", shown, plan=plan, capacity=lines)
    assert [(one["seller"], one["amount"]["amount"]) for one in made["capacity"]] == [
        ("Ann", "150.00"),
        ("Bea", "50.00"),
    ]
    assert await alder.revision() == before + 1
    await alder.do("sal", "setCapacity", plan=plan, capacity=lines)
    assert await alder.revision() == before + 1, "what changes nothing records nothing"
    found = await sales(alder, "Growth")
    assert (found["capacity"]["value"]["amount"], found["capacityCover"]) == ("200.00", "1.000000")
    assert [(one["key"], one["quota"]["amount"], one["capacity"]["amount"]) for one in found["bySeller"]] == [
        ("Ann", "200.00", "150.00"), ("Bea", "0.00", "50.00"),
    ]  # fmt: skip
    assert [one["capacity"]["amount"] for one in found["byMonth"]] == ["0.00", "150.00", "50.00"]
    gone = await alder.do("sal", "setCapacity", shown, plan=plan, capacity=[{**lines[0], "amount": None}])
    assert [one["seller"] for one in gone["capacity"]] == ["Bea"]
