"""A place and a period, and the sums that every figure of it is made of: what all parts of a roll-up share."""

from collections.abc import Sequence
from uuid import UUID

import strawberry

from server.domain.behind import Place
from server.domain.figures import Period
from server.domain.months import Month
from server.domain.rollups import Cell, Sums
from server.models import rollups
from server.schema.context import Context, Info
from server.schema.figures import places_of, reporting_currency
from server.schema.money import priced_at


@strawberry.type
class PlaceFigures:
    """Figures of everything below a node, or of the organization (`whole`, and its id is the place)."""

    first: Month = strawberry.field(name="from", description="The first month.")
    last: Month = strawberry.field(name="to", description="The last month.")
    place: strawberry.Private[UUID]
    whole: strawberry.Private[bool]

    async def sums(self, info: Info) -> Sums:
        """What the branch adds up to in the period, as far as the viewer may read it."""
        cells = await info.context.one(_cells, self.place, self.first, self.last, self.whole)
        return await self.sums_of(info, cells or ())

    async def sums_of(self, info: Info, cells: Sequence[Cell] = ()) -> Sums:
        """The frame of a figure here: the period, the currency, and whether amounts may be read."""
        readable, place = await priced_at(info.context, self.place, whole=self.whole), Place(self.place, self.whole)
        return Sums(cells, Period(self.first, self.last), await reporting_currency(info.context), readable, place)


async def _cells(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool
) -> dict[UUID, list[Cell]]:
    return await rollups.cells(context.db, context.viewer, places_of(places, whole), Period(first, last))
