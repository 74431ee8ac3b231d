"""Bringing the measures of Alder Pumps through their gates, by the API only."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from server.actions.gates import submit_gate
from server.domain.cascade import Level
from server.domain.stages import Stage
from server.live.work import perform
from server.schema import ids
from tests.support.company import Company

OWNERS = {"Full service": "olaf", "DACH": "sal"}
# gate → who votes GO, and what they state
GO: dict[Stage, dict[str, dict[str, str]]] = {
    Stage.IDENTIFIED: {"pia": {}},
    Stage.DETAILED: {"sam": {}},
    Stage.DECIDED: {"sam": {}, "carl": {"confirmed": "120000"}},
    Stage.IMPLEMENTED: {"sam": {}},
    Stage.CLOSED: {"carl": {"confirmed": "90000"}},
}
GATE = "... on Gate { id revision submission { id } history { outcome } measure { stage standing revision } }"


def gate(company: Company, name: str, into: Stage) -> str:
    """The global id of a gate."""
    return str(ids.issue_gate(company.nodes[name], into))


async def handed_in(company: Company, names: Iterable[str]) -> None:
    """New initiatives of Olaf's under Contracts, each submitted for the first gate, by the verbs."""
    parties = {"owner": "olaf", "sponsor": "sam", "controller": "carl"}
    fields: dict[str, Any] = {part: company.people[person] for part, person in parties.items()}
    fields |= {"description": "As ever", "businessUnit": "Service", "estimatedValue": (Decimal(1000), "EUR")}
    olaf = await company.viewer("olaf")
    for name in names:
        node = await company.create(Level.INITIATIVE, name, "Contracts", **fields)
        await perform(olaf, submit_gate, company.now, measure=node, into=Stage.IDENTIFIED)


async def done(company: Company, by: str, verb: str, shown: str = "", **asked: Any) -> dict[str, Any]:
    """Run a mutation that must not be refused."""
    answer = await company.do(by, verb, shown, **asked)
    assert answer["__typename"] != "Refusal", answer
    return answer


async def described(company: Company, name: str) -> None:
    """Write what the gates into IDENTIFIED and DETAILED want to read."""
    await done(
        company,
        OWNERS[name],
        "editNode",
        node=company.node(name),
        description="Contracts instead of repairs",
        businessUnit="Service EMEA",
        estimatedValue={"amount": "120000", "currency": "EUR"},
        risks="Two suppliers only",
        overlaps="none",
    )


async def milestone(company: Company, name: str, due: str = "2026-12-31") -> str:
    """A critical outcome of a measure; its id."""
    asked = {"under": company.node(name), "name": "First contracts", "due": due, "critical": True, "target": "10"}
    made = await done(company, OWNERS[name], "addMilestone", "... on Milestone { id }", measureType="OUTCOME", **asked)
    return str(made["id"])


async def line(company: Company, kind: str, called: str, months: dict[str, str]) -> str:
    """A line of Full service with its baseline and its plan by month; its id."""
    asked = {"initiative": company.node("Full service"), "kind": kind, "name": called, "recurring": kind != "CAPEX"}
    baseline = {"baseline": "0", "baselineSource": "Ledger 2025", "baselineDate": "2025-12-31"}
    made = await done(company, "olaf", "addValueLine", "... on ValueLine { id }", **asked, **baseline)
    await series(company, "olaf", "setPlan", str(made["id"]), months)
    return str(made["id"])


async def series(company: Company, by: str, verb: str, on: str, months: dict[str, str]) -> None:
    """Write months of a series of a line."""
    wanted = [{"month": month, "amount": amount} for month, amount in months.items()]
    await done(company, by, verb, line=on, months=wanted)


async def quota(company: Company, amount: str = "120000") -> None:
    """Quota of DACH for January 2027, and what its seller is paid for."""
    await done(company, "sal", "setQuota", plan=company.node("DACH"), quota=[{"month": "2027-01", "amount": amount}])
    share = {"seller": company.person("vera"), "name": "Contracts", "weight": "100", "rewards": company.node("DACH")}
    await done(company, "sal", "setIncentives", plan=company.node("DACH"), incentives=[share])


async def prepared(company: Company) -> dict[str, str]:
    """Full service and DACH with all that the gates up to DECIDED ask for; ids of lines and milestones by name."""
    for name in OWNERS:
        await described(company, name)
    months = {f"2027-{month:02}": "10000" for month in range(1, 13)}
    await quota(company)
    return {
        "Contracts": await line(company, "REVENUE", "Contracts", months),
        "Tooling": await line(company, "CAPEX", "Tooling", {"2027-01": "5000"}),
        "Full service": await milestone(company, "Full service"),
        "DACH": await milestone(company, "DACH"),
    }


READINESS = """query ($id: ID!) { node(id: $id) { ... on Gate {
    into waitingOn { role needed people { name } } acts { act allowed why }
    readiness { ready freezes criteria { code met sentence } deciders { role needed people { name } } } } } }"""


async def shown(company: Company, by: str, name: str, into: Stage) -> dict[str, Any]:
    """A gate as somebody sees it."""
    return dict((await company.ask(by, READINESS, id=gate(company, name, into)))["node"])


async def sentences(company: Company, who: str = "eve") -> list[str]:
    """What the ledger tells, newest first."""
    data = await company.ask(who, "{ ledger(first: 100) { edges { node { sentence } } } }")
    return [edge["node"]["sentence"] for edge in data["ledger"]["edges"]]


async def submit(company: Company, name: str, into: Stage, by: str = "olaf") -> dict[str, Any]:
    """Submit a measure; the answer, be it a refusal."""
    return await company.do(by, "submitGate", GATE, measure=company.node(name), into=into.value)


async def achieved(company: Company, made: dict[str, str]) -> None:
    """Achieve the milestones of both measures with a reading, verified by the controller."""
    proof = {"reading": "11", "source": "CRM", "date": company.now.date().isoformat()}
    for name, owner in OWNERS.items():
        await done(company, owner, "achieveMilestone", milestone=made[name], **proof)
        await done(company, "carl", "verifyMilestone", milestone=made[name])


async def submitted(company: Company, name: str, into: Stage) -> dict[str, Any]:
    """Submit a measure by its owner."""
    return await done(company, OWNERS[name], "submitGate", GATE, measure=company.node(name), into=into.value)


async def voted(company: Company, by: str, name: str, into: Stage, outcome: str = "GO", **other: Any) -> dict[str, Any]:
    """Vote at a gate; the answer, be it a refusal."""
    return await company.do(by, "decideGate", GATE, gate=gate(company, name, into), outcome=outcome, **other)


async def passed(company: Company, name: str, into: Stage) -> None:
    """Submit a measure and let everybody vote GO whose vote it takes."""
    await submitted(company, name, into)
    for voter, other in GO[into].items():
        answer = await voted(company, voter, name, into, **other)
        assert answer["__typename"] == "Gate", answer
