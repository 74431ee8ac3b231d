"""The scalars of the contract: exact where money and order are concerned, and with a sentence for every wrong value."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NewType

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from strawberry.types.base import StrawberryObjectDefinition, StrawberryType
from strawberry.types.scalar import ScalarDefinition

from server.domain import money
from server.domain.months import Month

Revision = NewType("Revision", int)
Currency = NewType("Currency", str)


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise ValueError(  # noqa: TRY004 — GraphQL shows this one
            f"{what} is written as a string, not as {type(value).__name__}"
        )

    return value


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(  # noqa: TRY004 — GraphQL shows this one
            'a Decimal is written as a string such as "1250.50", so that it stays exact'
        )
    return money.decimal(str(value))


def _revision(value: Any) -> Revision:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else _text(value, "a Revision")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004 — the digits of a 64-bit integer
        raise ValueError(f"“{text[:40]}” is not a revision; use one that the API gave you")
    return Revision(int(text))


def _currency(value: Any) -> Currency:
    code = _text(value, "a Currency")
    money.exponent(code)
    return Currency(code)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(_text(value, "a DateTime"))
    if instant.tzinfo is None:
        raise ValueError("a DateTime needs its time zone, as in 2026-11-22T10:00:00Z")
    return instant


def _scalar(name: str, description: str, serialize: Any, parse: Any) -> ScalarDefinition:
    return strawberry.scalar(name=name, description=description, serialize=serialize, parse_value=parse)


SCALARS: dict[object, ScalarDefinition] = {
    Month: _scalar("Month", "A calendar month, written 2026-11.", str, lambda v: Month.parse(_text(v, "a Month"))),
    Decimal: _scalar(
        "Decimal",
        'An exact decimal number as a string, such as "10005534.00". Never a float.',
        lambda value: format(value, "f"),
        _decimal,
    ),
    Revision: _scalar(
        "Revision",
        "A place in the organization's order: the number of a ledger entry, as a string because it outgrows 32 bits.",
        str,
        _revision,
    ),
    Currency: _scalar("Currency", "An ISO 4217 currency code such as EUR.", str, _currency),
    datetime: _scalar("DateTime", "An instant in UTC, RFC 3339: 2026-11-22T10:00:00.000Z.", _instant, _read_instant),
}


class Names(NameConverter):
    """`Connection[CascadeNode]` is spoken `CascadeConnection`, its edge `CascadeEdge`."""

    def from_generic(self, generic_type: StrawberryObjectDefinition, types: list[StrawberryType | type]) -> str:
        """The name of a generic type with these arguments."""
        names = [self.get_name_from_type(each) for each in types]
        return "".join("Cascade" if name == "CascadeNode" else name for name in names) + generic_type.name


def config() -> StrawberryConfig:
    """Strawberry's configuration with our scalars and names."""
    return StrawberryConfig(scalar_map=SCALARS, name_converter=Names())
