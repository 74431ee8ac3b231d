"""The shape of an answer about the cascade: at which places of a document nodes are told, each by what is its own.

A fact about one node changes what is told of it, and of nothing else, where a document asks only for fields that are
read from the node's own row, or from rows that no such fact changes (`domain/reach`). Only such documents have a shape;
all others are answered anew whenever anything has changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLCompositeType,
    GraphQLSchema,
    InlineFragmentNode,
    ListTypeNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    is_composite_type,
)

from server.api.plans import Plans
from server.live.parts import Part, Parts, framed, put_together
from server.schema.cascade import COLUMNS, TYPES

_CASCADE = frozenset({"Node", "CascadeNode", "Measure", *(each.__name__ for each in TYPES.values())})
_PEOPLE = frozenset({"owner", "sponsor", "controller"})
_OWN = COLUMNS.keys() - {"parent", "milestones"}
_FIELDS: Mapping[str, frozenset[str]] = {
    "Query": frozenset({"node"}),
    "Person": frozenset({"id", "name", "email"}),
    "Money": frozenset({"amount", "currency"}),
    "CascadeConnection": frozenset({"edges", "pageInfo", "totalCount"}),
    "CascadeEdge": frozenset({"node", "cursor"}),
    "PageInfo": frozenset({"hasNextPage", "hasPreviousPage", "startCursor", "endCursor"}),
    **dict.fromkeys(_CASCADE, frozenset(_OWN)),
}
"""By type: what is read from a node's own row, or from what no fact of its own changes."""
_ARGUMENTS: Mapping[str, set[str]] = {"node": {"id"}, "children": {"first", "after"}}
"""Without a filter, and in the order of names: then no fact of a node's own changes what is listed, and where."""
_DIRECTIVES = {"skip", "include"}
_AS_THEY_ARE = frozenset(
    {"revision", "description", "business_unit", "tags", "risks", "overlaps", "hypothesis", "metric"}
)
"""Columns that are told as they stand in the row, and in the ledger."""
ANEW = "renewed"
"""The variable, and the response key, by which nodes are asked for anew."""


class ShapelessError(Exception):
    """A document that asks for more than what is each node's own."""


@dataclass(slots=True)
class Place:
    """A place of a document: what is asked of the things that stand there."""

    number: int
    kind: GraphQLCompositeType
    selected: list[SelectionNode]
    id_key: str | None = None
    """Under which key a thing's global id is told."""
    below: dict[str, "Place"] = field(default_factory=dict)
    """The places below it that lead to nodes, by response key."""
    columns: dict[str, list[str]] = field(default_factory=dict)
    """Under which keys what is read from a column is told."""

    def told(self, changed: Mapping[str, Any]) -> dict[str, Any] | None:
        """What is told of a node whose columns changed to these; None where it takes more to tell than their values."""
        asked = changed.keys() & self.columns.keys()
        return {key: changed[each] for each in asked for key in self.columns[each]} if asked <= _AS_THEY_ARE else None

    @property
    def is_node(self) -> bool:
        """Whether nodes of the cascade stand there."""
        return self.kind.name in _CASCADE


