"""The next sensible act: what brings a measure one step nearer to CLOSED, as the law asks for it."""

from collections.abc import Callable, Iterable

from tests.law.acts import Act, refusals
from tests.law.gates import benefits, bodies, decisive, seatable, unmet, weight, window
from tests.law.model import Law, Measure, Submission, degree, month_of
from tests.law.rights import against, against_vote

QUOTA_MONTH = "2027-01"
TEXTS = ("description", "businessUnit", "risks", "overlaps")
PERSONS = ("olaf", "sal", "sam", "carl", "pia", "eve", "emil", "lea", "dora", "cleo", "theo")
SELLERS = ("vera", "ada", "nils", "lea", "emil")


def next_act(law: Law, measure: Measure) -> Act | None:
    """What somebody sensible would do now; None where there is nothing left to do."""
    if measure.standing == "CANCELLED" or measure.next is None:
        return None
    if measure.standing == "ON_HOLD":
        above = law.measures.get(measure.parent)
        held = above and above.standing != "ACTIVE"
        return next_act(law, above) if above and held else _by_any(law, "resumeMeasure", measure.name)
    if measure.submitted:
        return _vote(law, measure, measure.submitted)
    return _towards(law, measure, measure.next)


def _towards(law: Law, measure: Measure, into: str) -> Act | None:
    """Meet the next criterion; with all of them met, submit."""
    missing = unmet(law, measure, into)
    for code, cure in CURES.items():
        if code in missing:
            return cure(law, measure)
    submitter = _who(law, "submitGate", measure)
    if submitter is None:
        return None
    asked = bodies(law, measure, into, submitter)
    if seatable((body.needed, body.people) for body in asked):
        return Act("submitGate", submitter, measure.name, {"into": into})
    return _other_parties(law, measure)


def _who(law: Law, verb: str, measure: Measure) -> str | None:
    """Who may do it: the owner rather than another."""
    people = dict.fromkeys((measure.owner, *PERSONS))
    return next((person for person in people if not against(law, verb, person, measure)), None)


def _by_any(law: Law, verb: str, on: str, **said: object) -> Act | None:
    """The act by the first person to whom nothing stands against it."""
    acts = (Act(verb, person, on, said) for person in PERSONS)
    return next((act for act in acts if not refusals(law, act)), None)


def _by_owner(verb: str) -> Callable[..., Act | None]:
    def act(law: Law, measure: Measure, on: str = "", **said: object) -> Act | None:
        people: Iterable[str] = dict.fromkeys((measure.owner, *PERSONS))
        acts = (Act(verb, person, on or measure.name, said) for person in people)
        return next((one for one in acts if not refusals(law, one)), None)

    return act


_edit = _by_owner("editNode")


def _vote(law: Law, measure: Measure, asked: Submission) -> Act | None:
    """GO by the next decider; where nobody can vote any more, the submission is taken back."""
    for role, (_, people) in asked.waiting_on().items():
        stated = any(body.states_amount for body in asked.bodies if body.role == role)
        said = {"into": asked.into, "outcome": "GO"} | ({"confirmed": "1000"} if stated else {})
        for person in sorted(people):
            act = Act("decideGate", person, measure.name, said)
            if not against_vote(law, person, measure, asked.into) and not refusals(law, act):
                return act
    return _by_owner("retractSubmission")(law, measure, into=asked.into)


def _other_parties(law: Law, measure: Measure) -> Act | None:
    """Name others where those who are named cannot decide."""
    for part, people in (("sponsor", ("sam", "theo")), ("controller", ("carl", "cleo", "theo"))):
        for person in people:
            if getattr(measure, part) != person and (act := _edit(law, measure, **{part: person})):
                return act
    return None


def _texts(law: Law, measure: Measure) -> Act | None:
    return _edit(law, measure, **dict.fromkeys(TEXTS, True))


def _party(part: str, people: tuple[str, ...]) -> Callable[[Law, Measure], Act | None]:
    def cure(law: Law, measure: Measure) -> Act | None:
        return next((act for one in people if (act := _edit(law, measure, **{part: one}))), None)

    return cure


def _size(law: Law, measure: Measure) -> Act | None:
    return _quota(law, measure) if measure.level == "SALES_PLAN" else _edit(law, measure, estimatedValue=120_000)


def _quota(law: Law, plan: Measure) -> Act | None:
    return _by_any(law, "setQuota", plan.name, month=QUOTA_MONTH, amount=90_000, seller=None)


def _line(kind: str) -> Callable[[Law, Measure], Act | None]:
    def cure(law: Law, measure: Measure) -> Act | None:
        if measure.level == "SALES_PLAN":
            return _quota(law, measure)
        name = f"{measure.name}/{kind} {len(law.lines) + 1}"
        return _by_owner("addValueLine")(law, measure, name, initiative=measure.name, kind=kind, baseline=True)

    return cure


