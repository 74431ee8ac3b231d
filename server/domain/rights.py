"""Who may do what, where: one table, and `may`, which answers True or the reason (law §3).

A right is held at the node where the seat is, or above it. OWNER and ASSIGNEE are not seats: they are the person whom
the thing names.
Which stage an act belongs to stands in the same row, so that every button can say why it may not be pressed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self
from uuid import UUID

from server.domain.cascade import MEASURES, Level, Standing
from server.domain.people import LEDGER_READERS, VOTING, Role, Scope, Viewer
from server.domain.purposes import Purpose
from server.domain.refusals import RefusalCode
from server.domain.stages import STAGES, Stage
from server.domain.wording import listed

ASSIGNEE = "ASSIGNEE"  # of a milestone
LEDGER_VIEWER = "LEDGER_VIEWER"  # a viewer whose seat opens the ledger
ANYONE = "ANYONE"  # who is signed in
Holder = Role | str
_SPOKEN: dict[Holder, str] = {
    ASSIGNEE: "assignee",
    ANYONE: "person who is signed in",
    LEDGER_VIEWER: "viewer with the right to it",
    **{role: role.spoken for role in Role},
    Role.PARTNER: "partner with the scope",
}

_O, _P, _G, _I, _S = Level
_ALL: frozenset[Level | None] = frozenset(Level)
_ORGANIZATION: frozenset[Level | None] = frozenset({None})
_MEASURES: frozenset[Level | None] = frozenset(MEASURES)
_ANY_STAGE = frozenset(STAGES)
_LEAD, _PROGRAM, _OWNER, _SALES = Role.PORTFOLIO_LEAD, Role.PROGRAM_LEAD, Role.OWNER, Role.SALES_MANAGER
_SPONSOR, _CONTROLLER, _EXECUTIVE = Role.SPONSOR, Role.CONTROLLER, Role.EXECUTIVE


class Reason(str):
    """Why an act is not open, as a sentence, and the code with which it is refused."""

    __slots__ = ("code",)
    code: RefusalCode

    def __new__(cls, sentence: str, code: RefusalCode) -> Self:
        """A sentence with its code."""
        reason = super().__new__(cls, sentence)
        reason.code = code
        return reason


@dataclass(frozen=True, slots=True)
class Right:
    """One row: these holders may do it at these levels, in these stages.

    `rule` says why not in another stage; its code is that of a stage past these: before them it is WRONG_STAGE.
    """

    holders: frozenset[Holder]
    levels: frozenset[Level | None] = _ALL
    stages: frozenset[Stage] = _ANY_STAGE
    rule: Reason | None = None
    held_too: bool = False  # also while the measure is on hold


def _right(
    *holders: Holder,
    at: Iterable[Level | None] = _ALL,
    before: Stage | None = None,
    since: Stage = Stage.DEFINED,
    rule: Reason | None = None,
    held_too: bool = False,
) -> Right:
    stages = frozenset(stage for stage in STAGES if stage >= since and (before is None or stage < before))
    return Right(frozenset(holders), frozenset(at), stages, rule, held_too)


_FROZEN, _WRONG_STAGE = RefusalCode.FROZEN, RefusalCode.WRONG_STAGE
_PLAN_FROZEN = Reason("the plan was frozen at Decided and changes only through a change request", _FROZEN)
_STEP_FROZEN = Reason(
    "the plan was frozen at Decided, and a milestone is taken out of it only through a change request", _FROZEN
)
_BASELINE_FROZEN = Reason("the baseline was frozen at Detailed", _FROZEN)
_MILESTONES_FROZEN = Reason("milestones are frozen from Implemented on", _FROZEN)
_FORECAST_NOT_OPEN = Reason("the forecast opens at Decided, and a closed measure is frozen", _FROZEN)
_CLOSED = Reason("a closed measure is frozen", _FROZEN)
_NOT_DECIDED = Reason("a change is proposed of a plan that is Decided and not yet Closed", _WRONG_STAGE)
_NOT_CLOSED = Reason("only a closed measure is reopened", _WRONG_STAGE)
_NOT_IMPLEMENTED = Reason("value is confirmed once a measure is Implemented, and until it is Closed", _WRONG_STAGE)
_NOT_HELD = Reason("It is not on hold.", _WRONG_STAGE)
_HELD = Reason("It is on hold; it must be resumed first.", _WRONG_STAGE)
_CANCELLED = Reason("It was cancelled, which is final.", _WRONG_STAGE)

# What a thing is measured by is written by who may edit it; what an owner is measured by, not by the owner alone.
_INDICATORS = (
    _right(_EXECUTIVE, _LEAD, at={_O}),
    _right(_LEAD, at={_P, _G}),
    _right(_PROGRAM, at={_G}),
    _right(_OWNER, at={_I}, before=Stage.CLOSED, rule=_CLOSED),
    _right(_OWNER, _SALES, at={_S}, before=Stage.CLOSED, rule=_CLOSED),
)
# act (named as its mutation) → rows; an act is allowed where any row allows it.
RIGHTS: dict[str, tuple[Right, ...]] = {
    "signIn": (_right(ANYONE, at=_ORGANIZATION),),
    "signOut": (_right(ANYONE, at=_ORGANIZATION),),
    "setPassword": (_right(ANYONE, at=_ORGANIZATION),),
    "addPerson": (_right(Role.ADMIN, at=_ORGANIZATION),),
    "createToken": (_right(Role.ADMIN, at=_ORGANIZATION),),
    "revokeToken": (_right(Role.ADMIN, at=_ORGANIZATION),),
    "createCalendarFeed": (_right(ANYONE, at=_ORGANIZATION),),
    "revokeCalendarFeed": (_right(ANYONE, at=_ORGANIZATION),),
    "grantSeat": (_right(Role.ADMIN, at={None, *Level}, held_too=True),),
    "ratifySeat": (_right(_EXECUTIVE, at={None, *Level}, held_too=True),),
    "endSeat": (_right(Role.ADMIN, at={None, *Level}, held_too=True),),
    "handOverDesk": (_right(Role.ADMIN, at=_ORGANIZATION),),
    "delegateVote": (_right(*VOTING, at={None, *Level}, held_too=True),),
    "revokeDelegation": (_right(ANYONE, at=_ORGANIZATION),),
    "setPlanRate": (_right(_CONTROLLER, at=_ORGANIZATION),),
    "setActualRate": (_right(_CONTROLLER, at=_ORGANIZATION),),
    "setBudget": (_right(_LEAD, at={_P}),),
    "editPolicyDraft": (_right(_LEAD, at=_ORGANIZATION),),
    "discardPolicyDraft": (_right(_LEAD, at=_ORGANIZATION),),
    "proposePolicy": (_right(_LEAD, at=_ORGANIZATION),),
    "withdrawPolicy": (_right(_LEAD, at=_ORGANIZATION),),
    "declinePolicy": (_right(_EXECUTIVE, at=_ORGANIZATION),),
    "ratifyPolicy": (_right(_EXECUTIVE, at=_ORGANIZATION),),
    "importFile": (_right(_LEAD, _SALES, at=_ORGANIZATION),),
    "saveImportMapping": (_right(_LEAD, _SALES, at=_ORGANIZATION),),
    "createObjective": (_right(_EXECUTIVE, _LEAD, at={None, _O}),),
    "createPortfolio": (_right(_LEAD, at={_O}),),
    "createProgram": (_right(_LEAD, _PROGRAM, at={_P}),),
    "createInitiative": (_right(_LEAD, _PROGRAM, _SPONSOR, at={_G}),),
    "createSalesPlan": (_right(_PROGRAM, _OWNER, _SALES, at={_I}, before=Stage.CLOSED, rule=_CLOSED),),
    "editNode": (
        _right(_EXECUTIVE, _LEAD, at={_O}),
        _right(_LEAD, at={_P, _G}),
        _right(_PROGRAM, at={_G}),
        _right(_OWNER, at={_I}, before=Stage.CLOSED, rule=_CLOSED),
        _right(_OWNER, _SALES, at={_S}, before=Stage.CLOSED, rule=_CLOSED),
    ),
    "moveNode": (_right(_LEAD, held_too=True), _right(_PROGRAM, at={_G})),
    "cancelNode": (_right(_EXECUTIVE, _LEAD, at={_O}), _right(_LEAD, at={_P}), _right(_LEAD, _PROGRAM, at={_G})),
    "holdMeasure": (
        _right(_SPONSOR, at=_MEASURES, before=Stage.DECIDED),
        _right(_EXECUTIVE, at=_MEASURES, since=Stage.DECIDED, before=Stage.CLOSED, rule=_CLOSED),
    ),
    "cancelMeasure": (
        _right(_SPONSOR, at=_MEASURES, before=Stage.DECIDED, held_too=True),
        _right(_EXECUTIVE, at=_MEASURES, since=Stage.DECIDED, before=Stage.CLOSED, rule=_CLOSED, held_too=True),
    ),
    "resumeMeasure": (
        _right(_SPONSOR, at=_MEASURES, before=Stage.DECIDED, held_too=True),
        _right(_EXECUTIVE, at=_MEASURES, since=Stage.DECIDED, before=Stage.CLOSED, rule=_CLOSED, held_too=True),
    ),
    "attachEvidence": (_right(_OWNER, _SALES, _CONTROLLER, at=_MEASURES, before=Stage.CLOSED, rule=_CLOSED),),
    "submitGate": (_right(_OWNER, at={_I}, before=Stage.CLOSED), _right(_OWNER, _SALES, at={_S}, before=Stage.CLOSED)),
    "retractSubmission": (_right(_OWNER, at={_I}), _right(_OWNER, _SALES, at={_S})),
    "remindDeciders": (_right(_OWNER, _LEAD, at={_I}), _right(_OWNER, _SALES, _LEAD, at={_S})),
    "decideGate": (_right(_SPONSOR, _PROGRAM, _CONTROLLER, _EXECUTIVE, at=_MEASURES),),
    "proposeChange": (
        _right(_OWNER, at={_I}, since=Stage.DECIDED, before=Stage.CLOSED, rule=_NOT_DECIDED),
        _right(_OWNER, _SALES, at={_S}, since=Stage.DECIDED, before=Stage.CLOSED, rule=_NOT_DECIDED),
    ),
    "reopenMeasure": (_right(_CONTROLLER, at=_MEASURES, since=Stage.CLOSED, rule=_NOT_CLOSED),),
    "retractChange": (
        _right(_OWNER, at={_I}, since=Stage.DECIDED, before=Stage.CLOSED),
        _right(_OWNER, _SALES, at={_S}, since=Stage.DECIDED, before=Stage.CLOSED),
        _right(_CONTROLLER, at=_MEASURES, since=Stage.CLOSED),
    ),
    "decideChange": (_right(_SPONSOR, _PROGRAM, _CONTROLLER, _EXECUTIVE, at=_MEASURES, since=Stage.DECIDED),),
    "askQuestion": (_right(_SPONSOR, _PROGRAM, _CONTROLLER, _EXECUTIVE, at=_MEASURES),),
    "answerQuestion": (
        _right(_OWNER, at={_I}),
        _right(_OWNER, _SALES, at={_S}),
        _right(_CONTROLLER, at=_MEASURES, since=Stage.CLOSED),
    ),
    "addValueLine": (_right(_OWNER, at={_I}, before=Stage.DECIDED, rule=_PLAN_FROZEN),),
    "editValueLine": (_right(_OWNER, at={_I}, before=Stage.DETAILED, rule=_BASELINE_FROZEN),),
    "setPlan": (_right(_OWNER, at={_I}, before=Stage.DECIDED, rule=_PLAN_FROZEN),),
    "setForecast": (_right(_OWNER, at={_I}, since=Stage.DECIDED, before=Stage.CLOSED, rule=_FORECAST_NOT_OPEN),),
    "recordActual": (_right(_OWNER, _CONTROLLER, at={_I}, before=Stage.CLOSED, rule=_CLOSED),),
    "correctActual": (_right(_CONTROLLER, at={_I}, before=Stage.CLOSED, rule=_CLOSED),),
    "confirmValue": (
        _right(_CONTROLLER, at={_I}, since=Stage.IMPLEMENTED, before=Stage.CLOSED, rule=_NOT_IMPLEMENTED),
    ),
    "setQuota": (_right(_SALES, at={_S}, before=Stage.DECIDED, rule=_PLAN_FROZEN),),
    "setIncentives": (_right(_SALES, at={_S}, before=Stage.DECIDED, rule=_PLAN_FROZEN),),
    "setCapacity": (_right(_SALES, at={_S}, before=Stage.CLOSED, rule=_CLOSED),),
    "recordResults": (_right(_SALES, Role.PARTNER, at={None, _S}, before=Stage.CLOSED, rule=_CLOSED),),
    "recordActivities": (_right(_SALES, Role.PARTNER, at={None, _S}, before=Stage.CLOSED, rule=_CLOSED),),
    "assignResults": (_right(_SALES, _PROGRAM, _LEAD, at={None, _S}, before=Stage.CLOSED, rule=_CLOSED),),
    "applyMatchingRules": (_right(_SALES, _PROGRAM, _LEAD, at=_ORGANIZATION),),
    "addMatchingRule": (_right(_SALES, _PROGRAM, _LEAD, at={_S}, before=Stage.CLOSED, rule=_CLOSED),),
    "editMatchingRule": (_right(_SALES, _PROGRAM, _LEAD, at={_S}, before=Stage.CLOSED, rule=_CLOSED),),
    "moveMatchingRule": (_right(_SALES, _PROGRAM, _LEAD, at={_S}, held_too=True),),
    "removeMatchingRule": (_right(_SALES, _PROGRAM, _LEAD, at={_S}, held_too=True),),
    "addMilestone": (
        _right(_OWNER, at={_I}, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
        _right(_OWNER, _SALES, at={_S}, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
    ),
    "editMilestone": (
        _right(_OWNER, at={_I}, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
        _right(_OWNER, _SALES, at={_S}, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
    ),
    **dict.fromkeys(
        ("addDependency", "removeDependency"),
        (
            _right(_OWNER, at={_I}, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
            _right(_OWNER, _SALES, at={_S}, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
        ),
    ),
    "cancelMilestone": (
        _right(_OWNER, at={_I}, before=Stage.DECIDED, rule=_STEP_FROZEN),
        _right(_OWNER, _SALES, at={_S}, before=Stage.DECIDED, rule=_STEP_FROZEN),
    ),
    "setLight": (
        _right(_OWNER, at={_I}, before=Stage.CLOSED, rule=_CLOSED),
        _right(_OWNER, _SALES, at={_S}, before=Stage.CLOSED, rule=_CLOSED),
    ),
    "openCycle": (_right(_LEAD, at=_ORGANIZATION),),
    "closeCycle": (_right(_LEAD, at=_ORGANIZATION),),
    "recordReading": (
        _right(_OWNER, _SALES, ASSIGNEE, Role.PARTNER, at=_MEASURES, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
    ),
    "achieveMilestone": (
        _right(_OWNER, _SALES, ASSIGNEE, Role.PARTNER, at=_MEASURES, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
    ),
    "addIndicator": _INDICATORS,
    "editIndicator": _INDICATORS,
    "removeIndicator": _INDICATORS,
    "setIndicatorPath": _INDICATORS,
    "recordIndicator": (*_INDICATORS, _right(_OWNER, at={_O, _P, _G})),
    "verifyMilestone": (_right(_SPONSOR, _PROGRAM, _CONTROLLER, at=_MEASURES, before=Stage.CLOSED, rule=_CLOSED),),
}
# What is read by a right of its own, named as its root field: no act on a thing, so no button of one (law §3, "read").
READS: dict[str, tuple[Right, ...]] = {
    "tokens": (_right(Role.ADMIN, at=_ORGANIZATION),),
    "ledger": (_right(*LEDGER_READERS, LEDGER_VIEWER, at={None, *Level}),),
    "verifyLedger": (_right(*LEDGER_READERS, LEDGER_VIEWER, at=_ORGANIZATION),),
}
# act → the scope without which a machine may not do it; what stands here for none takes a person (law §3: PARTNER)
SCOPES: dict[str, Scope] = {
    **dict.fromkeys(("recordResults", "recordActivities"), Scope.RESULTS_WRITE),
    "recordReading": Scope.MILESTONES_WRITE,
    "achieveMilestone": Scope.MILESTONES_WRITE,
    **dict.fromkeys(READS, Scope.READ),
}
# act → the gates at which the figures it changes are handed in: while such a submission is open, it is refused (law §2)
HANDED_IN: dict[str, frozenset[Stage]] = {
    **dict.fromkeys(("editNode", "addValueLine", "editValueLine", "setPlan", "setQuota", "setIncentives"), _ANY_STAGE),
    **dict.fromkeys(("addMilestone", "editMilestone", "cancelMilestone", "moveNode"), _ANY_STAGE),
    **dict.fromkeys(("addDependency", "removeDependency"), _ANY_STAGE),
    **dict.fromkeys(("proposeChange", "reopenMeasure"), _ANY_STAGE),  # a measure has one open submission at a time
    "setForecast": frozenset({Stage.IMPLEMENTED, Stage.CLOSED}),
    **dict.fromkeys(("recordActual", "correctActual", "createSalesPlan"), frozenset({Stage.CLOSED})),
    **dict.fromkeys(("recordResults", "assignResults"), frozenset({Stage.CLOSED})),
}
_OF_THE_INITIATIVE_TOO = frozenset({"setQuota", "setIncentives", "moveNode"})  # its gates compare them with its plan
# fields of a measure, as callers write them, that the gate into DECIDED freezes with the plan (law §2)
FROZEN_AT_DECIDED = frozenset({"estimatedValue", "overlaps", "gapExplanation"})
_DEPENDENCY_ACTS = ("addDependency", "removeDependency")
MILESTONE_ACTS = (
    "editMilestone",
    *_DEPENDENCY_ACTS,
    "cancelMilestone",
    "recordReading",
    "achieveMilestone",
    "verifyMilestone",
)
LINE_ACTS = ("editValueLine", "setPlan", "setForecast", "recordActual", "correctActual", "confirmValue")
INDICATOR_ACTS = ("editIndicator", "removeIndicator", "setIndicatorPath", "recordIndicator")
SEAT_ACTS = ("ratifySeat", "endSeat", "delegateVote")
GATE_ACTS = ("submitGate", "retractSubmission", "remindDeciders", "decideGate")
CHANGE_ACTS = ("decideChange", "retractChange", "askQuestion")
CYCLE_ACTS = ("closeCycle",)
POLICY_ACTS = ("discardPolicyDraft", "proposePolicy", "withdrawPolicy", "declinePolicy", "ratifyPolicy")
RULE_ACTS = ("editMatchingRule", "moveMatchingRule", "removeMatchingRule")
_ALONE = ("answerQuestion", "revokeDelegation")  # the one act on what it is about
_ELSEWHERE = {
    *MILESTONE_ACTS,
    *INDICATOR_ACTS,
    *LINE_ACTS,
    *GATE_ACTS[1:],
    *CHANGE_ACTS,
    *_ALONE,
    *SEAT_ACTS,
    *POLICY_ACTS,
    *RULE_ACTS,
    *CYCLE_ACTS,
}
_RESUMES = frozenset({"resumeMeasure"})
_ENDS = frozenset({"endSeat", "revokeDelegation", "removeMatchingRule"})  # also where all is cancelled


@dataclass(frozen=True, slots=True)
class Situation:
    """What `may` looks at: who acts as what, at which level (None: the organization), and how a measure stands.

    `submitted` is the stage that the measure's open submission asks for, `purpose` what for; `above_submitted` the gate
    at which its initiative is submitted; `scopes` are those of a machine's token (None: a person).
    """

    holds: frozenset[Holder]
    level: Level | None = None
    stage: Stage | None = None
    standing: Standing = Standing.ACTIVE
    submitted: Stage | None = None
    above_submitted: Stage | None = None
    purpose: Purpose = Purpose.GATE
    scopes: frozenset[str] | None = None


def standing_at(
    viewer: Viewer,
    path: frozenset[UUID],
    *,
    level: Level | None = None,
    stage: Stage | None = None,
    standing: Standing = Standing.ACTIVE,
    owner_id: UUID | None = None,
    assignee_id: UUID | None = None,
    submitted: Stage | None = None,
    above_submitted: Stage | None = None,
    purpose: Purpose = Purpose.GATE,
) -> Situation:
    """How a viewer stands at a thing.

    Roles by seat on its path (itself and all above), and what the thing itself names them.
    """
    holds: set[Holder] = {role for role in viewer.roles_at(path) if role is not Role.OWNER}
    if owner_id == viewer.person_id:
        holds.add(Role.OWNER)
    if any(seat.role is Role.VIEWER and seat.opens_ledger for seat in viewer.seats_at(path)):
        holds.add(LEDGER_VIEWER)
    if assignee_id == viewer.person_id:
        holds.add(ASSIGNEE)
    held = frozenset(holds)
    return Situation(held, level, stage, standing, submitted, above_submitted, purpose, viewer.scopes)


def acts_at(level: Level | None) -> tuple[str, ...]:
    """The acts on a thing of this level, in the table's order; milestones, lines, gates and seats show their own."""
    return tuple(
        act for act, rows in RIGHTS.items() if act not in _ELSEWHERE and any(level in row.levels for row in rows)
    )


