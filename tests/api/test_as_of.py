"""Reading as of then: the same answer that was given then, with the rights of now, beside the present."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from starlette.datastructures import UploadFile

from server.domain.cascade import Level
from server.domain.stages import Stage
from tests.support.company import Company
from tests.support.everything import asked, everything
from tests.support.measures import (
    achieved,
    done,
    gate,
    passed,
    prepared,
    quota,
    series,
    submitted,
    voted,
)

MAPPING = """
system: crm
currency: EUR
files: {deals: deals.csv}
columns: {externalId: id, seller: seller, stage: stage, amount: amount, closedOn: closed}
stages: {Open: OPEN, Won: WON}
plans: {attach: Growth / Service / Contracts / Full service / DACH}
"""
DEALS = b"""id,seller,stage,amount,closed
2,Ann,Won,90,2027-03-02
9,Ben,Open,5,
"""


class Chronicle:
    """What everything looked like at each revision at which somebody looked.

    The rows behind every figure are hundreds of statements: every fifth look, and the last, goes down to them.
    """

    def __init__(self, company: Company) -> None:
        self.company = company
        self.closely, self.briefly = everything(), everything(but=("rows",))
        self.seen: dict[int, tuple[str, Any]] = {}

    async def look(self, *, closely: bool = False) -> None:
        """Remember the present, then let a day pass."""
        revision = await self.company.revision()
        assert revision not in self.seen, "nothing has happened since the last look"
        document = self.closely if closely or len(self.seen) % 5 == 0 else self.briefly
        self.seen[revision] = document, await asked(self.company, "eve", document)
        self.company.later(days=1)

    async def holds(self) -> None:
        """Whatever was seen is seen again as of then."""
        for revision, (document, then) in self.seen.items():
            again = await asked(self.company, "eve", document, asOf=str(revision))
            assert again == then, f"as of revision {revision}"


def deal(number: str, amount: str = "100", currency: str = "USD", **fields: Any) -> dict[str, Any]:
    return {
        "system": "crm", "externalId": number, "stage": "S", "state": "OPEN", "amount": amount, "currency": currency,
        "probability": "0.333", **fields,
    }  # fmt: skip


async def values_and_rates(company: Company, story: Chronicle) -> str:
    """Lines in two currencies, a rate that changes under them, and results that change, move and come by file.

    Answers the line in dollars.
    """
    dach = company.node("DACH")
    for fiscal_year in (2026, 2027):
        await done(company, "carl", "setPlanRate", fiscalYear=fiscal_year, currency="USD", rate="0.9")
    asks = {"initiative": company.node("Full service"), "kind": "MARGIN", "name": "Margin", "currency": "USD"}
    asks |= {"baseline": "0", "baselineSource": "Ledger 2025", "baselineDate": "2025-12-31"}
    margin = str((await done(company, "olaf", "addValueLine", "... on ValueLine { id }", **asks))["id"])
    await series(company, "olaf", "setPlan", margin, {"2027-01": "1000.01", "2027-02": "500"})
    await done(company, "sal", "recordResults", plan=dach, results=[deal("1"), deal("2", closedOn="2027-03-01")])
    await done(company, "sal", "recordResults", results=[deal("3", amount="7")])
    await story.look()
    await done(company, "carl", "setPlanRate", fiscalYear=2027, currency="USD", rate="0.8")
    await story.look()
    await done(company, "carl", "setPlanRate", fiscalYear=2026, currency="USD", rate="0.7")
    await series(company, "olaf", "setPlan", margin, {"2027-01": "900"})
    await story.look()
    lost = deal("1", state="LOST", closedOn="2026-11-10")
    await done(company, "sal", "recordResults", plan=dach, results=[deal("3", amount="8"), lost])
    await story.look()
    table = UploadFile(io.BytesIO(DEALS), filename="deals.csv")
    asked_for: dict[str, Any] = {"kind": "CRM", "files": [table], "mapping": MAPPING}
    await done(company, "sal", "importFile", "... on ImportReport { changed }", **asked_for)
    await story.look()
    return margin


async def sales(company: Company, story: Chronicle) -> None:
    """Quota and incentives, replaced."""
    await quota(company, "500")
    share = {"seller": company.person("vera"), "name": "Renewals", "weight": "40"}
    await done(company, "sal", "setIncentives", plan=company.node("DACH"), incentives=[share])
    await story.look()
    await quota(company)
    await story.look()


async def gates(company: Company, story: Chronicle, made: dict[str, str]) -> None:
    """From DEFINED to DECIDED with a retraction and a recycling, then forecast, actual and confirmed value."""
    for into in (Stage.IDENTIFIED, Stage.DETAILED, Stage.DECIDED):
        if into is Stage.DETAILED:
            await submitted(company, "Full service", into)
            await story.look()
            await done(company, "olaf", "retractSubmission", gate=gate(company, "Full service", into))
            await submitted(company, "Full service", into)
            await voted(company, "sam", "Full service", into, "RECYCLE", comment="Which suppliers?")
            await story.look()
        for name in ("Full service", "DACH"):
            await passed(company, name, into)
            await story.look()
    for name in ("Contracts", "Margin"):
        await series(company, "olaf", "setForecast", made[name], {"2027-02": "9000", "2027-03": "8000"})
    await story.look()
    company.now += timedelta(days=80)
    await series(company, "olaf", "recordActual", made["Contracts"], {"2027-01": "9500"})
    await series(company, "olaf", "recordActual", made["Tooling"], {"2027-01": "5100"})
    await achieved(company, made)
    await story.look()
    await passed(company, "Full service", Stage.IMPLEMENTED)
    await series(company, "carl", "confirmValue", made["Contracts"], {"2027-01": "9400"})
    await story.look()


async def cascade(company: Company, story: Chronicle) -> None:
    """Labels that change, a program that moves with all below it, holds, and cancellations."""
    contracts, full_service = company.node("Contracts"), company.node("Full service")
    for labels in ([("erp", "1"), ("crm", "A")], [("erp", "2")], []):
        wanted = [{"system": system, "id": label} for system, label in labels]
        await done(company, "lea", "editNode", node=contracts, externalIds=wanted)
        await story.look()
    await company.create(Level.PORTFOLIO, "Parts", "Growth")
    await done(company, "lea", "moveNode", node=contracts, parent=company.node("Parts"))
    await story.look()
    await done(company, "eve", "holdMeasure", measure=full_service, reviewOn="2027-06-30", reason="Two suppliers left")
    await story.look()
    for name in ("Full service", "DACH"):
        await done(company, "eve", "resumeMeasure", measure=company.node(name))
    await done(company, "lea", "moveNode", node=contracts, parent=company.node("Service"))
    await story.look()
    await done(company, "eve", "cancelMeasure", measure=full_service, reason="The market is gone")
    await done(company, "lea", "cancelNode", node=company.node("Parts"), reason="Empty")
    await story.look(closely=True)


async def people(company: Company, story: Chronicle) -> None:
    """A newcomer, their seat, and its end."""
    made = await done(company, "ada", "addPerson", "... on Person { id }", name="Nora Ny", email="nora@alder.example")
    asks = {"person": made["id"], "role": "VIEWER", "at": company.node("Service")}
    seat = await done(company, "ada", "grantSeat", "... on Seat { id }", **asks)
    await story.look()
    await done(company, "ada", "endSeat", seat=seat["id"])
    await story.look()


async def test_every_answer_can_be_had_again(alder: Company) -> None:
    """Whatever writer forgets to date its rows breaks this: what was then is compared field by field."""
    story = Chronicle(alder)
    await story.look()
    made = await prepared(alder)
    await story.look()
    await sales(alder, story)
    made["Margin"] = await values_and_rates(alder, story)
    await gates(alder, story, made)
    await people(alder, story)
    await cascade(alder, story)
    await story.holds()


NOW_AND_THEN = """query ($then: Revision, $id: ID!, $at: DateTime) {
    now: organization { ...told } then: organization(asOf: $then) { ...told }
    node(id: $id, asOf: $then) { id } nodes(ids: [$id], asOf: $then) { id } later: node(id: $id) { id }
    timed: organization(asOfTime: $at) { ...told } }
    fragment told on Organization { revision today objectives { totalCount edges { node { name
        acts { act allowed why } children { totalCount edges { node { name } } } } } } }"""


async def test_now_and_then_stand_side_by_side(alder: Company) -> None:
    then, at = await alder.revision(), alder.now
    alder.later(days=10)
    await alder.create(Level.PORTFOLIO, "Parts", "Growth")
    asks = {"then": str(then), "id": alder.node("Parts"), "at": (at + timedelta(days=9)).isoformat()}
    data = await alder.ask("lea", NOW_AND_THEN, **asks)
    now = data["now"]["objectives"]["edges"][0]["node"]
    before = data["then"]["objectives"]["edges"][0]["node"]
    assert [now["children"]["totalCount"], before["children"]["totalCount"]] == [2, 1]
    assert [data[key]["today"] for key in ("now", "then", "timed")] == ["2026-11-26", "2026-11-16", "2026-11-25"]
    assert data["timed"]["objectives"]["edges"][0]["node"]["children"] == before["children"]
    assert (data["then"]["revision"], data["timed"]["revision"]) == (str(then), str(then))
    # What came later did not exist then, and nothing is done in the past.
    assert data["node"] is None
    assert data["nodes"] == [None]
    assert data["later"]
    assert any(act["allowed"] for act in now["acts"])
    assert {(act["allowed"], act["why"]) for act in before["acts"]} == {
        (False, f"This is how it stood at revision {then}; acts are done in the present.")
    }


async def test_what_is_no_past_is_refused(alder: Company) -> None:
    newest = await alder.revision()
    known = {
        f'asOf: "{newest + 1}"': f"Revision {newest + 1} has not come yet; the newest is {newest}.",
        'asOf: "0"': "There is no revision 0; the first is 1.",
        f'asOf: "{newest}", asOfTime: "2026-11-16T09:00:00Z"': "Ask as of a revision or as of a time, not both.",
        'asOfTime: "2026-11-17T09:00:00Z"': "2026-11-17T09:00:00+00:00 has not come yet; "
        "ask for a time that has passed.",
        'asOfTime: "2026-11-15T09:00:00Z"': "2026-11-15T09:00:00+00:00 lies before the ledger's first entry; "
        "ask for a later time.",
    }
    for arguments, message in known.items():
        answer = await alder.result("eve", f"{{ organization({arguments}) {{ name }} }}")
        (error,) = answer["errors"]
        assert (error["message"], error["extensions"]["code"]) == (message, "INVALID")
        assert answer["data"] == {"organization": None}


async def test_the_past_is_seen_with_the_rights_of_now(alder: Company, birch: Company) -> None:
    document = """query ($id: ID!, $at: Revision) { node(id: $id, asOf: $at) { id }
        organization(asOf: $at) { nodes { totalCount } } }"""
    then = str(min(await alder.revision(), await birch.revision()))
    asks = {"id": alder.node("Full service"), "at": then}
    assert (await alder.ask("eve", document, **asks))["node"]
    assert (await birch.ask("eve", document, **asks))["node"] is None
    seat = "{ viewer { seats { id } } }"
    (mine,) = (await alder.ask("vera", seat))["viewer"]["seats"]
    await done(alder, "ada", "endSeat", seat=mine["id"])
    alder.later(days=2)
    assert await alder.ask("vera", document, **asks) == {"node": None, "organization": {"nodes": {"totalCount": 0}}}


PAGE = """query ($then: Revision) { organization(asOf: $then) { nodes(first: 100) { edges { node {
    name owner { name } rollUp { headline { plan { value { amount } } outlook { value { amount } } } }
    ... on Measure { stage sponsor { name } } } } } } }"""


async def test_the_past_costs_as_many_statements_as_the_present(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    await prepared(alder)
    then = str(await alder.revision())
    with statements() as present:
        now = await alder.ask("eve", PAGE)
    with statements() as past:
        assert await alder.ask("eve", PAGE, then=then) == now
    assert len(past) == len(present) + 3  # the newest revision, this one's instant, and from where on the past is kept


async def test_a_search_finds_what_was_called_so_then(alder: Company) -> None:
    before = await alder.revision()
    await alder.do("lea", "editNode", node=alder.node("Contracts"), name="Agreements")
    asked = """query ($then: Revision) { now: search(text: "Contracts") { totalCount }
        then: search(text: "Contracts", asOf: $then) { totalCount edges { node { name } } } }"""
    found = await alder.ask("eve", asked, then=str(before))
    assert found["now"]["totalCount"] == 0
    assert found["then"] == {"totalCount": 1, "edges": [{"node": {"name": "Contracts"}}]}
