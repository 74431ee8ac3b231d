"""Extracts: a row is taken exactly, or told with file, line, column, value and reason; its branch is wanted once."""

from datetime import date
from decimal import Decimal

import pytest

from server.domain.cascade import Level
from server.domain.refusals import Refused
from server.domain.sales import ForecastCategory, OpportunityState
from server.exchange.crm import read_extract
from server.exchange.extract import ExternalKey, Extract, NamePath, WantedPerson
from server.exchange.tables import RowFault

MAPPING = """
system: crm
currency: EUR
files: {deals: deals.csv}
columns:
  externalId: id
  account: account
  amount: amount
  probability: chance
  stage: stage
  engagedOn: engaged
  closedOn: closed
stages: {Open: OPEN 10%, Won: WON, Lost: LOST}
"""
HEADER = "id,account,amount,chance,stage,engaged,closed\n"
GOOD = "1,Acme,10.50,,Won,2026-01-05,2026-03-01\n"


def read(rows: str, mapping: str = MAPPING, **files: str) -> Extract:
    others = {f"{name}.csv": text.encode() for name, text in files.items()}
    return read_extract({"deals.csv": (HEADER + rows).encode(), **others}, mapping)


def only_fault(row: str, mapping: str = MAPPING) -> RowFault:
    """The fault of the second row; the good one before it is taken all the same."""
    extract = read(GOOD + row + "\n", mapping)
    assert [deal.external_id for deal in extract.opportunities] == ["1"]
    (fault,) = extract.faults
    assert (fault.file, fault.line) == ("deals.csv", 3)
    return fault


def test_a_row_becomes_an_opportunity() -> None:
    (deal,) = read(GOOD).opportunities
    assert (deal.amount, deal.units, deal.currency) == (Decimal("10.50"), 1050, "EUR")
    assert (deal.state, deal.stage, deal.millionths) == (OpportunityState.WON, "Won", 1_000_000)
    assert (deal.engaged_on, deal.closed_on) == (date(2026, 1, 5), date(2026, 3, 1))
    (open_deal,) = read("2,,,,Open,,").opportunities
    assert (open_deal.account, open_deal.amount, open_deal.probability) == (None, None, Decimal("0.1"))


def test_every_fault_of_a_row_is_told_at_once_whichever_comes_first() -> None:
    fields = "  currency: {constant: XYZ}\n  territory: {column: account, map: {A: B}, unmapped: refuse}\n"
    mapping = MAPPING.replace("currency: EUR\n", "").replace("  amount:", f"{fields}  amount:")
    mapping += "plans: {attach: {externalId: '{territory}'}}\n"
    extract = read(",Zed,-3,40,Sold,soon,2026-02-30\n2,A,ten,2,Won,2026-02-02,2026-01-01\n", mapping)
    assert extract.opportunities == ()
    assert [(fault.line, fault.column, fault.value, fault.reason[:20]) for fault in extract.faults] == [
        (2, "stage", "Sold", "“Sold” is no stage o"),
        (2, "currency", "XYZ", "“XYZ” is not an ISO "),
        (2, "id", "", "This row has no exte"),
        (2, "account", "Zed", "“Zed” is not in the "),
        (2, "amount", "-3", "“-3” is below zero; "),
        (2, "engaged", "soon", "“soon” is not a day "),
        (2, "closed", "2026-02-30", "“2026-02-30” is a da"),
        (2, "chance", "40", "“40” is not a probab"),
        (3, "currency", "XYZ", "“XYZ” is not an ISO "),
        (3, "amount", "ten", "“ten” is not a numbe"),
        (3, "chance", "2", "“2” is not a probabi"),
        (3, "closed", "2026-01-01", "It closed on 2026-01"),
    ]


