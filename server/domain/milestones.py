"""Milestones: progress, not motion (law §6)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from server.domain.refusals import RefusalCode


class MeasureType(StrEnum):
    """What a milestone measures. Activities are counted but are not progress: they never satisfy a gate."""

    OUTCOME = "OUTCOME"
    OUTPUT = "OUTPUT"
    ACTIVITY = "ACTIVITY"


class MilestoneState(StrEnum):
    """Computed, never typed in."""

    PLANNED = "PLANNED"
    DUE = "DUE"
    LATE = "LATE"
    ACHIEVED = "ACHIEVED"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


DUE_SOON = timedelta(days=14)


def state(*, due: date, today: date, achieved_on: date | None, cancelled: bool, over: bool) -> MilestoneState:
    """The state of a milestone on a day.

    `over`: its measure is closed or cancelled, so it can no longer be achieved.
    """
    if cancelled:
        return MilestoneState.CANCELLED
    if achieved_on is not None:
        return MilestoneState.ACHIEVED
    if over:
        return MilestoneState.MISSED
    if due < today:
        return MilestoneState.LATE
    return MilestoneState.DUE if due - today <= DUE_SOON else MilestoneState.PLANNED


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a milestone has come: what its acts depend on, apart from rights."""

    name: str
    achieved_on: date | None
    achieved_by: UUID | None
    verified: bool
    cancelled_reason: str | None


def why_not(act: str, progress: Progress, person: UUID) -> tuple[RefusalCode, str] | None:
    """Why a milestone does not allow this person an act, or None. Who reported it never verifies it (law §3)."""
    name, achieved, verifying = f"“{progress.name}”", progress.achieved_on is not None, act == "verifyMilestone"
    others = "Ask its sponsor, the program lead or the controller."
    table = (
        (progress.cancelled_reason, RefusalCode.WRONG_STAGE, f"{name} was cancelled: {progress.cancelled_reason}"),
        (
            achieved and not verifying,
            RefusalCode.ALREADY_DECIDED,
            f"{name} was already achieved on {progress.achieved_on}.",
        ),
        (
            verifying and not achieved,
            RefusalCode.WRONG_STAGE,
            f"{name} is not achieved yet; there is nothing to verify.",
        ),
        (verifying and progress.verified, RefusalCode.ALREADY_DECIDED, f"{name} was already verified."),
        (
            verifying and progress.achieved_by == person,
            RefusalCode.SAME_PERSON,
            f"Who reported {name} does not verify it. {others}",
        ),
    )
    return next(((code, told) for holds, code, told in table if holds), None)


@dataclass(frozen=True, slots=True)
class Aim:
    """What a milestone's measure counts from and to. A target below the start means that less is better."""

    start: Decimal | None
    target: Decimal | None


def reaches(reading: Decimal, aim: Aim) -> bool:
    """Whether a reading reaches the target, in the direction that runs from start to target."""
    if aim.target is None:
        return False
    downward = aim.start is not None and aim.target < aim.start
    return reading <= aim.target if downward else reading >= aim.target


def unproven(name: str, aim: Aim, reading: Decimal | None, *, document: bool, unit: str = "") -> str | None:
    """Why the evidence does not achieve a milestone, or None.

    Achieving takes a reading that reaches the target, or a document (law §6).
    """
    if reading is None:
        needs = "a reading that reaches its target, or a document (a link) with its source"
        return None if document else f"“{name}” needs evidence: {needs}."
    if aim.target is None or reaches(reading, aim):
        return None
    told = f"{reading:f} {unit}".strip()
    missed = f"{told} does not reach the target of {aim.target:f} of “{name}”."
    return f"{missed} Record it as a reading, or give the reading that reaches it."
