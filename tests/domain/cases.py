"""A case that is ready for every gate, for tests to spoil one thing at a time."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from server.domain.cascade import Level, Standing
from server.domain.cases import Case, InitiativeCase, LineCase, MilestoneCase, Party, SalesPlanCase
from server.domain.milestones import MeasureType
from server.domain.money import Money
from server.domain.months import Month
from server.domain.people import Role
from server.domain.stages import Stage
from server.domain.values import ValueKind


def someone(name: str) -> Party:
    """A person of this name, the same one each time."""
    return Party(UUID(bytes=name.encode().ljust(16, b".")[:16]), name.capitalize())


OLAF, SAM, CARL, PIA, EVE, EMIL = (someone(name) for name in ("olaf", "sam", "carl", "pia", "eve", "emil"))
HOLDERS = {Role.SPONSOR: [SAM], Role.CONTROLLER: [CARL], Role.PROGRAM_LEAD: [PIA], Role.EXECUTIVE: [EVE, EMIL]}
TODAY = date(2026, 11, 16)
WINDOW = [Month(202608), Month(202609), Month(202610)]


def line(name: str = "Contracts", kind: ValueKind = ValueKind.REVENUE, **other: Any) -> LineCase:
    """A line that is planned with 400,000 over a year, and came in as planned in the sustain window."""
    planned = LineCase(
        name=name,
        kind=kind,
        currency="EUR",
        baseline_units=0,
        baseline_source="Ledger 2025",
        baseline_date=date(2025, 12, 31),
        planned_months=12,
        planned=400_000_00,
        planned_reporting=400_000_00,
        unforecast=False,
        months=dict.fromkeys(WINDOW, (30_000_00, 30_000_00)),
    )
    return replace(planned, **other)


def milestone(name: str = "Pilot sold", kind: MeasureType = MeasureType.OUTCOME, **other: Any) -> MilestoneCase:
    """A critical outcome, achieved in July with evidence and verified."""
    return replace(MilestoneCase(name, kind, True, date(2026, 7, 20), True, True), **other)


def selling(name: str = "DACH", quota: int = 400_000_00, **other: Any) -> SalesPlanCase:
    """An active sales plan with a quota in January and the weights of one seller."""
    plan = SalesPlanCase(
        someone(name).id, name, Stage.DETAILED, Standing.ACTIVE, {Month(202601): quota}, {"Anna": 10_000}
    )
    return replace(plan, **other)


def initiative(**other: Any) -> Case:
    """An initiative at DEFINED that meets every criterion of every gate but CLOSED's law on its sales plan."""
    ready = Case(
        id=someone("full service").id,
        level=Level.INITIATIVE,
        stage=Stage.DEFINED,
        standing=Standing.ACTIVE,
        name="Full service",
        description="Contracts instead of repairs",
        business_unit="Service EMEA",
        owner=OLAF,
        sponsor=SAM,
        controller=CARL,
        estimated=Money(500_000_00, "EUR"),
        estimated_reporting=500_000_00,
        risks="Two suppliers only",
        overlaps="none",
        gap_explanation=None,
        variance_explanation=None,
        evidence=1,
        staged_on=TODAY,
        currency="EUR",
        today=TODAY,
        planned_revenue=400_000_00,
        lines=(line(), line("Tooling", ValueKind.CAPEX)),
        milestones=(milestone(),),
        sales_plans=(selling(),),
    )
    return replace(ready, **other)


def sales_plan(**other: Any) -> Case:
    """A sales plan at DEFINED under an initiative at DECIDED; it meets every criterion of every gate."""
    above = InitiativeCase("Full service", Stage.DECIDED, None)
    own: dict[str, Any] = {"id": someone("DACH").id, "level": Level.SALES_PLAN, "name": "DACH", "lines": ()}
    return initiative(**own | {"initiative": above, "won": {Month(202603): 400_000_00}} | other)
