"""Indicators: what a node is measured by, the path to its target, and what was read (law §1, §9)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.indicators import Direction, IndicatorSource
from server.domain.indicators import Indicator as Measured
from server.domain.refusals import Faults, RefusalCode, Refused, not_found
from server.domain.texts import cleaned, exact
from server.live.work import Work
from server.models.cascade import Node
from server.models.indicators import Indicator, IndicatorPoint

MOST_INDICATORS, MOST_POINTS = 200, 600  # of a node, and of an indicator: they are read whole
_TEXTS = ("name", "description", "unit")
_EXACT = ("start", "target")
_PLAIN = {"startDate": "start_date", "targetDate": "target_date", "decides": "decides"}
_WORDS = {"direction": "direction", "source": "source", "figure": "figure"}
_NEEDED = ("name", "direction", "source", "decides")


async def add_indicator(work: Work, *, under: UUID, fields: Mapping[str, Any]) -> UUID:
    """Add an indicator to a node.

    `fields`: name, direction, and description, unit, start, startDate, target, targetDate, source, figure, decides.
    """
    node = await work.node(under, "under")
    await require(work, "addIndicator", node)
    if await Indicator.filter(node_id=node.id).using_db(work.db).count() >= MOST_INDICATORS:
        message = f"“{node.name}” has {MOST_INDICATORS} indicators; no more fit. Remove those that nobody reads."
        raise Refused(RefusalCode.LIMITED, message, ["under"])
    indicator = Indicator(organization_id=work.organization.id, node_id=node.id)
    usual = {"source": IndicatorSource.HAND, "decides": False}
    columns = _columns(work, indicator, {**usual, **fields}, creating=True)
    for column, value in columns.items():
        setattr(indicator, column, value)
    await work.add(indicator)
    told = f"added the indicator “{indicator.name}” to “{node.name}”{_aim(indicator)}."
    await work.record(FactKind.INDICATOR_CHANGED, told, on=indicator, node_id=node.id)
    return indicator.id


async def edit_indicator(
    work: Work, *, indicator: UUID, fields: Mapping[str, Any], expected_revision: int | None = None
) -> UUID:
    """Change the fields given; those left out stay, None clears."""
    found, node = await _find(work, indicator, "editIndicator", expected_revision)
    if await work.alter(found, **_columns(work, found, fields, creating=False)):
        told = f"changed the indicator “{found.name}” of “{node.name}”{_aim(found)}."
        await work.record(FactKind.INDICATOR_CHANGED, told, on=found, node_id=node.id)
    return found.id


async def remove_indicator(work: Work, *, indicator: UUID, expected_revision: int | None = None) -> UUID:
    """Take an indicator off its node, with its path and readings; the ledger keeps them. The node's id."""
    found, node = await _find(work, indicator, "removeIndicator", expected_revision)
    for point in await IndicatorPoint.filter(indicator_id=found.id).using_db(work.db):
        await work.drop(point)
    await work.drop(found)
    await work.touch(node)
    told = f"removed the indicator “{found.name}” from “{node.name}”."
    await work.record(FactKind.INDICATOR_CHANGED, told, on=found, node_id=node.id)
    return node.id


async def set_indicator_path(
    work: Work, *, indicator: UUID, points: Sequence[tuple[date, Decimal]], expected_revision: int | None = None
) -> UUID:
    """Make these points the path to target, in place of those before; readings stay. No point: a straight line."""
    found, node = await _find(work, indicator, "setIndicatorPath", expected_revision)
    faults, path = Faults(), dict[date, str | None]()
    for index, (day, target) in enumerate(points):
        if day in path:
            faults.add(f"The path has two points on {day}; a day has one.", "points", str(index), "date")
        path[day] = exact(str(target), "target", faults.within("points", str(index)))
    _check_room(path, faults)
    faults.refuse_if_any()
    if await _write(work, found, {day: {"target": path.get(day)} for day in {*path, *await _stated(work, found)}}):
        told = f"set the path of “{found.name}” of “{node.name}”: {_count(len(path), 'point')}."
        await work.record(FactKind.INDICATOR_CHANGED, told, on=found, node_id=node.id)
    return found.id


