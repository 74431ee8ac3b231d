"""Random acts: anybody tries anything on anything, somewhat more often where a rule is near."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from tests.law.acts import Act
from tests.law.guide import QUOTA_MONTH, SELLERS, TEXTS
from tests.law.model import STAGES, Law, Measure, Submission, degree
from tests.law.rights import STANDING

One = TypeVar("One")
Trying = Callable[[Law, Random], Act | None]
CAST = ("ada", "eve", "emil", "sam", "lea", "pia", "olaf", "sal", "carl", "vera")
PEOPLE = (*CAST, "dora", "theo", "cleo", "pit", "nils")
MONTHS = ("2026-11", "2026-12", QUOTA_MONTH, "2027-02", "2027-03")
SERIES = ("setPlan", "setForecast", "recordActual", "confirmValue", "editValueLine")
ROLES = ("PROGRAM_LEAD", "EXECUTIVE", "SPONSOR", "CONTROLLER", "SALES_MANAGER", "ADMIN")


def anybody(law: Law, dice: Random, tries: Mapping[Trying, int] | None = None) -> Act | None:
    """An act of one of these kinds, by their weights; None where there is nothing to try it on."""
    table = tries or TRIES
    (trying,) = dice.choices(list(table), list(table.values()))
    return trying(law, dice)


def _measure(law: Law, dice: Random, level: str = "", submitted_first: float = 0.4) -> Measure:
    """One that is submitted, rather than another; one still alive, rather than another."""
    every = [each for each in law.measures.values() if not level or each.level == level]
    submitted = [each for each in every if each.submitted]
    alive = [each for each in every if each.standing == "ACTIVE" and each.stage != "CLOSED"]
    return dice.choice(_first(dice, (submitted_first, submitted), (0.7, alive)) or every)


def _first(dice: Random, *lists: tuple[float, Sequence[One]]) -> Sequence[One]:
    return next((found for chance, found in lists if found and dice.random() < chance), ())


def _person(measure: Measure, dice: Random) -> str:
    """Somebody of the measure, rather than anybody."""
    named = [
        one for one in (measure.owner, measure.owner, measure.sponsor, measure.controller, *measure.sellers) if one
    ]
    return dice.choice(named) if dice.random() < 0.6 else dice.choice(PEOPLE)


def _day(law: Law, later: int) -> str:
    return (law.today + timedelta(days=later)).isoformat()


def votes(law: Law, dice: Random) -> Act:
    """A vote by a decider, or by anybody; mostly GO, mostly with all it needs."""
    measure = _measure(law, dice, submitted_first=0.9)
    asked = measure.submitted
    into = asked.into if asked else dice.choice((measure.next or "CLOSED", measure.stage, "DECIDED"))
    into = "IDENTIFIED" if into == "DEFINED" else into
    deciders = sorted({person for body in asked.bodies for person in body.people}) if asked else []
    by = dice.choice(deciders) if deciders and dice.random() < 0.7 else _person(measure, dice)
    (outcome,) = dice.choices(("GO", "RECYCLE", "HOLD", "CANCEL"), (5, 3, 3, 2))
    return Act(
        "decideGate", by, measure.name, {"into": into, "outcome": outcome} | _ballot(law, dice, outcome, asked, by)
    )


def _ballot(law: Law, dice: Random, outcome: str, asked: Submission | None, by: str) -> dict[str, Any]:
    """What goes with a vote; now and then one thing lacks, or is too much."""
    flaw = dice.choice(("", "", "", "comment", "review", "amount"))
    said: dict[str, Any] = {}
    if (outcome == "HOLD") != (flaw == "review"):
        said["reviewOn"] = _day(law, 30)
    elif outcome == "HOLD" and dice.random() < 0.5:
        said["reviewOn"] = _day(law, dice.choice((-1, 0)))
    if outcome in {"RECYCLE", "CANCEL"} and flaw != "comment":
        said["comment"] = "Think again"
    finance = asked is not None and any(body.role == "CONTROLLER" and by in body.people for body in asked.bodies)
    return said | ({"confirmed": "1000"} if finance != (flaw == "amount") else {})


def submits(law: Law, dice: Random) -> Act:
    """A submission into the next stage, or another."""
    measure = _measure(law, dice)
    into = STAGES[max(1, min(degree(measure.stage) + dice.choice((1, 1, 1, 1, 2, 0)), 5))]
    return Act("submitGate", _person(measure, dice), measure.name, {"into": into})


def retracts(law: Law, dice: Random) -> Act:
    """A retraction, whether there is something to retract or not."""
    measure = _measure(law, dice, submitted_first=0.8)
    into = measure.submitted.into if measure.submitted else measure.next or "CLOSED"
    return Act("retractSubmission", _person(measure, dice), measure.name, {"into": into})


def stands(law: Law, dice: Random) -> Act:
    """Holding, cancelling or resuming."""
    verb, measure = dice.choice(sorted(STANDING)), _measure(law, dice)
    held = [each for each in law.measures.values() if each.standing != "ACTIVE"]
    if verb == "resumeMeasure" and held:
        measure = dice.choice(held)
    said = {
        "holdMeasure": {"reviewOn": _day(law, dice.choice((0, 1, 30))), "reason": "The audit"},
        "cancelMeasure": {"reason": dice.choice(("No", "No", ""))},
    }
    return Act(verb, dice.choice(("sam", "eve", "theo", "olaf", "ada")), measure.name, said.get(verb, {}))


def writes(law: Law, dice: Random) -> Act:
    """Text or size of a measure, written or cleared."""
    measure = _measure(law, dice)
    said: dict[str, Any] = {dice.choice((*TEXTS, "gapExplanation", "varianceExplanation")): dice.random() < 0.7}
    if dice.random() < 0.3:
        said = {"estimatedValue": dice.choice((0, 120_000, 2_000_000))}
    return Act("editNode", _person(measure, dice), measure.name, said)


def names(law: Law, dice: Random) -> Act:
    """Another owner, sponsor or controller, or none."""
    measure, part = _measure(law, dice), dice.choice(("owner", "sponsor", "controller"))
    people = {"owner": ("olaf", "pia", "sal", "sam"), "sponsor": ("sam", "theo", "pia", None)}
    person = dice.choice(people.get(part, ("carl", "cleo", "theo", "nils", "sam", None)))
    return Act("editNode", measure.owner, measure.name, {part: person})


def counts(law: Law, dice: Random) -> Act | None:
    """A month of a series, or a line's baseline."""
    if not law.lines:
        return None
    line, verb = dice.choice(list(law.lines)), dice.choice(SERIES)
    by = _person(law.measures[law.lines[line].measure], dice)
    if verb == "editValueLine":
        return Act(verb, by, line, {"baseline": dice.random() < 0.7})
    return Act(verb, by, line, {"month": dice.choice(MONTHS), "amount": dice.choice((50_000, 1_200_000))})


