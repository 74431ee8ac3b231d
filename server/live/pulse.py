"""One follower of an organization's ledger per process: it reads each new fact once, for everybody who listens.

A look reads all that is new. Whoever must not miss anything awaits a look that began after they asked; those who ask
while one is under way share the next, so that a thousand who come at once cost two statements.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import islice
from typing import Any
from uuid import UUID

from server.domain.facts import FactKind
from server.live.bell import Bell, Rings
from server.live.feed import PAGE, POLL_SECONDS, newest_revision, page_after
from server.models.database import is_unavailable, reading, rows

Page = list[dict[str, Any]]
KEPT = 1_000
"""Facts held in memory: who is behind by less needs no statement to catch up."""
EVERYWHERE = frozenset({FactKind.NODE_MOVED.value, FactKind.FILE_IMPORTED.value})
"""Facts that change more than the branch of the node they name."""
log = logging.getLogger("stageline.pulse")


class Pulse:
    """The ledger of one organization as it grows.

    `meet` is awaited with each new page, and with an empty one where there was nothing, before a look is over.
    """

    def __init__(self, organization_id: UUID, bell: Bell, meet: Callable[[Page], Awaitable[None]]) -> None:
        self.organization_id, self._bell, self._meet = organization_id, bell, meet
        self.newest = 0
        self._recent: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._next: asyncio.Future[None] | None = None
        self._rings: Rings | None = None
        self._resting = False
        self._beating = asyncio.create_task(self._beat(), name="pulse")

    async def look(self) -> None:
        """Wait until all that was committed before this call has been met. Raises what the database does."""
        if self._next is None:
            self._next = asyncio.get_running_loop().create_future()
        if self._rings and self._resting:
            self._rings.heard(None)
        await asyncio.shield(self._next)

    async def after(self, revision: int) -> Page:
        """The next facts after a revision, oldest first, from memory where they are still there."""
        if self._recent and revision + 1 >= self._recent[0]["revision"]:
            begin = revision + 1 - int(self._recent[0]["revision"])  # revisions have no gaps
            return list(islice(self._recent, begin, begin + PAGE))
        return await page_after(self.organization_id, revision)

    def stop(self) -> None:
        """Follow no longer; who still waits for a look is told that there is none."""
        self._beating.cancel()
        if self._next and not self._next.done():
            self._next.cancel()

    async def _beat(self) -> None:
        async with self._bell.listen(self.organization_id) as self._rings:
            begun = False
            while True:
                waiting, self._next = self._next, None
                try:
                    if not begun:
                        self.newest, begun = await newest_revision(self.organization_id), True
                    await self._read()
                except Exception as error:
                    if not is_unavailable(error):
                        log.exception("The pulse stumbled over a bug and goes on.")
                    _answer(waiting, error)
                else:
                    _answer(waiting, None)
                if self._next is None:
                    await self._knock()

    async def _knock(self) -> None:
        """Wait for somebody to ask, for a poll to be due, or for a ring that says more than is known."""
        assert self._rings is not None  # noqa: S101 - it is set while this task runs
        self._resting = True
        while (rung := await self._rings.wait(timeout=POLL_SECONDS)) is not None and rung <= self.newest:
            pass
        self._resting = False

    async def _read(self) -> None:
        while True:
            page = await page_after(self.organization_id, self.newest)
            if page:
                self.newest = int(page[-1]["revision"])
                self._recent.extend(page)
            await self._meet(page)
            if len(page) < PAGE:
                return


def _answer(waiting: "asyncio.Future[None] | None", error: Exception | None) -> None:
    if waiting is None or waiting.done():
        return
    if error is None:
        waiting.set_result(None)
        return
    waiting.set_exception(error)
    with suppress(Exception):
        waiting.exception()  # whoever waited may have gone: then nobody is to be told that it was not read


async def path_of(page: Page) -> frozenset[UUID] | None:
    """The nodes whose branch these facts touch: theirs, all above and all below. None: any may be touched."""
    nodes = {fact["node_id"] for fact in page}
    if None in nodes or any(fact["kind"] in EVERYWHERE for fact in page):
        return None
    sql = """SELECT ancestor_id AS node_id FROM branch WHERE descendant_id IN :nodes
             UNION SELECT descendant_id FROM branch WHERE ancestor_id IN :nodes"""
    found = await rows(reading(), sql, nodes=list(nodes))
    return frozenset(row["node_id"] for row in found) | nodes