async def record_indicator(
    work: Work,
    *,
    indicator: UUID,
    on: date,
    actual: Decimal | None,
    note: str | None = None,
    expected_revision: int | None = None,
) -> UUID:
    """Record what was read on a day, in place of what was recorded for it before; None takes that back."""
    found, node = await _find(work, indicator, "recordIndicator", expected_revision)
    if found.source == IndicatorSource.ROLL_UP:
        message = f"“{found.name}” is read from the roll-up ({found.figure}); nobody records it by hand."
        raise Refused(RefusalCode.INVALID, message, ["indicator"])
    faults = Faults()
    read = exact(None if actual is None else str(actual), "actual", faults)
    said = cleaned(note, "note", faults)
    if on > work.today:
        faults.add(f"A reading of {on} lies in the future; today is {work.today}.", "date")
    now = await IndicatorPoint.filter(indicator_id=found.id).using_db(work.db)
    _check_room({on, *(point.date for point in now)}, faults)
    faults.refuse_if_any()
    if await _write(work, found, {on: {"actual": read, "note": said}}):
        told = f"recorded {_value(found, read)} on {on} for “{found.name}” of “{node.name}”."
        if read is None:
            told = f"took back what was recorded on {on} for “{found.name}” of “{node.name}”."
        await work.record(FactKind.INDICATOR_CHANGED, told, on=found, node_id=node.id)
    return found.id


async def put_indicator(
    work: Work,
    *,
    node: Node,
    found: Indicator | None,
    fields: Mapping[str, Any],
    points: Mapping[date, Mapping[str, str | None]],
    called: tuple[str, str],
) -> str:
    """Make an indicator of a node what an import says of it, points included: `created`, `changed` or `unchanged`.

    `found` is the one that the other system calls so (`called`: system and id), if there is one; what the import says
    nothing about stays. One fact tells of all. Rights are those of adding and editing by hand.
    """
    await require(work, "editIndicator" if found else "addIndicator", node)
    made = found or Indicator(organization_id=work.organization.id, node_id=node.id)
    usual = {} if found else {"source": IndicatorSource.IMPORT, "decides": False}
    columns = _columns(work, made, {**usual, **fields}, creating=found is None)
    if found is None:
        for column, value in {**columns, "system": called[0], "external_id": called[1]}.items():
            setattr(made, column, value)
        await work.add(made)
    changed = found is not None and await work.alter(made, **columns)
    changed |= await _write(work, made, points)
    if found is None or changed:
        told = f"imported the indicator “{made.name}” of “{node.name}” with {_count(len(points), 'point')}."
        await work.record(FactKind.INDICATOR_CHANGED, told, on=made, node_id=node.id)
    return "created" if found is None else "changed" if changed else "unchanged"


async def _write(work: Work, indicator: Indicator, wanted: Mapping[date, Mapping[str, str | None]]) -> bool:
    """Bring points to what is wanted of them; one that says nothing more is dropped. Whether anything changed."""
    known = {point.date: point for point in await IndicatorPoint.filter(indicator_id=indicator.id).using_db(work.db)}
    changed = False
    for day, fields in sorted(wanted.items()):
        point = known.get(day)
        if point is None:
            changed |= await _add(work, indicator, day, fields)
        elif {"target": point.target, "actual": point.actual, **fields}.items() >= _EMPTY.items():
            await work.drop(point)
            changed = True
        elif any(getattr(point, name) != value for name, value in fields.items()):
            by = {"by_id": work.viewer.person_id, "at": work.at} if "actual" in fields else {}
            changed |= await work.alter(point, **fields, **by)
    if changed:
        await work.touch(indicator)
    return changed


_EMPTY = {"target": None, "actual": None}


async def _add(work: Work, indicator: Indicator, day: date, fields: Mapping[str, str | None]) -> bool:
    if fields.get("target") is None and fields.get("actual") is None:
        return False
    ours = {"organization_id": work.organization.id, "indicator_id": indicator.id}
    await work.add(IndicatorPoint(**ours, date=day, by_id=work.viewer.person_id, at=work.at, **fields))
    return True


