"""What closing books, so that what is confirmed adds up to what was stated, to the last minor unit (law §4)."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.closing import ClosingLine, booking
from server.domain.money import Money
from server.domain.months import Month
from server.domain.rates import PlanRates
from server.domain.refusals import Refused

NOW = Month(202705)
RATES = PlanRates("EUR", 1, {(2027, "USD"): Decimal("0.9"), (2027, "GBP"): Decimal("1.17"), (2027, "JPY"): Decimal(2)})


def line(number: int, planned: int, currency: str = "EUR", confirmed: int | None = None) -> ClosingLine:
    return ClosingLine(UUID(int=number), f"Line {number}", currency, planned, confirmed)


@given(stated=st.integers(0, 10**12), so_far=st.integers(-(10**12), 10**12), month=st.integers(-(10**9), 10**9))
def test_with_a_line_in_the_reporting_currency_everything_can_be_stated(stated: int, so_far: int, month: int) -> None:
    found = booking("Pumps", Money(stated, "EUR"), so_far, [line(1, 5, confirmed=month)], NOW, RATES)
    if stated == so_far:
        assert found is None
    else:
        assert found is not None
        assert (found.change.after or 0) - month == stated - so_far == found.difference.units


@given(stated=st.integers(0, 10**9), so_far=st.integers(0, 10**9), month=st.integers(0, 10**6))
def test_what_is_booked_in_another_currency_is_exact_or_refused(stated: int, so_far: int, month: int) -> None:
    for currency in ("USD", "GBP", "JPY"):
        lines = [line(1, 5, currency, month)]
        before = RATES.convert(month, currency, NOW)
        try:
            found = booking("Pumps", Money(stated, "EUR"), so_far, lines, NOW, RATES)
        except Refused as refused:
            instead = refused.message.rsplit("State ")[1].split(" EUR")[0].replace(",", "")
            nearest = int(Decimal(instead) * 100)
            assert abs(nearest - stated) <= 100
            again = booking("Pumps", Money(nearest, "EUR"), so_far, lines, NOW, RATES)
            assert again is None or again.difference.units == nearest - so_far
        else:
            after = RATES.convert((found.change.after or 0) if found else month, currency, NOW)
            assert so_far + after - before == stated


def test_the_line_with_the_largest_plan_takes_it_the_oldest_of_equals_and_the_next_where_it_cannot() -> None:
    def booked(*lines: ClosingLine, stated: int = 1_01) -> str:
        found = booking("Pumps", Money(stated, "EUR"), 0, lines, NOW, RATES)
        assert found
        return found.line.name

    assert booked(line(1, 5), line(2, 6)) == "Line 2"
    assert booked(line(1, 5), line(2, 5)) == "Line 1"
    assert booked(line(1, 5), line(2, 6, "JPY")) == "Line 1", "200 cents a yen"
    assert booked(line(1, 5), line(2, 6, "JPY"), stated=4_00) == "Line 2"
    assert booked(line(1, 5), line(2, 6, "CHF")) == "Line 1", "there is no rate"


def test_without_a_headline_line_nothing_is_booked() -> None:
    assert booking("Pumps", Money(1, "EUR"), 0, [], NOW, RATES) is None


@pytest.mark.parametrize(
    ("currency", "told"),
    [("JPY", "State 2.00 EUR instead."), ("CHF", "no plan rate of CHF for it. A controller sets it first")],
)
def test_what_no_line_can_express_is_refused_with_the_next_step(currency: str, told: str) -> None:
    with pytest.raises(Refused, match=told) as refused:
        booking("Pumps", Money(1_50, "EUR"), 0, [line(1, 5, currency)], NOW, RATES)
    assert refused.value.path == ("confirmed",)
