"""Amounts of many rows, added up to the months of value lines: exact, added only where the mapping says so."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from server.domain import money
from server.domain.months import Month
from server.domain.values import Series, ValueKind
from server.exchange.amounts import SERIES, Amount, Unstated, rounded, unfit
from server.exchange.extract import Place
from server.exchange.scope import Standing
from server.exchange.tables import RowFault
from server.exchange.targets_mapping import QuotaRule
from server.exchange.tracker_mapping import ValueRule


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A value line of an initiative, found again by its kind and name; months in minor units of its currency.

    `baseline` has the amount and the month it is of. `file` and `line` are where it was met first.
    """

    place: Place
    kind: ValueKind
    name: str
    currency: str
    recurring: bool
    months: Mapping[Series, Mapping[Month, int]]
    baseline: tuple[int, Month] | None
    file: str
    line: int


@dataclass(slots=True)
class _Cell:
    value: Decimal
    rows: int
    file: str
    line: int
    column: str
    taken: bool
    disputed: bool = False


@dataclass(slots=True)
class _Line:
    rule: ValueRule | QuotaRule
    name: str
    currency: str
    file: str
    line: int
    taken: bool = False
    cells: dict[tuple[Series | None, Month], _Cell] = field(default_factory=dict)


@dataclass(slots=True)
class Figures:
    """All amounts so far, by line and month."""

    unstated: Unstated = field(default_factory=Unstated)
    _lines: dict[tuple[Place, ValueKind, str], _Line] = field(default_factory=dict)
    _faults: list[RowFault] = field(default_factory=list)

    def add(self, place: Place, row: Standing, amount: Amount, *, taken: bool) -> None:
        """Take an amount in: where its month is taken already it is added if the rule says so, else both are faults.

        That of a row that is not taken, for its other faults, is compared with the others and goes no further.
        """
        key = (place, amount.kind, amount.name.casefold())
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line(amount.rule, amount.name, amount.currency, row.file, row.line)
        elif line.currency != amount.currency:
            reason = f"“{amount.name}” is in {line.currency} on line {line.line}; a line has one currency"
            self._faults.append(RowFault(row.file, row.line, "currency", amount.currency, reason))
            return
        if not taken and amount.rule.repeated == "add":
            return
        line.taken = line.taken or taken
        at = amount.series, amount.month
        known = line.cells.get(at)
        if known is None:
            line.cells[at] = _Cell(amount.value, 1, row.file, row.line, amount.column, taken)
        elif amount.rule.repeated == "refuse":
            self._dispute(row, amount, known)
        else:
            known.value += amount.value
            known.rows += 1

    def settled(self, faults: list[RowFault]) -> tuple[WantedLine, ...]:
        """The lines in minor units: each month added up exactly, then judged, and rounded once if the rule says so."""
        faults += self._faults
        return tuple(self._settled(*key, line, faults) for key, line in self._lines.items() if line.taken)

    def _dispute(self, row: Standing, amount: Amount, known: _Cell) -> None:
        what = f"{amount.month} of “{amount.name}” stands on line {known.line} already"
        if known.value != amount.value:
            what = f"{what}, with another amount; neither was taken"
            known.disputed = True
        reason = f"{what}. If rows are to be added, say so: repeated: add."
        self._faults.append(RowFault(row.file, row.line, amount.column, amount.raw, reason))

    @staticmethod
    def _settled(place: Place, kind: ValueKind, _: str, line: _Line, faults: list[RowFault]) -> WantedLine:
        months: dict[Series, dict[Month, int]] = {}
        baseline: tuple[int, Month] | None = None
        for (series, month), one in line.cells.items():
            if one.disputed or not one.taken:
                continue
            judged = one.rows == 1 and line.rule.repeated == "refuse"  # in its row
            if told := () if judged else list(unfit(one.value, kind, series, line.currency, line.rule)):
                rows = f" over {one.rows:,} rows" if one.rows > 1 else ""
                for why in told:
                    reason = f"{month} of “{line.name}”, {one.value:f}{rows}, {why}"
                    faults.append(RowFault(one.file, one.line, one.column, f"{one.value:f}", reason))
                continue
            units = int(rounded(one.value, line.currency).scaleb(money.exponent(line.currency)))
            if series is None:
                baseline = units, month
            else:
                months.setdefault(series, {})[month] = units
        recurring = line.rule.recurring
        return WantedLine(place, kind, line.name, line.currency, recurring, months, baseline, line.file, line.line)


class SpokenOf(NamedTuple):
    """The lines that a rule of a mapping could name: of a kind, by a pattern of names, and in which series."""

    kind: ValueKind
    name: re.Pattern[str]
    series: Series

    def holds(self, kind: ValueKind, name: str, series: Series) -> bool:
        """Whether it speaks of a series of a line."""
        return (kind, series) == (self.kind, self.series) and self.name.fullmatch(name) is not None


def spoken_of(rules: Iterable[ValueRule]) -> tuple[SpokenOf, ...]:
    """What these rules could name; a placeholder in a name stands for anything."""
    found = []
    for rule in rules:
        series = SERIES[rule.series]
        names = [(rule.kind, rule.name or rule.kind.spoken.capitalize())]
        names += [(rule.negative.kind, rule.negative.name)] if rule.negative else []
        if series is not None:
            found += [SpokenOf(kind, _pattern(name), series) for kind, name in names]
    return tuple(found)


def _pattern(template: str) -> re.Pattern[str]:
    literal = re.split(r"\{[^{}]+\}", template)
    return re.compile(".*".join(re.escape(part) for part in literal), re.IGNORECASE | re.DOTALL)
