"""Running operations: one answer, or one after another. HTTP, SSE and sockets all come through here."""

import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import ExecutionResult as CoreResult
from graphql import GraphQLError, OperationType
from strawberry.types.execution import ExecutionResult

from server import metrics
from server.api.callers import Caller, Reply, SignedOutError
from server.api.documents import Documents, FromDocuments, Operation
from server.api.errors import DocumentError, shown
from server.api.executing import executed
from server.api.limits import Limits
from server.api.logs import tell
from server.api.requests import Params
from server.api.watching import Repeats
from server.live.audience import Audience
from server.models.database import is_unavailable


class ApiSchema(strawberry.Schema):
    """A Strawberry schema whose documents are prepared once each, within limits."""

    def __init__(self, query: type, *, limits: Limits, introspection: bool = True, **options: Any) -> None:
        super().__init__(query, extensions=[FromDocuments], **options)
        self.documents = Documents(self._schema, limits, introspection=introspection)

    def process_errors(self, errors: list[GraphQLError], execution_context: object = None) -> None:
        """Nothing: Strawberry's own logger writes whole queries, ours logs bugs where they are masked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A GraphQL response. `ran` is false where nothing was executed, so that there is no `data`."""

    body: dict[str, Any]
    ran: bool = True


class Operations:
    """Runs the operations of one schema."""

    def __init__(self, schema: ApiSchema, audience: Audience | None = None) -> None:
        self.schema = schema
        self.audience = audience
        self._suggestions = schema.documents.introspection

    def admit(self, params: Params) -> Operation:
        """The operation that a request means, within all limits. Raises DocumentError."""
        return self.schema.documents.admit(params.query, params.operation_name, params.variables)

    def refused(self, error: DocumentError) -> Answer:
        """The answer to what could not be run."""
        return Answer({"errors": shown(error.errors, suggestions=self._suggestions)}, ran=False)

    async def run(
        self, operation: Operation, variables: Mapping[str, Any] | None, caller: Caller, reply: Reply
    ) -> Answer:
        """Run a query or a mutation to its end."""
        return await self.run_in(operation, variables, caller.context(reply))

    async def run_in(self, operation: Operation, variables: Mapping[str, Any] | None, context: object) -> Answer:
        """The same in a context of its own that the caller goes on to look at."""
        started = time.perf_counter()
        result = await executed(self.schema, operation, variables, context)
        answer = self._answer(result, operation)
        _note(operation, answer, time.perf_counter() - started)
        return answer

    async def follow(
        self, operation: Operation, variables: Mapping[str, Any] | None, caller: Caller
    ) -> AsyncGenerator[Answer, None]:
        """Run a subscription: an answer for each event, except one that repeats the last.

        The caller's sign-in is looked at again before each. Raises DocumentError, and SignedOutError where it ended.
        """
        started = time.perf_counter()
        repeats = Repeats(operation)
        stream = await self.schema.stream(
            operation.text,
            variable_values=dict(variables or {}),
            context_value=caller.context(Reply()),
            operation_name=operation.name,
        )
        async with aclosing(stream):
            async for result in stream:
                if not isinstance(result, ExecutionResult):
                    raise DocumentError(GraphQLError("Incremental delivery is not served."))
                if _ended(result):
                    raise _why(result)
                if goodbye := await caller.goodbye():
                    raise SignedOutError(goodbye)
                if repeats.last(result):
                    continue
                answer = self._answer(result, operation)
                _note(operation, answer, time.perf_counter() - started)
                yield answer

    def _answer(self, result: ExecutionResult | CoreResult, operation: Operation) -> Answer:
        errors = shown(result.errors or (), suggestions=self._suggestions)
        if _ended(result):
            return Answer({"errors": errors}, ran=False)
        body: dict[str, Any] = {"errors": errors} if errors else {}
        body["data"] = result.data
        if operation.type is not OperationType.SUBSCRIPTION:
            body["extensions"] = {"cost": {"requested": operation.cost}}
        return Answer(body)

    def stumbled(self, error: Exception) -> tuple[Answer, int]:
        """The answer where the edge itself failed, and its HTTP status: 503 while the database is away, else 500."""
        errors = shown([GraphQLError("", original_error=error)])
        away = errors[0]["extensions"]["code"] == "UNAVAILABLE"
        return Answer({"errors": errors}, ran=False), 503 if away else 500


def _ended(result: ExecutionResult | CoreResult) -> bool:
    """Whether nothing ran, or a stream broke: errors that belong to no field."""
    return result.data is None and bool(result.errors) and all(error.path is None for error in result.errors or ())


def _why(result: ExecutionResult) -> Exception:
    """What ended a stream. A database that is away is raised as itself: sockets ask their clients to come back."""
    for error in result.errors or ():
        if error.original_error and is_unavailable(error.original_error):
            return error.original_error
    return DocumentError(*(result.errors or ()))


def _note(operation: Operation, answer: Answer, seconds: float) -> None:
    """Count and log an operation, without its variables and its text."""
    outcome = "errors" if "errors" in answer.body else "ok"
    metrics.operations.labels(operation.type.value, outcome).inc()
    if operation.type is OperationType.SUBSCRIPTION:
        return
    metrics.operation_seconds.labels(operation.type.value).observe(seconds)
    name = operation.node.name.value if operation.node.name else None
    tell(
        "stageline.operations",
        "operation",
        type=operation.type.value,
        name=name,
        cost=operation.cost,
        outcome=outcome,
        ms=round(seconds * 1e3, 1),
    )
