"""The law of gates up to the vote: criteria, deciders, figures."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.cascade import Standing
from server.domain.cases import Case, InitiativeCase, Party
from server.domain.gates import deciders, figures, readiness
from server.domain.milestones import MeasureType
from server.domain.money import Money
from server.domain.months import Month
from server.domain.people import Role
from server.domain.policy import DEFAULT
from server.domain.stages import STAGES, Stage
from server.domain.values import ValueKind
from tests.domain.cases import (
    CARL,
    EVE,
    HOLDERS,
    OLAF,
    PIA,
    SAM,
    initiative,
    line,
    milestone,
    sales_plan,
    selling,
)

IDENTIFIED, DETAILED, DECIDED, IMPLEMENTED, CLOSED = STAGES[1:]


def at(case: Case, into: Stage) -> Case:
    """The case as it stands right before a gate."""
    return replace(case, stage=STAGES[into.degree - 1])


def unmet(case: Case, into: Stage) -> dict[str, str]:
    found = readiness(at(case, into), into, DEFAULT, HOLDERS)
    return {result.code: result.sentence for result in found.criteria if not result.met}


@pytest.mark.parametrize("into", [IDENTIFIED, DETAILED, DECIDED, IMPLEMENTED, CLOSED])
def test_a_whole_case_is_ready_for_each_gate(into: Stage) -> None:
    closed = (selling(stage=CLOSED),)
    for case in (initiative(sales_plans=closed), sales_plan()):
        found = readiness(at(case, into), into, DEFAULT, HOLDERS)
        assert found.ready, (found.unmet, found.lacking, found.obstacle)


# gate, what is spoilt, the criterion that says so, and words of its sentence
SPOILT: list[tuple[Stage, dict[str, Any], str, str]] = [
    (IDENTIFIED, {"description": " "}, "DESCRIPTION", "say what is to change"),
    (IDENTIFIED, {"business_unit": None}, "BUSINESS_UNIT", "name the one it belongs to"),
    (IDENTIFIED, {"owner": None}, "OWNER", "name who answers for it"),
    (IDENTIFIED, {"sponsor": None}, "SPONSOR", "name who stands for it"),
    (IDENTIFIED, {"controller": None}, "CONTROLLER", "name who confirms its value"),
    (IDENTIFIED, {"sponsor": CARL}, "SEPARATION", "Carl is both sponsor and controller"),
    (IDENTIFIED, {"sponsor": OLAF}, "SEPARATION", "Olaf is both owner and sponsor"),
    (IDENTIFIED, {"estimated": Money(0, "EUR")}, "ESTIMATED_VALUE", "above zero"),
    (DETAILED, {"lines": (line(baseline_source=None),)}, "BASELINE", "“Contracts”"),
    (DETAILED, {"lines": (line(planned_months=0),)}, "PLAN", "No plan by month is set for “Contracts”"),
    (DETAILED, {"lines": (line(),)}, "ONE_OFF_COST", "0 where there is none"),
    (DETAILED, {"milestones": (milestone(kind=MeasureType.ACTIVITY),)}, "OUTCOME_MILESTONE", "activities do not count"),
    (DETAILED, {"milestones": (milestone(kind=MeasureType.OUTPUT),)}, "OUTCOME_MILESTONE", "Outputs and"),
    (DETAILED, {"risks": None}, "RISKS", "write what may go wrong"),
    (DETAILED, {"overlaps": None}, "OVERLAPS", "write “none”"),
    (DETAILED, {"sales_plans": ()}, "SALES_PLAN", "no active sales plan"),
    (DETAILED, {"sales_plans": (selling(standing=Standing.ON_HOLD),)}, "SALES_PLAN", "no active sales plan"),
    (DECIDED, {"risks": ""}, "RISKS", "write what may go wrong"),
    (
        DECIDED,
        {"sales_plans": (selling(quota=399_999_99),)},
        "QUOTA_COVERS_PLAN",
        "399,999.99 EUR, the planned revenue",
    ),
    (DECIDED, {"sales_plans": (selling(weights={}),)}, "INCENTIVES", "under “DACH”"),
    (DECIDED, {"sales_plans": (selling(weights={"Anna": 9_999}),)}, "INCENTIVES", "Anna do not add up to 100 %"),
    (IMPLEMENTED, {"milestones": (milestone(achieved_on=None),)}, "CRITICAL_MILESTONES", "Not achieved"),
    (IMPLEMENTED, {"milestones": (milestone(evidenced=False),)}, "CRITICAL_MILESTONES", "with evidence"),
    (IMPLEMENTED, {"milestones": (milestone(verified=False),)}, "CRITICAL_MILESTONES", "Someone other than"),
    (IMPLEMENTED, {"milestones": ()}, "CRITICAL_MILESTONES", "add one, and achieve it"),
    (IMPLEMENTED, {"lines": (line(unforecast=True),)}, "FORECAST", "“Contracts” for 2026-11"),
    (CLOSED, {"lines": (line(months={Month(202608): (1, 1)}),)}, "ACTUALS", "“Contracts” for 2026-09 and 2026-10"),
    (CLOSED, {"lines": (line(months={Month(202608): (2, 1)}),)}, "VARIANCE", "came to 0.01 EUR against 0.02 EUR"),
    (CLOSED, {"evidence": 0}, "EVIDENCE", "attach a link, a reading or a file"),
    (CLOSED, {}, "SALES_PLANS_CLOSED", "Still open below it: “DACH”"),
]


@pytest.mark.parametrize(("into", "spoilt", "code", "words"), SPOILT)
def test_what_is_missing_is_named_with_the_next_step(
    into: Stage, spoilt: dict[str, Any], code: str, words: str
) -> None:
    found = unmet(initiative(**spoilt), into)
    assert words in found[code]
    assert not readiness(at(initiative(**spoilt), into), into, DEFAULT, HOLDERS).ready


# gate, what is spoilt of a sales plan, the criterion and words of its sentence
SPOILT_PLANS: list[tuple[Stage, dict[str, Any], str, str]] = [
    (IDENTIFIED, {"sales_plans": (selling(quota=0),)}, "ESTIMATED_VALUE", "set quota by month"),
    (DETAILED, {"sales_plans": (selling(quota=0),)}, "PLAN", "quota by month and segment"),
    (DECIDED, {"sales_plans": (selling(quota=1),)}, "QUOTA_COVERS_PLAN", "all sales plans of “Full service”"),
    (IMPLEMENTED, {"stale_deals": 2}, "FORECAST", "2 open opportunities were expected to close before 2026-11"),
    (CLOSED, {"milestones": (milestone(achieved_on=date(2026, 10, 2)),)}, "ACTUALS", "once 2027-01 is over"),
    (CLOSED, {"won": {}}, "VARIANCE", "0.00 EUR was won against a quota of 400,000.00 EUR"),
]


@pytest.mark.parametrize(("into", "spoilt", "code", "words"), SPOILT_PLANS)
def test_a_sales_plan_reads_the_criteria_its_own_way(
    into: Stage, spoilt: dict[str, Any], code: str, words: str
) -> None:
    assert words in unmet(sales_plan(**spoilt), into)[code]


def test_a_gap_or_a_variance_may_be_explained_instead() -> None:
    short = {"sales_plans": (selling(quota=1),)}
    assert "QUOTA_COVERS_PLAN" not in unmet(initiative(**short, gap_explanation="Renewals need no quota"), DECIDED)
    assert "VARIANCE" not in unmet(sales_plan(won={}, variance_explanation="The launch slipped"), CLOSED)


def test_a_cost_saving_initiative_needs_no_sales_plan() -> None:
    saving = initiative(lines=(line(kind=ValueKind.COST_SAVING), line("Tooling", ValueKind.CAPEX)), planned_revenue=0)
    assert not unmet(replace(saving, sales_plans=()), DECIDED)


def test_outcomes_stand_in_where_only_an_activity_is_critical() -> None:
    calls = milestone("Calls", MeasureType.ACTIVITY)
    outcome = milestone(critical=False, achieved_on=None)
    assert "“Pilot sold”" in unmet(initiative(milestones=(calls, outcome)), IMPLEMENTED)["CRITICAL_MILESTONES"]
    assert not unmet(initiative(milestones=(calls, milestone(critical=False))), IMPLEMENTED)


@pytest.mark.parametrize(("above", "into"), list(product(STAGES, STAGES[1:])))
def test_a_sales_plan_never_runs_ahead_of_an_initiative_below_decided(above: Stage, into: Stage) -> None:
    case = sales_plan(initiative=InitiativeCase("Full service", above, None))
    ahead = into > above and above < DECIDED and into <= DECIDED
    assert ("INITIATIVE_FIRST" in unmet(case, into)) == ahead


def test_gates_are_passed_one_at_a_time_by_active_measures_only() -> None:
    skipped = readiness(initiative(), DECIDED, DEFAULT, HOLDERS)
    assert (
        skipped.obstacle == "“Full service” stands at Defined: its next gate leads into Identified, one step at a time."
    )
    held = readiness(initiative(standing=Standing.ON_HOLD), IDENTIFIED, DEFAULT, HOLDERS)
    assert (held.ready, held.obstacle) == (False, "“Full service” is on hold; resume it first.")


def roles(case: Case, into: Stage) -> dict[Role, tuple[int, list[str]]]:
    found = deciders(case, into, DEFAULT, HOLDERS)
    return {one.role: (one.needed, [party.name for party in one.people]) for one in found}


def test_each_gate_is_decided_by_whom_the_law_names() -> None:
    assert roles(initiative(), IDENTIFIED) == {Role.PROGRAM_LEAD: (1, ["Pia"])}
    assert roles(initiative(), DETAILED) == {Role.SPONSOR: (1, ["Sam"])}
    assert roles(initiative(), DECIDED) == {Role.SPONSOR: (1, ["Sam"]), Role.CONTROLLER: (1, ["Carl"])}
    assert roles(initiative(), IMPLEMENTED) == {Role.SPONSOR: (1, ["Sam"])}
    assert roles(initiative(), CLOSED) == {Role.CONTROLLER: (1, ["Carl"])}


@pytest.mark.parametrize(
    "large",
    [
        {"estimated_reporting": 1_000_000_01},
        {"planned_revenue": 1_000_000_01},
        {"lines": (line("Plant", ValueKind.CAPEX, planned_reporting=1_000_000_01),)},
        {"lines": (line("Margin", ValueKind.MARGIN, planned_reporting=1_000_000_01),)},
    ],
)
def test_above_the_threshold_the_steering_committee_decides_too(large: dict[str, Any]) -> None:
    assert Role.EXECUTIVE not in roles(initiative(estimated_reporting=1_000_000_00), DECIDED)
    assert roles(initiative(**large), DECIDED)[Role.EXECUTIVE] == (2, ["Emil", "Eve"])


def test_finance_states_the_amount_at_decided_and_closed_only() -> None:
    stating = {
        into for into in STAGES[1:] for one in deciders(initiative(), into, DEFAULT, HOLDERS) if one.states_amount
    }
    assert stating == {DECIDED, CLOSED}


def lacking(case: Case, into: Stage, submitter: Party | None = None, **seats: list[Party]) -> str:
    holders = HOLDERS | {Role[role]: people for role, people in seats.items()}
    found = readiness(at(case, into), into, DEFAULT, holders, submitter.id if submitter else None)
    assert not found.ready
    return " ".join(found.lacking)


def test_a_role_that_nobody_may_fill_is_told_with_the_way_out() -> None:
    assert "Sam is named sponsor and holds no sponsor seat" in lacking(initiative(), DETAILED, SPONSOR=[])
    assert "Sam is named sponsor and holds no sponsor seat" in lacking(initiative(), DETAILED, SPONSOR=[PIA])
    assert "No sponsor is named" in lacking(initiative(sponsor=None), DETAILED)
    assert "a submitter never decides" in lacking(initiative(), DETAILED, submitter=SAM)
    assert "an owner never decides" in lacking(initiative(sponsor=OLAF), DETAILED, SPONSOR=[OLAF])
    assert "nobody may decide here" in lacking(initiative(), IDENTIFIED, submitter=PIA)
    assert "only 1 may decide" in lacking(initiative(estimated_reporting=10**9), DECIDED, EXECUTIVE=[EVE, OLAF])


def test_nobody_decides_on_their_own_quota() -> None:
    by_name = sales_plan(seller_names=frozenset({"sam"}))
    by_incentive = sales_plan(sellers=frozenset({SAM.id}))
    for case in (by_name, by_incentive):
        assert "nobody decides on their own quota" in lacking(case, DETAILED)


def test_one_person_cannot_make_up_two_votes() -> None:
    large = initiative(estimated_reporting=10**9)
    assert "too few different persons" in lacking(large, DECIDED, EXECUTIVE=[SAM, CARL])
    assert "too few different persons" in lacking(large, DECIDED, EXECUTIVE=[SAM, EVE])


def test_a_submission_hands_in_the_figures_it_is_judged_by() -> None:
    told = dict(figures(initiative(), DECIDED, DEFAULT))
    assert told["Estimated value"] == "500,000.00 EUR"
    assert told["Plan of “Contracts”"] == "400,000.00 EUR"
    assert told["Quota of its sales plans"] == "400,000.00 EUR"
    closing = dict(figures(at(initiative(), CLOSED), CLOSED, DEFAULT))
    assert closing["Actual of “Contracts” in the sustain window"] == "90,000.00 EUR"
    assert dict(figures(sales_plan(), DECIDED, DEFAULT))["Quota of the first year"] == "400,000.00 EUR"


FIELDS = ["description", "business_unit", "owner", "sponsor", "controller", "estimated", "risks", "overlaps"]


@given(gone=st.sets(st.sampled_from([*FIELDS, "lines", "milestones", "sales_plans"])), into=st.sampled_from(STAGES[1:]))
def test_readiness_is_exactly_nothing_unmet_and_nobody_lacking(gone: set[str], into: Stage) -> None:
    empty = {name: () if name in {"lines", "milestones", "sales_plans"} else None for name in gone}
    case = at(initiative(**empty), into)
    found = readiness(case, into, DEFAULT, HOLDERS)
    assert found.ready == (not found.unmet and not found.lacking)
    assert all(result.sentence.endswith(".") for result in found.criteria)
    if into is DECIDED:  # all of the above still true
        earlier = {code for gate in (IDENTIFIED, DETAILED) for code in unmet(case, gate)}
        assert earlier <= set(unmet(case, into))


def test_the_threshold_is_an_exact_amount_of_the_reporting_currency() -> None:
    (vote_above,) = (one for one in DEFAULT.gates[DECIDED].votes if one.above is not None)
    assert vote_above.above == Decimal(1_000_000)
