"""Acts at gates: submitting, retracting, voting; holding, cancelling and resuming (law §2)."""

from tests.law.act import Act, rule
from tests.law.gates import bodies, seatable, unmet, unmet_laws, votes_as
from tests.law.model import Law, Measure, Submission, Vote
from tests.law.rights import against, against_vote


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