def plans(law: Law, dice: Random) -> Act:
    """A new value line."""
    measure = _measure(law, dice, "INITIATIVE")
    kind = dice.choice(("REVENUE", "MARGIN", "ONE_OFF_COST"))
    said = {"initiative": measure.name, "kind": kind, "baseline": dice.random() < 0.8}
    return Act("addValueLine", _person(measure, dice), f"{measure.name}/{kind} {len(law.lines) + 1}", said)


def sells(law: Law, dice: Random) -> Act:
    """Quota, for a seller or for all."""
    plan = _measure(law, dice, "SALES_PLAN")
    said = {"month": QUOTA_MONTH, "amount": dice.choice((90_000, 1_500_000))}
    seller = dice.choice((None, None, "pia", "sal", "sam", "carl"))
    return Act("setQuota", dice.choice(("sal", "sal", "dora", plan.owner)), plan.name, said | {"seller": seller})


def pays(law: Law, dice: Random) -> Act:
    """What a seller is paid for."""
    plan = _measure(law, dice, "SALES_PLAN")
    said = {"seller": dice.choice((*SELLERS, "pia", "sal")), "weight": dice.choice((100, 100, 60))}
    return Act("setIncentives", dice.choice(("sal", "dora")), plan.name, said)


def aims(law: Law, dice: Random) -> Act:
    """A new milestone."""
    measure = _measure(law, dice)
    said = {"under": measure.name, "measureType": dice.choice(("OUTCOME", "OUTPUT", "ACTIVITY"))}
    name = f"{measure.name}/Milestone {len(law.milestones) + 1}"
    return Act("addMilestone", _person(measure, dice), name, said | {"critical": dice.random() < 0.5})


