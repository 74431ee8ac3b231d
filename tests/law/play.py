"""A play in which every mutation of the contract succeeds at least once, in one company."""

import io
from datetime import timedelta
from typing import Any

from starlette.datastructures import UploadFile

from server.domain.stages import Stage
from server.models.sales import Opportunity
from server.schema import ids
from tests.support.company import Company
from tests.support.measures import achieved, done, gate, milestone, passed, prepared, series, submitted, voted

# What concerns one's own session and secrets only, which no ledger tells: tests/api/test_sign_in.py has them.
NOT_TOLD = {"signIn", "signOut", "setPassword"}
MAPPING = """
system: crm
currency: EUR
files: {deals: deals.csv}
columns: {externalId: id, seller: seller, stage: stage, amount: amount, closedOn: closed}
stages: {Open: OPEN, Won: WON}
plans: {attach: Growth / Service / Contracts / Full service / DACH}
"""
DEALS = b"id,seller,stage,amount,closed\n1,Ann,Won,90,2026-11-02\n9,Ben,Open,5,\n"
ID = "... on Node { id }"


async def play(company: Company) -> None:
    """Every scene; what one makes, later ones go on with."""
    await _cascade(company)
    await _people(company)
    made = await prepared(company)
    await _before_the_gates(company, made)
    await _lights(company)
    await _gates(company)
    await _changes(company, made)
    await _cycles(company)
    await _to_the_end(company, made)
    await _policy(company)
    await _giving_up(company)


async def _made(company: Company, by: str, verb: str, **asked: Any) -> str:
    return str((await done(company, by, verb, ID, **asked))["id"])


async def _cascade(company: Company) -> None:
    parties = {"sponsor": company.person("sam"), "controller": company.person("carl")}
    unit = {"businessUnit": "Parts", "tags": ["new"], "externalIds": [{"system": "erp", "id": "7"}]}
    objective = await _made(company, "eve", "createObjective", name="Margin", metric="EBIT", target="12.5")
    portfolio = await _made(company, "lea", "createPortfolio", name="Parts", parent=objective, **unit)
    program = await _made(company, "lea", "createProgram", name="Spare parts", parent=portfolio)
    initiative = await _made(
        company, "pia", "createInitiative", name="Kits", parent=program, owner=company.person("olaf"), **parties
    )
    await _made(company, "sal", "createSalesPlan", name="Nordics", parent=initiative, sellers=["Ann"], **parties)
    asked = {"name": "EBIT", "direction": "INCREASE", "start": "8", "target": "12.5", "unit": "%"}
    ebit = await _made(company, "eve", "addIndicator", under=objective, **asked)
    await done(company, "lea", "editIndicator", indicator=ebit, decides=True, targetDate="2027-12-31")
    await done(company, "lea", "setIndicatorPath", indicator=ebit, points=[{"date": "2026-12-31", "target": "10"}])
    await done(company, "eve", "recordIndicator", indicator=ebit, date="2026-11-02", actual="9.1", note="Books")
    churn = await _made(company, "eve", "addIndicator", under=objective, name="Churn", direction="DECREASE")
    await done(company, "eve", "recordIndicator", indicator=churn, date="2026-11-02", actual="4")
    await done(company, "eve", "removeIndicator", indicator=churn)
    for node, name in ((program, "Spare parts"), (initiative, "Kits"), (portfolio, "Parts")):
        company.nodes[name] = company.uuid(node)
    await done(company, "lea", "editNode", node=portfolio, externalIds=[{"system": "erp", "id": "8"}], tags=[])
    await done(company, "lea", "moveNode", node=program, parent=company.node("Service"))


