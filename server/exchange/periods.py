"""Periods as people write them, and the day on which they end: a day, a month, a quarter or a year."""

import re
from datetime import date, timedelta

from server.domain.months import Month, fiscal_range
from server.exchange import cells, month_words

_YEAR = re.compile(r"(?:FY ?)?(\d{4})", re.IGNORECASE | re.ASCII)
_QUARTER = re.compile(r"(?:FY ?)?(\d{4})[ /-]*Q([1-4])|Q([1-4])[ /-]*(?:FY ?)?(\d{4})", re.IGNORECASE | re.ASCII)


def period_end(text: str, fiscal_year_start: int) -> date:
    """The last day of `2026`, `FY2026`, `2026-Q3`, `Q3 2026`, `2026-09`, `Sep 2026`, or the day itself.

    Years and quarters are fiscal ones. Raises ValueError with a reason to read.
    """
    plain = " ".join(text.split())
    if found := _QUARTER.fullmatch(plain):
        year, quarter = int(found[1] or found[4]), int(found[2] or found[3])
        first, _ = fiscal_range(year, fiscal_year_start)
        return _last_day(first.plus(3 * quarter - 1))
    if found := _YEAR.fullmatch(plain):
        return _last_day(fiscal_range(int(found[1]), fiscal_year_start)[1])
    try:
        return cells.day(plain)
    except ValueError:
        pass
    try:
        return _last_day(month_words.month(plain))
    except ValueError:
        raise ValueError("is no period: write a day, 2026-09, 2026-Q3 or 2026") from None


def stated_fiscal_year(text: str) -> int | None:
    """The fiscal year that a text names, by the year it ends in: `FY27`, `2027`, `2026/27` and `2026-2027` are 2027."""
    years = [digits for digits in re.findall(r"[0-9]+", text) if len(digits) in (2, 4)]
    return int(years[-1]) + (2000 if len(years[-1]) == 2 else 0) if years else None  # noqa: PLR2004 — two digits


def _last_day(month: Month) -> date:
    return month.plus(1).first_day - timedelta(days=1)
