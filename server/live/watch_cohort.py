"""The listeners of one live query: the newest answer, and nothing where it is the one before."""

from collections.abc import Hashable, Iterable

from server.domain.people import Viewer
from server.live.cohorts import Cohort, Room
from server.live.members import Member, Parcel
from server.live.pulse import Page
from server.live.questions import Answer, Watching


class WatchCohort(Cohort):
    """All of `members` have heard the last answer; during a fan-out, those who have its round as their `position`."""

    question: Watching

    def __init__(self, room: Room, key: Hashable, question: Watching, viewer: Viewer, *, personal: bool) -> None:
        super().__init__(room, key, question, viewer, personal=personal)
        self.newcomers: dict[Member, None] = {}
        self._last: Answer | None = None
        self._before: Hashable = None  # what those have heard whom the fan-out under way has not reached
        self._revision = 0  # up to which the last answer is known to hold
        self._round = 0
        self._dirty = False
        self.kin = room.kin(question, viewer, personal=personal)
        self.kin.join(self)

    @property
    def has_more(self) -> bool:
        """Whether it is to have a turn."""
        return self._dirty and bool(self.members or self.behind or self.newcomers)

    @property
    def everybody(self) -> list[Member]:
        """All who belong to it."""
        return [*self.members, *self.behind, *self.newcomers]

    def enter(self, member: Member, *, moved: bool = False) -> None:  # noqa: ARG002 - the answer itself says no
        """Someone comes, who has heard `member.told`: the last answer if it still holds, else the next."""
        member.cohort = self
        if self._last and self._revision >= self.room.pulse.newest and not self._dirty:
            self._hand(member, self._last)
        else:
            self.newcomers[member] = None
            self.touch()

    def leave(self, member: Member) -> None:
        """Someone goes; `told` is what they have heard last."""
        if member in self.members:
            last = self._last.same if self._last else None
            member.told = last if member.position == self._round else self._before
        for group in (self.members, self.behind, self.newcomers):
            group.pop(member, None)
        self._gone(member)

    def drained(self, member: Member) -> None:
        """A member that skipped answers gets the newest."""
        if member in self.behind and self._last:
            del self.behind[member]
            self._hand(member, self._last)

    def touch(self) -> None:
        """Something happened that may change the answer."""
        self._dirty = True
        self.kin.wake(self)

    def passed(self, page: Page) -> bool:  # noqa: ARG002 - whatever it was
        """Something happened beside its branch, on which the answer may depend in a way that nobody saw."""
        return not self._dirty

    def retry(self) -> None:
        """Run where it could not be."""
        if self._dirty:
            self.kin.wake(self)

    def stop(self) -> None:
        """Nobody listens any more."""
        self.kin.leave(self)

    def _unanswered(self) -> Iterable[Member]:
        return self.newcomers

    def begin(self) -> list[Member]:
        """Its turn begins: what happens from here on is another's. Those whom its answer is the first for."""
        self._dirty, self.due = False, None
        return list(self.newcomers)

    async def hear(self, answer: Answer | Exception, revision: int, fresh: list[Member]) -> int:
        """What its turn came to is sent, and known to hold up to a revision. To how many it went, or was to go."""
        if isinstance(answer, Exception):
            self._dirty = True
            self._fail(answer)
            return 0
        if answer.personal and not self.personal:
            self.room.part(self)
            return 0
        self.due = answer.until if answer.until and answer.until > self.room.now() else None
        roll: list[Member] = []
        if self._last is None or self._last.same != answer.same:
            roll = list(self.members)
            self._before = self._last and self._last.same
            self._round += 1
        self._last, self._revision = answer, revision
        for member in fresh:
            if member in self.newcomers:
                del self.newcomers[member]
                self._hand(member, answer)
        await self._fan(roll, Parcel((answer.payload,)), self._round)
        return len(roll) + len(fresh)

    def _hand(self, member: Member, answer: Answer) -> None:
        """The answer to one, unless they have heard it; from here on they hear what all hear."""
        counts = self.room.counts
        if member.told != answer.same:
            if not member.take(Parcel((answer.payload,))):
                counts.skips += 1
                self.behind[member] = None
                return
            counts.deliveries += 1
        member.told, member.position = None, self._round
        self.members[member] = None

    def _missed(self, member: Member) -> None:
        del self.members[member]
        self.behind[member] = None
        member.told = self._before
