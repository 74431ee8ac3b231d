"""Trackers and targets as they come out of Excel: what is doubtful is named and not taken, what is clear stands."""

import io
from typing import Any

import pytest
from starlette.datastructures import UploadFile

from server.actions.seats import grant_seat
from server.domain.people import Role
from server.live.work import perform
from tests.exchange.test_tables import words, workbook
from tests.support.company import Company

REPORT = """... on ImportReport { read created changed unchanged nodesCreated linesCreated peopleCreated sellersAdded
    sentence notes notTaken { file line column value reason } unknown { line column value }
    leftOut { line value reason } }"""
TRACKER = """
system: tracker
currency: EUR
files: {tracker: tracker.csv}
numbers: {unit: thousands}
fiscalYearStart: 1
initiatives:
  branch:
    - objective: Savings
    - portfolio: "{Area}"
    - program: "{Program}"
    - initiative: "{Initiative}"
      id: "{No}"
      owner: "{Owner}"
stage: Status
values:
  - {kind: COST_SAVING, name: Saving, recurring: true, series: plan, months: "{MMM} {YYYY}"}
  - {kind: ONE_OFF_COST, name: Cost, series: actual, amount: Spent, month: {constant: 2026-10}, currency: In}
"""
SHEET = """No,Area,Program,Initiative,Owner,Status,Jan 2026,Feb 2026,Spent,In
1,Plants,Energy,LED light,"Auer, Maria",In progress,10,12.5,3,EUR
2,Plants,Energy,Heat pump,M. Auer,Idea,TBD,-,,
3,Plants,Waste,Scrap,OLAF,Done,2,#REF!,1.25,EUR
"""
ADD, LINE = "neither was taken. If rows are to be added, say so: repeated: add.", "negative: names a line for it."
AMOUNTS = """{ organization { nodes(first: 50, filter: {levels: [INITIATIVE]}) { edges { node { name tags
  owner { name } externalIds { id }
  ... on Initiative { stage
    valueLines { name kind recurring months { month plan { amount } actual { amount } } } } } } } } }"""
QUOTA = """{ organization { nodes(first: 50, filter: {levels: [SALES_PLAN]}) { edges { node { name
  ... on SalesPlan { sellers quota { month segment amount { amount } } } } } } } }"""


def sheet(text: str, name: str) -> UploadFile:
    return UploadFile(io.BytesIO(text.encode()), filename=name)


async def imports(company: Company, kind: str, text: str, mapping: str, **more: Any) -> dict[str, Any]:
    asked = {"kind": kind, "files": [sheet(text, f"{kind.lower()}.csv")], "mapping": mapping} | more
    return await company.do("sal", "importFile", REPORT, **asked)


async def initiatives(company: Company) -> dict[str, dict[str, Any]]:
    """What sal reads of what was imported."""
    edges = (await company.ask("sal", AMOUNTS))["organization"]["nodes"]["edges"]
    return {edge["node"]["name"]: edge["node"] for edge in edges if edge["node"]["externalIds"]}


@pytest.fixture
async def pumps(alder: Company) -> Company:
    """Alder Pumps, where Sal leads the portfolio too, and knows a Maria Auer."""
    ada = await alder.viewer("ada")
    await perform(ada, grant_seat, alder.now, person=alder.people["sal"], role=Role.PORTFOLIO_LEAD)
    await alder.do("ada", "addPerson", name="Maria Auer")
    return alder


async def test_a_tracker_becomes_a_cascade_with_its_figures(pumps: Company) -> None:
    before = await pumps.revision()
    dry = await imports(pumps, "TRACKER", SHEET, TRACKER, dryRun=True)
    assert await pumps.revision() == before
    report = await imports(pumps, "TRACKER", SHEET, TRACKER)
    assert report["notTaken"] == []
    assert report["sentence"] == (
        "Read 3 rows: 5 figures created, 0 changed, 0 unchanged. 7 nodes of the cascade made. 4 lines added. "
        "3 cells not known, which is not zero."
    )
    assert dry["created"] == report["created"]
    assert [(cell["line"], cell["column"], cell["value"]) for cell in report["unknown"]] == [
        (3, "Jan 2026", "TBD"), (3, "Feb 2026", "-"), (4, "Feb 2026", "#REF!"),
    ]  # fmt: skip
    assert "“M. Auer” was taken to be Maria Auer." in report["notes"]
    found = await initiatives(pumps)
    light = found["LED light"]
    assert (light["owner"], light["tags"], light["stage"]) == ({"name": "Maria Auer"}, ["In progress"], "DEFINED")
    saving, cost = light["valueLines"]
    assert [month["plan"] for month in saving["months"]] == [{"amount": "10000.00"}, {"amount": "12500.00"}]
    assert (cost["months"][0]["month"], cost["months"][0]["actual"]) == ("2026-10", {"amount": "3000.00"})
    assert found["Heat pump"]["valueLines"] == []
    assert found["Scrap"]["owner"] == {"name": "Olaf"}

    before = await pumps.revision()
    again = await imports(pumps, "TRACKER", SHEET, TRACKER)
    assert again["sentence"].startswith("Read 3 rows: nothing changed.")
    assert await pumps.revision() == before
    # Maria has no sign-in: whoever imports keeps her figures. Olaf has one: only he writes his plan.
    late = await imports(pumps, "TRACKER", SHEET.replace(",10,12.5", ",11,12.5").replace("Done,2,", "Done,3,"), TRACKER)
    assert (late["changed"], late["unchanged"]) == (1, 3)
    assert [(one["line"], one["value"]) for one in late["notTaken"]] == [(4, "Saving")]
    assert "Only the owner" in late["notTaken"][0]["reason"]


