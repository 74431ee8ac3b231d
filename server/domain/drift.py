"""Drift: how far a decided plan has come from what was decided first (law §2: every report can show the miss)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from server.domain.figures import Figure, Listed, Origin, Term, of_terms
from server.domain.money import Money
from server.domain.months import Month
from server.domain.plans import Plan, PlanPart
from server.domain.rates import PlanRates
from server.domain.rollups import spoken
from server.domain.values import ValueKind


@dataclass(frozen=True, slots=True)
class Versions:
    """The first and the present version of one plan, by number, and the rates that both are converted at.

    `sources` are the decisions that made the two.
    """

    first: Plan
    now: Plan
    number: int
    rates: PlanRates
    sources: tuple[Origin, Origin] = (None, None)

    def figure(self, what: str, amounts: Sequence[tuple[str, int, int]]) -> Figure:
        """Present version − version 1. `amounts`: what each is called, in version 1, and now."""
        one, now = sum(first for _, first, _ in amounts), sum(after for _, _, after in amounts)
        currency = self.rates.into
        terms = self._both(one, now)
        terms += [
            (name, after - first, str(Money(after - first, currency)), self._rows(first, after))
            for name, first, after in amounts
            if after != first
        ]
        formula = f"{what}: version {self.number} − version 1, both at today's plan rates"
        return of_terms(now - one, terms, currency, formula, 0)

    def _both(self, one: int, now: int) -> list[Term]:
        """An amount in version 1 and in the present one, each with the decision that made the version."""
        amounts = (("Version 1", one), (f"Version {self.number}", now))
        return [
            (name, units, str(Money(units, self.rates.into)), source)
            for (name, units), source in zip(amounts, self.sources, strict=True)
        ]

    def _rows(self, one: int, now: int) -> Listed:
        return Listed(tuple((name, told, source) for name, _, told, source in self._both(one, now)))


@dataclass(frozen=True, slots=True)
class MilestoneDrift:
    """How a milestone's date has moved: decided first, decided last, and as it stands now; None where there is none."""

    id: UUID
    name: str
    first: date | None
    planned: date | None
    due: date | None

    @property
    def days(self) -> int | None:
        """By how many days it is later than first decided; below zero: earlier."""
        return (self.due - self.first).days if self.first and self.due else None


def by_kind(found: Versions, kinds: Iterable[ValueKind]) -> list[tuple[ValueKind, Figure]]:
    """The drift of each kind that either version plans, in the law's order. Raises ValueError without a plan rate."""
    first, now = _lines(found.first, found.rates), _lines(found.now, found.rates)
    things = {**found.first.things, **found.now.things}
    told: list[tuple[ValueKind, Figure]] = []
    for kind in kinds:
        keys = sorted(key for key in first.keys() | now.keys() if things[key].kind == kind)
        if keys:
            amounts = [(f"“{things[key].name}”", first.get(key, 0), now.get(key, 0)) for key in keys]
            told.append((kind, found.figure(f"plan of {kind.spoken}", amounts)))
    return told


def headline(found: Versions, kinds: Sequence[ValueKind]) -> Figure:
    """The drift of the kinds that the policy names, added."""
    first, now = _lines(found.first, found.rates), _lines(found.now, found.rates)
    things = {**found.first.things, **found.now.things}
    keys = sorted(key for key in first.keys() | now.keys() if things[key].kind in kinds)
    amounts = [(f"“{things[key].name}”", first.get(key, 0), now.get(key, 0)) for key in keys]
    return found.figure(f"plan of {spoken(kinds)}", amounts)


def quota(found: Versions) -> Figure:
    """The drift of a sales plan's quota, over all months and segments."""
    months = _quota(found.first), _quota(found.now)
    told = sorted(months[0].keys() | months[1].keys())
    amounts = [(month.spoken, months[0].get(month, 0), months[1].get(month, 0)) for month in told]
    return found.figure("quota", amounts)


def milestones(found: Versions, due: Mapping[UUID, date]) -> list[MilestoneDrift]:
    """How the dates of all milestones in either version moved. `due` is as they stand now; cancelled ones have none."""
    one, now = _dates(found.first), _dates(found.now)
    things = {**found.first.things, **found.now.things}
    keys = sorted(one.keys() | now.keys(), key=lambda key: (one.get(key) or now[key], str(key)))
    return [MilestoneDrift(key, things[key].name, one.get(key), now.get(key), due.get(key)) for key in keys]


def _lines(plan: Plan, rates: PlanRates) -> dict[UUID, int]:
    sums: dict[UUID, int] = {}
    for slot, value in plan.values.items():
        if slot.part is PlanPart.PLAN and slot.thing and slot.month and isinstance(value, Money):
            units = rates.convert(value.units, value.currency, slot.month)
            sums[slot.thing] = sums.get(slot.thing, 0) + units
    return sums


def _quota(plan: Plan) -> dict[Month, int]:
    sums: dict[Month, int] = {}
    for slot, value in plan.values.items():
        if slot.part is PlanPart.QUOTA and slot.month and isinstance(value, Money):
            sums[slot.month] = sums.get(slot.month, 0) + value.units
    return sums


def _dates(plan: Plan) -> dict[UUID, date]:
    return {
        slot.thing: value
        for slot, value in plan.values.items()
        if slot.part is PlanPart.MILESTONE and slot.thing and isinstance(value, date)
    }
