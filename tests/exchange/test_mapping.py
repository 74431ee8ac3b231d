"""Mappings: a short one is enough, and a wrong one hears everything that is wrong with it at once."""

import re
import time
from pathlib import Path

import pytest

from server.domain.refusals import Refused
from server.exchange.crm import read_extract
from server.exchange.loading import load_mapping
from server.exchange.mapping import Columns, CrmMapping, File, Join, Numbers, People, PersonSource
from server.exchange.placing import Attach, BranchLevel, PlanRule
from server.exchange.sources import AmountRule, DateRule, Part, ProbabilityRule, StageRule

MANUAL = (Path(__file__).parents[2] / "docs" / "import-crm.md").read_text("utf-8")
SHORT = """
system: hubspot
currency: EUR
files: {deals: deals.csv}
columns:
  externalId: Record ID
  stage: Deal Stage
  amount: Amount
  closedOn: Close Date
stages: {Closed Won: WON, Closed Lost: LOST, "*": OPEN 20%}
"""


def faults_of(mapping: str) -> tuple[str, ...]:
    with pytest.raises(Refused) as refused:
        load_mapping(mapping)
    return refused.value.details or (refused.value.message,)


def test_ten_lines_are_a_mapping() -> None:
    mapping = load_mapping(SHORT)
    assert mapping.columns.amount is not None
    assert mapping.columns.amount.column == "Amount"
    assert str(mapping.stages["*"].probability) == "0.2"


def test_all_faults_are_told_at_once_with_line_path_and_what_would_be_right() -> None:
    wrong = """\
system: crm
currency: EURO
files:
  deals: {name: deals.csv, delimiter: ";;", header: two}
columns:
  externalId: {colum: Id}
  acount: Company
  stage: Stage
  closedOn: {column: Closed, format: DD.MM}
stages: {Won: WIN, Open: OPEN 140%}
plans:
  branch:
    - objective: Revenue
    - program: "{territory}"
    - {salesPlan: Plan, ownr: Ann}
people: {missing: creat}
stages: {}
"""
    told = "\n".join(faults_of(wrong))
    for sentence in (
        "Line 2, currency: “EURO” is not an ISO 4217 currency code",
        "Line 4, files.deals.delimiter: ';;' is no delimiter",
        "Line 4, files.deals.header: “two” is not a whole number.",
        "Line 6, columns.externalId.colum: “colum” is no key here; did you mean “column”?",
        "Line 7, columns.acount: “acount” is no key here; did you mean “account”?",
        "Line 9, columns.closedOn.format: “DD.MM” is no date format",
        "Line 15, plans.branch[2].ownr: “ownr” is no key here; did you mean “owner”?",
        "people.missing: “creat” is not one of 'create' or 'refuse'.",
        "Line 17, stages: This key stands already on line 10.",
    ):
        assert sentence in told


def test_levels_follow_one_another_as_the_law_has_it() -> None:
    skipping = SHORT + "plans: {branch: [{objective: A}, {program: B}, {initiative: C}, {salesPlan: D}]}"
    assert "A program cannot stand under an objective." in faults_of(skipping)[0]
    assert "at the top without attach" in faults_of(SHORT + "plans: {branch: [{salesPlan: D}]}")[0]
    assert "the last level is a sales plan" in faults_of(SHORT + "plans: {branch: [{objective: A}]}")[0].lower()
    attached = load_mapping(SHORT + "plans: {attach: A / B, branch: [{initiative: C}, {salesPlan: D}]}")
    assert attached.plans[0].attach == Attach(path=("A", "B"))


def test_columns_and_files_that_are_not_there_are_named_together_with_those_that_are() -> None:
    mapping = SHORT.replace("Deal Stage", "Stage") + "joins: {teams.name: owner}\nsellers: deals.owner\nskp: {}"
    with pytest.raises(Refused) as refused:
        read_extract({"deals.csv": b"Record ID,Amount,Deal Stage,Close Date\n", "old.csv": b"x"}, mapping)
    told = "\n".join(refused.value.details)
    assert "columns.stage.column: deals.csv has no column “Stage”; did you mean “Deal Stage”?" in told or (
        "columns.stage: deals.csv has no column “Stage”; did you mean “Deal Stage”?" in told
    )
    assert "Its columns: Record ID, Amount, Deal Stage, Close Date." in told
    assert "joins.teams.name: A join is written FILE.COLUMN; its files are deals." in told
    assert "deals.csv has no column “owner”" in told
    assert "“skp” is no key here; did you mean “skip”?" in told
    with pytest.raises(Refused, match=re.escape("No file is called “deals.csv”. Files that came: old.csv")):
        read_extract({"old.csv": b"x"}, SHORT)


def test_a_column_of_a_file_that_is_not_joined_is_refused() -> None:
    mapping = SHORT.replace("{deals: deals.csv}", "{deals: deals.csv, teams: teams.csv}")
    mapping = mapping.replace("stage: Deal Stage", "stage: Deal Stage\n  territory: teams.region")
    files = {"deals.csv": b"Record ID,Amount,Deal Stage,Close Date\n", "teams.csv": b"name,region\n"}
    with pytest.raises(Refused, match=re.escape("teams is not joined to it. Add  teams.KEY: deals.KEY  under joins")):
        read_extract(files, mapping)


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ("a: &x [1]\nb: *x", "anchor, an alias or a tag"),
        ("stages: {*: OPEN}", "a lone * or & stands without quotation marks on line 1"),
        ("a: !!python/object/apply:os.system [ls]", "anchor, an alias or a tag"),
        ("[" * 100_000, "nested deeper than 20"),
        ("- " * 50_000, "nested deeper than 20"),
        ("a" * 300_000, "longer than 256 KiB"),
        ("a: 'b", "is not YAML"),
        ("a: \x00", "is not YAML"),
        ("a: \ud800", "is not YAML"),
        ("", "A mapping is a list of keys"),
        ("- a", "A mapping is a list of keys"),
    ],
)
def test_what_is_no_mapping_is_refused_at_once(mapping: str, sentence: str) -> None:
    started = time.perf_counter()
    assert sentence in faults_of(mapping)[0]
    assert time.perf_counter() - started < 1


def test_every_key_is_in_the_manual() -> None:
    parts: tuple[type[Part], ...] = (CrmMapping, File, Join, Columns, AmountRule, ProbabilityRule, DateRule, StageRule)
    parts += (PlanRule, Attach, BranchLevel, People, PersonSource, Numbers)
    keys = {str(field.alias) for part in parts for field in part.model_fields.values()} - {"level"}
    assert [key for key in sorted(keys) if f"`{key}`" not in MANUAL] == []


@pytest.mark.parametrize(
    ("system", "deals", "orphans"),
    [("hubspot", 2, 2), ("maven-crm", 3, 0), ("salesforce", 2, 0), ("obvience", 2, 2), ("dynamics", 3, 1)],
)
def test_every_example_of_the_manual_reads_its_files(system: str, deals: int, orphans: int) -> None:
    _, _, after = MANUAL.partition(f"```yaml\nsystem: {system}\n")
    mapping, *rest = after.partition("```yaml")[0].split("\n```\n", 1)
    files = dict(re.findall(r"```csv (\S+)\n(.*?)```", "".join(rest), re.DOTALL))
    encoding = "cp1252" if "cp1252" in mapping else "utf-8"
    extract = read_extract(
        {name: text.encode(encoding) for name, text in files.items()}, f"system: {system}\n{mapping}"
    )
    assert extract.faults == ()
    assert (len(extract.opportunities), len(extract.orphans)) == (deals, orphans)
