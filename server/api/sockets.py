"""`/graphql` over WebSocket: `graphql-transport-ws` and nothing else.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. Written out rather than derived from Strawberry's
handler, which executes wrongly typed messages, makes one context per connection, drops extensions and never looks again
at a sign-in: each of its steps would have been replaced.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn

import orjson
from graphql import GraphQLError, OperationType
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from server import metrics
from server.api.callers import Caller, Door, Reply, SignedOutError, look_again
from server.api.documents import Operation
from server.api.errors import DocumentError, RequestError
from server.api.operations import Answer, Operations
from server.api.origins import Origins
from server.api.pace import Pace
from server.api.requests import Params, params_of
from server.api.socket_messages import (
    BAD_REQUEST,
    BUG,
    ID_IN_USE,
    INIT_TIMEOUT,
    NOT_ACCEPTABLE,
    POLICY,
    RESTART,
    TOO_MANY_INITS,
    TRY_LATER,
    UNAUTHORIZED,
    ClosingError,
    id_of,
    message_of,
)
from server.models.database import is_unavailable

PROTOCOL = "graphql-transport-ws"
MAX_RUNNING = 20
"""Most queries and mutations at once on one socket."""
AWAY = 503
Handler = Callable[[Mapping[str, Any]], Awaitable[None]]


class GraphQLOverSockets:
    """The ASGI endpoint."""

    def __init__(self, operations: Operations, door: Door, origins: Origins, pace: Pace) -> None:
        self.operations, self.door, self.origins, self.pace = operations, door, origins, pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket to its end."""
        websocket = WebSocket(scope, receive, send)
        if not self.origins.may_connect(websocket):
            await websocket.close(POLICY)  # before it is accepted: the handshake gets 403
            return
        if PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(NOT_ACCEPTABLE, f"Speak {PROTOCOL}")
            return
        await websocket.accept(PROTOCOL)
        with metrics.sockets.track_inprogress():
            await Socket(websocket, self.operations, self.door, self.pace).serve()


@dataclass(slots=True, eq=False)
class Running:
    """One operation under way."""

    params: Params
    type: OperationType | None = None
    task: asyncio.Task[None] = field(init=False)


