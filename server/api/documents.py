"""Documents, parsed and validated once each, and the Strawberry extension through which execution finds them."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    IntValueNode,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from strawberry.extensions import SchemaExtension
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from server.api.errors import DocumentError
from server.api.limits import Limits, Scales, excess, limits_rule, size_of
from server.api.plans import Plans

KEPT = 1_000
KEPT_LENGTH = 20_000
"""Longer documents are not kept: clients send few of them, attackers many."""
MAX_LENGTH = 200_000
COSTS_KEPT = 32
NOTHING = DocumentNode(definitions=())


@dataclass(slots=True)
class Prepared:
    """One document text: parsed and validated, or what is wrong with it."""

    document: DocumentNode = NOTHING
    errors: list[GraphQLError] = field(default_factory=list)
    operations: list[OperationDefinitionNode] = field(default_factory=list)
    sized_by: tuple[str, ...] = ()
    costs: dict[tuple[str | None, tuple[int, ...]], int] = field(default_factory=dict)
    plans: dict[str | None, Plans] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation a request means. Raises DocumentError."""
        if self.errors:
            raise DocumentError(*self.errors)
        if name is None and len(self.operations) == 1:
            return self.operations[0]
        for operation in self.operations:
            if name is not None and operation.name and operation.name.value == name:
                return operation
        names = ", ".join(sorted(operation.name.value for operation in self.operations if operation.name)) or "none"
        wrong = f"There is no operation “{name}” in this document" if name else "Name one operation in `operationName`"
        raise DocumentError(GraphQLError(f"{wrong}; it has: {names}.", extensions={"code": "OPERATION_UNKNOWN"}))


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that may be run: admitted by every limit."""

    text: str
    name: str | None
    type: OperationType
    node: OperationDefinitionNode
    document: DocumentNode
    cost: int
    plans: Plans


class Documents:
    """The documents of one schema. Keeps the last thousand, whatever their outcome."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, introspection: bool = True) -> None:
        self.schema, self.limits, self.introspection = schema, limits, introspection
        self._kept: OrderedDict[str, Prepared] = OrderedDict()
        closed = () if introspection else (NoSchemaIntrospectionCustomRule,)
        strawberrys = (MaybeNullValidationRule, OneOfInputValidationRule)
        self._rules = (limits_rule(limits), *specified_rules, *strawberrys, *closed)

    def prepare(self, text: str) -> Prepared:
        """Parse and validate, or find what came of it the last time."""
        if text in self._kept:
            self._kept.move_to_end(text)
            return self._kept[text]
        prepared = self._prepared(text)
        if len(text) <= KEPT_LENGTH:
            self._kept[text] = prepared
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return prepared

    def admit(self, text: str, name: str | None = None, variables: Mapping[str, Any] | None = None) -> Operation:
        """The operation to run. Raises DocumentError with every reason why not."""
        prepared = self.prepare(text)
        node = prepared.operation(name)
        cost = self._cost(prepared, node, name, variables or {})
        if cost > self.limits.cost:
            raise DocumentError(excess("cost", self.limits.cost, cost))
        if name not in prepared.plans:
            prepared.plans[name] = Plans(prepared.document, node)
        return Operation(text, name, node.operation, node, prepared.document, cost, prepared.plans[name])

    def _prepared(self, text: str) -> Prepared:
        most = self.limits.tokens
        try:
            document = parse(text, max_lexical_tokens=most, max_comments=most, max_source_length=MAX_LENGTH)
        except GraphQLSyntaxError as error:
            return Prepared(errors=[self._too_long(text, error)])
        errors = validate(self.schema, document, self._rules, hide_suggestions=not self.introspection)
        operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        return Prepared(document, errors, operations, () if errors else self._sized_by(document, operations))

    def _sized_by(self, document: DocumentNode, operations: list[OperationDefinitionNode]) -> tuple[str, ...]:
        scales = Scales(self.schema, document)
        for operation in operations:
            scales.weigh(operation)
        return tuple(sorted(scales.sized_by))

    def _too_long(self, text: str, error: GraphQLSyntaxError) -> GraphQLError:
        if "Parsing aborted" not in error.message:
            return error
        if len(text) > MAX_LENGTH:
            return excess("length", MAX_LENGTH, len(text))
        return excess("tokens", self.limits.tokens, self.limits.tokens + 1) if "nested" not in error.message else error

    def _cost(
        self, prepared: Prepared, node: OperationDefinitionNode, name: str | None, variables: Mapping[str, Any]
    ) -> int:
        values = {**_defaults(node), **variables} if prepared.sized_by else {}
        key = (name, tuple(size_of(values.get(each)) for each in prepared.sized_by))
        if key not in prepared.costs:
            if len(prepared.costs) >= COSTS_KEPT:
                prepared.costs.clear()
            prepared.costs[key] = Scales(self.schema, prepared.document, values).weigh(node).cost
        return prepared.costs[key]


def _defaults(node: OperationDefinitionNode) -> dict[str, int]:
    """Declared defaults of whole-number variables; any other default is weighed as a full page."""
    given = {each.variable.name.value: each.default_value for each in node.variable_definitions or ()}
    return {name: int(value.value[:9]) for name, value in given.items() if isinstance(value, IntValueNode)}


class FromDocuments(SchemaExtension):
    """Gives Strawberry the prepared document of a text instead of letting it parse and validate again.

    Its schema is an `ApiSchema`. A text that cannot be parsed is left to Strawberry, which finds the same error.
    """

    def on_parse(self) -> Iterator[None]:
        """Hand over the parsed document."""
        context = self.execution_context
        prepared = _documents(context.schema).prepare(context.query or "")
        if prepared.document is not NOTHING:
            context.graphql_document = prepared.document
        else:
            context.parse_options["max_tokens"] = _documents(context.schema).limits.tokens
        yield

    def on_validate(self) -> Iterator[None]:
        """Hand over what validation found."""
        context = self.execution_context
        context.pre_execution_errors = list(_documents(context.schema).prepare(context.query or "").errors)
        yield


def _documents(schema: Any) -> Documents:
    documents: Documents = schema.documents
    return documents
