"""Each finding, a story: just not noticed, and noticed at the boundary (law §9)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from server.domain.cascade import Level, Standing
from server.domain.findings import LAW, differences, notice
from server.domain.indicators import Judged, Verdict
from server.domain.lights import Light, Pair
from server.domain.money import masked
from server.domain.months import Month
from server.domain.noticed import FindingCode, Severity, by_share, by_time
from server.domain.stages import Stage
from server.domain.subjects import (
    Activity,
    Amounts,
    Blocker,
    Missing,
    Motion,
    Results,
    Selling,
    Subject,
    Waiting,
    forecast_due,
    known_through,
)
from server.domain.values import ValueKind
from tests.domain.cases import someone

TODAY = date(2026, 11, 16)
SOUND = Selling(plans=1, quota=1000_00, quota_year=500_00, quota_left=0, weight=100_00, supporting=100_00)
BENEFIT = Amounts(plan=1000_00, outlook=1000_00, remaining=800_00, year_plan=500_00, year_outlook=500_00)
COST = Amounts(plan=200_00, outlook=200_00, remaining=100_00)
CODES = FindingCode


def initiative(**other: Any) -> Subject:
    """A decided initiative on which there is nothing to notice."""
    amounts = {ValueKind.REVENUE: replace(BENEFIT), ValueKind.CAPEX: COST}
    sound = Subject(
        someone("full").id,
        "Full service",
        Level.INITIATIVE,
        "EUR",
        TODAY,
        stage=Stage.DECIDED,
        amounts=amounts,
        selling=SOUND,
    )
    return replace(sound, **other)


def plan(**other: Any) -> Subject:
    """A decided sales plan on which there is nothing to notice."""
    sound = Subject(someone("dach").id, "DACH", Level.SALES_PLAN, "EUR", TODAY, stage=Stage.DECIDED, selling=SOUND)
    return replace(sound, **other)


def objective(verdict: Verdict, **other: Any) -> Subject:
    """An objective with 5,000.00 planned below it."""
    judged = Judged(verdict, "“Share” stood at 12 % on 2026-10-31, below the 15 % that its path demands by then.")
    made = Subject(someone("growth").id, "Growth", Level.OBJECTIVE, "EUR", TODAY, verdict=judged, value_below=5000_00)
    return replace(made, **other)


def company(**other: Any) -> Subject:
    """The organization itself."""
    return replace(Subject(someone("alder").id, "Alder Pumps", None, "EUR", TODAY), **other)


def lines(**kinds: Amounts) -> dict[ValueKind, Amounts]:
    """Amounts by kind."""
    return {ValueKind(kind): amounts for kind, amounts in kinds.items()}


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def selling(**other: Any) -> Selling:
    return replace(SOUND, **other)


def waiting(days: int) -> Subject:
    told = "the gate of “Full service” into Detailed"
    return initiative(stage=Stage.IDENTIFIED, waiting=Waiting(told, days_ago(days), 700_00, ("Pia",)))


def late(days: int) -> tuple[Blocker, ...]:
    return (Blocker("Pilot", "Depot", UUID(int=9), days_ago(days), elsewhere=True),)


NO_PLANS, RED = Selling(), Pair(Light.GREEN, Light.RED)
GROWING = Motion(now=4, before=3, still=("First contracts",))
STALE = (Missing("the actuals", (Month(202609), Month(202610))),)
HALF_EMPTY = lines(REVENUE=replace(BENEFIT, year_outlook=250_00), CAPEX=COST)
SPENT = lines(REVENUE=BENEFIT, CAPEX=replace(COST, actual=40_00))
NO_CASE = lines(CAPEX=replace(COST, actual=40_00))
UNCOVERED = lines(REVENUE=replace(BENEFIT, remaining=100_00), CAPEX=COST)
UNKNOWN = lines(REVENUE=replace(BENEFIT, unknown=150_00), CAPEX=COST)
CLOSED = {"stage": Stage.CLOSED}

# code → subjects on which it is not noticed, and the one on which it is, with severity and stake
Story = tuple[FindingCode, list[Subject], Subject, Severity, int]
STORIES: list[Story] = [
    (
        CODES.NO_SALES_PLAN,
        [
            initiative(),
            initiative(selling=NO_PLANS, amounts=lines(MARGIN=BENEFIT)),
            initiative(selling=NO_PLANS, standing=Standing.ON_HOLD),
            initiative(selling=NO_PLANS, **CLOSED),
        ],
        initiative(selling=NO_PLANS),
        Severity.CRITICAL,
        1000_00,
    ),
    (
        CODES.QUOTA_BELOW_CASE,
        [initiative(), initiative(selling=NO_PLANS), initiative(selling=selling(quota=999_99), stage=Stage.IDENTIFIED)],
        initiative(selling=selling(quota=999_99)),
        Severity.INFO,
        1,
    ),
    (
        CODES.COVERAGE_SHORT,
        [
            plan(selling=selling(quota_left=100_00, pipeline=200_00, won=1, lost=1)),
            plan(selling=selling(quota_left=100_00, pipeline=100_00)),
            plan(selling=selling(quota_left=0, pipeline=0)),
            plan(selling=selling(quota_left=100_00), stage=Stage.DETAILED),
        ],
        plan(selling=selling(quota_left=100_00, pipeline=199_98, won=1, lost=1)),
        Severity.INFO,
        1,
    ),
    (
        CODES.INCENTIVE_MISALIGNED,
        [
            initiative(selling=selling(supporting=1)),
            initiative(selling=selling(supporting=0), stage=Stage.DETAILED),
            initiative(selling=NO_PLANS),
        ],
        initiative(selling=selling(supporting=0)),
        Severity.CRITICAL,
        1000_00,
    ),
    (
        CODES.MOTION_WITHOUT_PROGRESS,
        [
            initiative(motion=replace(GROWING, moved=1)),
            initiative(motion=replace(GROWING, before=4)),
            initiative(motion=replace(GROWING, still=())),
            initiative(motion=GROWING, stage=Stage.DETAILED),
        ],
        initiative(motion=GROWING),
        Severity.INFO,
        800_00,
    ),
    (
        CODES.GREEN_BUT_EMPTY,
        [
            initiative(amounts=HALF_EMPTY, lights=Pair(Light.GREEN, Light.AMBER)),
            initiative(amounts=HALF_EMPTY, lights=Pair(Light.GREY, Light.RED)),
            initiative(amounts=HALF_EMPTY, lights=RED, standing=Standing.ON_HOLD),
        ],
        initiative(amounts=HALF_EMPTY, lights=RED),
        Severity.CRITICAL,
        250_00,
    ),
    (
        CODES.SPEND_BEFORE_DECISION,
        [
            initiative(amounts=SPENT),
            initiative(stage=Stage.DETAILED),
            initiative(amounts=SPENT, stage=Stage.DETAILED, standing=Standing.CANCELLED),
        ],
        initiative(amounts=SPENT, stage=Stage.DETAILED),
        Severity.WARNING,
        40_00,
    ),
    (
        CODES.MISALIGNED_ACTIVITY,
        [company(), company(activity=Activity(50, 100)), initiative(activity=Activity(0, 100))],
        company(activity=Activity(49, 100, quota_left=600_00)),
        Severity.WARNING,
        600_00,
    ),
    (
        CODES.SPEND_WITHOUT_CASE,
        [initiative(amounts=SPENT), initiative(amounts=lines(CAPEX=COST)), initiative(amounts=NO_CASE)],
        initiative(amounts=NO_CASE, selling=NO_PLANS),
        Severity.WARNING,
        40_00,
    ),
    (CODES.GATE_STALLED, [initiative(), waiting(13)], waiting(14), Severity.WARNING, 700_00),
    (
        CODES.BLOCKED,
        [initiative(), initiative(blockers=late(1), **CLOSED), initiative(blockers=late(1), standing=Standing.ON_HOLD)],
        initiative(blockers=late(1)),
        Severity.WARNING,
        800_00,
    ),
    (
        CODES.STALE_INPUT,
        [initiative(), initiative(missing=STALE, stage=Stage.DETAILED), plan(selling=selling(stale_units=1_00))],
        initiative(missing=STALE, amounts=UNKNOWN),
        Severity.WARNING,
        150_00,
    ),
    (
        CODES.CLOSED_WITH_SHORTFALL,
        [
            initiative(closing_amount=1),
            initiative(**CLOSED, closing_amount=1000_00),
            plan(**CLOSED, closing_amount=1000_00),
        ],
        initiative(**CLOSED, closing_amount=999_99),
        Severity.INFO,
        1,
    ),
    (
        CODES.ORPHAN_RESULTS,
        [company(), company(results=Results(all_units=900_00)), initiative(results=Results(1, 0, 1_00))],
        company(results=Results(1, 1, 60_00, 30_00, all_units=900_00)),
        Severity.WARNING,
        90_00,
    ),
    (
        CODES.HYPOTHESIS_FAILING,
        [
            objective(Verdict.HOLDING),
            objective(Verdict.UNPROVEN),
            objective(Verdict.FAILING, standing=Standing.CANCELLED),
        ],
        objective(Verdict.FAILING),
        Severity.CRITICAL,
        5000_00,
    ),
    (
        CODES.STOP_CANDIDATE,
        [
            initiative(red_cycles=2),
            initiative(amounts=lines(REVENUE=replace(BENEFIT, remaining=100_01), CAPEX=COST)),
            initiative(amounts=lines(REVENUE=replace(BENEFIT, remaining=0), CAPEX=replace(COST, remaining=0))),
            initiative(amounts=UNCOVERED, stage=Stage.IDENTIFIED),
        ],
        initiative(amounts=UNCOVERED),
        Severity.INFO,
        100_00,
    ),
]


def test_every_code_has_a_rule_with_its_source_and_a_story() -> None:
    assert set(LAW) == set(FindingCode)
    assert all("law §" in rule.source for rule in LAW.values())
    assert [code for code, *_ in STORIES] == list(LAW)


@pytest.mark.parametrize(
    ("code", "fine", "noticed", "severity", "stake"), STORIES, ids=[str(one[0]) for one in STORIES]
)
def test_it_is_noticed_at_the_boundary_and_not_before(
    code: FindingCode, fine: list[Subject], noticed: Subject, severity: Severity, stake: int
) -> None:
    for subject in fine:
        assert code not in notice(subject)
    found = notice(noticed)[code]
    assert (found.code, found.severity, found.at_stake) == (code, severity, stake)
    assert noticed.level is None or f"“{noticed.name}”" in found.sentence
    assert found.sentence.endswith(".")
    assert not any(digits in masked(found.sentence) for digits in ("EUR", "0.00"))
    assert found.inputs


@pytest.mark.parametrize("subject", [initiative(), plan(), company(), objective(Verdict.HOLDING)])
def test_on_what_is_sound_nothing_is_noticed(subject: Subject) -> None:
    assert notice(subject) == {}


@pytest.mark.parametrize("story", STORIES, ids=[str(one[0]) for one in STORIES])
def test_no_sentence_changes_from_one_day_to_the_next_by_itself(story: Story) -> None:
    code, _, subject, *_ = story
    tomorrow = replace(subject, today=TODAY + timedelta(days=1))
    assert notice(subject)[code].sentence == notice(tomorrow)[code].sentence


def test_an_explained_gap_is_a_note_and_a_large_one_that_is_not_is_critical() -> None:
    gap = selling(quota=400_00)
    assert notice(initiative(selling=gap))[CODES.QUOTA_BELOW_CASE].severity is Severity.CRITICAL
    explained = notice(initiative(selling=gap, gap_explained=True))[CODES.QUOTA_BELOW_CASE]
    assert (explained.severity, explained.at_stake) == (Severity.INFO, 600_00)


def test_a_finding_before_the_decision_weighs_less() -> None:
    severities = [
        notice(initiative(selling=NO_PLANS, stage=stage))[CODES.NO_SALES_PLAN].severity
        for stage in (Stage.DEFINED, Stage.IDENTIFIED, Stage.DETAILED, Stage.DECIDED)
    ]
    assert severities == [Severity.INFO, Severity.WARNING, Severity.WARNING, Severity.CRITICAL]


def test_three_red_cycles_make_a_stop_candidate_though_it_pays() -> None:
    found = notice(initiative(red_cycles=3))[CODES.STOP_CANDIDATE]
    assert "red for 3 review cycles running" in found.sentence


def test_a_pipeline_past_its_close_is_stale_input() -> None:
    found = notice(plan(selling=selling(stale=2, stale_units=600_00)))[CODES.STALE_INPUT]
    assert (found.severity, found.at_stake) == (Severity.CRITICAL, 600_00)
    assert "2 open deals were expected to close before this month, 600.00 EUR in all" in found.sentence


def test_what_nobody_is_paid_for_at_all_is_a_warning() -> None:
    found = notice(initiative(selling=selling(weight=0, supporting=0)))[CODES.INCENTIVE_MISALIGNED]
    assert found.severity is Severity.WARNING


def test_actuals_are_due_some_days_after_their_month() -> None:
    assert [known_through(date(2026, 11, day), 5) for day in (5, 6)] == [Month(202609), Month(202610)]
    assert [forecast_due(date(2026, 11, day), 5) for day in (5, 6)] == [False, True]


@pytest.mark.parametrize(("part", "severity"), [(9, Severity.INFO), (10, Severity.WARNING), (50, Severity.CRITICAL)])
def test_severity_goes_by_the_share_of_the_money(part: int, severity: Severity) -> None:
    assert by_share(part, 100) is severity


@pytest.mark.parametrize(("days", "severity"), [(13, Severity.INFO), (14, Severity.WARNING), (28, Severity.CRITICAL)])
def test_severity_goes_by_how_long_it_has_lasted(days: int, severity: Severity) -> None:
    assert by_time(days, 14) is severity


def test_a_look_opens_alters_and_resolves() -> None:
    before = notice(initiative(selling=NO_PLANS, amounts=SPENT, stage=Stage.DETAILED))
    after = notice(initiative(selling=NO_PLANS, amounts=SPENT))
    assert not differences(before, before.values())
    found = differences(after, before.values())
    assert (found.opened, found.altered, found.resolved) == (
        (),
        (after[CODES.NO_SALES_PLAN],),
        (CODES.SPEND_BEFORE_DECISION,),
    )
    assert differences(before, ()).opened == tuple(before.values())
