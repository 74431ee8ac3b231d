"""`graphql-transport-ws` spoken to a real uvicorn: the protocol, what is no protocol, and how streams end."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import pytest
from gql import Client, GraphQLRequest
from gql.transport.websockets import WebsocketsTransport
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.protocol import Protocol as WebSocketProtocol
from websockets.protocol import Side
from websockets.typing import Subprotocol

from server import metrics
from server.api.callers import Goodbye
from server.api.listeners import framed
from server.api.pace import Pace
from server.api.patience import Patience
from server.api.requests import Bounds
from server.live import farewell
from tests.support.edge import Edge, served

PROTOCOL = Subprotocol("graphql-transport-ws")
ADA = {"authorization": "Bearer ada"}
PATIENCE = 10.0
WATCH = "subscription{watch{revision node{value}}}"


@pytest.fixture
async def edge() -> AsyncIterator[Edge]:
    async with served() as made:
        yield made


@asynccontextmanager
async def dialled(
    edge: Edge, protocol: Subprotocol | None = PROTOCOL, **options: Any
) -> AsyncIterator[ClientConnection]:
    """A raw socket, nothing said yet."""
    url = edge.url.replace("http://", "ws://")
    subprotocols = [protocol] if protocol else None
    async with connect(url, subprotocols=subprotocols, proxy=None, close_timeout=1, **options) as socket:
        yield socket


@asynccontextmanager
async def greeted(edge: Edge, **options: Any) -> AsyncIterator[ClientConnection]:
    """A socket that Ada has been let in by."""
    async with dialled(edge, **options) as socket:
        await say(socket, type="connection_init", payload=ADA)
        assert await heard(socket) == {"type": "connection_ack"}
        yield socket


async def say(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def subscribe(socket: ClientConnection, key: str, query: str, **more: Any) -> None:
    await say(socket, type="subscribe", id=key, payload={"query": query, **more})


async def heard(socket: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE):
        frame = await socket.recv()
    assert isinstance(frame, str), "frames are text"
    message: dict[str, Any] = json.loads(frame)
    return message


async def closed(socket: ClientConnection) -> int | None:
    """The code that the server closes with, whatever it says before."""
    async with asyncio.timeout(PATIENCE):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else None


async def until(fact: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not fact():  # noqa: ASYNC110 - the facts are the server's, which sets no event for us
            await asyncio.sleep(0.005)


async def test_a_subscription_runs_to_its_end(edge: Edge) -> None:
    async with greeted(edge) as socket:
        await subscribe(socket, "1", "subscription($n:Int!){count(to:$n)}", variables={"n": 2})
        assert await heard(socket) == {"id": "1", "type": "next", "payload": {"data": {"count": 1}}}
        assert await heard(socket) == {"id": "1", "type": "next", "payload": {"data": {"count": 2}}}
        assert await heard(socket) == {"id": "1", "type": "complete"}


async def test_queries_and_mutations_run_as_over_http(edge: Edge) -> None:
    async with greeted(edge) as socket:
        await subscribe(socket, "q", "{me}")
        assert (await heard(socket))["payload"] == {"data": {"me": "Ada"}, "extensions": {"cost": {"requested": 0}}}
        assert await heard(socket) == {"id": "q", "type": "complete"}
        await subscribe(socket, "m", "mutation{turn(value:7)}")
        assert (await heard(socket))["payload"]["data"] == {"turn": 7}
    assert edge.world.value == 7
    assert len(edge.world.contexts) == 2, "each operation has a context of its own"


async def test_a_watch_says_what_changed_and_nothing_else(edge: Edge) -> None:
    async with greeted(edge) as socket:
        await subscribe(socket, "w", WATCH)
        assert (await heard(socket))["payload"]["data"]["watch"] == {"revision": "0", "node": {"value": 0}}
        for _ in range(5):  # writes that leave what is watched as it is
            await edge.world.turn()
            await asyncio.sleep(0)
        await edge.world.turn(3)
        assert (await heard(socket))["payload"]["data"]["watch"] == {"revision": "6", "node": {"value": 3}}
        await say(socket, type="complete", id="w")
        await until(lambda: edge.world.watching == 0)


async def test_a_watch_of_the_revision_alone_moves_with_it(edge: Edge) -> None:
    async with greeted(edge) as socket:
        await subscribe(socket, "w", "subscription{w:watch{...f}} fragment f on Watched{r:revision}")
        assert (await heard(socket))["payload"]["data"] == {"w": {"r": "0"}}
        await edge.world.turn()
        assert (await heard(socket))["payload"]["data"] == {"w": {"r": "1"}}


async def test_an_id_is_free_again_once_its_operation_ended(edge: Edge) -> None:
    async with greeted(edge) as socket:
        for _ in range(2):
            await subscribe(socket, "1", WATCH)
            assert (await heard(socket))["type"] == "next"
            await say(socket, type="complete", id="1")
        await subscribe(socket, "1", "{hello}")
        assert (await heard(socket))["payload"]["data"] == {"hello": "Hello you"}


async def test_ping_is_answered_also_before_the_greeting(edge: Edge) -> None:
    async with dialled(edge) as socket:
        await say(socket, type="ping", payload={"at": 1})
        assert await heard(socket) == {"type": "pong", "payload": {"at": 1}}
        await say(socket, type="pong")
        await say(socket, type="ping")
        assert await heard(socket) == {"type": "pong"}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{hello", "GRAPHQL_PARSE_FAILED"),
        ("{nope}", "GRAPHQL_VALIDATION_FAILED"),
        ("query($n:Int!){long(size:$n)}", "BAD_USER_INPUT"),
        ("subscription($n:Int!){count(to:$n)}", "BAD_USER_INPUT"),
        ("query A{hello} query B{hello}", "OPERATION_UNKNOWN"),
        ("{" + "".join(f"a{n}:hello " for n in range(16)) + "}", "LIMITED"),
        ("subscription{refuse}", "NOT_FOUND"),
    ],
)
async def test_what_cannot_run_is_an_error_and_the_socket_lives(edge: Edge, query: str, code: str) -> None:
    async with greeted(edge) as socket:
        await subscribe(socket, "1", query)
        message = await heard(socket)
        assert message["type"] == "error"
        assert [error["extensions"]["code"] for error in message["payload"]] == [code]
        await subscribe(socket, "1", "{hello}")
        assert (await heard(socket))["type"] == "next"


async def test_a_bug_shows_an_id_and_nothing_else(edge: Edge) -> None:
    async with greeted(edge) as socket:
        await subscribe(socket, "1", "subscription{stumble}")
        assert (await heard(socket))["payload"] == {"data": {"stumble": 1}}
        message = await heard(socket)
        assert message["type"] == "error"
        assert [error["extensions"]["code"] for error in message["payload"]] == ["INTERNAL"]
        assert "SELECT" not in json.dumps(message)


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "garbage",
        "null",
        "5",
        "[]",
        '"connection_init"',
        "{}",
        '{"type":null}',
        '{"type":5}',
        '{"type":["ping"]}',
        '{"type":"start","id":"1"}',
        '{"type":"connection_init","payload":[]}',
        '{"type":"connection_init","payload":"x"}',
        '{"type":"ping","payload":5}',
        '{"type":"subscribe","payload":{"query":"{hello}"}}',
        '{"type":"subscribe","id":1,"payload":{"query":"{hello}"}}',
        '{"type":"subscribe","id":"","payload":{"query":"{hello}"}}',
        '{"type":"subscribe","id":null,"payload":{"query":"{hello}"}}',
        '{"type":"subscribe","id":"' + "x" * 200 + '","payload":{"query":"{hello}"}}',
        '{"type":"complete"}',
        '{"type":"complete","id":5}',
        '{"type":"ping","payload":' + "[" * 100_000,
        '{"type":"ping","payload":{"n":NaN}}',
        '{"type":"ping","payload":{"n":' + "1" * 5_000 + "}}",
        '{"type":"ping","type":"pong"}',
        b'{"type":"ping"}',
        b"\xff\xfe",
    ],
)
async def test_what_is_no_message_closes_with_4400(edge: Edge, frame: str | bytes) -> None:
    async with dialled(edge) as socket:
        await socket.send(frame)
        assert await closed(socket) == 4400


@pytest.mark.parametrize(
    "payload",
    [
        None,
        {},
        {"query": None},
        {"query": ""},
        {"query": 5},
        {"query": "{hello}", "variables": []},
        {"query": "{hello}", "operationName": 5},
    ],
)
async def test_a_subscribe_of_wrongly_typed_fields_closes_with_4400(edge: Edge, payload: object) -> None:
    async with greeted(edge) as socket:
        await say(socket, type="subscribe", id="1", payload=payload)
        assert await closed(socket) == 4400


async def test_subscribing_before_the_greeting_closes_with_4401(edge: Edge) -> None:
    async with dialled(edge) as socket:
        await subscribe(socket, "1", "{hello}")
        assert await closed(socket) == 4401


async def test_a_stranger_is_not_greeted(edge: Edge) -> None:
    for payload in (None, {}, {"authorization": "Bearer eve"}, {"authorization": 5}):
        async with dialled(edge) as socket:
            await say(socket, type="connection_init", payload=payload)
            assert await closed(socket) == 4401


async def test_a_cookie_greets_too(edge: Edge) -> None:
    async with dialled(edge, additional_headers={"Cookie": "session=Ben"}) as socket:
        await say(socket, type="connection_init")
        assert await heard(socket) == {"type": "connection_ack"}


async def test_greeting_twice_closes_with_4429(edge: Edge) -> None:
    async with greeted(edge) as socket:
        await say(socket, type="connection_init")
        assert await closed(socket) == 4429


async def test_what_follows_a_fault_in_the_same_breath_is_not_done(edge: Edge) -> None:
    async with dialled(edge) as socket:
        for _ in range(2):
            await say(socket, type="connection_init", payload=ADA)
        await subscribe(socket, "1", WATCH)
        assert await closed(socket) == 4429
    assert edge.world.contexts == []


async def test_an_id_in_use_closes_with_4409(edge: Edge) -> None:
    async with greeted(edge) as socket:
        await subscribe(socket, "1", WATCH)
        await heard(socket)
        await subscribe(socket, "1", WATCH)
        assert await closed(socket) == 4409
    await until(lambda: edge.world.watching == 0)


async def test_only_this_protocol_is_spoken(edge: Edge) -> None:
    for protocol in (None, Subprotocol("graphql-ws")):
        async with dialled(edge, protocol) as socket:
            assert await closed(socket) == 4406


async def test_silence_at_first_closes_with_4408() -> None:
    async with served(pace=Pace(init=0.05)) as edge, dialled(edge) as socket:
        assert await closed(socket) == 4408


async def test_a_foreign_page_gets_no_socket() -> None:
    async with served(origins=("https://friend.example",)) as edge:
        for foreign in ("https://evil.example", "null", "http://127.0.0.1:1"):
            with pytest.raises(InvalidStatus) as refused:
                async with dialled(edge, origin=foreign):
                    pass
            assert refused.value.response.status_code == 403
        for own in ("https://friend.example", edge.url.removesuffix("/graphql"), None):
            async with dialled(edge, origin=own) as socket:
                await say(socket, type="ping")
                assert await heard(socket) == {"type": "pong"}


async def test_subscriptions_are_counted_and_queries_are_not() -> None:
    async with served(pace=Pace(subscriptions=2)) as edge, greeted(edge) as socket:
        for key in ("1", "2"):
            await subscribe(socket, key, WATCH)
            assert (await heard(socket))["type"] == "next"
        await subscribe(socket, "3", WATCH)
        refused = await heard(socket)
        assert (refused["type"], refused["payload"][0]["extensions"]["what"]) == ("error", "subscriptions")
        await subscribe(socket, "3", "{hello}")
        assert [(await heard(socket))["type"] for _ in range(2)] == ["next", "complete"]
        await say(socket, type="complete", id="1")
        await subscribe(socket, "3", WATCH)
        assert (await heard(socket))["type"] == "next"


async def test_the_server_pings() -> None:
    async with served(pace=Pace(ping=0.02, recheck=0.02)) as edge, greeted(edge) as socket:
        assert await heard(socket) == {"type": "ping"}


async def test_who_is_signed_out_hears_nothing_more() -> None:
    """No later than the next event, and without one at the next look."""
    async with served(pace=Pace(recheck=60)) as edge, greeted(edge) as socket:
        await subscribe(socket, "1", WATCH)
        assert (await heard(socket))["type"] == "next"
        edge.world.ended["Ada"] = Goodbye(4403, "Signed out")
        await edge.world.turn(5)
        with pytest.raises(ConnectionClosed) as end:
            await heard(socket)
        assert end.value.rcvd
        assert (end.value.rcvd.code, end.value.rcvd.reason) == (4403, "Signed out")
    async with served(pace=Pace(recheck=0.02)) as edge, greeted(edge) as socket:
        edge.world.ended["Ada"] = Goodbye(4401, "Expired")
        assert await closed(socket) == 4401


async def test_word_of_a_sign_out_is_not_waited_for() -> None:
    async with served(pace=Pace(recheck=60)) as edge, greeted(edge) as socket, greeted(edge) as other:
        farewell.say()
        await say(socket, type="ping")
        assert await heard(socket) == {"type": "pong"}
        edge.world.ended["Ada"] = Goodbye(4403, "Signed out")
        farewell.say()
        assert [await closed(each) for each in (socket, other)] == [4403, 4403]


@given(
    sizes=st.lists(st.one_of(st.integers(0, 300), st.sampled_from([65_400, 65_536, 70_000])), max_size=4),
    key=st.text(min_size=1, max_size=128),
)
def test_what_subscriptions_share_becomes_whole_messages_with_their_own_ids(sizes: list[int], key: str) -> None:
    own = orjson.dumps(key)
    payloads = tuple(orjson.dumps({"data": "x" * size}) for size in sizes)
    client = WebSocketProtocol(Side.CLIENT)
    client.receive_data(own.join(framed(payloads, len(own))))
    frames = client.events_received()
    assert all(isinstance(frame, Frame) and frame.opcode is Opcode.TEXT and frame.fin for frame in frames)
    messages = [orjson.loads(frame.data) for frame in frames if isinstance(frame, Frame)]
    assert messages == [{"id": key, "type": "next", "payload": {"data": "x" * size}} for size in sizes]


async def test_a_client_that_stops_reading_is_cut_and_nobody_else_notices() -> None:
    """What waits for it is bounded: one answer beyond the buffers of the network."""
    async with (
        served(Patience(stopped_seconds=0.3)) as edge,
        greeted(edge) as other,
        greeted(edge, max_queue=1) as stopped,
    ):
        await subscribe(stopped, "1", "subscription{flood(size:200000)}")
        assert (await heard(stopped))["type"] == "next"
        stopped.transport.pause_reading()
        assert edge.server
        connections = edge.server.server_state.connections
        await until(lambda: len(connections) == 1)
        await subscribe(other, "1", "{hello}")
        assert (await heard(other))["payload"]["data"] == {"hello": "Hello you"}
        stopped.transport.abort()


async def test_a_client_that_reads_again_before_it_is_cut_is_told_to_resume() -> None:
    """What waited comes first, and then a close with a code at which clients connect again."""
    before = closings(1013)
    async with served(Patience(stopped_seconds=1)) as edge, greeted(edge, max_queue=1) as stopped:
        await subscribe(stopped, "1", "subscription{flood(size:200000)}")
        assert (await heard(stopped))["type"] == "next"
        stopped.transport.pause_reading()
        await until(lambda: closings(1013) == before + 1)
        stopped.transport.resume_reading()
        assert (await heard(stopped))["type"] == "next"
        assert await closed(stopped) == 1013
        assert "resume after the last revision" in (stopped.close_reason or "")


def closings(code: int) -> float:
    """How many sockets were closed with a code so far."""
    return float(metrics.sockets_closed.labels(str(code))._value.get())


async def test_a_server_that_stops_completes_its_streams_first(edge: Edge) -> None:
    async with greeted(edge) as socket:
        await subscribe(socket, "1", WATCH)
        assert (await heard(socket))["type"] == "next"
        assert edge.server
        edge.server.should_exit = True
        assert await heard(socket) == {"id": "1", "type": "complete"}
        assert await closed(socket) == 1012


async def test_a_server_that_stops_completes_its_event_streams(edge: Edge) -> None:
    headers = {"Accept": "text/event-stream", "Authorization": "Bearer ada"}
    async with (
        httpx.AsyncClient(trust_env=False) as client,
        client.stream("POST", edge.url, json={"query": WATCH}, headers=headers) as response,
    ):
        lines = response.aiter_lines()
        assert await anext(lines) == "event: next"
        assert edge.server
        edge.server.should_exit = True
        async with asyncio.timeout(PATIENCE):
            assert [line async for line in lines][-3] == "event: complete"
    await until(lambda: edge.world.watching == 0)


async def test_an_event_stream_ends_with_the_sign_in() -> None:
    headers = {"Accept": "text/event-stream", "Authorization": "Bearer ada"}
    async with (
        served(pace=Pace(recheck=0.02, ping=0.04)) as edge,
        httpx.AsyncClient(trust_env=False) as client,
        client.stream("POST", edge.url, json={"query": WATCH}, headers=headers) as response,
    ):
        lines = response.aiter_lines()
        async for line in lines:
            if line == ":":  # it is quiet
                break
        edge.world.ended["Ada"] = Goodbye(4401, "Expired")
        assert "UNAUTHENTICATED" in "".join([line async for line in lines])


async def test_a_client_that_leaves_ends_its_operations(edge: Edge) -> None:
    async with greeted(edge) as socket:
        await subscribe(socket, "1", WATCH)
        await heard(socket)
        assert edge.world.watching == 1
        socket.transport.abort()
    await until(lambda: edge.world.watching == 0)


async def test_the_client_gql_of_pypi_follows(edge: Edge) -> None:
    transport = WebsocketsTransport(
        url=edge.url.replace("http://", "ws://"),
        subprotocols=[PROTOCOL],
        init_payload=ADA,
        connect_args={"proxy": None},
    )
    async with Client(transport=transport) as session:
        answers = [answer async for answer in session.subscribe(GraphQLRequest("subscription{count(to:3)}"))]
        assert answers == [{"count": 1}, {"count": 2}, {"count": 3}]
        assert await session.execute(GraphQLRequest("{me}")) == {"me": "Ada"}


async def test_a_head_that_is_too_large_or_too_slow_is_refused() -> None:
    async with served(Patience(head_bytes=5_000, head_seconds=0.2)) as edge:
        for head in (
            b"GET /graphql HTTP/1.1\r\nx: " + b"a" * 6_000,
            b"GET /graphql?q=" + b"a" * 6_000 + b" HTTP/1.1\r\n\r\n",
        ):
            assert (await raw(edge, head)).startswith(b"HTTP/1.1 431 ")
        for slow in (b"", b"GET /graphql HTTP/1.1\r\n"):
            assert (await raw(edge, slow)).startswith(b"HTTP/1.1 408 ")
        assert (await raw(edge, b"garbage\r\n\r\n")).startswith(b"HTTP/1.1 400 ")


async def test_a_body_that_is_too_slow_is_refused() -> None:
    async with served(bounds=Bounds(seconds=0.1)) as edge:
        head = b"POST /graphql HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"
        assert (await raw(edge, head)).startswith(b"HTTP/1.1 408 ")


async def raw(edge: Edge, request: bytes) -> bytes:
    """What a bare connection gets until it is closed."""
    host, port = edge.url.removeprefix("http://").removesuffix("/graphql").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    async with asyncio.timeout(PATIENCE):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer
