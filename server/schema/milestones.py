"""Milestones and evidence, as spoken."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.cascade import Standing
from server.domain.dependencies import Projection
from server.domain.milestones import MeasureType, MilestoneState, state
from server.domain.stages import Stage
from server.models.database import rows
from server.models.dependencies import projected
from server.models.scope import seen
from server.schema import ids
from server.schema.acts import Permission, milestone_permissions
from server.schema.connections import Connection, Listing, check_first, key_of
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.files import File, file_rows
from server.schema.node import Node, resolves
from server.schema.people import Person, person_of
from server.schema.rowed import Reader, Rowed, made_as, member, same
from server.schema.scalars import Revision

if TYPE_CHECKING:
    from server.schema.cascade import Measure
# The back edges to what imports us.
_Measure = Annotated["Measure", strawberry.lazy("server.schema.cascade")]

spoken(
    MeasureType,
    "What a milestone measures.",
    OUTCOME="An effect on the business.",
    OUTPUT="Something made.",
    ACTIVITY="Something done: counted, but never progress.",
)
spoken(
    MilestoneState,
    "Computed from dates and evidence, never typed in.",
    PLANNED="Due later than in two weeks.",
    DUE="Due within two weeks.",
    LATE="Past its date and not achieved.",
    ACHIEVED="Achieved, with evidence.",
    MISSED="Not achieved when its measure was closed or cancelled.",
    CANCELLED="Given up, with a reason.",
)


Day = date  # a field called `date` would hide its own type


@strawberry.type(description="A reading, a link or a file that backs a milestone or a measure.")
class Evidence:
    """See the description."""

    source: str = strawberry.field(description="Where it comes from.")
    date: Day = strawberry.field(description="Of which day it is.")
    reading: Decimal | None = strawberry.field(description="The figure that was read, in the metric's unit.")
    url: str | None = strawberry.field(description="Where the document is.")
    note: str | None = strawberry.field(description="What else there is to say.")
    at: datetime = strawberry.field(description="When it was recorded.")
    by_id: strawberry.Private[UUID]
    file_id: strawberry.Private[UUID | None]

    @edge("The document itself, where it was uploaded.")
    async def file(self, info: Info) -> File | None:
        """See the description."""
        row = await info.context.one(file_rows, self.file_id) if self.file_id else None
        return File.of(row) if row else None

    @edge("Who recorded it.")
    async def by(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.by_id)

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Evidence":
        """Evidence from its row."""
        names = ("source", "date", "url", "note", "at", "by_id", "file_id")
        return cls(reading=_exact(row["reading"]), **{name: row[name] for name in names})


def _decimal(column: str) -> Reader:
    return lambda row: _exact(row[column])


@strawberry.type(description="A dated, evidenced step of a measure that matters to the P&L.")
class Milestone(Rowed, Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    name: str = strawberry.field(description="Its name.")
    due: date = strawberry.field(description="When it is due now.")
    original_due: date | None = strawberry.field(description="When it was due as the measure was decided; frozen then.")
    critical: bool = strawberry.field(description="Whether the measure depends on it.")
    measure_type: MeasureType = strawberry.field(description="Outcome, output or activity.")
    metric: str | None = strawberry.field(description="What is measured.")
    unit: str | None = strawberry.field(description="In which unit.")
    start: Decimal | None = strawberry.field(description="Where the metric stood.")
    target: Decimal | None = strawberry.field(description="What it shall reach; below the start, less is better.")
    actual: Decimal | None = strawberry.field(description="Where it stands by the last reading.")
    achieved_on: date | None = strawberry.field(description="When it was achieved.")
    verified_at: datetime | None = strawberry.field(description="When that was verified.")
    row: strawberry.Private[dict[str, Any]]
    columns = {  # noqa: RUF012 — as in every class of rows
        "id": ids.reader("milestone"),
        "measure_type": member(MeasureType, "measure_type"),
        **{name: _decimal(name) for name in ("start", "target", "actual")},
        **same("revision", "name", "due", "original_due", "critical", "metric", "unit", "achieved_on", "verified_at"),
        "row": dict,
    }

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Milestone":
        """A milestone from its row."""
        return cls.from_source(row)

    @edge("The measure it belongs to.")
    async def under(self, info: Info) -> _Measure:
        """See the description."""
        from server.schema.cascade import measure_of  # noqa: PLC0415 — the back edge

        measure = await measure_of(info.context, self.row["node_id"])
        if measure is None:
            raise LookupError(f"no measure {self.row['node_id']} above its milestone")
        return measure

    @edge("Its state today, in the organization's time zone.")
    async def state(self, info: Info) -> MilestoneState:
        """See the description."""
        return state(
            due=self.due,
            today=await info.context.today(),
            achieved_on=self.achieved_on,
            cancelled=self.row["cancelled_reason"] is not None,
            over=Stage(self.row["stage"]) is Stage.CLOSED or Standing(self.row["standing"]) is Standing.CANCELLED,
        )

    @edge("Who is to achieve it.")
    async def assignee(self, info: Info) -> Person | None:
        """See the description."""
        return await _person(info, self.row["assignee_id"])

    @edge("Who reported it achieved.")
    async def achieved_by(self, info: Info) -> Person | None:
        """See the description."""
        return await _person(info, self.row["achieved_by_id"])

    @edge("Who verified it: never who reported it.")
    async def verified_by(self, info: Info) -> Person | None:
        """See the description."""
        return await _person(info, self.row["verified_by_id"])

    @edge("The milestones it waits for, of measures that the viewer sees, by date.")
    async def awaits(self, info: Info) -> list["Milestone"]:
        """See the description."""
        return [Milestone.of(row) for row in await info.context.one(_linked, self.row["id"], "awaits") or []]

    @edge("The milestones that wait for it, of measures that the viewer sees, by date.")
    async def awaited_by(self, info: Info) -> list["Milestone"]:
        """See the description."""
        return [Milestone.of(row) for row in await info.context.one(_linked, self.row["id"], "awaited_by") or []]

    @edge(
        "When it is to be expected: not before its date nor before today, and moved by the late ones it waits for. "
        "Null for what is no longer open."
    )
    async def projected_due(self, info: Info) -> date | None:
        """See the description."""
        if await self.state(info) not in _OPEN:
            return None
        expected = await info.context.one(_projected, self.row["node_id"]) or {}
        return expected[self.row["id"]].on

    @edge("Readings and documents, newest first.")
    async def evidence(self, info: Info) -> list[Evidence]:
        """See the description."""
        return await info.context.one(_evidence_of_milestones, self.row["id"]) or []

    @edge("What the viewer may do with it, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        return await milestone_permissions(info, self.row)


_MILESTONES = made_as(Milestone)
# Of the measure what rights and the state need comes along.
_COLUMNS = "m.*, n.stage, n.standing, n.level, n.owner_id, n.parent_id"
_SELECT = f"""SELECT {_COLUMNS}
             FROM milestone m JOIN node n ON n.id = m.node_id WHERE m.organization_id = :organization"""


_OPEN = {MilestoneState.PLANNED, MilestoneState.DUE, MilestoneState.LATE}
# from which end of a dependency → which milestones stand at the other
_ENDS = {"awaits": ("milestone_id", "awaits_id"), "awaited_by": ("awaits_id", "milestone_id")}


async def _linked(context: Context, milestone_ids: list[UUID], end: str) -> dict[UUID, list[dict[str, Any]]]:
    """What milestones wait for, or what waits for them, as far as the viewer sees it."""
    here, there = _ENDS[end]
    sight, values = seen(context.viewer, "m.node_id")
    sql = f"""SELECT d.{here} AS linked_id, {_COLUMNS} FROM milestone_dependency d
              JOIN milestone m ON m.id = d.{there} JOIN node n ON n.id = m.node_id
              WHERE m.organization_id = :organization AND d.{here} IN :ids AND {sight} ORDER BY m.due, m.id"""
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await rows(context.db, sql, organization=context.viewer.organization_id, ids=milestone_ids, **values):
        found.setdefault(row["linked_id"], []).append(row)
    return found


async def _projected(context: Context, node_ids: list[UUID]) -> dict[UUID, dict[UUID, Projection]]:
    """The projections of the milestones of these measures; all of them under each, for what is waited for is shared."""
    expected = await projected(context.db, context.viewer.organization_id, node_ids, await context.today())
    return dict.fromkeys(node_ids, expected)


async def milestone_rows(context: Context, milestone_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Milestones of measures that the viewer sees, by id."""
    sight, values = seen(context.viewer, "m.node_id")
    sql = f"{_SELECT} AND m.id IN :ids AND {sight}"
    found = await rows(context.db, sql, organization=context.viewer.organization_id, ids=milestone_ids, **values)
    return {row["id"]: row for row in found}


