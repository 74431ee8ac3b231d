"""Proposing and deciding changes of the plans of Alder Pumps, by the API only."""

from typing import Any

from server.domain.stages import STAGES
from tests.support.company import Company
from tests.support.measures import passed, prepared

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
    for into in STAGES[1:4]:
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
