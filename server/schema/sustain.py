"""The sustain window of an implemented initiative, as spoken (law §2: what closing asks for)."""

from typing import Any

import strawberry

from server.domain.delivery import missing_actuals
from server.domain.months import Month
from server.schema.context import Context
from server.schema.submissions import case_of


@strawberry.type(description="A value line that lacks actuals which closing asks for.")
class MissingActuals:
    """See the description."""

    line: str = strawberry.field(description="The name of the value line.")
    months: list[Month] = strawberry.field(description="The months without an actual.")


@strawberry.type(
    description="For how long an implemented initiative must show its value before it is closed: so many months, by "
    "the policy, after the one in which its last critical milestone was achieved."
)
class SustainWindow:
    """See the description."""

    first: Month = strawberry.field(name="from", description="Its first month.")
    last: Month = strawberry.field(name="to", description="Its last month.")
    months: int = strawberry.field(description="How many months it has.")
    over: bool = strawberry.field(description="Whether its last month has passed.")
    missing: list[MissingActuals] = strawberry.field(
        description="What the ACTUALS criterion of the gate into CLOSED still misses."
    )


async def sustain_of(context: Context, measure: dict[str, Any]) -> SustainWindow | None:
    """The window of a measure; None before it is implemented, where the policy asks for none, and out of sight."""
    if not measure["in_sight"]:
        return None
    case = await case_of(context, measure["id"])
    window = case.window((await context.policy()).sustain_months)
    if not window:
        return None
    missing = [MissingActuals(line=line.name, months=months) for line, months in missing_actuals(case, window)]
    over = window[-1] < case.open_month
    return SustainWindow(first=window[0], last=window[-1], months=len(window), over=over, missing=missing)
