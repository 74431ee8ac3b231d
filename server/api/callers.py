"""What the edge asks of the rest of the house: who is calling, and a context for each operation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from starlette.requests import HTTPConnection

from server.domain.people import Viewer
from server.live.answers import Asking
from server.models.database import is_unavailable


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Why a stream is ended by us: a close code of `graphql-transport-ws` and a sentence."""

    code: int
    reason: str


class SignedOutError(Exception):
    """A stream whose caller may no longer be served."""

    def __init__(self, goodbye: Goodbye) -> None:
        super().__init__(goodbye.reason)
        self.goodbye = goodbye


@dataclass(slots=True)
class Reply:
    """What resolvers may add to an HTTP response: cookies. A socket has no response, so there it leads nowhere."""

    headers: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, value: str) -> None:
        """Add a header."""
        self.headers.append((name, value))


class Caller(Protocol):
    """Who is at the other end of one request, or of one socket."""

    @property
    def signed_in(self) -> bool:
        """Whether we know who it is."""
        ...

    @property
    def viewer(self) -> Viewer | None:
        """Who it is; None for strangers."""
        ...

    @property
    def asking(self) -> Asking | None:
        """What an answer can depend on, and be kept by; None where nothing is kept for this caller."""
        ...

    @property
    def by_cookie(self) -> bool:
        """Whether the browser sent the credential by itself, so that another site may be behind the request."""
        ...

    def context(self, reply: Reply) -> object:
        """A fresh context for one operation."""
        ...

    async def goodbye(self) -> Goodbye | None:
        """None while the sign-in still holds; else why it does not."""
        ...


class Door(Protocol):
    """Lets callers in."""

    async def admit(self, connection: HTTPConnection, params: Mapping[str, Any]) -> Caller:
        """Who calls: by cookie, bearer token or the payload of `connection_init`. Strangers are callers too."""
        ...

    async def goodbyes(self, callers: Sequence[Caller]) -> dict[int, Goodbye]:
        """Whose sign-in ended, by their place in the sequence, and why; one statement for all of them."""
        ...


async def look_again(caller: Caller) -> Goodbye | None:
    """Whether a caller's sign-in ended. A database that is away tells nothing, and feeds no stream either."""
    try:
        return await caller.goodbye()
    except Exception as error:
        if is_unavailable(error):
            return None
        raise
