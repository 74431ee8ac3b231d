"""A live query says nothing while nothing changed: what repeats the last answer of `watch` is not sent.

The seam for shared execution (`live/cohorts.py`): one comparison per distinct operation instead of one per listener.
"""

from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationType,
    SelectionSetNode,
)
from strawberry.types.execution import ExecutionResult

from server.api.documents import Operation

LIVE_FIELD = "watch"
STAMP = "revision"
"""Each answer is stamped with the organization's revision, which moves with every write: it is no change by itself."""


class Repeats:
    """Remembers the last answer of one operation, where that is a live query."""

    def __init__(self, operation: Operation) -> None:
        self._stamps = _stamps(operation)
        self._last: object = None

    def last(self, result: ExecutionResult) -> bool:
        """Whether this answer repeats the last one, its stamp apart."""
        if not self._stamps:
            return False
        told = self._told(result)
        if told == self._last:
            return True
        self._last = told
        return False

    def _told(self, result: ExecutionResult) -> object:
        told: dict[str, Any] = {}
        for key, value in (result.data or {}).items():
            if isinstance(value, dict):
                told[key] = {
                    name: each for name, each in value.items() if name not in self._stamps.get(key, ())
                } or value
        return told, [(error.message, error.path) for error in result.errors or ()]


def _stamps(operation: Operation) -> dict[str, set[str]]:
    """Response key of each live query → the response keys of its stamp."""
    if operation.type is not OperationType.SUBSCRIPTION:
        return {}
    fragments = {n.name.value: n for n in operation.document.definitions if isinstance(n, FragmentDefinitionNode)}
    live = [node for node in _fields(operation.node.selection_set, fragments) if node.name.value == LIVE_FIELD]
    return {
        _key(node): {_key(each) for each in _fields(node.selection_set, fragments) if each.name.value == STAMP}
        for node in live
        if node.selection_set
    }


def _fields(selection_set: SelectionSetNode, fragments: dict[str, FragmentDefinitionNode]) -> list[FieldNode]:
    found: list[FieldNode] = []
    for node in selection_set.selections:
        if isinstance(node, FieldNode):
            found.append(node)
        elif isinstance(node, InlineFragmentNode):
            found += _fields(node.selection_set, fragments)
        elif isinstance(node, FragmentSpreadNode):
            found += _fields(fragments[node.name.value].selection_set, fragments)
    return found


def _key(node: FieldNode) -> str:
    return (node.alias or node.name).value
