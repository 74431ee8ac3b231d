"""Executing a prepared operation: by its plan where it goes well, by the stock executor where anything does not.

A plan only ever tells success. Whatever it does not know or meets an error in is answered anew by graphql-core with
Strawberry's resolvers, so an error's message, path and order are theirs. That is safe because only queries are planned
and resolvers of queries change nothing. It begins with nothing read, for what loaders remember would change which of
two errors comes first.
"""

from collections.abc import Mapping
from inspect import isawaitable
from typing import Any

import strawberry
from graphql import ExecutionResult, GraphQLError, execute
from strawberry.execution import optimized_is_awaitable

from server import metrics
from server.api.documents import Operation
from server.api.runs import UnplannedError


async def executed(
    schema: strawberry.Schema, operation: Operation, variables: Mapping[str, Any] | None, context: Any
) -> ExecutionResult:
    """Run a query or a mutation of a prepared document. What goes wrong is told in the result, not raised.

    Afterwards the context has forgotten what was read: it and its loaders hold each other, and a thousand rows that are
    left to the garbage collector are dear.
    """
    try:
        return await _planned(schema, operation, variables, context) or await stock(
            schema, operation, variables, context
        )
    finally:
        _forget(context)


async def _planned(
    schema: strawberry.Schema, operation: Operation, variables: Mapping[str, Any] | None, context: Any
) -> ExecutionResult | None:
    """The same by its plan; None where the stock executor has to begin anew."""
    try:
        data = await operation.plans.answer(schema, variables or {}, context)
    except UnplannedError:
        metrics.executions.labels("unplanned").inc()
    except Exception:  # noqa: BLE001 — whatever it is, the stock executor says it
        metrics.executions.labels("failed").inc()
    else:
        metrics.executions.labels("planned").inc()
        return ExecutionResult(data, None)
    _forget(context)
    return None


def _forget(context: Any) -> None:
    if hasattr(context, "forget"):
        context.forget()


async def stock(
    schema: strawberry.Schema, operation: Operation, variables: Mapping[str, Any] | None, context: Any
) -> ExecutionResult:
    """The same by graphql-core's executor."""
    try:
        result = execute(
            schema._schema,
            operation.document,
            None,
            context,
            dict(variables or {}),
            operation.name,
            executor_class=schema.execution_context_class,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # Strawberry's is a plain bool
        )
        found: ExecutionResult = await result if isawaitable(result) else result
    except Exception as error:  # noqa: BLE001 — as Strawberry tells it
        told = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
        return ExecutionResult(None, [told])
    return found
