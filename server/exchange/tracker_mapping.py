"""The words of a tracker's mapping: how a sheet of initiatives becomes a cascade with value lines.

For authors: docs/import-tracker.md. Files, joins, fields and branches are those of a CRM's mapping.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from server.domain.values import ValueKind
from server.domain.wording import Path
from server.exchange.mapping import AmountField, Numbers, Sources, TextField
from server.exchange.month_words import header_fault
from server.exchange.placing import InitiativeRule
from server.exchange.sources import FieldRule, Part, Texts, Unit, listed, sourced

StatedSeries = Literal["plan", "actual", "baseline"]


def _series(value: Any) -> Any:
    """Only what may be written for a measure at DEFINED (law §4)."""
    if isinstance(value, str) and value.lower() in {"forecast", "confirmed"}:
        why = "a forecast opens at Decided" if value.lower() == "forecast" else "value is confirmed from Implemented on"
        raise ValueError(f"{why}, and an import passes no gate; import it as plan, or leave it out")
    return value.lower() if isinstance(value, str) else value


class Negative(Part):
    """The line that takes the amounts below zero, as amounts above it."""

    kind: ValueKind
    name: str = Field(min_length=1)


def _negative(value: Any) -> Any:
    return None if value == "refuse" else value


class MonthRule(FieldRule):
    """The month of a row, or a day in it."""

    format: Texts = ()


class AmountsRule(Part):
    """Which amounts of a row, in which months: one with its month, or a column for each month."""

    when: dict[str, Texts] = Field(default_factory=dict)
    amount: AmountField = None
    month: Annotated[MonthRule | None, BeforeValidator(sourced)] = None
    months: str | None = None
    year: TextField = None
    fiscal_year: TextField = None
    currency: TextField = None
    unit: Unit | None = None
    round: bool | None = None
    repeated: Literal["refuse", "add"] = "refuse"

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        """Long rows have an amount and its month, wide ones a column for each month."""
        if self.months is None and (self.amount is None or self.month is None):
            raise ValueError("give amount and month (one amount a row), or months (a column for each month)")
        if self.months is not None:
            if self.amount is not None or self.month is not None:
                raise ValueError("give either months, or amount and month")
            if fault := header_fault(self.months, with_year=self.year is None):
                raise ValueError(fault)
        return self


class ValueRule(AmountsRule):
    """One line of every initiative: its kind, name and series, and the amounts it takes."""

    kind: ValueKind
    name: str | None = None
    recurring: bool = False
    series: Annotated[StatedSeries, BeforeValidator(_series)]
    negative: Annotated[Negative | None, BeforeValidator(_negative)] = None


class TrackerNumbers(Numbers):
    """How amounts are written in the whole file."""

    remove: Texts = ()
    unit: Unit = "units"
    round: bool = False


class FigureSources(Sources):
    """What mappings of monthly figures share."""

    numbers: TrackerNumbers = TrackerNumbers()
    named: dict[str, Annotated[FieldRule, BeforeValidator(sourced)]] = Field(default_factory=dict, alias="fields")
    unknown: Texts = ()
    fiscal_year_start: int | None = Field(default=None, ge=1, le=12)

    def text_fields(self) -> Mapping[str, tuple[FieldRule, Path]]:
        """Those under `fields`."""
        return {name: (rule, ("fields", name)) for name, rule in self.named.items()}

    def _check(self, rules: Sequence[AmountsRule], where: str) -> None:
        if self.currency is None and any(rule.currency is None for rule in rules):
            raise ValueError(f"currency is needed: one code for all rows here, or a currency under {where}")
        if self.fiscal_year_start is None and any(rule.fiscal_year for rule in rules):
            raise ValueError("fiscalYearStart is needed (1 to 12) where a column holds the fiscal year")


class TrackerMapping(FigureSources):
    """A whole mapping of a tracker."""

    initiatives: Annotated[tuple[InitiativeRule, ...], BeforeValidator(listed)]
    stage: TextField = None
    duplicates: Literal["refuse", "number"] = "refuse"
    values: Annotated[tuple[ValueRule, ...], BeforeValidator(listed)] = ()
    absent: Literal["keep", "clear"] = "keep"

    @model_validator(mode="after")
    def _whole(self) -> Self:
        self._check(self.values, "each of the values")
        return self
