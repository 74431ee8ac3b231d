"""From the text of one cell to a value, exactly or not at all: each raises ValueError with a reason to read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator

from server.domain import money
from server.domain.months import EARLIEST, LATEST

LONGEST_TEXT = 200
SHEET_ERRORS = frozenset("#REF! #N/A #VALUE! #DIV/0! #NAME? #NUM! #NULL! #SPILL! #CALC! #GETTING_DATA".split())
"""What a spreadsheet shows in a cell that it could not compute."""
NOT_COMPUTED = "is what a spreadsheet shows where it could not compute; mend the formula, or list it under blank"
_LARGEST_EXPONENT = 18  # beyond it quantize would raise
_MILLIONTH = Decimal("0.000001")
_UNITS = {"units": 0, "thousands": 3, "millions": 6}
_TOKENS = {"YYYY": "%Y", "YY": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%m", "DD": "%d", "D": "%d"}
_TOKENS |= {"hh": "%H", "mm": "%M", "ss": "%S"}
_TOKEN = re.compile("|".join(sorted(_TOKENS, key=len, reverse=True)))
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]\d\d:\d\d.*)?", re.ASCII)


def text(raw: str, longest: int = LONGEST_TEXT) -> str:
    """A name or an id: line breaks and tabs become one space. What stands for an error is neither."""
    if raw in SHEET_ERRORS:
        raise ValueError(NOT_COMPUTED)
    if len(raw) > longest:
        raise ValueError(f"has {len(raw):,} characters; at most {longest} are kept")
    if not raw.isprintable():
        raw = " ".join(raw.split())
        if any(ord(sign) < 32 or ord(sign) == 127 for sign in raw):  # noqa: PLR2004 - ASCII's control characters
            raise ValueError("holds control characters")
    return raw


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How numbers are written: the decimal sign, the sign between thousands where there is one, and whether 2.5E-06."""

    decimal: str = "."
    thousands: str = ""
    exponents: bool = False


@lru_cache(maxsize=16)
def _pattern(written: NumberFormat) -> re.Pattern[str]:
    point = re.escape(written.decimal)
    grouped = rf"\d{{1,3}}(?:{re.escape(written.thousands)}\d{{3}})+|" if written.thousands else ""
    power = r"(?:[eE]([+-]?\d{1,2}))?" if written.exponents else "()"
    return re.compile(rf"([+-]?)({grouped}\d+)(?:{point}(\d+))?{power}", re.ASCII)


def number(raw: str, written: NumberFormat) -> Decimal:
    """An exact decimal in the given notation. NaN, words and misplaced signs are refused."""
    match = _pattern(written).fullmatch(raw)
    if match is None or len(raw) > 60:  # noqa: PLR2004 - longer than any figure of this world
        grouped = f", “{written.thousands}” between thousands" if written.thousands else ""
        raise ValueError(f"is not a number written with “{written.decimal}” before decimals{grouped}")
    sign, whole, fraction, power = match.groups()
    if written.thousands:
        whole = whole.replace(written.thousands, "")
    value = Decimal(f"{sign}{whole}.{fraction or 0}E{power or 0}")
    if sign == "-" and not value:
        raise ValueError("is minus zero, which is no amount")
    return value


def amount(
    raw: str, written: NumberFormat, currency: str | None, unit: str = "units", *, rounded: bool = False
) -> Decimal:
    """An amount at or above zero that its currency can express; with `rounded` finer ones are rounded half up.

    Without a currency nothing is said of its decimals.
    """
    value = number(raw, written).scaleb(_UNITS[unit])
    if value < 0:
        raise ValueError("is below zero; the amount of a deal is not")
    places = money.exponent(currency) if currency else 0
    if value.adjusted() > _LARGEST_EXPONENT or value.scaleb(places) > money.LARGEST_MINOR:
        raise ValueError("is too large for an amount of money")
    if currency is None:
        return value
    kept = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if kept != value and not rounded:
        raise ValueError(f"has more than the {places} decimals of {currency}; round: true rounds it half up")
    return kept


def share(raw: str, written: NumberFormat = NumberFormat(), *, percent: bool = False) -> Decimal:
    """A probability between 0 and 1; “40%”, and any number with `percent`, is divided by 100."""
    signed = raw.endswith("%")
    value = number(raw.removesuffix("%").rstrip(), written)
    if signed or percent:
        value = value.scaleb(-2)
    if not 0 <= value <= 1:
        hint = "" if signed or percent else "; percent: true reads 40 as 0.4"
        raise ValueError(f"is not a probability between {'0 and 100 %' if signed or percent else '0 and 1'}{hint}")
    if value != value.quantize(_MILLIONTH):
        raise ValueError("has more decimals than a probability keeps (six)")
    return value.normalize() + 0


def _date_format(written: str) -> str:
    """`DD.MM.YYYY` as strptime wants it."""
    found = {token[0] for token in _TOKEN.findall(written)}
    if not {"Y", "M", "D"} <= found:
        raise ValueError(f"“{written}” is no date format; write it with YYYY, MM and DD, such as DD.MM.YYYY")
    return _TOKEN.sub(lambda token: _TOKENS[token[0]], written.replace("%", "%%"))


DateFormat = Annotated[str, AfterValidator(_date_format)]


@lru_cache(maxsize=20_000)
def day(raw: str, formats: Sequence[str] = ()) -> date:
    """A day that exists, in one of the formats or as ISO 8601; a time behind it is dropped, not converted."""
    found = next((parsed for written in formats if (parsed := _parsed(raw, written))), None)
    if found is None and (iso := _ISO.fullmatch(raw)):
        try:
            found = date.fromisoformat(iso[1])
        except ValueError:
            raise ValueError("is a day that does not exist") from None
    if found is None:
        raise ValueError("is not a day in the date format of the mapping (YYYY-MM-DD unless it names another)")
    if not EARLIEST <= found.year <= LATEST:
        raise ValueError(f"lies outside the years {EARLIEST} to {LATEST}")
    return found


def _parsed(raw: str, written: str) -> date | None:
    try:
        return datetime.strptime(raw, written).date()  # noqa: DTZ007 - a day as written has no zone
    except ValueError:
        return None