class Socket:
    """One connection: who is at its other end, and the operations under way."""

    def __init__(self, websocket: WebSocket, operations: Operations, door: Door, pace: Pace) -> None:
        self.websocket, self.operations, self.door, self.pace = websocket, operations, door, pace
        self._initialised = False
        self._caller: Caller | None = None
        self._running: dict[str, Running] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._handlers: dict[str, Handler] = {
            "connection_init": self._init,
            "ping": self._ping,
            "pong": self._pong,
            "subscribe": self._subscribe,
            "complete": self._complete,
        }

    async def serve(self) -> None:
        """Handle messages until either side closes."""
        guard = asyncio.create_task(self._guard())
        try:
            while (message := await self.websocket.receive())["type"] == "websocket.receive":
                await self._handle(message.get("text"))
        except ClosingError as error:
            await self._close(error.code, error.reason)
        except WebSocketDisconnect:
            pass
        except Exception as error:  # noqa: BLE001 - the last stand: logged under an id, and the client gets the id
            await self._stumble(error)
        finally:
            guard.cancel()
            for running in list(self._running.values()):
                self._cancel(running)
            await asyncio.gather(guard, *self._tasks, return_exceptions=True)

    async def _guard(self) -> None:
        """Close for what no message tells: no init, a sign-in that ended, a server that stops. Ping meanwhile."""
        with suppress(WebSocketDisconnect):
            try:
                await self._keep_watch()
            except ClosingError as error:
                await self._close(error.code, error.reason)
            except Exception as error:  # noqa: BLE001 - an unwatched socket would outlive its sign-in
                await self._stumble(error)

    async def _keep_watch(self) -> NoReturn:
        loop = asyncio.get_running_loop()
        init_by, ping_at = loop.time() + self.pace.init, loop.time() + self.pace.ping
        while True:
            await self._pause(min(self.pace.recheck, self.pace.init if self._caller is None else self.pace.recheck))
            if self.pace.leaving.is_set():
                await self._complete_all()
                raise ClosingError(RESTART, "The server restarts; connect again")
            if not self._initialised and loop.time() >= init_by:
                raise ClosingError(INIT_TIMEOUT, "Connection initialisation timeout")
            if self._caller and (goodbye := await look_again(self._caller)):
                raise ClosingError(goodbye.code, goodbye.reason)
            if self._caller and loop.time() >= ping_at:
                ping_at = loop.time() + self.pace.ping
                await self._send({"type": "ping"})

    async def _complete_all(self) -> None:
        for key, running in list(self._running.items()):
            self._cancel(running)
            await self._end(key, {"id": key, "type": "complete"})

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.pace.leaving.wait()

    async def _handle(self, text: str | None) -> None:
        try:
            message = message_of(text)
            await self._handlers[message["type"]](message)
        except RequestError as error:
            raise ClosingError(BAD_REQUEST, error.message) from None

    async def _init(self, message: Mapping[str, Any]) -> None:
        if self._initialised:
            raise ClosingError(TOO_MANY_INITS, "Too many initialisation requests")
        self._initialised = True
        caller = await self.door.admit(self.websocket, message.get("payload") or {})
        if not caller.signed_in:
            raise ClosingError(UNAUTHORIZED, "You are not signed in, or your sign-in has expired")
        self._caller = caller
        await self._send({"type": "connection_ack"})

    async def _ping(self, message: Mapping[str, Any]) -> None:
        await self._send({**message, "type": "pong"})

    async def _pong(self, message: Mapping[str, Any]) -> None:
        """Nothing to do: that it came keeps proxies awake."""

    async def _subscribe(self, message: Mapping[str, Any]) -> None:
        key = id_of(message)
        if self._caller is None:
            raise ClosingError(UNAUTHORIZED, "Unauthorized")
        if key in self._running:
            raise ClosingError(ID_IN_USE, f"Subscriber for {key} already exists")
        running = Running(params_of(message.get("payload") or {}))
        self._running[key] = running
        running.task = asyncio.create_task(self._run(key, running, self._caller))
        self._tasks.add(running.task)
        running.task.add_done_callback(self._tasks.discard)

    async def _complete(self, message: Mapping[str, Any]) -> None:
        if running := self._running.pop(id_of(message), None):
            self._cancel(running)

    def _cancel(self, running: Running) -> None:
        """End an operation nobody waits for; but what began to write is let finish, as over HTTP."""
        if running.type is not OperationType.MUTATION:
            running.task.cancel()

    async def _run(self, key: str, running: Running, caller: Caller) -> None:
        try:
            await self._answer(key, running, caller)
        except DocumentError as error:
            await self._error(key, running, self.operations.refused(error))
        except SignedOutError as error:
            await self._close(error.goodbye.code, error.goodbye.reason)
        except WebSocketDisconnect:
            pass
        except Exception as error:  # noqa: BLE001 - the last stand: logged under an id, and the client gets the id
            if running.type is OperationType.SUBSCRIPTION and is_unavailable(error):
                await self._stumble(error)
            else:
                await self._error(key, running, self.operations.stumbled(error)[0])

    async def _answer(self, key: str, running: Running, caller: Caller) -> None:
        operation = self.operations.admit(running.params)
        running.type = operation.type
        self._check_room(operation)
        if operation.type is OperationType.SUBSCRIPTION:
            async with aclosing(self.operations.follow(operation, running.params.variables, caller)) as answers:
                async for answer in answers:
                    await self._send({"id": key, "type": "next", "payload": answer.body})
        else:
            answer = await self.operations.run(operation, running.params.variables, caller, Reply())
            if not answer.ran:
                await self._error(key, running, answer)
                return
            if self._running.get(key) is running:
                await self._send({"id": key, "type": "next", "payload": answer.body})
        await self._end(key, {"id": key, "type": "complete"}, running)

    def _check_room(self, operation: Operation) -> None:
        streams = operation.type is OperationType.SUBSCRIPTION
        alike = [each for each in self._running.values() if (each.type is OperationType.SUBSCRIPTION) is streams]
        most = self.pace.subscriptions if streams else MAX_RUNNING
        if len(alike) > most:
            what = "subscriptions" if streams else "operations at once"
            extensions = {"code": "LIMITED", "what": what, "limit": most, "actual": len(alike)}
            raise DocumentError(
                GraphQLError(f"At most {most} {what} run on one socket; end one first.", extensions=extensions)
            )

    async def _error(self, key: str, running: Running, answer: Answer) -> None:
        await self._end(key, {"id": key, "type": "error", "payload": answer.body["errors"]}, running)

    async def _end(self, key: str, message: Mapping[str, Any], running: Running | None = None) -> None:
        """Send the last message of an operation, unless the client has ended it; its id is free from then on."""
        if running is None or self._running.get(key) is running:
            self._running.pop(key, None)
            with suppress(WebSocketDisconnect):
                await self._send(message)

    async def _send(self, message: Mapping[str, Any]) -> None:
        if self.websocket.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnect
        await self.websocket.send_text(orjson.dumps(message).decode())

    async def _stumble(self, error: Exception) -> None:
        """Close so that clients connect again, and resume: what failed is likely over by then."""
        answer, status = self.operations.stumbled(error)
        await self._close(TRY_LATER if status == AWAY else BUG, answer.body["errors"][0]["message"])

    async def _close(self, code: int, reason: str) -> None:
        if self.websocket.application_state is WebSocketState.CONNECTED:
            metrics.sockets_closed.labels(str(code)).inc()
            with suppress(WebSocketDisconnect):
                await self.websocket.close(code, reason.encode()[:120].decode(errors="ignore"))
