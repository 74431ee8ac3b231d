"""Actual rates: a second view of what is in the books, and the currency effect between the two (law §4)."""

from typing import Any

from tests.support.company import Company
from tests.support.measures import done, series

VALUE = "{ value { amount } inputs { name value } }"
EFFECT = f"{{ atPlanRates {VALUE} atActualRates {VALUE} effect {VALUE} }}"
EFFECTS = f"""query ($id: ID!) {{ node(id: $id) {{ ... on CascadeNode {{ rollUp(from: "2026-09", to: "2026-12") {{
    headline {{ actual {{ value {{ amount }} }} }}
    currencyEffect {{ actual {EFFECT} confirmed {EFFECT} spend {EFFECT} }} }} }} }} }}"""
RATES = "... on Organization { actualRates { month currency rate } planRates { fiscalYear currency rate } }"


async def dollars(alder: Company, kind: str) -> str:
    """A line in dollars, at a plan rate of 0.90."""
    await done(alder, "carl", "setPlanRate", fiscalYear=2026, currency="USD", rate="0.9")
    asked = {"initiative": alder.node("Full service"), "kind": kind, "name": kind.capitalize(), "currency": "USD"}
    return str((await done(alder, "olaf", "addValueLine", "... on ValueLine { id }", **asked))["id"])


async def effects(alder: Company, who: str = "eve") -> dict[str, Any]:
    """The currency effects at the top, and the headline actual beside them."""
    found: dict[str, Any] = (await alder.ask(who, EFFECTS, id=alder.node("Growth")))["node"]["rollUp"]
    return found


def three(effect: dict[str, Any]) -> list[str]:
    return [effect[name]["value"]["amount"] for name in ("atPlanRates", "atActualRates", "effect")]


async def test_only_a_controller_sets_an_actual_rate_and_every_fault_is_named(alder: Company) -> None:
    before = await alder.revision()
    asked = {"month": "2026-10", "currency": "USD", "rate": "0.95"}
    assert (await alder.do("lea", "setActualRate", **asked))["code"] == "FORBIDDEN"
    faults = await alder.do("carl", "setActualRate", month="2026-12", currency="EUR", rate="0.00000000001")
    assert (faults["code"], len(faults["details"])) == ("INVALID", 3)
    assert await alder.revision() == before
    shown = await done(alder, "carl", "setActualRate", RATES, **asked)
    assert shown["actualRates"] == [{"month": "2026-10", "currency": "USD", "rate": "0.95"}]
    unchanged = await alder.revision()
    await done(alder, "carl", "setActualRate", **(asked | {"rate": "0.9500"}))
    assert await alder.revision() == unchanged


async def test_the_currency_effect_is_the_books_at_actual_rates_less_at_plan_rates(alder: Company) -> None:
    margin, capex = await dollars(alder, "MARGIN"), await dollars(alder, "CAPEX")
    await series(alder, "olaf", "recordActual", margin, {"2026-10": "1000", "2026-11": "100"})
    await series(alder, "olaf", "recordActual", capex, {"2026-10": "200"})
    assert three((await effects(alder))["currencyEffect"]["actual"]) == ["990.00", "990.00", "0.00"]
    shown = await done(alder, "carl", "setActualRate", month="2026-10", currency="USD", rate="0.955")
    assert shown["__typename"] == "Organization"
    found = await effects(alder)
    assert three(found["currencyEffect"]["actual"]) == ["990.00", "1045.00", "55.00"]
    assert three(found["currencyEffect"]["spend"]) == ["180.00", "191.00", "11.00"]
    assert found["headline"]["actual"]["value"]["amount"] == "990.00", "every other figure stays at plan rates"
    assert found["currencyEffect"]["actual"]["effect"]["inputs"] == [
        {"name": "At actual rates", "value": "1,045.00 EUR"},
        {"name": "At plan rates, taken off", "value": "-990.00 EUR"},
    ]  # fmt: skip
    await series(alder, "olaf", "recordActual", margin, {"2026-10": "2000"})  # written after the rate was set
    assert three((await effects(alder))["currencyEffect"]["actual"]) == ["1890.00", "2000.00", "110.00"]
    asked: dict[str, Any] = {"line": margin, "months": [{"month": "2026-10", "amount": None}], "reason": "Booked twice"}
    await done(alder, "carl", "correctActual", **asked)
    assert three((await effects(alder))["currencyEffect"]["actual"]) == ["90.00", "90.00", "0.00"]


async def test_without_its_actual_rate_a_month_is_at_the_plan_rate_again(alder: Company) -> None:
    margin = await dollars(alder, "MARGIN")
    await done(alder, "carl", "setActualRate", month="2026-10", currency="USD", rate="1")
    await series(alder, "olaf", "recordActual", margin, {"2026-10": "1000"})
    assert three((await effects(alder))["currencyEffect"]["actual"]) == ["900.00", "1000.00", "100.00"]
    await done(alder, "carl", "setPlanRate", fiscalYear=2026, currency="USD", rate="0.8")
    assert three((await effects(alder))["currencyEffect"]["actual"]) == ["800.00", "1000.00", "200.00"]
    cleared = await done(alder, "carl", "setActualRate", RATES, month="2026-10", currency="USD", rate=None)
    assert cleared["actualRates"] == []
    assert three((await effects(alder))["currencyEffect"]["actual"]) == ["800.00", "800.00", "0.00"]
    (fact,) = (await alder.ask("eve", "{ ledger(first: 1) { edges { node { sentence } } } }"))["ledger"]["edges"]
    assert fact["node"]["sentence"] == (
        "Carl took away the actual rate of USD in October 2026, which was 1 EUR, and converted 1 month of value lines."
    )


async def test_amounts_at_actual_rates_are_a_right_too(alder: Company) -> None:
    margin = await dollars(alder, "MARGIN")
    await done(alder, "carl", "setActualRate", month="2026-10", currency="USD", rate="1")
    await series(alder, "olaf", "recordActual", margin, {"2026-10": "1000"})
    found = (await effects(alder, "vera"))["currencyEffect"]["actual"]
    assert [found[name]["value"] for name in ("atPlanRates", "atActualRates", "effect")] == [None] * 3
