"""Holding, cancelling and resuming measures through the API."""

from typing import Any

from server.domain.stages import STAGES
from tests.support.company import Company
from tests.support.measures import (
    done,
    passed,
    prepared,
    sentences,
    submit,
    submitted,
    voted,
)

IDENTIFIED, DETAILED = STAGES[1:3]
MEASURE = "query ($id: ID!) { node(id: $id) { ... on Measure { stage standing standingReason reviewOn } } }"


async def measure(company: Company, name: str) -> dict[str, Any]:
    return dict((await company.ask("vera", MEASURE, id=company.node(name)))["node"])


async def test_a_hold_at_the_gate_holds_its_open_sales_plans_each_by_a_fact_of_its_own(alder: Company) -> None:
    await prepared(alder)
    await passed(alder, "Full service", IDENTIFIED)
    await submitted(alder, "DACH", IDENTIFIED)
    await submitted(alder, "Full service", DETAILED)
    await voted(alder, "sam", "Full service", DETAILED, "HOLD", reviewOn="2027-01-15", comment="After the audit")
    assert (await sentences(alder))[:3] == [
        "Sam put “DACH” on hold until 2027-01-15 with its initiative “Full service”: After the audit",
        "Sam put “Full service” on hold until 2027-01-15: After the audit",
        "Sam voted HOLD as sponsor on “Full service” into Detailed: After the audit",
    ]
    for name in ("Full service", "DACH"):
        held = await measure(alder, name)
        assert (held["standing"], held["reviewOn"]) == ("ON_HOLD", "2027-01-15")
    ended = await voted(alder, "pia", "DACH", IDENTIFIED)
    assert (ended["code"], "put on hold" in ended["message"]) == ("ALREADY_DECIDED", True)
    assert (await submit(alder, "Full service", DETAILED))["code"] == "WRONG_STAGE"
    first = await alder.do("sam", "resumeMeasure", measure=alder.node("DACH"))
    assert (first["code"], "“Full service”, which is on hold" in first["message"]) == ("WRONG_STAGE", True)
    for name in ("Full service", "DACH"):
        await done(alder, "sam", "resumeMeasure", measure=alder.node(name))
    assert (await measure(alder, "Full service"))["stage"] == "IDENTIFIED"
    assert (await submit(alder, "Full service", DETAILED))["__typename"] == "Gate"


async def test_holding_and_cancelling_is_the_sponsors_before_decided_and_the_executives_after(alder: Company) -> None:
    await prepared(alder)
    node = alder.node("Full service")
    assert (await alder.do("eve", "cancelMeasure", measure=node, reason="No"))["code"] == "FORBIDDEN"
    assert (await alder.do("sam", "holdMeasure", measure=node, reviewOn="2026-11-01", reason=" "))["details"] == [
        "reason is missing; write it.",
        "The review date 2026-11-01 is not in the future: choose a later day.",
    ]
    await done(alder, "sam", "holdMeasure", measure=node, reviewOn="2027-01-15", reason="After the audit")
    await done(alder, "sam", "cancelMeasure", measure=node, reason="The audit failed")
    for name in ("Full service", "DACH"):
        given_up = await measure(alder, name)
        assert (given_up["standing"], given_up["standingReason"]) == ("CANCELLED", "The audit failed")
    final = await alder.do("sam", "resumeMeasure", measure=node)
    assert (final["code"], "which is final" in final["message"]) == ("WRONG_STAGE", True)
