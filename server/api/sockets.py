"""`/graphql` over WebSocket: `graphql-transport-ws` and nothing else.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. Written out rather than derived from Strawberry's
handler, which executes wrongly typed messages, makes one context per connection, drops extensions and never looks again
at a sign-in: each of its steps would have been replaced.

A socket is taken over from the server after the handshake (`socket_wire.WebSockets`), so that it costs neither a task
nor a timer: messages are handled as they come, `rounds` look after all sockets together, and a subscription that is
shared with others is a member of its cohort (`listeners`). Only operations that run for their caller alone have a task.
"""

import asyncio
import random
from collections.abc import Coroutine, Mapping
from contextlib import aclosing
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLError, OperationType
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from server import metrics
from server.api.callers import Caller, Door, Reply, SignedOutError
from server.api.documents import Operation
from server.api.errors import DocumentError, RequestError
from server.api.listeners import Listener
from server.api.operations import Answer, Operations
from server.api.origins import Origins
from server.api.pace import Pace
from server.api.questions import question_of
from server.api.requests import Params, params_of
from server.api.rounds import Rounds
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
from server.api.socket_wire import LINE, WebSockets
from server.models.database import is_unavailable

PROTOCOL = "graphql-transport-ws"
MAX_RUNNING = 20
"""Most queries and mutations at once on one socket."""
AWAY = 503


