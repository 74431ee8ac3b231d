"""Acts on what a gate looks at: measures, value lines, quota, milestones, evidence (law §2, §4–§6)."""

from collections.abc import Callable

from tests.law.act import DOING, REFUSING, Act, rule
from tests.law.gates import weight
from tests.law.model import Law, Line, Measure, Milestone, degree, month_of
from tests.law.rights import against, against_verifying

FROZEN_WITH_PLAN = {"estimatedValue", "overlaps", "gapExplanation"}
REACHED = 10  # what every milestone aims at


def _ahead(plan: Measure, above: Measure) -> bool:
    return degree(above.stage) < min(degree(plan.stage), degree("DECIDED"))


@rule("editNode")
class _Edit:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        measure = law.measures[act.on]
        codes = against(law, "editNode", act.by, measure)
        if degree(measure.stage) >= degree("DECIDED") and FROZEN_WITH_PLAN & act.said.keys():
            codes.add("FROZEN")
        parts = {part: act.said.get(part, getattr(measure, part)) for part in ("owner", "sponsor", "controller")}
        people = [person for person in parts.values() if person]
        if act.said.keys() & parts.keys() and len(people) > len(set(people)):
            codes.add("INVALID")
        return codes

    @staticmethod
    def done(law: Law, act: Act) -> None:
        measure = law.measures[act.on]
        for name, value in act.said.items():
            if name in {"owner", "sponsor", "controller"}:
                setattr(measure, name, value)
            elif name == "estimatedValue":
                measure.estimated = value or 0
            elif value:
                measure.written.add(name)
            else:
                measure.written.discard(name)


@rule("createInitiative")
class _Initiative:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        roles = law.roles(act.by, act.said["parent"])
        if not roles:
            return {"NOT_FOUND"}
        return set() if roles & {"PORTFOLIO_LEAD", "PROGRAM_LEAD", "SPONSOR"} else {"FORBIDDEN"}

    @staticmethod
    def done(law: Law, act: Act) -> None:
        said = act.said
        law.measures[act.on] = Measure(
            act.on, "INITIATIVE", said["parent"], said["owner"], said["sponsor"], said["controller"]
        )


@rule("createSalesPlan")
class _SalesPlan:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        return against(law, "createSalesPlan", act.by, law.measures[act.said["parent"]])

    @staticmethod
    def done(law: Law, act: Act) -> None:
        said = act.said
        law.measures[act.on] = Measure(
            act.on, "SALES_PLAN", said["parent"], said["owner"], said["sponsor"], said["controller"]
        )


@rule("moveNode")
class _Move:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        moved, above = law.measures[act.on], law.measures.get(act.said["parent"])
        codes = against(law, "moveNode", act.by, moved)
        if above is None:
            to = law.roles(act.by, act.said["parent"])
            return codes | (set() if "PORTFOLIO_LEAD" in to else {"FORBIDDEN" if to else "NOT_FOUND"})
        codes |= against(law, "moveNode", act.by, above)
        held = above.standing == "ON_HOLD" and moved.standing == "ACTIVE"
        if above.name != moved.parent and (_ahead(moved, above) or above.stage == "CLOSED" or held):
            codes.add("WRONG_STAGE")
        return codes

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.measures[act.on].parent = act.said["parent"]


@rule("addValueLine")
class _AddLine:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        return against(law, "addValueLine", act.by, law.measures[act.said["initiative"]])

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.lines[act.on] = Line(act.said["initiative"], act.said["kind"], act.said["baseline"])


@rule("editValueLine")
class _EditLine:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        return against(law, "editValueLine", act.by, law.measures[law.lines[act.on].measure])

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.lines[act.on].baseline = act.said["baseline"]


def _series(verb: str, series: str | None, month_open: Callable[[str, str], bool]) -> None:
    """The four series: each written by its own verb, for its own months."""

    def refused(law: Law, act: Act) -> set[str]:
        codes = against(law, verb, act.by, law.measures[law.lines[act.on].measure])
        return codes | (set() if month_open(act.said["month"], month_of(law.today)) else {"INVALID"})

    def done(law: Law, act: Act) -> None:
        if series:
            getattr(law.lines[act.on], series)[act.said["month"]] = act.said["amount"]

    REFUSING[verb], DOING[verb] = refused, done


_series("setPlan", "plan", lambda _month, _now: True)
_series("setForecast", "forecast", lambda month, now: month >= now)
_series("recordActual", "actual", lambda month, now: month <= now)
_series("confirmValue", None, lambda month, now: month <= now)


@rule("setQuota")
class _Quota:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        plan = law.measures[act.on]
        own = {"SAME_PERSON"} if act.by in {act.said["seller"], *plan.quota_of} else set()
        return against(law, "setQuota", act.by, plan) | own

    @staticmethod
    def done(law: Law, act: Act) -> None:
        plan, said = law.measures[act.on], act.said
        plan.quota = {said["month"]: said["amount"]}  # always the same month: what is written replaces it
        plan.quota_of = {said["seller"]} if said["seller"] else set()


@rule("setIncentives")
class _Incentives:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        seller, share = act.said["seller"], act.said["weight"]
        codes = against(law, "setIncentives", act.by, law.measures[act.on])
        if seller == act.by:
            codes.add("SAME_PERSON")
        return codes | ({"INVALID"} if weight(law, seller, besides=act.on) + share > 100 else set())

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.measures[act.on].weights = {act.said["seller"]: act.said["weight"]}


@rule("addMilestone")
class _AddMilestone:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        return against(law, "addMilestone", act.by, law.measures[act.said["under"]])

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.milestones[act.on] = Milestone(act.said["under"], act.said["measureType"], act.said["critical"])


@rule("cancelMilestone")
class _CancelMilestone:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        one = law.milestones[act.on]
        codes = against(law, "cancelMilestone", act.by, law.measures[one.measure])
        return codes | ({"WRONG_STAGE"} if one.cancelled else {"ALREADY_DECIDED"} if one.achieved_on else set())

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.milestones[act.on].cancelled = True


@rule("achieveMilestone")
class _Achieve:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        one = law.milestones[act.on]
        codes = against(law, "achieveMilestone", act.by, law.measures[one.measure])
        if one.cancelled:
            codes.add("WRONG_STAGE")
        if one.achieved_on:
            codes.add("ALREADY_DECIDED")
        return codes | ({"CRITERIA_UNMET"} if act.said["reading"] < REACHED else set())

    @staticmethod
    def done(law: Law, act: Act) -> None:
        one = law.milestones[act.on]
        one.achieved_on, one.achieved_by = law.today, act.by


@rule("verifyMilestone")
class _Verify:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        one = law.milestones[act.on]
        codes = against(law, "verifyMilestone", act.by, law.measures[one.measure]) | against_verifying(one, act.by)
        return codes | ({"WRONG_STAGE"} if one.cancelled else set())

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.milestones[act.on].verified = True


@rule("attachEvidence")
class _Evidence:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        return against(law, "attachEvidence", act.by, law.measures[act.on])

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.measures[act.on].evidence += 1
