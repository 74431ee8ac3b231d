"""Acceptance: another CRM's extract by the same format: ids of two columns, stage probabilities in their own file."""

from collections import defaultdict
from csv import DictReader
from decimal import Decimal
from pathlib import Path

import pytest

from server.exchange.crm import read_extract

HERE = Path(__file__).resolve()
DATA = HERE.parents[3] / "shared" / "data" / "crm-obvience-opportunities"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"NOT RUN: the extract ../shared/data/{DATA.name} is absent")


def test_revenue_and_weighted_revenue_equal_those_computed_elsewhere() -> None:
    files = {path.name: path.read_bytes() for path in DATA.glob("*.csv")}
    extract = read_extract(files, (HERE.parent / "crm_obvience.yaml").read_text("utf-8"))
    assert (extract.read, len(extract.opportunities), extract.faults, extract.orphans) == (487, 487, (), ())
    totals: dict[tuple[str | None, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for deal in extract.opportunities:
        assert deal.amount is not None
        assert deal.probability is not None
        total = totals[deal.territory, deal.stage]
        total[0] += deal.amount
        total[1] += deal.amount * deal.probability
    with (DATA / "expected" / "by_region_stage.csv").open(encoding="utf-8", newline="") as file:
        rows = list(DictReader(file))
    theirs = {tuple(row.values())[:2]: [Decimal(row["revenue"]), Decimal(row["weighted_revenue"])] for row in rows}
    assert theirs == totals
