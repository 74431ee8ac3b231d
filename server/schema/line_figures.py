"""The figures of a value line, and the lines behind a roll-up figure, as spoken (law §4)."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from server.domain import line_figures as law
from server.domain.cascade import Standing
from server.domain.line_figures import LineFigure
from server.domain.months import Month
from server.domain.stages import Stage
from server.domain.values import ValueKind
from server.models import lines
from server.models.rates import plan_rates
from server.schema.context import Context, Info
from server.schema.fields import spoken
from server.schema.figures import Figure, period_of, reporting_currency

spoken(
    LineFigure,
    "The figures of a roll-up that are sums over value lines.",
    PLAN="The plan of every measure.",
    OUTLOOK="The outlook of active measures.",
    ACTUAL="What was recorded as actual.",
    CONFIRMED="What controllers have confirmed.",
    RUN_RATE="The outlook of active measures' recurring lines in the period's last month × 12.",
)
Kinds = Annotated[
    ValueKind | None, strawberry.argument(description="Lines of this kind; left out: those of the headline value.")
]
Which = Annotated[LineFigure, strawberry.argument(description="The figure whose lines are wanted.")]


@strawberry.type(
    description="The figures of one value line in a period, each with its months as inputs. They are in the reporting "
    "currency, so that the lines of a branch add up to its roll-up; only the baseline is in the line's own."
)
class LineFigures:
    """See the description."""

    first: Month = strawberry.field(name="from", description="The first month.")
    last: Month = strawberry.field(name="to", description="The last month.")
    baseline: Figure = strawberry.field(description="What was before, with its source and day.")
    plan: Figure = strawberry.field(description="The plan.")
    outlook: Figure = strawberry.field(
        description="By month the actual where there is one, else the forecast, else the plan; nothing of what is held "
        "or cancelled."
    )
    actual: Figure = strawberry.field(description="What was recorded as actual.")
    confirmed: Figure = strawberry.field(description="What controllers have confirmed.")
    run_rate: Figure = strawberry.field(description="Of a recurring line the outlook of the last month × 12.")


async def figures_of(info: Info, row: dict[str, Any], first: Month | None, last: Month | None) -> LineFigures:
    """The figures of the line of a row, as `schema.values` reads it."""
    context = info.context
    period = await period_of(context, first, last)
    line = law.Line(
        id=row["id"],
        name=row["name"],
        kind=ValueKind(row["kind"]),
        recurring=bool(row["recurring"]),
        currency=row["currency"],
        stage=Stage(row["stage"]),
        standing=Standing(row["standing"]),
        months=await context.one(_months, row["id"]) or (),
        readable=bool(row["priced"]),
    )
    conversion = await context.one(_conversion, context.viewer.organization_id)
    if conversion is None:
        raise LookupError("an organization always has a currency to convert into")
    figures = {figure.value.lower(): Figure.of(law.figure(figure, line, period, conversion)) for figure in LineFigure}
    was = law.Baseline(row["baseline_units"], row["baseline_source"], row["baseline_date"])
    baseline = Figure.of(law.baseline(line, was))
    return LineFigures(first=period.first, last=period.last, baseline=baseline, **figures)


async def _months(context: Context, line_ids: list[UUID]) -> dict[UUID, list[law.LineMonth]]:
    return await lines.months(context.db, line_ids)


async def _conversion(context: Context, organization_ids: list[UUID]) -> dict[UUID, law.Conversion]:
    rates = {(year, currency): rate for year, currency, rate in await plan_rates(context.db, organization_ids[0])}
    start = (await context.organization())["fiscal_year_start"]
    return {organization_ids[0]: law.Conversion(await reporting_currency(context), start, rates)}


async def kinds_of(context: Context, kind: ValueKind | None) -> tuple[ValueKind, ...]:
    """The kinds asked for: one, or those of the headline value."""
    return (kind,) if kind else tuple((await context.policy()).headline_kinds)
