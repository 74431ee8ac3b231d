"""The words of a mapping: how one CRM's files become opportunities, plans and people (for authors: docs/import-crm.md).

Short forms are spelled out here once, `account: Company` as `account: {column: Company}`: its readers know one form.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from server.domain.money import CURRENCIES
from server.domain.wording import Path
from server.exchange.cells import DateFormat
from server.exchange.decoding import ENCODINGS
from server.exchange.placing import BranchLevel, PlanRule
from server.exchange.sources import (
    AmountRule,
    DateRule,
    FieldRule,
    Part,
    ProbabilityRule,
    StageRule,
    Texts,
    listed,
    sourced,
    staged,
)
from server.exchange.tables import Layout

# Fields of an opportunity that a template may name; the others are no texts.
_TEXT_FIELDS = ("externalId", "account", "accountGroup", "product", "productGroup", "seller", "territory", "stage")
_DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


class File(Part):
    """One uploaded file, or several of one shape, by name or pattern."""

    name: str = Field(min_length=1)
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header: int = Field(default=1, ge=1, le=1000)
    columns: tuple[str, ...] = ()
    optional: bool = False
    aliases: dict[str, dict[str, str]] = Field(default_factory=dict)

    @field_validator("delimiter")
    @classmethod
    def _one_character(cls, value: str | None) -> str | None:
        sign = _DELIMITERS.get(value or "", value)
        if sign is not None and (len(sign) != 1 or sign in '\r\n"'):
            raise ValueError(f"{value!r} is no delimiter; write one character, or tab, comma, semicolon or pipe")
        return sign

    @field_validator("encoding")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and value.lower() not in ENCODINGS:
            raise ValueError(f"{value!r} is not read; write one of {', '.join(ENCODINGS)}")
        return value.lower() if value else None

    @property
    def layout(self) -> Layout:
        """What the reader of tables needs to know."""
        return Layout(self.delimiter, self.encoding, self.sheet, self.header, self.columns)


class Join(Part):
    """The other side of a join, and what a key without a counterpart means."""

    matches: str
    missing: Literal["refuse", "blank"] = "refuse"


TextField = Annotated[FieldRule | None, BeforeValidator(sourced)]
AmountField = Annotated[AmountRule | None, BeforeValidator(sourced)]
ProbabilityField = Annotated[ProbabilityRule | None, BeforeValidator(sourced)]
DateField = Annotated[DateRule | None, BeforeValidator(sourced)]


class Columns(Part):
    """The fields of an opportunity."""

    external_id: Annotated[FieldRule, BeforeValidator(sourced)]
    account: TextField = None
    account_group: TextField = None
    product: TextField = None
    product_group: TextField = None
    seller: TextField = None
    territory: TextField = None
    currency: TextField = None
    stage: TextField = None
    state: TextField = None
    amount: AmountField = None
    probability: ProbabilityField = None
    engaged_on: DateField = None
    closed_on: DateField = None
    forecast_category: TextField = None

    @model_validator(mode="after")
    def _some_state(self) -> Self:
        if self.stage is None and self.state is None:
            raise ValueError("stage or state is needed: without one nobody can tell a won deal from an open one")
        return self


class PersonSource(Part):
    """Columns that name people."""

    name: str
    email: str | None = None


def _person(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class People(Part):
    """Who else is named in the files, and what becomes of a person nobody here knows."""

    missing: Literal["create", "refuse"] = "create"
    columns: tuple[Annotated[PersonSource, BeforeValidator(_person)], ...] = ()


class Numbers(Part):
    """How amounts and probabilities are written."""

    decimal: Literal[".", ","] = "."
    thousands: str = Field(default="", max_length=1)
    exponents: bool = False


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _matching(value: Any) -> Any:
    return {"matches": value} if isinstance(value, str) else value


class Sources(Part):
    """What every mapping has: the system, its files, how they are joined, and how figures and days are written."""

    system: str = Field(min_length=1, max_length=80)
    currency: str | None = None
    files: dict[str, Annotated[File, BeforeValidator(_named)]] = Field(min_length=1)
    main: str | None = None
    joins: dict[str, Annotated[Join, BeforeValidator(_matching)]] = Field(default_factory=dict)
    skip: dict[str, Texts] = Field(default_factory=dict)
    blank: Texts = ()
    numbers: Numbers = Numbers()
    dates: Annotated[tuple[DateFormat, ...], BeforeValidator(listed)] = ()
    people: People = People()

    @field_validator("currency")
    @classmethod
    def _iso(cls, value: str | None) -> str | None:
        if value is not None and value not in CURRENCIES:
            raise ValueError(f"“{value}” is not an ISO 4217 currency code such as EUR")
        return value

    @model_validator(mode="after")
    def _main_known(self) -> Self:
        if self.main is not None and self.main not in self.files:
            raise ValueError(f"main names no file of this mapping; its files are {', '.join(self.files)}")
        return self

    @property
    def main_file(self) -> str:
        """The file whose rows are read one by one: the one named, else the first."""
        return self.main or next(iter(self.files))

    def text_fields(self) -> Mapping[str, tuple[FieldRule, Path]]:
        """The fields that a template may name, each with the path at which it stands."""
        return {}


class CrmMapping(Sources):
    """A whole mapping of a CRM's extract."""

    columns: Columns
    stages: dict[str, Annotated[StageRule, BeforeValidator(staged)]] = Field(default_factory=dict)
    plans: Annotated[tuple[PlanRule, ...], BeforeValidator(listed)] = ()
    sellers: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.currency is None and self.columns.currency is None:
            raise ValueError("currency is needed: one code for all rows here, or a column under columns.currency")
        if self.stages and self.columns.stage is None:
            raise ValueError("stages say what the values of columns.stage mean; name that column")
        return self

    def text_fields(self) -> Mapping[str, tuple[FieldRule, Path]]:
        """The texts of an opportunity."""
        columns = self.columns
        named = {str(info.alias): getattr(columns, key) for key, info in type(columns).model_fields.items()}
        return {name: (named[name], ("columns", name)) for name in _TEXT_FIELDS if named[name]}


def keys_at(path: Path, mapping: type[Sources] = CrmMapping) -> list[str]:
    """The keys that may stand at a path of a mapping, to name the nearest one to a mistyped key."""
    kind: Any = mapping
    for step in path:
        fields = {field.alias: field for field in kind.model_fields.values()} if _is_part(kind) else {}
        kind = _inner(fields[step].annotation) if step in fields else _inner(kind)
    if kind is BranchLevel:
        return [*("objective", "portfolio", "program", "initiative", "salesPlan"), *_aliases(kind)]
    return _aliases(kind) if _is_part(kind) else []


def _is_part(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Part)


def _aliases(kind: type[Part]) -> list[str]:
    return [str(field.alias) for field in kind.model_fields.values()]


def _inner(kind: Any) -> Any:
    """What is inside `X | None`, `Annotated`, the values of a mapping or the items of a list."""
    arguments = [part for part in getattr(kind, "__args__", ()) if part not in {type(None), ..., str}]
    found: Any = arguments[0] if arguments and not _is_part(kind) else kind
    return found
