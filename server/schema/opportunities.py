"""Opportunities, as spoken: the deals that a CRM reports (law §5)."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.matching import Traits
from server.domain.sales import CERTAIN, ForecastCategory, OpportunityState
from server.models import opportunities
from server.models.database import rows
from server.models.scope import priced, seen
from server.schema import ids
from server.schema.connections import Connection, check_first, key_of
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.figures import places_of
from server.schema.matching import MatchingRule, NearestRule, nearest_of, rule_of
from server.schema.money import Money
from server.schema.node import Node, resolves
from server.schema.scalars import Revision

if TYPE_CHECKING:
    from server.schema.cascade import CascadeNode, SalesPlan
# The back edge to what imports us.
_SalesPlan = Annotated["SalesPlan", strawberry.lazy("server.schema.cascade")]
_CascadeNode = Annotated["CascadeNode", strawberry.lazy("server.schema.cascade")]

spoken(
    OpportunityState,
    "Where an opportunity stands, whatever the CRM calls its stages.",
    OPEN="Still to be won or lost.",
    WON="Won; it counts in the month of its close.",
    LOST="Lost; it counts in the month of its close.",
)


@strawberry.type(
    description="A deal as the CRM reports it. Without a plan it is an orphan: kept and shown, never dropped."
)
class Opportunity(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    external_id: str = strawberry.field(description="Its id in the CRM.")
    system: str = strawberry.field(description="The CRM it comes from.")
    account: str | None = strawberry.field(description="The customer.")
    account_group: str | None = strawberry.field(description="The customer's group, such as a sector.")
    product: str | None = strawberry.field(description="What is sold.")
    product_group: str | None = strawberry.field(description="The product's group, such as a series.")
    seller: str | None = strawberry.field(description="Who sells.")
    territory: str | None = strawberry.field(description="Where.")
    amount: Money | None = strawberry.field(
        description="What it is worth, in its own currency; null for viewers who may not read money."
    )
    stage: str = strawberry.field(description="Its stage, as the CRM calls it.")
    state: OpportunityState = strawberry.field(description="Open, won or lost.")
    probability: Decimal | None = strawberry.field(description="How likely it is to be won, 0 to 1.")
    forecast_category: ForecastCategory | None = strawberry.field(
        description="How surely the seller counts on it; null: the CRM says nothing."
    )
    engaged_on: date | None = strawberry.field(description="When the deal began.")
    closed_on: date | None = strawberry.field(description="When it was won or lost, or is expected to close.")
    node_id: strawberry.Private[UUID | None]
    rule_id: strawberry.Private[UUID | None]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Opportunity":
        """The opportunity of a row."""
        same = ("revision", "external_id", "system", "account", "account_group", "product", "product_group", "seller")
        also = ("territory", "stage", "engaged_on", "closed_on", "node_id", "rule_id")
        chance = row["probability"]
        return cls(
            id=ids.issue("opportunity", row["id"]),
            amount=Money.of(row["units"], row["currency"]) if row["priced"] else None,
            state=OpportunityState(row["state"]),
            forecast_category=ForecastCategory(row["forecast_category"]) if row["forecast_category"] else None,
            probability=None if chance is None else Decimal(chance) / CERTAIN,
            **{name: row[name] for name in (*same, *also)},
        )

    @edge("The sales plan that it counts for; null for an orphan.")
    async def plan(self, info: Info) -> _SalesPlan | None:
        """See the description."""
        from server.schema.cascade import SalesPlan, node_of  # noqa: PLC0415 — the back edge

        plan = await node_of(info.context, self.node_id) if self.node_id else None
        return plan if isinstance(plan, SalesPlan) else None

    @edge("What it is won for: its sales plan and all above that, up to the objective at the top. None for an orphan.")
    async def chain(self, info: Info) -> list[_CascadeNode]:
        """See the description."""
        from server.schema.cascade import chain_of  # noqa: PLC0415 — the back edge

        return await chain_of(info.context, self.node_id) if self.node_id else []

    @edge("The matching rule that has put it there; null: somebody did by hand, or the rule is gone, or an orphan.")
    async def matched_by(self, info: Info) -> MatchingRule | None:
        """See the description."""
        return await rule_of(info.context, self.rule_id) if self.rule_id else None

    @edge("Of an orphan: the rule that nearly matched; null where none has anything in common with it, or one matches.")
    async def nearest(self, info: Info) -> NearestRule | None:
        """See the description."""
        return await nearest_of(info.context, Traits.of(vars(self))) if self.node_id is None else None


@strawberry.input(description="Which opportunities a list holds; conditions left out do not restrict it.")
class OpportunityFilter:
    """See the description."""

    states: list[OpportunityState] | None = strawberry.field(default=None, description="Open, won, lost.")
    stage: str | None = strawberry.field(default=None, description="At this stage of the CRM.")
    seller: str | None = strawberry.field(default=None, description="Of this seller.")
    product: str | None = strawberry.field(default=None, description="Of this product.")
    account: str | None = strawberry.field(default=None, description="Of this account.")
    closed_from: date | None = strawberry.field(
        default=None, description="Closed, or expected to, on this day or later."
    )
    closed_to: date | None = strawberry.field(
        default=None, description="Closed, or expected to, on this day or earlier."
    )
    orphan: bool | None = strawberry.field(default=None, description="Without a plan (true), or with one (false).")


async def opportunities_of(
    info: Info, node_id: UUID | None, first: int, after: str | None, wanted: OpportunityFilter | None
) -> Connection[Opportunity]:
    """A page of the opportunities below a node, or of the organization (None), by external id."""
    context = info.context
    place, whole = node_id or context.viewer.organization_id, node_id is None
    asked = _asked(wanted or OpportunityFilter())
    behind = key_of(after, str, UUID)
    key = (behind[0], behind[1]) if behind else None
    found = await context.one(_page, place, asked, check_first(first), key, whole) or []
    items = [((row["external_id"], str(row["id"])), Opportunity.of(row)) for row in found]

    async def count() -> int:
        return await context.one(_count, place, asked, whole) or 0

    return Connection[Opportunity].page(items, first, after, count)


def _asked(wanted: OpportunityFilter) -> opportunities.Asked:
    return opportunities.Asked(
        states=None if wanted.states is None else tuple(wanted.states),
        stage=wanted.stage,
        seller=wanted.seller,
        product=wanted.product,
        account=wanted.account,
        closed_from=wanted.closed_from,
        closed_to=wanted.closed_to,
        orphan=wanted.orphan,
    )


async def _page(
    context: Context,
    places: list[UUID],
    asked: opportunities.Asked,
    first: int,
    after: tuple[str, UUID] | None,
    whole: bool,
) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    at = places_of(places, whole)
    for row in await opportunities.page(context.db, context.viewer, at, asked, first, after):
        found.setdefault(row["place_id"], []).append(row)
    return found


async def _count(context: Context, places: list[UUID], asked: opportunities.Asked, whole: bool) -> dict[UUID, int]:
    return await opportunities.counts(context.db, context.viewer, places_of(places, whole), asked)


@resolves("opportunity")
async def _opportunity(context: Context, opportunity_id: UUID, _extra: bytes) -> Node | None:
    row = await context.one(_rows, opportunity_id)
    return Opportunity.of(row) if row else None


async def _rows(context: Context, opportunity_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    viewer = context.viewer
    (sight, values), (told, money) = seen(viewer, "node_id"), priced(viewer, "node_id")
    sql = f"""SELECT opportunity.*, CASE WHEN {told} THEN 1 ELSE 0 END AS priced FROM opportunity
              WHERE organization_id = :organization AND id IN :ids AND {sight}"""
    values = {"organization": viewer.organization_id, "ids": opportunity_ids, **values, **money}
    found = await rows(context.db, sql, **values)
    return {row["id"]: row for row in found}
