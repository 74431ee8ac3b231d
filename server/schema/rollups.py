"""Roll-ups, as spoken: the value of everything below a node (law §4)."""

from operator import attrgetter
from typing import Annotated, TypeAlias
from uuid import UUID

import strawberry

from server.domain import rollups as law
from server.domain.cascade import Standing
from server.domain.figures import Period
from server.domain.months import Month
from server.domain.rollups import Cell, Count, Sums, Waiting
from server.domain.stages import Stage
from server.domain.values import ValueKind
from server.models import rollups
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.figures import Figure, period_of, places_of
from server.schema.lines import LinesBehind
from server.schema.rates import AtActualRates
from server.schema.rowed import Rowed
from server.schema.spending import Spending
from server.schema.wanted import names_below

Compared = Annotated[
    bool,
    strawberry.argument(
        description="Compare the outlook of each active measure with its plan, to count of Below plan those that lie "
        "below it. Of a fiscal year, and of all months there are, that is kept and costs the same at any size; of any "
        "other period it costs the more the more measures there are."
    ),
]
_Asked: TypeAlias = tuple[UUID, Month, Month, bool]  # a place, the period, and whether the place is the organization


@strawberry.type(
    description="The headline value: the kinds that the policy names, added. Never avoidance, never revenue."
)
class HeadlineFigures:
    """See the description."""

    kinds: list[ValueKind] = strawberry.field(description="The kinds that are added.")
    plan: Figure = strawberry.field(description="The plan of every measure, those on hold or cancelled included.")
    outlook: Figure = strawberry.field(
        description="Of active measures: the actual where there is one, else forecast, else plan."
    )
    actual: Figure = strawberry.field(description="What was recorded as actual.")
    confirmed: Figure = strawberry.field(description="What controllers have confirmed in the books.")
    gap: Figure = strawberry.field(description="Outlook − plan; below zero where value is missing.")


@strawberry.type(description="The figures of one kind of value line.")
class KindFigures:
    """See the description."""

    kind: ValueKind = strawberry.field(description="The kind.")
    plan: Figure = strawberry.field(description="The plan of every measure, those on hold or cancelled included.")
    outlook: Figure = strawberry.field(
        description="Of active measures: the actual where there is one, else forecast, else plan."
    )
    actual: Figure = strawberry.field(description="What was recorded as actual.")
    confirmed: Figure = strawberry.field(description="What controllers have confirmed in the books.")
    gap: Figure = strawberry.field(description="Outlook − plan; of a cost, above zero is bad.")
    run_rate: Figure = strawberry.field(
        description="The outlook of active measures' recurring lines in the period's last month × 12; stands beside "
        "the period's own figure."
    )


@strawberry.type(description="The active measures of one stage: a step of the Degree-of-Implementation funnel.")
class StageFigures(Rowed):
    """See the description. Its source is that of the law."""

    columns = {  # noqa: RUF012 — as in every class of rows
        "stage": attrgetter("stage"),
        "measures": attrgetter("measures"),
        "plan": lambda step: Figure.of(step.plan),
        "outlook": lambda step: Figure.of(step.outlook),
        "confirmed": lambda step: Figure.of(step.confirmed),
    }
    stage: Stage = strawberry.field(description="The stage.")
    measures: int = strawberry.field(description="How many active initiatives and sales plans stand there.")
    plan: Figure = strawberry.field(description="Their headline plan.")
    outlook: Figure = strawberry.field(description="Their headline outlook.")
    confirmed: Figure = strawberry.field(description="What is confirmed of it.")


@strawberry.type(description="What waits for a decision at one gate.")
class GateWaiting:
    """See the description."""

    into: Stage = strawberry.field(description="The stage that the gate leads into.")
    measures: int = strawberry.field(description="How many measures wait.")
    value: Figure = strawberry.field(description="Their headline plan.")
    oldest_days: int = strawberry.field(description="For how many full days the oldest of them has been waiting.")


@strawberry.type(
    description="A bar of the waterfall from plan to confirmed. Plan + On hold + Cancelled + Below plan = Outlook; "
    "Outlook + Not yet confirmed = Confirmed."
)
class LeakageStep:
    """See the description."""

    name: str = strawberry.field(
        description="Plan, On hold, Cancelled, Below plan, Outlook, Not yet confirmed or Confirmed."
    )
    amount: Figure = strawberry.field(description="Signed: what is taken off is below zero.")
    asked: strawberry.Private[_Asked]
    counted: strawberry.Private[int | None]

    @edge("How many measures it is about; null of Below plan, unless they are to be compared.")
    async def measures(self, info: Info, compared: Compared = False) -> int | None:
        """See the description."""
        if self.counted is not None or not compared:
            return self.counted
        return await info.context.one(_behind, *self.asked) or 0


