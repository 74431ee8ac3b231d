"""Results: the opportunities that a CRM reports, and what is wrong with them (law §5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from server.domain.money import CURRENCIES, minor
from server.domain.months import EARLIEST, LATEST, Month
from server.domain.refusals import Faults
from server.domain.sales import CERTAIN, ForecastCategory, OpportunityState


@dataclass(frozen=True, slots=True)
class Result:
    """One opportunity as a CRM reports it; (system, external_id) finds it again.

    `currency` None is the reporting currency. `probability` is a share of 1 and is kept to six places; without one a
    won deal has 1 and a lost one 0. `closed_on` of an open deal is its expected close.
    """

    system: str
    external_id: str
    stage: str
    state: OpportunityState
    account: str | None = None
    account_group: str | None = None
    product: str | None = None
    product_group: str | None = None
    seller: str | None = None
    territory: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    probability: Decimal | None = None
    engaged_on: date | None = None
    closed_on: date | None = None
    forecast_category: ForecastCategory | None = None

    @property
    def month(self) -> Month | None:
        """The month in which it was won or lost, or is expected to close."""
        return Month.containing(self.closed_on) if self.closed_on else None

    @property
    def millionths(self) -> int | None:
        """The probability as it is kept."""
        if self.probability is None:
            return {OpportunityState.WON: CERTAIN, OpportunityState.LOST: 0}.get(self.state)
        return int((self.probability * CERTAIN).to_integral_value(ROUND_HALF_EVEN))


# text of a result, as callers write it → column and the longest it may be
TEXTS = {
    "system": ("system", 80),
    "externalId": ("external_id", 200),
    "stage": ("stage", 80),
    "account": ("account", 200),
    "accountGroup": ("account_group", 200),
    "product": ("product", 200),
    "productGroup": ("product_group", 200),
    "seller": ("seller", 200),
    "territory": ("territory", 200),
}
_NEEDED = frozenset({"system", "externalId", "stage"})


def check_results(results: Sequence[Result], currency: str, faults: Faults) -> None:
    """Add everything that is wrong with these results to `faults`; `currency` is meant where one names none."""
    named: set[tuple[str, str]] = set()
    for index, result in enumerate(results):
        key = (result.system, result.external_id)
        if key in named:
            faults.add(f"“{result.external_id}” is named twice; name each opportunity once.", *_at(index, "externalId"))
        named.add(key)
        for field, sentence in _faults(result, result.currency or currency):
            faults.add(f"“{result.external_id[:40]}”: {sentence}", *_at(index, field))


def _at(index: int, field: str) -> tuple[str, str, str]:
    return ("results", str(index), field)


def _faults(result: Result, currency: str) -> Iterable[tuple[str, str]]:
    for field, (column, longest) in TEXTS.items():
        text = getattr(result, column)
        if field in _NEEDED and not text.strip():
            yield field, f"{field} is missing; write it."
        if text and len(text) > longest:
            yield field, f"{field} has {len(text):,} characters; at most {longest} fit."
        if text and "\x00" in text:
            yield field, f"{field} holds a NUL character; take it out."
    if currency not in CURRENCIES:
        yield "currency", f"“{currency[:10]}” is not an ISO 4217 currency code such as EUR."
    else:
        yield from _amount_faults(result.amount, currency)
    chance = result.probability
    if chance is not None and not (chance.is_finite() and 0 <= chance <= 1):
        yield "probability", f"a probability lies between 0 and 1; {str(chance)[:30]} does not."
    yield from closing_faults(result)


def _amount_faults(amount: Decimal | None, currency: str) -> Iterable[tuple[str, str]]:
    try:
        if amount is not None and minor(amount, currency) < 0:
            yield "amount", f"an opportunity is not worth less than nothing; {amount} is negative."
    except ValueError as error:
        yield "amount", f"{error}."


def closing_faults(result: Result) -> Iterable[tuple[str, str]]:
    """What a deal lacks once it is closed, and days in the wrong order: field and sentence."""
    if result.state is not OpportunityState.OPEN and result.closed_on is None:
        yield "closedOn", f"a {result.state.lower()} deal needs the day it was {result.state.lower()}."
    if result.state is OpportunityState.WON and result.amount is None:
        yield "amount", "a won deal needs an amount."
    if result.state is OpportunityState.OPEN and result.forecast_category is ForecastCategory.CLOSED:
        yield "forecastCategory", "an open deal is not in the category CLOSED; say that it is won or lost."
    if result.engaged_on and result.closed_on and result.closed_on < result.engaged_on:
        yield "closedOn", f"it closed on {result.closed_on}, before it was engaged on {result.engaged_on}."
    for field, day in (("engagedOn", result.engaged_on), ("closedOn", result.closed_on)):
        if day and not EARLIEST <= day.year <= LATEST:
            yield field, f"{day} does not lie between {EARLIEST} and {LATEST}."
