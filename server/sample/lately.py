"""What happened in the last days, so that the activity beside the board reads like a week at work."""

from collections.abc import Iterator
from decimal import Decimal

from server.actions.milestones import edit_milestone, record_reading
from server.actions.values import set_forecast
from server.domain.values import MonthAmount
from server.sample.acts import Act, Ref
from server.sample.calendar import Calendar

# line (initiative/index) → days ago, by whom, months ahead, new forecast
_FORECASTS = (
    ("bearing-life/0", 3, "hanna", 1, 72_400),
    ("cs-logistics/1", 2, "sofia", 1, 81_000),
    ("gear-cutting/0", 2, "georg", 1, 158_000),
    ("configurator/0", 1, "sofia", 1, 108_500),
    ("contracts-base/1", 1, "hanna", 1, 214_000),
)
# milestone (measure#index) → days ago, by whom, reading, source
_READINGS = (
    ("warehouse-dach#0", 2, "julian", "3", "Frame contract with Sortiersysteme Traun, draft of the purchasing board"),
    ("contracts-dach#2", 1, "julian", "58", "Contract register, CRM"),
    ("configurator#1", 1, "sofia", "39", "Order statistics of the configurator"),
)


def lately(calendar: Calendar) -> Iterator[Act]:
    """Single forecasts, readings and a moved date of the last days."""
    for line, ago, by, ahead, amount in _FORECASTS:
        months = [MonthAmount(calendar.later(ahead), Decimal(amount))]
        yield Act(ago, by, set_forecast, {"line": Ref(line), "months": months})
    moved = {"milestone": Ref("greenville#2"), "fields": {"due": calendar.day(-98)}}
    yield Act(3, "georg", edit_milestone, moved)
    for milestone, ago, by, reading, source in _READINGS:
        given = {"milestone": Ref(milestone), "reading": Decimal(reading), "source": source, "on": calendar.day(ago)}
        yield Act(ago, by, record_reading, given)
