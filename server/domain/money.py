"""Money: exact decimals outside, integer minor units inside (ISO 4217 exponents). No float ever touches an amount."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

# ISO 4217:2015 list one. All codes not in _OTHER_EXPONENTS have two decimals.
CURRENCIES = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UYW UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG""".split()
)
_OTHER_EXPONENTS: dict[str, int] = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}
_EXPONENTS = dict.fromkeys(CURRENCIES, 2) | _OTHER_EXPONENTS
# One amount stays below a thousand million million minor units: 9,000 of them still add up inside a 64-bit integer.
LARGEST_MINOR = 10**15
_LONGEST, _FURTHEST, _OUT_OF_REACH = 60, 40, 20  # characters; places around the point of a decimal, and of an amount


def exponent(currency: str) -> int:
    """Decimals of a currency. Raises ValueError for a code that ISO 4217 does not know."""
    places = _EXPONENTS.get(currency)
    if places is None:
        raise ValueError(f"“{currency[:10]}” is not an ISO 4217 currency code such as EUR")
    return places


def decimal(text: str) -> Decimal:
    """An exact, finite decimal from its text. Raises ValueError for NaN, infinities, words and what is out of reach."""
    try:
        value = Decimal(text.strip()) if len(text) <= _LONGEST else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or abs(value.adjusted()) > _FURTHEST:
        raise ValueError(f"“{text[:40]}” is not a decimal number such as 1250.50")
    return value or Decimal(0)  # minus zero becomes zero


def minor(amount: Decimal, currency: str) -> int:
    """Minor units of an amount. Raises ValueError when it is too large or finer than the currency allows."""
    places = exponent(currency)
    if not amount.is_finite():
        raise ValueError(f"{str(amount)[:30]} is not an amount of money")
    if amount.adjusted() > _OUT_OF_REACH:
        raise ValueError(f"{str(amount)[:30]} is too large for an amount of money")
    if amount and amount.adjusted() < -places:
        raise ValueError(f"{str(amount)[:40]} has more than the {places} decimals of {currency}")
    # Integers all the way: Decimal's own arithmetic rounds to 28 digits, and would take 1.000…0001 for 1.
    above, below = amount.as_integer_ratio()
    scale: int = 10**places
    units, rest = divmod(above * scale, below)
    if rest:
        raise ValueError(f"{str(amount)[:40]} has more than the {places} decimals of {currency}")
    if abs(units) > LARGEST_MINOR:
        raise ValueError(f"{str(amount)[:30]} is too large for an amount of money")
    return units


def major(units: int, currency: str) -> Decimal:
    """The exact decimal amount of minor units, with all decimals of its currency: 100550 EUR → 1005.50."""
    return Decimal(units).scaleb(-exponent(currency))


def spelt(units: int, places: int) -> str:
    """The exact decimal text of so many units with so many decimals, as `major` is written: (100550, 2) → "1005.50"."""
    digits = str(units)
    if places == 0:
        return digits
    if units < 10**places:  # that many digits and none before the point, or less than nothing
        digits = f"{'-' if units < 0 else ''}{abs(units):0{places + 1}d}"
    return f"{digits[:-places]}.{digits[-places:]}"


def converted(units: int, currency: str, into: str, rate: Decimal) -> int:
    """Minor units of `into` for minor units of `currency` at `rate` (one unit of `currency` costs `rate` of `into`).

    Each stored amount is converted once and rounded half to even, so every roll-up is a plain sum and adds up at every
    node (law §4).
    """
    return round(Fraction(units) * Fraction(rate) * Fraction(10) ** (exponent(into) - exponent(currency)))


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: integer minor units and an ISO 4217 currency."""

    units: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return major(self.units, self.currency)

    def __str__(self) -> str:
        return f"{self.amount:,} {self.currency}"


HIDDEN = "an amount"
"""What stands in a sentence for an amount that may not be read."""
_NUMBER = r"-?\d[\d,]*(?:\.\d+)?"
_AMOUNT = re.compile(rf"({_NUMBER} to )?{_NUMBER}\s([A-Z]{{3}})\b")  # rather one too many than one that is told


def masked(text: str) -> str:
    """A sentence without its amounts: each `1,000.00 EUR` (as `Money` writes them) becomes “an amount”."""

    def hidden(found: re.Match[str]) -> str:
        if found[2] not in CURRENCIES:
            return found[0]
        return f"{HIDDEN} to {HIDDEN}" if found[1] else HIDDEN

    return _AMOUNT.sub(hidden, text)
