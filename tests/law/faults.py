"""Rules of the law to take out of the product, each where it is really looked up, and where the machine meets it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from server.actions import ballots, gates, holding, milestones, node_fields, votes
from server.domain import gates as gate_law
from server.domain import rights
from server.domain import votes as vote_law
from server.domain.cases import Case
from server.domain.criteria import LAWS
from server.domain.money import Money
from server.domain.people import Role
from server.domain.policy import Validation
from server.domain.stages import STAGES
from server.domain.votes import DecisionOutcome
from server.live.work import Work
from server.models import cases
from tests.law import anybody as tries
from tests.law.acts import Act
from tests.law.anybody import TRIES, Trying
from tests.law.machine import LARGE, Start
from tests.law.model import Law

Plant = Callable[[pytest.MonkeyPatch, Counter[str]], None]


@dataclass(frozen=True)
class Fault:
    """One rule taken out; where the machine begins, and what is tried more often than usual."""

    name: str
    plant: Plant
    start: Start
    often: tuple[Trying, ...] = ()

    @property
    def tries(self) -> Mapping[Trying, int]:
        return TRIES | dict.fromkeys(self.often, 400)


def instead(of: Any, name: str, make: Callable[[Any], Callable[..., Any]]) -> Plant:
    """Put something else in the place of a function where it is really looked up, and count its calls."""

    def plant(patch: pytest.MonkeyPatch, calls: Counter[str]) -> None:
        fake = make(getattr(of, name))
        calls[name] = 0

        def counting(*args: Any, **named: Any) -> Any:
            calls[name] += 1
            return fake(*args, **named)

        patch.setattr(of, name, counting)

    return plant


def table(of: Any, key: Any, value: Callable[[Any], Any]) -> Plant:
    """Put something else in the place of a table's row."""
    return lambda patch, _calls: patch.setitem(of, key, value(of[key]))


def constant(of: Any, name: str, value: Callable[[Any], Any]) -> Plant:
    """Put something else in the place of a constant."""
    return lambda patch, _calls: patch.setattr(of, name, value(getattr(of, name)))


def _anytime(rows: tuple[rights.Right, ...]) -> tuple[rights.Right, ...]:
    return tuple(replace(row, stages=frozenset(STAGES)) for row in rows)


def _anyone(rows: tuple[rights.Right, ...]) -> tuple[rights.Right, ...]:
    return tuple(replace(row, holders=frozenset(Role)) for row in rows)


def _any_sponsor(real: Callable[..., Any]) -> Callable[..., Any]:
    def eligible(case: Case, vote: Any, seats: Any, submitter: Any) -> Any:
        named = seats.get(Role.SPONSOR, ()) if vote.role is Role.SPONSOR else [case.sponsor]
        return tuple(one for party in named for one in real(replace(case, sponsor=party), vote, seats, submitter))

    return eligible