async def _people(company: Company) -> None:
    nora = await _made(
        company, "ada", "addPerson", name="Nora Ny", email="nora@alder.example", password="a long secret"
    )
    company.people["nora"] = company.uuid(nora)
    seat = await _made(company, "ada", "grantSeat", person=nora, role="PROGRAM_LEAD", at=company.node("Service"))
    await done(company, "eve", "ratifySeat", seat=seat)
    until = (company.now.date() + timedelta(days=20)).isoformat()
    asked = {"seat": seat, "delegate": company.person("vera"), "until": until, "reason": "Leave"}
    lent = await _made(company, "nora", "delegateVote", **asked)
    await done(company, "nora", "revokeDelegation", delegation=lent)
    await done(company, "ada", "handOverDesk", **{"from": nora, "to": company.person("vera"), "reason": "She leaves"})
    other = await _made(company, "ada", "grantSeat", person=nora, role="VIEWER", at=company.node("Service"))
    await done(company, "ada", "endSeat", seat=other)
    machine = await _made(company, "ada", "addPerson", name="CRM connector")
    await done(company, "ada", "grantSeat", person=machine, role="PARTNER")
    issued = {"machine": machine, "label": "CRM", "ends": "2027-03-31"}
    shown = "... on IssuedToken { token { id } }"
    token = await done(company, "ada", "createToken", shown, scopes=["RESULTS_WRITE"], **issued)
    await done(company, "ada", "revokeToken", token=token["token"]["id"])
    made = await done(company, "vera", "createCalendarFeed", "... on IssuedCalendarFeed { feed { id } }", label="Phone")
    await done(company, "vera", "revokeCalendarFeed", feed=made["feed"]["id"])


async def _before_the_gates(company: Company, made: dict[str, str]) -> None:
    dach = company.node("DACH")
    for fiscal_year in (2026, 2027):
        await done(company, "carl", "setPlanRate", fiscalYear=fiscal_year, currency="USD", rate="0.9")
    asked = {"initiative": company.node("Full service"), "kind": "MARGIN", "name": "Margin", "currency": "USD"}
    margin = await _made(company, "olaf", "addValueLine", **asked)
    baseline = {"baseline": "10", "baselineSource": "Ledger 2025", "baselineDate": "2025-12-31"}
    await done(company, "olaf", "editValueLine", line=margin, **baseline)
    await series(company, "olaf", "setPlan", margin, {"2027-01": "1000.01", "2027-02": "500"})
    await done(company, "carl", "setPlanRate", fiscalYear=2027, currency="USD", rate="0.8")
    await done(company, "carl", "setActualRate", month="2026-11", currency="USD", rate="0.91")
    for amount in ("500000", "600000.01", None):
        await done(company, "lea", "setBudget", portfolio=company.node("Service"), fiscalYear=2027, amount=amount)
    await done(company, "lea", "setBudget", portfolio=company.node("Service"), fiscalYear=2026, amount="12")
    deal = {"system": "crm", "externalId": "1", "stage": "S", "state": "OPEN", "amount": "100", "currency": "USD"}
    rule = await _made(company, "sal", "addMatchingRule", plan=dach, product="Contract", territory="North")
    await _made(company, "pia", "addMatchingRule", plan=dach, product="Contract")
    await done(company, "lea", "moveMatchingRule", rule=rule, position=2)
    await done(company, "sal", "editMatchingRule", rule=rule, territory=None, seller="Ann")
    await done(company, "sal", "recordResults", results=[deal | {"externalId": "M1", "product": "contract "}])
    await done(company, "sal", "recordResults", results=[deal | {"externalId": "M2", "seller": "Zoe"}])
    zoe = await _made(company, "sal", "addMatchingRule", plan=dach, seller="zoe", position=1)
    applied = await done(company, "sal", "applyMatchingRules", "... on AppliedRules { assigned }")
    assert applied["assigned"] == 1
    await done(company, "sal", "removeMatchingRule", rule=zoe)
    placed = await Opportunity.get(organization_id=company.id, external_id="M2")
    await done(company, "sal", "assignResults", opportunities=[str(ids.issue("opportunity", placed.id))])
    await done(company, "sal", "recordResults", plan=dach, results=[deal])
    visit = {"system": "crm", "externalId": "V1", "kind": "Visit", "date": company.now.date().isoformat()}
    await done(company, "sal", "recordActivities", activities=[visit, visit | {"externalId": "V2", "seller": "Ann"}])
    await done(company, "sal", "recordActivities", plan=dach, activities=[visit | {"minutes": 30}])
    sells = {"seller": "Ann", "month": "2027-01"}
    await done(company, "sal", "setCapacity", plan=dach, capacity=[sells | {"amount": "100"}])
    await done(company, "sal", "setCapacity", plan=dach, capacity=[sells | {"amount": "90.50"}])
    await done(company, "sal", "setCapacity", plan=dach, capacity=[sells | {"amount": None}])
    await done(company, "sal", "recordResults", results=[deal | {"amount": "120", "currency": "EUR"}])
    file = UploadFile(io.BytesIO(DEALS), filename="deals.csv")
    asked_for: dict[str, Any] = {"kind": "CRM", "files": [file], "mapping": MAPPING}
    await done(company, "sal", "importFile", "... on ImportReport { changed }", **asked_for)
    await done(company, "sal", "saveImportMapping", name="Our CRM", kind="CRM", yaml=MAPPING)
    spare = await milestone(company, "Full service")
    await done(company, "olaf", "editMilestone", milestone=spare, due="2027-02-28", assignee=company.person("sal"))
    proof = {"source": "The system", "date": company.now.date().isoformat()}
    await done(company, "olaf", "recordReading", milestone=spare, reading="3", **proof)
    for verb in ("addDependency", "removeDependency"):
        await done(company, "olaf", verb, milestone=spare, awaits=made["Full service"])
    await done(company, "olaf", "cancelMilestone", milestone=spare, reason="Not needed")
    await done(
        company, "olaf", "attachEvidence", measure=company.node("Full service"), url="https://alder.example", **proof
    )
    made["Margin"] = margin