def _baseline(law: Law, measure: Measure) -> Act | None:
    bare = [name for name, line in law.lines.items() if line in benefits(law, measure) and not line.baseline]
    if bare:
        return _by_owner("editValueLine")(law, measure, bare[0], baseline=True)
    return _line("REVENUE")(law, measure)


def _plan(law: Law, measure: Measure) -> Act | None:
    bare = [name for name, line in law.lines.items() if line.measure == measure.name and not line.plan]
    if bare:
        return _by_owner("setPlan")(law, measure, bare[0], month=QUOTA_MONTH, amount=90_000)
    return _line("REVENUE")(law, measure)


def _cost(law: Law, measure: Measure) -> Act | None:
    bare = {line.kind for line in law.lines_of(measure) if not line.plan}
    return _plan(law, measure) if "ONE_OFF_COST" in bare else _line("ONE_OFF_COST")(law, measure)


def _milestone(law: Law, measure: Measure) -> Act | None:
    name = f"{measure.name}/Milestone {len(law.milestones) + 1}"
    said = {"under": measure.name, "measureType": "OUTCOME", "critical": True}
    return _by_owner("addMilestone")(law, measure, name, **said)


def _sales_plan(law: Law, measure: Measure) -> Act | None:
    name = f"Plan {len(law.measures) + 1}"
    said = {"parent": measure.name, "owner": "sal", "sponsor": "sam", "controller": "carl"}
    return _by_any(law, "createSalesPlan", name, **said)


def _incentives(law: Law, measure: Measure) -> Act | None:
    plans = [measure] if measure.level == "SALES_PLAN" else law.plans(measure.name)
    for plan in plans:
        if plan.standing == "ACTIVE" and not (plan.weights and all(weight(law, one) == 100 for one in plan.weights)):
            free = [seller for seller in SELLERS if not weight(law, seller, besides=plan.name)]
            acts = (_by_any(law, "setIncentives", plan.name, seller=seller, weight=100) for seller in free)
            return next((act for act in acts if act), None)
    return None


def _achievement(law: Law, measure: Measure) -> Act | None:
    named = {id(one): name for name, one in law.milestones.items()}
    for one in decisive(law, measure):
        if one.achieved_on is None:
            return _by_owner("achieveMilestone")(law, measure, named[id(one)], reading=11)
        if one.critical and not one.verified:
            return _by_any(law, "verifyMilestone", named[id(one)])
    return _milestone(law, measure)


def _forecast(law: Law, measure: Measure) -> Act | None:
    month = month_of(law.today)
    for name, line in law.lines.items():
        if line.measure == measure.name and month in line.plan and month not in line.forecast | line.actual:
            return _by_owner("setForecast")(law, measure, name, month=month, amount=90_000)
    return None


def _actuals(law: Law, measure: Measure) -> Act | None:
    months = window(law, measure)
    if not months or months[-1] >= month_of(law.today):
        return Act("later", "", "", {"days": 35})
    for name, line in law.lines.items():
        missing = [month for month in months if month not in line.actual]
        if line.measure == measure.name and missing:
            return _by_owner("recordActual")(law, measure, name, month=missing[0], amount=30_000)
    return None


def _explained(field: str) -> Callable[[Law, Measure], Act | None]:
    return lambda law, measure: _edit(law, measure, **{field: True})


def _above_first(law: Law, measure: Measure) -> Act | None:
    return next_act(law, law.initiative(measure))


def _plans_first(law: Law, measure: Measure) -> Act | None:
    alive = [plan for plan in law.plans(measure.name) if plan.stage != "CLOSED" and plan.standing != "CANCELLED"]
    return next((act for plan in alive if (act := next_act(law, plan))), None)


CURES: dict[str, Callable[[Law, Measure], Act | None]] = {
    **dict.fromkeys(("DESCRIPTION", "BUSINESS_UNIT", "RISKS", "OVERLAPS"), _texts),
    "SPONSOR": _party("sponsor", ("sam", "theo")),
    "CONTROLLER": _party("controller", ("carl", "cleo")),
    "ESTIMATED_VALUE": _size,
    "BASELINE": _baseline,
    "PLAN": _plan,
    "ONE_OFF_COST": _cost,
    "OUTCOME_MILESTONE": _milestone,
    "SALES_PLAN": _sales_plan,
    "INCENTIVES": _incentives,
    "QUOTA_COVERS_PLAN": _explained("gapExplanation"),
    "INITIATIVE_FIRST": _above_first,
    "SALES_PLANS_CLOSED": _plans_first,
    "CRITICAL_MILESTONES": _achievement,
    "FORECAST": _forecast,
    "ACTUALS": _actuals,
    "VARIANCE": _explained("varianceExplanation"),
    "EVIDENCE": _by_owner("attachEvidence"),
}


def until(law: Law, name: str, stage: str) -> bool:
    """Whether a measure has come to a stage."""
    return degree(law.measures[name].stage) >= degree(stage)
