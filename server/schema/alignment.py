"""Alignment, as spoken: whether quota, pay and time point where the strategy does (law §5)."""

from decimal import Decimal
from uuid import UUID

import strawberry

from server.domain import alignment as law
from server.domain.alignment import Covered, Logged, Weights
from server.domain.figures import Period
from server.domain.money import masked
from server.domain.months import Month
from server.domain.sales_figures import NONE_SET
from server.domain.sales_outlook import Planned
from server.models import alignment
from server.schema.context import Context, Info
from server.schema.figures import FigureInput, period_of, places_of, reporting_currency
from server.schema.money import priced_at
from server.schema.sales_figures import planned_at, quotas_at


@strawberry.type(
    description="Whether quota, pay and time point where the strategy does, at and below a node in a period."
)
class Alignment:
    """See the description."""

    quota_covers: Decimal | None = strawberry.field(
        description="Quota ÷ planned revenue, to six places, of initiatives that plan any; of a sales plan: its own "
        "quota ÷ its initiative's. Null where none is planned, or for viewers who may not read money."
    )
    incentive_share: Decimal | None = strawberry.field(
        description="Share of the incentive weight under sales plans that rewards the plan, anything above it, or "
        "another plan of its initiative; null where no incentive is set."
    )
    activity_share: Decimal | None = strawberry.field(
        description="Share of the logged activity of those who sell here that belongs to a decided plan which goes "
        "on; null where none is logged."
    )
    by_time: bool = strawberry.field(
        description="Whether activity is added by minutes, which every one of them has; else it is counted."
    )
    sentence: str = strawberry.field(description="All three, in a sentence.")
    inputs: list[FigureInput] = strawberry.field(description="The numbers that went into them.")


async def alignment_of(
    info: Info, place: UUID | None, first: Month | None, last: Month | None, *, initiative: UUID | None = None
) -> Alignment:
    """The alignment at a node, or of the organization (None). `initiative` is what a sales plan sits under."""
    context = info.context
    period = await period_of(context, first, last)
    where, whole = place or context.viewer.organization_id, place is None
    months = (period.first, period.last)
    covered = await _covered(context, where, initiative, months, whole=whole)
    weights = await context.one(_weights, where, whole) or Weights()
    everything = await context.one(_logged, context.viewer.organization_id, *months) or []
    plans, sellers = (None, frozenset[str]())
    if not whole:
        plans, sellers = await context.one(_plans, where) or (frozenset[UUID](), frozenset[str]())
    found = law.alignment(covered, weights, law.spent(everything, plans, sellers))
    shown = str if covered.readable else masked
    return Alignment(
        quota_covers=found.quota_covers,
        incentive_share=found.incentive_share,
        activity_share=found.activity_share,
        by_time=found.by_time,
        sentence=found.sentence,
        inputs=[FigureInput(name=name, value=shown(value)) for name, value in found.inputs],
    )


async def _covered(
    context: Context, where: UUID, initiative: UUID | None, months: tuple[Month, Month], *, whole: bool
) -> Covered:
    planned = await context.one(planned_at, initiative or where, *months, whole) or Planned()
    quota = planned.quota
    if initiative is not None:
        quotas = await context.one(quotas_at, where, *months, whole, None) or {}
        quota = quotas.get("", NONE_SET).units
    readable = await priced_at(context, where, whole=whole)
    return Covered(quota, planned.revenue, await reporting_currency(context), readable)


async def _weights(context: Context, places: list[UUID], whole: bool) -> dict[UUID, Weights]:
    return await alignment.weights(context.db, context.viewer, places_of(places, whole))


async def _plans(context: Context, places: list[UUID]) -> dict[UUID, tuple[frozenset[UUID], frozenset[str]]]:
    return await alignment.plans(context.db, context.viewer, places)


async def _logged(
    context: Context, organization_ids: list[UUID], first: Month, last: Month
) -> dict[UUID, list[Logged]]:
    found = await alignment.logged(context.db, context.viewer, Period(first, last))
    return dict.fromkeys(organization_ids, found)
