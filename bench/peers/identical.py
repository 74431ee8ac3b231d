"""The limit of fan-out through uvicorn: no GraphQL, the same bytes to every subscriber, one ASGI `send` for each.

Run by uvicorn with the database's address in DB.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import orjson

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
subscribers: dict[object, tuple[Send, str]] = {}


async def pump(told: "asyncio.Queue[str]") -> None:
    """Send each event to all, one after another."""
    while True:
        tail = f'","type":"next","payload":{{"data":{{"changed":{await told.get()}}}}}}}'
        for send, operation in list(subscribers.values()):
            await send({"type": "websocket.send", "text": f'{{"id":"{operation}{tail}'})


async def lifespan(receive: Receive, send: Send) -> None:
    """Listen to the database."""
    await receive()
    told: asyncio.Queue[str] = asyncio.Queue()
    connection = await asyncpg.connect(os.environ["DB"])
    await connection.add_listener("initiative_changed", lambda _c, _p, _ch, message: told.put_nowait(message))
    task = asyncio.create_task(pump(told))
    await send({"type": "lifespan.startup.complete"})
    await receive()
    task.cancel()
    await connection.close()
    await send({"type": "lifespan.shutdown.complete"})


async def socket(receive: Receive, send: Send) -> None:
    """One subscriber."""
    await receive()
    await send({"type": "websocket.accept", "subprotocol": "graphql-transport-ws"})
    key = object()
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            said = orjson.loads(message["text"])
            if said["type"] == "connection_init":
                await send({"type": "websocket.send", "text": '{"type":"connection_ack"}'})
            elif said["type"] == "subscribe":
                subscribers[key] = send, said["id"]
    finally:
        subscribers.pop(key, None)


async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The ASGI application."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "websocket":
        await socket(receive, send)
    else:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body"})
