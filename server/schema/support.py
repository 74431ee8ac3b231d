"""What supports an objective, as spoken: a figure whose inputs are the sales plans below it."""

from uuid import UUID

from server.domain.figures import Period
from server.domain.months import Month
from server.domain.support import PlanWon, supported
from server.models.support import won_by_plan
from server.schema.context import Context, Info
from server.schema.figures import Figure, period_of, reporting_currency
from server.schema.money import priced_at


async def supported_by(info: Info, node_id: UUID, first: Month | None, last: Month | None) -> Figure:
    """What was won below a node in a period, with its plans as inputs that lead on to them."""
    context = info.context
    period = await period_of(context, first, last)
    plans = await context.one(_won, node_id, period.first, period.last) or []
    readable, currency = await priced_at(context, node_id), await reporting_currency(context)
    return Figure.of(supported(plans, period, currency, readable=readable))


async def _won(context: Context, places: list[UUID], first: Month, last: Month) -> dict[UUID, list[PlanWon]]:
    return await won_by_plan(context.db, context.viewer, places, Period(first, last))
