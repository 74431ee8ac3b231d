"""Trackers and targets before anything is written: what a sheet says, what it does not, and a first mapping for it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.domain.imports import ImportKind
from server.domain.months import Month
from server.domain.person_names import meant_by
from server.domain.refusals import Refused
from server.domain.values import Series
from server.exchange import month_words
from server.exchange.checking import check_mapping
from server.exchange.doubtful import is_unknown, names_total
from server.exchange.guessing import guess_mapping
from server.exchange.periods import stated_fiscal_year
from server.exchange.sources import Part
from server.exchange.targets import read_targets
from server.exchange.targets_mapping import ManagersRule, QuotaRule, TargetsMapping
from server.exchange.tracker import read_tracker
from server.exchange.tracker_mapping import Negative, TrackerMapping, TrackerNumbers, ValueRule

DOCS = Path(__file__).parents[2] / "docs"
MANUALS = {name: (DOCS / f"import-{name}.md").read_text("utf-8") for name in ("crm", "tracker", "targets")}
ADD = "was taken. If rows are to be added, say so: repeated: add."
PLAN_CANNOT = "which the plan of cost saving cannot; negative: names a line for it."
LONG = """
system: s
currency: {currency}
files: {{d: d.csv}}
initiatives: {{branch: [{{objective: O}}, {{portfolio: P}}, {{program: G}}, {{initiative: "{{Name}}"}}]}}
values: {{kind: RUN_COST, series: plan, amount: Value, month: Month, repeated: add, round: {round}}}
"""


def lines(text: str, mapping: str) -> Any:
    return read_tracker({"d.csv": text.encode()}, mapping)


@pytest.mark.parametrize(
    ("written", "month"),
    [("2026-01", 202601), ("Jan 2026", 202601), ("Mär 2026", 202603), ("Sept 26", 202609), ("12/2026", 202612),
     ("2026-03-14", 202603), ("Oct-26", 202610), ("décembre 2026", 202612)],
)  # fmt: skip
def test_a_month_is_read_as_people_write_it(written: str, month: int) -> None:
    assert month_words.month(written, (), ("{MMMM} {YYYY}",)) == Month(month)


@pytest.mark.parametrize("written", ["2026-13", "Foo 2026", "26", "", "0.5"])
def test_what_is_no_month_is_said_so(written: str) -> None:
    with pytest.raises(ValueError, match=r"month|day"):
        month_words.month(written)


def test_headers_are_months_by_a_pattern_and_none_comes_twice() -> None:
    found, twice = month_words.columns(("Name", "Plan Jan 2026", "Plan Feb 2026", "Total 2026"), "Plan {MMM} {YYYY}")
    assert (found, twice) == ({"Plan Jan 2026": (2026, 1), "Plan Feb 2026": (2026, 2)}, [])
    _, twice = month_words.columns(("M01", "M1"), "M{M}")
    assert twice == ["“M01” and “M1” are the same month; a month has one column."]
    assert month_words.header_fault("{QQ}", with_year=True) is not None
    assert month_words.header_fault("M{MM}", with_year=True) is not None


def test_not_known_is_not_zero() -> None:
    for cell in ("TBD", "-", "#REF!", "Exempt under Section 43 …", "n/a", "Data Not Provided"):
        assert is_unknown(cell)
    for cell in ("0", "0.00", "-5", "ten"):
        assert not is_unknown(cell)
    assert is_unknown("Early planning", ["early*"])


@pytest.mark.parametrize("names", [["Total"], ["Grand total:"], ["Summe"], ["Total Europe", "Europe"]])
def test_a_total_is_known_by_its_name(names: list[str]) -> None:
    assert names_total(names) == names[0]
    assert names_total(["Total rewards platform", "HR"]) is None


@pytest.mark.parametrize(
    "written", ["Maria Auer", "maria auer", "Auer, Maria", "AUER Maria", "M. Auer", "Maria A.", "MA"]
)
def test_people_are_meant_by_what_is_usual(written: str) -> None:
    assert meant_by(written, ["Maria Auer", "Olaf Berg"]) == ["Maria Auer"]
    assert meant_by("M. Auer", ["Maria Auer", "Max Auer"]) == ["Maria Auer", "Max Auer"]  # a doubt
    assert meant_by("Erik", ["Maria Auer"]) == []


def test_amounts_are_added_exactly_and_the_sum_is_rounded_once() -> None:
    text = "Name,Month,Value\nA,2026-01,0.0049\nA,2026-01,0.0049\nA,2026-01,1.0002\n"
    (line,) = lines(text, LONG.format(currency="USD", round="true")).lines
    assert line.months[Series.PLAN] == {Month(202601): 101}  # 1.0100, where each rounded alone gives 1.00
    (line,) = lines(text, LONG.format(currency="CLF", round="false")).lines
    assert line.months[Series.PLAN] == {Month(202601): 10100}
    (fault,) = lines(text.replace("1.0002", "1.0003"), LONG.format(currency="USD", round="false")).faults
    assert "1.0101 over 3 rows, has more than the 2 decimals of USD" in fault.reason


def test_a_total_without_a_name_is_the_sum_of_what_stands_above() -> None:
    text = "Name,Month,Value\nA,2026-01,5\nB,2026-01,7\n,2026-01,12\n,2026-01,13\n"
    found = lines(text, LONG.format(currency="USD", round="false"))
    assert [one.line for one in found.left_out] == [4]
    assert [one.line for one in found.faults] == [5]
    assert len(found.lines) == 2


def test_a_fiscal_year_that_clashes_is_a_fault() -> None:
    mapping = LONG.format(currency="USD", round="false").replace("repeated: add", "fiscalYear: FY")
    with pytest.raises(Refused) as refused:
        lines("Name,Month,Value,FY\n", mapping)
    assert "iscalYearStart is needed" in " ".join([refused.value.message, *refused.value.details])
    found = lines("Name,Month,Value,FY\nA,2026-07,1,FY26\nB,2026-07,1,FY27\n", f"{mapping}fiscalYearStart: 7\n")
    assert [(one.file, one.line, one.column, one.value, one.reason) for one in found.faults] == [
        ("d.csv", 2, "FY", "FY26", "“FY26” clashes with “Month”: 2026-07 lies in fiscal year 2027.")
    ]


WIDE = """
system: s
currency: EUR
fiscalYearStart: 7
files: {d: d.csv}
fields: {status: {column: Status, map: {Open: open}, unmapped: refuse}}
initiatives: {branch: [{objective: O}, {portfolio: P}, {program: "{Program}"}, {initiative: "{Name}"}]}
stage: {column: Status, map: {Open: open}, unmapped: refuse}
values:
  - {kind: COST_SAVING, series: plan, months: "{MMM} {YYYY}", fiscalYear: FY, currency: In, when: {status: open}}
  - {kind: RUN_COST, name: Run, series: actual, amount: Spent, month: Paid}
