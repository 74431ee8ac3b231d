"""Where cohorts live: one gathering per organization, with one pulse, and each listener's rights kept up to date.

Rights are looked at again when facts touch people or seats, and when the organization's day ends: all viewers in one
statement, before what these facts changed is sent to anybody. Whose rights changed goes over to the cohort that has
theirs.
"""

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from server.domain.facts import FactKind
from server.domain.people import Viewer
from server.live import farewell
from server.live.bell import Bell
from server.live.cohorts import Cohort, Counts
from server.live.kin import AT_A_TIME, Kin
from server.live.members import Member
from server.live.pulse import Page, Pulse, path_of
from server.live.questions import Question, Watching
from server.live.watch_cohort import WatchCohort
from server.models.database import reading
from server.models.viewers import day_ends, viewers_of

OF_PEOPLE = frozenset({"person", "seat", "organization"})
REST_SECONDS = 1.0
REST_SHARE = 10
"""What was passed by is run again in the background, resting ten times as long as it ran."""


@dataclass(slots=True, eq=False)
class Party:
    """One sign-in of one person, at any number of listeners."""

    viewer: Viewer
    members: dict[Member, None] = field(default_factory=dict)


class Gathering:
    """The cohorts of one organization."""

    def __init__(
        self,
        organization_id: UUID,
        bell: Bell,
        clock: Callable[[], datetime],
        counts: Counts,
        busy: asyncio.Semaphore,
        over: Callable[["Gathering"], None],
    ) -> None:
        self.organization_id, self.now, self.counts, self.busy = organization_id, clock, counts, busy
        self._over = over
        self.cohorts: dict[Hashable, Cohort] = {}
        self._kin: WeakValueDictionary[Hashable, Kin] = WeakValueDictionary()
        self._parties: dict[Hashable, Party] = {}
        self._unknown: dict[Hashable, Party] = {}  # whose rights nobody has looked at
        self._personal: set[Hashable] = set()
        self._unmet: Page = []
        self._day_ends: datetime | None = None
        self._passed: dict[WatchCohort, None] = {}
        self._refreshing: asyncio.Task[None] | None = None
        self.pulse = Pulse(organization_id, bell, self._meet)

    @property
    def members(self) -> int:
        """How many listen."""
        return sum(len(party.members) for party in self._parties.values())

    def stop(self) -> None:
        """End all that is under way."""
        self.pulse.stop()
        if self._refreshing:
            self._refreshing.cancel()
        for cohort in self.cohorts.values():
            cohort.stop()

    async def greet(self, member: Member) -> None:
        """Look at the ledger, and give a member the rights that hold now. `forget` it if it does not come after all."""
        key = _sign_in(member.viewer)
        if key not in self._parties:
            self._parties[key] = self._unknown[key] = Party(member.viewer)
        party = self._parties[key]
        party.members[member] = None
        await self.pulse.look()
        member.viewer = party.viewer

    def enter(self, kind: type[Cohort], question: Question, member: Member) -> None:
        """Let a member who was greeted into the cohort that asks this with its rights."""
        self._cohort(kind, question, member.viewer).enter(member)

    def kin(self, question: Watching, viewer: Viewer, *, personal: bool) -> Kin:
        """All who are answered in one execution with a question."""
        key = (question.kin, _whose(viewer, personal))
        known = self._kin.get(key)
        if known is None:
            known = self._kin[key] = Kin(self)
        return known

    def part(self, cohort: Cohort) -> None:
        """What a cohort asks turned out to be personal: each of its members gets one of their own."""
        self._personal.add(cohort.question.key)
        for member in cohort.everybody:
            self._move(member)

    def forget(self, member: Member) -> None:
        """A member goes for good."""
        key = _sign_in(member.viewer)
        if party := self._parties.get(key):
            party.members.pop(member, None)
            if not party.members:
                del self._parties[key]
                self._unknown.pop(key, None)
        if not self._parties:
            self._over(self)

    def empty(self, cohort: Cohort) -> None:
        """Its last member left."""
        if self.cohorts.get(cohort.key) is cohort:
            del self.cohorts[cohort.key]
        if isinstance(cohort, WatchCohort):
            self._passed.pop(cohort, None)
        cohort.stop()

    def _cohort(self, kind: type[Cohort], question: Question, viewer: Viewer) -> Cohort:
        personal = question.key in self._personal
        key = (question.key, _whose(viewer, personal))
        if key not in self.cohorts:
            self.cohorts[key] = kind(self, key, question, viewer, personal=personal)
        return self.cohorts[key]

    def _move(self, member: Member) -> None:
        if old := member.cohort:
            old.leave(member)
            self._cohort(type(old), old.question, member.viewer).enter(member, moved=True)

    async def _meet(self, page: Page) -> None:
        """What is new: whose rights changed moves first, then cohorts are touched. If this fails, it is met again."""
        self._unmet += page
        now = self.now()
        if self._day_ends is None or now >= self._day_ends or any(map(_is_of_people, self._unmet)):
            farewell.say()
            self._day_ends = await day_ends(reading(), self.organization_id, now)
            await self._review(self._parties, now)
        elif self._unknown:
            await self._review(self._unknown, now)
        path: frozenset[UUID] | None = None
        if self._unmet and any(cohort.question.branch for cohort in self.cohorts.values()):
            path = await path_of(self._unmet)
        news, self._unmet = self._unmet, []
        for cohort in list(self.cohorts.values()):
            if (news and cohort.concerns(path)) or (cohort.due and cohort.due <= now):
                cohort.touch()
            elif news and cohort.passed(news) and isinstance(cohort, WatchCohort):
                self._passed[cohort] = None
            else:
                cohort.retry()
        if self._passed and self._refreshing is None:
            self._refreshing = asyncio.create_task(self._refresh())

    async def _review(self, parties: dict[Hashable, Party], now: datetime) -> None:
        """The rights of those who listen, as they stand now."""
        seen = dict(parties)
        found = await viewers_of(reading(), {party.viewer.person_id for party in seen.values()}, now)
        for key, party in seen.items():
            self._unknown.pop(key, None)
            before, party.viewer = party.viewer, _renewed(party.viewer, found)
            for member in list(party.members):
                member.viewer = party.viewer
                if party.viewer.rights != before.rights:
                    self._move(member)
                elif member.cohort and member.cohort.personal:
                    member.cohort.viewer = party.viewer

    async def _refresh(self) -> None:
        """Run what was passed by, one kin at a time.

        An answer may depend on something beside its branch, as a light does on what a milestone elsewhere waits for.
        """
        loop = asyncio.get_running_loop()
        await asyncio.sleep(REST_SECONDS)
        while self._passed:
            kin, began = next(iter(self._passed)).kin, loop.time()
            for cohort in [each for each in self._passed if each.kin is kin][:AT_A_TIME]:
                del self._passed[cohort]
                cohort.touch()
            await kin.rest()
            await asyncio.sleep(REST_SHARE * (loop.time() - began))
        self._refreshing = None


def _sign_in(viewer: Viewer) -> Hashable:
    return viewer.person_id, viewer.credential_id, viewer.scopes


def _whose(viewer: Viewer, personal: bool) -> Hashable:
    """Whose answers are the same."""
    return viewer.rights, _sign_in(viewer) if personal else None


def _renewed(viewer: Viewer, found: dict[UUID, Viewer]) -> Viewer:
    """A viewer with the name and the seats of now; without any where the person is no longer known."""
    now = found.get(viewer.person_id)
    return replace(viewer, seats=now.seats, name=now.name) if now else replace(viewer, seats=())


def _is_of_people(fact: dict[str, Any]) -> bool:
    """Whether a fact may change what somebody may see."""
    if fact["thing"] in OF_PEOPLE or fact["kind"] == FactKind.DESK_HANDED_OVER:
        return True
    return any(change.get("thing") in OF_PEOPLE for change in fact["changes"])
