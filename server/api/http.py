"""`/graphql` over HTTP: one operation per request, its answer as JSON or, where asked for, as server-sent events.

GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/): `application/graphql-response+json` carries
status codes that say what happened, `application/json` says 200 to every well-formed request. Event streams follow
GraphQL over SSE, "distinct connections" (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from graphql import OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from server.api import events
from server.api.callers import Caller, Door, Reply
from server.api.documents import Operation
from server.api.errors import DocumentError, RequestError
from server.api.kept import Kept
from server.api.operations import Answer, Operations
from server.api.origins import Origins
from server.api.pace import Pace
from server.api.reading import Asked, Reader
from server.api.requests import Bounds, content_type, json_body, params_of_form
from server.api.writing import EVENTS, JSON, RESPONSE_JSON, encoded, respond
from server.live.answers import Answers

PREFLIGHT_HEADER = "x-stageline"
"""Any value: a page of another site cannot send it without asking us first (a CORS preflight)."""


class GraphQLOverHTTP:
    """The ASGI endpoint."""

    def __init__(
        self,
        operations: Operations,
        door: Door,
        origins: Origins,
        bounds: Bounds,
        pace: Pace,
        answers: Answers | None = None,
    ) -> None:
        self.operations, self.door, self.origins, self.bounds, self.pace = operations, door, origins, bounds, pace
        self.reader, self.kept = Reader(operations), Kept(operations, answers or Answers(0))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        media_type = JSON
        try:
            media_type = negotiated(request.headers.get("accept"))
            response = await self._respond(request, media_type)
        except RequestError as error:
            response = written(Answer({"errors": [error.formatted()]}, ran=False), JSON, error.status, error.headers)
        except DocumentError as error:
            response = self._refused(error, media_type)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - the last stand: logged under an id, and the client gets the id
            answer, status = self.operations.stumbled(error)
            response = written(answer, media_type, status)
        await response(scope, receive, send)

    async def _respond(self, request: Request, media_type: str) -> Response:
        if request.method == "GET":
            if "text/html" in request.headers.get("accept", "") and "query" not in request.query_params:
                return RedirectResponse("/graphiql", 303)  # a person, who typed the address into a browser
            return await self._answer(request, self.reader.address(request), media_type)
        if request.method != "POST":
            raise _method_refused("Send GraphQL by POST, or queries by GET.", "GET, POST")
        if content_type(request) == JSON:
            asked = self.reader.body(await json_body(request, self.bounds))
            return await self._answer(request, asked, media_type)
        async with params_of_form(request, await self._bounds_for(request)) as params:
            return await self._answer(request, self.reader.form(params), media_type)

    async def _bounds_for(self, request: Request) -> Bounds:
        """How much is read of a form: a stranger's files may be no larger than any other body."""
        if (await self.door.admit(request, {})).signed_in:
            return self.bounds
        return replace(self.bounds, upload_bytes=self.bounds.body_bytes)

    async def _answer(self, request: Request, asked: Asked, media_type: str) -> Response:
        operation, caller = asked.operation, await self.door.admit(request, {})
        self._check(request, operation, caller)
        if media_type == EVENTS:
            return events.response(events.events(self.operations, operation, asked.variables, caller, self.pace))
        if operation.type is OperationType.SUBSCRIPTION:
            raise RequestError(
                "A subscription needs a stream: ask by POST with “Accept: text/event-stream”, or over a WebSocket.",
                406,
                "NOT_ACCEPTABLE",
            )
        if asked.question and caller.asking:
            return await self.kept.response(request, asked, caller, media_type)
        reply = Reply()
        answer = await self.operations.run(operation, asked.variables, caller, reply)
        response = written(answer, media_type, 200 if answer.ran or media_type == JSON else 400)
        response.raw_headers += [(name.encode(), value.encode()) for name, value in reply.headers]
        return response

    def _refused(self, error: DocumentError, media_type: str) -> Response:
        answer = self.operations.refused(error)
        if media_type == EVENTS:
            return events.response(events.once(answer))
        return written(answer, media_type, 200 if media_type == JSON else 400)

    def _check(self, request: Request, operation: Operation, caller: Caller) -> None:
        """What another site's page could do in the user's name is refused (CSRF), and what is no query over GET."""
        if operation.type is not OperationType.QUERY and request.method == "GET":
            raise _method_refused(f"A {operation.type.value} cannot be sent by GET: send it by POST.", "POST")
        if request.method == "GET" or "authorization" in request.headers:
            return
        if content_type(request) != JSON and PREFLIGHT_HEADER not in request.headers:
            raise RequestError(
                "An upload needs the header “X-Stageline” (any value), which pages of other sites cannot send.",
                403,
                "PREFLIGHT_REQUIRED",
            )
        if caller.by_cookie and operation.type is OperationType.MUTATION and not self.origins.may_write(request):
            raise RequestError(
                "This page's origin may not write in your name; see STAGELINE_ALLOWED_ORIGINS.", 403, "ORIGIN_REFUSED"
            )


@lru_cache(maxsize=256)
def negotiated(accept: str | None) -> str:
    """The media type to answer in. Raises RequestError with 406 where none is acceptable.

    Without a preference, and for `*/*`, it is `application/json`, as the specification says.
    """
    best, found = 0.0, None
    for part in (accept or "*/*").lower().split(","):
        kind, _, parameters = part.strip().partition(";")
        offer = {"*/*": JSON, "application/*": JSON}.get(kind.strip(), kind.strip())
        weight = _weight(parameters)
        better = weight > best or (weight == best > 0 and found == JSON and offer == RESPONSE_JSON and kind != "*/*")
        if offer in (JSON, RESPONSE_JSON, EVENTS) and better:
            best, found = weight, offer
    if found is None:
        raise RequestError(f"Accept {RESPONSE_JSON}, {JSON} or {EVENTS}.", 406, "NOT_ACCEPTABLE")
    return found


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8"):
            return 0.0
        if name == "q":
            try:
                return float(value[:8])
            except ValueError:
                return 0.0
    return 1.0


def written(answer: Answer, media_type: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """An answer as a response. Answers are one caller's: nothing in between may keep them."""
    return respond(encoded(answer.body), media_type, status, {"Cache-Control": "no-store", **(headers or {})})


def _method_refused(message: str, allow: str) -> RequestError:
    return RequestError(message, 405, "METHOD_NOT_ALLOWED", {"Allow": allow})