async def test_what_is_doubtful_is_named_all_at_once(pumps: Company) -> None:
    doubtful = SHEET + (
        "4,Plants,Waste,Water,Olaf,,ten,1,,\n"
        "5,Plants,Waste,Air,Olaf,,-5,1,7,XYZ\n"
        "3,Plants,Waste,Scrap,Olaf,Done,4,,,\n"
        ",,,Total,,,12,12.5,4.25,EUR\n"
        "6,,Waste,Oil,Olaf,,1,1,,\n"
    )
    report = await imports(pumps, "TRACKER", doubtful, TRACKER)
    told = [(one["line"], one["column"], one["reason"]) for one in report["notTaken"]]
    assert told == [
        (5, "Jan 2026", "“ten” is not a number written with “.” before decimals."),
        (6, "Jan 2026", f"“-5” lies below zero, which the plan of cost saving cannot; {LINE}"),
        (6, "In", "“XYZ” is no ISO 4217 currency code such as EUR."),
        (7, None, "The initiative “Scrap” would have two owners: “OLAF” and “Olaf”."),
        (9, None, "It belongs to no initiative: {Area} is blank, which its plan is named by."),
    ]
    assert [(one["line"], one["value"]) for one in report["leftOut"]] == [(8, "Total")]
    twice = SHEET + "3,Plants,Waste,Scrap,OLAF,Done,4,-5,,\n"
    report = await imports(pumps, "TRACKER", twice, TRACKER, dryRun=True)
    assert [(one["line"], one["column"], one["reason"]) for one in report["notTaken"]] == [
        (5, "Feb 2026", f"“-5” lies below zero, which the plan of cost saving cannot; {LINE}"),
        (5, "Jan 2026", f"2026-01 of “Saving” stands on line 4 already, with another amount; {ADD}"),
    ]


async def test_a_mapping_that_cannot_hold_is_refused(pumps: Company) -> None:
    before = await pumps.revision()
    for wrong, told in (
        (
            TRACKER.replace("series: plan", "series: forecast"),
            "A forecast opens at Decided, and an import passes no gate",
        ),
        (TRACKER.replace("{MMM} {YYYY}", "{MMM} {YY}!"), "No column of tracker.csv is a month as “{MMM} {YY}!” says"),
        (TRACKER.replace("fiscalYearStart: 1", "fiscalYearStart: 7"), "fiscal years start in month 7"),
        (TRACKER.replace("    - program: ", "    - sponsor: "), "name one level and its name"),
    ):
        refusal = await imports(pumps, "TRACKER", SHEET, wrong)
        assert told.lower() in " ".join([refusal["message"], *refusal["details"]]).lower()
    assert await pumps.revision() == before


FISCAL = """
system: plan-sheet
currency: EUR
fiscalYearStart: 1
files: {plan: {name: plan.xlsx, sheet: Deals}}
initiatives:
  branch:
    - objective: Savings
    - portfolio: Plants
    - program: Energy
    - initiative: "{Name}"
values: {kind: COST_SAVING, name: Saving, series: plan, months: "{MMM} {YYYY}", fiscalYear: FY}
"""


async def test_a_fiscal_year_that_clashes_with_a_month_is_named_and_its_row_left_out(pumps: Company) -> None:
    wrong = words(2, "Heat pump", "FY2027", "5", "7", "ten")
    book = workbook(words(1, "Name", "FY", "Jan 2027", "Dec 2026", "Feb 2027"), wrong, words(3, "LED", "2027", "5"))
    files = [UploadFile(io.BytesIO(book), filename="plan.xlsx")]
    before = await pumps.revision()
    refusal = await imports(pumps, "TRACKER", "", FISCAL.replace("Start: 1", "Start: 4"), files=files)
    assert "fiscal years start in month 4, those of “Alder Pumps” start in month 1" in refusal["message"]
    assert await pumps.revision() == before
    files = [UploadFile(io.BytesIO(book), filename="plan.xlsx")]
    report = await imports(pumps, "TRACKER", "", FISCAL, files=files)
    sheet_of = {"file": "plan.xlsx, sheet “Deals”", "line": 2}
    assert report["notTaken"] == [
        sheet_of | {"column": "FY", "value": "FY2027",
                    "reason": "“FY2027” clashes with “Dec 2026”: 2026-12 lies in fiscal year 2026."},
        sheet_of | {"column": "Feb 2027", "value": "ten",
                    "reason": "“ten” is not a number written with “.” before decimals."},
    ]  # fmt: skip
    assert set(await initiatives(pumps)) == {"LED"}


