"""Acceptance: a real CRM extract of 8,800 opportunities, and every total computed independently of us."""

import csv
import time
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from server.domain.sales import OpportunityState, ratio
from server.exchange.crm import read_extract
from server.exchange.extract import Extract, Opportunity

HERE = Path(__file__).resolve()
DATA = HERE.parents[3] / "shared" / "data" / "crm-maven"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="NOT RUN: the real extract ../shared/data/crm-maven is absent"
)


@cache
def extract() -> Extract:
    files = {path.name: path.read_bytes() for path in DATA.glob("*.csv")}
    return read_extract(files, (HERE.parent / "crm_maven.yaml").read_text("utf-8"))


def expected(name: str) -> list[dict[str, str]]:
    with (DATA / "expected" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manager(deal: Opportunity) -> str:
    names = {node.key: node.name for node in extract().nodes}
    return names[deal.plan]  # type: ignore[index]  # every deal of this extract has a plan, made here


def quarter(deal: Opportunity) -> str:
    return f"{deal.closed_on.year}-Q{(deal.closed_on.month + 2) // 3}" if deal.closed_on else ""


CUTS: dict[str, tuple[str, Callable[[Opportunity], str | None]]] = {
    "by_agent": ("sales_agent", lambda deal: deal.seller),
    "by_manager": ("manager", manager),
    "by_region": ("regional_office", lambda deal: deal.territory),
    "by_product": ("product", lambda deal: deal.product),
    "by_series": ("series", lambda deal: deal.product_group),
    "by_account": ("account", lambda deal: deal.account),
    "by_sector": ("sector", lambda deal: deal.account_group),
    "by_close_month": ("close_month", lambda deal: str(deal.closed_on)[:7]),
    "by_close_quarter": ("close_quarter", quarter),
}


def figures(deals: list[Opportunity]) -> dict[str, str]:
    of = {state: [deal for deal in deals if deal.state is state] for state in OpportunityState}
    won, lost, still_open = (
        of[state] for state in (OpportunityState.WON, OpportunityState.LOST, OpportunityState.OPEN)
    )
    rate = ratio(len(won), len(won) + len(lost))
    return {
        "opportunities": str(len(deals)),
        "won_count": str(len(won)),
        "lost_count": str(len(lost)),
        "win_rate": "" if rate is None else str(rate),
        "won_value": str(int(sum((deal.amount or Decimal(0) for deal in won), Decimal(0)))),
        "open_count": str(len(still_open)),
        "open_list_value": str(int(sum((deal.amount or Decimal(0) for deal in still_open), Decimal(0)))),
    }


@pytest.mark.parametrize("name", CUTS)
def test_totals_equal_those_computed_elsewhere(name: str) -> None:
    column, key = CUTS[name]
    groups: dict[str, list[Opportunity]] = defaultdict(list)
    for deal in extract().opportunities:
        groups[key(deal) or ""].append(deal)
    rows = expected(name)
    assert {row[column] for row in rows} >= groups.keys() - {"", "None"}
    for row in rows:
        ours = figures(groups[row[column]])
        assert {key: ours[key] for key in ours.keys() & row.keys()} == {
            key: row[key] for key in ours.keys() & row.keys()
        }


def test_everything_is_taken_at_once_and_quickly() -> None:
    extract.cache_clear()
    started = time.process_time()
    taken = extract()
    assert time.process_time() - started < 2  # its own time, however busy the machine is
    assert (taken.read, len(taken.opportunities), taken.faults, taken.orphans) == (8800, 8800, (), ())
    total = expected("totals")[0]
    ours = figures(list(taken.opportunities))
    assert ours == {key: total[key] for key in ours}


def test_agents_without_deals_are_sellers_and_lost_deals_have_no_amount() -> None:
    sellers = {name for names in extract().sellers.values() for name in names}
    idle = {"Elizabeth Anderson", "Natalya Ivanova", "Carol Thompson", "Carl Lin", "Mei-Mei Johns"}
    assert len(sellers) == 35
    assert idle <= sellers
    assert idle.isdisjoint({deal.seller for deal in extract().opportunities})
    assert {deal.amount for deal in extract().opportunities if deal.state is OpportunityState.LOST} == {None}