"""


def test_every_fault_of_every_cell_of_a_row_is_told_at_once() -> None:
    """“eleven” hides no −3 beside it, and a row with faults none of its contradictions with the rows above."""
    head = "Program,Name,Status,FY,In,Jul 2026,Aug 2026,Sep 2025,Spent,Paid\n"
    good = "G,A,Open,,,1,2,,5,2026-01\n"
    bad = "G,A,Open,FY27,XYZ,eleven,-3,1,0.123,soon\n,B,Shut,26/27,EUR,1,2,3,ten,\nG,A,Open,,,1,7,,x,2026-01\n"
    found = lines(head + good + bad, WIDE)
    assert [(one.line, one.column, one.value, one.reason) for one in found.faults] == [
        (3, "Jul 2026", "eleven", "“eleven” is not a number written with “.” before decimals."),
        (3, "In", "XYZ", "“XYZ” is no ISO 4217 currency code such as EUR."),
        (3, "Aug 2026", "-3", f"“-3” lies below zero, {PLAN_CANNOT}"),
        (3, "FY", "FY27", "“FY27” clashes with “Sep 2025”: 2025-09 lies in fiscal year 2026."),
        (3, "Paid", "soon", "“soon” is neither a month such as 2026-01 or Jan 2026 nor a day in a known format."),
        (3, "Spent", "0.123", "“0.123” has more than the 2 decimals of EUR; round: true rounds the sum half up."),
        (4, "Status", "Shut", "“Shut” is not in the map of this field; there is Open."),
        (4, "Spent", "ten", "“ten” is not a number written with “.” before decimals."),
        (4, "Paid", None, "Here stands no month."),
        (4, None, None, "It belongs to no initiative: {Program} is blank, which its plan is named by."),
        (5, "Spent", "x", "“x” is not a number written with “.” before decimals."),
        (5, "Jul 2026", "1", f"2026-07 of “Cost saving” stands on line 2 already. {ADD[11:]}"),
        (5, "Aug 2026", "7", f"2026-08 of “Cost saving” stands on line 2 already, with another amount; neither {ADD}"),
    ]
    saving, cost = found.lines
    assert saving.months == {Series.PLAN: {Month(202607): 100}}
    assert cost.months == {Series.ACTUAL: {Month(202601): 500}}


def test_every_fault_of_a_row_of_targets_is_told_at_once() -> None:
    mapping = """
