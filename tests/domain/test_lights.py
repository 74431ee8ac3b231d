"""The two lights as the server proposes them, what a person may set instead, and the light of what lies above (§7)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.lights import (
    Light,
    Reading,
    Sides,
    Stepped,
    Weighed,
    above,
    attainment,
    implementation,
    is_better,
    potential,
    why_not_set,
)
from server.domain.milestones import MeasureType
from server.domain.policy import Lights
from server.domain.refusals import RefusalCode
from server.domain.stages import STAGES, Stage
from server.domain.values import ValueKind

DUE = date(2026, 11, 16)
POLICY = Lights()
HEADLINE = (ValueKind.MARGIN, ValueKind.COST_SAVING)
LIGHTS = st.sampled_from(Light)


def step(late: int, *, achieved: bool = False, critical: bool = True, kind: str = "OUTCOME", moved: int = 0) -> Stepped:
    """A milestone so many days late; `moved`: its date was moved by so many days since it was decided."""
    due, original = DUE + timedelta(days=moved), DUE if moved else None
    expected = DUE + timedelta(days=late)
    return Stepped("Step", due, original, expected, achieved, critical, MeasureType(kind))


@pytest.mark.parametrize(
    ("steps", "light"),
    [
        ([], Light.GREY),
        ([step(0, achieved=True, kind="ACTIVITY")], Light.GREY),
        ([step(40, kind="ACTIVITY")], Light.GREY),
        ([step(0)], Light.GREY),
        ([step(0), step(0, achieved=True, kind="ACTIVITY")], Light.GREY),
        ([step(0), step(0, achieved=True)], Light.GREEN),
        ([step(-9, achieved=True)], Light.GREEN),
        ([step(1), step(0, achieved=True)], Light.AMBER),
        ([step(14), step(0, achieved=True)], Light.AMBER),
        ([step(15), step(0, achieved=True)], Light.RED),
        ([step(90, critical=False), step(0, achieved=True)], Light.AMBER),
        ([step(20, kind="ACTIVITY"), step(0, achieved=True)], Light.RED),
        ([step(20, moved=20), step(0, achieved=True)], Light.RED),
        ([step(20, achieved=True)], Light.RED),
        ([step(20, achieved=True), step(30, moved=30, achieved=True)], Light.RED),
        ([step(20, achieved=True), step(0, achieved=True)], Light.RED),
    ],
)
def test_implementation_goes_by_days_of_delay_and_red_takes_a_critical_one(steps: list[Stepped], light: Light) -> None:
    assert implementation(steps, POLICY).light is light


def test_of_what_was_achieved_only_the_last_counts() -> None:
    early = Stepped("Early", DUE - timedelta(90), None, DUE - timedelta(60), True, True, MeasureType.OUTPUT)
    assert implementation([early], POLICY).light is Light.RED
    found = implementation([early, step(0, achieved=True)], POLICY)
    assert found == Reading(Light.GREEN, "“Step” was achieved, and no milestone is late.")
    told = "The critical milestone “Step” is expected 20 days after its original date: more than 14 days late."
    assert implementation([step(20, moved=20)], POLICY).why == told


@pytest.mark.parametrize(
    ("outlook", "light"), [(120, "GREEN"), (90, "GREEN"), (89, "AMBER"), (70, "AMBER"), (69, "RED"), (-5, "RED")]
)
def test_potential_is_outlook_by_plan(outlook: int, light: str) -> None:
    found = potential(Stage.DECIDED, {ValueKind.MARGIN: Sides(100, outlook)}, HEADLINE, POLICY)
    assert found.light == light
    assert attainment(100, outlook, POLICY).light == light


@pytest.mark.parametrize(
    ("outlook", "light"), [(100, "GREEN"), (111, "GREEN"), (112, "AMBER"), (142, "AMBER"), (143, "RED"), (0, "GREEN")]
)
def test_of_costs_less_is_better(outlook: int, light: str) -> None:
    assert potential(Stage.DECIDED, {ValueKind.CAPEX: Sides(100, outlook)}, HEADLINE, POLICY).light == light


def test_potential_looks_at_the_headline_first_then_at_the_largest_other_benefit() -> None:
    sides = {
        ValueKind.MARGIN: Sides(10, 5),
        ValueKind.REVENUE: Sides(1000, 1000),
        ValueKind.COST_AVOIDANCE: Sides(10, 1),
        ValueKind.CAPEX: Sides(10, 90),
    }
    assert potential(Stage.DECIDED, sides, HEADLINE, POLICY).why == "The outlook of margin is 50 % of the plan."
    del sides[ValueKind.MARGIN]
    assert potential(Stage.DECIDED, sides, HEADLINE, POLICY).why == "The outlook of revenue is 100 % of the plan."


def test_potential_is_grey_without_a_plan_and_before_decided() -> None:
    for stage in STAGES:
        assert potential(stage, {}, HEADLINE, POLICY).light is Light.GREY
    early = potential(Stage.DETAILED, {ValueKind.MARGIN: Sides(100, 100)}, HEADLINE, POLICY)
    assert early == Reading(Light.GREY, "Before Decided the outlook is the plan itself.")
    assert attainment(0, 5, POLICY).light is Light.GREY


def test_the_policy_sets_the_thresholds() -> None:
    strict = Lights(green_from=Decimal("1.0"), amber_from=Decimal("0.95"), amber_after_days=5, red_after_days=6)
    assert potential(Stage.DECIDED, {ValueKind.MARGIN: Sides(100, 99)}, HEADLINE, strict).light is Light.AMBER
    lights = [implementation([step(days), step(0, achieved=True)], strict).light for days in (5, 6, 7)]
    assert lights == [Light.GREEN, Light.AMBER, Light.RED]


def test_worse_is_free_better_takes_a_reason_and_grey_is_not_set() -> None:
    red = Reading(Light.RED, "It is late.")
    refused = why_not_set(Light.GREEN, red, None)
    told = "Green is better than the red that is proposed. It is late. Say why it is better, or leave it red."
    assert refused == (RefusalCode.CRITERIA_UNMET, told)
    assert why_not_set(Light.GREEN, red, "The supplier has signed.") is None
    assert why_not_set(Light.RED, Reading(Light.GREEN, "Fine."), None) is None
    grey = why_not_set(Light.GREY, red, "Because")
    assert grey is not None
    assert grey[0] is RefusalCode.INVALID


@given(LIGHTS, LIGHTS)
def test_better_is_an_order_in_which_only_green_claims_more_than_grey(one: Light, other: Light) -> None:
    assert is_better(one, other) + is_better(other, one) + (one is other) == 1
    assert is_better(Light.GREEN, one) == (one is not Light.GREEN)
    assert is_better(Light.GREY, one) == (one in {Light.AMBER, Light.RED})


@pytest.mark.parametrize(
    ("weighed", "light"),
    [
        ([], "GREY"),
        ([("RED", 10), ("GREEN", 90)], "RED"),
        ([("RED", 9), ("GREEN", 91)], "GREEN"),
        ([("RED", 5), ("AMBER", 5), ("GREEN", 90)], "AMBER"),
        ([("GREEN", 50), ("GREY", 50)], "GREEN"),
        ([("GREEN", 49), ("GREY", 51)], "GREY"),
        ([("RED", 0), ("GREEN", 0), ("GREEN", 0)], "RED"),
        ([("RED", -50), ("GREEN", 100)], "GREEN"),
    ],
)
def test_above_measures_a_tenth_of_the_plan_makes_the_colour(weighed: list[tuple[str, int]], light: str) -> None:
    assert above(Weighed(Light(colour), plan) for colour, plan in weighed).light == light


@given(st.lists(st.tuples(LIGHTS, st.integers(0, 1000)), min_size=1))
def test_no_measure_that_turns_worse_makes_the_node_above_better(
    drawn: list[tuple[Light, int]],
) -> None:
    order = (Light.GREEN, Light.AMBER, Light.RED)
    before = [Weighed(light, plan) for light, plan in drawn if light is not Light.GREY]
    after = [Weighed(order[min(order.index(one.light) + 1, 2)], one.plan) for one in before]
    if before and above(before).light is not Light.GREY and above(after).light is not Light.GREY:
        assert not is_better(above(after).light, above(before).light)