class Shape:
    """The shape of one operation. Raises ShapelessError."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        self._schema, self._operation = schema, operation
        nodes = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
        self._fragments = {each.name.value: each for each in nodes}
        self.places: list[Place] = []
        if schema.query_type is None or operation.operation is not OperationType.QUERY or operation.directives:
            raise ShapelessError(operation.operation.value)
        self._root = self._place(schema.query_type, list(operation.selection_set.selections))
        self._anew: dict[int, tuple[OperationDefinitionNode, DocumentNode, Plans]] = {}

    def cut(self, answer: Mapping[str, Any]) -> tuple[bytes, Parts]:
        """The body of an answer, and its parts. Raises ShapelessError where a node does not say which one it is."""
        parts: list[Part] = []
        others: set[str] = set()

        def framed_below(value: Any, place: Place) -> Any:
            if type(value) is list:
                return [framed_below(each, place) for each in value]
            if not value:
                return value
            if place.is_node and place.id_key not in value:
                raise ShapelessError("a node without its id")
            if place.is_node and not place.below:
                parts.append(Part(value[place.id_key], place.number, orjson.dumps(value)))
                return orjson.Fragment(framed(len(parts) - 1))
            if place.is_node:
                others.add(value[place.id_key])
            below = {key: framed_below(value[key], each) for key, each in place.below.items() if key in value}
            return {**value, **below}

        return put_together(orjson.dumps({**answer, "data": framed_below(answer["data"], self._root)}), parts, others)

    def anew(self, number: int) -> tuple[OperationDefinitionNode, DocumentNode, Plans]:
        """An operation that asks nodes for what is their own at a place, but for the people named there."""
        if number not in self._anew:
            place = self.places[number]
            variable = VariableNode(name=NameNode(value=ANEW))
            asked = FieldNode(
                name=NameNode(value="nodes"),
                alias=NameNode(value=ANEW),
                arguments=(ArgumentNode(name=NameNode(value="ids"), value=variable),),
                directives=(),
                selection_set=SelectionSetNode(selections=(_on(place.kind, _without_people(place.selected)),)),
            )
            each = NonNullTypeNode(type=NamedTypeNode(name=NameNode(value="ID")))
            kind = NonNullTypeNode(type=ListTypeNode(type=each))
            named = VariableDefinitionNode(variable=variable, type=kind, directives=())
            operation = OperationDefinitionNode(
                operation=OperationType.QUERY,
                name=self._operation.name,
                variable_definitions=(*(self._operation.variable_definitions or ()), named),
                directives=(),
                selection_set=SelectionSetNode(selections=(asked,)),
            )
            document = DocumentNode(definitions=(operation, *self._fragments.values()))
            self._anew[number] = operation, document, Plans(document, operation)
        return self._anew[number]

    def _place(self, kind: GraphQLCompositeType, selected: list[SelectionNode]) -> Place:
        place = Place(len(self.places), kind, selected)
        self.places.append(place)
        names: dict[str, str] = {}
        below: dict[str, tuple[GraphQLCompositeType, list[SelectionNode]]] = {}
        for on, node in self._fields(kind, selected):
            name = node.name.value
            key = node.alias.value if node.alias else name
            if names.setdefault(key, name) != name:
                raise ShapelessError(f"{key} means two fields")
            if name == "id":
                place.id_key = key
            for column in COLUMNS.get(name, ()) if place.is_node else ():
                if key not in place.columns.setdefault(column, []):
                    place.columns[column].append(key)
            if node.selection_set:
                reached = cast("GraphQLCompositeType", get_named_type(cast("Any", on).fields[name].type))
                found = below.setdefault(key, (reached, []))
                if found[0] is not reached:
                    raise ShapelessError(f"{key} is of two types")
                found[1].extend(node.selection_set.selections)
        places = {key: self._place(*each) for key, each in below.items()}
        place.below = {key: each for key, each in places.items() if each.is_node or each.below}
        if place.is_node and place.id_key is None:
            raise ShapelessError("nodes without an id")
        return place

    def _fields(
        self, kind: GraphQLCompositeType, selected: Iterable[SelectionNode]
    ) -> Iterator[tuple[GraphQLCompositeType, FieldNode]]:
        """The fields selected of a type, and of each narrower one. Raises ShapelessError for one of any other kind."""
        for node in selected:
            if any(each.name.value not in _DIRECTIVES for each in node.directives or ()):
                raise ShapelessError("a directive")
            if isinstance(node, FieldNode):
                given = {each.name.value for each in node.arguments or ()}
                name = node.name.value
                known = _FIELDS.get(kind.name, frozenset())
                if name != "__typename" and (name not in known or not given <= _ARGUMENTS.get(name, set())):
                    raise ShapelessError(f"{kind.name}.{name}")
                yield kind, node
                continue
            inner = node if isinstance(node, InlineFragmentNode) else self._fragments[cast("Any", node).name.value]
            named = inner.type_condition and self._schema.get_type(inner.type_condition.name.value)
            yield from self._fields(named if is_composite_type(named) else kind, inner.selection_set.selections)


def _on(kind: GraphQLCompositeType, selected: Iterable[SelectionNode]) -> InlineFragmentNode:
    on = NamedTypeNode(name=NameNode(value=kind.name))
    return InlineFragmentNode(
        type_condition=on, directives=(), selection_set=SelectionSetNode(selections=tuple(selected))
    )


def _without_people(selected: Iterable[SelectionNode]) -> Iterator[SelectionNode]:
    """No fact of a node's own changes who is named there, so that nobody needs to be read."""
    for node in selected:
        if isinstance(node, InlineFragmentNode):
            kept = tuple(_without_people(node.selection_set.selections))
            if kept:
                yield InlineFragmentNode(
                    type_condition=node.type_condition,
                    directives=node.directives,
                    selection_set=SelectionSetNode(selections=kept),
                )
        elif not isinstance(node, FieldNode) or node.name.value not in _PEOPLE:
            yield node
