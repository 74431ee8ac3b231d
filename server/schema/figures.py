"""Figures that explain themselves, and the period they cover, as spoken."""

from operator import attrgetter
from uuid import UUID

import strawberry

from server.domain import figures as law
from server.domain.figures import Period
from server.domain.money import masked
from server.domain.months import Month, fiscal_range, fiscal_year
from server.domain.refusals import RefusalCode, Refused
from server.models.rollups import Places
from server.schema import ids
from server.schema.behind import key_of_row, rows_behind
from server.schema.behind import told as told_row
from server.schema.connections import After, Connection, First, check_first, key_of
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.money import Money
from server.schema.node import Node, find
from server.schema.rowed import Rowed
from server.schema.scalars import Revision

LONGEST_PERIOD = 600  # months


@strawberry.type(description="A number or a fact that went into a figure.")
class FigureInput:
    """See the description."""

    name: str = strawberry.field(description="What it is.")
    value: str = strawberry.field(description="Its exact value, as text; amounts with their currency.")
    behind: strawberry.Private[law.Origin] = None
    thing: strawberry.Private[Node | None] = None
    readable: strawberry.Private[bool] = True

    @classmethod
    def of(cls, name: str, value: str, behind: law.Origin, *, readable: bool) -> "FigureInput":
        """An input of the law; without its amounts where they may not be read."""
        return cls(name=name, value=value if readable else masked(value), behind=behind, readable=readable)

    @edge("The thing that it was read from, where it is a single one and the viewer sees it.")
    async def source(self, info: Info) -> Node | None:
        """See the description."""
        if self.thing is not None or not isinstance(self.behind, law.Source):
            return self.thing
        return await find(info.context, ids.issue(self.behind.kind, self.behind.id))

    @edge("The revision of the ledger entry that last changed it, where it is a single one; else see `rows`.")
    async def entry(self, info: Info) -> Revision | None:
        """See the description."""
        if isinstance(self.behind, law.Source):
            if self.behind.entry is not None or self.behind.rows is not None:
                return None if self.behind.entry is None else Revision(self.behind.entry)
        elif self.thing is None:
            return None
        return getattr(await self.source(info), "revision", None)  # of the thing itself

    @edge(
        "What it adds up, where it is a sum of many: value lines, deals, lines of quota or capacity, the largest "
        "amount first. Each has its own amount, the thing it was read from and the entry that last changed it; lines "
        "that add nothing are not among them. Null where it is a single thing, or no record at all, such as a number "
        "of days."
    )
    async def rows(self, info: Info, first: First = 20, after: After = None) -> "Connection[FigureInput] | None":
        """See the description."""
        behind = self.behind.rows if isinstance(self.behind, law.Source) else self.behind
        if behind is None:
            return None
        if isinstance(behind, law.Listed):
            return self._listed(behind, check_first(first), after)
        found, count = await rows_behind(info.context, behind, first, after)
        told = [await told_row(info.context, behind, row) for row in found]
        inputs = [FigureInput.of(*each, readable=self.readable) for each in told]
        keyed = list(zip(map(key_of_row, found), inputs, strict=True))
        return Connection[FigureInput].page(keyed, first, after, count)

    def _listed(self, behind: law.Listed, first: int, after: str | None) -> "Connection[FigureInput]":
        key = key_of(after, int)
        begins = max(key[0] + 1, 0) if key else 0
        shown = behind.inputs[begins : begins + first + 1]
        inputs = [FigureInput.of(*each, readable=self.readable) for each in shown]

        async def count() -> int:
            return len(behind.inputs)

        keyed = [((begins + at,), one) for at, one in enumerate(inputs)]
        return Connection[FigureInput].page(keyed, first, after, count)


@strawberry.type(description="An amount that explains itself: how it was computed, and from what.")
class Figure(Rowed):
    """See the description. Its source is a figure of the law."""

    columns = {  # noqa: RUF012 — as in every class of rows
        "value": lambda figure: Money.of(figure.units, figure.currency) if figure.readable else None,
        "formula": attrgetter("formula"),
        "inputs": lambda figure: [FigureInput.of(*each, readable=figure.readable) for each in figure.listed.inputs],
        "omitted": attrgetter("omitted"),
    }
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
        return cls.from_source(figure)


async def reporting_currency(context: Context) -> str:
    """The currency that the organization's figures are in."""
    return str((await context.organization())["reporting_currency"])


async def period_of(context: Context, first: Month | None, last: Month | None) -> Period:
    """The period asked for: what is left out is the edge of the fiscal year of the other month, or of today."""
    if first is None or last is None:
        start = (await context.organization())["fiscal_year_start"]
        known = first or last or Month.containing(await context.today())
        try:
            begins, ends = fiscal_range(fiscal_year(known, start), start)
        except ValueError as error:  # at the edge of the years we know
            message = f"The fiscal year of {known} is out of reach: {error}. Name both months."
            raise Refused(RefusalCode.INVALID, message, ["from"]) from error
        first, last = first or begins, last or ends
    period = Period(first, last)
    months = (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1
    if not 1 <= months <= LONGEST_PERIOD:
        said = "ends before it begins" if months < 1 else f"has {months} months"
        message = f"The period {period} {said}; ask for 1 to {LONGEST_PERIOD} months, the first one first."
        raise Refused(RefusalCode.INVALID, message, ["from"])
    return period


def places_of(keys: list[UUID], whole: bool) -> Places:
    """The places a batch is about: nodes, or the whole organization."""
    return None if whole else keys
