"""Quota, incentives and recorded results, as spoken (law §5)."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.months import Month
from server.domain.sales import SalesDimension
from server.models.database import rows
from server.models.scope import seen
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.figures import reporting_currency
from server.schema.money import Money, priced
from server.schema.people import Person, person_of

if TYPE_CHECKING:
    from server.schema.cascade import CascadeNode
# The back edge to what imports us.
_CascadeNode = Annotated["CascadeNode", strawberry.lazy("server.schema.cascade")]


@strawberry.type(description="Quota of a sales plan for one month, in the reporting currency.")
class QuotaLine:
    """See the description."""

    month: Month = strawberry.field(description="The month.")
    dimension: SalesDimension | None = strawberry.field(description="By what the plan's quota is cut; null: it is not.")
    segment: str | None = strawberry.field(description="The segment it is for; null where quota is not cut.")
    amount: Money | None = strawberry.field(description="How much; null for viewers who may not read money.")


async def quota_of(info: Info, node_id: UUID, first: Month | None, last: Month | None) -> list[QuotaLine]:
    """A plan's quota by month and segment; without a period all of it."""
    found = await info.context.one(_quota_lines, node_id) or []
    currency, shown = await reporting_currency(info.context), await priced(info.context, node_id)
    return [
        QuotaLine(
            month=Month(row["month"]),
            dimension=SalesDimension(row["dimension"]) if row["dimension"] else None,
            segment=row["segment"] or None,
            amount=Money.of(row["units"], currency) if shown else None,
        )
        for row in found
        if (first or 0) <= row["month"] <= (last or row["month"])
    ]


async def _quota_lines(context: Context, node_ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    sight, values = seen(context.viewer, "node_id")
    sql = f"""SELECT node_id, month, dimension, segment, units FROM quota WHERE node_id IN :ids AND {sight}
              ORDER BY month, segment"""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await rows(context.db, sql, ids=node_ids, **values):
        found.setdefault(row["node_id"], []).append(row)
    return found


@strawberry.type(description="What a seller can be expected to bring a plan in a month.")
class CapacityLine:
    """See the description."""

    seller: str = strawberry.field(description="Who sells.")
    month: Month = strawberry.field(description="The month.")
    amount: Money | None = strawberry.field(description="How much; null for viewers who may not read money.")


async def capacity_of(info: Info, node_id: UUID, first: Month | None, last: Month | None) -> list[CapacityLine]:
    """A plan's capacity by seller and month; without a period all of it."""
    found = await info.context.one(_capacity_lines, node_id) or []
    currency, shown = await reporting_currency(info.context), await priced(info.context, node_id)
    return [
        CapacityLine(
            seller=row["seller"], month=Month(row["month"]), amount=Money.of(row["units"], currency) if shown else None
        )
        for row in found
        if (first or 0) <= row["month"] <= (last or row["month"])
    ]


async def _capacity_lines(context: Context, node_ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    sight, values = seen(context.viewer, "node_id")
    sql = f"""SELECT node_id, seller, month, units FROM capacity WHERE node_id IN :ids AND {sight}
              ORDER BY seller, month"""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await rows(context.db, sql, ids=node_ids, **values):
        found.setdefault(row["node_id"], []).append(row)
    return found


@strawberry.type(description="An incentive measure: what share of a seller's incentive hangs on what.")
class Incentive:
    """See the description."""

    name: str = strawberry.field(description="What is rewarded, in words.")
    weight: Decimal = strawberry.field(description="Per cent of the seller's whole incentive.")
    row: strawberry.Private[dict[str, Any]]

    @edge("Whose incentive it is.")
    async def seller(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.row["seller_id"])

    @edge("The part of the cascade that it rewards; null for none, or one that the viewer may not see.")
    async def rewards(self, info: Info) -> _CascadeNode | None:
        """See the description."""
        from server.schema.cascade import node_of  # noqa: PLC0415 — the back edge

        return await node_of(info.context, self.row["rewards_id"]) if self.row["rewards_id"] else None


async def incentives_of(info: Info, node_id: UUID) -> list[Incentive]:
    """A plan's incentive measures, by seller as they were set."""
    found = await info.context.one(_incentives, node_id) or []
    return [Incentive(name=row["name"], weight=Decimal(row["weight"]).scaleb(-2), row=row) for row in found]


async def _incentives(context: Context, node_ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    sight, values = seen(context.viewer, "node_id")
    sql = f"""SELECT node_id, seller_id, name, weight, rewards_id FROM incentive WHERE node_id IN :ids AND {sight}
              ORDER BY seller_id, id"""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await rows(context.db, sql, ids=node_ids, **values):
        found.setdefault(row["node_id"], []).append(row)
    return found


@strawberry.type(description="What became of the results that were handed in.")
class RecordedResults:
    """See the description."""

    created: int = strawberry.field(description="How many were new.")
    changed: int = strawberry.field(description="How many differed from what was recorded.")
    unchanged: int = strawberry.field(description="How many were recorded like this already; they were not touched.")
    matched: int = strawberry.field(default=0, description="How many a matching rule has put under a plan.")
    orphans: int = strawberry.field(default=0, description="How many of them all belong to no plan.")
