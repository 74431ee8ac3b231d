"""Whether what is kept of roll-ups is what they come to, on a live database; and mending it (law §4)."""

from server.live.order import in_order
from server.live.proof import organizations
from server.models.database import reading
from server.models.keeping import Difference, differences, recompute


async def unkept() -> list[tuple[str, list[Difference]]]:
    """Name and differences of every organization of which anything is kept otherwise than recomputed.

    Kept and recomputed are read by one statement, hence at one moment: nobody has to stop writing.
    """
    found = [(name, await differences(reading(), organization)) for organization, name in await organizations()]
    return [(name, differing) for name, differing in found if differing]


async def mend() -> None:
    """Write what is kept of every organization anew, each in its order. No fact changes: the ledger stays.

    So processes that serve meanwhile do not notice: they keep answers by revision, until the next fact or their end.
    """
    for organization, _ in await organizations():
        async with in_order(organization) as db:
            await recompute(db, organization)
