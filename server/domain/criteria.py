"""The entry criteria of the gates: a table from each to how an initiative and a sales plan are judged by it (law §2).

A criterion that a level does not know is not asked of it: a sales plan has no value lines, so no one-off cost.
"""

from collections.abc import Callable, Mapping

from server.domain import delivery, planning
from server.domain.cascade import Level
from server.domain.cases import Case
from server.domain.planning import Judge, Judgement
from server.domain.policy import Criterion
from server.domain.stages import Stage
from server.domain.wording import quoted

_BOTH: Mapping[Criterion, Judge] = {
    Criterion.NAME: planning.written("name", "It is named “{}”.", "It has no name: write one."),
    Criterion.DESCRIPTION: planning.written(
        "description", "Its description is written.", "It has no description: say what is to change."
    ),
    Criterion.OWNER: planning.named("owner", "owner", "answers for it"),
    Criterion.SPONSOR: planning.named("sponsor", "sponsor", "stands for it and decides on it"),
    Criterion.CONTROLLER: planning.named("controller", "controller", "confirms its value"),
    Criterion.BUSINESS_UNIT: planning.written(
        "business_unit", "It belongs to the business unit {}.", "It has no business unit: name the one it belongs to."
    ),
    Criterion.OUTCOME_MILESTONE: planning.outcome_milestone,
    Criterion.RISKS: planning.written(
        "risks", "Its risks are written down.", "It names no risks: write what may go wrong."
    ),
    Criterion.OVERLAPS: planning.written(
        "overlaps",
        "Its overlaps are declared.",
        "Overlaps with other measures are not declared: name them, or write “none”.",
    ),
    Criterion.QUOTA_COVERS_PLAN: planning.quota_covers,
    Criterion.INCENTIVES: planning.incentives,
    Criterion.CRITICAL_MILESTONES: delivery.critical_milestones,
    Criterion.EVIDENCE: delivery.evidence,
}
CRITERIA: Mapping[Level, Mapping[Criterion, Judge]] = {
    Level.INITIATIVE: {
        **_BOTH,
        Criterion.ESTIMATED_VALUE: planning.estimated,
        Criterion.BASELINE: planning.baseline,
        Criterion.PLAN: planning.plan_by_month,
        Criterion.ONE_OFF_COST: planning.one_off_cost,
        Criterion.SALES_PLAN: planning.sales_plan,
        Criterion.FORECAST: delivery.forecast,
        Criterion.ACTUALS: delivery.actuals,
        Criterion.VARIANCE: delivery.variance,
    },
    Level.SALES_PLAN: {
        **_BOTH,
        Criterion.ESTIMATED_VALUE: planning.first_year_quota,
        Criterion.BASELINE: planning.last_years_result,
        Criterion.PLAN: planning.quota_by_month,
        Criterion.FORECAST: delivery.pipeline_current,
        Criterion.ACTUALS: delivery.results,
        Criterion.VARIANCE: delivery.attainment,
    },
}


def runs_ahead(plan: Stage, initiative: Stage) -> bool:
    """Whether a sales plan would stand at a later stage than its initiative while that is below DECIDED."""
    return initiative < min(plan, Stage.DECIDED)


def _initiative_first(case: Case, into: Stage) -> Judgement | None:
    above = case.initiative
    if above is None or into > Stage.DECIDED:
        return None
    if not runs_ahead(into, above.stage):
        return True, f"Its initiative “{above.name}” stands at {above.stage.spoken}."
    return False, f"Its initiative “{above.name}” stands at {above.stage.spoken}: bring that to {into.spoken} first."


def _separation(case: Case, into: Stage) -> Judgement | None:
    return planning.separation(case) if into in {Stage.IDENTIFIED, Stage.DECIDED} else None


def _sales_plans_closed(case: Case, into: Stage) -> Judgement | None:
    if into is not Stage.CLOSED or case.level is not Level.INITIATIVE:
        return None
    still_open = [plan for plan in case.sales_plans if plan.open]
    if still_open:
        return False, f"Still open below it: {quoted(still_open)}. Close or cancel first."
    return True, "No sales plan below it is open."


# What holds whatever a policy says (law §2): three persons stand for a measure, a plan never runs ahead of its
# initiative, and that never closes before its plans.
LAWS: Mapping[str, Callable[[Case, Stage], Judgement | None]] = {
    "SEPARATION": _separation,
    "INITIATIVE_FIRST": _initiative_first,
    "SALES_PLANS_CLOSED": _sales_plans_closed,
}