system: s
currency: EUR
files: {t: t.csv}
plans: {attach: "Growth / {Area}"}
quota: {seller: Seller, months: "M{MM}", year: Year}
"""
    text = f"Year,Seller,Area,M01,M02\nnext,,,ten,-3\n2026,{'x' * 201},East,{'9' * 40},1\n"
    found = read_targets({"t.csv": text.encode()}, mapping)
    assert found.lines == ()
    assert [(one.line, one.column, one.value and one.value[:5], one.reason) for one in found.faults] == [
        (2, "M01", "ten", "“ten” is not a number written with “.” before decimals."),
        (2, "Year", "next", "“next” is no year."),
        (2, "M02", "-3", "“-3” lies below zero, which the plan of revenue cannot; negative: names a line for it."),
        (2, "Seller", None, "This row does not say whose target it is."),
        (2, None, None, "It belongs to no sales plan: {Area} is blank, which its plan is named by."),
        (3, "M01", "99999", f"“{'9' * 40}” is too large for an amount of money."),
        (3, "Seller", "xxxxx", f"“{'x' * 40}” has 201 characters; at most 200 are kept."),
    ]


@pytest.mark.parametrize(
    ("text", "year"),
    [("FY27", 2027), ("2027", 2027), ("2026/27", 2027), ("FY 2026-2027", 2027), ("soon", None), ("7", None)],
)
def test_a_fiscal_year_is_named_by_the_year_it_ends_in(text: str, year: int | None) -> None:
    assert stated_fiscal_year(text) == year


def test_a_guess_reads_the_sheet_it_was_made_from() -> None:
    sheet = "No;Area;Programme;Initiative;Owner;Jan 2026;Feb 2026;Mrz 2026\n1;Plants;Energy;LED;Ann;1,5;2;-\n"
    guess = guess_mapping("tracker k€.csv", sheet.encode(), ImportKind.TRACKER)
    told = {column.header: column.meaning for column in guess.columns}
    assert (told["Area"], told["Initiative"], told["Jan 2026"]) == ("portfolio", "name", "plan of a month")
    assert "#   Owner: owner (likely: its header is “owner”)" in guess.yaml
    found = read_tracker({"tracker k€.csv": sheet.encode()}, guess.yaml)
    assert found.faults == ()
    (line,) = found.lines
    assert line.months[Series.PLAN] == {Month(202601): 150_000, Month(202602): 200_000}
    wide = "Year,Salesperson,Title,M01,M02,M03\n2026,Ann,Rep,1,2,3\n2026,Cy,Sales Manager,1,2,3\n"
    guess = guess_mapping("t.csv", wide.encode(), ImportKind.TARGETS)
    targets = read_targets({"t.csv": wide.encode()}, guess.yaml)
    assert ([line.name for line in targets.lines], [one.value for one in targets.left_out]) == (["Ann"], ["Cy"])
    with pytest.raises(Refused):
        guess_mapping("t.csv", wide.encode(), ImportKind.CRM)


def test_a_mapping_is_checked_before_it_is_saved() -> None:
    check_mapping(ImportKind.TRACKER, LONG.format(currency="USD", round="true"))
    with pytest.raises(Refused) as refused:
        check_mapping(ImportKind.TRACKER, LONG.format(currency="XYZ", round="maybe"))
    assert len(refused.value.details) == 2
    with pytest.raises(Refused):
        check_mapping(ImportKind.STRATEGY, "system: s")


def test_every_key_is_in_a_manual() -> None:
    parts: dict[str, tuple[type[Part], ...]] = {
        "tracker": (TrackerMapping, TrackerNumbers, ValueRule, Negative),
        "targets": (TargetsMapping, QuotaRule, ManagersRule),
    }
    for name, kinds in parts.items():
        keys = {str(field.alias) for kind in kinds for field in kind.model_fields.values()}
        assert [key for key in sorted(keys) if f"`{key}`" not in MANUALS[name]] == []


@pytest.mark.parametrize(
    ("manual", "read", "figures", "left"), [("tracker", read_tracker, 3, 1), ("targets", read_targets, 2, 1)]
)
def test_the_example_of_a_manual_reads_its_files(
    manual: str, read: Callable[..., Any], figures: int, left: int
) -> None:
    mapping = re.findall(r"```yaml\n(.*?)```", MANUALS[manual], re.DOTALL)[0]
    files = {name: text.encode() for name, text in re.findall(r"```csv (\S+)\n(.*?)```", MANUALS[manual], re.DOTALL)}
    found = read(files, mapping)
    assert found.faults == ()
    assert sum(len(months) for line in found.lines for months in line.months.values()) == figures
    assert len(found.left_out) == left
