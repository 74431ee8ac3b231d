"""Value lines, their months and the plan rates, as spoken (law §4)."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.months import Month, months_between
from server.domain.rights import LINE_ACTS
from server.domain.stages import Stage
from server.domain.values import ValueKind, outlook
from server.models.database import rows
from server.models.scope import priced, seen
from server.schema import ids
from server.schema.acts import Permission, permissions
from server.schema.context import Context, Info
from server.schema.corrections import Correction, corrections_of_line
from server.schema.fields import edge
from server.schema.figures import period_of
from server.schema.line_figures import LineFigures, figures_of
from server.schema.money import Money
from server.schema.node import Node, resolves
from server.schema.scalars import Currency, Revision

if TYPE_CHECKING:
    from server.schema.cascade import Initiative
# The back edge to what imports us.
_Initiative = Annotated["Initiative", strawberry.lazy("server.schema.cascade")]


@strawberry.type(
    description="One month of a value line, in the line's currency; null where nothing was written, and for viewers "
    "who may not read money."
)
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
    baseline: Money | None = strawberry.field(description="What was before; null for viewers who may not read money.")
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
            baseline=Money.of(row["baseline_units"], row["currency"]) if row["priced"] else None,
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
        shown = self.currency if self.row["priced"] else None
        spoken_amounts = {name: Money.of(units, shown) for name, units in four.items()}
        return MonthValues(month=month, outlook=Money.of(expected, shown), **spoken_amounts)

    @edge("Its figures in a period, each explained month by month.")
    async def figures(
        self,
        info: Info,
        from_: Annotated[
            Month | None,
            strawberry.argument(name="from", description="The first month; default: the fiscal year's."),
        ] = None,
        to: Annotated[Month | None, strawberry.argument(description="The last; default: the fiscal year's.")] = None,
    ) -> LineFigures:
        """See the description."""
        return await figures_of(info, self.row, from_, to)

    @edge("The initiative whose business case it belongs to.")
    async def initiative(self, info: Info) -> _Initiative | None:
        """See the description."""
        from server.schema.cascade import Initiative, node_of  # noqa: PLC0415 — the back edge

        found = await node_of(info.context, self.row["node_id"])
        return found if isinstance(found, Initiative) else None

    @edge("Every correction of its actuals, newest first.")
    async def corrections(self, info: Info) -> list[Correction]:
        """See the description."""
        return await corrections_of_line(info, self.row["id"])

    @edge("What the viewer may do with it, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        measure = {name: self.row[name] for name in ("level", "stage", "standing", "owner_id")}
        return await permissions(info, measure | {"id": self.row["node_id"]}, LINE_ACTS)


# Of the initiative what rights and the outlook need comes along.
_SELECT = """SELECT l.*, n.stage, n.standing, n.level, n.owner_id, CASE WHEN {priced} THEN 1 ELSE 0 END AS priced
             FROM value_line l JOIN node n ON n.id = l.node_id
             WHERE l.organization_id = :organization AND {seen} AND l.{column} IN :ids ORDER BY l.id"""


async def _rows(context: Context, column: str, wanted: list[UUID]) -> list[dict[str, Any]]:
    viewer = context.viewer
    (sight, values), (told, money) = seen(viewer, "l.node_id"), priced(viewer, "l.node_id")
    sql = _SELECT.format(priced=told, seen=sight, column=column)
    return await rows(context.db, sql, organization=viewer.organization_id, ids=wanted, **values | money)


async def _lines(context: Context, line_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    return {row["id"]: row for row in await _rows(context, "id", line_ids)}


async def _by_initiative(context: Context, node_ids: list[UUID]) -> dict[UUID, list[ValueLine]]:
    found: dict[UUID, list[ValueLine]] = {}
    for row in await _rows(context, "node_id", node_ids):
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
