"""From one row, with what is joined to it, to an opportunity: exactly, or with every reason why not."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from server.domain import money
from server.domain.results import TEXTS, closing_faults
from server.domain.sales import ForecastCategory, OpportunityState
from server.exchange import cells as cell
from server.exchange.extract import Opportunity, Place
from server.exchange.loading import nearest
from server.exchange.mapping import CrmMapping
from server.exchange.scope import Cells, Read, Scope, Standing, Unmapped
from server.exchange.sources import FieldRule, StageRule
from server.exchange.tables import RowFault

Value = TypeVar("Value")
_LONGEST_STAGE = TEXTS["stage"][1]
_KEYS = {
    "amount": "amount",
    "engagedOn": "engaged_on",
    "closedOn": "closed_on",
    "forecastCategory": "forecast_category",
}


class _Field:
    """One field of an opportunity, ready to be read."""

    def __init__(self, scope: Scope, key: str, rule: FieldRule | None) -> None:
        self.key, self.rule = key, rule
        self._read: Read = scope.field(rule, ("columns", key)) if rule and rule.written() else _nothing
        self._states: dict[OpportunityState, tuple[Read, str]] = {}
        for state, source in rule.by_state().items() if rule else ():
            read = scope.source(source, ("columns", key, state.lower())) if source else _nothing
            self._states[state] = read, (source and source.column) or key

    @property
    def depends(self) -> bool:
        """Whether where it is read depends on the deal's state."""
        return bool(self._states)

    def raw(self, row: Cells, state: OpportunityState | None) -> str:
        """The text for a deal in `state`."""
        value = self._states[state][0](row) if state in self._states else self._read(row)
        return "" if self.rule and value in self.rule.blank else value

    def label(self, state: OpportunityState | None) -> str:
        """What a report calls the column: its header, or the field where there is no single one."""
        return self._states[state][1] if state in self._states else (self.rule and self.rule.column) or self.key


def _nothing(_: Cells) -> str:
    return ""


class Deals:
    """Reads opportunities from rows of the main file."""

    def __init__(self, scope: Scope, mapping: CrmMapping) -> None:
        self._mapping = mapping
        columns = self._mapping.columns
        self._fields = {
            key: _Field(scope, str(info.alias), getattr(columns, key))
            for key, info in type(columns).model_fields.items()
        }
        self._skip = [
            (scope.column(name, ("skip", name)), frozenset(values)) for name, values in self._mapping.skip.items()
        ]

    def skips(self, row: Cells) -> bool:
        """Whether the mapping leaves this row out on purpose."""
        return any(read(row) in values for read, values in self._skip)

    def read(self, row: Standing, plan: Place | None, faults: list[RowFault]) -> Opportunity | None:
        """The opportunity of a row under its plan; None, with every reason in `faults`, if it cannot be taken."""
        reading = _Reading(row, self._fields)
        external_id = reading.take("external_id", cell.text)
        stage = reading.take("stage", lambda raw: cell.text(raw, _LONGEST_STAGE))
        rule = self._rule(stage, reading)
        state = reading.state = self._state(rule, stage, reading)
        currency = reading.take("currency", _currency) or self._mapping.currency
        if external_id is None:
            reading.refuse("external_id", "This row has no external id, by which it would be found again.")
        if currency is None:
            reading.refuse("currency", "This row names no currency, and the mapping has none for such rows.")
        names = {key: reading.take(key, cell.text) for key in _NAMES}
        amount = reading.take("amount", lambda raw: self._amount(raw, currency))
        engaged_on = reading.take("engaged_on", self._day("engaged_on"))
        closed_on = reading.take("closed_on", self._day("closed_on"))
        probability = reading.take("probability", self._share)
        if probability is None and rule is not None:
            probability = rule.probability
        category = reading.take("forecast_category", _category)
        if state is None:
            faults.extend(reading.faults)
            return None
        deal = Opportunity(
            file=row.file,
            line=row.line,
            system=self._mapping.system,
            external_id=external_id or "",
            **names,
            amount=amount,
            currency=currency or "",
            stage=stage or state.capitalize(),
            state=state,
            probability=probability,
            engaged_on=engaged_on,
            closed_on=closed_on,
            forecast_category=category,
            plan=plan,
        )
        for key, sentence in closing_faults(deal):
            reading.refuse(_KEYS[key], f"{sentence[:1].upper()}{sentence[1:]}")
        faults.extend(reading.faults)
        return None if reading.faults else deal

    def _rule(self, stage: str | None, reading: "_Reading") -> StageRule | None:
        stages = self._mapping.stages
        if stage is None or not stages:
            return None
        rule = stages.get(stage) or stages.get("*")
        if rule is None and self._mapping.columns.state is None:
            reading.refuse("stage", f"“{stage}” is no stage of the mapping{nearest(stage, list(stages))}")
        return rule

    def _state(self, rule: StageRule | None, stage: str | None, reading: "_Reading") -> OpportunityState | None:
        """From columns.state, else from the stage by `stages`, else from a stage that is called open, won or lost."""
        if self._mapping.columns.state is not None:
            state = reading.take("state", _state)
            if state is None and not reading.row.faults:  # a counterpart that is not there says why by itself
                reading.refuse("state", "This row does not say whether the deal is open, won or lost.")
            return state
        if stage is None:
            reading.refuse("stage", "This row has no stage.")
            return None
        if rule is not None or self._mapping.stages:
            return rule.state if rule else None
        return reading.take("stage", _state)

    def _amount(self, raw: str, currency: str | None) -> Decimal:
        rule = self._mapping.columns.amount
        unit, rounded = (rule.unit, rule.round) if rule else ("units", False)
        return cell.amount(raw, self._written("amount"), currency, unit, rounded=rounded)

    def _share(self, raw: str) -> Decimal:
        rule = self._mapping.columns.probability
        return cell.share(raw, self._written("probability"), percent=bool(rule and rule.percent))

    def _written(self, key: str) -> cell.NumberFormat:
        numbers, rule = self._mapping.numbers, getattr(self._mapping.columns, key)
        thousands = getattr(rule, "thousands", None)
        decimal = getattr(rule, "decimal", None) or numbers.decimal
        thousands = numbers.thousands if thousands is None else thousands
        return cell.NumberFormat(decimal, thousands, numbers.exponents)

    def _day(self, key: str) -> Callable[[str], date]:
        rule = getattr(self._mapping.columns, key)
        formats = (rule.format if rule else ()) or self._mapping.dates
        return lambda raw: cell.day(raw, formats)