async def _by_measure(context: Context, node_ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    sight, values = seen(context.viewer, "m.node_id")
    sql = f"{_SELECT} AND m.node_id IN :ids AND {sight} ORDER BY m.due, m.id"
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await rows(context.db, sql, organization=context.viewer.organization_id, ids=node_ids, **values):
        found.setdefault(row["node_id"], []).append(row)
    return found


async def milestones_of(info: Info, node_id: UUID, first: int, after: str | None) -> Connection[Milestone]:
    """A page of a measure's milestones by date.

    A measure has few, so all are read at once for any number of measures.
    """
    every = await info.context.one(_by_measure, node_id) or []
    key = key_of(after, str, str)
    behind = [row for row in every if key is None or [*_key(row)] > key]
    listing = Listing(behind[: check_first(first) + 1], first, after, _key, _MILESTONES)

    async def count() -> int:
        return len(every)

    return Connection[Milestone].of(listing, count)


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return row["due"].isoformat(), str(row["id"])


async def _evidence_of_milestones(context: Context, milestone_ids: list[UUID]) -> dict[UUID, list[Evidence]]:
    found: dict[UUID, list[Evidence]] = {}
    sql = "SELECT * FROM evidence WHERE milestone_id IN :ids ORDER BY at DESC, id DESC"
    for row in await rows(context.db, sql, ids=milestone_ids):
        found.setdefault(row["milestone_id"], []).append(Evidence.of(row))
    return found


async def evidence_of_measures(context: Context, node_ids: list[UUID]) -> dict[UUID, list[Evidence]]:
    """The evidence attached to measures themselves, newest first."""
    found: dict[UUID, list[Evidence]] = {}
    sql = "SELECT * FROM evidence WHERE node_id IN :ids AND milestone_id IS NULL ORDER BY at DESC, id DESC"
    for row in await rows(context.db, sql, ids=node_ids):
        found.setdefault(row["node_id"], []).append(Evidence.of(row))
    return found


async def milestone_of(info: Info, milestone_id: UUID) -> Milestone:
    """A milestone that was just changed."""
    row = await info.context.one(milestone_rows, milestone_id)
    if row is None:
        raise LookupError(f"no milestone {milestone_id} in this organization")
    return Milestone.of(row)


async def _person(info: Info, person_id: UUID | None) -> Person | None:
    return await person_of(info.context, person_id) if person_id else None


def _exact(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@resolves("milestone")
async def _milestone(context: Context, milestone_id: UUID, _extra: bytes) -> Node | None:
    row = await context.one(milestone_rows, milestone_id)
    return Milestone.of(row) if row else None
