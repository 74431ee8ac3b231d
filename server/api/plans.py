"""Plans: what answering one operation comes down to, worked out once for a document.

Which fields are asked of which type is left to graphql-core's own collecting of fields, so fragments, aliases and
directives mean here what they mean there. Types below an interface or a union are planned when the first value of
them is met: a document may name many that never come.
"""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    is_abstract_type,
    is_leaf_type,
    visit,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetailsList,
    FragmentDetails,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues, get_variable_values
from graphql.pyutils import Path
from strawberry.types.field import StrawberryField

from server.api.columns import Abstract, Objects, Selection
from server.api.completing import Completer, Leaf, Listed
from server.api.fields import Attribute, Field, Resolved, Typename, from_sources
from server.api.lanes import Given, Lane, lanes_of
from server.api.runs import Asked, Run, UnplannedError
from server.schema.rowed import Rowed

CHOICES_KEPT = 32
GIVEN_KEPT, LONGEST = 500, 64
_WORDS = frozenset({str, int, float, bool})


class Plans:
    """The plans of one operation: one for each choice of its `@skip` and `@include`."""

    def __init__(self, document: DocumentNode, operation: OperationDefinitionNode) -> None:
        nodes = [node for node in document.definitions if isinstance(node, FragmentDefinitionNode)]
        self.operation = operation
        self.fragments = {node.name.value: node for node in nodes}
        self._choosing = _choosing(document)
        self._kept: dict[tuple[Any, ...], Selection | None] = {}
        self._of_events: dict[tuple[Any, ...], tuple[str, Completer] | None] = {}
        self._given: dict[tuple[tuple[str, type, Any], ...], Given] = {}

    async def answer(self, schema: strawberry.Schema, variables: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """The data of an operation that goes well. Raises UnplannedError, or what went wrong."""
        if self.operation.operation is not OperationType.QUERY:
            raise UnplannedError("no query")
        given = self._read(schema, variables)
        plan = self._plan(schema, given.variables)
        run = Lane(Run(schema, self.operation, self.fragments, given.variables, context), given)
        answer: dict[str, Any] = (await plan.answers(run, [None]))[0]
        return answer

    def _read(self, schema: strawberry.Schema, variables: Mapping[str, Any]) -> Given:
        """The variables as their types read them: kept, where they are short words and numbers. Raises GraphQLError."""
        short = all(each is None or (type(each) in _WORDS and len(str(each)) <= LONGEST) for each in variables.values())
        sent = tuple((name, type(each), each) for name, each in variables.items()) if short else None
        given = self._given.get(sent) if sent is not None else None
        if given is None:
            found = get_variable_values(schema._schema, self.operation.variable_definitions or (), dict(variables))
            if isinstance(found, list):
                raise found[0]
            given = Given(found)
            if sent is not None:
                if len(self._given) >= GIVEN_KEPT:
                    self._given.clear()
                self._given[sent] = given
        return given

    def choice(self, variables: VariableValues) -> tuple[Any, ...]:
        """What decides which fields are answered: events of one choice are answered together."""
        return tuple(variables.coerced.get(name) for name in self._choosing)

    async def events(
        self, schema: strawberry.Schema, given: Sequence[Given], context: Any, events: list[Any]
    ) -> list[dict[str, Any]]:
        """The data that events of a subscription come to, which go well: each with its variables, of one choice.

        Raises UnplannedError, or what went wrong with any of them.
        """
        variables = given[0].variables
        chosen = self.choice(variables)
        if chosen not in self._of_events:
            if len(self._of_events) >= CHOICES_KEPT:
                self._of_events.clear()
            self._of_events[chosen] = None  # unless it can be planned
            self._of_events[chosen] = _Planner(schema, self.operation, self.fragments, variables).event()
        plan = self._of_events[chosen]
        if plan is None:
            raise UnplannedError("this subscription was not planned before")
        key, completer = plan
        run = Run(schema, self.operation, self.fragments, variables, context)
        lanes = lanes_of(run, given) if completer.varies else run
        return [{key: each} for each in await completer.completed(lanes, events)]

    def _plan(self, schema: strawberry.Schema, variables: VariableValues) -> Selection:
        chosen = self.choice(variables)
        if chosen not in self._kept:
            if len(self._kept) >= CHOICES_KEPT:
                self._kept.clear()
            self._kept[chosen] = None  # unless it can be planned
            self._kept[chosen] = _Planner(schema, self.operation, self.fragments, variables).root()
        plan = self._kept[chosen]
        if plan is None:
            raise UnplannedError("this operation was not planned before")
        return plan


def _choosing(document: DocumentNode) -> tuple[str, ...]:
    """The variables on which it depends which fields are answered."""
    found: set[str] = set()

    class Directives(Visitor):
        def enter_directive(self, node: Any, *_: Any) -> None:
            found.update(each.value.name.value for each in node.arguments if isinstance(each.value, VariableNode))

    visit(document, Directives())
    return tuple(sorted(found))


class _Planner:
    """Plans one operation with the choices of one request."""

    def __init__(
        self,
        schema: strawberry.Schema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        variables: VariableValues,
    ) -> None:
        if any(fragment.variable_definitions for fragment in fragments.values()):
            raise UnplannedError("a fragment with variables")
        self.schema, self.graphql, self.operation, self.variables = schema, schema._schema, operation, variables
        self.fragments = {name: FragmentDetails(node) for name, node in fragments.items()}

    def root(self) -> Selection:
        """The plan of the whole operation. Raises UnplannedError."""
        kind = self.graphql.get_root_type(self.operation.operation)
        if kind is None:
            raise UnplannedError("no such operation")
        collected = collect_fields(self.graphql, self.fragments, self.variables, kind, self.operation)
        return self._selection(kind, collected, None, below_list=False)

    def event(self) -> tuple[str, Completer]:
        """Where the events of a subscription stand in its answers, and how each is completed. Raises UnplannedError."""
        kind = self.graphql.subscription_type
        if kind is None:
            raise UnplannedError("no subscriptions")
        collected = collect_fields(self.graphql, self.fragments, self.variables, kind, self.operation)
        ((key, asked),) = collected.grouped_field_set.items()
        definition = kind.fields[asked[0].node.name.value]
        place = Asked(
            kind, definition, [each.node for each in asked], definition.extensions["strawberry-definition"], None
        )
        return key, self._completer(definition.type, asked, place, None)

    def _below(self, kind: GraphQLObjectType, asked: FieldDetailsList, path: Path | None) -> Selection:
        collected = collect_subfields(self.graphql, self.fragments, self.variables, self.operation, kind, asked)
        return self._selection(kind, collected, path, below_list=path is None)

    def _selection(
        self, kind: GraphQLObjectType, collected: CollectedFields, above: Path | None, *, below_list: bool
    ) -> Selection:
        if collected.new_defer_usages:
            raise UnplannedError("deferred fields")
        fields = {
            key: self._field(kind, asked, None if below_list else Path(above, key, kind.name))
            for key, asked in collected.grouped_field_set.items()
        }
        return Selection(tuple(fields), tuple(fields.values()))

    def _field(self, parent: GraphQLObjectType, asked: FieldDetailsList, path: Path | None) -> Field:
        name = asked[0].node.name.value
        if name == "__typename":
            return Typename(parent.name)
        definition = parent.fields.get(name)
        field = definition and definition.extensions.get("strawberry-definition")
        if definition is None or type(field) is not StrawberryField or field.extensions:
            raise UnplannedError(f"{parent.name}.{name}")
        place = Asked(parent, definition, [each.node for each in asked], field, path)
        completer = self._completer(definition.type, asked, place, path)
        if place.resolver is not None:
            return Resolved(place, completer)
        if field.default_resolver is not getattr:
            raise UnplannedError("another way to read attributes")
        origin = parent.extensions["strawberry-definition"].origin
        if issubclass(origin, Rowed):
            return from_sources(origin.columns[field.python_name], completer)
        return Attribute(attrgetter(field.python_name), completer)

    def _completer(
        self,
        kind: GraphQLOutputType,
        asked: FieldDetailsList,
        place: Asked,
        path: Path | None,
        *,
        required: bool = False,
    ) -> Completer:
        """How results of a type are completed; `path` is None below a list."""
        if isinstance(kind, GraphQLNonNull):
            return self._completer(kind.of_type, asked, place, path, required=True)
        if isinstance(kind, GraphQLList):
            return Listed(self._completer(kind.of_type, asked, place, None), required=required)
        if is_leaf_type(kind):
            return Leaf(kind, required=required)
        if is_abstract_type(kind):

            def plan(each: GraphQLObjectType) -> Objects:
                return Objects(each, self._below(each, asked, path), place, required=True)

            return Abstract(kind, self.graphql.get_possible_types(kind), plan, place, required=required)
        if isinstance(kind, GraphQLObjectType):
            return Objects(kind, self._below(kind, asked, path), place, required=required)
        raise UnplannedError(f"results of type {kind}")
