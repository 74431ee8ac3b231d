"""Review cycles and what is missing for one, as spoken (law §8)."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import strawberry

from server.domain import rollups as law
from server.domain.behind import Place
from server.domain.cycles import CycleState, state
from server.domain.figures import Period
from server.domain.missing import Missing, MissingInput, by_person
from server.domain.months import Month, fiscal_range, fiscal_year
from server.domain.rights import CYCLE_ACTS, may, standing_at
from server.models import cycles as reads
from server.models import rollups
from server.models.database import reading
from server.models.lights import Ground
from server.models.past import Past
from server.models.policies import policy_in_force
from server.schema import ids
from server.schema.acts import Permission
from server.schema.connections import Connection, check_first, key_of
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.figures import Figure
from server.schema.money import priced_at
from server.schema.node import Node, resolves
from server.schema.people import Person, person_of
from server.schema.rollups import HeadlineFigures
from server.schema.scalars import Revision

if TYPE_CHECKING:
    from server.schema.cascade import Measure
# The back edge to what imports us.
_Measure = Annotated["Measure", strawberry.lazy("server.schema.cascade")]
_LAST = 2**31 - 1  # above every number

spoken(
    CycleState,
    "Where a review cycle stands.",
    OPEN="Its days are not over.",
    DUE="Its days are over; input is due.",
    OVERDUE="The due day is over, and it is not closed.",
    CLOSED="Closed: actuals are locked, and every figure is kept.",
)
spoken(
    MissingInput,
    "What is missing for a review cycle.",
    FORECAST="A forecast that is not current for the open month, or a pipeline with dates that are over.",
    ACTUALS="The actual of a month that is over.",
    LIGHTS="A light that was not set in this cycle.",
    MILESTONE="A milestone past its date without a reading since.",
)


@strawberry.type(description="One input that is missing.")
class MissingItem:
    """See the description."""

    what: MissingInput = strawberry.field(description="What is missing.")
    sentence: str = strawberry.field(description="The same as a sentence; it holds no amounts.")
    node_id: strawberry.Private[UUID]

    @edge("Of which measure.")
    async def node(self, info: Info) -> _Measure:
        """See the description."""
        from server.schema.cascade import measure_of  # noqa: PLC0415 — the back edge

        found = await measure_of(info.context, self.node_id)
        if found is None:
            raise LookupError(f"no measure {self.node_id} to miss something")
        return found


@strawberry.type(description="What one person still owes a review cycle.")
class MissingByPerson:
    """See the description."""

    items: list[MissingItem] = strawberry.field(description="What is missing.")
    person_id: strawberry.Private[UUID | None]

    @edge("Whose it is: the measure's owner (of a sales plan a sales manager may do it too); null: it has none.")
    async def person(self, info: Info) -> Person | None:
        """See the description."""
        return await person_of(info.context, self.person_id) if self.person_id else None


@strawberry.type(
    description="A review cycle: the week, month or quarter of the policy's cadence until whose due day owners bring "
    "forecasts, actuals, lights and milestones current."
)
class ReviewCycle(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    number: int = strawberry.field(description="1 for the first, and on from there.")
    starts: date = strawberry.field(description="Its first day.")
    ends: date = strawberry.field(description="Its last day.")
    due: date = strawberry.field(description="The day on which all input is due.")
    opened_at: datetime = strawberry.field(description="When it was opened.")
    closed_at: datetime | None = strawberry.field(description="When it was closed.")
    closed_revision: Revision | None = strawberry.field(
        description="Once closed: the last revision before that. As of it everything reads as it stood."
    )
    locked_through: Month | None = strawberry.field(
        description="Once closed: the last month whose actuals change by a correction only."
    )
    since: Revision | None = strawberry.field(
        description="The `closedRevision` of the cycle before: what changed since the last review changed after it."
    )
    row: strawberry.Private[dict[str, Any]]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "ReviewCycle":
        """A cycle from its row."""
        same = ("revision", "number", "starts", "ends", "due", "opened_at", "closed_at", "closed_revision", "since")
        locked = None if row["locked_through"] is None else Month(row["locked_through"])
        told = {name: row[name] for name in same}
        return cls(id=ids.issue("cycle", row["id"]), locked_through=locked, row=row, **told)

    @edge("Where it stands today.")
    async def state(self, info: Info) -> CycleState:
        """See the description."""
        return state(reads.span_of(self.row), await info.context.today(), closed=self.closed_at is not None)

    @edge("Who opened it.")
    async def opened_by(self, info: Info) -> Person | None:
        """See the description."""
        return await person_of(info.context, self.row["opened_by_id"]) if self.row["opened_by_id"] else None

    @edge("Who closed it.")
    async def closed_by(self, info: Info) -> Person | None:
        """See the description."""
        return await person_of(info.context, self.row["closed_by_id"]) if self.row["closed_by_id"] else None

    @edge("What is missing, of a closed one what was, by person: who owes most first. Of what the viewer sees.")
    async def missing(self, info: Info) -> list[MissingByPerson]:
        """See the description."""
        found = await info.context.one(_missing, self.row["id"]) or []
        return [
            MissingByPerson(
                person_id=person,
                items=[MissingItem(what=one.what, sentence=one.sentence, node_id=one.node_id) for one in owed],
            )
            for person, owed in by_person(found).items()
        ]

    @edge("The headline figures of its fiscal year: as they stand, of a closed cycle as they stood.")
    async def figures(self, info: Info) -> HeadlineFigures:
        """See the description."""
        context = info.context
        db, organization = _then(context, self.row), await context.organization()
        start, whole = organization["fiscal_year_start"], organization["id"]
        period = Period(*fiscal_range(fiscal_year(Month.containing(self.ends), start), start))
        kinds = (await policy_in_force(db, whole)).headline_kinds
        cells = (await rollups.cells(db, context.viewer, None, period)).get(whole, [])
        readable, place = await priced_at(context, whole, whole=True), Place(whole, True, self.row["closed_revision"])
        found = law.headline(law.Sums(cells, period, organization["reporting_currency"], readable, place), kinds)
        parts = ("plan", "outlook", "actual", "confirmed", "gap")
        return HeadlineFigures(kinds=list(kinds), **{name: Figure.of(getattr(found, name)) for name in parts})

    @edge("What the viewer may do with it, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        here, over = standing_at(info.context.viewer, frozenset()), "It was already closed."
        verdicts = {act: may(act, here) for act in CYCLE_ACTS}
        whys = {act: over if v is True and self.closed_at else v for act, v in verdicts.items()}
        return [Permission(act=act, allowed=v is True, why=None if v is True else v) for act, v in whys.items()]


async def open_cycle_of(context: Context) -> ReviewCycle | None:
    """The cycle that is open."""
    row = await reads.open_cycle_row(context.db, context.viewer.organization_id)
    return ReviewCycle.of(row) if row else None


async def cycles_of(info: Info, first: int, after: str | None) -> Connection[ReviewCycle]:
    """A page of the cycles, newest first."""
    context = info.context
    organization, key = context.viewer.organization_id, key_of(after, int)
    below = key[0] if key else _LAST
    found = await reads.cycle_rows(context.db, organization, below=below, most=check_first(first) + 1)

    async def count() -> int:
        newest = await reads.cycle_rows(context.db, organization, below=_LAST, most=1)
        return int(newest[0]["number"]) if newest else 0

    return Connection[ReviewCycle].page([((row["number"],), ReviewCycle.of(row)) for row in found], first, after, count)


async def cycle_of(info: Info, cycle_id: UUID) -> ReviewCycle:
    """A cycle that was just changed."""
    row = await info.context.one(_cycles, cycle_id)
    if row is None:
        raise LookupError(f"no review cycle {cycle_id} in this organization")
    return ReviewCycle.of(row)


@resolves("cycle")
async def _cycle(context: Context, cycle_id: UUID, _extra: bytes) -> Node | None:
    row = await context.one(_cycles, cycle_id)
    return ReviewCycle.of(row) if row else None


def _then(context: Context, row: dict[str, Any]) -> Any:
    """Where a cycle is read: the present, or of a closed one the past at its closing."""
    if row["closed_revision"] is None:
        return context.db
    return Past(reading(), context.viewer.organization_id, row["closed_revision"])


async def _cycles(context: Context, cycle_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    return await reads.cycles_by_id(context.db, context.viewer.organization_id, cycle_ids)


async def _missing(context: Context, cycle_ids: list[UUID]) -> dict[UUID, list[Missing]]:
    """One past for each closed cycle: as many reads as cycles whose missing input is asked for."""
    organization = await context.organization()
    zone = ZoneInfo(organization["time_zone"])
    found = {}
    for one, row in (await _cycles(context, cycle_ids)).items():
        today = row["closed_at"].astimezone(zone).date() if row["closed_at"] else await context.today()
        here = Ground(organization["id"], today, await context.policy(), organization["fiscal_year_start"])
        found[one] = await reads.missing_inputs(_then(context, row), context.viewer, row, here)
    return found
