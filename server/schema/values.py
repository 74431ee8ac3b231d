"""Value lines and roll-ups, as spoken (law §4)."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import strawberry

from server.domain import rollups as law
from server.domain.figures import Period
from server.domain.months import Month, months_between
from server.domain.policy import DEFAULT
from server.domain.rights import LINE_ACTS
from server.domain.rollups import Cell, Count, Sums, Waiting
from server.domain.stages import Stage
from server.domain.values import ValueKind, outlook
from server.models import rollups
from server.models.database import rows
from server.models.scope import seen
from server.schema import ids
from server.schema.acts import Permission, permissions
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.figures import Figure, period_of, places_of
from server.schema.money import Money
from server.schema.node import Node, resolves
from server.schema.scalars import Currency, Revision

# The back edge to what imports us.

spoken(
    ValueKind,
    "What a value line is about. Avoidance is never added to savings; costs are never weighted by stage.",
    REVENUE="Turnover. Never added to margin.",
    MARGIN="What turnover leaves.",
    COST_SAVING="Cost that falls.",
    COST_AVOIDANCE="Cost that would have come and does not; never part of the headline value.",
    ONE_OFF_COST="What it costs once to get there.",
    CAPEX="What is invested.",
    RUN_COST="What it costs to keep going.",
)


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
        description="Each recurring line's last month in the period × 12; stands beside the period's own figure."
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
    measures: int = strawberry.field(description="How many measures it is about.")
    amount: Figure = strawberry.field(description="Signed: what is taken off is below zero.")


@strawberry.type(
    description="The value of everything below a node (or of the organization) in a period, in the reporting currency: "
    "each amount was converted at the plan rate of its fiscal year when it was written. "
    "What the viewer does not see is not in it."
)
class RollUp:
    """See the description."""

    first: Month = strawberry.field(name="from", description="The first month.")
    last: Month = strawberry.field(name="to", description="The last month.")
    place: strawberry.Private[UUID]
    whole: strawberry.Private[bool]

    async def _sums(self, info: Info) -> Sums:
        cells = await info.context.one(_cells, self.place, self.first, self.last, self.whole)
        currency = (await info.context.organization())["reporting_currency"]
        return Sums(cells or (), Period(self.first, self.last), currency)

    async def _counts(self, info: Info) -> list[Count]:
        return await info.context.one(_counts, self.place, self.first, self.last, self.whole) or []

    @edge("The headline value.")
    async def headline(self, info: Info) -> HeadlineFigures:
        """See the description."""
        kinds = DEFAULT.headline_kinds
        return HeadlineFigures(kinds=list(kinds), **_five(law.headline(await self._sums(info), kinds)))

    @edge("All seven kinds, in the law's order. Only the headline may add them.")
    async def by_kind(self, info: Info) -> list[KindFigures]:
        """See the description."""
        sums = await self._sums(info)
        months = await info.context.one(_last_months, self.place, self.first, self.last, self.whole) or {}
        return [
            KindFigures(
                kind=kind,
                run_rate=Figure.of(law.run_rate(kind, months.get(kind, 0), sums)),
                **_five(law.by_kind(sums, kind)),
            )
            for kind in ValueKind
        ]

    @edge("The active measures of the six stages, always six, DEFINED first.")
    async def funnel(self, info: Info) -> list[StageFigures]:
        """See the description."""
        steps = law.funnel(await self._sums(info), await self._counts(info), DEFAULT.headline_kinds)
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
        return Figure.of(law.weighted(sums, DEFAULT.headline_kinds, DEFAULT.stage_weights))

    @edge("What waits at each gate where something waits, first gate first.")
    async def waiting(self, info: Info) -> list[GateWaiting]:
        """See the description."""
        found = await info.context.one(_waiting, self.place, self.first, self.last, self.whole) or []
        currency = (await info.context.organization())["reporting_currency"]
        sums = Sums((), Period(self.first, self.last), currency)
        return [
            GateWaiting(
                into=one.into,
                measures=one.measures,
                value=Figure.of(law.waiting_value(one, sums, DEFAULT.headline_kinds)),
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
        steps = law.leakage(await self._sums(info), await self._counts(info), DEFAULT.headline_kinds)
        return [LeakageStep(name=one.name, measures=one.measures, amount=Figure.of(one.amount)) for one in steps]


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


async def _counts(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool
) -> dict[UUID, list[Count]]:
    at = places_of(places, whole)
    return await rollups.counts(context.db, context.viewer, at, Period(first, last), DEFAULT.headline_kinds)


async def _last_months(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool
) -> dict[UUID, dict[ValueKind, int]]:
    return await rollups.last_months(context.db, context.viewer, places_of(places, whole), Period(first, last))


async def _waiting(
    context: Context, places: list[UUID], first: Month, last: Month, whole: bool
) -> dict[UUID, list[Waiting]]:
    at = places_of(places, whole)
    return await rollups.waiting(context.db, context.viewer, at, Period(first, last), DEFAULT.headline_kinds)


@strawberry.type(description="One month of a value line, in the line's currency; null where nothing was written.")
class MonthValues:
    """See the description."""

    month: Month = strawberry.field(description="The month.")
    plan: Money | None = strawberry.field(description="The owner's plan; frozen at DECIDED.")
    forecast: Money | None = strawberry.field(description="What the owner expects, from DECIDED on.")
    actual: Money | None = strawberry.field(description="What came or was spent.")
    confirmed: Money | None = strawberry.field(description="What the controller found in the books.")
    outlook: Money | None = strawberry.field(
        description="The actual where there is one, else the forecast (from DECIDED on), else the plan."
    )


@strawberry.type(description="One line of an initiative's business case, with four monthly series.")
class ValueLine(Node):
    """See the description."""

    revision: Revision = strawberry.field(
        description="The organization's revision at its last change, months included."
    )
    kind: ValueKind = strawberry.field(description="What it is about.")
    name: str = strawberry.field(description="Its name.")
    recurring: bool = strawberry.field(description="Whether it comes back every month, and so has a run-rate.")
    currency: Currency = strawberry.field(description="The currency of all its amounts.")
    baseline: Money | None = strawberry.field(description="What was before.")
    baseline_source: str | None = strawberry.field(description="Where the baseline was taken from.")
    baseline_date: date | None = strawberry.field(description="Of which day the baseline is.")
    row: strawberry.Private[dict[str, Any]]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "ValueLine":
        """The line of a row."""
        names = ("revision", "name", "recurring", "currency", "baseline_source", "baseline_date")
        return cls(
            id=ids.issue("line", row["id"]),
            kind=ValueKind(row["kind"]),
            baseline=Money.of(row["baseline_units"], row["currency"]),
            **{name: row[name] for name in names},
            row=row,
        )

    @edge("The months that hold an amount; with both `from` and `to`, every month between them.")
    async def months(
        self,
        info: Info,
        from_: Annotated[Month | None, strawberry.argument(name="from", description="The first month.")] = None,
        to: Annotated[Month | None, strawberry.argument(description="The last month.")] = None,
    ) -> list[MonthValues]:
        """See the description."""
        stored = await info.context.one(_months, self.row["id"]) or {}
        if from_ and to:
            period = await period_of(info.context, from_, to)
            listed = list(months_between(period.first, period.last))
        else:
            listed = [month for month in stored if (from_ or month) <= month <= (to or month)]
        return [self._month(month, stored.get(month, {})) for month in listed]

    def _month(self, month: Month, stored: dict[str, int | None]) -> MonthValues:
        four = {name: stored.get(name) for name in ("plan", "forecast", "actual", "confirmed")}
        expected = outlook(Stage(self.row["stage"]), four["plan"], four["forecast"], four["actual"])
        spoken_amounts = {name: Money.of(units, self.currency) for name, units in four.items()}
        return MonthValues(month=month, outlook=Money.of(expected, self.currency), **spoken_amounts)

    @edge("What the viewer may do with it, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        measure = {name: self.row[name] for name in ("level", "stage", "standing", "owner_id")}
        return await permissions(info, measure | {"id": self.row["node_id"]}, LINE_ACTS)


# Of the initiative what rights and the outlook need comes along.
_SELECT = """SELECT l.*, n.stage, n.standing, n.level, n.owner_id FROM value_line l JOIN node n ON n.id = l.node_id
             WHERE l.organization_id = :organization"""


async def _lines(context: Context, line_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    sight, values = seen(context.viewer, "l.node_id")
    sql = f"{_SELECT} AND l.id IN :ids AND {sight}"
    found = await rows(context.db, sql, organization=context.viewer.organization_id, ids=line_ids, **values)
    return {row["id"]: row for row in found}


async def _by_initiative(context: Context, node_ids: list[UUID]) -> dict[UUID, list[ValueLine]]:
    sight, values = seen(context.viewer, "l.node_id")
    sql = f"{_SELECT} AND l.node_id IN :ids AND {sight} ORDER BY l.id"
    found: dict[UUID, list[ValueLine]] = {}
    for row in await rows(context.db, sql, organization=context.viewer.organization_id, ids=node_ids, **values):
        found.setdefault(row["node_id"], []).append(ValueLine.of(row))
    return found


async def _months(context: Context, line_ids: list[UUID]) -> dict[UUID, dict[Month, dict[str, int | None]]]:
    sql = """SELECT line_id, month, plan, forecast, actual, confirmed FROM month_value WHERE line_id IN :ids
             AND COALESCE(plan, forecast, actual, confirmed) IS NOT NULL ORDER BY month"""
    found: dict[UUID, dict[Month, dict[str, int | None]]] = {}
    for row in await rows(context.db, sql, ids=line_ids):
        found.setdefault(row["line_id"], {})[Month(row["month"])] = row
    return found


async def value_lines_of(info: Info, node_id: UUID) -> list[ValueLine]:
    """The lines of an initiative that the viewer sees, oldest first."""
    return await info.context.one(_by_initiative, node_id) or []


async def line_of(info: Info, line_id: UUID) -> ValueLine:
    """A line that was just changed."""
    row = await info.context.one(_lines, line_id)
    if row is None:
        raise LookupError(f"no value line {line_id} in this organization")
    return ValueLine.of(row)


@resolves("line")
async def _line(context: Context, line_id: UUID, _extra: bytes) -> Node | None:
    row = await context.one(_lines, line_id)
    return ValueLine.of(row) if row else None


@strawberry.type(
    description="What one unit of a currency is planned to cost in the reporting currency, in a fiscal year."
)
class PlanRate:
    """See the description."""

    fiscal_year: int = strawberry.field(description="The fiscal year, named after the calendar year in which it ends.")
    currency: Currency = strawberry.field(description="The currency that is converted.")
    rate: Decimal = strawberry.field(description="How much of the reporting currency one unit of it costs.")


async def plan_rate_of(info: Info, rate_id: UUID) -> PlanRate:
    """A rate that was just set."""
    sql = "SELECT fiscal_year, currency, rate FROM plan_rate WHERE id = :id AND organization_id = :organization"
    (row,) = await rows(info.context.db, sql, id=rate_id, organization=info.context.viewer.organization_id)
    return PlanRate(fiscal_year=row["fiscal_year"], currency=row["currency"], rate=Decimal(row["rate"]))