def _single(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **named: tuple(replace(each, needed=1) for each in real(*args, **named))


def _unvalidated(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda case, asked, seats, submitter, _validation: real(case, asked, seats, submitter, Validation.NONE)


def _only_gos(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda cast, deciders: real([vote for vote in cast if vote.outcome is DecisionOutcome.GO], deciders)


def _verified_by_anyone(real: Callable[..., Any]) -> Callable[..., Any]:
    def why_not(act: str, progress: Any, person: Any) -> Any:
        return real(act, replace(progress, achieved_by=None), person)

    return why_not


def _resumed_from_the_start(real: Callable[..., Any]) -> Callable[..., Any]:
    async def alter(work: Work, row: Any, **fields: Any) -> bool:
        begins = {"stage": "DEFINED"} if fields.get("standing") == "ACTIVE" else {}
        return bool(await real(work, row, **fields, **begins))

    return alter


def _alone(_real: Callable[..., Any]) -> Callable[..., Any]:
    async def stand(work: Any, node: Any, standing: Any, reason: str, review_on: Any = None) -> None:
        await holding._apply(work, node, standing, reason, review_on, "")

    return stand


def _locked(real: Callable[..., Any]) -> Callable[..., Any]:
    async def policy_in_force(*args: Any) -> Any:
        return replace(await real(*args), locked=True)

    return policy_in_force


def _nothing_open(_real: Callable[..., Any]) -> Callable[..., Any]:
    async def check_none_open(*_args: Any) -> None:
        pass

    return check_none_open


def _resumable(real: Callable[..., Any]) -> Callable[..., Any]:
    return lambda act, standing, rows: True if act == "resumeMeasure" else real(act, standing, rows)


def _drop(text: str) -> Callable[[str], str]:
    return lambda sql: sql.replace(text, "")


def _votes_bare(outcome: str) -> Trying:
    """A decider votes and says nothing more."""

    def trying(law: Law, dice: Random) -> Act | None:
        act = tries.votes(law, dice)
        asked = law.measures[act.on].submitted
        people = sorted({person for body in asked.bodies for person in body.people}) if asked else []
        said = {"into": act.said["into"], "outcome": outcome}
        return Act("decideGate", dice.choice(people), act.on, said) if people else None

    return trying


def _submits_as_decider(law: Law, _dice: Random) -> Act:
    """A sales manager who is a program lead too submits a sales plan, once it is taken back from another."""
    plan = law.measures["DACH"]
    if plan.submitted and plan.submitted.by != "dora":
        return Act("retractSubmission", "dora", plan.name, {"into": plan.submitted.into})
    return Act("submitGate", "dora", plan.name, {"into": plan.next})


def _holds_and_resumes(law: Law, _dice: Random) -> Act:
    """An initiative is held, and goes on."""
    measure = law.measures["Full service"]
    day = (law.today + timedelta(days=9)).isoformat()
    if measure.standing == "ACTIVE":
        return Act("holdMeasure", "sam", measure.name, {"reviewOn": day, "reason": "The audit"})
    return Act("resumeMeasure", "sam", measure.name)


def _verifies_own(law: Law, dice: Random) -> Act | None:
    """A sales manager who is a program lead too achieves a milestone, or verifies what they achieved."""
    own = [name for name, one in law.milestones.items() if one.achieved_by == "dora" and not one.verified]
    if own:
        return Act("verifyMilestone", "dora", dice.choice(own))
    open_ones = [name for name, one in law.milestones.items() if not one.achieved_by and not one.cancelled]
    return Act("achieveMilestone", "dora", dice.choice(open_ones), {"reading": 11}) if open_ones else None


def _submits_again(law: Law, dice: Random) -> Act | None:
    """An owner asks for the stage where the measure stands already."""
    stands = [each for each in law.measures.values() if each.stage != "DEFINED" and not each.submitted]
    measure = dice.choice(stands) if stands else None
    return Act("submitGate", measure.owner, measure.name, {"into": measure.stage}) if measure else None


NEW, OWNED_BY_A_DECIDER = Start(), Start("Parts", "IDENTIFIED")
AT = {into: Start("Full service", into) for into in STAGES[1:]}
PLAN = {into: Start("DACH", into) for into in STAGES[1:]}
COMMITTEE = Start("Full service", "DECIDED", (LARGE,))
SOLD_BY_A_DECIDER = Start(
    "DACH", "IDENTIFIED", (Act("setIncentives", "sal", "DACH", {"seller": "pia", "weight": 100}),)
)
IDENTIFIED, DETAILED, DECIDED, IMPLEMENTED, CLOSED = STAGES[1:]
FAULTS = [
    Fault(
        "the owner decides",
        instead(gate_law, "_eligible", lambda real: lambda case, *rest: real(replace(case, owner=None), *rest)),
        OWNED_BY_A_DECIDER,
    ),
    Fault(
        "the submitter decides",
        instead(gate_law, "_eligible", lambda real: lambda case, vote, seats, _who: real(case, vote, seats, None)),
        PLAN[IDENTIFIED],
        (_submits_as_decider,),
    ),
    Fault("sellers decide on their own quota", instead(Case, "sells", lambda _: lambda *_: False), SOLD_BY_A_DECIDER),
    Fault("any sponsor decides, not the one who is named", instead(gate_law, "_eligible", _any_sponsor), AT[DETAILED]),
    Fault("one vote is quorum enough", instead(gate_law, "seated", _single), COMMITTEE),
    Fault(
        "no threshold brings in the committee", instead(Case, "size", lambda _: lambda *_: Money(0, "EUR")), COMMITTEE
    ),
    Fault(
        "one person votes twice",
        instead(vote_law, "spent", lambda _: lambda _votes: frozenset()),
        COMMITTEE,
        (tries.votes,),
    ),
    Fault(
        "what was handed in can be edited",
        instead(rights, "_submission_allows", lambda _: lambda *_: True),
        AT[DETAILED],
        (tries.writes, tries.counts),
    ),
    Fault(
        "the plan can be edited after DECIDED",
        table(rights.RIGHTS, "setPlan", _anytime),
        AT[IMPLEMENTED],
        (tries.counts,),
    ),
    Fault(
        "the baseline can be edited after DETAILED",
        table(rights.RIGHTS, "editValueLine", _anytime),
        AT[DECIDED],
        (tries.counts, tries.retracts),
    ),
    Fault(
        "the estimate can be edited after DECIDED",
        constant(node_fields, "FROZEN_AT_DECIDED", lambda _: frozenset()),
        AT[CLOSED],
        (tries.writes, tries.retracts),
    ),
    Fault("a negative vote does not end it", instead(ballots, "judge", _only_gos), AT[DECIDED], (tries.votes,)),
    Fault(
        "RECYCLE takes no comment",
        constant(ballots, "_NEEDS_COMMENT", lambda _: set()),
        AT[IDENTIFIED],
        (_votes_bare("RECYCLE"),),
    ),
    Fault(
        "HOLD takes no review date",
        instead(ballots, "check_review", lambda _: lambda *_: None),
        AT[DETAILED],
        (_votes_bare("HOLD"),),
    ),
    Fault(
        "an unratified seat votes", constant(cases, "_HELD", _drop("AND s.ratified_by_id IS NOT NULL")), AT[IDENTIFIED]
    ),
    Fault(
        "an ended seat votes",
        constant(cases, "_HELD", _drop("AND (s.ends IS NULL OR s.ends >= :today)")),
        NEW,
        (tries.unseats,),
    ),
    Fault(
        "the controller's GO states no amount", instead(gate_law, "seated", _unvalidated), AT[CLOSED], (tries.votes,)
    ),
    Fault(
        "no criterion is asked",
        instead(gate_law, "_judged", lambda _: lambda case, into, _policy: iter(gate_law.laws(case, into))),
        NEW,
    ),
    Fault("a sales plan runs ahead", table(LAWS, "INITIATIVE_FIRST", lambda _: lambda *_: None), NEW),
    Fault(
        "an initiative closes over an open plan",
        table(LAWS, "SALES_PLANS_CLOSED", lambda _: lambda *_: None),
        AT[IMPLEMENTED],
        (tries.votes,),
    ),
    Fault(
        "a measure resumes at the first stage",
        instead(Work, "alter", _resumed_from_the_start),
        AT[DETAILED],
        (_holds_and_resumes,),
    ),
    Fault("holding leaves the sales plans", instead(holding, "stand", _alone), AT[DETAILED], (tries.stands,)),
    Fault(
        "a HOLD vote leaves the sales plans",
        instead(votes, "stand", _alone),
        AT[DETAILED],
        (tries.votes, tries.submits),
    ),
    Fault(
        "a cancelled measure resumes", instead(rights, "_standing_allows", _resumable), AT[IDENTIFIED], (tries.stands,)
    ),
    Fault(
        "who reported a milestone verifies it",
        instead(milestones, "why_not", _verified_by_anyone),
        NEW,
        (_verifies_own, tries.aims),
    ),
    Fault("gates open before a policy is locked", instead(gates, "policy_in_force", _locked), Start(locked=False)),
    Fault("anybody retracts", table(rights.RIGHTS, "retractSubmission", _anyone), AT[IDENTIFIED], (tries.retracts,)),
    Fault(
        "two submissions are open at once",
        instead(gates, "check_none_open", _nothing_open),
        AT[DETAILED],
        (tries.submits,),
    ),
    Fault(
        "a gate out of turn opens",
        instead(gates, "obstacle", lambda _: lambda *_: None),
        AT[DETAILED],
        (_submits_again, tries.retracts),
    ),
]
