"""Figures that explain themselves, and the period they cover, as spoken."""

from uuid import UUID

import strawberry

from server.domain import figures as law
from server.domain.figures import Period
from server.domain.money import masked
from server.domain.months import Month, fiscal_range, fiscal_year
from server.domain.refusals import RefusalCode, Refused
from server.models.rollups import Places
from server.schema import ids
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.money import Money
from server.schema.node import Node, find
from server.schema.scalars import Revision

LONGEST_PERIOD = 600  # months


@strawberry.type(description="A number or a fact that went into a figure.")
class FigureInput:
    """See the description."""

    name: str = strawberry.field(description="What it is.")
    value: str = strawberry.field(description="Its exact value, as text; amounts with their currency.")
    behind: strawberry.Private[law.Source | None] = None
    thing: strawberry.Private[Node | None] = None

    @edge("The thing that it was read from, where it is a single one and the viewer sees it.")
    async def source(self, info: Info) -> Node | None:
        """See the description."""
        if self.thing is not None or self.behind is None:
            return self.thing
        return await find(info.context, ids.issue(self.behind.kind, self.behind.id))

    @edge("The revision of the ledger entry that last changed it, where it is a single one.")
    async def entry(self) -> Revision | None:
        """See the description."""
        return None if self.behind is None or self.behind.entry is None else Revision(self.behind.entry)


@strawberry.type(description="An amount that explains itself: how it was computed, and from what.")
class Figure:
    """See the description."""

    value: Money | None = strawberry.field(description="The amount; null for viewers who may not read money.")
    formula: str = strawberry.field(description="How it was computed, and for which months.")
    inputs: list[FigureInput] = strawberry.field(description="The exact numbers that went into it; zeros are left out.")
    omitted: int = strawberry.field(
        description="How many items could not be counted: for want of an amount or a probability, or because the "
        "viewer may not read it."
    )

    @classmethod
    def of(cls, figure: law.Figure) -> "Figure":
        """A figure of the law; of one that is not readable neither the value nor the amounts that went into it."""
        shown = str if figure.readable else masked
        sources = figure.sources or (None,) * len(figure.inputs)
        inputs = [
            FigureInput(name=name, value=shown(value), behind=source)
            for (name, value), source in zip(figure.inputs, sources, strict=True)
        ]
        value = Money.of(figure.units, figure.currency) if figure.readable else None
        return cls(value=value, formula=figure.formula, inputs=inputs, omitted=figure.omitted)


async def reporting_currency(context: Context) -> str:
    """The currency that the organization's figures are in."""
    return str((await context.organization())["reporting_currency"])


async def period_of(context: Context, first: Month | None, last: Month | None) -> Period:
    """The period asked for: what is left out is the edge of the fiscal year of the other month, or of today."""
    start = (await context.organization())["fiscal_year_start"]
    known = first or last or Month.containing(await context.today())
    try:
        begins, ends = (first, last) if first and last else fiscal_range(fiscal_year(known, start), start)
    except ValueError as error:  # at the edge of the years we know
        message = f"The fiscal year of {known} is out of reach: {error}. Name both months."
        raise Refused(RefusalCode.INVALID, message, ["from"]) from error
    period = Period(first or begins, last or ends)
    months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
    if not 1 <= months <= LONGEST_PERIOD:
        said = "ends before it begins" if months < 1 else f"has {months} months"
        message = f"The period {period} {said}; ask for 1 to {LONGEST_PERIOD} months, the first one first."
        raise Refused(RefusalCode.INVALID, message, ["from"])
    return period


def places_of(keys: list[UUID], whole: bool) -> Places:
    """The places a batch is about: nodes, or the whole organization."""
    return None if whole else keys
