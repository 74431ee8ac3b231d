"""Months as people write them: `Jan 2026`, `2026-01`, `01/2026`, a day in it; and headers that are months."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from server.domain.months import Month
from server.exchange import cells

_NAMES = (
    *(("january", "januar", "janvier"), ("february", "februar", "février"), ("march", "märz", "mars")),
    *(("april", "avril"), ("may", "mai"), ("june", "juni", "juin"), ("july", "juli", "juillet")),
    *(("august", "août"), ("september", "septembre"), ("october", "oktober", "octobre"), ("november", "novembre")),
    ("december", "dezember", "décembre"),
)
_NUMBERS = {name: number for number, names in enumerate(_NAMES, 1) for name in names}
# Without “jui”, which is June and July in French.
_SHORT = {"mrz": 3, "sept": 9, "janv": 1} | {n[:3]: number for n, number in _NUMBERS.items() if n[:3] != "jui"}
_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "MMMM": r"(?P<name>[^\W\d_]+)\.?",
    "MMM": r"(?P<name>[^\W\d_]+)\.?",
    "MM": r"(?P<number>\d{2})",
    "M": r"(?P<number>\d{1,2})",
}
_BRACED = re.compile(r"\{(\w+)\}")
_USUAL: tuple[str, ...] = ("{YYYY}-{MM}", "{YYYY}{MM}", "{YYYY}/{MM}", "{MM}/{YYYY}", "{M}/{YYYY}", "{MM}.{YYYY}")
_USUAL += ("{MMM} {YYYY}", "{MMM}-{YYYY}", "{MMM}-{YY}", "{MMM} {YY}", "{MMM}. {YYYY}", "{YYYY}-{MM}-01")


def named(word: str) -> int | None:
    """The number of a month's name or short name in English, German or French."""
    low = word.lower().rstrip(".")
    return _NUMBERS.get(low) or _SHORT.get(low)


def header_fault(pattern: str, *, with_year: bool) -> str | None:
    """What is wrong with a pattern of headers, if anything."""
    tokens = _BRACED.findall(pattern)
    if unknown := [token for token in tokens if token not in _TOKENS]:
        return f"“{{{unknown[0]}}}” stands for nothing here; write {{YYYY}}, {{YY}}, {{MMM}}, {{MM}} or {{M}}"
    if not any(token.startswith("M") for token in tokens):
        return "months is a pattern of headers with a month in it, such as {MMM} {YYYY} or M{MM}"
    if with_year and not any(token.startswith("Y") for token in tokens):
        return "the pattern names no year; write {YYYY} in it, or say under year which column holds it"
    return None


@lru_cache(maxsize=200)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = _BRACED.split(pattern)
    written = [_TOKENS[part] if place % 2 else re.escape(part) for place, part in enumerate(parts)]
    return re.compile("".join(written), re.IGNORECASE)


def read(text: str, pattern: str) -> tuple[int | None, int] | None:
    """Year (None: not in it) and month of a text by a pattern; None where it is no such text."""
    found = _compiled(pattern).fullmatch(" ".join(text.split()))
    if found is None:
        return None
    parts = found.groupdict()
    number = named(parts["name"]) if parts.get("name") else int(parts["number"])
    if number is None or not 1 <= number <= 12:  # noqa: PLR2004 — months of a year
        return None
    year = parts.get("year") or (f"20{parts['short']}" if parts.get("short") else None)
    return (int(year) if year else None), number


def month(text: str, formats: Sequence[str] = (), patterns: Iterable[str] = ()) -> Month:
    """The month of a cell: by a pattern, as usually written, or the month of a day.

    Raises ValueError with a reason to read.
    """
    for pattern in (*patterns, *_USUAL):
        found = read(text, pattern)
        if found and found[0] is not None:
            return Month.of(found[0], found[1])
    try:
        return Month.containing(cells.day(text, tuple(formats)))
    except ValueError as error:
        if "does not exist" in str(error) or "outside" in str(error):
            raise
        raise ValueError("is neither a month such as 2026-01 or Jan 2026 nor a day in a known format") from None


def columns(headers: Sequence[str], pattern: str) -> tuple[dict[str, tuple[int | None, int]], list[str]]:
    """The headers that are months by a pattern, and a sentence for every month that has two columns."""
    found: dict[str, tuple[int | None, int]] = {}
    by_month: dict[tuple[int | None, int], str] = {}
    twice = []
    for header in headers:
        one = read(header, pattern)
        if one is None:
            continue
        if one in by_month:
            twice.append(f"“{by_month[one]}” and “{header}” are the same month; a month has one column.")
        by_month.setdefault(one, header)
        found[header] = one
    return found, twice
