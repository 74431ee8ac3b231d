"""Plans and differences as plain data, to be stored: amounts as exact decimal strings with their currency."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.domain.money import Money, minor
from server.domain.months import Month
from server.domain.plans import Difference, Plan, PlanPart, Slot, Thing, Value

Plain = dict[str, Any]
_THING = {"kind": "", "currency": "", "recurring": False, "critical": False}  # what is left out of a thing


def document(plan: Plan) -> Plain:
    """A whole plan, by what it is made of."""
    values = sorted(plan.values.items(), key=lambda item: item[0].order)
    made: Plain = {"lines": [], "quota": [], "milestones": [], "incentives": []}
    months: dict[UUID, dict[str, str]] = {}
    for slot, value in values:
        if slot.part is PlanPart.PLAN and slot.thing:
            months.setdefault(slot.thing, {})[str(slot.month)] = _written(value)
        elif slot.part is PlanPart.ESTIMATE:
            made["estimate"] = _slot(slot) | {"value": _written(value), **_currency(value)}
        else:
            made[_LISTS[slot.part]].append(_slot(slot) | {"value": _written(value), **_currency(value)})
    lines = {key: thing for key, thing in sorted(plan.things.items()) if thing.currency}
    made["lines"] = [{"id": str(key), **_thing(thing), "months": months.get(key, {})} for key, thing in lines.items()]
    return made | {"things": things_out({key: each for key, each in plan.things.items() if key not in lines})}


_LISTS = {PlanPart.QUOTA: "quota", PlanPart.MILESTONE: "milestones", PlanPart.INCENTIVE: "incentives"}


def plan_of(kept: Mapping[str, Any]) -> Plan:
    """The plan of a document."""
    things = things_in(kept["things"])
    values: dict[Slot, Value] = {}
    for line in kept["lines"]:
        key, thing = (
            UUID(line["id"]),
            Thing(**{"name": line["name"], **{name: line.get(name, _THING[name]) for name in _THING}}),
        )
        things[key] = thing
        for month, amount in line["months"].items():
            values[Slot(PlanPart.PLAN, key, Month.parse(month))] = _money(amount, thing.currency)
    listed = [(part, row) for part, name in _LISTS.items() for row in kept[name]]
    for part, row in [*listed, *([(PlanPart.ESTIMATE, kept["estimate"])] if "estimate" in kept else [])]:
        values[_slot_of(part, row)] = _read(part, row["value"], row.get("currency", ""))
    return Plan(values, things)


def changes_out(changes: Iterable[Difference]) -> list[Plain]:
    """Differences as rows, each whole."""
    return [
        {
            "part": each.slot.part.value,
            **_slot(each.slot),
            "name": each.name,
            **_side("before", each.before),
            **_side("after", each.after),
        }
        for each in changes
    ]


def changes_in(kept: Iterable[Mapping[str, Any]]) -> tuple[Difference, ...]:
    """The differences of such rows."""
    return tuple(
        Difference(
            _slot_of(part, row),
            row["name"],
            _read(part, row["before"], row.get("before_currency", "")) if "before" in row else None,
            _read(part, row["after"], row.get("after_currency", "")) if "after" in row else None,
        )
        for row in kept
        for part in (PlanPart(row["part"]),)
    )


def things_out(things: Mapping[UUID, Thing]) -> dict[str, Plain]:
    """Things by id."""
    return {str(key): _thing(thing) for key, thing in sorted(things.items())}


def things_in(kept: Mapping[str, Any]) -> dict[UUID, Thing]:
    """The things of such a mapping."""
    return {UUID(key): Thing(**each) for key, each in kept.items()}


def _thing(thing: Thing) -> Plain:
    return {"name": thing.name} | {
        name: getattr(thing, name) for name, usual in _THING.items() if getattr(thing, name) != usual
    }


def _slot(slot: Slot) -> Plain:
    told = {
        "thing": str(slot.thing) if slot.thing else None,
        "month": str(slot.month) if slot.month else None,
        "dimension": slot.dimension,
        "segment": slot.segment,
        "rewards": str(slot.rewards) if slot.rewards else None,
    }
    return {name: value for name, value in told.items() if value}


def _slot_of(part: PlanPart, row: Mapping[str, Any]) -> Slot:
    return Slot(
        part,
        UUID(row["thing"]) if "thing" in row else None,
        Month.parse(row["month"]) if "month" in row else None,
        row.get("dimension", ""),
        row.get("segment", ""),
        UUID(row["rewards"]) if "rewards" in row else None,
    )


def _side(name: str, value: Value | None) -> Plain:
    if value is None:
        return {}
    return {name: _written(value), **{f"{name}_{key}": each for key, each in _currency(value).items()}}


def _written(value: Value) -> str:
    if isinstance(value, Money):
        return str(value.amount)
    return value.isoformat() if isinstance(value, date) else str(Decimal(value) / 100)


def _currency(value: Value) -> Plain:
    return {"currency": value.currency} if isinstance(value, Money) else {}


def _read(part: PlanPart, text: str, currency: str) -> Value:
    if part is PlanPart.MILESTONE:
        return date.fromisoformat(text)
    return int(Decimal(text) * 100) if part is PlanPart.INCENTIVE else _money(text, currency)


def _money(text: str, currency: str) -> Money:
    return Money(minor(Decimal(text), currency), currency)
