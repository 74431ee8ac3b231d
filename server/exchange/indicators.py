"""The reading half of `import indicators`: tables and a mapping become objectives and what they are measured by."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from server.domain.indicators import Direction
from server.domain.money import decimal
from server.domain.texts import LONGEST
from server.exchange.binding import Binding
from server.exchange.doubtful import is_unknown
from server.exchange.indicators_mapping import IndicatorsMapping, ObjectivesRule
from server.exchange.periods import period_end
from server.exchange.row_reading import RowReading
from server.exchange.scope import Read, Scope, Standing
from server.exchange.strategy import Result, StrategyExtract, WantedIndicator, WantedObjective
from server.exchange.tables import RowFault
from server.exchange.uploads import bound

_EVERY = 500  # rows between two reports of progress
_LONGEST_KEY = 200
_NUMBERS = ("start", "target", "finalTarget", "actual")
_TEXTS = ("id", "description", "unit", "note")


def read_indicators(files: dict[str, bytes], mapping: str, progress: Callable[[int, int], None]) -> StrategyExtract:
    """Read the uploads (name → bytes) as the YAML text `mapping` says; `progress` hears how many rows were read.

    Raises `Refused` (INVALID) when the mapping or a file cannot be used at all; its details list every such fault.
    A row that cannot be taken refuses nothing: it is in `faults`.
    """
    return bound(files, mapping, IndicatorsMapping, _Tables).read(files, progress)


@dataclass(slots=True)
class _Objective:
    """An objective on its way."""

    key: str
    name: str
    description: str | None
    at: Standing
    below: dict[str, "_Objective"] = field(default_factory=dict)
    indicators: dict[str, "_Indicator"] = field(default_factory=dict)


@dataclass(slots=True)
class _Indicator:
    """An indicator on its way: what its rows said of it, by period."""

    key: str
    texts: dict[str, str]
    direction: Direction
    at: Standing
    periods: dict[date, tuple[dict[str, Decimal | None], Standing]] = field(default_factory=dict)
    note: dict[date, str] = field(default_factory=dict)
    ends: dict[str, date] = field(default_factory=dict)


class _Rule:
    """Rows of a file that make objectives, made readable."""

    def __init__(self, binding: Binding, rule: ObjectivesRule, index: int) -> None:
        at = ("objectives", index)
        alias = rule.file or binding.main.alias
        if alias not in binding.files:
            binding.fault((*at, "file"), f"“{alias}” is no file of this mapping: {', '.join(binding.files)}.")
        self.scope = Scope(binding, binding.files.get(alias, binding.main))
        self.when = [(self.scope.column(name, (*at, "when", name)), frozenset(is_)) for name, is_ in rule.when.items()]
        self.path = [
            tuple(
                (part.column or name, self.scope.field(part, (*at, "path", place, name))) if part else None
                for name, part in (("id", level.id), ("name", level.name), ("description", level.description))
            )
            for place, level in enumerate(rule.path)
        ]

    def chains(self, broken: list[RowFault]) -> Iterator[tuple[Standing, list[tuple[str, str, str]]]]:
        """The path of every row that the rule is about: id, name and description of each objective."""
        for row in self.scope.rows(broken):
            if not all(read(row.cells) in values for read, values in self.when):
                continue
            here = RowReading(row)
            chain = [tuple((here.text(*part) or "") if part else "" for part in level) for level in self.path]
            broken += here.faults
            if not here.faults:
                yield row, chain  # type: ignore[misc]  # three each


class _Tables:
    """Everything a mapping names, made readable before the first row is read."""

    def __init__(self, binding: Binding, mapping: IndicatorsMapping) -> None:
        self.mapping, self.binding = mapping, binding
        self.scope = Scope(binding, binding.main)
        self.rules = [_Rule(binding, rule, index) for index, rule in enumerate(mapping.objectives)]
        self.skips = [
            (self.scope.column(name, ("skip", name)), frozenset(values)) for name, values in mapping.skip.items()
        ]
        self.reads: dict[str, Read] = {}
        for key, info in type(mapping.indicators).model_fields.items():
            rule, name = getattr(mapping.indicators, key), str(info.alias)
            if rule is not None:
                self.reads[name] = self.scope.field(rule, ("indicators", name))
        self.extract = StrategyExtract(mapping.system, rootless=True)
        self._top: dict[str, _Objective] = {}
        self._every: dict[str, _Objective] = {}

    def read(self, uploads: Any, progress: Callable[[int, int], None]) -> StrategyExtract:
        """Read all rows."""
        extract, count = self.extract, 0
        for rule in self.rules:
            for row, chain in rule.chains(extract.faults):
                self._path(row, chain)
        for count, row in enumerate(self.scope.rows(extract.faults), 1):
            if count % _EVERY == 0:
                progress(count, self.binding.main.lines)
            if not any(read(row.cells) in values for read, values in self.skips):
                self._row(row)
        progress(count, count)
        extract.rows = count
        main = next(iter(self.binding.main.uploads), "")
        extract.plans.append(
            WantedObjective("", "", None, main, 1, "", below=tuple(map(self._settled, self._top.values())))
        )
        extract.notes += self.binding.notes(uploads)
        extract.faults[:] = dict.fromkeys(extract.faults)  # a row that is read for two ends tells its faults twice
        return extract

    def _path(self, row: Standing, chain: list[tuple[str, str, str]]) -> None:
        """Note the objectives of a path. One whose row says nothing of it is left out, and told where it says half."""
        known, written = self._top, [level for level in chain if any(level)]
        half = [key or name for key, name, _ in written if not key or not name or len(key) > _LONGEST_KEY]
        for called in half:
            self._fault(row, None, called, "An objective needs an id of at most 200 characters, and a name")
        for key, name, description in () if half else written:
            found = known.get(key)
            if found is None:
                if key in self._every:
                    self._fault(row, None, key, f"“{key}” stands under another objective in a row above")
                    return
                found = known[key] = self._every[key] = _Objective(key, name, description or None, row)
            elif found.name != name:
                told = f"“{key}” is called “{found.name}” on line {found.at.line}; that name stays."
                self.extract.repaired.append(RowFault(row.file, row.line, None, name, told))
            known = found.below

    def _row(self, row: Standing) -> None:
        faults, said = list(row.faults), dict[str, str]()
        for name, read in self.reads.items():
            try:
                said[name] = read(row.cells)
            except ValueError as why:
                faults.append(RowFault(row.file, row.line, name, getattr(why, "value", None), f"It {why}"))
        if not any(said.get(name) for name in ("objective", "name", "period")) and not faults:
            return  # a row that says nothing, such as a trailer
        faults += [
            RowFault(row.file, row.line, name, None, f"{name} is needed and blank here")
            for name in ("objective", "name", "period")
            if name in said and not said[name]
        ]
        numbers = {name: self._number(row, name, said.get(name, ""), faults) for name in _NUMBERS}
        days = {
            name: self._day(row, name, said.get(name, ""), faults) for name in ("period", "startPeriod", "finalPeriod")
        }
        direction = self._direction(row, said.get("direction", ""), faults)
        objective = self._every.get(said.get("objective", ""))
        if objective is None and said.get("objective"):
            objective = self._elsewhere(said["objective"], row)
        if faults or objective is None or days["period"] is None:
            self.extract.faults += faults
            return
        self._take(row, objective, said, numbers, days, direction)

    def _take(
        self, row: Standing, objective: _Objective, said: dict[str, str], numbers: dict[str, Decimal | None],
        days: dict[str, date | None], direction: Direction,
    ) -> None:  # fmt: skip
        period = days["period"]
        assert period is not None  # noqa: S101 — a row without one was told
        own = said.get("id") or " / ".join(filter(None, (said["name"], said.get("description", ""))))
        key, count = f"{objective.key}: {own}", 1
        found = objective.indicators.get(key)
        while found is not None and period in found.periods:
            known, at = found.periods[period]
            if known == numbers:
                told = f"The same as line {at.line}; taken once"
                self.extract.repaired.append(RowFault(row.file, row.line, "period", said["period"], told))
                return
            if self.mapping.duplicates == "refuse":
                told = (
                    f"“{said['name']}” is stated for this period on line {at.line} already, otherwise. Mend one of them"
                )
                self._fault(row, "period", said["period"], told)
                return
            count += 1
            found = objective.indicators.get(f"{key} #{count}")
        if found is None:
            called = key if count == 1 else f"{key} #{count}"
            texts = {"name": said["name"] + ("" if count == 1 else f" #{count}")}
            texts |= {name: said.get(name, "") for name in _TEXTS}
            found = objective.indicators[called] = _Indicator(called, texts, direction, row)
        found.periods[period] = (numbers, row)
        if note := said.get("note"):
            found.note[period] = note
        found.ends |= {name: day for name in ("startPeriod", "finalPeriod") if (day := days[name])}

    def _elsewhere(self, called: str, row: Standing) -> _Objective:
        """An objective that the files do not make: it stands here already, or the row's indicator cannot be taken."""
        return self._top.setdefault(called, self._every.setdefault(called, _Objective(called, "", None, row)))

    def _number(self, row: Standing, name: str, text: str, faults: list[RowFault]) -> Decimal | None:
        if not text:
            return None
        if is_unknown(text, self.mapping.unknown):
            self.extract.unknown.append(RowFault(row.file, row.line, name, text, "Unknown, and not zero"))
            return None
        numbers = self.mapping.numbers
        plain = text.replace(numbers.thousands, "") if numbers.thousands else text
        try:
            return decimal(plain.replace(numbers.decimal, ".").removesuffix("%").strip())
        except ValueError:
            faults.append(RowFault(row.file, row.line, name, text, "This is no number"))
            return None

    def _day(self, row: Standing, name: str, text: str, faults: list[RowFault]) -> date | None:
        try:
            return period_end(text, self.mapping.fiscal_year_start) if text else None
        except ValueError as why:
            faults.append(RowFault(row.file, row.line, name, text, f"“{text[:40]}” {why}"))
            return None

    def _direction(self, row: Standing, text: str, faults: list[RowFault]) -> Direction:
        word = text.strip().upper().replace(" ", "_")
        if word in Direction.__members__ or not word:
            return Direction(word) if word else Direction.UNDEFINED
        known = ", ".join(Direction)
        told = f"“{text[:40]}” is no direction. Map it to one of {known}"
        faults.append(RowFault(row.file, row.line, "direction", text, told))
        return Direction.UNDEFINED

    def _settled(self, one: _Objective) -> WantedObjective:
        below = tuple(map(self._settled, one.below.values()))
        indicators = tuple(map(self._indicator, one.indicators.values()))
        name = self._short(one.name, one.at)
        described = one.description if name == one.name else "\n\n".join(filter(None, (one.name, one.description)))
        return WantedObjective(
            one.key, name, described, one.at.file, one.at.line, one.key, indicators=indicators, below=below
        )

    def _indicator(self, one: _Indicator) -> WantedIndicator:
        texts, name = one.texts, self._short(one.texts["name"], one.at)
        told = [texts["name"]] if name != texts["name"] else []
        described = "\n\n".join(filter(None, (*told, texts["description"])))
        results = tuple(self._results(one))
        unit = (texts["unit"] or "")[: LONGEST["unit"]]
        key = one.key if len(one.key) <= _LONGEST_KEY else _shortened(one.key)
        return WantedIndicator(
            key, name, unit or None, described or None, one.direction, results, one.at.file, one.at.line, name
        )

    def _results(self, one: _Indicator) -> Iterator[Result]:
        """Targets and readings by period, and the final target and the start as the last period states them."""
        last: dict[str, Decimal | None] = {}
        for day, (numbers, _) in sorted(one.periods.items()):
            last |= {name: value for name, value in numbers.items() if value is not None}
            if numbers["target"] is not None:
                yield Result(target=True, value=numbers["target"], on=day)
            if numbers["actual"] is not None:
                yield Result(target=False, value=numbers["actual"], on=day, text=one.note.get(day, ""))
        if last.get("finalTarget") is not None:
            yield Result(target=True, value=last["finalTarget"], on=one.ends.get("finalPeriod"))
        if last.get("start") is not None:
            yield Result(target=False, value=last["start"], on=one.ends.get("startPeriod"), baseline=True)

    def _short(self, name: str, at: Standing) -> str:
        if len(name) <= LONGEST["name"]:
            return name
        told = f"A name has at most {LONGEST['name']} characters; the whole of it begins the description"
        self.extract.repaired.append(RowFault(at.file, at.line, "name", name, told))
        return f"{name[: LONGEST['name'] - 1]}…"

    def _fault(self, row: Standing, column: str | None, value: str | None, reason: str) -> None:
        self.extract.faults.append(RowFault(row.file, row.line, column, value, reason))


def _shortened(key: str) -> str:
    """A key that fits its column: its beginning, and what tells it from others that begin so."""
    return f"{key[: _LONGEST_KEY - 17]}~{sha256(key.encode()).hexdigest()[:16]}"
