"""Sales figures, as spoken: results against quota (law §5)."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from server.domain import sales as law
from server.domain import sales_outlook as outlook
from server.domain.behind import Place
from server.domain.figures import Period
from server.domain.months import Month
from server.domain.sales import SalesDimension
from server.domain.sales_figures import (
    NONE_SET,
    NOTHING,
    Explained,
    Ground,
    Parts,
    Quotas,
    Slice,
    Tally,
    by_month,
    explained,
    sliced,
)
from server.domain.sales_outlook import Planned
from server.models import sales_figures
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.figures import Figure, period_of, places_of, reporting_currency
from server.schema.money import Money, priced_at


@strawberry.type(
    description="One segment's share of the sales figures; its amounts are null for viewers who may not read money."
)
class SalesSlice:
    """See the description."""

    key: str = strawberry.field(description="The segment; empty for what names none.")
    quota: Money | None = strawberry.field(description="Its quota; zero where quota is not cut this way.")
    capacity: Money | None = strawberry.field(
        description="What its sellers can be expected to bring; null where capacity is not known by this dimension."
    )
    won: Money | None = strawberry.field(description="What was won.")
    open_pipeline: Money | None = strawberry.field(
        description="What is open and closes in the period, or names no close."
    )
    average_won: Money | None = strawberry.field(description="Won ÷ number of won; null where nothing was won.")
    won_count: int = strawberry.field(description="How many were won.")
    lost_count: int = strawberry.field(description="How many were lost.")
    open_count: int = strawberry.field(description="How many are open.")
    win_rate: Decimal | None = strawberry.field(
        description="Won ÷ (won + lost), to six places; null where none closed."
    )

    omitted: int = strawberry.field(
        description="How many opportunities, lines of quota and of capacity its amounts leave out: without an amount, "
        "or not for the viewer to read."
    )

    @classmethod
    def of(cls, one: Slice, currency: str, *, readable: bool) -> "SalesSlice":
        """A slice of the law; without amounts where none of them may be read."""
        tally, shown = one.tally, currency if readable else None
        return cls(
            key=one.key,
            quota=Money.of(one.quota.units, shown),
            capacity=Money.of(one.capacity.units, shown) if one.capacity else None,
            won=Money.of(tally.won_units, shown),
            open_pipeline=Money.of(tally.open_units, shown),
            average_won=Money.of(law.average_won(tally.won_units, tally.won_told), shown),
            omitted=one.omitted,
            won_count=tally.won,
            lost_count=tally.lost,
            open_count=tally.open,
            win_rate=law.win_rate(tally.won, tally.lost),
        )


By = Annotated[SalesDimension, strawberry.argument(description="By what to cut.")]


@strawberry.type(
    description="Results against quota of all sales plans below a node (or of the organization, where deals without a "
    "plan count too) in a period, in the reporting currency."
)
class SalesFigures:
    """See the description."""

    first: Month = strawberry.field(name="from", description="The first month.")
    last: Month = strawberry.field(name="to", description="The last month.")
    place: strawberry.Private[UUID]
    whole: strawberry.Private[bool]

    @property
    def _asked(self) -> tuple[Month, Month, bool]:
        return self.first, self.last, self.whole

    async def _tally(self, info: Info) -> Tally:
        found = await info.context.one(_tallies, self.place, *self._asked, None) or {}
        return found.get("", NOTHING)

    async def _explained(self, info: Info) -> Explained:
        return explained(await self._ground(info))

    async def _readable(self, info: Info) -> bool:
        return await priced_at(info.context, self.place, whole=self.whole)

    async def _ground(self, info: Info) -> Ground:
        quotas = await info.context.one(quotas_at, self.place, *self._asked, None) or {}
        return Ground(
            Period(self.first, self.last),
            await reporting_currency(info.context),
            quotas.get("", NONE_SET),
            await self._tally(info),
            await self._readable(info),
            Place(self.place, self.whole),
        )

    async def _planned(self, info: Info) -> Planned:
        return await info.context.one(planned_at, self.place, *self._asked) or Planned()

    async def _capacity(self, info: Info) -> Quotas:
        found = await info.context.one(_capacities, self.place, *self._asked, None) or {}
        return found.get("", NONE_SET)

    async def _by(self, info: Info, dimension: SalesDimension) -> list[SalesSlice]:
        quotas = await info.context.one(quotas_at, self.place, *self._asked, dimension) or {}
        tallies = await info.context.one(_tallies, self.place, *self._asked, dimension) or {}
        sellers, months = dimension is SalesDimension.SELLER, dimension is SalesDimension.MONTH
        cut = sellers or months
        capacities = await info.context.one(_capacities, self.place, *self._asked, dimension) or {} if cut else None
        parts = Parts(quotas, tallies, capacities)
        if months:
            slices = by_month(Period(self.first, self.last), parts)
        else:
            also = await info.context.one(_sellers, self.place, self.whole) if sellers else None
            slices = sliced(parts, also or ())
        currency = await reporting_currency(info.context)
        readable = await self._readable(info)
        return [SalesSlice.of(one, currency, readable=readable) for one in slices]

    @edge("The quota of the period, of sales plans that are not cancelled.")
    async def quota(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of((await self._explained(info)).quota)

    @edge("What was won in the period.")
    async def won(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of((await self._explained(info)).won)

    @edge("Won ÷ quota, to six places, of what the viewer may read; null without quota.")
    async def attainment(self, info: Info) -> Decimal | None:
        """See the description."""
        figures = await self._explained(info)
        return law.attainment(figures.won.units, figures.quota.units)

    @edge("What is still missing: max(quota − won, 0).")
    async def gap(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of((await self._explained(info)).gap)

    @edge("Won ÷ (won + lost) by number of opportunities, to six places; null where none closed.")
    async def win_rate(self, info: Info) -> Decimal | None:
        """See the description."""
        tally = await self._tally(info)
        return law.win_rate(tally.won, tally.lost)

    @edge("Open opportunities expected to close in the period, and those that name no expected close.")
    async def open_pipeline(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of((await self._explained(info)).open_pipeline)

    @edge("The open pipeline, each opportunity × its probability.")
    async def weighted_pipeline(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of((await self._explained(info)).weighted_pipeline)

    @edge("Won ÷ number of won opportunities; null where nothing was won, or not for the viewer to read.")
    async def average_won(self, info: Info) -> Money | None:
        """See the description."""
        tally = await self._tally(info)
        if not await self._readable(info):
            return None
        return Money.of(law.average_won(tally.won_units, tally.won_told), await reporting_currency(info.context))

    @edge("Open pipeline ÷ what is still missing, to six places, of what the viewer may read; null once nothing is.")
    async def coverage(self, info: Info) -> Decimal | None:
        """See the description."""
        figures = await self._explained(info)
        return law.coverage(figures.open_pipeline.units, figures.quota.units, figures.won.units)

    @edge("The coverage it takes: 1 ÷ win rate, to six places; null where nothing was won.")
    async def required_coverage(self, info: Info) -> Decimal | None:
        """See the description."""
        tally = await self._tally(info)
        return law.required_coverage(tally.won, tally.lost)

    @edge(
        "Open opportunities in COMMIT or BEST_CASE, or without a category at 50 % or more; expected to close in the "
        "period, or without an expected close."
    )
    async def late_stage_pipeline(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of(outlook.late_stage(await self._ground(info)))

    @edge("Late-stage pipeline ÷ what is still missing, to six places, of what the viewer reads; null without a gap.")
    async def late_stage_coverage(self, info: Info) -> Decimal | None:
        """See the description."""
        tally, figures = await self._tally(info), await self._explained(info)
        return law.coverage(tally.late_units, figures.quota.units, figures.won.units)

    @edge("What would be won by the end of the period at the pace so far; null before it begins.")
    async def pace(self, info: Info) -> Figure | None:
        """See the description."""
        found = outlook.pace(await self._ground(info), await info.context.today())
        return Figure.of(found) if found else None

    @edge("Won + weighted pipeline: where the period is likely to end, to be held against its quota.")
    async def projected_end(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of(outlook.projected_end(await self._ground(info)))

    @edge("Projected end ÷ quota, to six places, of what the viewer may read; null without quota.")
    async def projected_attainment(self, info: Info) -> Decimal | None:
        """See the description."""
        ground = await self._ground(info)
        return law.attainment(outlook.projected_end(ground).units, ground.quota.units)

    @edge("What the initiatives at or below plan to turn over in the period, where they plan any revenue.")
    async def planned_revenue(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of(outlook.planned_revenue(await self._ground(info), await self._planned(info)))

    @edge(
        "Σ quotas ÷ planned revenue of the initiatives at or below that plan any − 1, to six places, of what the "
        "viewer may read; below zero where quota falls short; null where none is planned, as at a sales plan."
    )
    async def over_assignment(self, info: Info) -> Decimal | None:
        """See the description."""
        return (await self._planned(info)).over_assignment

    @edge("What the sellers can be expected to bring in the period.")
    async def capacity(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of(outlook.capacity(await self._ground(info), await self._capacity(info)))

    @edge("Capacity ÷ quota, to six places, of what the viewer may read; null without quota.")
    async def capacity_cover(self, info: Info) -> Decimal | None:
        """See the description."""
        ground = await self._ground(info)
        return law.ratio((await self._capacity(info)).units, ground.quota.units)

    @edge("How many were won in the period.")
    async def won_count(self, info: Info) -> int:
        """See the description."""
        return (await self._tally(info)).won

    @edge("How many were lost in the period.")
    async def lost_count(self, info: Info) -> int:
        """See the description."""
        return (await self._tally(info)).lost

    @edge("How many are open and expected to close in the period, or name no expected close.")
    async def open_count(self, info: Info) -> int:
        """See the description."""
        return (await self._tally(info)).open

    @edge(
        "The same, cut by a dimension. Slices add up to the whole, save that open deals without a close have no month."
    )
    async def by(self, info: Info, dimension: By) -> list[SalesSlice]:
        """See the description."""
        return await self._by(info, dimension)

    @edge("Every month of the period.")
    async def by_month(self, info: Info) -> list[SalesSlice]:
        """See the description."""
        return await self._by(info, SalesDimension.MONTH)

    @edge("By seller, those without deals included.")
    async def by_seller(self, info: Info) -> list[SalesSlice]:
        """See the description."""
        return await self._by(info, SalesDimension.SELLER)

    @edge("By product.")
    async def by_product(self, info: Info) -> list[SalesSlice]:
        """See the description."""
        return await self._by(info, SalesDimension.PRODUCT)

    @edge("By forecast category; the empty key is deals of which the CRM says none.")
    async def by_forecast_category(self, info: Info) -> list[SalesSlice]:
        """See the description."""
        return await self._by(info, SalesDimension.FORECAST_CATEGORY)

    @edge("By territory.")
    async def by_territory(self, info: Info) -> list[SalesSlice]:
        """See the description."""
        return await self._by(info, SalesDimension.TERRITORY)


async def sales_of(info: Info, node_id: UUID | None, first: Month | None, last: Month | None) -> SalesFigures:
    """The sales figures of all plans below a node, or of the organization (None)."""
    period = await period_of(info.context, first, last)
    place = node_id or info.context.viewer.organization_id
    return SalesFigures(first=period.first, last=period.last, place=place, whole=node_id is None)


async def _tallies(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool, dimension: SalesDimension | None
) -> dict[UUID, dict[str, Tally]]:
    at = places_of(places, whole)
    return await sales_figures.tallies(context.db, context.viewer, at, Period(first, last), dimension)


async def quotas_at(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool, dimension: SalesDimension | None
) -> dict[UUID, dict[str, Quotas]]:
    """Quota per place and segment."""
    at = places_of(places, whole)
    return await sales_figures.quotas(context.db, context.viewer, at, Period(first, last), dimension)


async def _capacities(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool, dimension: SalesDimension | None
) -> dict[UUID, dict[str, Quotas]]:
    at = places_of(places, whole)
    return await sales_figures.capacities(context.db, context.viewer, at, Period(first, last), dimension)


async def planned_at(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool
) -> dict[UUID, Planned]:
    """Planned revenue, and the quota of the same initiatives, per place."""
    return await sales_figures.planned(context.db, context.viewer, places_of(places, whole), Period(first, last))


async def _sellers(context: Context, places: list[UUID], whole: bool) -> dict[UUID, set[str]]:
    return await sales_figures.sellers(context.db, context.viewer, places_of(places, whole))
