"""Value lines: kinds, the four monthly series and the outlook (law §4)."""

from enum import StrEnum

from server.domain.stages import Stage


class ValueKind(StrEnum):
    """What a value line is about. Avoidance is never added to savings; costs are never stage-weighted."""

    REVENUE = "REVENUE"
    MARGIN = "MARGIN"
    COST_SAVING = "COST_SAVING"
    COST_AVOIDANCE = "COST_AVOIDANCE"
    ONE_OFF_COST = "ONE_OFF_COST"
    CAPEX = "CAPEX"
    RUN_COST = "RUN_COST"

    @property
    def spoken(self) -> str:
        """As written in a sentence: `cost saving`."""
        return self.value.replace("_", " ").lower()


COSTS = frozenset({ValueKind.ONE_OFF_COST, ValueKind.CAPEX, ValueKind.RUN_COST})
BENEFITS = frozenset(ValueKind) - COSTS


class Series(StrEnum):
    """The four monthly series of a value line: who writes each, and when, is in law §4."""

    PLAN = "PLAN"
    FORECAST = "FORECAST"
    ACTUAL = "ACTUAL"
    CONFIRMED = "CONFIRMED"

    @property
    def spoken(self) -> str:
        """As written in a sentence: `plan`."""
        return self.value.lower()


def outlook(stage: Stage, plan: int | None, forecast: int | None, actual: int | None) -> int | None:
    """One month's outlook: the actual where there is one, else the forecast; before DECIDED the plan (law §4).

    From DECIDED on a month that has neither still counts with its plan: the forecast opens as a copy of it.
    """
    if stage >= Stage.DECIDED and forecast is not None and actual is None:
        return forecast
    return actual if actual is not None else plan