async def _lights(company: Company) -> None:
    """One is set worse, one better than proposed, and one is taken back."""
    asked = {"measure": company.node("Full service"), "light": "POTENTIAL"}
    await done(company, "olaf", "setLight", **asked, colour="AMBER")
    await done(company, "olaf", "setLight", **asked, colour="GREEN", reason="Two contracts are signed")
    await done(company, "olaf", "setLight", **asked)


async def _gates(company: Company) -> None:
    """To DECIDED, with all that can happen at a gate."""
    asked = await submitted(company, "Full service", Stage.IDENTIFIED)
    at = gate(company, "Full service", Stage.IDENTIFIED)
    question = await _made(company, "pia", "askQuestion", submission=asked["submission"]["id"], text="Which suppliers?")
    await done(company, "olaf", "answerQuestion", question=question, text="Alpha and Beta")
    company.later(days=2)
    await done(company, "lea", "remindDeciders", gate=at)
    await done(company, "olaf", "retractSubmission", gate=at)
    await submitted(company, "Full service", Stage.IDENTIFIED)
    await voted(company, "pia", "Full service", Stage.IDENTIFIED, "HOLD", reviewOn="2027-06-30")
    for name in ("Full service", "DACH"):
        await done(company, "sam", "resumeMeasure", measure=company.node(name))
    await done(company, "sam", "holdMeasure", measure=company.node("DACH"), reviewOn="2027-06-30", reason="The audit")
    await done(company, "sam", "resumeMeasure", measure=company.node("DACH"))
    for into in (Stage.IDENTIFIED, Stage.DETAILED, Stage.DECIDED):
        for name in ("Full service", "DACH"):
            await passed(company, name, into)


