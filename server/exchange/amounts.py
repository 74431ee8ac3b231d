"""The amounts of one row: every cell with all its faults, at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import NamedTuple

from server.domain import money
from server.domain.months import Month, fiscal_year
from server.domain.values import Series, ValueKind, may_be_negative
from server.domain.wording import Path
from server.exchange import cells as cell
from server.exchange import month_words
from server.exchange.doubtful import is_unknown
from server.exchange.periods import stated_fiscal_year
from server.exchange.row_reading import RowReading
from server.exchange.scope import Read, Scope
from server.exchange.sources import FieldRule
from server.exchange.tables import RowFault
from server.exchange.targets_mapping import QuotaRule
from server.exchange.tracker_mapping import FigureSources, ValueRule

SERIES = {"plan": Series.PLAN, "actual": Series.ACTUAL, "baseline": None}
_UNITS = {"units": 0, "thousands": 3, "millions": 6}
_EASY = 10  # below ten thousand million no currency is out of reach
_REACH = 18  # an amount has no more digits before its point; beyond 28 Decimal's own arithmetic would round

Wide = tuple[int | None, int]
"""Year (None: the row says it) and number of the month over a column."""


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
    raw: str

    @property
    def key(self) -> tuple[ValueKind, str, Series | None, Month]:
        """What tells it from the other amounts of its row."""
        return self.kind, self.name, self.series, self.month


@dataclass(slots=True)
class Unstated:
    """Cells without an amount: how many were blank, and those that say that it is not known."""

    blank: int = 0
    unknown: list[RowFault] = field(default_factory=list)


class _Field(NamedTuple):
    """A field of a rule: what a report calls it, and how it is read."""

    label: str
    read: Read


class ValueReader:
    """A rule for amounts, which stands at a path of a mapping, ready to be asked from the rows of a scope."""

    def __init__(self, scope: Scope, mapping: FigureSources, rule: ValueRule | QuotaRule, at: Path) -> None:
        self.rule, self._mapping = rule, mapping
        self._when = [
            (_Field(_label(mapping, name), scope.text(f"{{{name}}}", (*at, "when", name))[0]), frozenset(values))
            for name, values in rule.when.items()
        ]
        self._name = _Field("name", scope.text(rule.name, (*at, "name"))[0]) if rule.name else None
        credit = rule.negative.name if rule.negative else ""
        self._credit = _Field("name", scope.text(credit, (*at, "negative", "name"))[0])
        self._currency = _field(scope, rule.currency, (*at, "currency")) or _Field("currency", lambda _: "")
        self._year = _field(scope, rule.year, (*at, "year"))
        self._fiscal = _field(scope, rule.fiscal_year, (*at, "fiscalYear"))
        self._month = _field(scope, rule.month, (*at, "month"))
        amount = _field(scope, rule.amount, (*at, "amount"))
        self._cells: list[tuple[_Field, Wide | None]] = [(amount, None)] if amount else []
        self._cells += _wide(scope, rule.months, (*at, "months")) if rule.months else []
        self._months: dict[str, Month | ValueError] = {}
        self._names: dict[str, str] = {}
        numbers = mapping.numbers
        thousands = rule.amount.thousands if rule.amount and rule.amount.thousands is not None else numbers.thousands
        decimal = (rule.amount and rule.amount.decimal) or numbers.decimal
        self._written = cell.NumberFormat(decimal, thousands, numbers.exponents)
        unit = rule.unit or (rule.amount.unit if rule.amount and rule.amount.unit != "units" else numbers.unit)
        self._power = _UNITS[unit]

    def amounts(self, here: RowReading, unstated: Unstated) -> Iterator[Amount]:
        """The amounts of a row; all that cannot be read is told to `here`, what is not stated to `unstated`."""
        if not all(here.text(*one) in values for one, values in self._when):
            return
        for (column, read), wide in self._cells:
            raw = here.text(column, read)
            if raw is None:
                continue
            if not raw:
                unstated.blank += 1
            elif is_unknown(raw, self._mapping.unknown):
                reason = f"“{raw[:40]}” says that it is not known: no amount was taken, which is not zero."
                unstated.unknown.append(RowFault(here.row.file, here.row.line, column, raw, reason))
            elif (amount := self._amount(here, column, raw, wide)) is not None:
                yield amount

    def _amount(self, here: RowReading, column: str, raw: str, wide: Wide | None) -> Amount | None:
        """The amount of one cell; None where anything that it needs is at fault, and all of that is told."""
        value, currency = here.value(column, raw, self._number), self._code(here)
        month = self._long(here) if wide is None else self._dated(here, *wide)
        if month is not None:
            self._check_fiscal_year(here, column, month)
        credited = value is not None and value < 0 and self.rule.negative
        kind = credited.kind if credited else self.rule.kind
        name = self._called(here, self._credit if credited else self._name, kind)
        if value is not None and self.rule.repeated == "refuse":  # where rows are added, only their sum can be judged
            told = unfit(-value if credited else value, kind, SERIES[self.rule.series], currency, self.rule)
            for why in told:
                here.fault(column, raw, f"“{raw[:40]}” {why}")
        if value is None or currency is None or month is None or name is None:
            return None
        worth = -value if credited else value
        return Amount(self.rule, kind, name, SERIES[self.rule.series], month, worth, currency, column, raw)

    def _number(self, raw: str) -> Decimal:
        text = raw
        for sign in self._mapping.numbers.remove:
            text = text.replace(sign, "").strip()
        value = cell.number(text, self._written)
        return value.scaleb(self._power) if self._power else value

    def _code(self, here: RowReading) -> str | None:
        label, said = self._currency.label, here.text(*self._currency)
        if said is None:
            return None
        code = said or self._mapping.currency or ""
        if code in money.CURRENCIES:
            return code
        known = f"“{code}” is no ISO 4217 currency code such as EUR" if code else "Here stands no currency"
        here.fault(label, said or None, known)
        return None

    def _called(self, here: RowReading, name: _Field | None, kind: ValueKind) -> str | None:
        """The name of the line."""
        if name is None:
            return kind.spoken.capitalize()
        said = here.text(name.label, name.read)
        if said in self._names:
            return self._names[said]
        if said == "":
            here.fault(name.label, None, "The line that this amount belongs to has no name here")
        found = here.value(name.label, said, cell.text) if said else None
        if said and found is not None:
            self._names[said] = found
        return found

    def _long(self, here: RowReading) -> Month | None:
        """The month of a long row."""
        if self._month is None:
            return None
        label, said = self._month.label, here.text(*self._month)
        if said == "":
            here.fault(label, None, "Here stands no month")
        return here.value(label, said, self._known_month) if said else None

    def _known_month(self, text: str) -> Month:
        if text not in self._months:
            rule = self.rule.month
            try:
                self._months[text] = month_words.month(text, self._mapping.dates, rule.format if rule else ())
            except ValueError as why:
                self._months[text] = why
        found = self._months[text]
        if isinstance(found, ValueError):
            raise found
        return found

    def _dated(self, here: RowReading, year: int | None, number: int) -> Month | None:
        """The month of a wide column, with the year of the row where the header has none."""
        if year is not None:
            return Month.of(year, number)
        label, said = (self._year.label, here.text(*self._year)) if self._year else ("year", "")
        if said == "":
            here.fault(label, None, "Here stands no year")
        return here.value(label, said, lambda text: _month_of(text, number)) if said else None

    def _check_fiscal_year(self, here: RowReading, column: str, month: Month) -> None:
        """The fiscal year that the row names is the one its month lies in."""
        start = self._mapping.fiscal_year_start
        said = here.text(*self._fiscal) if self._fiscal else ""
        if not said or self._fiscal is None or start is None:
            return
        lies = fiscal_year(month, start)
        if stated_fiscal_year(said) != lies:
            month_column = self._month.label if self._month else column
            reason = f"“{said[:20]}” clashes with “{month_column}”: {month} lies in fiscal year {lies}"
            here.fault(self._fiscal.label, said, reason)


def unfit(
    value: Decimal, kind: ValueKind, series: Series | None, currency: str | None, rule: ValueRule | QuotaRule
) -> Iterator[str]:
    """Why an amount, or the sum of several, cannot be a month of a line; its decimals only where the currency is known.

    Each reason goes on after the amount.
    """
    if currency is not None and value >= 0 and value.adjusted() < _EASY and rounded(value, currency) == value:
        return
    if value.adjusted() > _REACH:
        yield "is too large for an amount of money"
        return
    if value < 0 and not may_be_negative(kind, series or Series.PLAN):
        told = "baseline" if series is None else series.spoken
        yield f"lies below zero, which the {told} of {kind.spoken} cannot; negative: names a line for it"
    if currency is None:
        return
    kept, places = rounded(value, currency), money.exponent(currency)
    if abs(kept.scaleb(places)) > money.LARGEST_MINOR:
        yield "is too large for an amount of money"
    if kept != value and not (rule.round or (rule.amount and rule.amount.round)):
        yield f"has more than the {places} decimals of {currency}; round: true rounds the sum half up"


def rounded(value: Decimal, currency: str) -> Decimal:
    """An amount with the decimals of its currency, half up."""
    return value.quantize(_finest(currency), ROUND_HALF_UP)


@cache
def _finest(currency: str) -> Decimal:
    return Decimal(1).scaleb(-money.exponent(currency))


def _field(scope: Scope, rule: FieldRule | None, path: Path) -> _Field | None:
    return _Field(rule.column or str(path[-1]), scope.field(rule, path)) if rule else None


def _label(mapping: FigureSources, name: str) -> str:
    """What a report calls a field or column that `when` names."""
    rule, _ = mapping.text_fields().get(name, (None, ()))
    return (rule and rule.column) or name


def _month_of(year: str, number: int) -> Month:
    if not year.isdecimal():
        raise ValueError("is no year")
    return Month.of(int(year), number)


def _wide(scope: Scope, pattern: str, path: Path) -> list[tuple[_Field, Wide | None]]:
    """Every column whose header is a month."""
    binding = scope.binding
    headers = binding.main.tables[0].headers if binding.main.tables else ()
    found, twice = month_words.columns(headers, pattern)
    for sentence in twice:
        binding.fault(path, sentence)
    if headers and not found:
        binding.fault(path, f"No column of {binding.main.name} is a month as “{pattern}” says: {', '.join(headers)}.")
    return [(_Field(header, scope.column(header, path)), month) for header, month in found.items()]
