"""Acceptance: AdventureWorks' targets against its 60,855 order lines, by person and month, in July's fiscal years.

What it must say was computed independently of us (`expected/` beside the data). Managers' targets are sums of their
people's: they are told in the report, and are no quota, so that nothing is counted twice.
"""

import re
from collections.abc import AsyncIterator
from decimal import Decimal
from string import Template
from typing import Any

import pytest

from tests.acceptance.imported import MAPPINGS, SHARED, Importer, answers, at, exact, importer

NAME = "sales-targets-adventureworks"
DATA = SHARED / NAME
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"NOT RUN: the real targets ../shared/data/{NAME} are absent")
MANAGERS = {"Brian Welcker", "Stephen Jiang", "Amy Alberts", "Syed Abbas"}
CUT = "key won { amount } wonCount"
SALES = f"""query ($from: Month, $to: Month) {{ organization {{ sales(from: $from, to: $to) {{
  quota {{ value {{ amount }} }} won {{ value {{ amount }} }} wonCount
  seller: by(dimension: SELLER) {{ {CUT} quota {{ amount }} }} region: by(dimension: TERRITORY) {{ {CUT} }}
  product: by(dimension: PRODUCT) {{ {CUT} }} byMonth {{ {CUT} }} }} }} }}"""
Pairs = dict[str, tuple[Decimal, Decimal]]
"""Quota and won by person."""
ALWAYS = ("2017-07", "2021-12")


def _files(*names: str) -> dict[str, bytes]:
    return {name.rpartition("/")[2]: (DATA / name).read_bytes() for name in names}


def _sales(file: str, amount: str) -> str:
    whole = Template((MAPPINGS / "crm_adventureworks.yaml").read_text(encoding="utf-8"))
    return whole.substitute(FILE=file, AMOUNT=amount)


@pytest.fixture(scope="module")
async def lea(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Importer]:
    """Who imported the targets, then the sales, then those of the month that came later."""
    async with importer(tmp_path_factory.mktemp("works"), "USD", at(2020, 7, 2), fiscal_year_start=7) as person:
        mapping = (MAPPINGS / "targets_adventureworks.yaml").read_text(encoding="utf-8")
        targets = _files("raw/ResellerSalesTargets.csv", "extracted/Salesperson.csv")
        report = await person.upload("TARGETS", targets, mapping)
        assert (report["read"], report["notTaken"], len(report["unknown"])) == (81, [], 163)
        _check_managers(report)
        again = await person.upload("TARGETS", targets, mapping)
        assert again["sentence"].startswith("Read 81 rows: nothing changed.")
        tables = ("extracted/Salesperson.csv", "extracted/Region.csv", "extracted/Product.csv")
        for file, folder, amount, count in (
            ("Sales.csv", "extracted", "Sales", 57_851),
            ("ResellerSales_202006.csv", "raw", "SalesAmount", 3_004),
        ):
            report = await person.upload("CRM", _files(f"{folder}/{file}", *tables), _sales(file, amount))
            assert (report["created"], report["orphans"], report["notTaken"]) == (count, 0, [])
        yield person


def _check_managers(report: dict[str, Any]) -> None:
    """What is left out is exactly the managers' targets: each with its sum."""
    left: dict[str, Decimal] = {}
    for one in report["leftOut"]:
        total = re.search(r"([\d.]+) USD in all", one["reason"])
        assert total
        left[one["value"]] = left.get(one["value"], Decimal(0)) + Decimal(total[1])
    told: dict[str, Decimal] = {}
    for row in answers(NAME, "salesperson_fiscal_year"):
        if row["Salesperson"] in MANAGERS and row["target"]:
            told[row["Salesperson"]] = told.get(row["Salesperson"], Decimal(0)) + Decimal(row["target"])
    assert left == told


async def _sellers(lea: Importer, first: str, last: str) -> Pairs:
    """Quota and won of every representative, and what managers sold themselves, of a period."""
    sales = (await lea.ask(SALES, **{"from": first, "to": last}))["organization"]["sales"]
    return {one["key"]: (_amount(one["quota"]), exact(one["won"])) for one in sales["seller"]}


