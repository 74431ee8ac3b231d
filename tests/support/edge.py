"""The edge by itself: a small schema, a door with three people, and a real uvicorn in this process to serve them."""

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route, WebSocketRoute
from strawberry.file_uploads import Upload
from strawberry.schema.config import StrawberryConfig

from server.api import wire
from server.api.callers import Caller, Goodbye, Reply
from server.api.http import GraphQLOverHTTP
from server.api.limits import Limits
from server.api.operations import ApiSchema, Operations
from server.api.origins import Origins
from server.api.pace import Pace
from server.api.patience import Patience
from server.api.requests import Bounds
from server.api.sockets import GraphQLOverSockets
from server.domain.refusals import RefusalCode, Refused
from server.schema.context import NotSignedInError


@dataclass(slots=True)
class World:
    """What the schema speaks about, and what tests turn."""

    value: int = 0
    revision: int = 0
    turned: asyncio.Condition = field(default_factory=asyncio.Condition)
    ended: dict[str, Goodbye] = field(default_factory=dict)
    contexts: list["EdgeContext"] = field(default_factory=list)
    watching: int = 0

    async def turn(self, value: int | None = None) -> None:
        """A write: the revision moves, and the value if one is given."""
        async with self.turned:
            self.revision += 1
            self.value = self.value if value is None else value
            self.turned.notify_all()


@dataclass(slots=True)
class EdgeContext:
    """One operation's context."""

    name: str | None
    world: World
    reply: Reply


@dataclass(slots=True)
class EdgeCaller:
    """Ada by bearer token, Ben by cookie, or nobody."""

    world: World
    name: str | None
    by_cookie: bool

    viewer: None = None
    asking: None = None

    @property
    def signed_in(self) -> bool:
        return self.name is not None

    def context(self, reply: Reply) -> EdgeContext:
        made = EdgeContext(self.name, self.world, reply)
        self.world.contexts.append(made)
        return made

    async def goodbye(self) -> Goodbye | None:
        return self.world.ended.get(self.name or "")


@dataclass(slots=True)
class EdgeDoor:
    world: World

    async def admit(self, connection: HTTPConnection, params: Mapping[str, Any]) -> EdgeCaller:
        token = connection.headers.get("authorization") or str(params.get("authorization", ""))
        cookie = connection.cookies.get("session")
        return EdgeCaller(
            self.world, "Ada" if token == "Bearer ada" else cookie, token != "Bearer ada" and bool(cookie)
        )

    async def goodbyes(self, callers: Sequence[Caller]) -> dict[int, Goodbye]:
        found = [await caller.goodbye() for caller in callers]
        return {number: goodbye for number, goodbye in enumerate(found) if goodbye}


Info = strawberry.Info[EdgeContext, None]


@strawberry.type
class PageInfo:
    has_next_page: bool = False


@strawberry.type
class Thing:
    name: str = "thing"
    value: int = 0

    @strawberry.field
    def parent(self) -> "Thing | None":
        return Thing(name="parent")

    @strawberry.field
    def children(self, first: int = 20) -> "ThingConnection":
        return some(first)

    @strawberry.field
    def labels(self) -> list["Thing"]:
        return []


@strawberry.type
class ThingEdge:
    node: Thing


@strawberry.type
class ThingConnection:
    edges: list[ThingEdge]
    page_info: PageInfo = strawberry.field(default_factory=PageInfo)


def some(first: int) -> ThingConnection:
    return ThingConnection(edges=[ThingEdge(node=Thing(name=f"child {n}")) for n in range(min(first, 3))])


