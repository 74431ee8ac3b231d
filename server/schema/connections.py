"""Relay connections: pages of a stable order, with a cursor on every edge and a count only when asked for."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Annotated, Any, Generic, Self, TypeVar
from uuid import UUID

import orjson
import strawberry

from server.domain.refusals import RefusalCode, Refused
from server.schema.fields import edge
from server.schema.rowed import Column, Maker, Reading, Rowed, Unmade, made_as, things_of

Thing = TypeVar("Thing")
LARGEST_PAGE = 100
LARGEST = 2**63 - 1  # what a database's integer holds
First = Annotated[int, strawberry.argument(description="How many at the most: 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="Continue behind the edge with this cursor.")]


@strawberry.type(description="Where a page stands among all.")
class PageInfo:
    """See the description."""

    has_next_page: bool = strawberry.field(description="Whether more follows.")
    has_previous_page: bool = strawberry.field(description="Whether something comes before.")
    start_cursor: str | None = strawberry.field(description="The first edge's cursor.")
    end_cursor: str | None = strawberry.field(description="The last edge's cursor; hand it to `after`.")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a page is made of: up to `first` + 1 found, how the key that orders one is told, and the thing it is."""

    found: Sequence[Any]
    first: int
    after: str | None
    key: Callable[[Any], Sequence[Any]]
    thing: Maker | Callable[[Any], Any]

    def cursor(self, found: Any) -> str:
        """The cursor of one that was found."""
        return cursor_of(self.key(found))

    @property
    def info(self) -> PageInfo:
        """Where the page stands. The one too many says that more follows."""
        shown = self.found[: self.first]
        return PageInfo(
            has_next_page=len(self.found) > self.first,
            has_previous_page=self.after is not None,
            start_cursor=self.cursor(shown[0]) if shown else None,
            end_cursor=self.cursor(shown[-1]) if shown else None,
        )


def _nodes(sources: Sequence[tuple[Listing, Any]]) -> Column:
    """The things of edges. Where all are made alike, they need not be made yet."""
    makers = {listing.thing for listing, _ in sources}
    maker = makers.pop() if len(makers) == 1 else None
    if isinstance(maker, Maker):
        return Unmade((found for _, found in sources), maker)
    return [listing.thing(found) for listing, found in sources]


def _edges(listing: Listing) -> Unmade:
    return Unmade(((listing, found) for found in listing.found[: listing.first]), _EDGES)


@strawberry.type(description="One item of a page.")
class Edge(Rowed, Generic[Thing]):
    """See the description. Its source is a listing and one that was found."""

    columns = {  # noqa: RUF012 — as in every class of rows
        "cursor": lambda source: source[0].cursor(source[1]),
        "node": Reading(lambda source: source[0].thing(source[1]), column=_nodes),
    }
    cursor: str = strawberry.field(description="The item's place in the order.")
    node: Thing = strawberry.field(description="The item.")


_EDGES = made_as(Edge)


@strawberry.type(description="A page of items in a stable order.")
class Connection(Rowed, Generic[Thing]):
    """See the description. Its source is a listing."""

    columns = {  # noqa: RUF012 — as in every class of rows
        "edges": Reading(lambda of: things_of(_edges(of)), column=lambda listings: list(map(_edges, listings))),
        "page_info": attrgetter("info"),
    }
    edges: list[Edge[Thing]] = strawberry.field(description="The items of this page.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @edge("How many there are in all; counted only when asked for.")
    async def total_count(self) -> int:
        """See the description."""
        return await self.count()

    @classmethod
    def page(
        cls,
        items: Sequence[tuple[Sequence[Any], Thing]],
        first: int,
        after: str | None,
        count: Callable[[], Awaitable[int]],
    ) -> Self:
        """A page from up to `first` + 1 items, each with the key it is ordered by."""
        return cls.of(Listing(items, first, after, itemgetter(0), itemgetter(1)), count)

    @classmethod
    def of(cls, listing: Listing, count: Callable[[], Awaitable[int]]) -> Self:
        """The page of a listing."""
        return cls.from_source(listing, count=count)


def check_first(first: int) -> int:
    """A page's size, checked. Raises Refused (INVALID), which a query shows as an error with that code."""
    if not 1 <= first <= LARGEST_PAGE:
        raise Refused(RefusalCode.INVALID, f"first is {first}; ask for 1 to {LARGEST_PAGE} at a time.", ["first"])
    return first


def cursor_of(key: Sequence[Any]) -> str:
    """An opaque cursor for an order key."""
    return urlsafe_b64encode(orjson.dumps(list(key), default=str)).decode().rstrip("=")


def key_of(cursor: str | None, *kinds: type) -> list[Any] | None:
    """The order key inside a cursor, of exactly these kinds.

    Raises Refused (INVALID) for a cursor that we did not give.
    """
    if cursor is None:
        return None
    try:
        written = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(written, list):
            return [_revived(each, kind) for each, kind in zip(written, kinds, strict=True)]
    except (Base64Error, TypeError, ValueError):
        pass
    raise Refused(RefusalCode.INVALID, "after is no cursor of this list; use one that came with it.", ["after"])


def _revived(written: Any, kind: type) -> Any:
    """A part of a key as it was before it was written: ids and instants travel as text.

    Raises ValueError for another kind.
    """
    if kind is int and type(written) is int and abs(written) <= LARGEST:
        return written
    if kind is int or not isinstance(written, str):
        raise ValueError(written)
    if kind is UUID:
        return UUID(written)
    return datetime.fromisoformat(written) if kind is datetime else written
