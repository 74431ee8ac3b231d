"""Rates: what one unit of a currency costs in the reporting currency (law §4).

A plan rate holds for a fiscal year, and every figure is at plan rates. An actual rate is that of one month: a second
view of what is in the books, and the difference between the two is the currency effect.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from server.domain.money import CURRENCIES, LARGEST_MINOR, converted
from server.domain.months import EARLIEST, LATEST, Month, fiscal_year
from server.domain.refusals import Faults

_FINEST = 10  # decimals of a rate
_HIGHEST = Decimal(10**9)


@dataclass(frozen=True, slots=True)
class PlanRates:
    """The rates of one organization, by fiscal year and currency, into its reporting currency."""

    into: str
    fiscal_year_start: int
    rates: Mapping[tuple[int, str], Decimal]

    def convert(self, units: int, currency: str, month: Month) -> int:
        """Minor units of the reporting currency, at the rate of the month's fiscal year.

        Raises ValueError where no rate was set, or the result is out of reach.
        """
        if currency == self.into:
            return units
        year = fiscal_year(month, self.fiscal_year_start)
        rate = self.rates.get((year, currency))
        if rate is None:
            missing = f"there is no plan rate of {currency} into {self.into} for fiscal year {year}"
            raise ValueError(f"{missing}; a controller sets it first (setPlanRate)")
        return _converted(units, currency, self.into, rate)


@dataclass(frozen=True, slots=True)
class ActualRates:
    """The actual rates of one organization, by month and currency, into its reporting currency."""

    into: str
    rates: Mapping[tuple[Month, str], Decimal]

    def convert(self, units: int, currency: str, month: Month) -> int | None:
        """Minor units of the reporting currency at the month's actual rate; None where there is none.

        Raises ValueError where the result is out of reach.
        """
        rate = self.rates.get((month, currency))
        return None if rate is None else _converted(units, currency, self.into, rate)


def _converted(units: int, currency: str, into: str, rate: Decimal) -> int:
    found = converted(units, currency, into, rate)
    if abs(found) > LARGEST_MINOR:
        raise ValueError(f"the amount in {currency} is too large once it is converted into {into}")
    return found


def check_rate(fiscal_year: int, currency: str, into: str, rate: Decimal) -> None:
    """Refuse what cannot be a plan rate, with all its faults at once."""
    faults = Faults()
    if not EARLIEST < fiscal_year <= LATEST:  # the first may begin before the years we know
        faults.add(f"{fiscal_year} is not a fiscal year between {EARLIEST + 1} and {LATEST}.", "fiscalYear")
    _check("plan", currency, into, rate, faults)
    faults.refuse_if_any()


def check_actual_rate(month: Month, currency: str, into: str, rate: Decimal | None, this_month: Month) -> None:
    """Refuse what cannot be an actual rate, with all its faults at once."""
    faults = Faults()
    if not month.known:
        faults.add(f"{int(month)} is not a month between {EARLIEST}-01 and {LATEST}-12.", "month")
    elif month > this_month:
        message = f"{month} lies in the future: an actual rate can be set up to {this_month}."
        faults.add(f"{message} What is expected of later months is the plan rate (setPlanRate).", "month")
    _check("actual", currency, into, rate, faults)
    faults.refuse_if_any()


def _check(what: str, currency: str, into: str, rate: Decimal | None, faults: Faults) -> None:
    if currency not in CURRENCIES:
        faults.add(f"“{currency[:10]}” is not an ISO 4217 currency code such as USD.", "currency")
    elif currency == into:
        faults.add(f"{into} is the reporting currency; it needs no rate into itself.", "currency")
    if rate is None:
        return
    if not rate.is_finite() or not 0 < rate <= _HIGHEST:
        faults.add(f"The {what} rate lies above 0 and not above {_HIGHEST:,}; {str(rate)[:30]} does not.", "rate")
    elif -int(rate.as_tuple().exponent) > _FINEST:
        faults.add(f"The {what} rate has at most {_FINEST} decimals.", "rate")
