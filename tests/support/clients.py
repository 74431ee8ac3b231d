"""Two clients that nobody here wrote, over `graphql-transport-ws`: gql from PyPI, graphql-ws from npm."""

import asyncio
import json
import shutil
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import gql
import httpx
from gql.client import AsyncClientSession
from gql.transport.websockets import WebsocketsTransport

FOLDER = Path(__file__).resolve().parent.parent
SCRIPT = FOLDER / "live" / "client.mjs"
PACKAGE = FOLDER.parent / "web" / "node_modules" / "graphql-ws"


class LostError(Exception):
    """The stream ended without `complete`: by an error, or with its connection."""


class Client(Protocol):
    """One connection of one person."""

    def follow(self, document: str, **variables: Any) -> AsyncGenerator[dict[str, Any], None]:
        """The data of each answer, until `complete`. Raises LostError."""
        ...

    async def drop(self) -> None:
        """Break the connection without a goodbye, as a lost network does."""
        ...


Opener = Callable[[str, str], AbstractAsyncContextManager[Client]]
"""Given the product's address and a token."""


class Gql:
    """The client of PyPI."""

    def __init__(self, session: AsyncClientSession, transport: WebsocketsTransport) -> None:
        self._session, self._transport = session, transport

    async def follow(self, document: str, **variables: Any) -> AsyncGenerator[dict[str, Any], None]:
        """See Client."""
        request = gql.GraphQLRequest(document, variable_values=variables)
        async with aclosing(self._session.subscribe(request)) as answers:
            try:
                async for answer in answers:
                    yield answer
            except gql.transport.exceptions.TransportError as error:
                raise LostError(str(error)) from error

    async def drop(self) -> None:
        """See Client."""
        websocket = self._transport.adapter.websocket
        assert websocket is not None
        websocket.transport.abort()
        await websocket.wait_closed()


@asynccontextmanager
async def by_gql(url: str, token: str) -> AsyncIterator[Client]:
    """A connection by gql."""
    transport = WebsocketsTransport(
        f"{url.replace('http', 'ws', 1)}/graphql",
        init_payload={"authorization": f"Bearer {token}"},
        connect_args={"proxy": None},
    )
    client = gql.Client(transport=transport)
    session = await client.connect_async()  # type: ignore[no-untyped-call]  # gql leaves both unannotated
    try:
        yield Gql(session, transport)
    finally:
        await client.close_async()  # type: ignore[no-untyped-call]


class GraphQLWs:
    """The client of npm, in a Node process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = count(1)
        self._told: dict[int, asyncio.Queue[dict[str, Any]]] = {}
        self.connected = asyncio.Event()
        self.refused = False

    async def follow(self, document: str, **variables: Any) -> AsyncGenerator[dict[str, Any], None]:
        """See Client."""
        number = next(self._numbers)
        told = self._told[number] = asyncio.Queue()
        self._command(id=number, query=document, variables=variables)
        try:
            while "complete" not in (message := await told.get()):
                if "error" in message or "errors" in message["answer"]:
                    raise LostError(str(message))
                yield message["answer"]["data"]
        finally:
            self._command(id=number)
            del self._told[number]

    async def drop(self) -> None:
        """See Client."""
        self._process.kill()
        await self._process.wait()

    async def read(self) -> None:
        """Hand on what the process says, until it ends."""
        assert self._process.stdout
        async for line in self._process.stdout:
            message = json.loads(line)
            if "connected" in message or "closed" in message:
                self.refused = "closed" in message
                self.connected.set()
            elif message.get("id") in self._told:
                self._told[message["id"]].put_nowait(message)
        self.refused = True
        self.connected.set()
        for told in self._told.values():
            told.put_nowait({"error": "the process ended"})

    def _command(self, **command: Any) -> None:
        assert self._process.stdin
        with suppress(ConnectionError):
            self._process.stdin.write(json.dumps(command).encode() + b"\n")


@asynccontextmanager
async def by_graphql_ws(url: str, token: str) -> AsyncIterator[Client]:
    """A connection by graphql-ws.

    Raises:
        AssertionError: Node or the package is missing.
        LostError: The connection was refused.
    """
    node = shutil.which("node")
    assert node, "there is no Node on the path: ./run test brings one"
    assert PACKAGE.exists(), f"{PACKAGE} is missing: ./run test installs it"
    # Node 20 hides its WebSocket behind a flag that later lines take as well
    command = [node, "--experimental-websocket", "--no-warnings", str(SCRIPT)]
    address = f"{url.replace('http', 'ws', 1)}/graphql"
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, address, token, stdin=pipe, stdout=pipe)
    client = GraphQLWs(process)
    reading = asyncio.create_task(client.read())
    try:
        async with asyncio.timeout(20):
            await client.connected.wait()
        if client.refused:
            raise LostError("the connection was refused")
        yield client
    finally:
        assert process.stdin
        process.stdin.close()
        try:
            async with asyncio.timeout(5):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        await reading


class Events:
    """Server-sent events, as httpx reads them: the third way to listen, one stream per connection."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def follow(self, document: str, **variables: Any) -> AsyncGenerator[dict[str, Any], None]:
        """See Client."""
        body = {"query": document, "variables": variables}
        async with self._http.stream("POST", "/graphql", json=body) as response:
            kind = ""
            async for line in response.aiter_lines():
                field, _, text = line.partition(": ")
                if field == "event" and text == "complete":
                    return
                if field == "event":
                    kind = text
                elif field == "data" and kind == "next":
                    body = json.loads(text)
                    if "errors" in body:
                        raise LostError(str(body["errors"]))
                    yield body["data"]
        raise LostError("the stream ended without an end")

    async def drop(self) -> None:
        """See Client."""
        await self._http.aclose()


@asynccontextmanager
async def by_events(url: str, token: str) -> AsyncIterator[Client]:
    """Listening by server-sent events."""
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=60, trust_env=False) as http:
        yield Events(http)


CLIENTS: dict[str, Opener] = {"gql": by_gql, "graphql-ws": by_graphql_ws}
