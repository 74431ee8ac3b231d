"""Another worker of the deployment: it writes by the real verbs and rings the bell, so only fan-out is measured.

`python -m bench.publisher DATABASE REDIS ORGANIZATION OWNER ADMIN NODE` answers each line on its standard input with
one of JSON: `paced COUNT SECONDS` (edits, one transaction each), `burst COUNT` (one transaction with so many facts, as
an import writes them) and `end SEAT`. Each edit carries the time before it.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from server.actions.cascade import edit_node
from server.actions.seats import end_seat
from server.app import now
from server.domain.facts import FactKind
from server.domain.people import Viewer
from server.live.bell import Bell
from server.live.work import Work, perform, ring_with
from server.models.database import close_database, open_database, reading, rows
from server.models.viewers import viewer_of


def stamp() -> str:
    """The time now, as the load client looks for it."""
    return f"@{time.time_ns() // 1000}"


async def edits(work: Work, *, node: UUID, count: int) -> UUID:
    """Many edits of one node in one transaction, a fact each."""
    found = await work.node(node)
    for _ in range(count):
        await work.alter(found, description=stamp())
        await work.record(FactKind.NODE_CHANGED, f"changed the description of “{found.name}”.", on=found)
    return found.id


class Publisher:
    """Writes at one node as its owner, and seats as an admin."""

    def __init__(self, viewer: Viewer, admin: Viewer, node: UUID) -> None:
        self.viewer, self.admin, self.node = viewer, admin, node

    async def paced(self, count: str, seconds: str) -> None:
        """Edits at even distances."""
        began = time.monotonic()
        for number in range(int(count)):
            await asyncio.sleep(max(0.0, began + number * float(seconds) - time.monotonic()))
            await perform(self.viewer, edit_node, now(), node=self.node, fields={"description": stamp()})

    async def burst(self, count: str) -> None:
        """Many at once."""
        await perform(self.viewer, edits, now(), node=self.node, count=int(count))

    async def end(self, seat: str) -> None:
        """End a seat."""
        await perform(self.admin, end_seat, now(), seat=UUID(seat))


async def main(database: str, redis_url: str, organization: str, owner: str, admin: str, node: str) -> None:
    """Do what the lines say until there are no more."""
    bell = Bell.open(redis_url)
    await open_database(database)
    await bell.start()
    ring_with(bell)
    viewers = [await viewer_of(reading(), UUID(person), now()) for person in (owner, admin)]
    assert viewers[0]
    assert viewers[1]
    publisher = Publisher(viewers[0], viewers[1], UUID(node))
    commands: dict[str, Callable[..., Awaitable[Any]]] = {
        name: getattr(publisher, name) for name in ("paced", "burst", "end")
    }
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    print(json.dumps({"ready": True}), flush=True)
    try:
        while line := (await reader.readline()).decode():
            name, *words = line.split()
            began = time.perf_counter()
            await commands[name](*words)
            (told,) = await rows(reading(), "SELECT revision FROM organization WHERE id = :id", id=UUID(organization))
            took = {"seconds": time.perf_counter() - began, "revision": told["revision"]}
            print(json.dumps(took), flush=True)
    finally:
        ring_with(None)
        await bell.stop()
        await close_database()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
