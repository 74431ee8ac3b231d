"""The catalogue of entry criteria: what each asks, at which gates it can be met, and what its number means (law §2).

How a case is judged by a criterion stands in `criteria`. docs/policy.md shows this table to authors of a policy.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from server.domain.cascade import Level
from server.domain.criteria import CRITERIA
from server.domain.policy import Criterion
from server.domain.stages import STAGES, Stage

_C = Criterion


@dataclass(frozen=True, slots=True)
class Parameter:
    """The number a criterion takes: what it counts, and between which values it makes sense."""

    counts: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One criterion: its title, and as a sentence what it asks.

    `opens`: what it asks for can only be there at the gate into this stage or a later one, because of `since`.
    `frozen`: the gate whose GO freezes what it asks for, so that a measure that lacks it then could never mend it.
    """

    title: str
    asks: str
    parameter: Parameter | None = None
    opens: Stage = Stage.IDENTIFIED
    since: str = ""
    frozen: Stage | None = None


CATALOGUE: Mapping[Criterion, Entry] = MappingProxyType(
    {
        _C.NAME: Entry("Name", "It has a name."),
        _C.DESCRIPTION: Entry("Description", "Its description says what is to change."),
        _C.OWNER: Entry("Owner", "An owner is named, who answers for it."),
        _C.SPONSOR: Entry("Sponsor", "A sponsor is named, who stands for it."),
        _C.CONTROLLER: Entry("Controller", "A controller is named, who confirms its value."),
        _C.BUSINESS_UNIT: Entry("Business unit", "The business unit it belongs to is named."),
        _C.ESTIMATED_VALUE: Entry(
            "Estimated value",
            "Its value is estimated above zero; a sales plan has quota in its first year.",
            frozen=Stage.DECIDED,
        ),
        _C.BASELINE: Entry(
            "Baseline",
            "Every benefit line has a baseline with source and date; a sales plan last year's result, or none.",
            Parameter("value lines", 1, 20),
            frozen=Stage.DETAILED,
        ),
        _C.PLAN: Entry(
            "Plan by month",
            "Every benefit line is planned by month; a sales plan has quota by month.",
            Parameter("months", 1, 60),
            frozen=Stage.DECIDED,
        ),
        _C.ONE_OFF_COST: Entry(
            "One-off cost",
            "Its one-off cost or capital expenditure is planned, 0 where there is none.",
            Parameter("planned cost lines", 1, 20),
            frozen=Stage.DECIDED,
        ),
        _C.OUTCOME_MILESTONE: Entry(
            "Outcome milestone",
            "Milestones measure an outcome; outputs and activities do not count.",
            Parameter("outcomes", 1, 20),
            frozen=Stage.IMPLEMENTED,
        ),
        _C.RISKS: Entry("Risks", "Its risks are written down."),
        _C.OVERLAPS: Entry("Overlaps", "Overlaps with other measures are declared, or “none”.", frozen=Stage.DECIDED),
        _C.SALES_PLAN: Entry(
            "Sales plan",
            "An initiative that plans revenue has active sales plans to bring it.",
            Parameter("active sales plans", 1, 50),
        ),
        _C.QUOTA_COVERS_PLAN: Entry(
            "Quota covers plan",
            "The quota of its sales plans covers the planned revenue, or the gap is explained.",
            Parameter("per cent of it", 1, 300),
            frozen=Stage.DECIDED,
        ),
        _C.INCENTIVES: Entry(
            "Incentives",
            "Every sales plan records what its sellers are paid for; each one's weights add up to 100 %.",
            Parameter("sellers", 1, 100),
            frozen=Stage.DECIDED,
        ),
        _C.CRITICAL_MILESTONES: Entry(
            "Critical milestones",
            "Every critical milestone is achieved with evidence and verified.",
            Parameter("achieved outcomes or outputs", 1, 20),
            opens=Stage.IMPLEMENTED,
            since="achieving them is what implementing means",
            frozen=Stage.IMPLEMENTED,
        ),
        _C.FORECAST: Entry(
            "Forecast",
            "The forecast is current for the open month; the pipeline of a sales plan is.",
            opens=Stage.IMPLEMENTED,
            since="the forecast opens at Decided",
        ),
        _C.ACTUALS: Entry(
            "Actuals",
            "Actuals are recorded for every month of the sustain window; the results of a sales plan are in.",
            opens=Stage.CLOSED,
            since="the sustain window begins at Implemented",
        ),
        _C.VARIANCE: Entry(
            "Variance",
            "Where what came differs from the plan, that is explained.",
            opens=Stage.CLOSED,
            since="actuals are compared once it is Implemented",
        ),
        _C.EVIDENCE: Entry(
            "Evidence",
            "Evidence is attached to the measure itself.",
            Parameter("pieces of evidence", 1, 20),
        ),
    }
)


def gates_of(criterion: Criterion) -> tuple[Stage, ...]:
    """The gates at which a criterion can be met; after the freeze only where it was asked before it as well."""
    return tuple(into for into in STAGES[1:] if into >= CATALOGUE[criterion].opens)


def levels_of(criterion: Criterion) -> tuple[Level, ...]:
    """The levels that know a criterion; of others it is not asked."""
    return tuple(level for level, table in CRITERIA.items() if criterion in table)
