"""Plan rates: what one unit of a currency is planned to cost in the reporting currency, by fiscal year (law §4)."""

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
        found = converted(units, currency, self.into, rate)
        if abs(found) > LARGEST_MINOR:
            raise ValueError(f"the amount in {currency} is too large once it is converted into {self.into}")
        return found


def check_rate(fiscal_year: int, currency: str, into: str, rate: Decimal) -> None:
    """Refuse what cannot be a plan rate, with all its faults at once."""
    faults = Faults()
    if not EARLIEST < fiscal_year <= LATEST:  # the first may begin before the years we know
        faults.add(f"{fiscal_year} is not a fiscal year between {EARLIEST + 1} and {LATEST}.", "fiscalYear")
    if currency not in CURRENCIES:
        faults.add(f"“{currency[:10]}” is not an ISO 4217 currency code such as USD.", "currency")
    elif currency == into:
        faults.add(f"{into} is the reporting currency; it needs no rate into itself.", "currency")
    if not rate.is_finite() or not 0 < rate <= _HIGHEST:
        faults.add(f"A plan rate lies above 0 and not above {_HIGHEST:,}; {str(rate)[:30]} does not.", "rate")
    elif -int(rate.as_tuple().exponent) > _FINEST:
        faults.add(f"A plan rate has at most {_FINEST} decimals.", "rate")
    faults.refuse_if_any()
