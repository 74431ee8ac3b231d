"""`stageline ledger export`: JSON Lines with their proof, which docs/verify_ledger.py verifies without our code."""

import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import orjson

from server.domain.refusals import RefusalCode, Refused
from server.domain.wording import listed
from server.live.chain import COVERED, LINKS, canonical
from server.live.proof import Page, organizations, pages


async def lines(organization_id: UUID) -> AsyncGenerator[bytes, None]:
    """One line for each entry as it is stored, then the proof: how many entries there are, and the hash of the last.

    Raises `Refused` at an entry that cannot be read any more.
    """
    page = Page()
    async with aclosing(pages(organization_id)) as every:
        async for page in every:
            for entry in page.rows:
                yield canonical(entry, (*COVERED, *LINKS)) + b"\n"
    yield orjson.dumps({"entries": page.entries, "head": page.head}) + b"\n"


async def export(named: str | None, path: Path | None) -> str:
    """Write one organization's ledger to a file (None: standard output), and say so in a sentence.

    Raises `Refused` where no organization is meant, or more than one, and where the file cannot be written.
    """
    found = await organizations(named)
    if len(found) != 1:
        every = listed([f"“{name}” ({organization})" for organization, name in found]) if found else "none"
        message = f"An export holds one organization's ledger; here: {every}. Name it with --organization."
        raise Refused(RefusalCode.INVALID, message)
    [(organization, name)] = found
    count = -1  # the proof is no entry
    with _opened(path) as out:
        async with aclosing(lines(organization)) as every_line:
            async for line in every_line:
                out.write(line)
                count += 1
    return f"“{name}”: exported entries 1 to {count:,}. docs/verify_ledger.py proves them without Stageline."


@contextmanager
def _opened(path: Path | None) -> Iterator[BinaryIO]:
    if path is None:
        yield sys.stdout.buffer
        return
    try:
        file = path.open("wb")
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}. Choose another file with --out."
        raise Refused(RefusalCode.INVALID, message) from error
    with file:
        yield file
