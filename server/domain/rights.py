"""Who may do what, where: one table, and `may`, which answers True or the reason (law §3).

A right is held at the node where the seat is, or above it. OWNER and ASSIGNEE are not seats: they are the person whom
the thing names.
Which stage an act belongs to stands in the same row, so that every button can say why it may not be pressed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from server.domain.cascade import MEASURES, Level, Standing
from server.domain.people import LEDGER_READERS, VOTING, Role, Scope, Viewer
from server.domain.purposes import Purpose
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


@dataclass(frozen=True, slots=True)
class Right:
    """One row: these holders may do it at these levels, in these stages. `rule` says why not in another stage."""

    holders: frozenset[Holder]
    levels: frozenset[Level | None] = _ALL
    stages: frozenset[Stage] = _ANY_STAGE
    rule: str = ""
    held_too: bool = False  # also while the measure is on hold


def _right(
    *holders: Holder,
    at: Iterable[Level | None] = _ALL,
    before: Stage | None = None,
    since: Stage = Stage.DEFINED,
    rule: str = "",
    held_too: bool = False,
) -> Right:
    stages = frozenset(stage for stage in STAGES if stage >= since and (before is None or stage < before))
    return Right(frozenset(holders), frozenset(at), stages, rule, held_too)


_PLAN_FROZEN = "the plan was frozen at Decided and changes only through a change request"
_STEP_FROZEN = "the plan was frozen at Decided, and a milestone is taken out of it only through a change request"
_BASELINE_FROZEN = "the baseline was frozen at Detailed"
_MILESTONES_FROZEN = "milestones are frozen from Implemented on"
_FORECAST_NOT_OPEN = "the forecast opens at Decided, and a closed measure is frozen"
_CLOSED = "a closed measure is frozen"
_NOT_DECIDED = "a change is proposed of a plan that is Decided and not yet Closed"
_NOT_CLOSED = "only a closed measure is reopened"
_NOT_IMPLEMENTED = "value is confirmed once a measure is Implemented, and until it is Closed"

# act (named as its mutation) → rows; an act is allowed where any row allows it.
RIGHTS: dict[str, tuple[Right, ...]] = {
    "signIn": (_right(ANYONE, at=_ORGANIZATION),),
    "signOut": (_right(ANYONE, at=_ORGANIZATION),),
    "setPassword": (_right(ANYONE, at=_ORGANIZATION),),
    "addPerson": (_right(Role.ADMIN, at=_ORGANIZATION),),
    "createToken": (_right(Role.ADMIN, at=_ORGANIZATION),),
    "revokeToken": (_right(Role.ADMIN, at=_ORGANIZATION),),
    "grantSeat": (_right(Role.ADMIN, at={None, *Level}, held_too=True),),
    "ratifySeat": (_right(_EXECUTIVE, at={None, *Level}, held_too=True),),
    "endSeat": (_right(Role.ADMIN, at={None, *Level}, held_too=True),),
    "handOverDesk": (_right(Role.ADMIN, at=_ORGANIZATION),),
    "delegateVote": (_right(*VOTING, at={None, *Level}, held_too=True),),
    "revokeDelegation": (_right(ANYONE, at=_ORGANIZATION),),
    "setPlanRate": (_right(_CONTROLLER, at=_ORGANIZATION),),
    "editPolicyDraft": (_right(_LEAD, at=_ORGANIZATION),),
    "discardPolicyDraft": (_right(_LEAD, at=_ORGANIZATION),),
    "proposePolicy": (_right(_LEAD, at=_ORGANIZATION),),
    "withdrawPolicy": (_right(_LEAD, at=_ORGANIZATION),),
    "declinePolicy": (_right(_EXECUTIVE, at=_ORGANIZATION),),
    "ratifyPolicy": (_right(_EXECUTIVE, at=_ORGANIZATION),),
    "importFile": (_right(_LEAD, _SALES, at=_ORGANIZATION),),
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
    "confirmValue": (
        _right(_CONTROLLER, at={_I}, since=Stage.IMPLEMENTED, before=Stage.CLOSED, rule=_NOT_IMPLEMENTED),
    ),
    "setQuota": (_right(_SALES, at={_S}, before=Stage.DECIDED, rule=_PLAN_FROZEN),),
    "setIncentives": (_right(_SALES, at={_S}, before=Stage.DECIDED, rule=_PLAN_FROZEN),),
    "recordResults": (_right(_SALES, Role.PARTNER, at={None, _S}, before=Stage.CLOSED, rule=_CLOSED),),
    "addMilestone": (
        _right(_OWNER, at={_I}, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
        _right(_OWNER, _SALES, at={_S}, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
    ),
    "editMilestone": (
        _right(_OWNER, at={_I}, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
        _right(_OWNER, _SALES, at={_S}, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
    ),
    "cancelMilestone": (
        _right(_OWNER, at={_I}, before=Stage.DECIDED, rule=_STEP_FROZEN),
        _right(_OWNER, _SALES, at={_S}, before=Stage.DECIDED, rule=_STEP_FROZEN),
    ),
    "recordReading": (
        _right(_OWNER, _SALES, ASSIGNEE, Role.PARTNER, at=_MEASURES, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
    ),
    "achieveMilestone": (
        _right(_OWNER, _SALES, ASSIGNEE, Role.PARTNER, at=_MEASURES, before=Stage.IMPLEMENTED, rule=_MILESTONES_FROZEN),
    ),
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
    "recordResults": Scope.RESULTS_WRITE,
    "recordReading": Scope.MILESTONES_WRITE,
    "achieveMilestone": Scope.MILESTONES_WRITE,
    **dict.fromkeys(READS, Scope.READ),
}
# act → the gates at which the figures it changes are handed in: while such a submission is open, it is refused (law §2)
HANDED_IN: dict[str, frozenset[Stage]] = {
    **dict.fromkeys(("editNode", "addValueLine", "editValueLine", "setPlan", "setQuota", "setIncentives"), _ANY_STAGE),
    **dict.fromkeys(("addMilestone", "editMilestone", "cancelMilestone", "moveNode"), _ANY_STAGE),
    **dict.fromkeys(("proposeChange", "reopenMeasure"), _ANY_STAGE),  # a measure has one open submission at a time
    "setForecast": frozenset({Stage.IMPLEMENTED, Stage.CLOSED}),
    **dict.fromkeys(("recordActual", "recordResults", "createSalesPlan"), frozenset({Stage.CLOSED})),
}
_OF_THE_INITIATIVE_TOO = frozenset({"setQuota", "setIncentives", "moveNode"})  # its gates compare them with its plan
# fields of a measure, as callers write them, that the gate into DECIDED freezes with the plan (law §2)
FROZEN_AT_DECIDED = frozenset({"estimatedValue", "overlaps", "gapExplanation"})
MILESTONE_ACTS = ("editMilestone", "cancelMilestone", "recordReading", "achieveMilestone", "verifyMilestone")
LINE_ACTS = ("editValueLine", "setPlan", "setForecast", "recordActual", "confirmValue")
SEAT_ACTS = ("ratifySeat", "endSeat", "delegateVote")
GATE_ACTS = ("submitGate", "retractSubmission", "remindDeciders", "decideGate")
CHANGE_ACTS = ("decideChange", "retractChange", "askQuestion")
POLICY_ACTS = ("discardPolicyDraft", "proposePolicy", "withdrawPolicy", "declinePolicy", "ratifyPolicy")
_ALONE = ("answerQuestion", "revokeDelegation")  # the one act on what it is about
_ELSEWHERE = {*MILESTONE_ACTS, *LINE_ACTS, *GATE_ACTS[1:], *CHANGE_ACTS, *_ALONE, *SEAT_ACTS, *POLICY_ACTS}
_RESUMES = frozenset({"resumeMeasure"})
_ENDS = frozenset({"endSeat", "revokeDelegation"})  # also where all is cancelled


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


def may(act: str, situation: Situation) -> Literal[True] | str:
    """Whether this act, or reading, is open in this situation: True, or the reason as a sentence."""
    verdict = _table_allows(act, situation)
    return scopes_allow(act, situation.scopes) if verdict is True else verdict


def scopes_allow(act: str, scopes: frozenset[str] | None) -> Literal[True] | str:
    """A machine does what its seats allow, and of that only what its token's scopes open."""
    if scopes is None:
        return True
    if act not in SCOPES:
        return "A machine has scopes instead of votes, and no scope opens this: a person does it."
    if SCOPES[act] in scopes:
        return True
    return f"This token lacks the scope {SCOPES[act]}: an admin makes one that has it."