def may(act: str, situation: Situation) -> Literal[True] | Reason:
    """Whether this act, or reading, is open in this situation: True, or the reason as a sentence."""
    verdict = _table_allows(act, situation)
    return scopes_allow(act, situation.scopes) if verdict is True else verdict


def scopes_allow(act: str, scopes: frozenset[str] | None) -> Literal[True] | Reason:
    """A machine does what its seats allow, and of that only what its token's scopes open."""
    if scopes is None:
        return True
    if act not in SCOPES:
        return _forbidden("A machine has scopes instead of votes, and no scope opens this: a person does it.")
    if SCOPES[act] in scopes:
        return True
    return _forbidden(f"This token lacks the scope {SCOPES[act]}: an admin makes one that has it.")


def _table_allows(act: str, situation: Situation) -> Literal[True] | Reason:
    holds = situation.holds if situation.scopes is not None else situation.holds - {Role.PARTNER}
    here = [row for row in (RIGHTS.get(act) or READS[act]) if situation.level in row.levels]
    if not here:
        level = situation.level.spoken if situation.level else "the organization"
        return Reason(f"This cannot be done on {level} level.", _WRONG_STAGE)
    in_stage = [row for row in here if situation.stage is None or situation.stage in row.stages]
    mine = [row for row in here if ANYONE in row.holders or holds & row.holders]
    allowed = [row for row in in_stage if row in mine]
    if not mine or (in_stage and not allowed):
        return _forbidden(f"Only {_people(in_stage or here)} may do this.")
    if not allowed:
        return _stage_bars(situation, mine)
    verdict = _standing_allows(act, situation.standing, allowed)
    return _submission_allows(act, situation) if verdict is True else verdict