@strawberry.type
class Watched:
    revision: str
    node: Thing


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "you") -> str:
        return f"Hello {name}"

    @strawberry.field
    def me(self, info: Info) -> str | None:
        return info.context.name

    @strawberry.field
    def secret(self, info: Info) -> str:
        if info.context.name is None:
            raise NotSignedInError
        return "treasure"

    @strawberry.field
    def thing(self) -> Thing:
        return Thing()

    @strawberry.field
    def things(self, first: int = 20) -> ThingConnection:
        return some(first)

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[Thing | None]:
        return [None for _ in ids]

    @strawberry.field
    def bug(self) -> int | None:
        message = "SELECT password FROM person"
        raise ValueError(message)

    @strawberry.field
    def refused(self) -> int | None:
        raise Refused(RefusalCode.NOT_FOUND, "There is no such thing.")

    @strawberry.field
    def long(self, size: int) -> str:
        return "x" * size


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def turn(self, info: Info, value: int) -> int:
        await info.context.world.turn(value)
        return value

    @strawberry.mutation
    async def read(self, file: Upload) -> str:
        content: bytes = await file.read()  # type: ignore[attr-defined]  # Strawberry types it as a plain object
        return content.decode()

    @strawberry.mutation
    async def read_all(self, files: list[Upload]) -> list[str]:
        return [(await file.read()).decode() for file in files]  # type: ignore[attr-defined]

    @strawberry.mutation
    def remember(self, info: Info) -> bool:
        info.context.reply.add("Set-Cookie", "session=Ben; HttpOnly")
        return True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int) -> AsyncGenerator[int, None]:
        for number in range(1, to + 1):
            yield number

    @strawberry.subscription
    async def watch(self, info: Info) -> AsyncGenerator[Watched, None]:
        world = info.context.world
        world.watching += 1
        try:
            seen = -1
            while True:
                async with world.turned:
                    await world.turned.wait_for(lambda: world.revision != seen)  # noqa: B023 - it waits within this turn
                    seen = world.revision
                yield Watched(revision=str(seen), node=Thing(value=world.value))
        finally:
            world.watching -= 1

    @strawberry.subscription
    async def flood(self, size: int) -> AsyncGenerator[str, None]:
        while True:
            yield "x" * size
            await asyncio.sleep(0)

    @strawberry.subscription
    async def stumble(self) -> AsyncGenerator[int, None]:
        yield 1
        message = "SELECT password FROM person"
        raise ValueError(message)

    @strawberry.subscription
    async def refuse(self) -> AsyncGenerator[int, None]:
        things: list[int] = []
        for thing in things:
            yield thing
        raise Refused(RefusalCode.NOT_FOUND, "There is no such thing.")


def schema(limits: Limits | None = None, *, introspection: bool = True) -> ApiSchema:
    return ApiSchema(
        Query,
        mutation=Mutation,
        subscription=Subscription,
        limits=limits or Limits(),
        introspection=introspection,
        config=StrawberryConfig(disable_field_suggestions=not introspection),
    )


@dataclass(slots=True)
class Edge:
    """A served edge."""

    world: World
    app: Starlette
    pace: Pace
    url: str = ""
    server: uvicorn.Server | None = None


def edge(
    *,
    limits: Limits | None = None,
    bounds: Bounds | None = None,
    pace: Pace | None = None,
    origins: tuple[str, ...] = (),
    introspection: bool = True,
) -> Edge:
    """An edge as an ASGI application."""
    world, pace = World(), replace(pace or Pace(), leaving=asyncio.Event())
    operations, door = Operations(schema(limits, introspection=introspection)), EdgeDoor(world)
    over_http = GraphQLOverHTTP(operations, door, Origins(origins), bounds or Bounds(), pace)
    over_sockets = GraphQLOverSockets(operations, door, Origins(origins), pace)
    return Edge(world, Starlette(routes=[Route("/graphql", over_http), WebSocketRoute("/graphql", over_sockets)]), pace)


@asynccontextmanager
async def served(wired: Patience | None = None, **options: Any) -> AsyncIterator[Edge]:
    """An edge behind a real uvicorn with our protocols, in this event loop."""
    made = edge(**options)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(
            made.app,
            lifespan="off",
            log_config=None,
            access_log=False,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=5,
            **wire.protocols(wired or Patience()),
        )
        made.url = f"http://127.0.0.1:{listener.getsockname()[1]}/graphql"
        made.server = wire.Server(config, made.pace.leaving)
        serving = asyncio.create_task(made.server._serve([listener]))
        try:
            while not made.server.started:  # noqa: ASYNC110 - uvicorn sets no event
                await asyncio.sleep(0.005)
            yield made
        finally:
            made.server.should_exit = True
            await serving
