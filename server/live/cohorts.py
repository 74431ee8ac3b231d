"""Cohorts: everybody who asked the same with the same rights is answered by one execution per change.

A live query (`watch`) is run again when the branch it is about was touched, or when time alone may have changed it, and
sent where it came to something else than the last time. A burst is one change: an event waits for nothing but the
execution and the fan-out under way, and what came meanwhile is answered together. An account of what happens
(`activity`) is told completely, in order and once; what came meanwhile goes out in one piece.

Nothing is sent before a look at the ledger that began after the execution: a right that ended before the answer was
read has moved its holder out of the cohort by then. Who reads slowly holds up nobody: of a live query it gets the
newest answer once it has caught up, of an account it is told the rest from the ledger, page by page, at its own pace.

What a document is, and how it is executed, is handed in (`live/questions`).
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from server.domain.people import Viewer
from server.live.members import Member, Parcel
from server.live.pulse import Page, Pulse
from server.live.questions import Watching
from server.models.database import is_unavailable

if TYPE_CHECKING:  # kin are cohorts
    from server.live.kin import Kin

CHUNK = 256
"""Listeners served before the loop serves others: what is written goes out then."""


@dataclass(slots=True)
class Counts:
    """What cohorts did so far."""

    executions: int = 0
    """Questions answered anew, each for all who ask it; those that differ in their variables only in one go."""
    deliveries: int = 0
    skips: int = 0
    """Times that a listener did not keep up."""


class Room(Protocol):
    """Where cohorts live: see `live/gathering.py`."""

    counts: Counts
    busy: asyncio.Semaphore
    pulse: Pulse

    def now(self) -> datetime:
        """The time."""
        ...

    def kin(self, question: Watching, viewer: Viewer, *, personal: bool) -> "Kin":
        """All who are answered in one execution with a question."""
        ...

    def part(self, cohort: "Cohort") -> None:
        """What a cohort asks turned out to be personal: each of its members gets one of their own."""
        ...

    def forget(self, member: Member) -> None:
        """A member goes for good."""
        ...

    def empty(self, cohort: "Cohort") -> None:
        """Its last member left."""
        ...


class Cohort(ABC):
    """Those who asked the same with the same rights. At most one execution and fan-out of it is under way."""

    def __init__(self, room: Room, key: Hashable, question: Any, viewer: Viewer, *, personal: bool) -> None:
        self.room, self.key, self.question, self.viewer, self.personal = room, key, question, viewer, personal
        self.members: dict[Member, None] = {}
        self.behind: dict[Member, None] = {}
        self.due: datetime | None = None

    @property
    @abstractmethod
    def everybody(self) -> list[Member]:
        """All who belong to it."""

    @abstractmethod
    def enter(self, member: Member, *, moved: bool = False) -> None:
        """Someone comes, after a look that began after they asked; or is `moved` here, since their rights changed."""

    @abstractmethod
    def leave(self, member: Member) -> None:
        """Someone goes. Their `told` and `position` then say how far they came."""

    @abstractmethod
    def drained(self, member: Member) -> None:
        """A member that did not keep up can take more again."""

    @abstractmethod
    def touch(self) -> None:
        """Something happened that may change what it tells."""

    @abstractmethod
    def passed(self, page: Page) -> bool:
        """Something happened beside its branch. Whether it is to look some time later nevertheless."""

    @abstractmethod
    def retry(self) -> None:
        """The ledger could be read: do what could not be done while it was away."""

    @abstractmethod
    def _unanswered(self) -> Iterable[Member]:
        """Those who have nothing yet that they could live on while the database is away."""

    @abstractmethod
    def _missed(self, member: Member) -> None:
        """A member did not keep up."""

    @abstractmethod
    def stop(self) -> None:
        """Nobody listens any more."""

    def concerns(self, path: frozenset[UUID] | None) -> bool:
        """Whether facts on this path (None: anywhere) may change what it tells."""
        return path is None or self.question.branch is None or self.question.branch in path

    def _gone(self, member: Member) -> None:
        member.cohort = None
        if not self.members and not self.everybody:
            self.room.empty(self)

    def _fail(self, error: Exception) -> None:
        """End it for all; but a database that is away ends it only for those who have nothing yet: it comes back."""
        for member in list(self._unanswered()) if is_unavailable(error) else self.everybody:
            if member.cohort is self:
                member.leave()
                member.failed(error)

    async def _fan(self, roll: list[Member], parcel: Parcel, mark: int) -> None:
        """Send to all who still belong here and have not got it, as their `position` says: the `mark` of this time."""
        members, counts = self.members, self.room.counts
        for begin in range(0, len(roll), CHUNK):
            if begin:
                await asyncio.sleep(0)
            reached = 0
            for member in roll[begin : begin + CHUNK]:
                if member not in members or member.position == mark:
                    continue
                if member.take(parcel):
                    member.position = mark
                    reached += 1
                else:
                    counts.skips += 1
                    self._missed(member)
            counts.deliveries += reached * len(parcel.payloads)
