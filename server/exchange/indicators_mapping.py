"""The words of an indicators' mapping: how tables become objectives and what they are measured by.

For authors: docs/import-indicators.md. Files, joins and fields are those of a CRM's mapping.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from server.domain.indicators import Direction
from server.exchange.mapping import Sources, TextField
from server.exchange.sources import FieldRule, Part, Texts, listed, sourced

NeededField = Annotated[FieldRule, BeforeValidator(sourced)]


def _directed(value: Any) -> Any:
    """`INCREASE` → that for every row."""
    return {"constant": value} if isinstance(value, str) and value in Direction.__members__ else sourced(value)


class ObjectiveLevel(Part):
    """One objective of a path: how it is known, what it is called and what it is about."""

    id: NeededField
    name: NeededField
    description: TextField = None


class ObjectivesRule(Part):
    """Rows of a file that make objectives, each the whole path from the top down."""

    file: str | None = None
    when: dict[str, Texts] = Field(default_factory=dict)
    path: Annotated[tuple[ObjectiveLevel, ...], BeforeValidator(listed)] = Field(min_length=1, max_length=5)


class IndicatorRule(Part):
    """What a row of the main file says of an indicator.

    `target` is that of the row's period, `final_target` the one at the end, wherever it stands.
    """

    objective: NeededField
    name: NeededField
    id: TextField = None
    description: TextField = None
    unit: TextField = None
    direction: Annotated[FieldRule, BeforeValidator(_directed)]
    period: NeededField
    start: TextField = None
    start_period: TextField = None
    target: TextField = None
    final_target: TextField = None
    final_period: TextField = None
    actual: TextField = None
    note: TextField = None


class IndicatorsMapping(Sources):
    """A whole mapping."""

    objectives: Annotated[tuple[ObjectivesRule, ...], BeforeValidator(listed)] = ()
    indicators: IndicatorRule
    duplicates: Literal["refuse", "number"] = "refuse"
    unknown: Texts = ()
    fiscal_year_start: int = Field(default=1, ge=1, le=12)
