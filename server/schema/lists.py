"""Lists of the cascade: how they are filtered and ordered, and where a page of them goes on."""

from asyncio import gather
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import strawberry

from server.domain.cascade import Level, Standing
from server.domain.lights import Light
from server.domain.stages import Stage
from server.domain.values import ValueKind
from server.models import pages
from server.schema import ids
from server.schema.connections import key_of
from server.schema.context import Context
from server.schema.fields import spoken
from server.schema.scalars import Revision

Row = Mapping[str, Any]


class CascadeOrder(StrEnum):
    """How a list of nodes is ordered."""

    NAME = "NAME"
    PLAN_DESC = "PLAN_DESC"
    AGE_IN_STAGE_DESC = "AGE_IN_STAGE_DESC"
    UPDATED_DESC = "UPDATED_DESC"


spoken(
    CascadeOrder,
    "How a list of nodes is ordered.",
    NAME="By name.",
    PLAN_DESC="By the planned headline value of all months, largest first.",
    AGE_IN_STAGE_DESC="Longest in its stage first.",
    UPDATED_DESC="Most recently changed first.",
)


@strawberry.input(description="Which nodes a list holds; conditions left out do not restrict it.")
class CascadeFilter:
    """See the description."""

    levels: list[Level] | None = strawberry.field(default=None, description="Of these levels.")
    stages: list[Stage] | None = strawberry.field(default=None, description="Measures at these stages.")
    standing: list[Standing] | None = strawberry.field(default=None, description="Of these standings.")
    owner: strawberry.ID | None = strawberry.field(default=None, description="Owned by this person.")
    lights: list[Light] | None = strawberry.field(
        default=None, description="Measures of which one of the two lights is shown so."
    )
    implementation: list[Light] | None = strawberry.field(
        default=None, description="Measures whose implementation light is shown so."
    )
    potential: list[Light] | None = strawberry.field(
        default=None, description="Measures whose potential light is shown so."
    )
    search: str | None = strawberry.field(default=None, description="Whose name holds this text, whatever its case.")
    updated_after: Revision | None = strawberry.field(default=None, description="Changed after this revision.")


Filter = Annotated[CascadeFilter | None, strawberry.argument(description="Which ones.")]
OrderBy = Annotated[CascadeOrder, strawberry.argument(description="In which order.")]


async def listed(
    context: Context,
    under: Sequence[UUID | None],
    first: int,
    after: str | None,
    wanted: CascadeFilter | None,
    order: CascadeOrder,
    *,
    deep: bool,
    columns: tuple[str, ...] = (),
) -> list[tuple[list[Row], Callable[[], Awaitable[int]]]]:
    """For each node, or the organization (None): up to `first` + 1 rows under it, and how to count them all.

    Rows have these columns, or every one.
    """
    summed = order is CascadeOrder.PLAN_DESC and not pages.plan_kept(context.db, context.viewer)
    asked = _asked(wanted, order, deep, (await context.policy()).headline_kinds if summed else ())
    behind = _after(after, order)

    def count(place: UUID | None) -> Callable[[], Awaitable[int]]:
        async def counted() -> int:
            return await context.one(_counts, place or whole, asked, place is None) or 0

        return counted

    whole = context.viewer.organization_id
    loaders = {
        top: context.loader(_pages, asked, first, behind, top, columns) for top in {each is None for each in under}
    }
    found = await gather(*(loaders[place is None].load(place or whole) for place in under))
    return [(rows or [], count(place)) for place, rows in zip(under, found, strict=True)]


def cursor_key(row: Row) -> tuple[Any, str]:
    """What a cursor holds of a listed row."""
    key = row["sort_key"]
    plain = key.isoformat() if isinstance(key, datetime) else (key if isinstance(key, str) else int(key))
    return plain, str(row["id"])


def _asked(
    wanted: CascadeFilter | None, order: CascadeOrder, deep: bool, headline: tuple[ValueKind, ...]
) -> pages.Asked:
    chosen = wanted or CascadeFilter()
    return pages.Asked(
        deep=deep,
        levels=tuple(chosen.levels or ()),
        stages=tuple(chosen.stages or ()),
        standing=tuple(chosen.standing or ()),
        lights=tuple(chosen.lights or ()),
        implementation=tuple(chosen.implementation or ()),
        potential=tuple(chosen.potential or ()),
        owner=ids.expect("person", chosen.owner, "filter") if chosen.owner else None,
        search=chosen.search,
        updated_after=chosen.updated_after,
        order=order.value,
        headline=headline,
    )


# What an order's key is made of.
_KEYS: dict[CascadeOrder, type] = {
    CascadeOrder.NAME: str,
    CascadeOrder.PLAN_DESC: int,
    CascadeOrder.AGE_IN_STAGE_DESC: datetime,
    CascadeOrder.UPDATED_DESC: int,
}


def _after(after: str | None, order: CascadeOrder) -> tuple[Any, UUID] | None:
    key = key_of(after, _KEYS[order], UUID)
    return (key[0], key[1]) if key else None


async def _pages(
    context: Context,
    places: list[UUID],
    asked: pages.Asked,
    first: int,
    after: tuple[Any, UUID] | None,
    top: bool,
    columns: tuple[str, ...],
) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in await pages.page(context.db, context.viewer, None if top else places, asked, first, after, columns):
        found.setdefault(row["under_id"], []).append(row)
    return found


async def _counts(context: Context, places: list[UUID], asked: pages.Asked, top: bool) -> dict[UUID, int]:
    return await pages.counts(context.db, context.viewer, None if top else places, asked)