@strawberry.type(
    description="The value of everything below a node (or of the organization) in a period, in the reporting currency: "
    "each amount was converted at the plan rate of its fiscal year when it was written. "
    "What the viewer does not see is not in it; what they see and may not read the amounts of is counted in `omitted`."
)
class RollUp(Spending, AtActualRates, LinesBehind):
    """See the description."""

    selected: strawberry.Private[frozenset[str]]

    async def _counted(self, info: Info) -> tuple[Sums, list[Count]]:
        """What `sums` tells, and how many measures stand where: of all, or of the active ones where no more is asked.

        Only the leakage asks for others; the funnel beside it takes what is read for both.
        """
        standing = None if "leakage" in self.selected else Standing.ACTIVE
        found = await info.context.one(_cells_and_counts, self.place, self.first, self.last, self.whole, standing)
        cells, counts = found or ([], [])
        return await self.sums_of(info, cells), counts

    @edge("The headline value.")
    async def headline(self, info: Info) -> HeadlineFigures:
        """See the description."""
        kinds = (await info.context.policy()).headline_kinds
        return HeadlineFigures(kinds=list(kinds), **_five(law.headline(await self.sums(info), kinds)))

    @edge("All seven kinds, in the law's order. Only the headline may add them.")
    async def by_kind(self, info: Info) -> list[KindFigures]:
        """See the description."""
        sums = await self.sums(info)
        return [
            KindFigures(
                kind=kind,
                run_rate=Figure.of(law.run_rate(kind, sums)),
                **_five(law.by_kind(sums, kind)),
            )
            for kind in ValueKind
        ]

    @edge("The active measures of the six stages, always six, DEFINED first.")
    async def funnel(self, info: Info) -> list[StageFigures]:
        """See the description."""
        kinds = (await info.context.policy()).headline_kinds
        return [StageFigures.from_source(step) for step in law.funnel(*await self._counted(info), kinds)]

    @edge("Headline plan of active measures × the policy's weight of their stage.")
    async def weighted(self, info: Info) -> Figure:
        """See the description."""
        sums = await self.sums(info)
        policy = await info.context.policy()
        return Figure.of(law.weighted(sums, policy.headline_kinds, policy.stage_weights))

    @edge("What waits at each gate where something waits, first gate first.")
    async def waiting(self, info: Info) -> list[GateWaiting]:
        """See the description."""
        found = await info.context.one(_waiting, self.place, self.first, self.last, self.whole) or []
        sums, kinds = await self.sums_of(info), (await info.context.policy()).headline_kinds
        return [
            GateWaiting(
                into=one.into,
                measures=len(one.measures),
                value=Figure.of(law.waiting_value(one, sums, kinds)),
                oldest_days=info.context.days_since(one.since),
            )
            for one in found
        ]

    @edge("The waterfall from plan to confirmed, its seven bars in order.")
    async def leakage(self, info: Info) -> list[LeakageStep]:
        """See the description."""
        kinds = (await info.context.policy()).headline_kinds
        steps = law.leakage(*await self._counted(info), kinds)
        asked = (self.place, self.first, self.last, self.whole)
        return [
            LeakageStep(name=one.name, amount=Figure.of(one.amount), asked=asked, counted=one.measures) for one in steps
        ]

    @edge(
        "Closed with shortfall: confirmed − plan of closed measures, below zero where value was lost. It is a part of "
        "the bars Below plan and Not yet confirmed, which its inputs tell apart; nothing more of it will come."
    )
    async def closed_shortfall(self, info: Info) -> Figure:
        """See the description."""
        kinds = (await info.context.policy()).headline_kinds
        return Figure.of(law.closed_shortfall(await self.sums(info), kinds))


def _five(figures: law.Five) -> dict[str, Figure]:
    return {name: Figure.of(getattr(figures, name)) for name in ("plan", "outlook", "actual", "confirmed", "gap")}


async def roll_up_of(info: Info, node_id: UUID | None, first: Month | None, last: Month | None) -> RollUp:
    """The roll-up at a node, or of the organization (None)."""
    period = await period_of(info.context, first, last)
    place = node_id or info.context.viewer.organization_id
    whole, selected = node_id is None, names_below(info)
    return RollUp(first=period.first, last=period.last, place=place, whole=whole, selected=selected)


async def _cells_and_counts(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool, standing: Standing | None
) -> dict[UUID, tuple[list[Cell], list[Count]]]:
    at = places_of(places, whole)
    cells, counts = await rollups.cells_and_counts(context.db, context.viewer, at, Period(first, last), standing)
    return {place: (cells.get(place, []), counts.get(place, [])) for place in places}


async def _behind(context: Context, places: list[UUID], first: Month, last: Month, whole: bool) -> dict[UUID, int]:
    at = places_of(places, whole)
    kinds = (await context.policy()).headline_kinds
    return await rollups.behind(context.db, context.viewer, at, Period(first, last), kinds)


async def _waiting(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool
) -> dict[UUID, list[Waiting]]:
    at = places_of(places, whole)
    kinds = (await context.policy()).headline_kinds
    return await rollups.waiting(context.db, context.viewer, at, Period(first, last), kinds)
