"""How far imports have come: told by the request that imports, looked up by followers, in whatever process they are.

The import's own transaction shows nothing before it is over, so a task beside it tells, on a connection of its own:
in PostgreSQL a row, which every process can read; a SQLite file has one writer and one process, whose memory will do.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from server.domain.imports import ImportPhase, ImportState
from server.domain.people import Viewer
from server.domain.refusals import Refused
from server.live.once import LONGEST_KEY
from server.models.database import is_unavailable, reading, shared, writing
from server.models.imports import forget_progress, keep_progress, known_progress

Progress = Callable[[ImportPhase, int, int | None], None]
"""Told the phase, how much of it is done, and of how much. Comes from a thread while rows are read."""

Written = Callable[[int], Awaitable[None]]
"""Told by who writes how much of it is done. Awaiting it lets everybody else of the process have their turn."""

TELL_SECONDS = 0.25
PATIENCE = 30.0
"""So long without a beat, and an import counts as broken off: its process is gone."""
_KEPT_HERE = 1_000
_here: OrderedDict[tuple[UUID, str], tuple[ImportState, int]] = OrderedDict()

log = logging.getLogger("stageline.imports")


def silent(_phase: ImportPhase, _done: int, _total: int | None) -> None:
    """Progress that nobody follows."""


@asynccontextmanager
async def followed(viewer: Viewer, key: str | None, at: datetime) -> AsyncIterator[Progress]:
    """What to tell the progress of an import to, so that who imports can follow it by their idempotency key.

    Enter it before the import's transaction begins. Without a key nobody can ask.
    """
    if not key or len(key) > LONGEST_KEY:
        yield silent
        return
    told = _Told(viewer, key, at)
    await told.tell()
    telling = asyncio.create_task(told.keep_telling(), name="import progress")
    end = ImportPhase.BROKEN_OFF
    try:
        yield told.hear
        end = ImportPhase.DONE
    except Refused:
        end = ImportPhase.REFUSED
        raise
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        await told.finish(end)


class _Told:
    """One import that is under way here."""

    def __init__(self, viewer: Viewer, key: str, at: datetime) -> None:
        self._viewer, self._key, self._at = viewer, key, at
        self._state, self._beat = ImportState(ImportPhase.READING), 0

    def hear(self, phase: ImportPhase, done: int, total: int | None) -> None:
        """Take note; any thread may call it."""
        self._state = ImportState(phase, done, total)

    async def keep_telling(self) -> None:
        """Tell again and again, changed or not: that it is told means that it is alive."""
        while True:
            await asyncio.sleep(TELL_SECONDS)
            await self.tell()

    async def finish(self, end: ImportPhase) -> None:
        """Tell how it ended."""
        self._state = ImportState(end, self._state.done, self._state.total)
        await self.tell()

    async def tell(self) -> None:
        """Tell how far it is; the first time, let go of what this person imported a day ago."""
        self._beat += 1
        person, state = self._viewer.person_id, self._state
        if not shared():
            _here[person, self._key] = state, self._beat
            while len(_here) > _KEPT_HERE:
                _here.popitem(last=False)
            return
        organization = self._viewer.organization_id
        try:
            if self._beat == 1:
                await forget_progress(writing(), person, self._at)
            await keep_progress(writing(), organization, person, self._key, state, self._beat, self._at)
        except Exception as error:  # noqa: BLE001 — whatever it is, it must not fail an import that may stand by now
            log.log(logging.DEBUG if is_unavailable(error) else logging.ERROR, "Progress not told: %r", error)


async def follow(person_id: UUID, key: str) -> AsyncGenerator[ImportState, None]:
    """How far a person's import under a key has come: now, and again whenever that changes, until it has ended.

    One that does not tell of itself for `PATIENCE` seconds has broken off.
    """
    loop = asyncio.get_running_loop()
    last, last_beat, heard = None, -1, loop.time()
    while True:
        state, beat = await _known(person_id, key) or (ImportState(ImportPhase.WAITING), 0)
        if beat != last_beat or state.phase is ImportPhase.WAITING:
            last_beat, heard = beat, loop.time()
        elif not state.phase.ended and loop.time() - heard >= PATIENCE:
            state = ImportState(ImportPhase.BROKEN_OFF, state.done, state.total)
        if state != last:
            last = state
            yield state
        if state.phase.ended:
            return
        await asyncio.sleep(TELL_SECONDS)


async def _known(person_id: UUID, key: str) -> tuple[ImportState, int] | None:
    if shared():
        return await known_progress(reading(), person_id, key)
    return _here.get((person_id, key))