def _stage_bars(situation: Situation, mine: Iterable[Right]) -> Reason:
    """Where it is too early, nothing is frozen: it is the wrong stage."""
    row = next((row for row in mine if row.rule), None)
    rule = row.rule if row and row.rule else Reason("this stage does not allow it", _WRONG_STAGE)
    early = row and situation.stage and situation.stage < min(row.stages)
    told = f"It stands at {situation.stage.spoken if situation.stage else ''}: {rule}."
    return Reason(told, _WRONG_STAGE if early else rule.code)


def _forbidden(sentence: str) -> Reason:
    return Reason(sentence, RefusalCode.FORBIDDEN)


def _submission_allows(act: str, situation: Situation) -> Literal[True] | Reason:
    gates, whose, gate, purpose = HANDED_IN.get(act, frozenset()), "It", situation.submitted, situation.purpose
    if gate not in gates and act in _OF_THE_INITIATIVE_TOO:
        whose, gate, purpose = "Its initiative", situation.above_submitted, Purpose.GATE
    if gate is None or gate not in gates:
        return True
    stands = f"{purpose.stands(whose, gate)}, and what was handed in is frozen."
    return Reason(f"{stands} Retract {purpose.spoken} first.", _FROZEN)


def _standing_allows(act: str, standing: Standing, rows: list[Right]) -> Literal[True] | Reason:
    if act in _RESUMES and standing is not Standing.ON_HOLD:
        return _NOT_HELD if standing is Standing.ACTIVE else _CANCELLED
    if standing is Standing.CANCELLED and act not in _ENDS:
        return _CANCELLED
    if standing is Standing.ON_HOLD and not any(row.held_too for row in rows):
        return _HELD
    return True


def _people(rows: list[Right]) -> str:
    holders = {holder for row in rows for holder in row.holders}
    return listed([f"the {word}" for word in sorted(_SPOKEN[holder] for holder in holders)], "or")