def _amount(money: dict[str, Any] | None) -> Decimal:
    return Decimal(money["amount"]) if money else Decimal(0)


def _told(row: dict[str, str]) -> tuple[Decimal, Decimal]:
    target = Decimal(0) if row["Salesperson"] in MANAGERS else Decimal(row["target"] or 0)
    return target, Decimal(row["actual_with_202006"])


def _something(found: Pairs) -> Pairs:
    return {key: one for key, one in found.items() if any(one)}


def _months(period: str) -> tuple[str, str]:
    """First and last month of `FY2019` or `FY2019-Q2`."""
    year, _, quarter = period.removeprefix("FY").partition("-Q")
    first = 7 + 3 * (int(quarter) - 1 if quarter else 0)
    months = [divmod(first - 1 + offset, 12) for offset in (0, 2 if quarter else 11)]
    begin, end = (f"{int(year) - 1 + over}-{month + 1:02}" for over, month in months)
    return begin, end


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("salesperson_month_target_vs_actual", "month"),
        ("salesperson_fiscal_quarter", "fiscal_quarter"),
        ("salesperson_fiscal_year", "fiscal_year"),
    ],
)
async def test_target_and_actual_of_every_person(lea: Importer, name: str, column: str) -> None:
    rows = answers(NAME, name)
    for period in dict.fromkeys(row[column] for row in rows):
        first, last = (period, period) if column == "month" else _months(period)
        told = {row["Salesperson"]: _told(row) for row in rows if row[column] == period}
        assert _something(await _sellers(lea, first, last)) == _something(told), period


async def test_fiscal_years_of_representatives(lea: Importer) -> None:
    for row in answers(NAME, "title_fiscal_year"):
        if row["Title"] == "Sales Representative":
            found = await _sellers(lea, *_months(row["fiscal_year"]))
            quota, won = (sum((one[place] for name, one in found.items() if name not in MANAGERS), Decimal(0))
                          for place in (0, 1))  # fmt: skip
            assert (quota, won) == (Decimal(row["target"]), Decimal(row["actual_with_202006"]))


async def test_actual_by_region_category_and_month(lea: Importer) -> None:
    sales = (await lea.ask(SALES, **{"from": ALWAYS[0], "to": ALWAYS[1]}))["organization"]["sales"]
    for cut, name, column in (
        ("region", "actual_by_region", "Region"),
        ("product", "actual_by_category", "Subcategory"),
        ("byMonth", "actual_by_month", "month"),
    ):
        found = {one["key"]: (exact(one["won"]), one["wonCount"]) for one in sales[cut] if one["wonCount"]}
        assert found == {
            row[column]: (Decimal(row["actual_with_202006"]), int(row["lines"])) for row in answers(NAME, name)
        }
    for row in answers(NAME, "actual_by_region_fiscal_quarter"):
        first, last = _months(row["fiscal_quarter"])
        regions = (await _cut(lea, first, last))["region"]
        won = {one["key"]: exact(one["won"]) for one in regions}
        assert won[row["Region"]] == Decimal(row["actual_with_202006"])


_CUTS: dict[tuple[str, str], Any] = {}


async def _cut(lea: Importer, first: str, last: str) -> Any:
    """The sales of a period, asked once."""
    if (first, last) not in _CUTS:
        _CUTS[first, last] = (await lea.ask(SALES, **{"from": first, "to": last}))["organization"]["sales"]
    return _CUTS[first, last]


async def test_the_totals(lea: Importer) -> None:
    totals = {row["what"]: row["value"] for row in answers(NAME, "totals")}
    sales = (await lea.ask(SALES, **{"from": ALWAYS[0], "to": ALWAYS[1]}))["organization"]["sales"]
    assert exact(sales["won"]) == Decimal(totals["sales_with_202006"])
    assert sales["wonCount"] == int(totals["sales_lines_base"]) + int(totals["sales_lines_202006"])
    managers = sum(
        Decimal(row["target"]) for row in answers(NAME, "salesperson_fiscal_year")
        if row["Salesperson"] in MANAGERS and row["target"]
    )  # fmt: skip
    assert exact(sales["quota"]) == Decimal(totals["target_total"]) - managers
