"""Findings about value: is the strategy turning into money, and what is spent for nothing (law §4, §7 and §9)?"""

from server.domain.cascade import Level, Standing
from server.domain.indicators import Verdict
from server.domain.lights import Light, Pair
from server.domain.noticed import FindingCode, Noticed, Severity, by_share
from server.domain.stages import Stage
from server.domain.subjects import Subject
from server.domain.values import BENEFITS, COSTS

STOP_AFTER_RED_CYCLES = 3
"""Law §9: potential red for three review cycles, and one decides to go on or to cancel."""


def green_but_empty(subject: Subject) -> Noticed | None:
    """Work is on time, and the value is not coming: what is lost of the plan is at stake."""
    if not subject.at(Stage.DECIDED, Stage.IMPLEMENTED):
        return None
    if subject.lights != Pair(Light.GREEN, Light.RED):
        return None
    plan = subject.total(lambda one: one.year_plan, subject.worth)
    lost = max(plan - subject.total(lambda one: one.year_outlook, subject.worth), 0)
    if subject.level is Level.SALES_PLAN:
        plan, lost = subject.selling.quota_year, subject.selling.quota_left
    return Noticed(
        FindingCode.GREEN_BUT_EMPTY,
        by_share(lost, plan),
        lost,
        f"“{subject.name}” is on time, and its value is not coming: of {subject.money(plan)} for this fiscal year"
        f" {subject.money(lost)} is not in sight. Change what is done, or propose another plan.",
        (
            ("Implementation", "green"),
            ("Potential", "red"),
            ("Plan of the fiscal year", subject.money(plan)),
            ("Not in sight", subject.money(lost)),
        ),
    )


def spend_before_decision(subject: Subject) -> Noticed | None:
    """Capital leakage: money spent on what nobody has decided, by its share of the planned cost."""
    undecided = subject.stage is not None and subject.stage < Stage.DECIDED
    if not undecided or subject.standing is Standing.CANCELLED or subject.spent <= 0 or subject.stage is None:
        return None
    cost = subject.total(lambda one: one.plan, COSTS)
    return Noticed(
        FindingCode.SPEND_BEFORE_DECISION,
        by_share(subject.spent, cost),
        subject.spent,
        f"{subject.money(subject.spent)} was spent on “{subject.name}”, which nobody has decided: it stands at"
        f" {subject.stage.spoken}. Bring it to its gate, or stop spending.",
        (("Spent", subject.money(subject.spent)), ("Planned cost", subject.money(cost))),
    )


def spend_without_case(subject: Subject) -> Noticed | None:
    """Money spent on an initiative that promises neither benefit nor quota; by its share of the planned cost."""
    if subject.level is not Level.INITIATIVE or subject.standing is Standing.CANCELLED or subject.spent <= 0:
        return None
    if subject.selling.quota or any(subject.amounts[kind].plan for kind in BENEFITS & subject.amounts.keys()):
        return None
    cost = subject.total(lambda one: one.plan, COSTS)
    return Noticed(
        FindingCode.SPEND_WITHOUT_CASE,
        by_share(subject.spent, cost),
        subject.spent,
        f"{subject.money(subject.spent)} was spent on “{subject.name}”, which plans neither benefit nor quota: write"
        " its business case, or stop spending.",
        (
            ("Spent", subject.money(subject.spent)),
            ("Planned cost", subject.money(cost)),
            ("Planned benefit", subject.money(0)),
        ),
    )


def closed_with_shortfall(subject: Subject) -> Noticed | None:
    """Closed, and the controller confirmed less than was planned: leakage that stays in sight, never rebased."""
    if subject.stage is not Stage.CLOSED or subject.standing is Standing.CANCELLED:
        return None
    plan = subject.selling.quota if subject.level is Level.SALES_PLAN else subject.plan
    months = subject.total(lambda one: one.confirmed, subject.worth)
    confirmed = months if subject.closing_amount is None else subject.closing_amount
    short = plan - confirmed
    if short <= 0:
        return None
    return Noticed(
        FindingCode.CLOSED_WITH_SHORTFALL,
        by_share(short, plan),
        short,
        f"“{subject.name}” was closed with {subject.money(confirmed)} confirmed of {subject.money(plan)} planned:"
        f" {subject.money(short)} never came. Write down what was learned, and make it up elsewhere.",
        (("Plan", subject.money(plan)), ("Confirmed", subject.money(confirmed))),
    )


def hypothesis_failing(subject: Subject) -> Noticed | None:
    """An objective's actual lies below its path to target: critical, for all that is planned below it rests on that."""
    judged = subject.verdict
    if subject.level is not Level.OBJECTIVE or judged is None or judged.verdict is not Verdict.FAILING:
        return None
    if subject.standing is not Standing.ACTIVE:
        return None
    return Noticed(
        FindingCode.HYPOTHESIS_FAILING,
        Severity.CRITICAL,
        subject.value_below,
        f"The hypothesis of “{subject.name}” is failing: {judged.sentence} {subject.money(subject.value_below)} is"
        " planned below it: change the strategy, or write down why it still holds.",
        (
            ("Verdict", judged.sentence),
            *((("Failing since", str(judged.since)),) if judged.since else ()),
            ("Planned below it", subject.money(subject.value_below)),
        ),
    )


def stop_candidate(subject: Subject) -> Noticed | None:
    """What is still to come no longer covers what is still to be spent, or potential was red three cycles running."""
    if subject.level is not Level.INITIATIVE or not subject.at(Stage.DETAILED, Stage.IMPLEMENTED):
        return None
    cost, value = subject.total(lambda one: one.remaining, COSTS), subject.remaining
    uncovered, red = cost > 0 and value <= cost, subject.red_cycles >= STOP_AFTER_RED_CYCLES
    if not uncovered and not red:
        return None
    why = f"what is still to come ({subject.money(value)}) does not cover what is still to be spent"
    if not uncovered:
        why = f"its potential was red for {subject.red_cycles} review cycles running, and it still costs"
    return Noticed(
        FindingCode.STOP_CANDIDATE,
        by_share(max(cost - value, 0), cost) if uncovered else by_share(subject.plan - subject.outlook, subject.plan),
        cost,
        f"“{subject.name}” may have to stop: {why} ({subject.money(cost)}). Decide to go on with a new plan, or"
        " cancel it.",
        (
            ("Value still to come", subject.money(value)),
            ("Cost still to come", subject.money(cost)),
            ("Cycles with potential red, running", str(subject.red_cycles)),
        ),
    )
