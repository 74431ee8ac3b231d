"""Cohorts: everybody who asked the same with the same rights is answered by one execution per change.

A live query (`watch`) is run again when the branch it is about was touched, or when time alone may have changed it, and
sent where it came to something else than the last time. A burst is one change: an event waits for nothing but the
execution and the fan-out under way, and what came meanwhile is answered together. An account of what happens
(`activity`) is told completely, in order and once; what came meanwhile goes out in one piece.

Nothing is sent before a look at the ledger that began after the execution: a right that ended before the answer was
read has moved its holder out of the cohort by then. Who reads slowly holds up nobody: of a live query it gets the
newest answer once it has caught up, of an account it is told the rest from the ledger, page by page, at its own pace.

What a document is, and how it is executed, is handed in (`Watching`, `Telling`).
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from server.domain.people import Viewer
from server.live.pulse import Page, Pulse
from server.models.database import is_unavailable

CHUNK = 256
"""Listeners served before the loop serves others: what is written goes out then."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a live query came to. `same` is equal for equal answers, whatever revision they are stamped with."""

    same: Hashable
    payload: bytes
    personal: bool = False
    until: datetime | None = None
    """When another answer may be due though nothing happened; None: never."""


@dataclass(frozen=True, slots=True)
class Account:
    """What facts came to, each by its revision. What listeners may not know, or did not ask for, is left out."""

    payloads: list[tuple[int, bytes]]
    personal: bool = False


class Question(Protocol):
    """An operation with its variables."""

    @property
    def key(self) -> Hashable:
        """What it asks: equal for equal questions."""
        ...

    @property
    def branch(self) -> UUID | None:
        """The node whose path decides what it comes to; None: it may depend on anything."""
        ...


class Watching(Question, Protocol):
    """A live query."""

    async def answer(self, viewer: Viewer, revision: int) -> Answer:
        """Its answer now, stamped with a revision. Raises what ends it for everybody who asks with these rights."""
        ...


@runtime_checkable
class Telling(Question, Protocol):
    """An account of what happens."""

    async def begin(self, viewer: Viewer, newest: int) -> tuple[int, list[bytes]]:
        """The revision after which it goes on for this viewer, and what is to be said before."""
        ...

    async def tell(self, viewer: Viewer, page: Page) -> Account:
        """What these facts come to. Raises what ends it for everybody who asks with these rights."""
        ...


@dataclass(slots=True, eq=False)
class Parcel:
    """What goes to many listeners. `framed` is theirs, to keep what they have in common."""

    payloads: tuple[bytes, ...]
    framed: dict[Hashable, Any] = field(default_factory=dict)


class Member(ABC):
    """One listener of a cohort; subclasses say how it is reached."""

    __slots__ = ("cohort", "position", "told", "viewer")

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.cohort: Cohort | None = None
        self.told: Hashable = None  # of a live query: the `same` it heard last, where that is not its cohort's
        self.position = 0  # in an account: the revision up to which it was told, where that is not its cohort's

    @abstractmethod
    def take(self, parcel: Parcel) -> bool:
        """Send it, or say no where the listener does not keep up: `drained` is called once it does again."""

    @abstractmethod
    def push(self, parcel: Parcel) -> None:
        """Send it in any case."""

    @abstractmethod
    def failed(self, error: Exception) -> None:
        """This is why nothing more will come."""

    def leave(self) -> None:
        """Listen no longer."""
        if cohort := self.cohort:
            cohort.room.forget(self)
            cohort.leave(self)

    def drained(self) -> None:
        """It can take more again."""
        if self.cohort:
            self.cohort.drained(self)


@dataclass(slots=True)
class Counts:
    """What cohorts did so far."""

    executions: int = 0
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
        self._running: asyncio.Task[None] | None = None

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
    async def _turn(self) -> None:
        """Execute, and send."""

    @abstractmethod
    def _has_more(self) -> bool:
        """Whether there is another turn."""

    @abstractmethod
    def _unanswered(self) -> Iterable[Member]:
        """Those who have nothing yet that they could live on while the database is away."""

    @abstractmethod
    def _missed(self, member: Member) -> None:
        """A member did not keep up."""

    async def rest(self) -> None:
        """Wait until nothing of it is under way."""
        if self._running:
            await asyncio.wait([self._running])

    def stop(self) -> None:
        """Nobody listens any more."""
        if self._running:
            self._running.cancel()

    def concerns(self, path: frozenset[UUID] | None) -> bool:
        """Whether facts on this path (None: anywhere) may change what it tells."""
        return path is None or self.question.branch is None or self.question.branch in path

    def _gone(self, member: Member) -> None:
        member.cohort = None
        if not self.everybody:
            self.room.empty(self)

    def _wake(self) -> None:
        if self._running is None:
            self._running = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            while self._has_more():
                await self._turn()
        except Exception as error:  # noqa: BLE001 - every listener is told, who logs it where it is a bug
            self._fail(error)
        finally:
            self._running = None

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
            for member in roll[begin : begin + CHUNK]:
                if member in members and member.position != mark:
                    if member.take(parcel):
                        member.position = mark
                        counts.deliveries += len(parcel.payloads)
                    else:
                        counts.skips += 1
                        self._missed(member)
            await asyncio.sleep(0)
