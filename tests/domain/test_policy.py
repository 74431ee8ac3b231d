"""The law of policies: what makes one unsound, whether it fits an organization, what changes from one to another."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from server.domain.cascade import Level
from server.domain.catalogue import CATALOGUE, gates_of, levels_of
from server.domain.gates import readiness
from server.domain.people import Role
from server.domain.policy import DEFAULT, Cadence, Criterion, Cycle, Demand, Policy, Validation, Vote
from server.domain.policy_differences import differences
from server.domain.policy_faults import faults
from server.domain.policy_fit import faults_here
from server.domain.policy_form import plain, policy_of
from server.domain.policy_simulation import effect, told
from server.domain.stages import STAGES, Stage
from server.domain.values import ValueKind
from tests.domain.cases import CARL, EMIL, EVE, HOLDERS, PIA, SAM, initiative, sales_plan
from tests.support.policies import POLICIES, committee_above, with_gate

IDENTIFIED, DETAILED, DECIDED, IMPLEMENTED, CLOSED = STAGES[1:]
SPONSOR, CONTROLLER, COMMITTEE = DEFAULT.gates[DECIDED].votes
WORKS = Vote(Role.PROGRAM_LEAD)


def demanding(into: Stage, *demands: Demand) -> Policy:
    return with_gate(into, demands=DEFAULT.gates[into].demands + demands)


def voted(into: Stage, *votes: Vote) -> Policy:
    return with_gate(into, votes=votes)


def weighing(**weights: int) -> Policy:
    return replace(DEFAULT, stage_weights=dict(DEFAULT.stage_weights) | {Stage(name): n for name, n in weights.items()})


def lit(**other: Any) -> Policy:
    return replace(DEFAULT, lights=replace(DEFAULT.lights, **other))


def paced(**other: Any) -> Policy:
    return replace(DEFAULT, cadence=replace(DEFAULT.cadence, **other))


def called(**names: str) -> Policy:
    return replace(DEFAULT, level_names=dict(DEFAULT.level_names) | {Level(name): t for name, t in names.items()})


def test_the_standard_policy_is_sound() -> None:
    assert faults(DEFAULT) == ()
    assert faults_here(DEFAULT, "EUR", HOLDERS) == ()


UNSOUND = {
    "no criteria": (with_gate(DETAILED, demands=()), "gates.DETAILED.criteria", "list at least one criterion"),
    "twice": (demanding(IDENTIFIED, Demand(Criterion.NAME)), "gates.IDENTIFIED.criteria.0", "write it once"),
    "no number": (demanding(IDENTIFIED, Demand(Criterion.RISKS, 3)), "gates.IDENTIFIED.criteria.7", "takes no number"),
    "too many": (
        demanding(IDENTIFIED, Demand(Criterion.OUTCOME_MILESTONE, 99)),
        "gates.IDENTIFIED.criteria.7",
        "write 1 to 20",
    ),
    "forecast before it opens": (
        demanding(DECIDED, Demand(Criterion.FORECAST)),
        "gates.DECIDED.criteria.16",
        "can never be met into Decided, for the forecast opens at Decided: ask it into Implemented or Closed.",
    ),
    "actuals before they are recorded": (
        demanding(DETAILED, Demand(Criterion.ACTUALS)),
        "gates.DETAILED.criteria.7",
        "the sustain window begins at Implemented: ask it into Closed.",
    ),
    "frozen": (
        with_gate(DETAILED, demands=DEFAULT.gates[DETAILED].demands[1:]),
        "gates.DECIDED.criteria.7",
        "BASELINE is frozen at Detailed, so what lacks it then could never mend it",
    ),
    "no votes": (voted(DETAILED), "gates.DETAILED.votes", "Nobody decides the gate into Detailed"),
    "small ones": (
        voted(DETAILED, Vote(Role.SPONSOR, above=Decimal(500_000))),
        "gates.DETAILED.votes",
        "Up to 500,000 nobody decides",
    ),
    "no voter": (voted(DETAILED, Vote(Role.OWNER)), "gates.DETAILED.votes.0.role", "OWNER has no vote"),
    "none needed": (voted(DETAILED, Vote(Role.SPONSOR, 0)), "gates.DETAILED.votes.0.needed", "decide nothing"),
    "two sponsors": (
        voted(DETAILED, Vote(Role.SPONSOR, 2)),
        "gates.DETAILED.votes.0.needed",
        "A measure names one sponsor, so 2 can never vote",
    ),
    "more than exist": (voted(DETAILED, Vote(Role.EXECUTIVE, 21)), "gates.DETAILED.votes.0.needed", "write 1 to 20"),
    "overlapping": (
        voted(DECIDED, CONTROLLER, Vote(Role.EXECUTIVE), COMMITTEE),
        "gates.DECIDED.votes.2",
        "EXECUTIVE stands 2 times at this gate",
    ),
    "below nothing": (
        voted(DETAILED, WORKS, Vote(Role.SPONSOR, above=Decimal(0))),
        "gates.DETAILED.votes.1.above",
        "Every measure lies above 0",
    ),
    "decided without finance": (
        with_gate(DECIDED, votes=(SPONSOR,)),
        "gates.DECIDED.votes",
        "finance has confirmed size and timing",
    ),
    "closed by another": (voted(CLOSED, CONTROLLER, SPONSOR), "gates.CLOSED.votes", "The controller alone"),
    "closed unconfirmed": (
        with_gate(CLOSED, financial_validation=Validation.NONE),
        "gates.CLOSED.financialValidation",
        "the controller states the value in the books",
    ),
    "validated by nobody": (
        with_gate(IDENTIFIED, financial_validation=Validation.AMOUNT),
        "gates.IDENTIFIED.financialValidation",
        "Only a controller states the amount",
    ),
    "heavier than whole": (weighing(CLOSED=101), "stageWeights.CLOSED", "write 0 to 100"),
    "lighter later": (weighing(DECIDED=40), "stageWeights.DECIDED", "less than Detailed before it (50 %)"),
    "no headline": (replace(DEFAULT, headline_kinds=()), "headlineKinds", "name at least one"),
    "a cost": (replace(DEFAULT, headline_kinds=(ValueKind.CAPEX,)), "headlineKinds.0", "is a cost and no value"),
    "avoidance": (
        replace(DEFAULT, headline_kinds=(ValueKind.MARGIN, ValueKind.COST_AVOIDANCE)),
        "headlineKinds.1",
        "Avoided cost is never part",
    ),
    "counted twice": (
        replace(DEFAULT, headline_kinds=(ValueKind.REVENUE, ValueKind.MARGIN)),
        "headlineKinds.0",
        "Margin is part of revenue",
    ),
    "the same kind": (
        replace(DEFAULT, headline_kinds=(ValueKind.MARGIN, ValueKind.MARGIN)),
        "headlineKinds.1",
        "added twice",
    ),
    "sustained for ever": (replace(DEFAULT, sustain_months=37), "sustainMonths", "write 0 to 36"),
    "lights upside down": (lit(green_from=Decimal("0.5")), "lights.amberFrom", "amber must begin below green"),
    "light of nothing": (lit(amber_from=Decimal(0)), "lights.amberFrom", "write a number above 0"),
    "red first": (lit(red_after_days=0), "lights.redAfterDays", "red must come later than amber"),
    "due too late": (paced(cycle=Cycle.WEEKLY, due_days=7), "cadence.dueDays", "write 0 to 6"),
    "stalled before reminded": (paced(remind_after_days=14), "cadence.stalledAfterDays", "before its deciders"),
    "no name": (called(PROGRAM=" "), "levelNames.PROGRAM", "This name is empty"),
    "two of a name": (called(PROGRAM="portfolio"), "levelNames.PROGRAM", "what PORTFOLIO is called already"),
    "a long name": (called(PROGRAM="P" * 41), "levelNames.PROGRAM", "at most 40 fit"),
    "a hidden sign": (called(PROGRAM="Pro\u202egram"), "levelNames.PROGRAM", "cannot be seen (U+202E)"),
    "no currency": (replace(DEFAULT, currency="EURO"), "currency", "not an ISO 4217 currency"),
}


@pytest.mark.parametrize("why", UNSOUND)
def test_an_unsound_policy_is_told_where_and_what_to_write(why: str) -> None:
    policy, path, part = UNSOUND[why]
    found = {".".join(map(str, fault.path)): fault.sentence for fault in faults(policy)}
    assert part in found.get(path, ""), found


def test_all_faults_are_told_at_once() -> None:
    policy = replace(
        with_gate(DECIDED, lit(red_after_days=0), votes=()), sustain_months=99, cadence=Cadence(due_days=40)
    )
    assert {fault.path[0] for fault in faults(policy)} == {"gates", "lights", "sustainMonths", "cadence"}


@given(POLICIES)
def test_any_policy_is_judged_and_comes_back_from_its_plain_form(policy: Policy) -> None:
    assert policy_of(plain(policy), 0, locked=False) == policy
    for fault in faults(policy):
        assert fault.sentence.endswith((".", "?"))
    assert differences(policy, policy) == ()
    assert bool(differences(DEFAULT, policy)) == (plain(policy) != plain(DEFAULT))


def test_a_policy_fits_an_organization_by_its_currency_and_its_seats() -> None:
    short = dict(HOLDERS) | {Role.EXECUTIVE: [EVE], Role.PROGRAM_LEAD: []}
    (money, lead, committee) = faults_here(replace(DEFAULT, currency="USD"), "EUR", short)
    assert money.sentence.endswith("in USD, and the organization reports in EUR: restate them, and write EUR.")
    assert (lead.path, "nobody holds such a seat" in lead.sentence) == (("gates", "IDENTIFIED", "votes", 0), True)
    assert "it takes 2 as executive, and only 1 person holds such a seat" in committee.sentence
    (fine,) = faults_here(voted(DETAILED, WORKS, Vote(Role.SPONSOR, above=Decimal("0.001"))), "EUR", HOLDERS)
    assert fine.path[-1] == "above"


def test_a_gate_that_takes_more_persons_than_there_are_is_found() -> None:
    both = {Role.SPONSOR: [SAM], Role.CONTROLLER: [SAM], Role.PROGRAM_LEAD: [PIA], Role.EXECUTIVE: [EVE, EMIL]}
    (fault,) = faults_here(DEFAULT, "EUR", both)
    assert fault.path == ("gates", "DECIDED", "votes")
    assert "it takes 4 different persons, each with one vote" in fault.sentence


def test_differences_are_sentences() -> None:
    euro = replace(DEFAULT, currency="EUR")
    assert differences(euro, committee_above(500_000, base=euro)) == (
        "Into Decided the steering committee joins above 500,000 EUR instead of 1,000,000 EUR.",
    )
    assert differences(euro, with_gate(DECIDED, euro, votes=(SPONSOR, CONTROLLER))) == (
        "Into Decided the steering committee votes no more.",
    )
    stricter = with_gate(
        IDENTIFIED,
        demands=(*DEFAULT.gates[IDENTIFIED].demands[1:], Demand(Criterion.EVIDENCE, 2)),
        votes=(WORKS, CONTROLLER),
        financial_validation=Validation.DOCUMENTED,
    )
    assert differences(DEFAULT, replace(stricter, sustain_months=6)) == (
        "Into Identified the controller votes as well.",
        "Into Identified “Name” is asked no more.",
        "Into Identified “Evidence” is asked as well, at least 2 pieces of evidence.",
        (
            "Into Identified finance states the amount and what it was checked against, where before finance states "
            "nothing."
        ),
        "The sustain window is 6 months instead of 3.",
    )


def test_every_criterion_is_in_the_catalogue_and_can_be_met_somewhere() -> None:
    assert set(CATALOGUE) == set(Criterion)
    for criterion in Criterion:
        assert gates_of(criterion)
        assert levels_of(criterion)
    asked = {(demand.criterion, into) for into, gate in DEFAULT.gates.items() for demand in gate.demands}
    assert all(into in gates_of(criterion) for criterion, into in asked)


def test_separation_of_duties_holds_whatever_the_policy_asks() -> None:
    one = with_gate(IDENTIFIED, demands=(Demand(Criterion.NAME),))
    found = readiness(initiative(sponsor=CARL), IDENTIFIED, one, HOLDERS)
    assert [result.code for result in found.criteria if not result.met] == ["SEPARATION"]


def test_a_simulation_says_what_would_change_at_the_next_gates() -> None:
    above = sales_plan(name="DACH", stage=DETAILED, evidence=0)
    large = initiative(stage=DETAILED, evidence=0)
    stricter = demanding(DECIDED, Demand(Criterion.EVIDENCE))
    draft = committee_above(100_000, needed=3, base=stricter)
    effects = [effect(case, DECIDED, DEFAULT, draft, HOLDERS) for case in (above, large)]
    assert [one.joins for one in effects] == [(Role.EXECUTIVE,)] * 2
    assert [[result.code for result in one.unmet] for one in effects] == [["EVIDENCE"]] * 2
    assert told(effects, 1) == (
        "Of 2 open measures, 2 would need the steering committee, 2 would have no eligible approver.",
        "2 measures would not meet “Evidence”, and would have to before being submitted.",
        "1 more is submitted already and keeps the policy as it was then.",
    )
    back = [effect(case, DECIDED, draft, DEFAULT, HOLDERS) for case in (above, large)]
    assert told(back, 0) == (
        "Of 2 open measures, 2 would no longer need the steering committee.",
        "2 measures would be spared a criterion that is not met now.",
    )
    same = effect(large, DECIDED, DEFAULT, DEFAULT, HOLDERS)
    assert told([same], 0) == ("Of 1 open measure, none would be asked for anything else at its next gate.",)
    first = effect(large, DECIDED, None, DEFAULT, HOLDERS)
    assert first.joins == (Role.SPONSOR, Role.CONTROLLER)
