"""Reading delegations: which votes are lent at a measure today."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cases import Party
from server.domain.delegation import Loan
from server.domain.people import VOTING, Role
from server.models.database import rows

# In force: not revoked, within its days, and of a seat that is itself ratified and in effect there or above.
_LOANS = """SELECT b.descendant_id AS node_id, {columns}
    FROM {lent} JOIN branch b ON b.ancestor_id = s.node_id WHERE b.descendant_id IN :ids AND {held}
    UNION ALL SELECT n.id AS node_id, {columns}
    FROM {lent} JOIN node n ON n.organization_id = s.organization_id
    WHERE s.node_id IS NULL AND n.id IN :ids AND {held}"""
_COLUMNS = """s.role, s.person_id AS lender_id, lender.name AS lender_name, d.to_person_id, d.ends,
    borrower.name AS borrower_name"""
_LENT = """delegation d JOIN seat s ON s.id = d.seat_id AND s.person_id = d.lent_by_id
    JOIN person lender ON lender.id = s.person_id JOIN person borrower ON borrower.id = d.to_person_id"""
_HELD = """d.organization_id = :organization AND d.revoked_at IS NULL AND d.starts <= :today AND d.ends >= :today
    AND s.role IN :voting AND s.ratified_by_id IS NOT NULL
    AND s.starts <= :today AND (s.ends IS NULL OR s.ends >= :today)"""


async def loans(
    db: BaseDBAsyncClient, organization_id: UUID, node_ids: Iterable[UUID], today: date
) -> dict[UUID, tuple[Loan, ...]]:
    """The delegations in force at each node on a day; nodes without any are left out. One statement."""
    sql = _LOANS.format(columns=_COLUMNS, lent=_LENT, held=_HELD)
    asked = {"organization": organization_id, "ids": list(node_ids), "voting": sorted(VOTING), "today": today}
    found: dict[UUID, list[Loan]] = defaultdict(list)
    for row in await rows(db, sql, **asked):
        lender = Party(row["lender_id"], row["lender_name"])
        borrower = Party(row["to_person_id"], row["borrower_name"])
        found[row["node_id"]].append(Loan(lender, borrower, Role(row["role"]), row["ends"]))
    return {node: tuple(sorted(each, key=lambda loan: (loan.until, loan.lender.id))) for node, each in found.items()}
