"""The policy: which criteria, votes and thresholds an organization governs by (law §2 and §3).

One standard policy is built in and locked. A policy is plain data, so that an organization's own versions can be
stored, exported and ratified without another shape: whatever asks "what is demanded here?" is handed a `Policy`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from server.domain.people import Role
from server.domain.stages import Stage
from server.domain.values import ValueKind


class Criterion(StrEnum):
    """What a gate can ask for. How each is judged stands in `criteria`."""

    NAME = "NAME"
    DESCRIPTION = "DESCRIPTION"
    OWNER = "OWNER"
    SPONSOR = "SPONSOR"
    CONTROLLER = "CONTROLLER"
    BUSINESS_UNIT = "BUSINESS_UNIT"
    ESTIMATED_VALUE = "ESTIMATED_VALUE"
    SEPARATION = "SEPARATION"
    BASELINE = "BASELINE"
    PLAN = "PLAN"
    ONE_OFF_COST = "ONE_OFF_COST"
    OUTCOME_MILESTONE = "OUTCOME_MILESTONE"
    RISKS = "RISKS"
    OVERLAPS = "OVERLAPS"
    SALES_PLAN = "SALES_PLAN"
    QUOTA_COVERS_PLAN = "QUOTA_COVERS_PLAN"
    INCENTIVES = "INCENTIVES"
    CRITICAL_MILESTONES = "CRITICAL_MILESTONES"
    FORECAST = "FORECAST"
    ACTUALS = "ACTUALS"
    VARIANCE = "VARIANCE"
    EVIDENCE = "EVIDENCE"


@dataclass(frozen=True, slots=True)
class Demand:
    """One entry criterion of a gate.

    `at_least` is how many it takes (for QUOTA_COVERS_PLAN: per cent of the planned revenue).
    """

    criterion: Criterion
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Vote:
    """A role that must vote, and how many of its people.

    `above`: only for measures larger than this amount of the reporting currency.
    """

    role: Role
    needed: int = 1
    above: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """What one gate demands, who decides it, whether finance must state the amount, and what a GO freezes."""

    demands: tuple[Demand, ...]
    votes: tuple[Vote, ...]
    financial_validation: bool = False
    freezes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of what an organization governs by. No gate opens while it is not locked.

    `stage_weights` are in per cent. `sustain_months` is how long the value must have been in the books before a measure
    is closed. Lights: potential is green from `green_from` of outlook ÷ plan on, amber from `amber_from`;
    implementation is amber after `amber_after_days` days of delay, red after `red_after_days`.
    """

    version: int
    locked: bool
    gates: Mapping[Stage, GatePolicy]
    stage_weights: Mapping[Stage, int]
    headline_kinds: tuple[ValueKind, ...]
    sustain_months: int
    green_from: Decimal
    amber_from: Decimal
    amber_after_days: int
    red_after_days: int


def _demands(*criteria: Criterion) -> tuple[Demand, ...]:
    return tuple(Demand(criterion, 100 if criterion is Criterion.QUOTA_COVERS_PLAN else 1) for criterion in criteria)


_C = Criterion
_IDENTIFIED = _demands(
    _C.NAME, _C.DESCRIPTION, _C.OWNER, _C.SPONSOR, _C.CONTROLLER, _C.BUSINESS_UNIT, _C.ESTIMATED_VALUE, _C.SEPARATION
)
_DETAILED = _demands(_C.BASELINE, _C.PLAN, _C.ONE_OFF_COST, _C.OUTCOME_MILESTONE, _C.RISKS, _C.OVERLAPS, _C.SALES_PLAN)
STEERING_COMMITTEE_ABOVE = Decimal(1_000_000)

# The table of law §2, row by row.
DEFAULT = Policy(
    version=1,
    locked=True,
    gates=MappingProxyType(
        {
            Stage.IDENTIFIED: GatePolicy(_IDENTIFIED, (Vote(Role.PROGRAM_LEAD),)),
            Stage.DETAILED: GatePolicy(_DETAILED, (Vote(Role.SPONSOR),), freezes=("baseline",)),
            Stage.DECIDED: GatePolicy(
                _IDENTIFIED + _DETAILED + _demands(_C.QUOTA_COVERS_PLAN, _C.INCENTIVES),
                (
                    Vote(Role.SPONSOR),
                    Vote(Role.CONTROLLER),
                    Vote(Role.EXECUTIVE, needed=2, above=STEERING_COMMITTEE_ABOVE),
                ),
                financial_validation=True,
                freezes=("plan values and quota", "budget", "original milestone dates"),
            ),
            Stage.IMPLEMENTED: GatePolicy(
                _demands(_C.CRITICAL_MILESTONES, _C.FORECAST), (Vote(Role.SPONSOR),), freezes=("milestones",)
            ),
            Stage.CLOSED: GatePolicy(
                _demands(_C.ACTUALS, _C.VARIANCE, _C.EVIDENCE),
                (Vote(Role.CONTROLLER),),
                financial_validation=True,
                freezes=("everything",),
            ),
        }
    ),
    stage_weights=MappingProxyType(
        {
            Stage.DEFINED: 10,
            Stage.IDENTIFIED: 25,
            Stage.DETAILED: 50,
            Stage.DECIDED: 75,
            Stage.IMPLEMENTED: 90,
            Stage.CLOSED: 100,
        }
    ),
    headline_kinds=(ValueKind.MARGIN, ValueKind.COST_SAVING),
    sustain_months=3,
    green_from=Decimal("0.9"),
    amber_from=Decimal("0.7"),
    amber_after_days=0,
    red_after_days=14,
)