TARGETS = """
system: quota-sheet
currency: EUR
files: {targets: targets.csv}
numbers: {unit: thousands}
plans: {attach: Growth / Service / Contracts / Full service / DACH}
quota: {seller: Seller, months: "M{MM}", year: Year}
managers: {title: Title, titles: ["*manager*"]}
"""
QUOTAS = """Year,Seller,Title,M01,M02
2027,Ann Roth,Rep,10,20
2027,Ben Ito,Rep,30,-
2027,Cy Dee,Sales Manager,40,20
2027,Total,,40,20
"""


async def test_targets_become_quota_and_totals_are_not_added(pumps: Company) -> None:
    report = await imports(pumps, "TARGETS", QUOTAS, TARGETS)
    assert (report["created"], report["notTaken"], report["sellersAdded"]) == (3, [], 2)
    assert [(one["line"], one["value"]) for one in report["leftOut"]] == [(4, "Cy Dee"), (5, "Total")]
    assert [cell["value"] for cell in report["unknown"]] == ["-"]
    assert await quota(pumps) == {
        ("2027-01", "Ann Roth"): "10000.00", ("2027-02", "Ann Roth"): "20000.00", ("2027-01", "Ben Ito"): "30000.00",
    }  # fmt: skip
    before = await pumps.revision()
    assert "nothing changed" in (await imports(pumps, "TARGETS", QUOTAS, TARGETS))["sentence"]
    assert await pumps.revision() == before
    only = "Year,Seller,Title,M01\n2027,Ben Ito,Rep,35\n"
    assert (await imports(pumps, "TARGETS", only, TARGETS))["changed"] == 1
    assert (await quota(pumps))["2027-01", "Ann Roth"] == "10000.00"  # what the file does not name stays
    refusal = await imports(pumps, "TARGETS", QUOTAS, TARGETS.replace("EUR", "USD"))
    assert "Quota is kept in the reporting currency, EUR" in refusal["message"]


async def quota(company: Company) -> dict[tuple[str, str], str]:
    """The quota of DACH, by month and seller."""
    edges = (await company.ask("sal", QUOTA))["organization"]["nodes"]["edges"]
    plan = next(edge["node"] for edge in edges if edge["node"]["name"] == "DACH")
    return {(one["month"], one["segment"]): one["amount"]["amount"] for one in plan["quota"]}


RUNS = """{ organization { importMappings { name kind yaml } imports(first: 1) { totalCount edges { node {
  kind fileName by { name } report { created sentence } } } } } }"""


async def test_a_mapping_is_guessed_confirmed_saved_and_named(pumps: Company) -> None:
    asked = (
        "query ($file: Upload!) { guessMapping(file: $file, kind: TRACKER) { yaml columns { header meaning sure } } }"
    )
    answer = await pumps.result("vera", asked, file=sheet(SHEET, "tracker.csv"))
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    guess = (await pumps.ask("sal", asked, file=sheet(SHEET, "tracker.csv")))["guessMapping"]
    meanings = {column["header"]: column["meaning"] for column in guess["columns"]}
    assert (meanings["Area"], meanings["Owner"], meanings["Jan 2026"]) == ("portfolio", "owner", "plan of a month")

    saved = {"name": "Our tracker", "kind": "TRACKER"}
    refusal = await pumps.do("sal", "saveImportMapping", **saved, yaml=TRACKER.replace("system:", "sytem:"))
    assert (refusal["code"], len(refusal["details"])) == ("INVALID", 2)
    refusal = await pumps.do("vera", "saveImportMapping", **saved, yaml=TRACKER)
    assert refusal["code"] == "FORBIDDEN"
    await pumps.do("sal", "saveImportMapping", **saved, yaml=TRACKER)
    before = await pumps.revision()
    await pumps.do("sal", "saveImportMapping", **saved, yaml=TRACKER)
    assert await pumps.revision() == before

    refusal = await imports(pumps, "TRACKER", SHEET, "", saved="Theirs")
    assert refusal["message"] == "No mapping for a tracker is saved as “Theirs”; there is: Our tracker."
    assert (await imports(pumps, "TRACKER", SHEET, "", saved="Our tracker"))["created"] == 5
    told = (await pumps.ask("sal", RUNS))["organization"]
    assert told["importMappings"] == [saved | {"yaml": TRACKER}]
    (run,) = told["imports"]["edges"]
    assert (run["node"]["fileName"], run["node"]["by"], run["node"]["report"]["created"]) == (
        "tracker.csv", {"name": "Sal"}, 5,
    )  # fmt: skip
    unread = (await pumps.ask("vera", RUNS))["organization"]["imports"]["edges"][0]["node"]
    assert unread["report"] is None  # it quotes cells, and amounts are not hers to read
