"""All who listen in this process, by organization; and a listener for whoever takes one thing after another."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.people import Viewer
from server.live.bell import Bell
from server.live.cohorts import Counts
from server.live.gathering import Gathering
from server.live.members import Member, Parcel
from server.live.questions import Telling, Watching
from server.live.tell_cohort import TellCohort
from server.live.watch_cohort import WatchCohort

AT_ONCE = 8
"""Executions at once, of all cohorts: more would only wait for the database together."""


@dataclass(frozen=True, slots=True)
class AudienceState:
    """What cohorts are there, and what they did so far."""

    cohorts: int
    members: int
    executions: int
    deliveries: int
    skips: int


class Audience:
    """Lets listeners in. Lives in one event loop."""

    def __init__(self, bell: Bell, clock: Callable[[], datetime]) -> None:
        self._bell, self._clock = bell, clock
        self._gatherings: dict[UUID, Gathering] = {}
        self._counts = Counts()
        self._busy = asyncio.Semaphore(AT_ONCE)

    def state(self) -> AudienceState:
        """What it did so far."""
        gatherings, counts = self._gatherings.values(), self._counts
        cohorts, members = sum(len(each.cohorts) for each in gatherings), sum(each.members for each in gatherings)
        return AudienceState(cohorts, members, counts.executions, counts.deliveries, counts.skips)

    async def join(self, question: Watching | Telling, member: Member) -> None:
        """Let a member listen until it leaves or has failed.

        To a live query: its answer now, and again whenever it has changed. To an account: what happens from where it
        begins, without a seam. Raises what refuses it.
        """
        gathering = self._gathering(member)
        try:
            await gathering.greet(member)
            if isinstance(question, Telling):
                await self._begin(question, member, gathering)
                gathering.enter(TellCohort, question, member)
            else:
                gathering.enter(WatchCohort, question, member)
        except BaseException:
            self.left(member)
            raise

    async def _begin(self, question: Telling, member: Member, gathering: Gathering) -> None:
        while True:
            viewer = member.viewer
            member.position, before = await question.begin(viewer, gathering.pulse.newest)
            if viewer is member.viewer:  # else its rights changed meanwhile
                break
        if before:
            member.push(Parcel(tuple(before)))

    def left(self, member: Member) -> None:
        """A member listens no longer."""
        gathering = self._gatherings.get(member.viewer.organization_id)
        if gathering is None:
            return
        gathering.forget(member)
        if member.cohort:
            member.cohort.leave(member)

    async def listen(self, question: Watching | Telling, viewer: Viewer) -> AsyncGenerator[bytes, None]:
        """What a member of its own would get, one payload after another. Raises why nothing more comes."""
        box = Box(viewer)
        try:
            await self.join(question, box)
            while True:
                yield await box.next()
        finally:
            box.leave()

    def close(self) -> None:
        """End all that is under way."""
        for gathering in self._gatherings.values():
            gathering.stop()
        self._gatherings.clear()

    def _gathering(self, member: Member) -> Gathering:
        organization = member.viewer.organization_id
        if organization not in self._gatherings:
            made = Gathering(organization, self._bell, self._clock, self._counts, self._busy, self._over)
            self._gatherings[organization] = made
        return self._gatherings[organization]

    def _over(self, gathering: Gathering) -> None:
        """Nobody listens to an organization any more."""
        if self._gatherings.get(gathering.organization_id) is gathering:
            del self._gatherings[gathering.organization_id]
        gathering.stop()


class Box(Member):
    """A listener who takes one payload after another: while one parcel waits, no other is taken."""

    __slots__ = ("_arrived", "_error", "_waiting")

    def __init__(self, viewer: Viewer) -> None:
        super().__init__(viewer)
        self._waiting: list[bytes] = []
        self._error: Exception | None = None
        self._arrived = asyncio.Event()

    def take(self, parcel: Parcel) -> bool:
        """Take it, unless something waits."""
        if self._waiting:
            return False
        self.push(parcel)
        return True

    def push(self, parcel: Parcel) -> None:
        """Take it in any case."""
        self._waiting += parcel.payloads
        self._arrived.set()

    def failed(self, error: Exception) -> None:
        """Raise it once all that waits has been taken."""
        self._error = error
        self._arrived.set()

    async def next(self) -> bytes:
        """The next payload. Raises why none will come."""
        while not self._waiting:
            if self._error:
                raise self._error
            self._arrived.clear()
            await self._arrived.wait()
        payload = self._waiting.pop(0)
        if not self._waiting:
            self.drained()
        return payload
