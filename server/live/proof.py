"""Whether a ledger is whole: every entry present, in order and unaltered (law §10)."""

from uuid import UUID

from server.live.chain import COVERED, chained
from server.models.database import reading, rows

GENESIS = "0" * 64
PAGE = 1_000


async def first_fault(organization_id: UUID) -> int | None:
    """The revision of the first entry that is altered, missing or out of order.

    None where the chain is whole up to its head.
    """
    sql = f"""SELECT {", ".join(COVERED)}, hash FROM ledger_entry
              WHERE organization_id = :id AND revision > :after ORDER BY revision LIMIT :page"""
    previous, last = GENESIS, 0
    while page := await rows(reading(), sql, id=organization_id, after=last, page=PAGE):
        for entry in page:
            if entry["revision"] != last + 1 or chained(previous, entry) != entry["hash"]:
                return last + 1
            previous, last = entry["hash"], entry["revision"]
    head = await rows(reading(), "SELECT revision, head FROM organization WHERE id = :id", id=organization_id)
    whole = bool(head) and (head[0]["revision"], head[0]["head"]) == (last, previous)
    return None if whole else last + 1


async def broken_ledgers() -> list[tuple[str, int]]:
    """Name and first fault of every organization whose ledger is not whole."""
    every = await rows(reading(), "SELECT id, name FROM organization ORDER BY name")
    found = [(row["name"], await first_fault(row["id"])) for row in every]
    return [(name, fault) for name, fault in found if fault is not None]
