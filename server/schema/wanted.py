"""Which columns of rows a document wants, so that a list reads no others. It is told from the names of the fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from server.schema.context import Info


def names_below(info: Info, *path: str) -> frozenset[str]:
    """The names of all fields selected at a path below a field, whatever type or choice they depend on."""
    fragments = info._raw_info.fragments
    found: list[Any] = list(info._raw_info.field_nodes)
    for step in path:
        found = [each for each in _fields(found, fragments) if each.name.value == step]
    return frozenset(each.name.value for each in _fields(found, fragments))


def _fields(nodes: list[Any], fragments: Mapping[str, Any]) -> Iterator[FieldNode]:
    open_sets: list[SelectionSetNode] = [node.selection_set for node in nodes if node.selection_set]
    while open_sets:
        for node in open_sets.pop().selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                open_sets.append(fragments[node.name.value].selection_set)
            elif isinstance(node, InlineFragmentNode):
                open_sets.append(node.selection_set)
