"""What steers the company besides its measures: budgets, tested hypotheses, matching rules and one correction."""

from collections.abc import Iterator
from decimal import Decimal

from server.actions.budgets import set_budget
from server.actions.corrections import correct_actual
from server.actions.indicators import add_indicator, record_indicator
from server.actions.matching import add_matching_rule
from server.domain.indicators import Direction, IndicatorFigure, IndicatorSource
from server.domain.matching import Traits
from server.domain.values import MonthAmount
from server.sample.acts import Act, Ref
from server.sample.calendar import Calendar

_LEAD, _EXECUTIVE, _CONTROLLER = "emeka", "katharina", "ute"
# portfolio → what it may spend in the current fiscal year, and in the one before, in thousands
_BUDGETS = {
    "aftermarket": (1_900, 1_600),
    "contracts": (3_200, 2_400),
    "new-drives": (7_500, 6_900),
    "operations": (6_400, 5_200),
}
_BEGAN, _ENDS = 400, -580  # days ago: from where to where the paths lead
# objective → indicator, unit, direction, start, target, and its readings (days ago, value)
_INDICATORS = (
    ("service", "Service contribution margin", "%", Direction.INCREASE, "19.0", "24.0",
     ((300, "19.3"), (210, "19.9"), (120, "20.6"), (30, "21.2"))),
    ("coverage", "Share of the installed base under contract", "%", Direction.INCREASE, "20", "50",
     ((300, "21"), (210, "23"), (120, "24"), (30, "26"))),
    ("growth", "Order intake of young platforms, million euro a year", None, Direction.INCREASE, "88", "140",
     ((300, "92"), (210, "99"), (120, "105"), (30, "109"))),
)  # fmt: skip
# where deals go that name no plan: by whom, to which plan, and what they ask for
_RULES = (
    ("julian", "packaging-dach", Traits(product_group="CS series", territory="Germany")),
    ("julian", "retrofit-dach", Traits(product_group="Monitoring", territory="Germany")),
    ("julian", "shop-central", Traits(product_group="Spare parts", territory="Austria")),
)
# line, months ago, what it really was, why
_CORRECTED = ("gear-cutting/2", 2, 118_000, "The carrier's credit note belongs to that month.")


def steering(calendar: Calendar) -> Iterator[Act]:
    """All of it."""
    for portfolio, thousands in _BUDGETS.items():
        for before, amount in enumerate(thousands):
            given = {"fiscal_year": calendar.fiscal_year - before, "amount": Decimal(amount * 1000)}
            yield Act(340 if before else 150, _LEAD, set_budget, {"portfolio": Ref(portfolio), **given})
    yield from _hypotheses(calendar)
    for by, plan, wants in _RULES:
        yield Act(40, by, add_matching_rule, {"plan": Ref(plan), "wants": wants})
    line, months, amount, why = _CORRECTED
    corrected = [MonthAmount(calendar.later(-months), Decimal(amount))]
    yield Act(2, _CONTROLLER, correct_actual, {"line": Ref(line), "months": corrected, "reason": why})


def _hypotheses(calendar: Calendar) -> Iterator[Act]:
    dated = {"startDate": calendar.day(_BEGAN), "targetDate": calendar.day(_ENDS), "decides": True}
    for objective, name, unit, direction, start, target, readings in _INDICATORS:
        aim = {"direction": direction, "start": Decimal(start), "target": Decimal(target)}
        fields = {"name": name, "unit": unit, **aim, **dated}
        yield Act(_BEGAN - 5, _EXECUTIVE, add_indicator, {"under": Ref(objective), "fields": fields}, f"{objective}!")
        for ago, value in readings:
            given = {"on": calendar.day(ago), "actual": Decimal(value)}
            yield Act(ago, _EXECUTIVE, record_indicator, {"indicator": Ref(f"{objective}!"), **given})
    confirmed = {
        "name": "Savings that finance has confirmed",
        "direction": Direction.INCREASE,
        "source": IndicatorSource.ROLL_UP,
        "figure": IndicatorFigure.HEADLINE_CONFIRMED,
        "start": Decimal(0),
        "target": Decimal(30_000_000),
    }
    given = {"under": Ref("cost"), "fields": {**confirmed, **dated}}
    yield Act(_BEGAN - 5, _EXECUTIVE, add_indicator, given)
