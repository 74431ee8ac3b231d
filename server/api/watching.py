"""What a live query selects: the stamp, which is no change by itself, and whether its answer goes beyond its branch."""

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


BREADCRUMBS = frozenset({"parent", "ancestors"})
OF_CRUMBS = frozenset({"__typename", "id", "level", "name"})
"""What changes with a fact of the node itself, whose path touches all that lies below it."""
BEYOND = frozenset({"at", "awaits", "awaitedBy", "chain", "initiative", "measure", "on", "plan", "rewards", "under"})
"""Fields that lead to things of other branches."""


class Repeats:
    """Remembers the last answer of one operation, where that is a live query."""

    def __init__(self, operation: Operation) -> None:
        self._stamps = stamps(operation)
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


def stamps(operation: Operation) -> dict[str, set[str]]:
    """Response key of each live query → the response keys of its stamp."""
    if operation.type is not OperationType.SUBSCRIPTION:
        return {}
    fragments = {n.name.value: n for n in operation.document.definitions if isinstance(n, FragmentDefinitionNode)}
    live = [node for node in _fields(operation.node.selection_set, fragments) if node.name.value == LIVE_FIELD]
    return {
        key_of(node): {key_of(each) for each in _fields(node.selection_set, fragments) if each.name.value == STAMP}
        for node in live
        if node.selection_set
    }


def leaves_branch(operation: Operation) -> bool:
    """Whether an answer may change with things beside the path of the node it is about."""
    fragments = {n.name.value: n for n in operation.document.definitions if isinstance(n, FragmentDefinitionNode)}
    ahead = _fields(operation.node.selection_set, fragments)
    while ahead:
        node = ahead.pop()
        below = _fields(node.selection_set, fragments) if node.selection_set else []
        crumbs = node.name.value in BREADCRUMBS
        if node.name.value in BEYOND or (crumbs and any(each.name.value not in OF_CRUMBS for each in below)):
            return True
        ahead += below
    return False


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


def key_of(node: FieldNode) -> str:
    """Where a field stands in the answer."""
    return (node.alias or node.name).value
