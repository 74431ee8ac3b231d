"""Calendar months and fiscal years. A month is stored and compared as the integer YYYYMM."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Self

_WRITTEN = re.compile(r"(\d{4})-(\d{2})")
EARLIEST, LATEST = 1900, 2199  # the years we know
_NAMES = "January February March April May June July August September October November December".split()


class Month(int):
    """A calendar month as the integer YYYYMM, written `2026-11`. Month arithmetic goes through `plus`."""

    @classmethod
    def of(cls, year: int, month: int) -> Self:
        """The month of a year. Raises ValueError outside 1900-01 … 2199-12."""
        if not (EARLIEST <= year <= LATEST and 1 <= month <= len(_NAMES)):
            raise ValueError(f"{year}-{month} is not a month between 1900-01 and 2199-12")
        return cls(year * 100 + month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2026-11`. Raises ValueError with a sentence a person understands."""
        found = _WRITTEN.fullmatch(text)
        if not found:
            raise ValueError(f"“{text[:40]}” is not a month; write it as 2026-11")
        return cls.of(int(found[1]), int(found[2]))

    @classmethod
    def containing(cls, day: date) -> Self:
        """The month in which a day lies."""
        return cls.of(day.year, day.month)

    @property
    def year(self) -> int:
        """The calendar year."""
        return self // 100

    @property
    def month(self) -> int:
        """1 to 12."""
        return self % 100

    @property
    def known(self) -> bool:
        """Whether it is a month of a year we know; `Month(…)` takes any integer."""
        return EARLIEST <= self.year <= LATEST and 1 <= self.month <= len(_NAMES)

    @property
    def first_day(self) -> date:
        """The month's first day."""
        return date(self.year, self.month, 1)

    @property
    def spoken(self) -> str:
        """As written in a sentence: `July 2026`."""
        return f"{_NAMES[self.month - 1]} {self.year}"

    def plus(self, months: int) -> "Month":
        """The month that lies `months` later (earlier when negative)."""
        ordinal = self.year * 12 + self.month - 1 + months
        return Month.of(ordinal // 12, ordinal % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __repr__(self) -> str:
        return f"Month({self})"


ALL_MONTHS = Month.of(EARLIEST, 1), Month.of(LATEST, len(_NAMES))


def months_between(first: Month, last: Month) -> Iterator[Month]:
    """Every month from `first` to `last`, both included."""
    month = first
    while month <= last:
        yield month
        month = month.plus(1)


def fiscal_year(month: Month, start: int) -> int:
    """The fiscal year of a month, named after the calendar year in which it ends; `start` is its first month, 1–12."""
    return month.year + (1 if start > 1 and month.month >= start else 0)


def fiscal_range(year: int, start: int) -> tuple[Month, Month]:
    """First and last month of a fiscal year."""
    first = Month.of(year if start == 1 else year - 1, start)
    return first, first.plus(11)
