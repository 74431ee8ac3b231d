"""Capacity: what each seller can be expected to bring a plan, by month, to be held against its quota (law §5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from server.domain.money import minor
from server.domain.months import Month
from server.domain.refusals import Faults
from server.domain.sales import LONGEST_SEGMENT

Key = tuple[str, Month]
"""A seller and a month."""


@dataclass(frozen=True, slots=True)
class CapacityAmount:
    """What a seller can bring in a month, in the reporting currency; None: nothing is known of it any more."""

    seller: str
    month: Month
    amount: Decimal | None


def check_capacity(asked: Sequence[CapacityAmount], currency: str, faults: Faults) -> dict[Key, int | None]:
    """Capacity in minor units by seller and month; what is wrong is added to `faults`."""
    wanted: dict[Key, int | None] = {}
    if not asked:
        faults.add("Name at least one seller and month.", "capacity")
    for index, one in enumerate(asked):
        key = (one.seller.strip(), one.month)
        named = f"{key[0][:40] or 'A seller'}, {one.month}"
        for field, sentence in _faults(one, currency):
            faults.add(f"{named}: {sentence}", "capacity", str(index), field)
        if key in wanted:
            faults.add(f"{named}: named twice; name each once.", "capacity", str(index))
        wanted[key] = None
        try:
            wanted[key] = None if one.amount is None else minor(one.amount, currency)
        except ValueError as error:
            faults.add(f"{named}: {error}.", "capacity", str(index), "amount")
    return wanted


def _faults(one: CapacityAmount, currency: str) -> Iterable[tuple[str, str]]:
    if not one.month.known:
        yield "month", "this is not a month between 1900-01 and 2199-12."
    if not one.seller.strip() or len(one.seller) > LONGEST_SEGMENT or "\x00" in one.seller:
        yield "seller", f"a seller's name has 1 to {LONGEST_SEGMENT} characters, and no NUL."
    if one.amount is not None and one.amount.is_finite() and one.amount < 0:
        yield "amount", f"capacity is not below zero; {one.amount} {currency} is."
