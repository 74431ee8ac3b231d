"""Whether a ledger is whole: every entry present, in order and unaltered (law §10). The one walk over it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from server.domain.refusals import RefusalCode, Refused
from server.domain.wording import listed
from server.live.chain import COVERED, GENESIS, LINKS, chained
from server.models.database import reading, rows

PAGE = 100  # an import's entry holds 2,500 deals, so a page may weigh many megabytes
_BEFORE_ALL = -(2**63)  # an entry smuggled in before the first is looked at too
_COLUMNS = ", ".join((*COVERED, *LINKS))
# One statement, hence one moment: an entry that is committed during the walk comes with the head that counts it.
_PAGE = f"""SELECT {_COLUMNS}, entries, head
    FROM (SELECT revision AS entries, head FROM organization WHERE id = :id) AS kept
    LEFT JOIN (SELECT {_COLUMNS} FROM ledger_entry WHERE organization_id = :id AND revision > :after
               ORDER BY revision LIMIT :size) AS entry ON 1 = 1
    ORDER BY revision"""


@dataclass(frozen=True, slots=True)
class Page:
    """Entries in order; and what the organization kept at that moment: how many there are, and the hash of the last."""

    entries: int = 0
    head: str = GENESIS
    rows: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What a walk found: `entries` and `head` as the organization keeps them, and the revision of the first fault.

    A fault past the last entry means that the entries are whole and what the organization keeps of them is not.
    """

    entries: int
    head: str
    first_fault: int | None

    @property
    def sound(self) -> bool:
        """Whether every entry is there, in order and unaltered."""
        return self.first_fault is None

    @property
    def sentence(self) -> str:
        """What was found, for a person."""
        if self.first_fault is None:
            return f"Every entry from 1 to {self.entries:,} is there, in order and unaltered."
        if self.first_fault > self.entries:
            return f"The ledger does not end with entry {self.entries:,} as the organization keeps it."
        return f"Entry {self.first_fault:,} is altered, missing or out of order; all before it are sound."


async def pages(organization_id: UUID) -> AsyncGenerator[Page, None]:
    """The whole ledger, page by page; the last page says how it ends.

    Raises `Refused` at an entry whose stored text is no longer one of its type, once all before it are told.
    """
    after, size = _BEFORE_ALL, PAGE
    while True:
        try:
            found = await rows(reading(), _PAGE, id=organization_id, after=after, size=size)
        except ValueError as error:
            if size == 1:
                raise Refused(RefusalCode.INVALID, "An entry of the ledger was altered and is unreadable.") from error
            size = 1  # up to the entry that is at fault
            continue
        entries = tuple(row for row in found if row["revision"] is not None)
        if found:
            yield Page(found[0]["entries"], found[0]["head"], entries)
        if len(entries) < size:
            return
        after = entries[-1]["revision"]


async def prove(organization_id: UUID) -> Proof:
    """Walk the chain from its beginning to its head."""
    page, previous, last = Page(), GENESIS, 0
    async with aclosing(pages(organization_id)) as every:
        try:
            async for page in every:
                for entry in page.rows:
                    links = (last + 1, previous, chained(previous, entry))
                    if (entry["revision"], entry["previous"], entry["hash"]) != links:
                        return Proof(page.entries, page.head, last + 1)
                    previous, last = entry["hash"], entry["revision"]
        except Refused:
            return Proof(page.entries, page.head, last + 1)
    whole = (page.entries, page.head) == (last, previous)
    return Proof(page.entries, page.head, None if whole else min(last, page.entries) + 1)


async def first_fault(organization_id: UUID) -> int | None:
    """The revision of the first entry that is altered, missing or out of order; None for a sound ledger."""
    return (await prove(organization_id)).first_fault


async def organizations(named: str | None = None) -> list[tuple[UUID, str]]:
    """Id and name of every organization, or of those with this name or id. Raises `Refused` where there is none."""
    every = await rows(reading(), "SELECT id, name FROM organization ORDER BY name, id")
    found = [(row["id"], row["name"]) for row in every if named in (None, row["name"], str(row["id"]))]
    if named is not None and not found:
        known = listed([f"“{row['name']}”" for row in every]) if every else "none; found one first"
        raise Refused(RefusalCode.NOT_FOUND, f"There is no organization “{named}” here. Known: {known}.")
    return found


async def proofs(named: str | None = None) -> list[tuple[str, Proof]]:
    """Name and proof of every organization, or of those with this name or id. Raises `Refused` where there is none."""
    return [(name, await prove(organization)) for organization, name in await organizations(named)]


async def broken_ledgers() -> list[tuple[str, Proof]]:
    """Name and proof of every organization whose ledger is not sound."""
    return [(name, proof) for name, proof in await proofs() if not proof.sound]