def test_a_forecast_category_is_read_however_it_is_spelled_and_a_blank_stays_unknown() -> None:
    mapping = MAPPING.replace(
        "  stage: stage\n", "  stage: stage\n  forecastCategory: {column: account, map: {Sure: COMMIT}}\n"
    )
    extract = read(
        "1,Best Case,,,Open,,\n2,Sure,,,Open,,\n3,,,,Open,,\n4,Perhaps,,,Open,,\n5,closed,,,Open,,\n", mapping
    )
    assert [deal.forecast_category for deal in extract.opportunities] == [
        ForecastCategory.BEST_CASE, ForecastCategory.COMMIT, None,
    ]  # fmt: skip
    assert ["is none of" in extract.faults[0].reason, "An open deal is not" in extract.faults[1].reason] == [True, True]


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("2,A,NaN,,Open,,", "amount", "NaN", "“NaN” is not a number"),
        ("2,A,1e400,,Open,,", "amount", "1e400", "is not a number"),
        ("2,A,ten,,Open,,", "amount", "ten", "is not a number"),
        ("2,A,-0,,Open,,", "amount", "-0", "minus zero"),
        ("2,A,-5,,Open,,", "amount", "-5", "below zero"),
        ('2,A,"1,000",,Open,,', "amount", "1,000", "is not a number"),
        ("2,A,1_000,,Open,,", "amount", "1_000", "is not a number"),
        ("2,A,٣,,Open,,", "amount", "٣", "is not a number"),
        (f"2,A,0.{'1' * 30},,Open,,", "amount", f"0.{'1' * 30}", "more than the 2 decimals of EUR"),
        (f"2,A,{'9' * 20},,Open,,", "amount", "9" * 20, "too large"),
        (f"2,A,{'9' * 5000},,Open,,", "amount", "9" * 80 + "…", "is not a number"),
        ("2,A,1,1.2,Open,,", "chance", "1.2", "between 0 and 1; percent: true reads"),
        ("2,A,1,140%,Open,,", "chance", "140%", "between 0 and 100 %"),
        ("2,A,1,-0.1,Open,,", "chance", "-0.1", "between 0 and 1"),
        ("2,A,1,,Open,2026-02-30,", "engaged", "2026-02-30", "does not exist"),
        ("2,A,1,,Open,30.01.2026,", "engaged", "30.01.2026", "date format"),
        ("2,A,1,,Open,0226-01-01,", "engaged", "0226-01-01", "outside the years"),
        ("2,A,1,,Lost,2026-02-02,2026-02-01", "closed", "2026-02-01", "before it was engaged on 2026-02-02"),
        ("2,A,1,,Won,,", "closed", "", "A won deal needs the day it was won."),
        ("2,A,,,Won,,2026-02-01", "amount", "", "A won deal needs an amount."),
        ("2,A,1,,won,,2026-02-01", "stage", "won", "is no stage of the mapping; did you mean “Won”?"),
        ("2,A,1,,,,", "stage", "", "has no stage"),
        (",A,1,,Open,,", "id", "", "has no external id"),
        (f"2,{'x' * 100_000},1,,Open,,", "account", "x" * 80 + "…", "has 100,000 characters; at most 200 are kept"),
        ("2,a\x07b,1,,Open,,", "account", "a\x07b", "control characters"),
    ],
)
def test_dirt_is_told_and_never_guessed_at(row: str, column: str, value: str, reason: str) -> None:
    fault = only_fault(row)
    assert (fault.column, fault.value) == (column, value)
    assert reason in fault.reason


def test_several_faults_of_one_row_are_all_told() -> None:
    extract = read("2,A,x,7,Open,2026-13-01,")
    assert [fault.column for fault in extract.faults] == ["amount", "engaged", "chance"]


def test_a_deal_that_stands_twice_is_taken_once_and_a_disputed_one_not_at_all() -> None:
    same = read(GOOD + GOOD)
    assert len(same.opportunities) == 1
    assert "stands already on line 2 of deals.csv, the same in every field" in same.faults[0].reason
    other = read(GOOD + GOOD.replace("10.50", "11") + GOOD.replace("Acme", "Ace"))
    assert other.opportunities == ()
    assert [fault.line for fault in other.faults] == [2, 3, 4]
    assert "with another amount; neither was taken" in other.faults[0].reason
    assert "with another account; neither was taken" in other.faults[2].reason


def test_german_figures_percentages_and_dates() -> None:
    mapping = MAPPING.replace("columns:", 'numbers: {decimal: ",", thousands: "."}\ndates: [DD.MM.YYYY]\ncolumns:')
    mapping = mapping.replace("amount: amount", 'amount: {column: amount, remove: ["€"], unit: thousands}')
    mapping = mapping.replace("probability: chance", "probability: {column: chance, percent: true}")
    (deal,) = read('1,Acme,"1.234,5 €","12,5",Open,01.02.2026,2026-03-01\n', mapping).opportunities
    assert (deal.amount, deal.probability) == (Decimal(1234500), Decimal("0.125"))
    assert (deal.engaged_on, deal.closed_on) == (date(2026, 2, 1), date(2026, 3, 1))
    (fault,) = read('1,A,"1.23,4",,Open,,\n', mapping).faults
    assert "is not a number written with “,” before decimals, “.” between thousands" in fault.reason


