"""What each act may be refused for besides rights, and what it brings about: one pair of functions per verb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.law.gates import bodies, seatable, unmet, unmet_laws, votes_as, weight
from tests.law.model import VOTING, Law, Line, Measure, Milestone, Seat, Submission, Vote, degree, month_of
from tests.law.rights import against, against_verifying, against_vote

FROZEN_WITH_PLAN = {"estimatedValue", "overlaps", "gapExplanation"}
REACHED = 10  # what every milestone aims at


@dataclass(frozen=True)
class Act:
    """Something that somebody tries. `on` is the name of a measure, line, milestone or seat, or of what is made."""

    verb: str
    by: str
    on: str
    said: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in self.said.items())
        return f"{self.by}: {self.verb} {self.on} {said}".rstrip()


Refusing = Callable[[Law, Act], set[str]]
Doing = Callable[[Law, Act], None]
REFUSING: dict[str, Refusing] = {}
DOING: dict[str, Doing] = {}


def rule(verb: str) -> Callable[[type], type]:
    """Register a verb's two sides."""

    def register(sides: type) -> type:
        REFUSING[verb], DOING[verb] = sides.refused, sides.done  # type: ignore[attr-defined]  # both below
        return sides

    return register


def refusals(law: Law, act: Act) -> set[str]:
    """The codes with which the law lets an act be refused; none: it must be done."""
    return REFUSING[act.verb](law, act)


def apply(law: Law, act: Act) -> None:
    """Let an act that the law allows happen."""
    DOING[act.verb](law, act)


def _ahead(plan: Measure, above: Measure) -> bool:
    return degree(above.stage) < min(degree(plan.stage), degree("DECIDED"))


def end(measure: Measure, outcome: str) -> None:
    """End what is submitted."""
    if measure.submitted:
        measure.submitted.outcome, measure.submitted.ended = outcome, True


def stand(law: Law, measure: Measure, standing: str) -> None:
    """Hold or cancel a measure and, of an initiative, its open sales plans."""
    taken = {"ACTIVE"} if standing == "ON_HOLD" else {"ACTIVE", "ON_HOLD"}
    along = [plan for plan in law.plans(measure.name) if plan.stage != "CLOSED" and plan.standing in taken]
    for each in (measure, *along):
        end(each, "HOLD" if standing == "ON_HOLD" else "CANCEL")
        each.standing = standing


@rule("submitGate")
class _Submit:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        measure, into = law.measures[act.on], act.said["into"]
        codes = against(law, "submitGate", act.by, measure)
        if codes == {"NOT_FOUND"}:
            return codes
        if measure.next != into or measure.standing != "ACTIVE":
            codes.add("WRONG_STAGE")
        if not law.locked:
            codes.add("POLICY_NOT_LOCKED")
        if measure.submitted:
            codes.add("FROZEN")
        if unmet(law, measure, into):
            codes.add("CRITERIA_UNMET")
        asked = bodies(law, measure, into, act.by)
        if not seatable((body.needed, body.people) for body in asked):
            codes.add("NO_APPROVER")
        return codes

    @staticmethod
    def done(law: Law, act: Act) -> None:
        measure, into = law.measures[act.on], act.said["into"]
        measure.asked[into] = Submission(into, act.by, bodies(law, measure, into, act.by))


@rule("retractSubmission")
class _Retract:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        measure = law.measures[act.on]
        asked = measure.asked.get(act.said["into"])
        codes = against(law, "retractSubmission", act.by, measure)
        if codes != {"NOT_FOUND"} and (asked is None or asked.ended):
            codes.add("ALREADY_DECIDED" if asked else "WRONG_STAGE")
        return codes

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.measures[act.on].asked[act.said["into"]].ended = True


