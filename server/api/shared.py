"""What live queries and accounts have in common: one subscription, run for all who have equal rights."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from inspect import isawaitable
from typing import Any, cast

import orjson
from graphql import ExecutionResult, FieldNode, GraphQLError, GraphQLObjectType
from graphql.execution.values import get_argument_values
from strawberry.execution import optimized_is_awaitable

from server import metrics
from server.api.callers import Caller, Reply
from server.api.documents import Operation
from server.api.errors import DocumentError, shown
from server.api.lanes import Given
from server.api.operations import ApiSchema
from server.api.runs import UnplannedError
from server.domain.people import Viewer
from server.models.database import is_unavailable
from server.schema.context import Context


@dataclass(eq=False)
class Shared:
    """One subscription with its variables, run for whoever has the rights of a viewer.

    Raises DocumentError where its variables or arguments are wrong.
    """

    schema: ApiSchema
    operation: Operation
    node: FieldNode
    variables: dict[str, Any]
    caller: Caller
    arguments: dict[str, Any] = field(init=False)
    given: Given = field(init=False)
    _executor: Any = field(init=False)

    def __post_init__(self) -> None:
        built = self.schema.execution_context_class.build(
            self.schema._schema,
            self.operation.document,
            raw_variable_values=self.variables,
            operation_name=self.operation.name,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # Strawberry's is a plain bool
        )
        if isinstance(built, list):
            raise DocumentError(*built)
        self._executor, self.given = built, Given(built.variable_values)
        root = cast("GraphQLObjectType", self.schema._schema.subscription_type)
        definition = root.fields[self.node.name.value]
        try:
            self.arguments = get_argument_values(definition, self.node, built.variable_values)
        except GraphQLError as error:
            raise DocumentError(error) from error

    def context(self, viewer: Viewer) -> Context:
        """A fresh context for one execution with the rights of a viewer."""
        return cast("Context", replace(self.caller, viewer=viewer).context(Reply()))  # type: ignore[type-var]

    async def planned(
        self, given: Sequence[Given], events: Sequence[object], context: Context
    ) -> list[dict[str, Any]] | None:
        """What events come to with the variables of each, by the operation's plan; None where not all go well."""
        try:
            answers = await self.operation.plans.events(self.schema, given, context, list(events))
        except UnplannedError:
            metrics.executions.labels("unplanned").inc()
        except Exception:  # noqa: BLE001 - whatever it is, the stock executor says it
            metrics.executions.labels("failed").inc()
        else:
            metrics.executions.labels("planned").inc()
            return answers
        context.forget()
        return None

    async def execute(self, events: Sequence[object], context: Context) -> list[ExecutionResult]:
        """The operation's answers to events, by its plan where all of them go well."""
        planned = await self.planned([self.given] * len(events), events, context)
        if planned is not None:
            return [ExecutionResult(data) for data in planned]
        return list(await asyncio.gather(*(self.stock(event, context) for event in events)))

    async def stock(self, event: object, context: Context) -> ExecutionResult:
        """The answer to one event by graphql-core's executor. Raises what a database raises that is away."""
        executor = self._executor.build_per_event_executor(event)
        executor.context_value = context
        running = executor.execute_operation(False)
        result = cast("ExecutionResult", await running if isawaitable(running) else running)
        for error in result.errors or ():
            if error.original_error and is_unavailable(error.original_error):
                raise error.original_error
        return result

    def key_with(self, variables: Mapping[str, Any]) -> tuple[str, str | None, bytes]:
        """What makes two of these the same."""
        return self.operation.text, self.operation.name, orjson.dumps(variables, option=orjson.OPT_SORT_KEYS)

    def shown(self, errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
        """Errors as clients may see them."""
        return shown(errors, suggestions=self.schema.documents.introspection)


def ending(error: Exception) -> Exception:
    """What is raised for what ends a subscription."""
    if isinstance(error, DocumentError) or is_unavailable(error):
        return error
    return DocumentError(error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error))
