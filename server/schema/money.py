"""Money, as spoken: an exact amount with its currency, for those who may read it (law §3)."""

from decimal import Decimal
from uuid import UUID

import strawberry

from server.domain.money import major, masked
from server.models.scope import priced_within
from server.schema.acts import path_of
from server.schema.context import Context
from server.schema.scalars import Currency


@strawberry.type(description="An exact amount of money.")
class Money:
    """See the description."""

    amount: Decimal = strawberry.field(description="The amount in major units, with all decimals of its currency.")
    currency: Currency = strawberry.field(description="ISO 4217.")

    @classmethod
    def of(cls, units: int | None, currency: str | None) -> "Money | None":
        """Money from minor units; None where there is none."""
        if units is None or currency is None:
            return None
        return cls(amount=major(units, currency), currency=Currency(currency))


@strawberry.input(description="An amount of money.")
class MoneyInput:
    """See the description."""

    amount: Decimal = strawberry.field(description="The amount in major units, no finer than its currency.")
    currency: Currency = strawberry.field(description="ISO 4217.")


async def priced(context: Context, node_id: UUID | None) -> bool:
    """Whether the viewer may read amounts of a node (None: of what belongs to none). No statement where it is plain."""
    viewer = context.viewer
    if viewer.reads_all_money or not viewer.money_nodes or node_id is None:
        return viewer.reads_all_money
    return viewer.reads_money_at(await path_of(context, node_id))


async def priced_at(context: Context, place: UUID, *, whole: bool = False) -> bool:
    """Whether the viewer may read amounts of a place or of anything below it; `whole`: the place is the organization.

    Where they may not, a figure has no value; where they may of a part, it adds that part and counts what it leaves
    out.
    """
    viewer = context.viewer
    if whole or viewer.reads_all_money or not viewer.money_nodes:
        return viewer.reads_all_money or bool(viewer.money_nodes)
    return bool(await context.one(_priced_within, place))


async def told(context: Context, node_id: UUID | None, text: str) -> str:
    """A sentence about a node as the viewer may read it: without its amounts where those are not theirs to read."""
    return text if await priced(context, node_id) else masked(text)


async def _priced_within(context: Context, places: list[UUID]) -> dict[UUID, bool]:
    return dict.fromkeys(await priced_within(context.db, context.viewer, places), True)