async def _changes(company: Company, made: dict[str, str]) -> None:
    """A plan that was decided is changed: taken back once, then decided."""
    shown = "... on ChangeRequest { id }"
    months = [{"line": made["Contracts"], "months": [{"month": "2027-01", "amount": "9000"}]}]
    line = {"kind": "RUN_COST", "name": "Hotline", "months": [{"month": "2027-01", "amount": "100"}]}
    asked: dict[str, Any] = {"measure": company.node("Full service"), "reason": "The market moved"}
    change = await done(company, "olaf", "proposeChange", shown, plan=months, **asked)
    await done(company, "olaf", "retractChange", change=change["id"])
    due = [{"milestone": made["Full service"], "due": "2027-03-31"}]
    change = await done(company, "olaf", "proposeChange", shown, plan=months, newLines=[line], dueDates=due, **asked)
    for by, stated in (("sam", {}), ("carl", {"confirmed": "9000"})):
        await done(company, by, "decideChange", shown, change=change["id"], outcome="GO", **stated)
    quota = [{"month": "2027-01", "amount": "100000"}]
    change = await done(
        company, "sal", "proposeChange", shown, measure=company.node("DACH"), reason="Less", quota=quota
    )
    for by, stated in (("sam", {}), ("carl", {"confirmed": "9000"})):
        await done(company, by, "decideChange", shown, change=change["id"], outcome="GO", **stated)


async def _cycles(company: Company) -> None:
    """The first is opened by hand and closed, which opens the next."""
    await done(company, "olaf", "setLight", measure=company.node("Full service"), light="IMPLEMENTATION", colour="RED")
    cycle = await _made(company, "lea", "openCycle")
    await done(company, "lea", "closeCycle", cycle=cycle)


async def _to_the_end(company: Company, made: dict[str, str]) -> None:
    """To CLOSED, and open again."""
    await achieved(company, made)
    for name in ("Contracts", "Margin"):
        await series(company, "olaf", "setForecast", made[name], {"2027-02": "9000"})
    for name in ("Full service", "DACH"):
        await passed(company, name, Stage.IMPLEMENTED)
    company.later(days=140)
    past = dict.fromkeys(("2026-12", "2027-01", "2027-02", "2027-03"), "100")
    for name in ("Contracts", "Margin"):
        await series(company, "olaf", "recordActual", made[name], past)
    again: dict[str, Any] = {"months": [{"month": "2027-03", "amount": "99"}], "reason": "A credit note"}
    await done(company, "carl", "correctActual", line=made["Contracts"], **again)
    await series(company, "carl", "confirmValue", made["Contracts"], {"2027-01": "90"})
    proof = {"source": "The books", "date": company.now.date().isoformat(), "url": "https://alder.example/books"}
    for name, owner in (("DACH", "sal"), ("Full service", "olaf")):
        await done(company, owner, "attachEvidence", measure=company.node(name), **proof)
        await done(company, owner, "editNode", node=company.node(name), varianceExplanation="Later than planned")
        await passed(company, name, Stage.CLOSED)
    asked = {"measure": company.node("Full service"), "reason": "A credit note came in"}
    change = await done(company, "carl", "reopenMeasure", "... on ChangeRequest { id }", **asked)
    await done(company, "sam", "decideChange", change=change["id"], outcome="GO")


async def _policy(company: Company) -> None:
    """A draft that is discarded, one that comes back, one that is declined, and one that is ratified."""
    draft = await _made(company, "lea", "editPolicyDraft", template="LEAN")
    await done(company, "lea", "discardPolicyDraft", policy=draft)
    draft = await _made(company, "lea", "editPolicyDraft", template="AUDIT_GRADE")
    await done(company, "lea", "proposePolicy", policy=draft)
    await done(company, "lea", "withdrawPolicy", policy=draft)
    await done(company, "lea", "proposePolicy", policy=draft)
    await done(company, "eve", "declinePolicy", policy=draft, comment="Not yet")
    await done(company, "lea", "proposePolicy", policy=draft)
    await done(company, "eve", "ratifyPolicy", policy=draft)


async def _giving_up(company: Company) -> None:
    await done(company, "sam", "cancelMeasure", measure=company.node("Kits"), reason="No demand")
    await done(company, "lea", "cancelNode", node=company.node("Spare parts"), reason="Empty")
