"""Subscriptions that may be shared, as cohorts ask them: one execution for all who have equal rights (`live/cohorts`).

Shared are operations whose one root field is `watch` or `activity`, spelt without directives. Any other runs for its
caller alone.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from inspect import isawaitable
from secrets import token_hex
from typing import Any, cast
from uuid import UUID

import orjson
from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    OperationType,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import get_argument_values
from strawberry.execution import optimized_is_awaitable

from server import metrics
from server.api.callers import Caller, Reply
from server.api.documents import Operation
from server.api.errors import DocumentError, shown
from server.api.operations import ApiSchema, Operations
from server.api.runs import UnplannedError
from server.api.watching import key_of, leaves_branch, stamps
from server.domain.facts import FactKind
from server.domain.people import Viewer
from server.live.cohorts import Account, Answer, Telling, Watching
from server.live.pulse import Page
from server.models.database import is_unavailable
from server.resolvers.ledger import begun, told, watched
from server.schema import ids
from server.schema.context import Context

STAMP = token_hex(16)
"""Stands where the revision is stamped until an answer is sent; nobody can have put it into a text."""


def question_of(
    schema: ApiSchema, operation: Operation, variables: Mapping[str, Any] | None, caller: Caller
) -> Watching | Telling | None:
    """What a subscription asks of cohorts; None where it runs for its caller alone. Raises DocumentError."""
    selections = operation.node.selection_set.selections
    if operation.type is not OperationType.SUBSCRIPTION or caller.viewer is None or len(selections) != 1:
        return None
    node = selections[0]
    if not isinstance(node, FieldNode) or node.directives or node.name.value not in ("watch", "activity"):
        return None
    declared = {each.variable.name.value for each in operation.node.variable_definitions or ()}
    given = {name: value for name, value in (variables or {}).items() if name in declared}
    if node.name.value == "watch":
        return WatchQuestion(schema, operation, node, given, caller)
    return ActivityQuestion(schema, operation, node, given, caller)


def shared_with(
    operations: Operations, operation: Operation, variables: Mapping[str, Any] | None, caller: Caller
) -> AsyncGenerator[bytes, None] | None:
    """The payloads of a subscription that is shared with others; None where it is not. Raises DocumentError."""
    if operations.audience is None or caller.viewer is None:
        return None
    question = question_of(operations.schema, operation, variables, caller)
    return operations.audience.listen(question, caller.viewer) if question else None


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
        self._executor = built
        root = cast("GraphQLObjectType", self.schema._schema.subscription_type)
        definition = root.fields[self.node.name.value]
        try:
            self.arguments = get_argument_values(definition, self.node, built.variable_values)
        except GraphQLError as error:
            raise DocumentError(error) from error

    def context(self, viewer: Viewer) -> Context:
        """A fresh context for one execution with the rights of a viewer."""
        return cast("Context", replace(self.caller, viewer=viewer).context(Reply()))  # type: ignore[type-var]

    async def execute(self, events: Sequence[object], context: Context) -> list[ExecutionResult]:
        """The operation's answers to events, by its plan where all of them go well."""
        variables = self._executor.variable_values
        try:
            planned = await self.operation.plans.events(self.schema, variables, context, list(events))
        except UnplannedError:
            metrics.executions.labels("unplanned").inc()
        except Exception:  # noqa: BLE001 - whatever it is, the stock executor says it
            metrics.executions.labels("failed").inc()
        else:
            metrics.executions.labels("planned").inc()
            return [ExecutionResult(data, None) for data in planned]
        context.forget()
        return list(await asyncio.gather(*(self._stock(event, context) for event in events)))

    async def _stock(self, event: object, context: Context) -> ExecutionResult:
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

    def shown(self, result: ExecutionResult) -> list[dict[str, Any]]:
        """Its errors as clients may see them."""
        return shown(result.errors or (), suggestions=self.schema.documents.introspection)


