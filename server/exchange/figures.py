"""From the cells of rows to the months of value lines: exact, added only where the mapping says so, never guessed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from server.domain import money
from server.domain.months import Month, fiscal_year
from server.domain.values import Series, ValueKind, may_be_negative
from server.domain.wording import Path
from server.exchange import cells as cell
from server.exchange import month_words
from server.exchange.doubtful import is_unknown
from server.exchange.extract import Place
from server.exchange.scope import Cells, Read, Scope, Standing
from server.exchange.tables import RowFault
from server.exchange.targets_mapping import QuotaRule
from server.exchange.tracker_mapping import FigureSources, ValueRule

_UNITS = {"units": 0, "thousands": 3, "millions": 6}
_SERIES = {"plan": Series.PLAN, "actual": Series.ACTUAL, "baseline": None}


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


class Amount(NamedTuple):
    """One amount of one row, and where it belongs."""

    rule: ValueRule | QuotaRule
    kind: ValueKind
    name: str
    series: Series | None
    month: Month
    value: Decimal
    currency: str
    column: str

    @property
    def key(self) -> tuple[ValueKind, str, Series | None, Month]:
        """What tells it from the other amounts of its row."""
        return self.kind, self.name, self.series, self.month


class ValueReader:
    """A rule for amounts, which stands at a path of a mapping, ready to be asked from the rows of a scope."""

    def __init__(self, scope: Scope, mapping: FigureSources, rule: ValueRule | QuotaRule, at: Path) -> None:
        self.rule, self._mapping = rule, mapping
        self._when = [
            (scope.text(f"{{{name}}}", (*at, "when", name))[0], frozenset(values)) for name, values in rule.when.items()
        ]
        self._name = scope.text(rule.name, (*at, "name"))[0] if rule.name else None
        credit = rule.negative.name if rule.negative else ""
        self._credit = scope.text(credit, (*at, "negative", "name"))[0]
        self._currency = scope.field(rule.currency, (*at, "currency")) if rule.currency else None
        self._year = scope.field(rule.year, (*at, "year")) if rule.year else None
        self._fiscal = scope.field(rule.fiscal_year, (*at, "fiscalYear")) if rule.fiscal_year else None
        self._amount = scope.field(rule.amount, (*at, "amount")) if rule.amount else None
        self._month = scope.field(rule.month, (*at, "month")) if rule.month else None
        self._wide = _wide(scope, rule.months, (*at, "months")) if rule.months else []
        self._months: dict[str, Month | ValueError] = {}
        numbers = mapping.numbers
        thousands = rule.amount.thousands if rule.amount and rule.amount.thousands is not None else numbers.thousands
        decimal = (rule.amount and rule.amount.decimal) or numbers.decimal
        self._written = cell.NumberFormat(decimal, thousands, numbers.exponents)
        unit = rule.unit or (rule.amount.unit if rule.amount and rule.amount.unit != "units" else numbers.unit)
        self._power = _UNITS[unit]

    def amounts(self, row: Standing, faults: list[RowFault], found: "Figures") -> Iterator[Amount]:
        """The amounts of a row; what cannot be read goes to `faults`, what is not known to `found`."""
        if not all(read(row.cells) in values for read, values in self._when):
            return
        for column, raw, month in self._stated(row.cells):
            if not raw:
                found.blank += 1
            elif is_unknown(raw, self._mapping.unknown):
                reason = f"“{raw[:40]}” says that it is not known: no amount was taken, which is not zero."
                found.unknown.append(RowFault(row.file, row.line, column, raw, reason))
            else:
                try:
                    yield self._read(row, column, raw, month)
                except ValueError as why:
                    faults.append(RowFault(row.file, row.line, column, raw, f"“{raw[:40]}” {why}"))

    def _stated(self, row: Cells) -> Iterator[tuple[str, str, "str | tuple[int | None, int]"]]:
        """Every cell with an amount: its column, its text, and its month as far as it is known by now."""
        if self._amount and self._month:
            label = self.rule.amount.column if self.rule.amount else None
            yield label or "amount", self._amount(row), self._month(row)
        for header, read, month in self._wide:
            yield header, read(row), month

    def _read(self, row: Standing, column: str, raw: str, month: "str | tuple[int | None, int]") -> Amount:
        rule, text = self.rule, raw
        for sign in self._mapping.numbers.remove:
            text = text.replace(sign, "").strip()
        value = cell.number(text, self._written)
        currency = (self._currency(row.cells) if self._currency else "") or self._mapping.currency or ""
        if currency not in money.CURRENCIES:
            known = (
                "is in no currency" if not currency else f"is in “{currency}”, no ISO 4217 currency code such as EUR"
            )
            raise ValueError(known)
        when = self._long(month) if isinstance(month, str) else self._dated(row.cells, *month)
        self._check_fiscal_year(row.cells, when)
        kind, name = rule.kind, (self._name(row.cells) if self._name else rule.kind.spoken.capitalize())
        if value < 0 and rule.negative:
            kind, name, value = rule.negative.kind, self._credit(row.cells), -value
        if not name:
            raise ValueError("is of a line without a name")
        value = value.scaleb(self._power) if self._power else value
        return Amount(rule, kind, cell.text(name), _SERIES[rule.series], when, value, currency, column)

    def _long(self, text: str) -> Month:
        """The month of a long row."""
        if text not in self._months:
            rule = self.rule.month
            try:
                patterns = rule.format if rule else ()
                self._months[text] = month_words.month(text, self._mapping.dates, patterns)
            except ValueError as why:
                self._months[text] = ValueError(f"has no month: “{text[:40]}” {why}" if text else "has no month")
        found = self._months[text]
        if isinstance(found, ValueError):
            raise found
        return found

    def _dated(self, row: Cells, year: int | None, number: int) -> Month:
        """The month of a wide column, with the year of the row where the header has none."""
        if year is not None:
            return Month.of(year, number)
        raw = self._year(row) if self._year else ""
        if not raw.isdecimal():
            raise ValueError(f"has no year: “{raw[:20]}” is none")
        return Month.of(int(raw), number)

    def _check_fiscal_year(self, row: Cells, month: Month) -> None:
        """The fiscal year that the row names is the one its month lies in."""
        start = self._mapping.fiscal_year_start
        raw = self._fiscal(row) if self._fiscal else ""
        if not raw or start is None:
            return
        digits = "".join(sign for sign in raw if sign.isdecimal())[-4:]
        stated = int(digits) + (2000 if len(digits) <= 2 else 0) if digits else 0  # noqa: PLR2004 — FY26 is 2026
        lies = fiscal_year(month, start)
        if stated != lies:
            raise ValueError(f"stands in “{raw[:20]}”, but {month} lies in fiscal year {lies}")


def _wide(scope: Scope, pattern: str, path: Path) -> list[tuple[str, Read, tuple[int | None, int]]]:
    """A way to read every column whose header is a month."""
    binding = scope.binding
    headers = binding.main.tables[0].headers if binding.main.tables else ()
    found, twice = month_words.columns(headers, pattern)
    for sentence in twice:
        binding.fault(path, sentence)
    if headers and not found:
        binding.fault(path, f"No column of {binding.main.name} is a month as “{pattern}” says: {', '.join(headers)}.")
    return [(header, scope.column(header, path), month) for header, month in found.items()]


@dataclass(slots=True)
class _Cell:
    value: Decimal
    rows: int
    file: str
    line: int
    column: str
    disputed: bool = False


@dataclass(slots=True)
class _Line:
    rule: ValueRule | QuotaRule
    name: str
    currency: str
    file: str
    line: int
    cells: dict[tuple[Series | None, Month], _Cell] = field(default_factory=dict)


@dataclass(slots=True)
class Figures:
    """All amounts so far, by line and month."""

    blank: int = 0
    unknown: list[RowFault] = field(default_factory=list)
    _lines: dict[tuple[Place, ValueKind, str], _Line] = field(default_factory=dict)
    _faults: list[RowFault] = field(default_factory=list)

    def add(self, place: Place, row: Standing, amount: Amount) -> None:
        """Take an amount in: where its month is taken already it is added if the rule says so, else both are faults."""
        key = (place, amount.kind, amount.name.casefold())
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line(amount.rule, amount.name, amount.currency, row.file, row.line)
        elif line.currency != amount.currency:
            reason = f"“{amount.name}” is in {line.currency} on line {line.line}; a line has one currency"
            self._faults.append(RowFault(row.file, row.line, "currency", amount.currency, reason))
            return
        at = amount.series, amount.month
        known = line.cells.get(at)
        if known is None:
            line.cells[at] = _Cell(amount.value, 1, row.file, row.line, amount.column)
        elif amount.rule.repeated == "add":
            known.value += amount.value
            known.rows += 1
        else:
            self._dispute(row, amount, known)

    def settled(self, faults: list[RowFault]) -> tuple[WantedLine, ...]:
        """The lines in minor units: each month added up exactly, then judged, and rounded once if the rule says so."""
        faults += self._faults
        return tuple(self._settled(*key, line, faults) for key, line in self._lines.items())

    def _dispute(self, row: Standing, amount: Amount, known: _Cell) -> None:
        what = f"{amount.month} of “{amount.name}” stands on line {known.line} already"
        if known.value != amount.value:
            what = f"{what}, with another amount; neither was taken"
            known.disputed = True
        reason = f"{what}. If rows are to be added, say so: repeated: add."
        self._faults.append(RowFault(row.file, row.line, amount.column, f"{amount.value:f}", reason))

    @staticmethod
    def _settled(place: Place, kind: ValueKind, _: str, line: _Line, faults: list[RowFault]) -> WantedLine:
        months: dict[Series, dict[Month, int]] = {}
        baseline: tuple[int, Month] | None = None
        for (series, month), one in line.cells.items():
            try:
                units = _minor(one, kind, series, line)
            except ValueError as why:
                rows = f" over {one.rows:,} rows" if one.rows > 1 else ""
                reason = f"{month} of “{line.name}”, {one.value:f}{rows}, {why}"
                faults.append(RowFault(one.file, one.line, one.column, f"{one.value:f}", reason))
                continue
            if one.disputed:
                continue
            if series is None:
                baseline = units, month
            else:
                months.setdefault(series, {})[month] = units
        recurring = line.rule.recurring
        return WantedLine(place, kind, line.name, line.currency, recurring, months, baseline, line.file, line.line)


def _minor(one: _Cell, kind: ValueKind, series: Series | None, line: _Line) -> int:
    places = money.exponent(line.currency)
    kept = one.value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if kept != one.value and not _rounds(line.rule):
        raise ValueError(f"has more than the {places} decimals of {line.currency}; round: true rounds the sum half up")
    if kept < 0 and not may_be_negative(kind, series or Series.PLAN):
        told = "baseline" if series is None else series.spoken
        raise ValueError(f"lies below zero, which the {told} of {kind.spoken} cannot; negative: names a line for it")
    return money.minor(kept, line.currency)


def _rounds(rule: ValueRule | QuotaRule) -> bool:
    return bool(rule.round or (rule.amount and rule.amount.round))


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
        series = _SERIES[rule.series]
        names = [(rule.kind, rule.name or rule.kind.spoken.capitalize())]
        names += [(rule.negative.kind, rule.negative.name)] if rule.negative else []
        if series is not None:
            found += [SpokenOf(kind, _pattern(name), series) for kind, name in names]
    return tuple(found)


def _pattern(template: str) -> re.Pattern[str]:
    literal = re.split(r"\{[^{}]+\}", template)
    return re.compile(".*".join(re.escape(part) for part in literal), re.IGNORECASE | re.DOTALL)
