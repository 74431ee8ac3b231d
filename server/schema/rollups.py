"""Roll-ups, as spoken: the value of everything below a node (law §4)."""

from typing import TypeAlias
from uuid import UUID

import strawberry

from server.domain import rollups as law
from server.domain.figures import Period
from server.domain.months import Month
from server.domain.rollups import Cell, Count, Sums, Waiting
from server.domain.stages import Stage
from server.domain.values import ValueKind
from server.models import rollups
from server.schema import ids
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.figures import Figure, period_of, places_of, reporting_currency
from server.schema.money import priced_at
from server.schema.node import find

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
class StageFigures:
    """See the description."""

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

    @edge(
        "How many measures it is about; of Below plan, how many have an outlook below their plan in the period. "
        "Those are looked at one by one: the only number here that costs more the more there are."
    )
    async def measures(self, info: Info) -> int:
        """See the description."""
        if self.counted is not None:
            return self.counted
        return await info.context.one(_behind, *self.asked) or 0


@strawberry.type(
    description="The value of everything below a node (or of the organization) in a period, in the reporting currency: "
    "each amount was converted at the plan rate of its fiscal year when it was written. "
    "What the viewer does not see is not in it; what they see and may not read the amounts of is counted in `omitted`."
)
class RollUp:
    """See the description."""

    first: Month = strawberry.field(name="from", description="The first month.")
    last: Month = strawberry.field(name="to", description="The last month.")
    place: strawberry.Private[UUID]
    whole: strawberry.Private[bool]

    async def _sums(self, info: Info) -> Sums:
        cells = await info.context.one(_cells, self.place, self.first, self.last, self.whole)
        currency = await reporting_currency(info.context)
        return Sums(cells or (), Period(self.first, self.last), currency, await self._readable(info))

    async def _readable(self, info: Info) -> bool:
        return await priced_at(info.context, self.place, whole=self.whole)

    async def _counts(self, info: Info) -> list[Count]:
        return await info.context.one(_counts, self.place, self.whole) or []

    @edge("The headline value.")
    async def headline(self, info: Info) -> HeadlineFigures:
        """See the description."""
        kinds = (await info.context.policy()).headline_kinds
        return HeadlineFigures(kinds=list(kinds), **_five(law.headline(await self._sums(info), kinds)))

    @edge("All seven kinds, in the law's order. Only the headline may add them.")
    async def by_kind(self, info: Info) -> list[KindFigures]:
        """See the description."""
        sums = await self._sums(info)
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
        steps = law.funnel(await self._sums(info), await self._counts(info), kinds)
        return [
            StageFigures(
                stage=step.stage,
                measures=step.measures,
                plan=Figure.of(step.plan),
                outlook=Figure.of(step.outlook),
                confirmed=Figure.of(step.confirmed),
            )
            for step in steps
        ]

    @edge("Headline plan of active measures × the policy's weight of their stage.")
    async def weighted(self, info: Info) -> Figure:
        """See the description."""
        sums = await self._sums(info)
        policy = await info.context.policy()
        return Figure.of(law.weighted(sums, policy.headline_kinds, policy.stage_weights))

    @edge("What waits at each gate where something waits, first gate first.")
    async def waiting(self, info: Info) -> list[GateWaiting]:
        """See the description."""
        found = await info.context.one(_waiting, self.place, self.first, self.last, self.whole) or []
        currency = await reporting_currency(info.context)
        sums = Sums((), Period(self.first, self.last), currency, await self._readable(info))
        return [
            GateWaiting(
                into=one.into,
                measures=len(one.measures),
                value=await _waiting_value(info, one, sums),
                oldest_days=(info.context.at - one.since).days,
            )
            for one in found
        ]

    @edge("What was spent: the actuals of one-off cost, capex and run cost.")
    async def spend(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of(law.spend(await self._sums(info)))

    @edge("Capital leakage: what was spent on measures that stand below DECIDED.")
    async def spend_before_decision(self, info: Info) -> Figure:
        """See the description."""
        return Figure.of(law.spend_before_decision(await self._sums(info)))

    @edge("The waterfall from plan to confirmed, its seven bars in order.")
    async def leakage(self, info: Info) -> list[LeakageStep]:
        """See the description."""
        kinds = (await info.context.policy()).headline_kinds
        steps = law.leakage(await self._sums(info), await self._counts(info), kinds)
        asked = (self.place, self.first, self.last, self.whole)
        return [
            LeakageStep(name=one.name, amount=Figure.of(one.amount), asked=asked, counted=one.measures) for one in steps
        ]


def _five(figures: law.Five) -> dict[str, Figure]:
    return {name: Figure.of(getattr(figures, name)) for name in ("plan", "outlook", "actual", "confirmed", "gap")}


async def roll_up_of(info: Info, node_id: UUID | None, first: Month | None, last: Month | None) -> RollUp:
    """The roll-up at a node, or of the organization (None)."""
    period = await period_of(info.context, first, last)
    place = node_id or info.context.viewer.organization_id
    return RollUp(first=period.first, last=period.last, place=place, whole=node_id is None)


async def _cells(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool
) -> dict[UUID, list[Cell]]:
    return await rollups.cells(context.db, context.viewer, places_of(places, whole), Period(first, last))


async def _counts(context: Context, places: list[UUID], whole: bool) -> dict[UUID, list[Count]]:
    return await rollups.counts(context.db, context.viewer, places_of(places, whole))


async def _behind(context: Context, places: list[UUID], first: Month, last: Month, whole: bool) -> dict[UUID, int]:
    at = places_of(places, whole)
    kinds = (await context.policy()).headline_kinds
    return await rollups.behind(context.db, context.viewer, at, Period(first, last), kinds)


async def _waiting_value(info: Info, waiting: Waiting, sums: Sums) -> Figure:
    """What waits at a gate, measure by measure, each with its source."""
    kinds = (await info.context.policy()).headline_kinds
    figure = Figure.of(law.waiting_value(waiting, sums, kinds))
    for each, told in zip(waiting.measures, figure.inputs, strict=True):
        told.source = await find(info.context, ids.issue("node", each.node_id))
    return figure


async def _waiting(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool
) -> dict[UUID, list[Waiting]]:
    at = places_of(places, whole)
    kinds = (await context.policy()).headline_kinds
    return await rollups.waiting(context.db, context.viewer, at, Period(first, last), kinds)
