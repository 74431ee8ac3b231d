"""Importing uploaded files: the refusals first, and nothing moved; then what stands afterwards, and stays as it was."""

import io
from typing import Any

import pytest
from starlette.datastructures import UploadFile

from server.actions.seats import grant_seat
from server.domain.people import Role
from server.live.work import perform
from tests.support.company import Company

MAPPING = """
system: crm
currency: EUR
files: {deals: deals.csv}
columns:
  externalId: id
  account: account
  seller: seller
  territory: region
  stage: stage
  amount: amount
  closedOn: closed
stages: {Open: OPEN, Won: WON, Lost: LOST}
plans:
  branch:
    - objective: Revenue
    - portfolio: Commercial
    - program: "{territory}"
    - initiative: "Sales {territory}"
    - salesPlan: "Plan {territory}"
      owner: "{seller}"
"""
ATTACHED = MAPPING[: MAPPING.index("plans:")] + "plans: {attach: Growth / Service / Contracts / Full service / DACH}\n"
HEADER = "id,account,seller,region,stage,amount,closed"
TWO = f"""{HEADER}
1,Acme,Ann Roth,North,Won,1000.50,2026-03-02
2,Zeta,Ben Ito,South,Open,200,2026-12-01
"""
REPORT = """... on ImportReport { read created changed unchanged orphans nodesCreated peopleCreated sellersAdded dryRun
    sentence notes nodesMade notTaken { file line column value reason } keptWithoutPlan { file line reason } }"""
DEALS = """{ organization { revision opportunities { edges { node {
    externalId account stage amount { amount } plan { name } } } } } }"""
PLAN = """query ($text: String!) { search(text: $text) { edges { node {
    id name parent { name } owner { name } ... on SalesPlan { sellers } } } } }"""


def csv(text: str, name: str = "deals.csv") -> UploadFile:
    return UploadFile(io.BytesIO(text.encode()), filename=name)


async def imports(company: Company, who: str, text: str = TWO, mapping: str = MAPPING, **more: Any) -> dict[str, Any]:
    asked = {"kind": "CRM", "files": [csv(text)], "mapping": mapping} | more
    return await company.do(who, "importFile", REPORT, **asked)


async def deals(company: Company) -> dict[str, dict[str, Any]]:
    """What sal reads, by external id."""
    edges = (await company.ask("sal", DEALS))["organization"]["opportunities"]["edges"]
    return {edge["node"]["externalId"]: edge["node"] for edge in edges}


async def found(company: Company, text: str) -> list[dict[str, Any]]:
    return [edge["node"] for edge in (await company.ask("sal", PLAN, text=text))["search"]["edges"]]


async def lead_too(company: Company) -> None:
    """Sal leads the portfolio as well, and so may make a whole branch."""
    ada = await company.viewer("ada")
    await perform(ada, grant_seat, company.now, person=company.people["sal"], role=Role.PORTFOLIO_LEAD)


@pytest.fixture
async def pumps(alder: Company) -> Company:
    """Alder Pumps, where Sal may import anything."""
    await lead_too(alder)
    return alder


async def test_who_lacks_rights_is_told_every_one(alder: Company) -> None:
    before = await alder.revision()
    refusal = await imports(alder, "vera")
    assert (refusal["code"], refusal["message"]) == (
        "FORBIDDEN",
        "“This import”: Only the portfolio lead or the sales manager may do this. Ask one of them.",
    )
    refusal = await imports(alder, "sal")
    assert refusal["code"] == "FORBIDDEN"
    assert refusal["details"] == [
        "to create an objective (only the executive or the portfolio lead may do this)",
        "to create a portfolio (only the portfolio lead may do this)",
        "to create a program (only the portfolio lead or the program lead may do this)",
        "to create an initiative (only the portfolio lead, the program lead or the sponsor may do this)",
    ]
    refusal = await imports(alder, "lea")
    assert refusal["message"] == (
        "This import needs rights that you do not hold: to record results "
        "(only the partner with the scope or the sales manager may do this). "
        "Ask for a seat, or ask one of them to import."
    )
    assert await alder.revision() == before
    await lead_too(alder)
    assert (await imports(alder, "sal"))["created"] == 2


@pytest.mark.parametrize(
    ("text", "mapping", "message"),
    [
        ("%PDF-1.7 no table", MAPPING, "deals.csv is not a text table: it starts like a PDF."),
        ("", MAPPING, "deals.csv is empty."),
        (TWO, MAPPING.replace("account: account", "account: acount"), "no column “acount”; did you mean “account”?"),
        (TWO, MAPPING.replace("deals.csv", "o.csv"), "No file is called “o.csv”. Files that came: deals.csv."),
        (TWO, "[", "The mapping is not YAML"),
        (TWO, MAPPING.replace("      owner:", "      sponser:"), "“sponser” is no key here; did you mean “sponsor”?"),
    ],
)  # fmt: skip
async def test_what_cannot_be_read_is_refused(pumps: Company, text: str, mapping: str, message: str) -> None:
    before = await pumps.revision()
    refusal = await imports(pumps, "sal", text, mapping)
    assert refusal["code"] == "INVALID"
    assert message in refusal["message"]
    assert await pumps.revision() == before


