"""What a roll-up says of money spent: budget, what is left of it, and what was spent without a case (law §4)."""

from decimal import Decimal
from uuid import UUID

import strawberry

from server.domain import budgets as law
from server.domain import rollups
from server.domain.figures import Figure as Exact
from server.domain.figures import Period
from server.domain.months import Month
from server.models import spending
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.figures import Figure, places_of
from server.schema.places import PlaceFigures


@strawberry.type
class Spending(PlaceFigures):
    """The fields of a roll-up that are about spending."""

    @edge("What was spent: the actuals of one-off cost, capex and run cost.")
    async def spend(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of(rollups.spend(await self.sums(info)))

    @edge("Capital leakage: what was spent on measures that stand below DECIDED.")
    async def spend_before_decision(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of(rollups.spend_before_decision(await self.sums(info)))

    @edge(
        "What was spent on measures that promise nothing: no benefit line has a plan of any month, and no sales plan "
        "below has quota. Their findings `SPEND_WITHOUT_CASE` name them, and each input leads down to the lines."
    )
    async def spend_without_case(self, info: Info) -> Figure:
        """See the description."""
        found = await info.context.one(_without_case, self.place, self.first, self.last, self.whole) or []
        return Figure.of(law.without_case(found, await self.sums(info)))

    @edge("The budgets of the portfolios here and below, as far as their fiscal years lie in the period.")
    async def budget(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of(await self._budget(info))

    @edge("Budget − spend, below zero where it is overspent; null where no portfolio here or below has a budget.")
    async def budget_left(self, info: Info) -> Figure | None:
        """See the description."""
        budget = await self._budget(info)
        has_one = budget.inputs or budget.omitted
        return Figure.of(law.left(budget, await self.sums(info))) if has_one else None

    @edge("Spend ÷ budget, to four decimals; null without a budget, and for viewers who may not read money.")
    async def budget_spent(self, info: Info) -> Decimal | None:
        """See the description."""
        return law.share(await self._budget(info), rollups.spend(await self.sums(info)))

    async def _budget(self, info: Info) -> Exact:
        found = await info.context.one(_budgets, self.place, self.first, self.last, self.whole) or []
        start = (await info.context.organization())["fiscal_year_start"]
        return law.budget(found, await self.sums(info), start)


async def _budgets(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool
) -> dict[UUID, list[law.Budget]]:
    start = (await context.organization())["fiscal_year_start"]
    years = law.years_of(Period(first, last), start)
    return await spending.budgets(context.db, context.viewer, places_of(places, whole), years)


async def _without_case(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool
) -> dict[UUID, list[law.Unplanned]]:
    return await spending.without_case(context.db, context.viewer, places_of(places, whole), Period(first, last))
