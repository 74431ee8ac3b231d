"""Asking what moved a figure between two revisions."""

from typing import Annotated

import strawberry

from server.domain.differences import Asked, RollUpFigure
from server.domain.months import Month
from server.domain.stages import Stage
from server.domain.values import ValueKind
from server.resolvers.ledger import branch_of
from server.schema.context import Info
from server.schema.differences import changes_of
from server.schema.fields import edge
from server.schema.figures import FigureInput, period_of
from server.schema.scalars import Revision

Earlier = Annotated[Revision, strawberry.argument(name="from", description="The earlier revision.")]
Later = Annotated[Revision, strawberry.argument(description="The later revision.")]
Place = Annotated[strawberry.ID, strawberry.argument(description="The node of the cascade, or the organization.")]
Which = Annotated[RollUpFigure, strawberry.argument(description="Which figure of its roll-up.")]
Kind = Annotated[
    ValueKind | None, strawberry.argument(description="Of lines of this kind only; default: the headline value.")
]
AtStage = Annotated[
    Stage | None,
    strawberry.argument(description="Of active measures at this stage only, as the funnel has it; default: of all."),
]
FirstMonth = Annotated[Month | None, strawberry.argument(description="First month; default: the fiscal year's.")]
LastMonth = Annotated[Month | None, strawberry.argument(description="Last month; default: the fiscal year's.")]
Most = Annotated[
    int,
    strawberry.argument(
        description="How many entries to tell at most, 1 to 1000; the smallest beyond them are added up as one part."
    ),
]


@strawberry.type
class DifferenceQuery:
    """Asking why a figure is not what it was."""

    @edge(
        "What moved a roll-up figure from one revision to another, entry by entry: the parts add up exactly to the "
        "difference of the two figures as `rollUp` answers them as of then."
    )
    async def changes_between(
        self,
        info: Info,
        from_: Earlier,
        to: Later,
        under: Place,
        figure: Which = RollUpFigure.OUTLOOK,
        kind: Kind = None,
        stage: AtStage = None,
        first_month: FirstMonth = None,
        last_month: LastMonth = None,
        most: Most = 200,
    ) -> list[FigureInput]:
        """See the description."""
        place = await branch_of(info.context, under)
        period = await period_of(info.context, first_month, last_month)
        return await changes_of(info.context, place, Asked(figure, kind, stage), period, (from_, to), most)