async def test_what_is_no_file_is_refused(pumps: Company) -> None:
    for files in ([], ["deals.csv"], [csv(TWO), csv(TWO)], [csv(TWO, "")]):
        refusal = await imports(pumps, "sal", files=files)
        assert (refusal["code"], refusal["path"]) == ("INVALID", ["files"])


async def test_a_dry_run_says_the_same_and_leaves_nothing(pumps: Company) -> None:
    before = await pumps.revision()
    dry = await imports(pumps, "sal", dryRun=True)
    assert dry["sentence"] == (
        "Read 2 rows: 2 would be created, 0 would be changed, 0 unchanged. 8 nodes of the cascade would be made. "
        "2 people would be made known. This was a dry run: nothing was written."
    )
    assert (await pumps.revision(), await deals(pumps), await found(pumps, "North")) == (before, {}, [])
    real = await imports(pumps, "sal")
    assert real == dry | {"dryRun": False, "sentence": real["sentence"]}
    assert real["nodesMade"] == [
        "objective “Revenue”",
        "portfolio “Commercial” under “Revenue”",
        "program “North” under “Commercial”",
        "initiative “Sales North” under “North”",
        "sales plan “Plan North” under “Sales North”",
        "program “South” under “Commercial”",
        "initiative “Sales South” under “South”",
        "sales plan “Plan South” under “Sales South”",
    ]
    plan = (await found(pumps, "Plan North"))[0]
    assert (plan["owner"], plan["sellers"], plan["parent"]) == (
        {"name": "Ann Roth"},
        ["Ann Roth"],
        {"name": "Sales North"},
    )


async def test_a_second_run_writes_nothing_and_a_third_what_changed(pumps: Company) -> None:
    await imports(pumps, "sal")
    before = await pumps.revision()
    again = await imports(pumps, "sal")
    assert (again["unchanged"], again["sentence"]) == (2, "Read 2 rows: nothing changed.")
    assert await pumps.revision() == before
    late = await imports(pumps, "sal", TWO.replace("South,Open,200", "South,Lost,"))
    assert (late["created"], late["changed"], late["unchanged"]) == (0, 1, 1)
    assert await pumps.revision() == before + 2  # one for the results, one for the file
    assert (await deals(pumps))["2"]["stage"] == "Lost"


async def test_what_stands_is_found_again_and_never_renamed_or_moved(pumps: Company) -> None:
    named = MAPPING.replace("{seller}", "Ann Roth")
    await imports(pumps, "sal", mapping=named)
    plan = (await found(pumps, "Plan North"))[0]
    await pumps.do("sal", "editNode", node=plan["id"], name="Nordic", owner=pumps.person("olaf"))
    await pumps.do("sal", "moveNode", node=plan["id"], parent=pumps.node("Full service"))
    more = await imports(pumps, "sal", TWO + "3,Neon,Cy Dee,North,Won,5,2026-04-01\n", named)
    assert (more["nodesCreated"], more["created"], more["notTaken"]) == (0, 1, [])
    assert (await deals(pumps))["3"]["plan"] == {"name": "Nordic"}
    after = (await found(pumps, "Nordic"))[0]
    assert (after["parent"], after["owner"]) == ({"name": "Full service"}, {"name": "Olaf"})
    assert after["sellers"] == ["Ann Roth", "Cy Dee"]
    assert more["sellersAdded"] == 1


async def test_deals_of_a_held_plan_wait_and_the_others_are_taken(pumps: Company) -> None:
    await imports(pumps, "sal", mapping=ATTACHED)
    await pumps.do(
        "sam", "holdMeasure", measure=pumps.node("DACH"), reviewOn="2027-01-31", reason="Two suppliers left."
    )
    before = await pumps.revision()
    report = await imports(pumps, "sal", TWO.replace("1000.50", "1000.75") + "3,New,Cy Dee,North,Open,1,\n", ATTACHED)
    assert (report["created"], report["changed"], report["unchanged"]) == (0, 0, 1)
    assert [(fault["line"], fault["value"]) for fault in report["notTaken"]] == [(2, "1"), (4, "3")]
    assert report["notTaken"][1]["reason"] == ("“3” was not recorded: “DACH”: It is on hold; it must be resumed first.")
    assert report["notes"][-1] == "Sellers not added: Cy Dee. “DACH”: It is on hold; it must be resumed first."
    assert await pumps.revision() == before + 2  # Cy Dee was made known, from a file
    assert (await deals(pumps))["1"]["amount"] == {"amount": "1000.50"}


async def test_a_deal_without_a_plan_is_kept_until_there_is_one(pumps: Company) -> None:
    missing = ATTACHED.replace("/ DACH", "/ Nordics")
    report = await imports(pumps, "sal", mapping=missing)
    assert (report["created"], report["orphans"]) == (2, 2)
    assert report["keptWithoutPlan"][0]["reason"] == (
        "Kept without a plan: nothing here is called “Growth / Service / Contracts / Full service / Nordics”; "
        "make it first, or mend the mapping."
    )
    assert (await deals(pumps))["1"]["plan"] is None
    again = await imports(pumps, "sal", mapping=ATTACHED)
    assert (again["changed"], again["orphans"]) == (2, 0)
    assert (await deals(pumps))["1"]["plan"] == {"name": "DACH"}
    stays = await imports(pumps, "sal", mapping=missing)
    assert (stays["unchanged"], stays["orphans"]) == (2, 0)
    assert (await deals(pumps))["1"]["plan"] == {"name": "DACH"}


