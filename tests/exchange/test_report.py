"""Reports: one sentence says what happened, and a second run says that nothing did."""

import orjson

from server.exchange.report import ImportReport, spoken
from server.exchange.tables import RowFault

FAULT = RowFault("deals.csv", 17, "amount", "ten", "“ten” is not a number")


def test_a_first_run_a_dry_one_and_a_second() -> None:
    first = ImportReport(8800, 8790, 0, 0, 3, 14, (FAULT, FAULT))
    assert first.sentence == (
        "Read 8,800 rows: 8,790 created, 0 changed, 0 unchanged. 14 nodes of the cascade made. "
        "3 deals kept without a plan. 1 row not taken; the reasons are listed."
    )
    dry = ImportReport(2, 2, 0, 0, 0, 0, (), dry_run=True)
    assert dry.sentence.startswith("Read 2 rows: 2 would be created, 0 would be changed, 0 unchanged.")
    assert dry.sentence.endswith("This was a dry run: nothing was written.")
    assert ImportReport(2, 0, 0, 2, 0, 0, ()).sentence == "Read 2 rows: nothing changed."


def test_a_fault_on_one_line() -> None:
    assert spoken(FAULT) == "deals.csv line 17, amount “ten”: “ten” is not a number."
    assert spoken(RowFault("a.csv", 2, None, None, "No.")) == "a.csv line 2: No."


def test_a_report_is_kept_and_comes_back_the_same() -> None:
    made = ImportReport(3, 1, 0, 0, 1, 1, (FAULT,), True, 1, 0, (FAULT,), ("program “North”",), ("Read.",))
    assert ImportReport.restored(orjson.loads(orjson.dumps(made.stored()))) == made
