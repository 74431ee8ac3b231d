"""Server-sent events: the answers of one operation as a stream over HTTP (GraphQL over SSE, "distinct connections")."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import orjson
from graphql import OperationType
from starlette.responses import StreamingResponse

from server.api.callers import Caller, Reply, SignedOutError, look_again
from server.api.documents import Operation
from server.api.errors import DocumentError
from server.api.operations import Answer, Operations
from server.api.pace import Pace
from server.api.questions import shared_with
from server.schema.context import NotSignedInError

COMPLETE = b"event: complete\ndata:\n\n"
QUIET = b":\n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def response(events: AsyncGenerator[bytes, None]) -> StreamingResponse:
    """An event stream as a response; what lies between is asked not to hold it up."""
    return StreamingResponse(events, 200, HEADERS, "text/event-stream; charset=utf-8")


async def once(answer: Answer) -> AsyncGenerator[bytes, None]:
    """The stream of one answer."""
    yield _next(answer) + COMPLETE


async def events(
    operations: Operations, operation: Operation, variables: Mapping[str, Any] | None, caller: Caller, pace: Pace
) -> AsyncGenerator[bytes, None]:
    """The stream of an operation: its answers, comments while it is quiet, and its end.

    It holds one answer at the most, so a reader that is slow slows the operation down and costs no memory.
    """
    box: asyncio.Queue[bytes] = asyncio.Queue(1)
    filler = asyncio.create_task(_fill(box, operations, operation, variables, caller))
    leaving = asyncio.create_task(pace.leaving.wait())
    coming = asyncio.create_task(box.get())
    quiet = 0.0
    try:
        while not leaving.done():
            await asyncio.wait((coming, leaving), timeout=pace.recheck, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                chunk = coming.result()
                yield chunk
                if chunk.endswith(COMPLETE):
                    return
                coming, quiet = asyncio.create_task(box.get()), 0.0
            elif await look_again(caller):
                yield _signed_out(operations)
                return
            else:
                quiet += pace.recheck
                if quiet >= pace.ping:
                    quiet = 0.0
                    yield QUIET
        yield COMPLETE
    finally:
        for task in (filler, leaving, coming):
            task.cancel()
        await asyncio.gather(filler, leaving, coming, return_exceptions=True)


async def _fill(
    box: asyncio.Queue[bytes],
    operations: Operations,
    operation: Operation,
    variables: Mapping[str, Any] | None,
    caller: Caller,
) -> None:
    try:
        if shared := shared_with(operations, operation, variables, caller):
            async with aclosing(shared) as payloads:
                async for payload in payloads:
                    await box.put(b"event: next\ndata: " + payload + b"\n\n")
            end = COMPLETE
        elif operation.type is OperationType.SUBSCRIPTION:
            async with aclosing(operations.follow(operation, variables, caller)) as answers:
                async for answer in answers:
                    await box.put(_next(answer))
            end = COMPLETE
        else:
            end = _next(await operations.run(operation, variables, caller, Reply())) + COMPLETE
    except DocumentError as error:
        end = _next(operations.refused(error)) + COMPLETE
    except SignedOutError:
        end = _signed_out(operations)
    except Exception as error:  # noqa: BLE001 - the last stand: logged under an id, and the client gets the id
        end = _next(operations.stumbled(error)[0]) + COMPLETE
    await box.put(end)


def _next(answer: Answer) -> bytes:
    return b"event: next\ndata: " + orjson.dumps(answer.body) + b"\n\n"


def _signed_out(operations: Operations) -> bytes:
    return _next(operations.refused(DocumentError(NotSignedInError()))) + COMPLETE
