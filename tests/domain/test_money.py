"""Money stays exact: what is no amount is refused, what is one comes back as it was, and conversion rounds once."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.money import CURRENCIES, LARGEST_MINOR, Money, converted, decimal, exponent, major, masked, minor

AMOUNTS = st.integers(-LARGEST_MINOR, LARGEST_MINOR)
CODES = st.sampled_from(sorted(CURRENCIES))
RATES = st.integers(1, 10**12).map(lambda millionths: Decimal(millionths).scaleb(-6))


@pytest.mark.parametrize("text", ["NaN", "sNaN", "Infinity", "-inf", "1e400", "1e-400", "", "12,50", "1.2.3", "0" * 61])
def test_text_that_is_no_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a decimal number"):
        decimal(text)


@pytest.mark.parametrize(("text", "value"), [("-0", "0"), ("-0.00", "0"), (" 12.50 ", "12.50"), ("1e3", "1000")])
def test_text_that_is_a_decimal_is_taken(text: str, value: str) -> None:
    found = decimal(text)
    assert found == Decimal(value)
    assert not found.is_signed()


@pytest.mark.parametrize(
    ("amount", "currency", "rule"),
    [
        ("0.001", "EUR", "more than the 2 decimals of EUR"),
        ("0.1", "JPY", "more than the 0 decimals of JPY"),
        ("0.0001", "KWD", "more than the 3 decimals of KWD"),
        ("1.000000000000000000000000000001", "EUR", "more than the 2 decimals of EUR"),
        ("1e-999999", "EUR", "more than the 2 decimals of EUR"),
        ("10000000000000.01", "EUR", "too large"),
        ("1e400", "EUR", "too large"),
        ("NaN", "EUR", "not an amount"),
        ("Infinity", "EUR", "not an amount"),
        ("1", "EURO", "not an ISO 4217 currency"),
        ("1", "eur", "not an ISO 4217 currency"),
    ],
)
def test_an_amount_too_fine_too_large_or_none_at_all_is_refused(amount: str, currency: str, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        minor(Decimal(amount), currency)


def test_trailing_zeros_are_not_decimals() -> None:
    assert minor(Decimal("1.000000000000000000000000000000"), "JPY") == 1
    assert minor(Decimal("10000000000000.00"), "EUR") == LARGEST_MINOR


@given(AMOUNTS, CODES)
def test_minor_units_come_back_as_they_were(units: int, currency: str) -> None:
    amount = major(units, currency)
    assert minor(amount, currency) == units
    assert -int(amount.as_tuple().exponent) == exponent(currency)


@given(AMOUNTS, CODES, CODES, RATES)
def test_conversion_is_off_by_half_a_minor_unit_at_most(units: int, currency: str, into: str, rate: Decimal) -> None:
    exact = Fraction(major(units, currency)) * Fraction(rate) * 10 ** exponent(into)
    assert abs(converted(units, currency, into, rate) - exact) <= Fraction(1, 2)


@given(AMOUNTS, CODES, RATES)
def test_conversion_knows_no_sign(units: int, currency: str, rate: Decimal) -> None:
    assert converted(-units, currency, "EUR", rate) == -converted(units, currency, "EUR", rate)


def test_half_a_minor_unit_goes_to_the_even_one() -> None:
    assert [converted(units, "USD", "EUR", Decimal("0.5")) for units in (1, 3, 5)] == [0, 2, 2]
    assert converted(100, "JPY", "EUR", Decimal("0.00625")) == 62


def test_an_amount_is_spoken_with_its_currency() -> None:
    assert str(Money(18_000_050, "EUR")) == "180,000.50 EUR"
    assert str(Money(-1500, "JPY")) == "-1,500 JPY"


@given(AMOUNTS, CODES)
def test_no_digit_of_an_amount_is_left_in_a_masked_sentence(units: int, currency: str) -> None:
    money = Money(units, currency)
    for sentence in (f"It is {money}.", f"“x”{money}: raised from {money} to {money}", f"{money.amount:,} to {money}"):
        assert not any(letter.isdigit() for letter in masked(sentence)), sentence
    assert masked(f"raised from {money.amount:,} to {money}.") == "raised from an amount to an amount."


def test_what_is_no_amount_stays_in_a_masked_sentence() -> None:
    sentence = "On 12 May 2026, 3 of 40 lines (2026-11, 12.5 %, r1,204) waited 6 days; see NOTE 7 ABC."
    assert masked(sentence) == sentence
