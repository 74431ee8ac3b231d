"""Plan rates, actual rates and the currency effect, as spoken (law §4)."""

from decimal import Decimal
from uuid import UUID

import strawberry

from server.domain import currency as law
from server.domain.figures import Period
from server.domain.months import Month
from server.domain.values import COSTS
from server.models import rates
from server.models.database import rows
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.figures import Figure, places_of
from server.schema.places import PlaceFigures
from server.schema.scalars import Currency


@strawberry.type(
    description="What one unit of a currency is planned to cost in the reporting currency, in a fiscal year."
)
class PlanRate:
    """See the description."""

    fiscal_year: int = strawberry.field(description="The fiscal year, named after the calendar year in which it ends.")
    currency: Currency = strawberry.field(description="The currency that is converted.")
    rate: Decimal = strawberry.field(description="How much of the reporting currency one unit of it costs.")


@strawberry.type(description="What one unit of a currency really cost in the reporting currency, in a month.")
class ActualRate:
    """See the description."""

    month: Month = strawberry.field(description="The month.")
    currency: Currency = strawberry.field(description="The currency that is converted.")
    rate: Decimal = strawberry.field(description="How much of the reporting currency one unit of it cost.")


@strawberry.type(description="One figure at plan rates and at actual rates, and the difference.")
class CurrencyEffect:
    """See the description."""

    at_plan_rates: Figure = strawberry.field(description="At the plan rate of each fiscal year, as everywhere else.")
    at_actual_rates: Figure = strawberry.field(
        description="At each month's actual rate; where a month has none, the plan rate stands."
    )
    effect: Figure = strawberry.field(description="At actual rates − at plan rates: what exchange rates alone did.")

    @classmethod
    def of(cls, one: law.CurrencyEffect) -> "CurrencyEffect":
        """An effect of the law."""
        plan, actual, effect = (Figure.of(each) for each in (one.at_plan_rates, one.at_actual_rates, one.effect))
        return cls(at_plan_rates=plan, at_actual_rates=actual, effect=effect)


@strawberry.type(description="What is in the books, at plan rates and at actual rates.")
class CurrencyEffects:
    """See the description."""

    actual: CurrencyEffect = strawberry.field(description="The headline actual.")
    confirmed: CurrencyEffect = strawberry.field(description="The headline value that controllers have confirmed.")
    spend: CurrencyEffect = strawberry.field(description="The actuals of all cost lines.")


@strawberry.type
class AtActualRates(PlaceFigures):
    """The field of a roll-up that shows the second view."""

    @edge("What is in the books at actual rates beside plan rates: the currency effect.")
    async def currency_effect(self, info: Info) -> CurrencyEffects:
        """See the description."""
        cells = await info.context.one(_cells, self.place, self.first, self.last, self.whole) or []
        sums, kinds = await self.sums_of(info), (await info.context.policy()).headline_kinds
        return CurrencyEffects(
            actual=CurrencyEffect.of(law.effect(cells, "actual", kinds, sums)),
            confirmed=CurrencyEffect.of(law.effect(cells, "confirmed", kinds, sums)),
            spend=CurrencyEffect.of(law.effect(cells, "actual", COSTS, sums)),
        )


async def _cells(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool
) -> dict[UUID, list[law.RateCell]]:
    return await rates.rate_cells(context.db, context.viewer, places_of(places, whole), Period(first, last))


async def plan_rates_of(context: Context) -> list[PlanRate]:
    """Every plan rate, the latest fiscal year first."""
    found = await rates.plan_rates(context.db, context.viewer.organization_id)
    return [PlanRate(fiscal_year=year, currency=Currency(currency), rate=rate) for year, currency, rate in found]


async def actual_rates_of(context: Context) -> list[ActualRate]:
    """Every actual rate, the latest month first."""
    found = await rates.actual_rates(context.db, context.viewer.organization_id)
    return [ActualRate(month=Month(month), currency=Currency(currency), rate=rate) for month, currency, rate in found]


async def plan_rate_of(info: Info, rate_id: UUID) -> PlanRate:
    """A rate that was just set."""
    sql = "SELECT fiscal_year, currency, rate FROM plan_rate WHERE id = :id AND organization_id = :organization"
    (row,) = await rows(info.context.db, sql, id=rate_id, organization=info.context.viewer.organization_id)
    return PlanRate(fiscal_year=row["fiscal_year"], currency=row["currency"], rate=Decimal(row["rate"]))
