"""The words of a mapping for one value: where it comes from, and what its text means."""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator
from pydantic.alias_generators import to_camel

from server.domain.sales import OpportunityState
from server.exchange.cells import DateFormat, share

Unit = Literal["units", "thousands", "millions"]


def listed(value: Any) -> Any:
    """One thing where a list may stand."""
    return value if isinstance(value, list) else [value]


def sourced(value: Any) -> Any:
    """`Close Date` → a column, `{territory}/{id}` → a template, `none` → nothing."""
    if not isinstance(value, str):
        return value
    if value == "none":
        return None
    return {"template" if "{" in value else "column": value}


class Part(BaseModel):
    """A part of a mapping: keys in camelCase, unknown ones refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)


Texts = Annotated[tuple[str, ...], BeforeValidator(listed)]


class Source(Part):
    """Where a value comes from: a column, a template or a constant, mended by `remove` and `map`."""

    column: str | None = None
    template: str | None = None
    constant: str | None = None
    remove: Texts = ()
    map: dict[str, str | None] = Field(default_factory=dict)
    unmapped: Literal["keep", "refuse", "blank"] = "keep"

    def written(self) -> int:
        """How many of column, template and constant are given."""
        return sum(part is not None for part in (self.column, self.template, self.constant))

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.written() > 1 or (self.written() == 0 and not self.by_state()):
            raise ValueError("give one of column, template or constant")
        return self

    def by_state(self) -> dict[OpportunityState, "Source | None"]:
        """Sources that hold for deals in one state only; None is “no value”."""
        return {}


AnySource = Annotated[Source, BeforeValidator(sourced)]
SourceOrNone = Annotated[Source | None, BeforeValidator(sourced)]


class FieldRule(Source):
    """How one field of an opportunity is read."""

    required: bool = False
    blank: Texts = ()
    fallback: AnySource | None = None


class StatefulRule(FieldRule):
    """A field whose source may depend on the deal's state: `open`, `won` and `lost` override it."""

    open: SourceOrNone = None
    won: SourceOrNone = None
    lost: SourceOrNone = None

    def by_state(self) -> dict[OpportunityState, Source | None]:
        """The overriding sources that were written."""
        rules = {OpportunityState.OPEN: "open", OpportunityState.WON: "won", OpportunityState.LOST: "lost"}
        return {state: getattr(self, key) for state, key in rules.items() if key in self.model_fields_set}


class AmountRule(StatefulRule):
    """An amount of money."""

    decimal: Literal[".", ","] | None = None
    thousands: str | None = Field(default=None, max_length=1)
    unit: Unit = "units"
    round: bool = False


class ProbabilityRule(StatefulRule):
    """A probability, 0 to 1, or 0 to 100 with `percent`."""

    decimal: Literal[".", ","] | None = None
    percent: bool = False


class DateRule(StatefulRule):
    """A day."""

    format: Annotated[tuple[DateFormat, ...], BeforeValidator(listed)] = ()


class StageRule(Part):
    """What a stage of the CRM means here."""

    state: OpportunityState
    probability: Decimal | None = None

    @field_validator("state", mode="before")
    @classmethod
    def _any_case(cls, value: Any) -> Any:
        return value.upper() if isinstance(value, str) else value

    @field_validator("probability", mode="before")
    @classmethod
    def _share(cls, value: Any) -> Any:
        return None if value is None else share(str(value))


def staged(value: Any) -> Any:
    """`OPEN 40%` → its state and its probability."""
    if not isinstance(value, str):
        return value
    state, _, probability = value.partition(" ")
    return {"state": state, "probability": probability.strip() or None}
