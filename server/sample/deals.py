"""The opportunities of a sales plan: invented once, seen as the CRM showed them on a given day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from server.domain.months import Month
from server.domain.results import Result
from server.domain.sales import OpportunityState
from server.sample.calendar import Calendar
from server.sample.figures import Months, hundreds, shares
from server.sample.grammar import Pipeline, SalesPlan
from server.sample.markets import ACCOUNTS, ORPHANS, PRODUCTS
from server.sample.people import SELLERS

CRM = "crm"
_STAGES = ((0.25, "Qualified", "0.2"), (0.5, "Proposal", "0.4"), (0.8, "Negotiation", "0.6"), (99, "Contract", "0.8"))
_AHEAD = 9  # months of pipeline
_NEGLECTED = 14  # one open deal in so many keeps an expected close that has passed


@dataclass(frozen=True, slots=True)
class Deal:
    """One opportunity with its whole life: engaged, and won or lost on `closes` (None: not yet)."""

    number: int
    seller: str | None
    territory: str
    account: str
    group: str
    product: str
    amount: Decimal
    engaged: date
    closes: date
    won: bool | None

    def seen(self, day: date, *, tidy: bool = False) -> Result | None:
        """As the CRM shows it on a day: None before it was engaged. `tidy`: no expected close lies in the past."""
        if self.engaged > day:
            return None
        if self.won is not None and self.closes <= day:
            state = OpportunityState.WON if self.won else OpportunityState.LOST
            return self._result(state, state.value.capitalize(), None, self.closes)
        gone = (day - self.engaged) / max(self.closes - self.engaged, timedelta(days=1))
        stage, chance = next((stage, chance) for limit, stage, chance in _STAGES if gone < limit)
        expected = self.closes
        if expected < day + timedelta(days=10) and (tidy or self.number % _NEGLECTED):
            expected = day + timedelta(days=10 + self.number % 25)
        return self._result(OpportunityState.OPEN, stage, Decimal(chance), expected)

    def _result(self, state: OpportunityState, stage: str, chance: Decimal | None, closed_on: date) -> Result:
        return Result(
            CRM,
            f"OP-{self.number}",
            stage,
            state,
            account=self.account,
            account_group=self.group,
            product=self.product,
            product_group=self.group,
            seller=self.seller,
            territory=self.territory,
            amount=self.amount,
            probability=chance,
            engaged_on=self.engaged,
            closed_on=closed_on,
        )


def deals(calendar: Calendar, plan: SalesPlan, quota: Months, first_number: int) -> list[Deal]:
    """All opportunities of a plan: those of past months come near its quota, those to come cover it as told."""
    pipeline = plan.pipeline
    if pipeline is None:
        return []
    chance = Random(plan.key)  # noqa: S311 — a company, not a secret
    numbers = iter(range(first_number, first_number + 9_999))
    return [
        _deal(calendar, plan, pipeline, chance, next(numbers), amount, closes, won)
        for amount, closes, won in (
            *_past(calendar, pipeline, quota, chance),
            *_open(calendar, pipeline, quota, chance),
        )
    ]


def _past(
    calendar: Calendar, pipeline: Pipeline, quota: Months, chance: Random
) -> Iterator[tuple[Decimal, date, bool | None]]:
    """Won deals that add up to about `won` per cent of the quota, and lost ones beside them."""
    owed = Decimal(0)
    for month, amount in quota.items():
        if month > calendar.later(0) or not pipeline.won:
            return
        last = calendar.today.day - 1 if month == calendar.later(0) else 28
        owed += amount * pipeline.won * last / 2800 * chance.randint(78, 122) / 100
        count = round(owed / 1000 / pipeline.deal)
        for weight in _weights(chance, count):
            yield hundreds(owed * weight), _within(month, chance.randint(1, max(last, 1))), True
        owed = owed if not count else Decimal(0)
        lost = count * (100 - pipeline.rate) / pipeline.rate
        for _ in range(int(lost + chance.random())):
            yield _about(pipeline, chance), _within(month, chance.randint(1, max(last, 1))), False


def _open(
    calendar: Calendar, pipeline: Pipeline, quota: Months, chance: Random
) -> Iterator[tuple[Decimal, date, bool | None]]:
    """Open deals worth `cover` per cent of the quota of the months ahead, most of them soon."""
    ahead = [amount for month, amount in quota.items() if calendar.later(0) <= month <= calendar.later(_AHEAD - 1)]
    left = sum(ahead, Decimal(0)) * pipeline.cover / 100
    while left > 0:
        amount = _about(pipeline, chance)
        left -= amount
        yield amount, calendar.today + timedelta(days=int(chance.triangular(-12, 30 * _AHEAD, 35))), None


def _weights(chance: Random, count: int) -> list[Decimal]:
    parts = [chance.randint(40, 180) for _ in range(count)]
    return [Decimal(part) / sum(parts) for part in parts]


def _about(pipeline: Pipeline, chance: Random) -> Decimal:
    return hundreds(Decimal(pipeline.deal * 1000) * chance.randint(35, 190) / 100)


def _within(month: Month, day: int) -> date:
    return month.first_day + timedelta(days=day - 1)


def _deal(
    calendar: Calendar,
    plan: SalesPlan,
    pipeline: Pipeline,
    chance: Random,
    number: int,
    amount: Decimal,
    closes: date,
    won: bool | None,
) -> Deal:
    group, products, trade = PRODUCTS[pipeline.products]
    sellers = [SELLERS[key].name for key in plan.sellers]
    engaged = closes - timedelta(days=chance.randint(35, 150))
    if won is None:
        engaged = min(engaged, calendar.today - timedelta(days=chance.randint(4, 70)))
    return Deal(
        number=number,
        seller=chance.choices(sellers, shares(sellers))[0] if sellers else None,
        territory=chance.choices(plan.territories, shares(plan.territories))[0],
        account=chance.choice(ACCOUNTS[trade]),
        group=group,
        product=chance.choice(products),
        amount=amount,
        engaged=engaged,
        closes=closes,
        won=won,
    )


def changed(calendar: Calendar, made: list[Deal], ago: int, before: int | None, *, tidy: bool) -> list[Result]:
    """What the CRM shows so many days ago that it did not show at the time before."""
    day = calendar.day(ago)
    now = {deal.number: deal.seen(day, tidy=tidy) for deal in made}
    then = {deal.number: deal.seen(calendar.day(before), tidy=tidy) if before else None for deal in made}
    return [result for number, result in now.items() if result and result != then[number]]


def orphans(calendar: Calendar) -> list[Result]:
    """Results that match no plan; OPEN ones are expected in as many days."""
    found = []
    for number, (account, country, group, product, thousands, state, ago) in enumerate(ORPHANS):
        closes = calendar.today - timedelta(days=ago)
        won = {"WON": True, "LOST": False, "OPEN": None}[state]
        engaged = min(closes, calendar.today) - timedelta(days=60 + number)
        deal = Deal(
            90_001 + number, None, country, account, group, product, Decimal(thousands * 1000), engaged, closes, won
        )
        result = deal.seen(calendar.day(1))
        if result:
            found.append(result)
    return found