@rule("decideGate")
class _Decide:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        measure, said = law.measures[act.on], act.said
        codes = against_vote(law, act.by, measure, said["into"])
        if codes:
            return codes
        asked, outcome = measure.asked[said["into"]], said["outcome"]
        role, review = votes_as(asked, act.by), said.get("reviewOn")
        stated = outcome == "GO" and any(body.states_amount and body.role == role for body in asked.bodies)
        lacks = (
            outcome in {"RECYCLE", "CANCEL"} and not said.get("comment"),
            (outcome == "HOLD") != (review is not None),
            review is not None and review <= law.today.isoformat(),
            stated and "confirmed" not in said,
            role != "CONTROLLER" and "confirmed" in said,
        )
        if any(lacks):
            codes.add("INVALID")
        last = asked.owed() == {body.role: int(body.role == role) for body in asked.bodies}
        if outcome == "GO" and last and unmet_laws(law, measure, said["into"]):
            codes.add("CRITERIA_UNMET")
        return codes

    @staticmethod
    def done(law: Law, act: Act) -> None:
        measure, outcome = law.measures[act.on], act.said["outcome"]
        asked = measure.asked[act.said["into"]]
        asked.votes.append(Vote(act.by, votes_as(asked, act.by), outcome))
        if outcome != "GO" or not any(asked.owed().values()):
            end(measure, outcome)
        if outcome == "GO" and asked.ended:
            measure.stage = asked.into
        if outcome in {"HOLD", "CANCEL"}:
            stand(law, measure, "ON_HOLD" if outcome == "HOLD" else "CANCELLED")


@rule("holdMeasure")
class _Hold:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        late = act.said["reviewOn"] <= law.today.isoformat()
        return against(law, "holdMeasure", act.by, law.measures[act.on]) | ({"INVALID"} if late else set())

    @staticmethod
    def done(law: Law, act: Act) -> None:
        stand(law, law.measures[act.on], "ON_HOLD")


@rule("cancelMeasure")
class _Cancel:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        return against(law, "cancelMeasure", act.by, law.measures[act.on]) | (
            set() if act.said["reason"] else {"INVALID"}
        )

    @staticmethod
    def done(law: Law, act: Act) -> None:
        stand(law, law.measures[act.on], "CANCELLED")


@rule("resumeMeasure")
class _Resume:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        measure = law.measures[act.on]
        codes = against(law, "resumeMeasure", act.by, measure)
        above = law.measures.get(measure.parent)
        return codes | ({"WRONG_STAGE"} if above and above.standing != "ACTIVE" else set())

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.measures[act.on].standing = "ACTIVE"


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
        own = {"SAME_PERSON"} if act.said["seller"] == act.by else set()
        return against(law, "setQuota", act.by, law.measures[act.on]) | own

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


def _at(law: Law, act: Act, place: str | None, role: str) -> set[str]:
    roles = law.roles(act.by, place)
    if not roles and place is not None:
        return {"NOT_FOUND"}
    return set() if role in roles else {"FORBIDDEN"}


@rule("grantSeat")
class _Grant:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        codes = _at(law, act, act.said["at"], "ADMIN")
        return codes | ({"SAME_PERSON"} if act.said["person"] == act.by else set())

    @staticmethod
    def done(law: Law, act: Act) -> None:
        said = act.said
        law.seats[act.on] = Seat(said["person"], said["role"], said["at"], law.today, act.by)


@rule("ratifySeat")
class _Ratify:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        seat = law.seats[act.on]
        codes = _at(law, act, seat.at, "EXECUTIVE")
        if seat.ratified or seat.role not in VOTING:
            codes.add("ALREADY_DECIDED")
        return codes | ({"SAME_PERSON"} if act.by in {seat.person, seat.granted_by} else set())

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.seats[act.on].ratified = True


@rule("endSeat")
class _EndSeat:
    @staticmethod
    def refused(law: Law, act: Act) -> set[str]:
        return _at(law, act, law.seats[act.on].at, "ADMIN")

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.seats[act.on].ends = law.today - timedelta(days=1)


@rule("later")
class _Later:
    @staticmethod
    def refused(_law: Law, _act: Act) -> set[str]:
        return set()

    @staticmethod
    def done(law: Law, act: Act) -> None:
        law.today = date.fromordinal(law.today.toordinal() + act.said["days"])
