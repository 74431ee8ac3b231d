"""What each gate asks for and who decides it: the table of law §2, read for initiatives and for sales plans."""

from collections.abc import Callable, Iterable

from tests.law.model import BENEFITS, Body, Law, Line, Measure, Milestone, Submission, degree, month_of

THRESHOLD = 1_000_000  # above it the steering committee decides too
SUSTAIN = 3  # months
IDENTIFIED = ("NAME", "DESCRIPTION", "OWNER", "SPONSOR", "CONTROLLER", "BUSINESS_UNIT", "ESTIMATED_VALUE", "SEPARATION")
DETAILED = ("BASELINE", "PLAN", "ONE_OFF_COST", "OUTCOME_MILESTONE", "RISKS", "OVERLAPS", "SALES_PLAN")
DEMANDS = {
    "IDENTIFIED": IDENTIFIED,
    "DETAILED": DETAILED,
    "DECIDED": (*IDENTIFIED, *DETAILED, "QUOTA_COVERS_PLAN", "INCENTIVES"),
    "IMPLEMENTED": ("CRITICAL_MILESTONES", "FORECAST"),
    "CLOSED": ("ACTUALS", "VARIANCE", "EVIDENCE"),
}
NOT_ASKED_OF_PLANS = {"ONE_OFF_COST", "SALES_PLAN"}
# gate → role and quorum; the third column of the table in law §2
VOTES = {
    "IDENTIFIED": (("PROGRAM_LEAD", 1),),
    "DETAILED": (("SPONSOR", 1),),
    "DECIDED": (("SPONSOR", 1), ("CONTROLLER", 1)),
    "IMPLEMENTED": (("SPONSOR", 1),),
    "CLOSED": (("CONTROLLER", 1),),
}
COMMITTEE = ("EXECUTIVE", 2)
VALIDATED = {"DECIDED", "CLOSED"}  # where the controller's GO states the amount
Met = Callable[[Law, Measure], bool]


def _written(field: str) -> Met:
    return lambda _law, measure: field in measure.written


def benefits(law: Law, measure: Measure) -> list[Line]:
    """The lines that bring something; all lines where none does."""
    lines = law.lines_of(measure)
    return [line for line in lines if line.kind in BENEFITS] or lines


def _sum(lines: Iterable[Line], kinds: Iterable[str]) -> int:
    return sum(sum(line.plan.values()) for line in lines if line.kind in kinds)


def _planned_revenue(law: Law, measure: Measure) -> int:
    return _sum(law.lines_of(law.initiative(measure)), {"REVENUE"})


def _active(law: Law, initiative: Measure) -> list[Measure]:
    return [plan for plan in law.plans(initiative.name) if plan.standing == "ACTIVE"]


def _quota_covers(law: Law, measure: Measure) -> bool:
    above = law.initiative(measure)
    quota = sum(sum(plan.quota.values()) for plan in _active(law, above))
    explained = "gapExplanation" in measure.written | above.written
    return quota >= _planned_revenue(law, measure) or explained


def weight(law: Law, seller: str, besides: str = "") -> int:
    """The incentive weights of a seller over all plans that are not given up, in per cent."""
    alive = [each for each in law.measures.values() if each.standing != "CANCELLED" and each.name != besides]
    return sum(each.weights.get(seller, 0) for each in alive)


def _incentives(law: Law, measure: Measure) -> bool:
    plans = [measure] if measure.level == "SALES_PLAN" else _active(law, measure)
    return all(plan.weights and all(weight(law, seller) == 100 for seller in plan.weights) for plan in plans)


def decisive(law: Law, measure: Measure) -> list[Milestone]:
    """The critical milestones; activities are no progress, so outcomes stand in where only activities are critical."""
    every = law.milestones_of(measure)
    critical = [one for one in every if one.critical]
    if any(one.type != "ACTIVITY" for one in critical):
        return critical
    return critical + [one for one in every if one.type == "OUTCOME" and not one.critical]


def _critical(law: Law, measure: Measure) -> bool:
    every = decisive(law, measure)
    done = all(one.achieved_on and (one.verified or not one.critical) for one in every)
    return done and any(one.type != "ACTIVITY" for one in every)


def _forecast(law: Law, measure: Measure) -> bool:
    month = month_of(law.today)
    lines = [line for line in law.lines_of(measure) if line.kind in BENEFITS]
    return all(month in line.forecast or month in line.actual or month not in line.plan for line in lines)


def window(law: Law, measure: Measure) -> list[str]:
    """The sustain window: the months after the one in which the last decisive milestone was achieved."""
    achieved = [one.achieved_on for one in decisive(law, measure) if one.achieved_on]
    if degree(measure.stage) < degree("IMPLEMENTED") or not achieved:
        return []
    return [month_of(max(achieved), later) for later in range(1, SUSTAIN + 1)]


def _actuals(law: Law, measure: Measure) -> bool:
    months = window(law, measure)
    if measure.level == "SALES_PLAN":
        return bool(months) and months[-1] < month_of(law.today)
    return bool(months) and all(month in line.actual for line in benefits(law, measure) for month in months)


def _variance(law: Law, measure: Measure) -> bool:
    if "varianceExplanation" in measure.written:
        return True
    last = max(window(law, measure), default=month_of(law.today))
    if measure.level == "SALES_PLAN":  # nothing is ever won in this model
        return not any(amount for month, amount in measure.quota.items() if month <= last)
    sides = [(line.plan, line.actual) for line in law.lines_of(measure)]
    upto = [[sum(units for month, units in side.items() if month <= last) for side in both] for both in sides]
    return all(plan == actual for plan, actual in upto)


