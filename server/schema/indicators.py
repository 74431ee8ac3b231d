"""Indicators and what they say of a hypothesis, as spoken (law §1, §9)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain import indicators as law
from server.domain.indicators import Direction, IndicatorFigure, IndicatorSource, Verdict, of_money
from server.domain.money import masked
from server.domain.rights import INDICATOR_ACTS
from server.models import measured
from server.models.measured import Measured, Reader
from server.schema import ids
from server.schema.acts import Permission, permissions
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.figures import reporting_currency
from server.schema.node import Node, resolves
from server.schema.people import Person, person_of
from server.schema.scalars import Revision

if TYPE_CHECKING:
    from server.schema.cascade import CascadeNode
# The back edge to what imports us.
_CascadeNode = Annotated["CascadeNode", strawberry.lazy("server.schema.cascade")]
Day = date  # a field called `date` would hide its own type

spoken(
    Direction,
    "Which readings of an indicator are good ones.",
    INCREASE="More is better: from start up to target.",
    DECREASE="Less is better: from start down to target.",
    AT_LEAST="A bound to keep: never below the target.",
    AT_MOST="A bound to keep: never above the target.",
    MILESTONE="A step to be reached by the target date, nothing before it.",
    UNDEFINED="Nobody has said it yet.",
)
spoken(
    IndicatorSource,
    "Where the readings of an indicator come from.",
    HAND="People record them.",
    IMPORT="They come with files.",
    ROLL_UP="They are read from the roll-up whenever somebody looks; nothing is stored.",
)
spoken(
    IndicatorFigure,
    "The figure of the node's roll-up that is read, over the months from start to target date.",
    HEADLINE_OUTLOOK="The headline outlook of all those months, held against the target itself.",
    HEADLINE_ACTUAL="The headline actual up to the last whole month.",
    HEADLINE_CONFIRMED="What controllers have confirmed of the headline up to the last whole month.",
    REVENUE_OUTLOOK="The revenue outlook of all those months, held against the target itself.",
    REVENUE_ACTUAL="The actual revenue up to the last whole month.",
    REVENUE_CONFIRMED="The confirmed revenue up to the last whole month.",
    SALES_WON="What was won up to today.",
)
spoken(
    Verdict,
    "What the readings say of a hypothesis so far.",
    HOLDING="The last reading keeps to the path, or stays behind it by a tenth of the way at most.",
    FAILING="The last reading is on the wrong side of the path by more than that, or a milestone is overdue.",
    UNPROVEN="No target, no reading, or none for more than 400 days.",
)


@strawberry.type(description="What the readings say, by the stated rule.")
class Judgement:
    """See the description."""

    verdict: Verdict = strawberry.field(description="Holding, failing or unproven.")
    sentence: str = strawberry.field(
        description="Why, with the numbers; amounts of money are left out for viewers who may not read them."
    )
    since: date | None = strawberry.field(description="Since which day the readings say so; null without any.")


@strawberry.type(description="An indicator on one day: what its path demands, what was read, or both.")
class IndicatorPoint:
    """See the description."""

    date: Day = strawberry.field(description="The day.")
    target: Decimal | None = strawberry.field(
        description="What the path demands then. Null where it says nothing; of money for those who may not read it."
    )
    actual: Decimal | None = strawberry.field(
        description="What was read. Null where nothing was; of money for those who may not read it."
    )
    note: str | None = strawberry.field(description="What else there is to say of the reading.")
    at: datetime | None = strawberry.field(description="When it was last recorded; null: read from the roll-up now.")
    by_id: strawberry.Private[UUID | None]

    @edge("Who recorded it; null: read from the roll-up now.")
    async def by(self, info: Info) -> Person | None:
        """See the description."""
        return await person_of(info.context, self.by_id) if self.by_id else None


@strawberry.type(
    description="What a node is measured by. Where its numbers are amounts of money (its unit is a currency, or it "
    "reads the roll-up), viewers who may not read money see null."
)
class Indicator(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    name: str = strawberry.field(description="Its name.")
    description: str | None = strawberry.field(description="What it is about.")
    unit: str | None = strawberry.field(description="In which unit; a currency for amounts of money.")
    direction: Direction = strawberry.field(description="Which readings are good ones.")
    start: Decimal | None = strawberry.field(description="Where it stood.")
    start_date: date | None = strawberry.field(description="When it stood there.")
    target: Decimal | None = strawberry.field(description="What it shall reach, or keep to; null: unknown.")
    target_date: date | None = strawberry.field(description="By when.")
    source: IndicatorSource = strawberry.field(description="Where its readings come from.")
    figure: IndicatorFigure | None = strawberry.field(description="What is read, where that is the roll-up.")
    decides: bool = strawberry.field(
        description="Whether the verdict on its objective rests on it. Where none is marked, it rests on all."
    )
    external_id: str | None = strawberry.field(description="How the system that it was imported from calls it.")
    current: Decimal | None = strawberry.field(description="The last reading; null: none.")
    read_on: date | None = strawberry.field(description="Of which day that is.")
    progress: Decimal | None = strawberry.field(
        description="(current − start) ÷ (target − start), to six places; above 1 past the target, below 0 when it "
        "went backwards. Null where a number is missing, for a bound to keep, and without a direction."
    )
    measured: strawberry.Private[Measured]
    readable: strawberry.Private[bool]

    @classmethod
    def of(cls, one: Measured) -> "Indicator":
        """An indicator as the viewer of its row may read it."""
        row, told, last = one.row, one.indicator, one.indicator.latest
        readable = bool(row["priced"]) or not of_money(row["unit"], row["figure"])
        current = last.actual if last else None
        way = law.progress(told.direction, told.start, told.target, current)
        numbers: dict[str, Any] = {"start": told.start, "target": told.target, "current": current, "progress": way}
        same = ("revision", "name", "description", "unit", "start_date", "target_date", "external_id")
        return cls(
            id=ids.issue("indicator", row["id"]),
            direction=told.direction,
            source=IndicatorSource(row["source"]),
            figure=IndicatorFigure(row["figure"]) if row["figure"] else None,
            decides=bool(row["decides"]),
            read_on=last.date if last else None,
            measured=one,
            readable=readable,
            **{name: row[name] for name in same} | {name: numbers[name] if readable else None for name in numbers},
        )

    @edge("The node that it measures.")
    async def under(self, info: Info) -> _CascadeNode:
        """See the description."""
        from server.schema.cascade import node_of  # noqa: PLC0415 — the back edge

        node = await node_of(info.context, self.measured.row["node_id"])
        if node is None:
            raise LookupError(f"no node {self.measured.row['node_id']} above its indicator")
        return node

    @edge("Its path and its readings, by date; what is read from the roll-up stands last.")
    async def points(self) -> list[IndicatorPoint]:
        """See the description."""
        every, stored = self.measured.indicator.points, [*self.measured.points, {}]
        return [self._point(one, row) for one, row in zip(every, stored, strict=False)]

    def _point(self, one: law.Point, row: Mapping[str, Any]) -> IndicatorPoint:
        target, actual = (one.target, one.actual) if self.readable else (None, None)
        told = {"note": row.get("note"), "at": row.get("at"), "by_id": row.get("by_id")}
        return IndicatorPoint(date=one.date, target=target, actual=actual, **told)

    @edge("What its path demands today: the stated points, else a straight line from start to target.")
    async def expected(self, info: Info) -> Decimal | None:
        """See the description."""
        today = await info.context.today()
        return law.path_at(self.measured.indicator, today) if self.readable else None

    @edge("What its readings say today, in the organization's time zone.")
    async def verdict(self, info: Info) -> Judgement:
        """See the description."""
        judged = law.verdict(self.measured.indicator, await info.context.today())
        sentence = judged.sentence if self.readable else masked(judged.sentence)
        return Judgement(verdict=judged.verdict, sentence=sentence, since=judged.since)

    @edge("What the viewer may do with it, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        row = self.measured.row
        node = {name: row[name] for name in ("level", "stage", "standing", "owner_id")} | {"id": row["node_id"]}
        return await permissions(info, node, INDICATOR_ACTS)


@strawberry.type(description="Whether an objective's hypothesis holds, by the indicators that decide it.")
class HypothesisVerdict(Judgement):
    """See the description."""

    indicators: list[Indicator] = strawberry.field(
        description="Those it rests on: the ones marked as deciding, else all."
    )


async def indicators_of(context: Context, node_id: UUID) -> list[Indicator]:
    """The indicators of a node that the viewer sees in full, by name."""
    return [Indicator.of(one) for one in await context.one(_by_node, node_id) or ()]


async def verdict_of(context: Context, node_id: UUID) -> HypothesisVerdict:
    """The verdict on the hypothesis of an objective."""
    every = await indicators_of(context, node_id)
    deciding = [one for one in every if one.decides] or every
    today = await context.today()
    told = [one.measured.indicator for one in deciding]
    judged = law.verdict_so_far([(one, law.verdict(one, today)) for one in told])
    readable = all(one.readable for one in deciding)
    sentence = judged.sentence if readable else masked(judged.sentence)
    return HypothesisVerdict(verdict=judged.verdict, sentence=sentence, since=judged.since, indicators=deciding)


async def reader_of(context: Context) -> Reader:
    """The viewer, as one who reads indicators today."""
    kinds = (await context.policy()).headline_kinds
    return Reader(context.viewer, await context.today(), await reporting_currency(context), kinds)


async def _by_node(context: Context, node_ids: list[UUID]) -> dict[UUID, list[Measured]]:
    found: dict[UUID, list[Measured]] = {}
    for one in await measured.indicators(context.db, await reader_of(context), nodes=node_ids):
        found.setdefault(one.row["node_id"], []).append(one)
    return found


async def _by_id(context: Context, indicator_ids: list[UUID]) -> dict[UUID, Measured]:
    found = await measured.indicators(context.db, await reader_of(context), ids=indicator_ids)
    return {one.row["id"]: one for one in found}


async def indicator_of(info: Info, indicator_id: UUID) -> Indicator:
    """An indicator that was just changed."""
    found = await info.context.one(_by_id, indicator_id)
    if found is None:
        raise LookupError(f"no indicator {indicator_id} in this organization")
    return Indicator.of(found)


@resolves("indicator")
async def _indicator(context: Context, indicator_id: UUID, _extra: bytes) -> Node | None:
    found = await context.one(_by_id, indicator_id)
    return Indicator.of(found) if found else None
