"""How the criteria of the gates into IDENTIFIED, DETAILED and DECIDED are judged (law §2).

Every judgement is a sentence that names the thing, the figure and, where the criterion is not met, the next step.
"""

from collections.abc import Callable

from server.domain.cascade import Standing
from server.domain.cases import Case
from server.domain.milestones import MeasureType
from server.domain.money import Money
from server.domain.people import held_twice
from server.domain.policy import Policy
from server.domain.values import ValueKind
from server.domain.wording import listed, quoted

Judgement = tuple[bool, str]
Judge = Callable[[Case, Policy, int], Judgement]
WHOLE = 10_000  # hundredths of a per cent


def written(field: str, met: str, unmet: str) -> Judge:
    """Something is written in a field."""

    def judge(case: Case, _policy: Policy, _at_least: int) -> Judgement:
        value = getattr(case, field)
        return (True, met.format(value)) if str(value or "").strip() else (False, unmet)

    return judge


def named(field: str, role: str, duty: str) -> Judge:
    """Somebody is named in a field."""

    def judge(case: Case, _policy: Policy, _at_least: int) -> Judgement:
        party = getattr(case, field)
        return (True, f"{party.name} is its {role}.") if party else (False, f"It has no {role}: name who {duty}.")

    return judge


def separation(case: Case) -> Judgement:
    """Owner, sponsor and controller are three persons."""
    parties = {"owner": case.owner, "sponsor": case.sponsor, "controller": case.controller}
    for one, other in held_twice({part: party.id if party else None for part, party in parties.items()}):
        party = parties[one]
        name = party.name if party else ""
        return False, f"{name} is both {one} and {other}: name two different persons."
    return True, "Owner, sponsor and controller are different persons."


def estimated(case: Case, _policy: Policy, _at_least: int) -> Judgement:
    """The size of an initiative is estimated."""
    if case.estimated is None or case.estimated.units <= 0:
        return False, "Its value is not estimated: state an estimated value above zero."
    return True, f"Its value is estimated at {case.estimated}."


def first_year_quota(case: Case, _policy: Policy, _at_least: int) -> Judgement:
    """The size of a sales plan: the quota of its first year."""
    plan = case.selling
    if not plan.quota or not plan.first_year:
        return False, "Its size is the quota of its first year, and it has no quota: set quota by month."
    return True, f"Its quota of the first year, from {min(plan.quota)}, is {Money(plan.first_year, case.currency)}."


def baseline(case: Case, _policy: Policy, at_least: int) -> Judgement:
    """What the value is measured against, with its source and date."""
    lines = case.benefits or case.lines
    if len(lines) < at_least:
        return False, "It has no value line: add what it will bring, with its baseline, source and date."
    bare = [
        line for line in lines if line.baseline_units is None or not line.baseline_source or line.baseline_date is None
    ]
    if bare:
        return False, f"No baseline with amount, source and date is stated for {quoted(bare)}: complete it."
    return True, f"A baseline with its source and date is stated for {quoted(lines)}."


def last_years_result(case: Case, _policy: Policy, _at_least: int) -> Judgement:
    """The baseline of a sales plan: last year's result, or new business."""
    plan = case.selling
    if not plan.quota:
        return False, "Its baseline is the result of the year before its first quota month: set quota by month."
    won = case.won_before
    if not won:
        return True, "New business: nothing was won under it in the year before its first quota month."
    return True, f"Baseline: {Money(won, case.currency)} was won in the year before {min(plan.quota)}."


def plan_by_month(case: Case, _policy: Policy, at_least: int) -> Judgement:
    """Each benefit is planned by month."""
    lines = case.benefits or case.lines
    bare = [line for line in lines if line.planned_months < at_least]
    if not lines:
        return False, "Nothing is planned: add a value line and set its plan by month."
    if bare:
        return False, f"No plan by month is set for {quoted(bare)}: set it."
    total = listed([f"{Money(line.planned, line.currency)} of “{line.name}”" for line in lines])
    return True, f"Planned by month: {total}."


def quota_by_month(case: Case, _policy: Policy, at_least: int) -> Judgement:
    """The plan of a sales plan: quota by month and segment."""
    plan = case.selling
    if len(plan.quota) < at_least or not plan.total:
        return False, "It has no quota: set quota by month and segment."
    return True, f"Quota of {Money(plan.total, case.currency)} is set over {_months(len(plan.quota))}."


def one_off_cost(case: Case, _policy: Policy, at_least: int) -> Judgement:
    """What it costs once is planned."""
    kinds = {ValueKind.ONE_OFF_COST, ValueKind.CAPEX}
    lines = [line for line in case.lines if line.kind in kinds and line.planned_months]
    if len(lines) < at_least:
        return False, "Its one-off cost is not planned: add a line of that kind and its plan, 0 where there is none."
    total = listed([str(Money(line.planned, line.currency)) for line in lines])
    return True, f"Its one-off cost is planned: {total}."


def outcome_milestone(case: Case, _policy: Policy, at_least: int) -> Judgement:
    """At least one milestone measures an outcome."""
    outcomes = [one for one in case.milestones if one.measure_type is MeasureType.OUTCOME]
    if len(outcomes) < at_least:
        found = f"{len(outcomes)} of {at_least} milestones measure" if outcomes else "No milestone measures"
        return False, f"{found} an outcome: add one that does. Outputs and activities do not count here."
    return True, f"An outcome is measured by {quoted(outcomes)}."


def sales_plan(case: Case, _policy: Policy, at_least: int) -> Judgement:
    """A revenue initiative has a sales plan."""
    if not any(line.kind is ValueKind.REVENUE for line in case.lines):
        return True, "It plans no revenue, so it needs no sales plan."
    plans = [plan for plan in case.sales_plans if plan.standing is Standing.ACTIVE]
    if len(plans) < at_least:
        return False, "It plans revenue and has no active sales plan: create the plan that is to bring it."
    return True, f"Its revenue is to come from {quoted(plans)}."


def quota_covers(case: Case, _policy: Policy, at_least: int) -> Judgement:
    """The quota of all sales plans covers the planned revenue, or the gap is explained."""
    planned, quota = Money(case.planned_revenue, case.currency), Money(case.quota, case.currency)
    if not planned.units:
        return True, "No revenue is planned, so no quota has to cover it."
    compared = f"The quota of its sales plans is {quota}, the planned revenue {planned}"
    if case.initiative:
        compared = f"The quota of all sales plans of “{case.initiative.name}” is {quota}, its planned revenue {planned}"
    if quota.units * 100 >= planned.units * at_least:
        return True, f"{compared}."
    if (case.gap_explanation or "").strip() or (case.initiative and (case.initiative.gap_explanation or "").strip()):
        return True, f"{compared}; the gap is explained."
    return False, f"{compared}: raise the quota, or explain the gap."


def incentives(case: Case, _policy: Policy, at_least: int) -> Judgement:
    """Incentive weights are recorded, and those of each seller add up to 100 %."""
    plans = [case.plan] if case.plan else [plan for plan in case.sales_plans if plan.standing is Standing.ACTIVE]
    bare = [plan for plan in plans if len(plan.weights) < at_least]
    if bare:
        return False, f"No incentive weights are recorded under {quoted(bare)}: record what its sellers are paid for."
    odd = sorted({seller for plan in plans for seller, weight in plan.weights.items() if weight != WHOLE})
    if odd:
        return False, f"The incentive weights of {listed(odd)} do not add up to 100 % over all plans: correct them."
    return True, "Incentive weights are recorded." if plans else "It has no sales plan, so no incentive weights."


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"
