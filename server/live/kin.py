"""Kin: live queries that differ in their variables only, asked with the same rights. One execution answers them all.

A thousand who look at a thousand boards, or at one each through a period of their own, read the database as often as
one of them does. At most one execution and fan-out of a kin is under way.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from server.live.cohorts import CHUNK, Room
from server.live.questions import Answer

if TYPE_CHECKING:  # a cohort has its kin
    from server.live.watch_cohort import WatchCohort

AT_A_TIME = 1_000
"""Questions answered in one execution at most: what the first of them come to waits for the last."""


class Kin:
    """The cohorts that are answered together. Those to which something happened take their turn."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._cohorts: set[WatchCohort] = set()
        self._ripe: dict[WatchCohort, None] = {}
        self._running: asyncio.Task[None] | None = None

    def join(self, cohort: "WatchCohort") -> None:
        """From here on a cohort is one of them."""
        self._cohorts.add(cohort)

    def leave(self, cohort: "WatchCohort") -> None:
        """Nobody listens to it any more."""
        self._cohorts.discard(cohort)
        self._ripe.pop(cohort, None)
        if self._running and not self._cohorts:
            self._running.cancel()

    def wake(self, cohort: "WatchCohort") -> None:
        """A cohort is to have a turn."""
        self._ripe[cohort] = None
        self._go()

    async def rest(self) -> None:
        """Wait until nothing of them is under way."""
        if self._running:
            await asyncio.wait([self._running])

    def _go(self) -> None:
        if self._running is None and self._ripe:
            self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            while self._ripe:
                await self._turn()
        finally:
            self._running = None
            self._go()  # for who came when all others had gone

    async def _turn(self) -> None:
        """Execute, look whether all still belong here, and send."""
        ripe = list(self._ripe)[:AT_A_TIME]
        for cohort in ripe:
            del self._ripe[cohort]
        turn = [(cohort, cohort.begin()) for cohort in ripe if cohort.has_more]
        if not turn:
            return
        first, revision = turn[0][0], self._room.pulse.newest
        answers: Sequence[Answer | Exception]
        try:
            async with self._room.busy:
                self._room.counts.executions += len(turn)
                asked = [cohort.question for cohort, _ in turn]
                answers = await first.question.answers(first.viewer, revision, asked)
            await self._room.pulse.look()
        except Exception as error:  # noqa: BLE001 - every listener is told, who logs it where it is a bug
            answers = [error] * len(turn)
        served = 0
        for (cohort, fresh), answer in zip(turn, answers, strict=True):
            served += await cohort.hear(answer, revision, fresh)
            if served >= CHUNK:
                served = 0
                await asyncio.sleep(0)
