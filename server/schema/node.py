"""The root of all things with an id, and how an id is looked up: each noun's file says how its own kind is found."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import strawberry

from server.schema import ids
from server.schema.context import Context

Finder = Callable[[Context, UUID, bytes], Awaitable["Node | None"]]
_FINDERS: dict[str, Finder] = {}


@strawberry.interface(description="Anything with a global id (Relay).")
class Node:
    """See the description."""

    id: strawberry.ID = strawberry.field(description="Opaque, unique in this deployment, and stable for ever.")


def resolves(kind: str) -> Callable[[Finder], Finder]:
    """Register how things of a kind are found for `node(id)`.

    What the viewer may not see is None, as if it did not exist.
    """

    def register(finder: Finder) -> Finder:
        _FINDERS[kind] = finder
        return finder

    return register


async def find(context: Context, global_id: str) -> Node | None:
    """The thing behind a global id, or None: the same answer for unknown, foreign and hidden."""
    known = ids.read(global_id)
    if known is None or known[0] not in _FINDERS:
        return None
    kind, uuid, extra = known
    return await _FINDERS[kind](context, uuid, extra)