def _cost(law: Law, measure: Measure) -> bool:
    return any(line.kind in {"ONE_OFF_COST", "CAPEX"} and line.plan for line in law.lines_of(measure))


def _has_plan(law: Law, measure: Measure) -> bool:
    return bool(_active(law, measure)) or not any(line.kind == "REVENUE" for line in law.lines_of(measure))


CRITERIA: dict[str, Met] = {
    "NAME": lambda _law, measure: bool(measure.name),
    "DESCRIPTION": _written("description"),
    "OWNER": lambda _law, measure: bool(measure.owner),
    "SPONSOR": lambda _law, measure: bool(measure.sponsor),
    "CONTROLLER": lambda _law, measure: bool(measure.controller),
    "BUSINESS_UNIT": _written("businessUnit"),
    "ESTIMATED_VALUE": lambda _law, measure: measure.estimated > 0,
    "SEPARATION": lambda _law, one: len({one.owner, one.sponsor or 1, one.controller or 2}) == 3,
    "BASELINE": lambda law, one: bool(law.lines_of(one)) and all(line.baseline for line in benefits(law, one)),
    "PLAN": lambda law, one: bool(law.lines_of(one)) and all(line.plan for line in benefits(law, one)),
    "ONE_OFF_COST": _cost,
    "OUTCOME_MILESTONE": lambda law, one: any(each.type == "OUTCOME" for each in law.milestones_of(one)),
    "RISKS": _written("risks"),
    "OVERLAPS": _written("overlaps"),
    "SALES_PLAN": _has_plan,
    "QUOTA_COVERS_PLAN": _quota_covers,
    "INCENTIVES": _incentives,
    "CRITICAL_MILESTONES": _critical,
    "FORECAST": _forecast,
    "ACTUALS": _actuals,
    "VARIANCE": _variance,
    "EVIDENCE": lambda _law, measure: measure.evidence > 0,
}
# For a sales plan read: estimated value, baseline and plan by month are its quota; its forecast is its pipeline.
OF_PLANS: dict[str, Met] = dict.fromkeys(
    ("ESTIMATED_VALUE", "BASELINE", "PLAN"), lambda _law, plan: any(plan.quota.values())
) | {"FORECAST": lambda _law, _plan: True}


def unmet_laws(law: Law, measure: Measure, into: str) -> set[str]:
    """What no policy can lift: no sales plan runs ahead of its initiative, no initiative closes over an open plan."""
    broken = set()
    if measure.level == "SALES_PLAN" and degree(law.initiative(measure).stage) < min(degree(into), degree("DECIDED")):
        broken.add("INITIATIVE_FIRST")
    alive = [plan for plan in law.plans(measure.name) if plan.stage != "CLOSED" and plan.standing != "CANCELLED"]
    if into == "CLOSED" and alive:
        broken.add("SALES_PLANS_CLOSED")
    return broken


def unmet(law: Law, measure: Measure, into: str) -> set[str]:
    """The entry criteria of a gate that a measure does not meet."""
    selling = measure.level == "SALES_PLAN"
    table = CRITERIA | OF_PLANS if selling else CRITERIA
    asked = [code for code in DEMANDS[into] if not (selling and code in NOT_ASKED_OF_PLANS)]
    return {code for code in asked if not table[code](law, measure)} | unmet_laws(law, measure, into)


def size(law: Law, measure: Measure) -> int:
    """What the threshold is compared with: the largest of estimate, headline value, revenue and cost, never added."""
    if measure.level == "SALES_PLAN":
        return max(measure.estimated, sum(measure.quota.values()))
    lines = law.lines_of(measure)
    costs = {line.kind for line in lines} - BENEFITS
    parts = (_sum(lines, {"MARGIN", "COST_SAVING"}), _sum(lines, {"REVENUE"}), _sum(lines, costs))
    return max(measure.estimated, *parts)


def bodies(law: Law, measure: Measure, into: str, submitter: str | None) -> tuple[Body, ...]:
    """Who would decide: never the owner, the submitter, or whose own quota it is."""
    votes = VOTES[into]
    if into == "DECIDED" and size(law, measure) > THRESHOLD:
        votes = (*votes, COMMITTEE)
    named = {"SPONSOR": measure.sponsor, "CONTROLLER": measure.controller}
    barred = {measure.owner, submitter, *measure.sellers}
    found = []
    for role, needed in votes:
        people = law.holders(role, measure.name) - barred
        people &= {named[role]} if role in named else people
        found.append(Body(role, frozenset(people), needed, role == "CONTROLLER" and into in VALIDATED))
    return tuple(found)


def seatable(asked: Iterable[tuple[int, frozenset[str]]]) -> bool:
    """Whether so many of each of these groups can be had at once: one person has one vote."""
    slots = [people for needed, people in asked for _ in range(needed)]
    if not slots:
        return True
    rest = [(1, people) for people in slots[1:]]
    return any(seatable((needed, people - {one}) for needed, people in rest) for one in slots[0])


def votes_as(submission: Submission, person: str) -> str:
    """The role in which a decider's vote counts: one that owes a vote and leaves the others theirs."""
    owed = submission.waiting_on()
    for role, (_, people) in owed.items():
        rest = {each: (needed - (each == role), one - {person}) for each, (needed, one) in owed.items()}
        if person in people and seatable(rest.values()):
            return role
    return next(body.role for body in submission.bodies if person in body.people)