def tracks(law: Law, dice: Random) -> Act | None:
    """A milestone achieved, verified or given up."""
    if not law.milestones:
        return None
    name, verb = dice.choice(list(law.milestones)), dice.choice(("achieve", "achieve", "verify", "verify", "cancel"))
    one = law.milestones[name]
    by = _person(law.measures[one.measure], dice)
    if verb == "verify" and one.achieved_by and dice.random() < 0.3:
        by = one.achieved_by
    return Act(f"{verb}Milestone", by, name, {"reading": dice.choice((9, 11, 11))} if verb == "achieve" else {})


def proves(law: Law, dice: Random) -> Act:
    """Evidence for a measure."""
    measure = _measure(law, dice)
    return Act("attachEvidence", _person(measure, dice), measure.name)


def seats(law: Law, dice: Random) -> Act:
    """A seat granted, often to somebody with another one."""
    said = {
        "person": dice.choice(PEOPLE),
        "role": dice.choice(ROLES),
        "at": dice.choice((None, "Contracts", "Repairs")),
    }
    return Act("grantSeat", dice.choice(("ada", "ada", "ada", "eve")), f"seat {len(law.seats)}", said)


def ratifies(law: Law, dice: Random) -> Act:
    """A seat ratified, whether it waits for that or not."""
    waiting = [name for name, seat in law.seats.items() if seat.granted_by and not seat.ratified]
    return Act("ratifySeat", dice.choice(("eve", "emil", "theo", "ada")), dice.choice([*waiting, "cleo CONTROLLER"]))


def unseats(law: Law, dice: Random) -> Act:
    """A seat ended: not those of the cast, or nobody could go on."""
    granted = [name for name, seat in law.seats.items() if seat.granted_by]
    return Act("endSeat", dice.choice(("ada", "ada", "lea")), dice.choice(granted))


def moves(law: Law, dice: Random) -> Act:
    """A sales plan to another initiative, or an initiative to another program."""
    moved = _measure(law, dice)
    initiatives = [each.name for each in law.measures.values() if each.level == "INITIATIVE"]
    places = initiatives if moved.level == "SALES_PLAN" else ["Contracts", "Repairs"]
    return Act("moveNode", dice.choice(("lea", "lea", "pia")), moved.name, {"parent": dice.choice(places)})


def creates(law: Law, dice: Random) -> Act:
    """A new initiative or sales plan."""
    name, parties = f"Measure {len(law.measures) + 1}", {"sponsor": "sam", "controller": "carl"}
    by = dice.choice(("lea", "pia", "sal", "olaf", "sam"))
    if dice.random() < 0.5:
        place = dice.choice(("Contracts", "Repairs"))
        return Act("createInitiative", by, name, {"parent": place, "owner": "olaf", **parties})
    place = _measure(law, dice, "INITIATIVE").name
    return Act("createSalesPlan", by, name, {"parent": place, "owner": "sal", **parties})


def waits(_law: Law, dice: Random) -> Act:
    """Time passes."""
    return Act("later", "", "", {"days": dice.choice((1, 20, 35))})


TRIES: dict[Trying, int] = {
    votes: 10,
    submits: 5,
    retracts: 2,
    stands: 3,
    writes: 3,
    names: 3,
    counts: 4,
    plans: 1,
    sells: 2,
    pays: 2,
    aims: 2,
    tracks: 4,
    proves: 1,
    seats: 1,
    ratifies: 1,
    unseats: 1,
    moves: 2,
    creates: 1,
    waits: 1,
}