_NAMES = ("account", "account_group", "product", "product_group", "seller", "territory")


class _Reading:
    """One row while it is read: takes values field by field, and collects what is wrong with it."""

    def __init__(self, row: Standing, fields: dict[str, _Field]) -> None:
        self.row, self._fields = row, fields
        self.state: OpportunityState | None = None
        self.faults: list[RowFault] = list(row.faults)
        self._failed: set[str] = set()

    def take(self, key: str, convert: Callable[[str], Value]) -> Value | None:
        """The value of a field; None when it is blank or, with a fault, when it is wrong."""
        field, raw = self._fields[key], ""
        if field.rule is None or (self.state is None and field.depends):
            return None
        try:
            raw = field.raw(self.row.cells, self.state)
            if raw:
                return convert(raw)
        except ValueError as error:
            raw = error.value if isinstance(error, Unmapped) else raw
            self._fault(key, raw, f"“{raw[:40]}” {error}")
            return None
        if field.rule.required:
            self._fault(key, "", f"{field.key} is required and blank here.")
        return None

    def refuse(self, key: str, reason: str) -> None:
        """Note what is wrong with a field as a whole, unless its text was faulty already."""
        if key not in self._failed:
            self._fault(key, self._fields[key].raw(self.row.cells, self.state), reason)

    def _fault(self, key: str, value: str, reason: str) -> None:
        self._failed.add(key)
        label = self._fields[key].label(self.state)
        self.faults.append(RowFault(self.row.file, self.row.line, label, value, reason))


def _currency(raw: str) -> str:
    if raw.upper() not in money.CURRENCIES:
        raise ValueError("is not an ISO 4217 currency code such as EUR")
    return raw.upper()


def _category(raw: str) -> ForecastCategory:
    try:
        return ForecastCategory(raw.strip().upper().replace(" ", "_").replace("-", "_"))
    except ValueError:
        known = ", ".join(ForecastCategory)
        raise ValueError(f"is none of {known}; say under map what it means") from None


def _state(raw: str) -> OpportunityState:
    try:
        return OpportunityState(raw.upper())
    except ValueError:
        raise ValueError("is neither OPEN, WON nor LOST; say under stages what it means") from None
