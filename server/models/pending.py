"""Reading what waits for a person's decision: a fixed number of statements, however much is open."""

from datetime import datetime
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cases import Party
from server.domain.changes import Proposal, with_sellers
from server.domain.pending import Pending, stake_of
from server.domain.people import Viewer
from server.domain.policy import Policy
from server.domain.votes import Capacity, capacity
from server.models.cases import cases
from server.models.database import rows
from server.models.delegations import loans
from server.models.scope import seen
from server.models.submissions import revived, submissions, submitted


async def pending(db: BaseDBAsyncClient, viewer: Viewer, policy: Policy, here: datetime) -> list[Pending]:
    """Every open submission on which the viewer may vote now, their own votes and lent ones, in no order.

    `here` is now in the organization's time zone. What the separation of duties forbids them is left out. The stakes
    are readable: whether the viewer may read them is asked apart.
    """
    today = here.date()
    wanted = await _concerning(db, viewer, here)
    found = await submissions(db, viewer.organization_id, wanted, column="id", lent_on=today) if wanted else []
    every = await cases(db, viewer.organization_id, [row["node_id"] for row in found], today) if found else {}
    voter = Party(viewer.person_id, viewer.name)
    result: list[Pending] = []
    for row in found:
        changes = Proposal.of(row["proposal"]).changes if row["proposal"] else ()
        asked, case = submitted(row), with_sellers(every[row["node_id"]], changes)
        counts = capacity(voter, case, asked)
        if isinstance(counts, Capacity):
            since = row["submitted_at"].astimezone(here.tzinfo)
            age, stake = (today - since.date()).days, stake_of(case, policy, readable=True)
            result.append(Pending(row["id"], asked, case, counts, row["submitted_at"], age, stake))
    return result


async def _concerning(db: BaseDBAsyncClient, viewer: Viewer, here: datetime) -> list[UUID]:
    """The open submissions in sight that name the viewer as a decider, or somebody who lent them a vote there."""
    if viewer.scopes is not None:  # a machine has scopes instead of votes
        return []
    condition, scope = seen(viewer, "node_id")
    sql = f"""SELECT id, node_id, deciders FROM submission
              WHERE organization_id = :organization AND ended_at IS NULL AND {condition}"""
    found = await rows(db, sql, organization=viewer.organization_id, **scope)
    lent = await loans(db, viewer.organization_id, {row["node_id"] for row in found}, here.date())
    wanted: list[UUID] = []
    for row in found:
        named = {party.id for decider in revived(row["deciders"]) for party in decider.people}
        lenders = {loan.lender.id for loan in lent.get(row["node_id"], ()) if loan.delegate.id == viewer.person_id}
        if named & (lenders | {viewer.person_id}):
            wanted.append(row["id"])
    return wanted
