"""Who may do what with a measure: law §3 as a table, and what a stage, a standing or a submission bars (law §2)."""

from typing import NamedTuple

from tests.law.model import STAGES, Law, Measure, Milestone, degree

OWNER = "OWNER"  # the person whom the measure names, not a seat
LEADS = frozenset({"PORTFOLIO_LEAD"})
SALES = frozenset({"SALES_MANAGER"})
OWNERS = frozenset({OWNER})
SELLING = OWNERS | SALES
ALL_GATES = frozenset(STAGES)
LAST = frozenset({"CLOSED"})


class Right(NamedTuple):
    """Who may act on an initiative and on a sales plan, in which stages, and where it would touch what was handed in.

    `held`: also while on hold. `above`: also barred while the initiative above has such a submission open.
    """

    initiative: frozenset[str]
    plan: frozenset[str]
    since: str = "DEFINED"
    before: str | None = "CLOSED"
    held: bool = False
    handed_in: frozenset[str] = frozenset()
    above: bool = False


NOBODY: frozenset[str] = frozenset()
TRACKERS = frozenset({"SPONSOR", "PROGRAM_LEAD", "CONTROLLER"})
RIGHTS = {
    "editNode": Right(OWNERS, SELLING, handed_in=ALL_GATES),
    "submitGate": Right(OWNERS, SELLING),
    "retractSubmission": Right(OWNERS, SELLING, before=None),
    "attachEvidence": Right(SELLING | {"CONTROLLER"}, SELLING | {"CONTROLLER"}),
    "moveNode": Right(LEADS, LEADS, before=None, held=True, handed_in=ALL_GATES, above=True),
    "createSalesPlan": Right(SELLING | {"PROGRAM_LEAD"}, NOBODY, handed_in=LAST),
    "addValueLine": Right(OWNERS, NOBODY, before="DECIDED", handed_in=ALL_GATES),
    "editValueLine": Right(OWNERS, NOBODY, before="DETAILED", handed_in=ALL_GATES),
    "setPlan": Right(OWNERS, NOBODY, before="DECIDED", handed_in=ALL_GATES),
    "setForecast": Right(OWNERS, NOBODY, since="DECIDED", handed_in=frozenset({"IMPLEMENTED", "CLOSED"})),
    "recordActual": Right(OWNERS | {"CONTROLLER"}, NOBODY, handed_in=LAST),
    "confirmValue": Right(frozenset({"CONTROLLER"}), NOBODY, since="IMPLEMENTED"),
    "setQuota": Right(NOBODY, SALES, before="DECIDED", handed_in=ALL_GATES, above=True),
    "setIncentives": Right(NOBODY, SALES, before="DECIDED", handed_in=ALL_GATES, above=True),
    "addMilestone": Right(OWNERS, SELLING, before="IMPLEMENTED", handed_in=ALL_GATES),
    "cancelMilestone": Right(OWNERS, SELLING, before="DECIDED", handed_in=ALL_GATES),
    "achieveMilestone": Right(SELLING, SELLING, before="IMPLEMENTED"),
    "verifyMilestone": Right(TRACKERS, TRACKERS),
}
STANDING = {"holdMeasure", "cancelMeasure", "resumeMeasure"}  # sponsor before DECIDED, executive after
OUT_OF_STAGE = {"WRONG_STAGE", "FROZEN"}


def acts_of(measure: Measure) -> set[str]:
    """The acts in the table that belong to a measure of this level itself."""
    selling = measure.level == "SALES_PLAN"
    own = {verb for verb, right in RIGHTS.items() if (right.plan if selling else right.initiative)}
    elsewhere = {"retractSubmission", "editValueLine", "setPlan", "setForecast", "recordActual", "confirmValue"}
    return (own | STANDING) - elsewhere - {"cancelMilestone", "achieveMilestone", "verifyMilestone"}


def roles(law: Law, person: str, measure: Measure) -> set[str]:
    """What a person is at a measure, by seat and by name."""
    return law.roles(person, measure.name) - {OWNER} | ({OWNER} if measure.owner == person else set())


def against(law: Law, verb: str, person: str, measure: Measure) -> set[str]:
    """The codes with which an act may be refused whatever it says; none where it is open to this person."""
    if not law.roles(person, measure.name):
        return {"NOT_FOUND"}
    right = _standing_right(measure) if verb in STANDING else RIGHTS[verb]
    holders = right.plan if measure.level == "SALES_PLAN" else right.initiative
    codes = set() if roles(law, person, measure) & holders else {"FORBIDDEN"}
    before = degree(right.before) if right.before else len(STAGES)
    if not degree(right.since) <= degree(measure.stage) < before:
        codes |= OUT_OF_STAGE
    if measure.standing == "CANCELLED" or (measure.standing == "ON_HOLD" and not (right.held or _may_held(verb))):
        codes.add("WRONG_STAGE")
    if verb == "resumeMeasure" and measure.standing != "ON_HOLD":
        codes.add("WRONG_STAGE")
    return codes | _handed_in(law, right, measure)


def _standing_right(measure: Measure) -> Right:
    role = "SPONSOR" if degree(measure.stage) < degree("DECIDED") else "EXECUTIVE"
    return Right(frozenset({role}), frozenset({role}))


def _may_held(verb: str) -> bool:
    return verb in {"cancelMeasure", "resumeMeasure"}


def _handed_in(law: Law, right: Right, measure: Measure) -> set[str]:
    asked = [measure.submitted]
    if right.above and measure.level == "SALES_PLAN":
        asked.append(law.initiative(measure).submitted)
    return {"FROZEN"} if any(each and each.into in right.handed_in for each in asked) else set()


def against_vote(law: Law, person: str, measure: Measure, into: str) -> set[str]:
    """The codes with which a person's vote at a gate may be refused, whatever the vote."""
    if not law.roles(person, measure.name):
        return {"NOT_FOUND"}
    asked = measure.asked.get(into)
    if asked is None:
        return {"WRONG_STAGE"}
    codes = {"ALREADY_DECIDED"} if asked.ended or any(vote.by == person for vote in asked.votes) else set()
    if person in {asked.by, measure.owner, *measure.sellers}:
        codes.add("SAME_PERSON")
    if not any(person in body.people for body in asked.bodies):
        codes.add("FORBIDDEN")
    return codes


def against_verifying(milestone: Milestone, person: str) -> set[str]:
    """Who reported it never verifies it; and there must be something to verify."""
    codes = set()
    if milestone.achieved_on is None:
        codes.add("WRONG_STAGE")
    if milestone.verified:
        codes.add("ALREADY_DECIDED")
    if milestone.achieved_by == person:
        codes.add("SAME_PERSON")
    return codes