async def test_what_the_file_places_nowhere_the_rules_place_and_ones_own_deals_are_left_out(pumps: Company) -> None:
    await pumps.do("sal", "addMatchingRule", plan=pumps.node("DACH"), territory="north")
    mapping = MAPPING[: MAPPING.index("plans:")]
    text = f"{TWO}3,Acme,SAL,North,Won,10,2026-03-02\n"
    report = await imports(pumps, "sal", text, mapping)
    assert (report["created"], report["orphans"]) == (2, 1)
    assert [each["line"] for each in report["keptWithoutPlan"]] == [3]
    (own,) = report["notTaken"]
    assert (own["line"], "nobody records their own deals" in own["reason"]) == (4, True)
    standing = await deals(pumps)
    assert {key: deal["plan"] and deal["plan"]["name"] for key, deal in standing.items()} == {"1": "DACH", "2": None}
    again = await imports(pumps, "sal", TWO, mapping)
    assert (again["unchanged"], again["orphans"]) == (2, 1)


async def test_only_a_sales_plan_holds_deals(pumps: Company) -> None:
    report = await imports(pumps, "sal", mapping=ATTACHED.replace(" / DACH", ""))
    assert report["orphans"] == 2
    assert "“Full service” is an initiative, not a sales plan" in report["keptWithoutPlan"][0]["reason"]


async def test_people_are_found_made_or_refused_by_name(pumps: Company) -> None:
    before = await pumps.revision()
    refusal = await imports(pumps, "sal", mapping=MAPPING + "people: {missing: refuse}\n")
    assert (refusal["code"], refusal["details"]) == ("INVALID", ["Ann Roth", "Ben Ito"])
    for _ in range(2):
        await pumps.do("ada", "addPerson", name="Ann Roth")
    refusal = await imports(pumps, "sal")
    assert refusal["message"] == (
        "More than one person here is called Ann Roth. Let the mapping name people by e-mail address."
    )
    assert await pumps.revision() == before + 2
    by_address = MAPPING.replace('owner: "{seller}"', 'owner: "sal@alder-pumps.example"')
    report = await imports(pumps, "sal", mapping=by_address)
    assert report["peopleCreated"] == 1
    assert (await found(pumps, "Plan North"))[0]["owner"] == {"name": "Sal"}


async def test_an_amount_without_a_plan_rate_is_not_taken(pumps: Company) -> None:
    foreign = MAPPING.replace("  closedOn:", "  currency: currency\n  closedOn:")
    text = TWO.replace("closed\n", "closed,currency\n").replace("-02\n", "-02,CHF\n").replace("-01\n", "-01,\n")
    report = await imports(pumps, "sal", text, foreign)
    assert report["created"] == 1
    fault = report["notTaken"][0]
    assert (fault["line"], fault["column"], fault["value"]) == (2, "currency", "CHF")
    assert "no plan rate of CHF into EUR for fiscal year 2026" in fault["reason"]
    await pumps.do("carl", "setPlanRate", fiscalYear=2026, currency="CHF", rate="1.05")
    again = await imports(pumps, "sal", text, foreign)
    assert (again["created"], again["unchanged"], again["notTaken"]) == (1, 1, [])


async def test_a_retry_gets_the_first_answer(pumps: Company) -> None:
    first = await imports(pumps, "sal", idempotencyKey="monday")
    before = await pumps.revision()
    assert await imports(pumps, "sal", idempotencyKey="monday") == first
    other = await imports(pumps, "sal", TWO.replace("Acme", "Apex"), idempotencyKey="monday")
    assert other["code"] == "KEY_REUSED"
    assert await pumps.revision() == before


async def test_two_organizations_import_the_same_and_never_meet(pumps: Company, birch: Company) -> None:
    await lead_too(birch)
    named = MAPPING + "people: {columns: [{name: seller, email: account}]}\n"
    text = TWO.replace("Acme", "ann@crm.example").replace("Zeta", "ben@crm.example")
    first, second = [await imports(each, "sal", text, named) for each in (pumps, birch)]
    assert first == second
    assert set(await deals(birch)) == {"1", "2"}
    before = await birch.revision()
    assert (await imports(birch, "sal", text, named))["peopleCreated"] == 0
    assert await birch.revision() == before
    assert await pumps.ask("sal", '{ organization { people(search: "Ann") { edges { node { name email } } } } }') == {
        "organization": {"people": {"edges": [{"node": {"name": "Ann Roth", "email": None}}]}}
    }
    plan = (await found(pumps, "Plan North"))[0]["id"]
    assert await birch.ask("sal", "query ($id: ID!) { node(id: $id) { id } }", id=plan) == {"node": None}
