"""One run of a planned operation: what its resolvers are handed, made once for a field and not once for a value."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, cast
from uuid import UUID

import strawberry
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    print_ast,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import _OperationContextAwareGraphQLResolveInfo as RawInfo
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from server.schema.fields import Together
from server.schema.past import context_below

CONSTANT = (NoneType, bool, int, str, float, Decimal, date, Enum, UUID)
"""Arguments of these classes no resolver can change."""


class UnplannedError(Exception):
    """The stock executor has to answer: this is not planned for, or went wrong."""


class PlannedInfo(RawInfo):
    """What a resolver is handed. It is the same for all things of a list, so below one there is no path to tell."""

    __slots__ = ()

    @property
    def path(self) -> Path:
        """Where it is answered. Raises UnplannedError below a list."""
        path: Path | None = self[4]
        if path is None:
            raise UnplannedError("the path of one thing of a list")
        return path


@dataclass(slots=True, eq=False)
class Asked:
    """A field at one place of a document. `path` is None below a list, `resolver` for what is an attribute."""

    parent: GraphQLObjectType
    definition: GraphQLField
    nodes: list[FieldNode]
    strawberry: StrawberryField
    path: Path | None
    resolver: Callable[..., Any] | None = field(default=None, init=False)
    together: Together | None = field(default=None, init=False)
    is_async: bool = field(default=False, init=False)
    takes_self: bool = field(default=False, init=False)
    parent_name: str | None = field(default=None, init=False)
    info_name: str | None = field(default=None, init=False)
    constant: dict[str, Any] | None = field(default=None, init=False)
    """Its arguments, where they are the same in every run."""
    varies: bool = field(init=False)
    """Whether variables stand in its arguments."""

    def __post_init__(self) -> None:
        self.varies = "$" in "".join(map(print_ast, self.nodes[0].arguments or ()))  # in a text it does no harm
        resolver = self.strawberry.base_resolver
        if resolver is None:
            return
        if not callable(resolver.wrapped_func):
            raise UnplannedError("a resolver that cannot be called")
        parent, info = resolver.parent_parameter or resolver.root_parameter, resolver.info_parameter
        self.resolver, self.is_async = resolver.wrapped_func, self.strawberry.is_async
        self.together = getattr(resolver.wrapped_func, "together", None)
        self.takes_self = resolver.self_parameter is not None
        self.parent_name, self.info_name = parent.name if parent else None, info.name if info else None

    @property
    def root_key(self) -> str | int | None:
        """The response key of a field of the root type."""
        return self.path.key if self.path is not None and self.path.prev is None else None


class Run:
    """One run: who asks, with which variables."""

    __slots__ = ("_infos", "_named", "context", "fragments", "operation", "schema", "variables")

    def __init__(
        self,
        schema: strawberry.Schema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        variables: VariableValues,
        context: Any,
    ) -> None:
        self.schema, self.operation, self.fragments = schema, operation, fragments
        self.variables, self.context = variables, context
        self._infos: dict[Asked, PlannedInfo] = {}
        self._named: dict[Asked, dict[str, Any]] = {}

    def below(self, asked: Asked) -> "Run":
        """What answers below a field: the same, except below a root field that was asked as of then."""
        if asked.root_key is None:
            return self
        context = context_below(self.context, asked.root_key)
        if context is self.context:
            return self
        return Run(self.schema, self.operation, self.fragments, self.variables, context)

    def raw_info(self, asked: Asked) -> GraphQLResolveInfo[Any]:
        """What GraphQL tells a resolver."""
        info = self._infos.get(asked)
        if info is None:
            info = self._infos[asked] = PlannedInfo(
                asked.nodes[0].name.value,
                asked.nodes,
                asked.definition.type,
                asked.parent,
                asked.path,  # type: ignore[arg-type]  # None is refused when it is asked for
                self.schema._schema,
                self.fragments,
                None,
                self.operation,
                self.variables.coerced,
                self.context,
                optimized_is_awaitable,
                None,
                None,
                {},
            )
        return cast("GraphQLResolveInfo[Any]", info)

    def named(self, asked: Asked) -> dict[str, Any]:
        """The named arguments of a resolver, converted. Raises GraphQLError for wrong ones."""
        named = self._named.get(asked)
        if named is None:
            named = self._named[asked] = dict(asked.constant if asked.constant is not None else self._arguments(asked))
            if asked.info_name:
                info = self.schema.config.info_class(_raw_info=self.raw_info(asked), _field=asked.strawberry)
                named[asked.info_name] = info
        return named

    def _arguments(self, asked: Asked) -> dict[str, Any]:
        node = asked.nodes[0]
        if not asked.definition.args and not node.arguments:
            asked.constant = {}
            return asked.constant
        given = get_argument_values(asked.definition, node, self.variables)
        converter = self.schema.schema_converter
        found = convert_arguments(given, asked.strawberry.arguments, converter.scalar_registry, self.schema.config)
        if not asked.varies and all(isinstance(each, CONSTANT) for each in found.values()):
            asked.constant = found
        return found
