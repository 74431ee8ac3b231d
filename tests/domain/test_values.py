"""Value lines: which months a series takes, the outlook, and roll-ups that add up to the minor unit (law §4)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.cascade import Standing
from server.domain.figures import Period
from server.domain.months import Month
from server.domain.policy import DEFAULT
from server.domain.rates import PlanRates, check_rate
from server.domain.refusals import Faults, Refused
from server.domain.rollups import (
    Cell,
    Count,
    LeakageStep,
    Sums,
    by_kind,
    funnel,
    headline,
    leakage,
    run_rate,
    spend,
    spend_before_decision,
    weighted,
)
from server.domain.stages import STAGES, Stage
from server.domain.values import MonthAmount, MonthChange, Series, ValueKind, check_months, outlook, told

JULY = Month(202607)
YEAR = Period(Month(202601), Month(202612))
HEADLINE = DEFAULT.headline_kinds
UNITS = st.integers(-(10**15), 10**15)
CELLS = st.lists(
    st.builds(
        Cell,
        st.sampled_from(ValueKind),
        st.sampled_from(STAGES),
        st.sampled_from(Standing),
        UNITS,
        UNITS,
        UNITS,
        UNITS,
    ),
    max_size=30,
)


def faults_of(series: Series, *months: tuple[int, str | None], kind: ValueKind = ValueKind.REVENUE) -> tuple[str, ...]:
    """What is wrong with these months of a EUR line in July 2026."""
    faults = Faults()
    asked = [MonthAmount(Month(month), None if amount is None else Decimal(amount)) for month, amount in months]
    check_months(series, kind, "EUR", asked, JULY, faults)
    try:
        faults.refuse_if_any()
    except Refused as refused:
        return refused.details
    return ()


def test_all_faults_of_the_months_are_told_at_once() -> None:
    told_at_once = faults_of(
        Series.PLAN, (202607, "1"), (202607, "2"), (202608, "NaN"), (202609, "0.001"), (202610, "-5"), (209913, "1")
    )
    assert len(told_at_once) == 5
    assert told_at_once[0] == "2026-07 is named twice; name each month once."


def test_a_forecast_is_for_now_and_later_and_an_actual_for_now_and_before() -> None:
    assert faults_of(Series.FORECAST, (202606, "1")) == (
        "2026-06 has passed: a forecast is for 2026-07 and later; record its actual instead.",
    )
    assert faults_of(Series.ACTUAL, (202608, "1")) == (
        "2026-08 lies in the future: the actual can be recorded up to 2026-07.",
    )
    assert faults_of(Series.FORECAST, (202607, "1"), (202612, "1")) == ()
    assert faults_of(Series.ACTUAL, (202607, "1"), (202012, "1")) == ()


def test_only_books_and_margin_go_below_zero() -> None:
    assert faults_of(Series.PLAN, (202607, "-1")) == ("2026-07: the plan of revenue cannot be negative.",)
    assert faults_of(Series.PLAN, (202607, "-1"), kind=ValueKind.MARGIN) == ()
    assert faults_of(Series.ACTUAL, (202607, "-1")) == ()


def test_no_months_are_a_fault_too() -> None:
    assert faults_of(Series.PLAN) == ("Name at least one month.",)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            [(JULY, 17_000_000, 18_000_000)],
            "raised the July 2026 forecast of “Margin” from 170,000.00 to 180,000.00 EUR.",
        ),
        ([(JULY, 200, 100)], "lowered the July 2026 forecast of “Margin” from 2.00 to 1.00 EUR."),
        ([(JULY, None, 100)], "set the July 2026 forecast of “Margin”: 1.00 EUR."),
        ([(JULY, 100, None)], "cleared the July 2026 forecast of “Margin”, which was 1.00 EUR."),
        (
            [(JULY, None, 100), (Month(202608), 5, 250)],
            "set the forecast of “Margin”: 2 months, 3.50 EUR in all.",
        ),
    ],
)
def test_the_ledger_tells_what_happened(changes: list[tuple[Month, int | None, int | None]], sentence: str) -> None:
    assert told(Series.FORECAST, "“Margin”", "EUR", [MonthChange(*change) for change in changes]) == sentence


@pytest.mark.parametrize(
    ("stage", "plan", "forecast", "actual", "expected"),
    [
        (Stage.DETAILED, 10, None, None, 10),
        (Stage.DETAILED, 10, 20, None, 10),
        (Stage.DECIDED, 10, 20, None, 20),
        (Stage.DECIDED, 10, 0, None, 0),
        (Stage.DECIDED, 10, None, None, 10),
        (Stage.DECIDED, 10, 20, 30, 30),
        (Stage.CLOSED, 10, 20, 0, 0),
        (Stage.DEFINED, 10, None, 30, 30),
        (Stage.DEFINED, None, 20, None, None),
    ],
)
def test_the_outlook_is_the_actual_else_the_forecast_else_the_plan(
    stage: Stage, plan: int | None, forecast: int | None, actual: int | None, expected: int | None
) -> None:
    assert outlook(stage, plan, forecast, actual) == expected


def test_a_missing_plan_rate_is_named_with_its_fiscal_year() -> None:
    rates = PlanRates("EUR", 4, {(2026, "USD"): Decimal("0.9")})
    assert rates.convert(1000, "USD", Month(202603)) == 900
    assert rates.convert(1000, "EUR", Month(203001)) == 1000
    with pytest.raises(ValueError, match="no plan rate of USD into EUR for fiscal year 2027"):
        rates.convert(1000, "USD", Month(202604))


@pytest.mark.parametrize(
    ("year", "currency", "rate", "faults"),
    [(1900, "XXX", "NaN", 3), (2026, "EUR", "1", 1), (2026, "USD", "0", 1), (2026, "USD", "0.00000000001", 1)],
)
def test_what_is_no_plan_rate_is_refused_with_all_its_faults(year: int, currency: str, rate: str, faults: int) -> None:
    with pytest.raises(Refused) as refused:
        check_rate(year, currency, "EUR", Decimal(rate))
    assert len(refused.value.details) == faults


def cell(kind: ValueKind, stage: Stage, standing: Standing, *amounts: int) -> Cell:
    """A cell with plan, outlook, actual, confirmed in EUR."""
    plan, expected, actual, confirmed = (units * 100 for units in amounts)
    return Cell(kind, stage, standing, plan, expected, actual, confirmed)


BOARD = Sums(
    (
        cell(ValueKind.MARGIN, Stage.IMPLEMENTED, Standing.ACTIVE, 1000, 900, 800, 700),
        cell(ValueKind.COST_SAVING, Stage.DETAILED, Standing.ACTIVE, 500, 500, 0, 0),
        cell(ValueKind.MARGIN, Stage.DECIDED, Standing.ON_HOLD, 300, 250, 0, 0),
        cell(ValueKind.MARGIN, Stage.DEFINED, Standing.CANCELLED, 200, 200, 0, 0),
        cell(ValueKind.REVENUE, Stage.DECIDED, Standing.ACTIVE, 9000, 9000, 9000, 9000),
        cell(ValueKind.COST_AVOIDANCE, Stage.DECIDED, Standing.ACTIVE, 7000, 7000, 0, 0),
        cell(ValueKind.CAPEX, Stage.DETAILED, Standing.ACTIVE, 60, 60, 40, 0),
        cell(ValueKind.RUN_COST, Stage.IMPLEMENTED, Standing.ACTIVE, 30, 30, 20, 0),
    ),
    YEAR,
    "EUR",
)
COUNTS = (
    Count(Stage.IMPLEMENTED, Standing.ACTIVE, 2),
    Count(Stage.DETAILED, Standing.ACTIVE, 1),
    Count(Stage.DECIDED, Standing.ON_HOLD, 1),
    Count(Stage.DEFINED, Standing.CANCELLED, 1),
)


def test_the_headline_adds_margin_and_savings_and_nothing_else() -> None:
    five = headline(BOARD, HEADLINE)
    assert [str(figure.money) for figure in (five.plan, five.outlook, five.actual, five.confirmed, five.gap)] == [
        "2,000.00 EUR",
        "1,400.00 EUR",
        "800.00 EUR",
        "700.00 EUR",
        "-600.00 EUR",
    ]
    assert five.plan.inputs == (("Margin", "1,500.00 EUR"), ("Cost saving", "500.00 EUR"))
    assert "2026-01 to 2026-12" in five.plan.formula
    assert five.gap.inputs == (("Outlook", "1,400.00 EUR"), ("Plan, taken off", "-2,000.00 EUR"))


def test_a_kind_lists_the_stages_it_comes_from() -> None:
    five = by_kind(BOARD, ValueKind.MARGIN)
    assert five.plan.inputs == (
        ("Defined", "200.00 EUR"),
        ("Decided", "300.00 EUR"),
        ("Implemented", "1,000.00 EUR"),
    )
    assert five.outlook.inputs == (("Implemented", "900.00 EUR"),)


def test_only_active_benefits_are_weighted_by_their_stage() -> None:
    figure = weighted(BOARD, (*HEADLINE, ValueKind.CAPEX), DEFAULT.stage_weights)
    assert str(figure.money) == "1,150.00 EUR"
    assert figure.inputs == (("Detailed", "500.00 EUR × 50 %"), ("Implemented", "1,000.00 EUR × 90 %"))


def test_spend_is_the_actual_of_all_costs_and_leaks_where_nobody_decided() -> None:
    assert str(spend(BOARD).money) == "60.00 EUR"
    assert str(spend_before_decision(BOARD).money) == "40.00 EUR"
    assert spend_before_decision(BOARD).inputs == (("Detailed", "40.00 EUR"),)


def test_the_run_rate_is_twelve_last_months() -> None:
    going, held = (
        Cell(ValueKind.MARGIN, Stage.DECIDED, standing, 0, 0, 0, 0, recurring=12_345, recurring_omitted=2)
        for standing in (Standing.ACTIVE, Standing.ON_HOLD)
    )
    figure = run_rate(ValueKind.MARGIN, Sums((going, held), YEAR, "EUR"))
    assert str(figure.money) == "1,481.40 EUR"
    assert (figure.inputs, figure.omitted) == ((("2026-12", "123.45 EUR × 12"),), 2)


def test_the_waterfall_names_what_was_held_cancelled_missed_and_not_confirmed() -> None:
    steps = [(step.name, step.measures, str(step.amount.money)) for step in leakage(BOARD, COUNTS, HEADLINE)]
    assert steps == [
        ("Plan", 5, "2,000.00 EUR"),
        ("On hold", 1, "-300.00 EUR"),
        ("Cancelled", 1, "-200.00 EUR"),
        ("Below plan", None, "-100.00 EUR"),
        ("Outlook", 3, "1,400.00 EUR"),
        ("Not yet confirmed", 3, "-700.00 EUR"),
        ("Confirmed", 5, "700.00 EUR"),
    ]


@given(CELLS)
def test_the_waterfall_adds_up_whatever_the_numbers(cells: list[Cell]) -> None:
    sums = Sums(cells, YEAR, "EUR")
    steps: dict[str, LeakageStep] = {step.name: step for step in leakage(sums, (), HEADLINE)}
    amount = {name: step.amount.units for name, step in steps.items()}
    assert amount["Plan"] + amount["On hold"] + amount["Cancelled"] + amount["Below plan"] == amount["Outlook"]
    assert amount["Outlook"] + amount["Not yet confirmed"] == amount["Confirmed"]
    five = headline(sums, HEADLINE)
    assert (amount["Plan"], amount["Outlook"], amount["Confirmed"]) == (
        five.plan.units,
        five.outlook.units,
        five.confirmed.units,
    )


@given(CELLS)
def test_the_six_stages_of_the_funnel_add_up_to_all_that_is_active(cells: list[Cell]) -> None:
    sums = Sums(cells, YEAR, "EUR")
    steps = funnel(sums, (), HEADLINE)
    assert [step.stage for step in steps] == list(STAGES)
    active = [one for one in cells if one.standing is Standing.ACTIVE and one.kind in HEADLINE]
    assert sum(step.plan.units for step in steps) == sum(one.plan for one in active)
    assert sum(step.outlook.units for step in steps) == headline(sums, HEADLINE).outlook.units


@given(CELLS, CELLS)
def test_a_parent_is_the_sum_of_its_children_to_the_minor_unit(one: list[Cell], other: list[Cell]) -> None:
    whole, left, right = (headline(Sums(cells, YEAR, "EUR"), HEADLINE) for cells in ([*one, *other], one, other))
    for name in ("plan", "outlook", "actual", "confirmed", "gap"):
        assert getattr(whole, name).units == getattr(left, name).units + getattr(right, name).units
