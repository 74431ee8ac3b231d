"""Cells and rows that are no figures: words for “not known”, and totals among details."""

import re
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fnmatch import fnmatchcase

from server.exchange.cells import SHEET_ERRORS

_UNKNOWN = frozenset(
    (
        *(
            "-",
            "–",
            "—",
            "?",
            "tbd",
            "tbc",
            "tba",
            "n/a",
            "n.a.",
            "na",
            "k.a.",
            "k. a.",
            "unknown",
            "unbekannt",
            "offen",
        ),
        *(error.lower() for error in SHEET_ERRORS),
    )
)
_BEGINNINGS = ("exempt", "withheld", "data not provided", "not provided", "not available", "to be ")
_TOTAL = r"(?:(?:grand|sub|overall)[ -]?)?totals?|(?:gesamt|zwischen|teil)?summen?|gesamt|insgesamt|total général"
_WHOLE = re.compile(rf"(?:{_TOTAL})\s*:?", re.IGNORECASE)
_WORD = re.compile(rf"\b(?:{_TOTAL})\b:?", re.IGNORECASE)


def is_unknown(cell: str, patterns: Collection[str] = ()) -> bool:
    """Whether a cell says that its figure is not known: `TBD`, `-`, `#REF!`, `Exempt under …`, or a pattern's text."""
    if not patterns and cell[:1].isdigit():  # no word of ours begins so
        return False
    low = " ".join(cell.split()).lower()
    if low in _UNKNOWN or low.startswith(_BEGINNINGS):
        return True
    return any(fnmatchcase(low, pattern.lower()) for pattern in patterns)


def names_total(names: Iterable[str]) -> str | None:
    """The name that is no name but a total's: `Total`, `Grand total:`, or `Total Europe` beside the name `Europe`."""
    known = [" ".join(name.split()) for name in names]
    for name in known:
        rest = " ".join(_WORD.sub(" ", name).split())
        if _WHOLE.fullmatch(name) or (rest != name and rest in known):
            return name
    return None


class Totals:
    """Sums of what came before, by which a total is known that is called otherwise."""

    def __init__(self) -> None:
        self._since_start: dict[object, Decimal] = {}
        self._since_total: dict[object, Decimal] = {}
        self._rows = 0

    def add(self, amounts: Mapping[object, Decimal]) -> None:
        """Count the amounts of one detail, by line and month."""
        self._rows += 1
        for key, amount in amounts.items():
            self._since_start[key] = self._since_start.get(key, Decimal(0)) + amount
            self._since_total[key] = self._since_total.get(key, Decimal(0)) + amount

    def begin_again(self) -> None:
        """After a total: what follows may have one of its own."""
        self._since_total.clear()

    def equal(self, amounts: Mapping[object, Decimal]) -> bool:
        """Whether these are exactly the sums of two or more rows above, since the start or since the last total."""
        stated = {key: amount for key, amount in amounts.items() if amount}
        if not stated or self._rows < 2:  # noqa: PLR2004 — one row and its total look the same
            return False
        return any(
            {key: amount for key, amount in sums.items() if amount} == stated
            for sums in (self._since_start, self._since_total)
        )


def mentions_total(names: Iterable[str]) -> bool:
    """Whether a total's word stands in one of the names."""
    return any(_WORD.search(name) for name in names)
