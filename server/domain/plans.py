"""The plan of a decided measure as one value: its versions, how two of them differ, and its drift (law §2).

A plan is flat: a mapping from slots (a month of a value line, a milestone …) to what is planned there. So the
difference of two plans is the slots that differ, and a plan with a difference is exactly the next plan.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from server.domain.money import Money
from server.domain.months import Month
from server.domain.rates import PlanRates
from server.domain.values import COSTS, ValueKind


class PlanPart(StrEnum):
    """What a plan is made of."""

    ESTIMATE = "ESTIMATE"
    PLAN = "PLAN"
    QUOTA = "QUOTA"
    MILESTONE = "MILESTONE"
    INCENTIVE = "INCENTIVE"


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a plan. `thing` is the value line, the milestone, or the seller of an incentive.

    `dimension` and `segment` are how quota is cut; of an incentive the segment is its name, and `rewards` what it
    rewards.
    """

    part: PlanPart
    thing: UUID | None = None
    month: Month | None = None
    dimension: str = ""
    segment: str = ""
    rewards: UUID | None = None

    @property
    def order(self) -> tuple[int, str, int, str, str, str]:
        """By part, thing, month and segment."""
        things = (str(self.thing or ""), int(self.month or 0), self.dimension, self.segment, str(self.rewards or ""))
        return (_ORDER[self.part], *things)


_ORDER = {part: number for number, part in enumerate(PlanPart)}
Value = Money | date | int
"""What stands in a slot: an amount, a due date, or an incentive's weight in hundredths of a per cent."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What slots belong to: a value line (with a currency), a milestone, or a seller.

    `kind` is that of the line, or what the milestone measures.
    """

    name: str
    kind: str = ""
    currency: str = ""
    recurring: bool = False
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. Of things those are kept that a slot belongs to, and value lines."""

    values: Mapping[Slot, Value]
    things: Mapping[UUID, Thing]

    @classmethod
    def of(cls, values: Mapping[Slot, Value], things: Mapping[UUID, Thing]) -> "Plan":
        """A plan without the things that nothing is planned for."""
        used = {slot.thing for slot in values}
        return cls(values, {key: thing for key, thing in things.items() if key in used or thing.currency})

    def with_(self, differences: Iterable["Difference"], things: Mapping[UUID, Thing]) -> "Plan":
        """The plan that a difference makes of this one; `things` are those that it speaks of."""
        values = dict(self.values)
        for each in differences:
            values.pop(each.slot, None)
            if each.after is not None:
                values[each.slot] = each.after
        return Plan.of(values, {**self.things, **things})


@dataclass(frozen=True, slots=True)
class Difference:
    """What one slot was and becomes; None where nothing was, or will be. `name` is that of its thing."""

    slot: Slot
    name: str
    before: Value | None
    after: Value | None

    @property
    def amount(self) -> Money | None:
        """After − before, of an amount in one currency; None for dates, weights and a change of currency."""
        amounts = [each for each in (self.before, self.after) if isinstance(each, Money)]
        if not amounts or len({each.currency for each in amounts}) > 1:
            return None
        before, after = (each.units if isinstance(each, Money) else 0 for each in (self.before, self.after))
        return Money(after - before, amounts[0].currency)

    @property
    def days(self) -> int | None:
        """By how many days a date moves; later is above zero."""
        if isinstance(self.before, date) and isinstance(self.after, date):
            return (self.after - self.before).days
        return None

    @property
    def sentence(self) -> str:
        """What changes, with the exact values."""
        if self.after is None:
            return f"{self._what}: {spoken(self.before)} is taken out."
        if self.before is None:
            return f"{self._what}: {spoken(self.after)}, new."
        return f"{self._what}: from {spoken(self.before)} to {spoken(self.after)}."

    @property
    def _what(self) -> str:
        slot = self.slot
        when = f", {slot.month.spoken}" if slot.month else ""
        if slot.part is PlanPart.QUOTA:
            return f"Quota{f' of {slot.segment}' if slot.segment else ''}{when}"
        if slot.part is PlanPart.INCENTIVE:
            return f"Incentive “{slot.segment}” of {self.name}"
        if slot.part is PlanPart.MILESTONE:
            return f"Due date of “{self.name}”"
        return f"Plan of “{self.name}”{when}" if slot.part is PlanPart.PLAN else "Estimated value"


def spoken(value: Value | None) -> str:
    """What stands in a slot, as written in a sentence."""
    if isinstance(value, int):
        return f"{(Decimal(value) / 100).normalize():f} %"
    return str(value) if value is not None else "nothing"


def differences(before: Plan, after: Plan) -> tuple[Difference, ...]:
    """The slots in which two plans differ, in the order of a plan."""
    things = {**before.things, **after.things}
    slots = before.values.keys() | after.values.keys()
    changed = [slot for slot in slots if before.values.get(slot) != after.values.get(slot)]
    return tuple(
        Difference(slot, things[slot.thing].name if slot.thing else "", before.values.get(slot), after.values.get(slot))
        for slot in sorted(changed, key=lambda slot: slot.order)
    )


def size(changes: Sequence[Difference], things: Mapping[UUID, Thing], rates: PlanRates, this_month: Month) -> Money:
    """How large a change is: what money thresholds are compared with, in the reporting currency.

    The largest of five sums: revenue, other benefits, costs, quota, and the estimate. Each adds the absolute
    differences month by month and line by line, converted at the plan rate of the month's fiscal year (the estimate at
    this one's). Nothing is netted, so that a large shift between months or lines is not small; and nothing is counted
    twice, as revenue and its margin would be. Raises ValueError where a plan rate is missing.
    """
    sums: dict[str, int] = {}
    for heap, units in _moved(changes, things, rates, this_month):
        sums[heap] = sums.get(heap, 0) + abs(units)
    return Money(max(sums.values(), default=0), rates.into)


def moved(
    what: ValueKind | PlanPart,
    changes: Sequence[Difference],
    things: Mapping[UUID, Thing],
    rates: PlanRates,
    this_month: Month,
) -> int | None:
    """By how much a change raises planned revenue, or quota, in the reporting currency; None: it leaves it alone.

    Here rises and falls are netted. Raises ValueError where a plan rate is missing.
    """
    found = [units for heap, units in _moved(changes, things, rates, this_month) if heap == what.value]
    return sum(found) if found else None


def _moved(
    changes: Sequence[Difference], things: Mapping[UUID, Thing], rates: PlanRates, this_month: Month
) -> Iterator[tuple[str, int]]:
    """Each amount that moves: the heap that it counts on, and by how much it rises."""
    for each in changes:
        slot = each.slot
        if slot.part in {PlanPart.MILESTONE, PlanPart.INCENTIVE}:
            continue
        before, after = (_reporting(value, slot.month or this_month, rates) for value in (each.before, each.after))
        yield _heap(ValueKind(things[slot.thing].kind)) if slot.thing else slot.part.value, after - before


def _heap(kind: ValueKind) -> str:
    if kind is ValueKind.REVENUE:
        return kind.value
    return "COSTS" if kind in COSTS else "BENEFITS"


def _reporting(value: Value | None, month: Month, rates: PlanRates) -> int:
    return rates.convert(value.units, value.currency, month) if isinstance(value, Money) else 0