def test_amounts_by_state_fallbacks_blanks_and_maps() -> None:
    mapping = MAPPING.replace("amount: amount", "amount: {won: amount, lost: none, open: {constant: '7'}}")
    mapping = mapping.replace("account: account", "account: {column: account, map: {ACME: Acme}, fallback: id}")
    mapping = mapping.replace("columns:", "blank: [n/a, '-']\nskip: {stage: Test}\ncolumns:")
    rows = "1,ACME,5,,Won,,2026-03-01\n2,n/a,0,,Lost,,2026-03-01\n3,-,,,Open,,\n4,x,,,Test,,\n"
    extract = read(rows, mapping)
    assert [(deal.account, deal.amount) for deal in extract.opportunities] == [("Acme", 5), ("2", None), ("3", 7)]
    assert (extract.read, extract.skipped, extract.faults) == (4, 1, ())


def test_a_value_the_map_refuses_and_a_required_blank_are_faults() -> None:
    mapping = MAPPING.replace("account: account", "account: {column: account, map: {Acme: A}, unmapped: refuse}")
    assert only_fault("2,Acmee,1,,Open,,", mapping).value == "Acmee"
    mapping = MAPPING.replace("account: account", "account: {column: account, required: true}")
    assert only_fault("2,,1,,Open,,", mapping).reason == "account is required and blank here."


def test_the_state_may_stand_in_columns_of_its_own_and_the_currency_too() -> None:
    mapping = """
system: salesforce
files: {deals: "*.csv"}
columns:
  externalId: Id
  stage: StageName
  state: {template: "{IsClosed}/{IsWon}", map: {false/false: OPEN, true/true: WON, true/false: LOST}, unmapped: refuse}
  amount: Amount
  currency: CurrencyIsoCode
  closedOn: CloseDate
"""
    rows = b"Id,StageName,IsClosed,IsWon,Amount,CurrencyIsoCode,CloseDate\n1,Signed,true,true,500,jpy,2026-01-01\n"
    (deal,) = read_extract({"export.csv": rows}, mapping).opportunities
    assert (deal.stage, deal.state, deal.currency, deal.units) == ("Signed", OpportunityState.WON, "JPY", 500)
    faults = read_extract({"export.csv": rows.replace(b"jpy", b"YEN").replace(b"true,true", b"1,1")}, mapping).faults
    assert [fault.value for fault in faults] == ["1/1", "YEN"]


TEAMS = """
plans:
  branch:
    - objective: Revenue
    - portfolio: Sales
    - program: "{territory}"
    - initiative: "Grow {territory}"
    - salesPlan: "{teams.manager}"
      owner: "{teams.manager}"
sellers: teams.agent
people: {columns: [{name: teams.agent, email: teams.mail}]}
"""
JOINED = (
    MAPPING.replace(
        "{deals: deals.csv}", "{deals: deals.csv, teams: {name: teams.csv, aliases: {region: {Wset: West}}}}"
    )
    .replace("columns:", "joins: {teams.agent: deals.account}\ncolumns:")
    .replace("account: account", "seller: account\n  territory: teams.region")
    + TEAMS
)
ROSTER = "agent,manager,region,mail\nAnn,Max,Wset,ann@x.org\nBob,Max,West,\nCid,Eva,East,\n"


def test_the_branch_is_wanted_from_the_top_and_sellers_without_deals_are_on_it() -> None:
    extract = read("1,Ann,5,,Won,,2026-03-01\n2,,5,,Open,,\n", JOINED, teams=ROSTER)
    assert [(node.level, node.name) for node in extract.nodes[:5]] == [
        (Level.OBJECTIVE, "Revenue"),
        (Level.PORTFOLIO, "Sales"),
        (Level.PROGRAM, "West"),
        (Level.INITIATIVE, "Grow West"),
        (Level.SALES_PLAN, "Max"),
    ]
    assert len(extract.nodes) == 8
    keys = [node.key for node in extract.nodes]
    assert all(
        node.parent is None or keys.index(ExternalKey("crm", node.parent.id)) < index
        for index, node in enumerate(extract.nodes)
        if not isinstance(node.parent, NamePath)
    )
    assert list(extract.sellers.values()) == [("Ann", "Bob"), ("Cid",)]
    assert WantedPerson("Ann", "ann@x.org") in extract.people
    assert {person.name for person in extract.people} == {"Ann", "Bob", "Cid", "Max", "Eva"}
    orphan = extract.orphans[0]
    assert (orphan.line, orphan.reason) == (3, "Kept without a plan: {territory} is blank, which its plan is named by.")
    assert [deal.plan for deal in extract.opportunities] == [keys[4], None]


