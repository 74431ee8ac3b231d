"""Sales plans: quota, results and the figures of law §5, against small examples computed by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import sales
from server.domain.capacity import CapacityAmount, check_capacity
from server.domain.figures import Period
from server.domain.months import Month
from server.domain.refusals import Faults, Refused
from server.domain.results import Result, check_results
from server.domain.sales import (
    ForecastCategory,
    IncentiveShare,
    OpportunityState,
    QuotaAmount,
    SalesDimension,
    check_quota,
    weight_of,
)
from server.domain.sales_figures import NOTHING, Ground, Parts, Quotas, Tally, by_month, explained, sliced
from server.domain.sales_outlook import Planned, days_of, pace, projected_end

JULY, AUGUST = Month(202607), Month(202608)
QUARTER = Period(JULY, Month(202609))
WON = Result("crm", "D1", "Closed", OpportunityState.WON, amount=Decimal("100.50"), closed_on=date(2026, 7, 3))


def faults(check: Faults) -> tuple[str, ...]:
    """All that was found wrong."""
    try:
        check.refuse_if_any()
    except Refused as refused:
        return refused.details
    return ()


def test_figures_of_a_quarter() -> None:
    assert sales.attainment(450_00, 600_00) == Decimal("0.750000")
    assert sales.gap(600_00, 450_00) == 150_00
    assert sales.gap(600_00, 650_00) == 0
    assert sales.win_rate(4238, 2473) == Decimal("0.631501")
    assert sales.coverage(300_00, 600_00, 450_00) == Decimal("2.000000")
    assert sales.required_coverage(1, 3) == Decimal("4.000000")
    assert sales.average_won(10_005_534_00, 4238) == 2360_91


def test_a_figure_without_anything_to_divide_by_is_none() -> None:
    assert sales.attainment(1, 0) is None
    assert sales.win_rate(0, 0) is None
    assert sales.coverage(300, 600, 600) is None
    assert sales.required_coverage(0, 5) is None
    assert sales.average_won(0, 0) is None


def test_each_amount_says_how_it_was_computed() -> None:
    tally = Tally(won=2, won_units=450_00, open=3, open_units=300_00, weighted=75_00, unpriced=1, unlikely=2)
    figures = explained(Ground(QUARTER, "EUR", Quotas(600_00, 6), tally))
    assert str(figures.gap.money) == "150.00 EUR"
    assert figures.gap.inputs == (("Quota", "600.00 EUR"), ("Won", "450.00 EUR"))
    assert figures.quota.inputs == (("Quota lines", "6"),)
    assert "with no expected close" in figures.open_pipeline.formula
    assert (figures.open_pipeline.omitted, figures.weighted_pipeline.omitted) == (1, 2)


def test_slices_are_every_segment_with_quota_results_or_a_name_and_the_nameless_last() -> None:
    slices = sliced(Parts({"Bea": Quotas(100, 1)}, {"": Tally(open=4), "Ann": Tally(won=1)}), ["Cid"])
    assert [(one.key, one.quota.units, one.tally) for one in slices] == [
        ("Ann", 0, Tally(won=1)),
        ("Bea", 100, NOTHING),
        ("Cid", 0, NOTHING),
        ("", 0, Tally(open=4)),
    ]


def test_every_month_of_the_period_is_listed() -> None:
    months = by_month(QUARTER, Parts({"2026-08": Quotas(5, 1)}, {"2026-07": Tally(lost=1), "": Tally(open=9)}))
    assert [(one.key, one.quota.units, one.tally.lost) for one in months] == [
        ("2026-07", 0, 1),
        ("2026-08", 5, 0),
        ("2026-09", 0, 0),
    ]


@given(st.integers(0, 10**15), st.integers(0, 1_000_000))
def test_a_weighted_amount_lies_between_nothing_and_the_amount(units: int, probability: int) -> None:
    found = sales.weighted(units, probability)
    assert found is not None
    assert 0 <= found <= units
    assert abs(found * 1_000_000 - units * probability) <= 500_000


def test_without_an_amount_or_a_probability_nothing_is_weighted() -> None:
    assert sales.weighted(None, 5) is None
    assert sales.weighted(5, None) is None


def test_results_are_refused_with_all_that_is_wrong_with_them() -> None:
    check = Faults()
    check_results(
        [
            WON,
            WON,
            replace(WON, external_id="D2", closed_on=None, amount=None),
            replace(WON, external_id="D3", amount=Decimal("NaN"), probability=Decimal("1.5")),
            replace(WON, external_id="D4", engaged_on=date(2026, 7, 4), currency="EURO"),
            replace(WON, external_id="", stage="x" * 81, account="nul\x00"),
        ],
        "EUR",
        check,
    )
    assert faults(check) == (
        "“D1” is named twice; name each opportunity once.",
        "“D2”: a won deal needs the day it was won.",
        "“D2”: a won deal needs an amount.",
        "“D3”: NaN is not an amount of money.",
        "“D3”: a probability lies between 0 and 1; 1.5 does not.",
        "“D4”: “EURO” is not an ISO 4217 currency code such as EUR.",
        "“D4”: it closed on 2026-07-03, before it was engaged on 2026-07-04.",
        "“”: externalId is missing; write it.",
        "“”: stage has 81 characters; at most 80 fit.",
        "“”: account holds a NUL character; take it out.",
    )


def test_a_result_knows_its_month_and_its_probability() -> None:
    assert (WON.month, WON.millionths) == (JULY, 1_000_000)
    assert replace(WON, state=OpportunityState.LOST).millionths == 0
    opened = replace(WON, state=OpportunityState.OPEN, closed_on=None, probability=Decimal("0.3333335"))
    assert (opened.month, opened.millionths) == (None, 333_334)
    assert replace(opened, probability=None).millionths is None


def test_quota_is_cut_one_way_only() -> None:
    check = Faults()
    quota = [
        QuotaAmount(JULY, Decimal(1)),
        QuotaAmount(AUGUST, Decimal(1), SalesDimension.SELLER, "Ann"),
    ]
    check_quota(quota, ["TERRITORY"], "EUR", check)
    (fault,) = faults(check)
    assert "cut it by no segment and seller and territory" in fault


def test_quota_is_refused_with_all_that_is_wrong_with_it() -> None:
    check = Faults()
    quota = [
        QuotaAmount(JULY, Decimal(-1), SalesDimension.TERRITORY, "North"),
        QuotaAmount(JULY, Decimal("1.001"), SalesDimension.TERRITORY, " North "),
        QuotaAmount(Month(209913), Decimal("Infinity"), SalesDimension.TERRITORY),
    ]
    check_quota(quota, [], "EUR", check)
    assert len(faults(check)) == 6


def test_quota_in_minor_units_by_month_and_segment() -> None:
    check = Faults()
    quota = [QuotaAmount(JULY, Decimal("10.50"), SalesDimension.SELLER, " Ann "), QuotaAmount(AUGUST, Decimal(0))]
    assert check_quota(quota[:1], ["SELLER"], "EUR", check) == {(JULY, "SELLER", "Ann"): 1050}
    assert check_quota(quota[1:], [], "EUR", check) == {(AUGUST, "", ""): 0}
    assert faults(check) == ()


@pytest.mark.parametrize("weight", ["0", "-1", "100.01", "NaN", "Infinity", "33.333"])
def test_a_weight_is_a_share_of_a_whole(weight: str) -> None:
    with pytest.raises(ValueError, match="a weight"):
        weight_of(IncentiveShare(UUID(int=1), "Attach rate", Decimal(weight)))
    assert weight_of(IncentiveShare(UUID(int=1), "Attach rate", Decimal("33.33"))) == 3333


def test_pace_counts_today_and_is_unknown_before_the_period() -> None:
    ground = Ground(QUARTER, "EUR", Quotas(600_00, 3), Tally(won=2, won_units=100_00, weighted=50_00, unlikely=1))
    assert days_of(QUARTER, date(2026, 6, 30)) == (0, 92)
    assert days_of(QUARTER, date(2026, 7, 1)) == (1, 92)
    assert days_of(QUARTER, date(2027, 1, 1)) == (92, 92)
    assert days_of(Period(Month(219912), Month(219912)), date(2199, 12, 31)) == (31, 31)
    assert pace(ground, date(2026, 6, 30)) is None
    halfway, over = pace(ground, date(2026, 8, 15)), pace(ground, date(2026, 10, 1))
    assert halfway
    assert over
    assert (halfway.units, over.units) == (200_00, 100_00)
    assert halfway.inputs == (("Won", "100.00 EUR"), ("Days elapsed", "46"), ("Days in the period", "92"))
    end = projected_end(ground)
    assert (end.units, end.omitted) == (150_00, 1)
    assert ("Quota, for comparison", "600.00 EUR") in end.inputs


def test_over_assignment_is_null_without_planned_revenue() -> None:
    assert Planned(400_00, 500_00, 2).over_assignment == Decimal("0.250000")
    assert Planned(400_00, 300_00, 2).over_assignment == Decimal("-0.250000")
    assert Planned(0, 300_00).over_assignment is None


def test_an_open_deal_is_not_in_the_category_closed() -> None:
    check = Faults()
    opened = replace(WON, state=OpportunityState.OPEN, forecast_category=ForecastCategory.CLOSED)
    check_results([opened, replace(WON, external_id="D2", forecast_category=ForecastCategory.CLOSED)], "EUR", check)
    assert faults(check) == ("“D1”: an open deal is not in the category CLOSED; say that it is won or lost.",)


def test_all_faults_of_capacity_are_told_at_once() -> None:
    check = Faults()
    fine = CapacityAmount("Ann", JULY, Decimal("10.50"))
    wrong = [
        fine, fine, CapacityAmount(" ", JULY, None), CapacityAmount("Bea", Month(202613), Decimal(-1)),
        CapacityAmount("Cid", JULY, Decimal("0.001")),
    ]  # fmt: skip
    check_capacity(wrong, "EUR", check)
    assert len(faults(check)) == 5
    assert check_capacity([fine], "EUR", Faults()) == {("Ann", JULY): 10_50}
