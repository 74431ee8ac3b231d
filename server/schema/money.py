"""Money, as spoken: an exact amount with its currency, for those who may read it (law §3)."""

from collections.abc import Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any
from uuid import UUID

import strawberry

from server.domain.money import exponent, masked, spelt
from server.models.scope import priced_within
from server.schema.acts import path_of
from server.schema.context import Context
from server.schema.rowed import Reading, Rowed, Unmade, made_as
from server.schema.scalars import Currency

Source = tuple[int, str, int]
"""Units, their currency, and how many decimals they have."""


def _source(units: int | None, currency: str | None) -> Source | None:
    return None if units is None or currency is None else (units, currency, exponent(currency))


@strawberry.type(description="An exact amount of money.")
class Money(Rowed):
    """See the description."""

    columns = {  # noqa: RUF012 — as in every class of rows
        "amount": Reading(
            lambda source: Decimal(source[0]).scaleb(-source[2]),
            told=lambda sources: [spelt(units, places) for units, _, places in sources],
        ),
        "currency": itemgetter(1),
    }

    amount: Decimal = strawberry.field(description="The amount in major units, with all decimals of its currency.")
    currency: Currency = strawberry.field(description="ISO 4217.")

    @classmethod
    def of(cls, units: int | None, currency: str | None) -> "Money | None":
        """Money from minor units; None where there is none."""
        source = _source(units, currency)
        return None if source is None else cls.from_source(source)

    @classmethod
    def written(cls, amount: Decimal, currency: str) -> "Money":
        """Money as it is written somewhere, with the decimals that it has there."""
        places = max(0, -int(amount.as_tuple().exponent))
        return cls.from_source((int(amount.scaleb(places)), currency, places))


_MAKER = made_as(Money)


def amounts(units: str, currency: str) -> Reading:
    """Reads an amount from two columns of rows that tell whether amounts of theirs may be read (`priced`)."""

    def one(row: Any) -> Money | None:
        return Money.of(row[units], row[currency]) if row["priced"] else None

    def column(rows: Sequence[Any]) -> Unmade:
        return Unmade([_source(row[units], row[currency]) if row["priced"] else None for row in rows], _MAKER)

    return Reading(one, column)


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
