"""What every resolver has at hand: who asks, when, the database to read from, and loaders that make reads set-based."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from copy import copy
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import strawberry
from graphql import GraphQLError
from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.people import Scope, Viewer
from server.domain.policy import Policy
from server.domain.refusals import RefusalCode, Refused
from server.live.bell import Bell
from server.models.database import reading
from server.models.past import Past
from server.models.policies import governed
from server.models.viewers import viewer_of
from server.schema.dependence import Asker, Dependence
from server.schema.frames import Frame, Frames
from server.schema.loading import Loader

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class NotSignedInError(GraphQLError):
    """The one error for who is not signed in and would have to be."""

    def __init__(self) -> None:
        message = "You are not signed in, or your sign-in has expired. Sign in and try again."
        super().__init__(message, extensions={"code": "UNAUTHENTICATED"})


class Cookies(Protocol):
    """Where a resolver leaves a cookie for the response: signing in and out need it."""

    def add(self, name: str, value: str) -> None:
        """Add a response header."""


class Context:
    """One operation's context.

    Loaders live as long as one execution: `renew` forgets them before each of a subscription's. A context of the past
    has a `past` revision, and `at` is an instant of then. What an execution depended on besides the facts and the
    viewer's rights is noted, in whatever context it was read: `personal` and `until` (see `dependence`).
    """

    def __init__(
        self,
        viewer: Viewer | None,
        *,
        clock: Callable[[], datetime],
        bell: Bell,
        reply: Cookies,
        address: str = "",
        production: bool = False,
        frames: Frames | None = None,
    ) -> None:
        self._clock = clock
        self._frames = frames or Frames()
        self._stands_at: int | None = None
        self.bell = bell
        self.reply = reply
        self.address = address
        self.production = production
        self._at = clock()
        self._today: date | None = None
        self.past: int | None = None
        self.pasts: dict[str | int, Context] = {}  # by the response key of the root field that was asked as of then
        self._loaders: dict[Hashable, Loader[Any, Any]] = {}
        self._is(viewer)

    def _is(self, viewer: Viewer | None) -> None:
        """From here on this viewer asks (None: a stranger), and of that nothing is known yet."""
        self._depends = Dependence()
        self._viewer = viewer
        self._asker = Asker(viewer, self._depends) if viewer else None

    @property
    def began(self) -> datetime:
        """When this execution began: for who runs it. What resolvers ask of the time is noted, see `at`."""
        return self._at

    @property
    def personal(self) -> bool:
        """Whether this execution has read who the viewer is: else it is that of every viewer with these rights."""
        return self._depends.personal

    @property
    def until(self) -> datetime | None:
        """When another answer may be due though no fact was added; None: never."""
        return self._depends.until

    @property
    def at(self) -> datetime:
        """The instant of this execution. Who reads it gets an answer for now only: see also `today`, `days_since`."""
        return self._noted(self._at)

    def _noted(self, until: datetime) -> datetime:
        if self.past is None:
            self._depends.holds_until(until)
        return self._at

    @property
    def viewer(self) -> Viewer:
        """Who asks. Raises NotSignedInError for strangers, and Refused for a machine that may not even read."""
        if self._asker is None:
            raise NotSignedInError
        scopes = self._asker.scopes
        if scopes is not None and Scope.READ not in scopes:
            raise Refused(RefusalCode.FORBIDDEN, f"This token lacks the scope {Scope.READ}, which all others build on.")
        return self._asker

    def stands_at(self, revision: int) -> None:
        """This execution changes nothing, and the viewer's sign-in has just read that their world is at a revision."""
        self._stands_at = revision

    @property
    def signed_in(self) -> bool:
        """Whether somebody is."""
        return self._viewer is not None

    @property
    def db(self) -> BaseDBAsyncClient:
        """The connection for reads; in the past it reads as of then."""
        return reading() if self.past is None else Past(reading(), self.viewer.organization_id, self.past)

    def as_of(self, revision: int, at: datetime) -> "Context":
        """The same viewer's context as of a revision and an instant of then, with loaders of its own."""
        then = copy(self)
        then.past, then._at, then._today, then.pasts, then._loaders = revision, at, None, {}, {}
        return then

    def sign_in(self, viewer: Viewer | None) -> None:
        """From here on this operation is this viewer's (None: a stranger's)."""
        self._is(viewer)
        self._depends.personal = True
        self._loaders.clear()

    def forget(self) -> None:
        """Before the same is answered anew from the start: nothing of what was read is remembered."""
        self._loaders.clear()
        self.pasts.clear()
        self._today = None

    async def renew(self) -> None:
        """Before each further answer of a subscription: the clock, the seats that hold now, and nothing remembered."""
        self._at, self._today, self._stands_at, viewer = self._clock(), None, None, self._viewer
        self._loaders.clear()
        if viewer is not None:
            viewer = await viewer_of(
                self.db, viewer.person_id, self._at, scopes=viewer.scopes, credential_id=viewer.credential_id
            )
        self._is(viewer)

    async def organization(self) -> dict[str, Any]:
        """The viewer's organization as a row, read once per execution."""
        return (await self._governed())[0]

    async def policy(self) -> Policy:
        """The policy in force, read once per execution; the standard one, not locked, before the first lock."""
        return (await self._governed())[1]

    async def _governed(self) -> Frame:
        organization = self.viewer.organization_id
        known = self._frames.find(organization, self._stands_at) if self.past is None else None
        return known or await self.one(_organizations, organization)  # type: ignore[return-value]  # it exists

    def keep(self, frame: Frame) -> None:
        """Remember an organization that was just read, for executions at the same revision."""
        self._frames.keep(frame)

    async def today(self) -> date:
        """The day it is in the organization's time zone."""
        if self._today is None:
            zone = ZoneInfo((await self.organization())["time_zone"])
            self._today = self._at.astimezone(zone).date()
            self._noted(datetime.combine(self._today + timedelta(days=1), time(), zone))
        return self._today

    def days_since(self, instant: datetime) -> int:
        """How many whole days ago something was."""
        days = (self._at - instant).days
        self._noted(instant + timedelta(days=days + 1))
        return days

    def has_come(self, instant: datetime) -> bool:
        """Whether an instant has come; once it has, it always has."""
        if instant > self._at:
            self._noted(instant)
        return instant <= self._at

    def loader(self, batch: Callable[..., Awaitable[Mapping[Key, Value]]], *arguments: Hashable) -> Loader[Key, Value]:
        """The loader of a batch function `(context, keys, *arguments) → {key: value}`.

        One call per execution for all keys asked together.
        """
        known = self._loaders.get((batch, arguments))
        if known is None:

            def load(keys: list[Key]) -> Awaitable[Mapping[Key, Value]]:
                return batch(self, keys, *arguments)

            known = self._loaders[batch, arguments] = Loader(load)
        return known

    async def one(
        self, batch: Callable[..., Awaitable[Mapping[Key, Value]]], key: Key, *arguments: Hashable
    ) -> Value | None:
        """One key through its loader."""
        return await self.loader(batch, *arguments).load(key)


Info = strawberry.Info[Context, None]


async def _organizations(context: Context, ids: list[UUID]) -> dict[UUID, Frame]:
    found = await governed(context.db, ids)
    if context.past is not None:
        return {each: (row | {"revision": context.past}, policy) for each, (row, policy) in found.items()}
    for frame in found.values():
        context.keep(frame)
    return found