def test_a_key_nobody_has_or_two_lines_dispute_is_a_fault() -> None:
    extract = read("1,Anne,5,,Won,,2026-03-01\n", JOINED, teams=ROSTER)
    assert extract.faults[0].reason == "“Anne” is not in teams.csv; did you mean “Ann”?"
    extract = read("1,Ann,5,,Won,,2026-03-01\n", JOINED, teams=ROSTER + "Ann,Eva,East,\n")
    assert "stands on lines 2 and 5 of teams.csv, which disagree" in extract.faults[0].reason
    lenient = JOINED.replace("teams.agent: deals.account", "teams.agent: {matches: account, missing: blank}")
    assert len(read("1,Anne,5,,Won,,2026-03-01\n", lenient, teams=ROSTER).orphans) == 1


def test_a_plan_with_two_owners_is_told_not_guessed() -> None:
    mapping = JOINED.replace('salesPlan: "{teams.manager}"', 'salesPlan: "Plan {territory}"')
    extract = read("1,Ann,5,,Won,,2026-03-01\n", mapping, teams=ROSTER.replace("Bob,Max", "Bob,Eva"))
    assert [fault.value for fault in extract.faults] == ["Bob"]
    assert "would have two owners: “Max” and “Eva”" in extract.faults[0].reason


def test_rules_attach_to_what_stands_by_path_or_external_id_and_the_first_that_holds_wins() -> None:
    mapping = (
        MAPPING
        + """
plans:
  - when: {account: [Acme, Ace]}
    attach: "Revenue / Europe / {account}"
  - when: {stage: Won}
    attach: {externalId: "{account}-7", system: erp}
"""
    )
    rows = GOOD + "2,Zed,1,,Won,,2026-03-01\n3,Zed,1,,Open,,\n"
    extract = read(rows, mapping)
    assert [deal.plan for deal in extract.opportunities] == [
        NamePath(("Revenue", "Europe", "Acme")),
        ExternalKey("erp", "Zed-7"),
        None,
    ]
    assert (extract.nodes, extract.orphans[0].reason) == ((), "Kept without a plan: no rule under plans holds for it.")


def test_a_branch_nobody_needs_is_not_wanted() -> None:
    mapping = (
        MAPPING
        + """
plans: {branch: [{objective: A}, {portfolio: B}, {program: "{account}"}, {initiative: C}, {salesPlan: D}]}
"""
    )
    assert len(read(GOOD, mapping).nodes) == 5
    assert read(GOOD + GOOD.replace("10.50", "11"), mapping).nodes == ()


def test_files_by_pattern_are_read_together_and_others_are_told() -> None:
    files = {"deals-1.csv": (HEADER + GOOD).encode(), "Deals-2.CSV": (HEADER + GOOD.replace("1,", "2,", 1)).encode()}
    mapping = MAPPING.replace("deals.csv", "'deals-*.csv'")
    extract = read_extract({**files, "readme.txt": b"hello"}, mapping)
    assert sorted(deal.external_id for deal in extract.opportunities) == ["1", "2"]
    assert "readme.txt was not read: the mapping names no such file." in extract.notes


def test_every_row_read_is_taken_told_or_skipped() -> None:
    mapping = MAPPING.replace("columns:", "skip: {account: Test}\ncolumns:")
    rows = GOOD + "2,short\n3,A,x,,Open,,\n" + GOOD + "4,Test,1,,Open,,\n5,A,1,,Open,,\n"
    extract = read(rows, mapping)
    told = {(fault.file, fault.line) for fault in extract.faults}
    assert (extract.read, len(extract.opportunities), len(told), extract.skipped) == (6, 2, 3, 1)


def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(Refused, match=r"Two files are called deals\.csv"):
        read_extract({"may/deals.csv": HEADER.encode(), "june/deals.csv": HEADER.encode()}, MAPPING)


def test_progress_is_heard() -> None:
    heard: list[tuple[int, int]] = []
    rows = "".join(f"{number},A,1,,Open,,\n" for number in range(1200))
    read_extract({"deals.csv": (HEADER + rows).encode()}, MAPPING, lambda *told: heard.append(told))
    assert heard == [(500, 1200), (1000, 1200), (1200, 1200)]
