"""Plans and their differences: version n+1 is version n and the difference, exact to the cent, stored or not."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import drift
from server.domain.money import LARGEST_MINOR, Money
from server.domain.months import Month
from server.domain.plan_form import changes_in, changes_out, document, plan_of, things_in, things_out
from server.domain.plans import Difference, Plan, PlanPart, Slot, Thing, Value, differences, size
from server.domain.rates import PlanRates
from server.domain.values import ValueKind

RATES = PlanRates("EUR", 1, {(2027, "JPY"): Decimal("0.0061"), (2027, "KWD"): Decimal("3.02")})
JANUARY = Month(202701)
LINES = {
    UUID(int=1): Thing("Contracts", "REVENUE", "EUR", recurring=True),
    UUID(int=2): Thing("Margin", "MARGIN", "JPY", recurring=True),
    UUID(int=3): Thing("Tooling", "CAPEX", "KWD"),
}
MILESTONES = {UUID(int=10 + number): Thing(f"Step {number}", "OUTCOME", critical=number == 0) for number in range(3)}
SELLERS = {UUID(int=20): Thing("Anna"), UUID(int=21): Thing("Bert")}
THINGS = LINES | MILESTONES | SELLERS
months = st.integers(0, 11).map(JANUARY.plus)
units = st.integers(-LARGEST_MINOR, LARGEST_MINOR)


@st.composite
def slots(draw: st.DrawFn) -> tuple[Slot, Value]:
    """Any slot with what may stand there."""
    part = draw(st.sampled_from(PlanPart))
    if part is PlanPart.ESTIMATE:
        return Slot(part), Money(draw(units), "EUR")
    if part is PlanPart.PLAN:
        line = draw(st.sampled_from(sorted(LINES)))
        return Slot(part, line, draw(months)), Money(draw(units), LINES[line].currency)
    if part is PlanPart.QUOTA:
        cut = draw(st.sampled_from([("", ""), ("TERRITORY", "DACH"), ("TERRITORY", "Nordics")]))
        return Slot(part, None, draw(months), *cut), Money(draw(st.integers(0, LARGEST_MINOR)), "EUR")
    if part is PlanPart.MILESTONE:
        return Slot(part, draw(st.sampled_from(sorted(MILESTONES)))), draw(st.dates(date(2027, 1, 1), date(2028, 1, 1)))
    rewards = draw(st.sampled_from([None, UUID(int=99)]))
    seller = draw(st.sampled_from(sorted(SELLERS)))
    return Slot(part, seller, None, "", draw(st.sampled_from(["Contracts", "Margin"])), rewards), draw(
        st.integers(1, 10_000)
    )


plans = st.lists(slots(), max_size=40).map(lambda found: Plan.of(dict(found), THINGS))


@given(plans, plans)
def test_a_version_and_the_difference_make_the_next_one(one: Plan, other: Plan) -> None:
    changes = differences(one, other)
    assert one.with_(changes, other.things) == other
    assert all(each.before != each.after and each.sentence.endswith(".") for each in changes)


@given(plans, plans)
def test_what_is_stored_comes_back_to_the_cent(one: Plan, other: Plan) -> None:
    kept = orjson.loads(orjson.dumps(document(one)))
    assert plan_of(kept) == one
    changes = differences(one, other)
    stored = orjson.loads(orjson.dumps([changes_out(changes), things_out(other.things)]))
    assert changes_in(stored[0]) == changes
    assert plan_of(kept).with_(changes_in(stored[0]), things_in(stored[1])) == other


@given(plans, plans)
def test_a_change_is_as_large_as_its_way_back_and_nothing_has_no_size(one: Plan, other: Plan) -> None:
    there, back = differences(one, other), differences(other, one)
    assert size(there, THINGS, RATES, JANUARY) == size(back, THINGS, RATES, JANUARY)
    assert size(differences(one, one), THINGS, RATES, JANUARY).units == 0


def change(line: int, month: int, before: int, after: int) -> Difference:
    """A change of one month, in minor units."""
    thing = UUID(int=line)
    values = (Money(units, THINGS[thing].currency) for units in (before, after))
    return Difference(Slot(PlanPart.PLAN, thing, JANUARY.plus(month)), THINGS[thing].name, *values)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([change(1, 0, 100, 0), change(1, 1, 0, 100)], "2.00"),  # a shift is not netted
        ([change(1, 0, 0, 100), change(2, 0, 0, 100)], "1.00"),  # revenue and its margin are not added: ¥ 100 is 0.61
        ([change(2, 0, 0, 1_000), change(3, 0, 0, 10_000)], "30.20"),  # the largest: KWD 10.000 of cost
    ],
)
def test_the_size_of_a_change_is_the_largest_of_what_moves(changes: list[Difference], expected: str) -> None:
    assert str(size(changes, THINGS, RATES, JANUARY)) == f"{expected} EUR"


def test_a_change_that_has_no_plan_rate_has_no_size() -> None:
    with pytest.raises(ValueError, match="there is no plan rate of JPY into EUR for fiscal year 2028"):
        size([change(2, 12, 0, 1)], THINGS, RATES, JANUARY)


@given(plans, plans)
def test_the_drift_of_the_kinds_is_exactly_what_the_plans_differ_by(one: Plan, other: Plan) -> None:
    found = drift.Versions(one, other, 2, RATES)
    kinds = dict(drift.by_kind(found, ValueKind))
    expected = dict.fromkeys(kinds, 0)
    for sign, plan in ((-1, one), (1, other)):
        for slot, value in plan.values.items():
            if slot.part is PlanPart.PLAN and slot.thing and slot.month and isinstance(value, Money):
                converted = RATES.convert(value.units, value.currency, slot.month)
                expected[ValueKind(THINGS[slot.thing].kind)] += sign * converted
    assert {kind: figure.units for kind, figure in kinds.items()} == expected
    assert drift.headline(found, list(ValueKind)).units == sum(expected.values())
    assert drift.quota(found).units == _quota(other) - _quota(one)


def _quota(plan: Plan) -> int:
    return sum(
        value.units for slot, value in plan.values.items() if slot.part is PlanPart.QUOTA and isinstance(value, Money)
    )


def test_a_milestone_drifts_by_days_from_its_first_date() -> None:
    step, new, gone = sorted(MILESTONES)
    first = Plan.of(
        {Slot(PlanPart.MILESTONE, step): date(2027, 3, 1), Slot(PlanPart.MILESTONE, gone): date(2027, 4, 1)}, THINGS
    )
    now = Plan.of(
        {Slot(PlanPart.MILESTONE, step): date(2027, 3, 15), Slot(PlanPart.MILESTONE, new): date(2027, 5, 1)}, THINGS
    )
    due = {step: date(2027, 3, 15) + timedelta(days=5), new: date(2027, 5, 1)}
    told = drift.milestones(drift.Versions(first, now, 2, RATES), due)
    assert [(each.id, each.days) for each in told] == [(step, 19), (gone, None), (new, None)]