class GraphQLOverSockets:
    """The ASGI endpoint, behind `socket_wire.WebSockets`."""

    def __init__(self, operations: Operations, door: Door, origins: Origins, pace: Pace) -> None:
        self.operations, self.door, self.origins, self.pace = operations, door, origins, pace
        self.rounds = Rounds(door, pace)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Greet one socket, and take it over."""
        websocket = WebSocket(scope, receive, send)
        if not self.origins.may_connect(websocket):
            await websocket.close(POLICY)  # before it is accepted: the handshake gets 403
            return
        if PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await websocket.close(NOT_ACCEPTABLE, f"Speak {PROTOCOL}")
            return
        await websocket.accept(PROTOCOL)
        line: WebSockets = scope["extensions"][LINE]
        line.hand_over(Socket(line, HTTPConnection(scope), self))


@dataclass(slots=True, eq=False)
class Running:
    """One operation that has a task: it runs for its caller alone, or is about to join a cohort."""

    params: Params
    type: OperationType | None = None
    task: asyncio.Task[None] = field(init=False)


class Socket:
    """One connection: who is at its other end, and the operations under way."""

    __slots__ = (
        "_connection",
        "_context",
        "_house",
        "_init_by",
        "_ping_at",
        "_running",
        "_tasks",
        "_waiting",
        "caller",
        "line",
    )

    def __init__(self, line: WebSockets, connection: HTTPConnection, house: GraphQLOverSockets) -> None:
        self.line, self._house = line, house
        self.caller: Caller | None = None
        self._connection: HTTPConnection | None = connection  # until it is known who is there
        self._context: Context = copy_context()  # in which operations are logged under the id of the handshake
        self._running: dict[str, Running | Listener] = {}
        self._tasks: set[asyncio.Task[None]] | None = None
        self._waiting: list[str | None] | None = None  # messages that came while it is found out who is there
        now = asyncio.get_running_loop().time()
        self._init_by = now + house.pace.init
        self._ping_at = now + house.pace.ping * random.random()  # noqa: S311 - not all at once after a storm of arrivals
        metrics.sockets.inc()
        house.rounds.add(self)

    def message(self, text: str | None) -> None:
        """The client sent something."""
        if self.line.close_sent:  # by what came before it in the same breath
            return
        if self._waiting is not None:
            self._waiting.append(text)
            return
        try:
            message = message_of(text)
            match message["type"]:
                case "connection_init":
                    self._init(message)
                case "ping":
                    self._say({**message, "type": "pong"})
                case "subscribe":
                    self._subscribe(message)
                case "complete":
                    self._complete(id_of(message))
        except RequestError as error:
            self.close(BAD_REQUEST, error.message)
        except ClosingError as error:
            self.close(error.code, error.reason)
        except Exception as error:  # noqa: BLE001 - the last stand: logged under an id, and the client gets the id
            self.stumble(error)

    def drained(self) -> None:
        """The client keeps up again."""
        for running in list(self._running.values()):
            if isinstance(running, Listener):
                running.drained()

    def stopped(self) -> None:
        """The client does not read: where it does once more, it learns that it may connect again, and resume."""
        self.close(TRY_LATER, "You stopped reading; connect again, and resume after the last revision you saw")

    def lost(self) -> None:
        """The socket is no more: whatever ran on it ends."""
        if self._house.rounds.remove(self):
            metrics.sockets.dec()
        for running in list(self._running.values()):
            self._end(running)
        self._running.clear()

    def look(self, now: float) -> None:
        """See to what no message tells: a greeting that does not come, and a ping that is due."""
        if self._connection:
            if now >= self._init_by:
                self.close(INIT_TIMEOUT, "Connection initialisation timeout")
        elif self.caller and now >= self._ping_at:
            self._ping_at = now + self._house.pace.ping
            if self.line.quiet:  # else the client has seen that the line is open
                self._say({"type": "ping"})
            self.line.quiet = True
            self.line.send_keepalive_ping()  # whether the client is there

    def leave(self) -> None:
        """The server stops: streams complete, so that clients go elsewhere at once."""
        for key, running in list(self._running.items()):
            self._end(running)
            self._finish(key, {"id": key, "type": "complete"})
        self.close(RESTART, "The server restarts; connect again")

    def ended(self, listener: Listener, error: Exception) -> None:
        """A subscription that was shared cannot go on."""
        if self._running.get(listener.key) is listener:
            self._failed(listener.key, error, streams=True)

    def stumble(self, error: Exception) -> None:
        """Close so that clients connect again, and resume: what failed is likely over by then."""
        answer, status = self._house.operations.stumbled(error)
        self.close(TRY_LATER if status == AWAY else BUG, answer.body["errors"][0]["message"])

    def close(self, code: int, reason: str) -> None:
        """Close with a code and a reason."""
        if not self.line.close_sent:
            metrics.sockets_closed.labels(str(code)).inc()
            self.line.end(code, reason.encode()[:120].decode(errors="ignore"))
            self.lost()

    def _init(self, message: Mapping[str, Any]) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            raise ClosingError(TOO_MANY_INITS, "Too many initialisation requests")
        self._waiting = []
        self.line.transport.pause_reading()
        self._spawn(self._greet(connection, message.get("payload") or {}))

    async def _greet(self, connection: HTTPConnection, payload: Mapping[str, Any]) -> None:
        try:
            caller = await self._house.door.admit(connection, payload)
        except Exception as error:  # noqa: BLE001 - the last stand: logged under an id, and the client gets the id
            self.stumble(error)
            return
        finally:
            if not self.line.transport.is_closing():
                self.line.transport.resume_reading()
        if not caller.signed_in:
            self.close(UNAUTHORIZED, "You are not signed in, or your sign-in has expired")
            return
        self.caller = caller
        self._say({"type": "connection_ack"})
        waiting, self._waiting = self._waiting or [], None
        for text in waiting:
            self.message(text)

    def _subscribe(self, message: Mapping[str, Any]) -> None:
        key = id_of(message)
        if self.caller is None:
            raise ClosingError(UNAUTHORIZED, "Unauthorized")
        if key in self._running:
            raise ClosingError(ID_IN_USE, f"Subscriber for {key} already exists")
        running = Running(params_of(message.get("payload") or {}))
        self._running[key] = running
        running.task = self._spawn(self._run(key, running, self.caller))

    def _complete(self, key: str) -> None:
        if running := self._running.pop(key, None):
            self._end(running)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        # a copy each: a transaction is a context variable, and two operations must not meet in one
        task = asyncio.get_running_loop().create_task(work, context=self._context.copy())
        self._tasks = self._tasks or set()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _end(self, running: Running | Listener) -> None:
        """End an operation nobody waits for; but what began to write is let finish, as over HTTP."""
        if isinstance(running, Listener):
            running.leave()
        elif running.type is not OperationType.MUTATION:
            running.task.cancel()

    async def _run(self, key: str, running: Running, caller: Caller) -> None:
        try:
            await self._answer(key, running, caller)
        except Exception as error:  # noqa: BLE001 - the last stand: logged under an id, and the client gets the id
            if self._running.get(key) is running or isinstance(error, SignedOutError):
                self._failed(key, error, streams=running.type is OperationType.SUBSCRIPTION)

    async def _answer(self, key: str, running: Running, caller: Caller) -> None:
        operations, variables = self._house.operations, running.params.variables
        operation = operations.admit(running.params)
        running.type = operation.type
        self._check_room(operation)
        question = question_of(operations.schema, operation, variables, caller) if operations.audience else None
        if operations.audience and question and caller.viewer:
            listener = Listener(caller.viewer, self, key, orjson.dumps(key))
            await operations.audience.join(question, listener)
            self._running[key] = listener
            return
        if operation.type is OperationType.SUBSCRIPTION:
            async with aclosing(operations.follow(operation, variables, caller)) as answers:
                async for answer in answers:
                    await self._send({"id": key, "type": "next", "payload": answer.body})
        else:
            answer = await operations.run(operation, variables, caller, Reply())
            if not answer.ran:
                self._error(key, answer)
                return
            if self._running.get(key) is running:
                await self._send({"id": key, "type": "next", "payload": answer.body})
        if self._running.get(key) is running:
            self._finish(key, {"id": key, "type": "complete"})

    def _check_room(self, operation: Operation) -> None:
        streams = operation.type is OperationType.SUBSCRIPTION
        kinds = [
            OperationType.SUBSCRIPTION if isinstance(each, Listener) else each.type for each in self._running.values()
        ]
        alike = [kind for kind in kinds if (kind is OperationType.SUBSCRIPTION) is streams]
        most = self._house.pace.subscriptions if streams else MAX_RUNNING
        if len(alike) > most:
            what = "subscriptions" if streams else "operations at once"
            extensions = {"code": "LIMITED", "what": what, "limit": most, "actual": len(alike)}
            raise DocumentError(
                GraphQLError(f"At most {most} {what} run on one socket; end one first.", extensions=extensions)
            )

    def _failed(self, key: str, error: Exception, *, streams: bool) -> None:
        """Say why an operation ends; where it is not the operation's own fault, close the socket instead."""
        if isinstance(error, SignedOutError):
            self.close(error.goodbye.code, error.goodbye.reason)
        elif isinstance(error, DocumentError):
            self._error(key, self._house.operations.refused(error))
        elif streams and is_unavailable(error):
            self.stumble(error)
        else:
            self._error(key, self._house.operations.stumbled(error)[0])

    def _error(self, key: str, answer: Answer) -> None:
        if key in self._running:
            self._finish(key, {"id": key, "type": "error", "payload": answer.body["errors"]})

    def _finish(self, key: str, message: Mapping[str, Any]) -> None:
        """Send the last message of an operation; its id is free from then on."""
        self._running.pop(key, None)
        self._say(message)

    def _say(self, message: Mapping[str, Any]) -> None:
        if not self.line.close_sent and not self.line.transport.is_closing():
            self.line.say(orjson.dumps(message))

    async def _send(self, message: Mapping[str, Any]) -> None:
        """Say it once the client keeps up."""
        await self.line.writable.wait()
        self._say(message)
