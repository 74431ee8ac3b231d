"""The door of this house: credentials become a viewer, a viewer gets a context for each operation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.requests import HTTPConnection

from server import auth
from server.actions.credentials import COOKIE
from server.api.callers import Caller, Goodbye, Reply
from server.domain.people import Viewer
from server.live.answers import Asking
from server.live.bell import Bell
from server.schema.context import Context
from server.schema.frames import Frames

Clock = Callable[[], datetime]
EXPIRED = Goodbye(4401, "Your sign-in has expired; sign in again")
ENDED = Goodbye(4403, "You were signed out")
_GOODBYES = {"expired": EXPIRED, "ended": ENDED}


@dataclass(frozen=True, slots=True)
class HouseCaller:
    """A viewer or a stranger at the other end."""

    viewer: Viewer | None
    asking: Asking | None
    by_cookie: bool
    address: str
    door: "HouseDoor"

    @property
    def signed_in(self) -> bool:
        """Whether it is a viewer."""
        return self.viewer is not None

    def context(self, reply: Reply) -> Context:
        """A fresh context for one operation."""
        door = self.door
        return Context(
            self.viewer,
            clock=door.clock,
            bell=door.bell,
            reply=reply,
            address=self.address,
            production=door.production,
            frames=door.frames,
        )

    async def goodbye(self) -> Goodbye | None:
        """None while the credential holds."""
        if self.viewer is None:
            return None
        ended = await auth.why_ended(self.viewer.credential_id, self.door.clock())
        return {None: None, "expired": EXPIRED}.get(ended, ENDED)


@dataclass(frozen=True, slots=True)
class HouseDoor:
    """Lets people in by cookie, machines by token, sockets by either."""

    clock: Clock
    bell: Bell
    production: bool
    recognition: auth.Recognition = field(default_factory=auth.Recognition)
    frames: Frames = field(default_factory=Frames)

    async def admit(self, connection: HTTPConnection, params: Mapping[str, Any]) -> HouseCaller:
        """Who calls."""
        bearer = auth.bearer_of(connection.headers.get("authorization")) or auth.bearer_in(params)
        cookie = connection.cookies.get(COOKIE)
        at = self.clock()
        known = await self.recognition.recognized(cookie=cookie, bearer=bearer, at=at)
        address = connection.client.host if connection.client else ""
        by_cookie = bearer is None and cookie is not None
        if known is None:
            return HouseCaller(None, None, by_cookie, address, self)
        viewer = known.viewer
        asking = Asking(viewer.rights, (viewer.person_id, viewer.credential_id), known.revision, at)
        return HouseCaller(viewer, asking, by_cookie, address, self)

    async def goodbyes(self, callers: Sequence[Caller]) -> dict[int, Goodbye]:
        """Whose sign-in ended, by their place in the sequence, and why; one statement for all of them."""
        known = [caller.viewer.credential_id if caller.viewer else None for caller in callers]
        ended = await auth.ended({credential for credential in known if credential}, self.clock())
        return {n: _GOODBYES[ended[one]] for n, one in enumerate(known) if one in ended}
