"""Kept answers: a query that was answered is answered again with the same bytes, for as long as they are right.

They are right for who asked, at the revision that stood, until time alone may change them; and for everybody with equal
rights where nobody's person was read on the way (`schema/dependence` says why). The revision comes from the database
with every request, so nothing is ever invalidated: a write, in whatever process, is known before the next lookup.
Were a fact added while an answer was made, it is kept under the revision before, which nobody asks for any more.

Errors are not kept. Of equal questions at the same time one is run, in a task of its own: whoever stops waiting stops
nobody else. What is kept is bounded in bytes; what was not asked for longest goes first.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from server.domain.people import Rights
from server.live.parts import Parts

ENTRY_BYTES = 600
"""About what an entry takes besides its answer and its question."""
PERSONAL_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks and when, as far as an answer can depend on it."""

    rights: Rights
    person: tuple[UUID, UUID | None]
    """The person and their credential."""
    revision: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """An answer: the whole body of a response."""

    body: bytes
    at: datetime
    until: datetime | None = None
    """When time alone may change it; None: never."""
    personal: bool = False
    good: bool = True
    """Whether it may be given again: nothing in it is an error."""
    ran: bool = True
    """Whether anything was executed, so that there is `data`."""
    parts: Parts | None = None
    """Where things stand in it that can be told anew by themselves, once facts changed no other."""

    def serves(self, asking: Asking, of: Asking) -> bool:
        """Whether it answers who asks now, having been made for `of`."""
        mine = asking.rights == of.rights and (not self.personal or asking.person == of.person)
        new = asking.revision == of.revision and (self.until is None or max(asking.at, self.at) < self.until)
        return self.good and mine and new


@dataclass(slots=True)
class Told:
    """What the keeper did so far, for `/metrics`."""

    hits: int = 0
    misses: int = 0
    joined: int = 0
    """Questions that waited for the answer of an equal one."""
    renewed: int = 0
    """Kept answers in which single things were told anew."""
    evictions: int = 0
    bytes: int = 0
    entries: int = 0


Question = tuple[str, str | None, bytes]
"""A document, the operation meant, and the variables as sorted JSON."""
_Key = tuple[Question, Hashable, Hashable]


class Answers:
    """Keeps answers in at most `most` bytes; 0 keeps none, and runs every question."""

    def __init__(self, most: int) -> None:
        self.most, self.told = most, Told()
        self._kept: OrderedDict[_Key, tuple[Made, Asking]] = OrderedDict()
        self._flights: dict[Hashable, tuple[asyncio.Task[Made], Asking]] = {}
        self._personal: OrderedDict[Question, None] = OrderedDict()

    def find(self, question: Question, asking: Asking) -> Made | None:
        """The kept answer that is right for who asks now."""
        for whose in (None, asking.person):
            key = (question, asking.rights, whose)
            entry = self._kept.get(key)
            if entry and entry[0].serves(asking, entry[1]):
                self._kept.move_to_end(key)
                self.told.hits += 1
                return entry[0]
        return None

    def outdated(self, question: Question, asking: Asking) -> tuple[Made, Asking] | None:
        """A kept answer in parts that would serve who asks now, had nothing happened since; and whom it served."""
        for whose in (None, asking.person):
            made, of = self._kept.get((question, asking.rights, whose), (None, asking))
            if made and made.parts and of.revision < asking.revision:
                return (made, of) if made.serves(replace(asking, revision=of.revision), of) else None
        return None

    async def answer(self, question: Question, asking: Asking, make: Callable[[], Awaitable[Made]]) -> Made:
        """The answer that is kept, or the one that is being made for an equal question, or a new one."""
        known = self.find(question, asking)
        if known:
            return known
        self.told.misses += 1
        if not self.most:
            return await make()
        whose = asking.person if question in self._personal else None
        flight = (question, asking.rights, asking.revision, whose)
        if flight in self._flights:
            task, of = self._flights[flight]
            made = await asyncio.shield(task)
            if made.serves(asking, of):
                self.told.joined += 1
                return made
            return await make()
        task = asyncio.create_task(self._made(question, asking, make))
        self._flights[flight] = task, asking
        task.add_done_callback(lambda ended: self._landed(flight, ended))
        return await asyncio.shield(task)

    def _landed(self, flight: Hashable, ended: "asyncio.Task[Made]") -> None:
        del self._flights[flight]
        if not ended.cancelled():
            ended.exception()  # whoever still waits is told; nobody may

    async def _made(self, question: Question, asking: Asking, make: Callable[[], Awaitable[Made]]) -> Made:
        made = await make()
        if made.personal:
            self._personal[question] = None
            if len(self._personal) > PERSONAL_KEPT:
                self._personal.popitem(last=False)
        self._keep(question, asking, made)
        return made

    def _keep(self, question: Question, asking: Asking, made: Made) -> None:
        size = _size(question, made)
        if not made.serves(asking, asking) or size > self.most:
            return
        key = (question, asking.rights, asking.person if made.personal else None)
        self._drop(key)
        self._kept[key] = made, asking
        self.told.bytes += size
        while self.told.bytes > self.most:
            self._drop(next(iter(self._kept)))
            self.told.evictions += 1
        self.told.entries = len(self._kept)

    def _drop(self, key: _Key) -> None:
        old = self._kept.pop(key, None)
        if old:
            self.told.bytes -= _size(key[0], old[0])


def _size(question: Question, made: Made) -> int:
    parts = made.parts.size if made.parts else 0
    return len(made.body) + parts + 2 * len(question[0]) + len(question[2]) + ENTRY_BYTES