class WatchQuestion(Shared):
    """A live query."""

    _errors: tuple[object, list[dict[str, Any]]] = ((), [])

    @cached_property
    def key(self) -> tuple[str, str | None, bytes]:
        """What it asks."""
        return self.key_with(self.variables)

    @cached_property
    def branch(self) -> UUID | None:
        """The node it is about, unless its answer goes beyond the node's branch."""
        known = ids.read(self.arguments["id"])
        return None if known is None or known[0] != "node" or leaves_branch(self.operation) else known[1]

    @cached_property
    def _stamps(self) -> set[str]:
        return stamps(self.operation)[key_of(self.node)]

    async def answer(self, viewer: Viewer, revision: int) -> Answer:
        """Its answer now."""
        context = self.context(viewer)
        try:
            event = await watched(context, self.arguments["id"], revision)
        except Exception as error:
            raise _ending(error) from error
        (result,) = await self.execute([event], context)
        root = result.data and result.data.get(key_of(self.node))
        if isinstance(root, dict) and root.keys() - self._stamps:
            root.update(dict.fromkeys(self._stamps & root.keys(), STAMP))
        data = orjson.dumps(result.data)
        same = (data, tuple((error.message, tuple(error.path or ())) for error in result.errors or ()))
        told = data.replace(STAMP.encode(), str(revision).encode()) if self._stamps else data
        return Answer(same, self._payload(result, same[1], told), context.personal, context.until)

    def _payload(self, result: ExecutionResult, same: object, data: bytes) -> bytes:
        if not result.errors:
            return b'{"data":' + data + b"}"
        if self._errors[0] != same:  # a bug is logged once, and not at every turn
            self._errors = same, self.shown(result)
        return b'{"errors":' + orjson.dumps(self._errors[1]) + b',"data":' + data + b"}"


class ActivityQuestion(Shared):
    """An account of what happens."""

    @cached_property
    def key(self) -> tuple[str, str | None, bytes]:
        """What it asks. From where on is each listener's own affair."""
        resumes = next((each.value for each in self.node.arguments or () if each.name.value == "after"), None)
        name = resumes.name.value if isinstance(resumes, VariableNode) else None
        if name and _uses(self.operation, name) > 1:
            name = None
        return self.key_with({each: value for each, value in self.variables.items() if each != name})

    @cached_property
    def branch(self) -> UUID | None:
        """The node below which it tells what happens."""
        known = ids.read(self.arguments.get("under") or "")
        return known[1] if known and known[0] == "node" else None

    @cached_property
    def _kinds(self) -> list[FactKind] | None:
        kinds = self.arguments.get("kinds")
        return None if kinds is None else [FactKind(getattr(kind, "value", kind)) for kind in kinds]

    async def begin(self, viewer: Viewer, newest: int) -> tuple[int, list[bytes]]:
        """Where it goes on for a viewer, and a RESET before where what they ask for is not replayed to them."""
        context = self.context(viewer)
        try:
            revision, reset = await begun(context, self.arguments.get("under"), self.arguments.get("after"), newest)
        except Exception as error:
            raise _ending(error) from error
        if reset is None:
            return revision, []
        return revision, [self._payload(result) for result in await self.execute([reset], context)]

    async def tell(self, viewer: Viewer, page: Page) -> Account:
        """What these facts come to."""
        context = self.context(viewer)
        try:
            facts = await told(context, page, self.arguments.get("under"), self._kinds)
        except Exception as error:
            raise _ending(error) from error
        results = await self.execute(facts, context) if facts else []
        told_of = [(int(fact.revision), self._payload(result)) for fact, result in zip(facts, results, strict=True)]
        return Account(told_of, context.personal)

    def _payload(self, result: ExecutionResult) -> bytes:
        errors = {"errors": self.shown(result)} if result.errors else {}
        return orjson.dumps({**errors, "data": result.data})


def _ending(error: Exception) -> Exception:
    """What is raised for what ends a subscription."""
    if isinstance(error, DocumentError) or is_unavailable(error):
        return error
    return DocumentError(error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error))


def _uses(operation: Operation, variable: str) -> int:
    """How often a variable stands in a document, its declaration apart."""

    class Counting(Visitor):
        found = 0

        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            self.found += node.name.value == variable

    counting = Counting()
    visit(operation.document, counting)
    return counting.found - 1