def _table_allows(act: str, situation: Situation) -> Literal[True] | str:
    holds = situation.holds if situation.scopes is not None else situation.holds - {Role.PARTNER}
    here = [row for row in (RIGHTS.get(act) or READS[act]) if situation.level in row.levels]
    if not here:
        return f"This cannot be done on {situation.level.spoken if situation.level else 'the organization'} level."
    in_stage = [row for row in here if situation.stage is None or situation.stage in row.stages]
    mine = [row for row in here if ANYONE in row.holders or holds & row.holders]
    allowed = [row for row in in_stage if row in mine]
    if not mine or (in_stage and not allowed):
        return f"Only {_people(in_stage or here)} may do this."
    if not allowed:
        rule = next((row.rule for row in mine if row.rule), "this stage does not allow it")
        stage = situation.stage.spoken if situation.stage else ""
        return f"It stands at {stage}: {rule}."
    verdict = _standing_allows(act, situation.standing, allowed)
    return _submission_allows(act, situation) if verdict is True else verdict


def _submission_allows(act: str, situation: Situation) -> Literal[True] | str:
    gates, whose, gate, purpose = HANDED_IN.get(act, frozenset()), "It", situation.submitted, situation.purpose
    if gate not in gates and act in _OF_THE_INITIATIVE_TOO:
        whose, gate, purpose = "Its initiative", situation.above_submitted, Purpose.GATE
    if gate is None or gate not in gates:
        return True
    return f"{purpose.stands(whose, gate)}, and what was handed in is frozen. Retract {purpose.spoken} first."


def _standing_allows(act: str, standing: Standing, rows: list[Right]) -> Literal[True] | str:
    if act in _RESUMES and standing is not Standing.ON_HOLD:
        return "It is not on hold." if standing is Standing.ACTIVE else "It was cancelled, which is final."
    if standing is Standing.CANCELLED and act not in _ENDS:
        return "It was cancelled, which is final."
    if standing is Standing.ON_HOLD and not any(row.held_too for row in rows):
        return "It is on hold; it must be resumed first."
    return True


def _people(rows: list[Right]) -> str:
    holders = {holder for row in rows for holder in row.holders}
    return listed([f"the {word}" for word in sorted(_SPOKEN[holder] for holder in holders)], "or")