async def _stated(work: Work, indicator: Indicator) -> list[date]:
    """The days on which the path has a point now."""
    found = await IndicatorPoint.filter(indicator_id=indicator.id, target__isnull=False).using_db(work.db)
    return [point.date for point in found]


async def _find(work: Work, indicator_id: UUID, act: str, expected_revision: int | None) -> tuple[Indicator, Node]:
    organization = work.organization.id
    found = await Indicator.filter(id=indicator_id, organization_id=organization).using_db(work.db).first()
    if found is None:
        raise not_found("indicator")
    node = await work.node(found.node_id, "indicator")
    await require(work, act, node)
    work.fresh(found, expected_revision, found.name)
    return found, node


def _columns(work: Work, now: Indicator, fields: Mapping[str, Any], *, creating: bool) -> dict[str, Any]:
    """What the given fields mean for an indicator's row. Raises INVALID with every fault at once."""
    faults = Faults()
    columns: dict[str, Any] = {}
    for field in _TEXTS:
        if field in fields:
            columns[field] = cleaned(fields[field], field, faults, required=field == "name")
    for field in _EXACT:
        if field in fields:
            columns[field] = exact(None if fields[field] is None else str(fields[field]), field, faults)
    columns |= {column: fields[field] for field, column in _PLAIN.items() if field in fields}
    for field, column in _WORDS.items():
        if field in fields:
            word = fields[field]
            columns[column] = word.value if isinstance(word, StrEnum) else word
    for field in _NEEDED:
        if fields.get(field, "") is None or (creating and field not in fields):
            faults.add(f"{field} is missing; name it.", field)
    after = {name: columns.get(name, getattr(now, name, None)) for name in _CHECKED}
    _check_whole(after, work.organization.reporting_currency, faults)
    faults.refuse_if_any()
    if after["source"] == IndicatorSource.ROLL_UP:
        columns["unit"] = work.organization.reporting_currency
    return columns


_CHECKED = ("direction", "start", "start_date", "target", "target_date", "source", "figure", "unit")


def _check_whole(one: Mapping[str, Any], currency: str, faults: Faults) -> None:
    """What the fields of an indicator must be together."""
    begins, ends = one["start_date"], one["target_date"]
    if begins and ends and begins >= ends:
        faults.add(f"The path ends on {ends}, not after its start on {begins}.", "targetDate")
    if one["start"] is not None and one["target"] is not None:
        way = Decimal(one["target"]) - Decimal(one["start"])
        wrong = {Direction.INCREASE: way < 0, Direction.DECREASE: way > 0}
        if wrong.get(Direction(one["direction"]) if one["direction"] else Direction.UNDEFINED):
            told = f"target {one['target']} lies against the direction {one['direction']} from {one['start']}"
            faults.add(f"{told}; turn one of them round.", "direction")
    if one["source"] != IndicatorSource.ROLL_UP:
        if one["figure"]:
            faults.add("figure belongs to an indicator whose source is ROLL_UP; leave it out.", "figure")
        return
    if not one["figure"]:
        faults.add("An indicator that reads the roll-up names the figure it reads.", "figure")
    if not (begins and ends):
        faults.add("An indicator that reads the roll-up has a startDate and a targetDate: its months.", "startDate")
    if one["unit"] not in (None, currency):
        faults.add(f"The roll-up is in {currency}; leave the unit out.", "unit")


def _check_room(days: Mapping[date, Any] | set[date], faults: Faults) -> None:
    if len(days) > MOST_POINTS:
        faults.add(f"An indicator has at most {MOST_POINTS} points; these are {len(days)}.", "points")


def _value(indicator: Indicator, text: str | None) -> str:
    told = Measured(indicator.name, Direction(indicator.direction), indicator.unit)
    return told.told(Decimal(text)) if text is not None else "nothing"


def _aim(indicator: Indicator) -> str:
    by = f" by {indicator.target_date}" if indicator.target_date else ""
    return f", to reach {_value(indicator, indicator.target)}{by}" if indicator.target is not None else ""


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
