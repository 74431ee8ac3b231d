"""Subscriptions that may be shared, as cohorts ask them: one execution for all who have equal rights (`live/cohorts`).

Shared are operations whose one root field is `watch` or `activity`, spelt without directives. Any other runs for its
caller alone.
"""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

from graphql import FieldNode, OperationType

from server.api.account_question import AccountQuestion
from server.api.callers import Caller
from server.api.documents import Operation
from server.api.operations import ApiSchema, Operations
from server.api.watch_question import WatchQuestion
from server.live.questions import Telling, Watching


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
    return AccountQuestion(schema, operation, node, given, caller)


def shared_with(
    operations: Operations, operation: Operation, variables: Mapping[str, Any] | None, caller: Caller
) -> AsyncGenerator[bytes, None] | None:
    """The payloads of a subscription that is shared with others; None where it is not. Raises DocumentError."""
    if operations.audience is None or caller.viewer is None:
        return None
    question = question_of(operations.schema, operation, variables, caller)
    return operations.audience.listen(question, caller.viewer) if question else None
