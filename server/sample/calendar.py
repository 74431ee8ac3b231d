"""The sample company's calendar: days and months counted from today, always on a working day."""

from dataclasses import dataclass
from datetime import date, timedelta

from server.domain.months import Month, fiscal_year

_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Calendar:
    """Everything is told from today, so that the company is as old whenever it is made."""

    today: date

    def day(self, ago: int) -> date:
        """So many days ago (to come, when negative), or the Friday before a weekend: the order of days stays."""
        found = self.today - timedelta(days=ago)
        return found - timedelta(days=max(found.weekday() - _FRIDAY, 0))

    def month(self, ago: int) -> Month:
        """The month in which that day lies."""
        return Month.containing(self.day(ago))

    def later(self, months: int) -> Month:
        """So many months after the current one."""
        return Month.containing(self.today).plus(months)

    @property
    def fiscal_start(self) -> int:
        """The first month of the fiscal year: a quarter's, so that today lies in the middle of the year.

        A board in the first or last weeks of its year shows little: all plan and no actual, or no forecast.
        """
        return next(month for month in (1, 4, 7, 10) if 4 <= (self.today.month - month) % 12 <= 6)  # noqa: PLR2004

    @property
    def fiscal_year(self) -> int:
        """The current fiscal year."""
        return fiscal_year(self.later(0), self.fiscal_start)

    @property
    def fiscal_label(self) -> str:
        """How the current fiscal year is written in a name: `2026` or `2026/27`."""
        year = self.fiscal_year
        return str(year) if self.fiscal_start == 1 else f"{year - 1}/{year % 100:02d}"
