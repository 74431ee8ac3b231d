"""The policy: which criteria, votes and thresholds an organization governs by (law §2 and §3).

A policy is plain, frozen data: whatever asks "what is demanded here?" is handed a `Policy`. Each organization has its
own, in versions; it begins with a draft of the standard one. What a criterion asks stands in `catalogue`, what makes a
policy unsound in `policy_faults`, how it is stored and exported in `policy_form`.

What no policy can change is law and not data: the separation of duties, what a gate freezes, and that the controller
alone closes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from server.domain.cascade import Level
from server.domain.people import Role
from server.domain.stages import STAGES, Stage
from server.domain.values import ValueKind


class Criterion(StrEnum):
    """What a gate can ask for; `catalogue` explains each, and how it is judged stands in `criteria`."""

    NAME = "NAME"
    DESCRIPTION = "DESCRIPTION"
    OWNER = "OWNER"
    SPONSOR = "SPONSOR"
    CONTROLLER = "CONTROLLER"
    BUSINESS_UNIT = "BUSINESS_UNIT"
    ESTIMATED_VALUE = "ESTIMATED_VALUE"
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


class Validation(StrEnum):
    """What finance states with its GO at a gate (law §2).

    AMOUNT: the amount. DOCUMENTED: the amount, what it was checked against, and a note.
    """

    NONE = "NONE"
    AMOUNT = "AMOUNT"
    DOCUMENTED = "DOCUMENTED"


class Cycle(StrEnum):
    """How often a review cycle comes round (law §8)."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"


class PolicyState(StrEnum):
    """Where a version stands on its way: drafted, proposed, in force, and retired by the next."""

    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    IN_FORCE = "IN_FORCE"
    RETIRED = "RETIRED"


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

    `above`: only for measures larger than this amount, which is in the policy's currency.
    """

    role: Role
    needed: int = 1
    above: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """What one gate demands, who decides it, and what finance must state with its GO."""

    demands: tuple[Demand, ...]
    votes: tuple[Vote, ...]
    financial_validation: Validation = Validation.NONE


@dataclass(frozen=True, slots=True)
class Lights:
    """When the two lights change (law §7).

    Potential is green from `green_from` of outlook ÷ plan on, amber from `amber_from`; implementation is amber after
    `amber_after_days` days of delay, red after `red_after_days`.
    """

    green_from: Decimal = Decimal("0.9")
    amber_from: Decimal = Decimal("0.7")
    amber_after_days: int = 0
    red_after_days: int = 14


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often is reviewed, and when waiting has lasted too long; all in days.

    A cycle is due `due_days` after its period has ended. Who owes a vote is reminded after `remind_after_days`; a gate
    that nobody has decided for `stalled_after_days` is a finding.
    """

    cycle: Cycle = Cycle.MONTHLY
    due_days: int = 5
    remind_after_days: int = 3
    stalled_after_days: int = 14


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of what an organization governs by. No gate opens while it is not locked.

    `currency` is that of its amounts (None: the organization's reporting currency). `stage_weights` are in per cent.
    `sustain_months` is how long the value must have been in the books before a measure is closed.
    """

    version: int
    locked: bool
    name: str
    currency: str | None
    gates: Mapping[Stage, GatePolicy]
    stage_weights: Mapping[Stage, int]
    headline_kinds: tuple[ValueKind, ...]
    sustain_months: int
    lights: Lights
    cadence: Cadence
    level_names: Mapping[Level, str]
    stage_names: Mapping[Stage, str]


# What a GO freezes, whatever the policy (law §2).
FREEZES: Mapping[Stage, tuple[str, ...]] = MappingProxyType(
    {
        Stage.IDENTIFIED: (),
        Stage.DETAILED: ("baseline",),
        Stage.DECIDED: ("plan values and quota", "budget", "original milestone dates"),
        Stage.IMPLEMENTED: ("milestones",),
        Stage.CLOSED: ("everything",),
    }
)
USUAL: Mapping[Criterion, int] = MappingProxyType(dict.fromkeys(Criterion, 1) | {Criterion.QUOTA_COVERS_PLAN: 100})
"""What each criterion asks at least where nothing else is said."""


def _demands(*criteria: Criterion) -> tuple[Demand, ...]:
    return tuple(Demand(criterion, USUAL[criterion]) for criterion in criteria)


_C = Criterion
_IDENTIFIED = _demands(
    _C.NAME, _C.DESCRIPTION, _C.OWNER, _C.SPONSOR, _C.CONTROLLER, _C.BUSINESS_UNIT, _C.ESTIMATED_VALUE
)
_DETAILED = _demands(_C.BASELINE, _C.PLAN, _C.ONE_OFF_COST, _C.OUTCOME_MILESTONE, _C.RISKS, _C.OVERLAPS, _C.SALES_PLAN)
STEERING_COMMITTEE_ABOVE = Decimal(1_000_000)

# The standard policy: the table of law §2, row by row.
DEFAULT = Policy(
    version=1,
    locked=True,
    name="Standard",
    currency=None,
    gates=MappingProxyType(
        {
            Stage.IDENTIFIED: GatePolicy(_IDENTIFIED, (Vote(Role.PROGRAM_LEAD),)),
            Stage.DETAILED: GatePolicy(_DETAILED, (Vote(Role.SPONSOR),)),
            Stage.DECIDED: GatePolicy(
                _IDENTIFIED + _DETAILED + _demands(_C.QUOTA_COVERS_PLAN, _C.INCENTIVES),
                (
                    Vote(Role.SPONSOR),
                    Vote(Role.CONTROLLER),
                    Vote(Role.EXECUTIVE, needed=2, above=STEERING_COMMITTEE_ABOVE),
                ),
                Validation.AMOUNT,
            ),
            Stage.IMPLEMENTED: GatePolicy(_demands(_C.CRITICAL_MILESTONES, _C.FORECAST), (Vote(Role.SPONSOR),)),
            Stage.CLOSED: GatePolicy(
                _demands(_C.ACTUALS, _C.VARIANCE, _C.EVIDENCE), (Vote(Role.CONTROLLER),), Validation.AMOUNT
            ),
        }
    ),
    stage_weights=MappingProxyType(dict(zip(STAGES, (10, 25, 50, 75, 90, 100), strict=True))),
    headline_kinds=(ValueKind.MARGIN, ValueKind.COST_SAVING),
    sustain_months=3,
    lights=Lights(),
    cadence=Cadence(),
    level_names=MappingProxyType({level: level.spoken.capitalize() for level in Level}),
    stage_names=MappingProxyType({stage: stage.spoken for stage in STAGES}),
)
