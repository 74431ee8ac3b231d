"""The listeners of one account of what happens: every fact in order and once, whoever comes late or reads slowly."""

import asyncio
from collections.abc import Hashable, Iterable

from server.domain.people import Viewer
from server.live.cohorts import Cohort, Room
from server.live.members import Member, Parcel
from server.live.pulse import Page
from server.live.questions import Account, Telling

SLICE_BYTES = 128 * 1024
"""At most so much goes to a listener at once, a single fact apart."""
Payloads = list[tuple[int, bytes]]


class TellCohort(Cohort):
    """All of `members` have been told up to `position`; during a fan-out, those who have it as their own."""

    question: Telling

    def __init__(self, room: Room, key: Hashable, question: Telling, viewer: Viewer, *, personal: bool) -> None:
        super().__init__(room, key, question, viewer, personal=personal)
        self.position = room.pulse.newest
        self.newcomers: dict[Member, None] = {}  # told up to `position` or further: they join in once it gets there
        self._running: asyncio.Task[None] | None = None
        self._catching: dict[Member, asyncio.Task[None]] = {}
        self._fanning = False
        self._from = self.position  # where the fan-out under way began
        self._check = False  # whether those who were moved here may follow at all

    @property
    def everybody(self) -> list[Member]:
        """All who belong to it."""
        return [*self.members, *self.behind, *self.newcomers, *self._catching]

    def enter(self, member: Member, *, moved: bool = False) -> None:
        """Someone comes who has been told up to `member.position`; who is behind catches up on their own."""
        member.cohort = self
        self._check = self._check or moved
        self._join(member)

    def leave(self, member: Member) -> None:
        """Someone goes; `position` is the revision up to which they have been told."""
        if member in self.members and member.position != self.position:
            member.position = self._from if self._fanning else self.position
        for group in (self.members, self.behind, self.newcomers):
            group.pop(member, None)
        if task := self._catching.pop(member, None):
            task.cancel()
        self._gone(member)

    def drained(self, member: Member) -> None:
        """A member that did not keep up is told what it missed."""
        if member in self.behind:
            del self.behind[member]
            self._join(member)

    def touch(self) -> None:
        """Something happened."""
        self._wake()

    def passed(self, page: Page) -> bool:
        """Something happened of which it does not tell."""
        if self._running is None and self.position + 1 >= page[0]["revision"]:
            self.position = int(page[-1]["revision"])
        else:
            self._wake()
        return False

    def retry(self) -> None:
        """Go on where it could not."""
        self._wake()

    def stop(self) -> None:
        """Nobody listens any more."""
        if self._running:
            self._running.cancel()
        for task in self._catching.values():
            task.cancel()

    def _unanswered(self) -> Iterable[Member]:
        return ()

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

    def _has_more(self) -> bool:
        return bool(self.everybody) and (self._check or self.position < self.room.pulse.newest)

    def _join(self, member: Member) -> None:
        if member.position < self.position:
            self._catching[member] = asyncio.create_task(self._catch_up(member))
        else:
            self.newcomers[member] = None
            self._wake()

    async def _turn(self) -> None:
        check, self._check = self._check, False
        try:
            page, account = await self._told_after(self.position)
        except Exception:
            self._check = check
            raise
        if account.personal and not self.personal:
            self.room.part(self)
            return
        for piece, end in _slices(account.payloads, int(page[-1]["revision"]) if page else self.position):
            await self._deliver(piece, end)

    async def _told_after(self, position: int) -> tuple[Page, Account]:
        page = await self.room.pulse.after(position)
        async with self.room.busy:
            self.room.counts.executions += 1
            account = await self.question.tell(self.viewer, page)
        await self.room.pulse.look()
        return page, account

    async def _deliver(self, piece: Payloads, end: int) -> None:
        roll = list(self.members) if piece else []
        self._from, self.position, self._fanning = self.position, end, True
        for member in list(self.newcomers):
            if member.position <= end:
                del self.newcomers[member]
                if self._hand(member, [told for told in piece if told[0] > member.position], end):
                    self.members[member] = None
        await self._fan(roll, Parcel(tuple(payload for _, payload in piece)), end)
        await asyncio.sleep(0)  # what was written goes out before more is
        self._fanning = False

    def _hand(self, member: Member, piece: Payloads, end: int) -> bool:
        """A piece to one; whether they took it."""
        counts = self.room.counts
        if piece and not member.take(Parcel(tuple(payload for _, payload in piece))):
            counts.skips += 1
            self.behind[member] = None
            return False
        counts.deliveries += len(piece)
        member.position = end
        return True

    def _missed(self, member: Member) -> None:
        del self.members[member]
        self.behind[member] = None
        member.position = self._from

    async def _catch_up(self, member: Member) -> None:
        """Tell one member what the others have been told already, page by page, and let them join in."""
        try:
            while member.position < self.position:
                page, account = await self._told_after(member.position)
                if account.personal and not self.personal:
                    self.room.part(self)
                    return
                for piece, end in _slices(account.payloads, int(page[-1]["revision"])):
                    if not self._hand(member, piece, end):
                        del self._catching[member]
                        return
                    await asyncio.sleep(0)
        except Exception as error:  # noqa: BLE001 - the listener is told, who logs it where it is a bug
            member.leave()
            member.failed(error)
            return
        del self._catching[member]
        self._join(member)


def _slices(payloads: Payloads, until: int) -> list[tuple[Payloads, int]]:
    """Payloads in pieces of bounded size, each with the revision it comes to; one of nothing where there are none."""
    pieces: list[tuple[Payloads, int]] = []
    piece: Payloads = []
    size = 0
    for told in payloads:
        if piece and size + len(told[1]) > SLICE_BYTES:
            pieces.append((piece, piece[-1][0]))
            piece, size = [], 0
        piece.append(told)
        size += len(told[1])
    return [*pieces, (piece, until)]
