"""Strategies and indicators through the mutation `importFile`."""

import io
from typing import Any

from starlette.datastructures import UploadFile

from tests.support.company import Company
from tests.support.measures import done

REPORT = """... on ImportReport { read created changed unchanged nodesCreated sentence
    notTaken { file line column value reason } unknown { line column value } repaired { line reason } }"""
MAPPING = """
system: okr
files: {values: okr.csv}
indicators:
  objective: Objective
  name: Key result
  unit: Unit
  direction: {column: Better, unmapped: refuse, map: {higher: INCREASE, lower: DECREASE}}
  period: Quarter
  start: Baseline
  target: Target
  actual: Actual
"""
HEADER = "Objective,Key result,Unit,Better,Quarter,Baseline,Target,Actual\n"
ROWS = """Growth,Share,%,higher,2026-Q2,20,25,24
Growth,Share,%,higher,2026-Q3,20,30,TBD
Growth,Churn,%,lower,2026-Q3,10,8,9.5
"""
SHOWN = """query ($id: ID!) { node(id: $id) { ... on Objective { indicators { name unit direction source start target
    targetDate points { date target actual } } } } }"""


async def bring(alder: Company, who: str, kind: str, name: str, text: str, **asked: Any) -> dict[str, Any]:
    """Send one file."""
    file = UploadFile(io.BytesIO(text.encode()), filename=name)
    return await alder.do(who, "importFile", REPORT, kind=kind, files=[file], **asked)


async def test_a_table_of_key_results_becomes_indicators(alder: Company) -> None:
    before = await alder.revision()
    refusal = await bring(alder, "sal", "INDICATORS", "okr.csv", HEADER + ROWS, mapping=MAPPING)
    assert (refusal["code"], await alder.revision()) == ("FORBIDDEN", before), "objectives are not the sellers' to edit"
    report = await bring(alder, "lea", "INDICATORS", "okr.csv", HEADER + ROWS, mapping=MAPPING)
    assert (report["read"], report["created"], report["nodesCreated"], report["notTaken"]) == (3, 2, 0, [])
    assert report["unknown"] == [{"line": 3, "column": "actual", "value": "TBD"}]
    (churn, share) = (await alder.ask("eve", SHOWN, id=alder.node("Growth")))["node"]["indicators"]
    assert (churn["direction"], churn["start"], churn["target"], churn["source"]) == ("DECREASE", "10", "8", "IMPORT")
    assert share["points"] == [{"date": "2026-06-30", "target": "25", "actual": "24"}], "TBD is no reading, and no zero"
    assert (share["target"], share["targetDate"]) == ("30", "2026-09-30")
    again = await bring(alder, "lea", "INDICATORS", "okr.csv", HEADER + ROWS, mapping=MAPPING)
    assert again["sentence"].startswith("Read 3 rows: nothing changed.")
    more = ROWS.replace("TBD", "31")
    changed = await bring(alder, "lea", "INDICATORS", "okr.csv", HEADER + more, mapping=MAPPING)
    assert (changed["created"], changed["changed"], changed["unchanged"]) == (0, 1, 1)


async def test_every_fault_of_every_row_is_told_at_once(alder: Company) -> None:
    rows = """Growth,Share,%,sideways,2026-Q5,twenty,30,1
Nowhere,Share,%,higher,2026-Q3,20,30,1
,,%,higher,2026-Q3,20,30,1
Growth,Churn,%,lower,2026-Q3,10,8,9.5
Growth,Churn,%,lower,2026-Q3,10,8,9.4
"""
    report = await bring(alder, "lea", "INDICATORS", "okr.csv", HEADER + rows, mapping=MAPPING)
    assert report["created"] == 1
    found = [(one["line"], one["column"]) for one in report["notTaken"]]
    assert sorted(found, key=str) == [
        (2, "direction"), (2, "period"), (2, "start"), (3, "objective"), (4, "name"), (4, "objective"), (6, "period"),
    ]  # fmt: skip


async def test_a_plan_in_stratml_comes_by_upload_under_the_objective_that_stands_for_it(alder: Company) -> None:
    plan = """<StrategicPlan xmlns="urn:ISO:std:iso:17469:tech:xsd:stratml_core"><Name>Plan</Name><StrategicPlanCore>
        <Goal><Name>Services</Name><Description>More of them</Description><Identifier>_g1</Identifier></Goal>
        </StrategicPlanCore></StrategicPlan>"""
    refusal = await bring(alder, "lea", "STRATEGY", "plan.xml", plan[:-3])
    assert (refusal["code"], "plan.xml line 3" in refusal["message"]) == ("INVALID", True), refusal
    wrong = await bring(alder, "lea", "STRATEGY", "plan.xml", plan, under=alder.node("Service"))
    assert "is no objective" in wrong["message"]
    report = await bring(alder, "lea", "STRATEGY", "plan.xml", plan, under=alder.node("Growth"))
    assert (report["nodesCreated"], report["notTaken"]) == (1, [])
    await done(alder, "lea", "addIndicator", under=alder.node("Growth"), name="NPS", direction="INCREASE")
    again = await bring(alder, "lea", "STRATEGY", "plan.xml", plan, under=alder.node("Growth"))
    assert "nothing changed" in again["sentence"]
