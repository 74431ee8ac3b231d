"""How much one operation may ask for: depth, aliases, spreads, directives and cost, weighed by one memoised rule.

Stock rules walk every spread again, so 748 bytes of fragments that spread the next one twice keep a server busy for
seconds. Here each selection is visited once: a fragment is weighed once, and a spread adds its weight.

Cost counts the objects that may be returned: 1 for each field that yields an object, times the page size below a
connection. A connection's plumbing (`edges`, `pageInfo`) and leaf fields are free. Introspection has neither depth nor
cost (graphql-core's own rule bounds it).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_leaf_type,
    is_list_type,
)
from graphql.validation.validate import ValidationAbortedError

MAX_PAGE = 100
"""The largest page a connection gives; what a variable without a value is weighed as."""
LIST_SIZE = 5
"""What a list without a page size is weighed as."""
SIZE_ARGUMENTS = ("first", "last", "ids")
PLUMBING = frozenset({"edges", "pageInfo"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one operation may weigh."""

    depth: int = 12
    aliases: int = 15
    spreads: int = 500
    directives: int = 50
    cost: int = 50_000
    tokens: int = 2_000


@dataclass(frozen=True, slots=True)
class Weight:
    """What a selection amounts to, its fragments expanded."""

    depth: int = 0
    aliases: int = 0
    spreads: int = 0
    directives: int = 0
    cost: int = 0

    def beside(self, other: "Weight") -> "Weight":
        """Both, side by side."""
        return Weight(
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.spreads + other.spreads,
            self.directives + other.directives,
            self.cost + other.cost,
        )


NOTHING = Weight()


@dataclass(slots=True)
class Scales:
    """Weighs the operations of one document. Variables decide page sizes; without them a variable weighs `MAX_PAGE`."""

    schema: GraphQLSchema
    document: DocumentNode
    variables: Mapping[str, Any] = field(default_factory=dict)
    visits: int = 0
    """Selections looked at so far; never more than the document has."""
    sized_by: set[str] = field(default_factory=set)
    """Variables that decide a page size."""
    _fragments: dict[str, FragmentDefinitionNode] = field(init=False)
    _known: dict[str, Weight] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = (node for node in self.document.definitions if isinstance(node, FragmentDefinitionNode))
        self._fragments = {node.name.value: node for node in found}
        self._weigh_fragments()

    def weigh(self, operation: OperationDefinitionNode) -> Weight:
        """What an operation amounts to."""
        root = self.schema.get_root_type(operation.operation)
        weight = self._selections(operation.selection_set, root)
        return weight.beside(Weight(directives=len(operation.directives or ())))

    def _weigh_fragments(self) -> None:
        """Weigh each fragment after those it spreads; with its own stack, since chains may be longer than Python's.

        A spread that closes a cycle weighs nothing here: the document is refused for the cycle.
        """
        seen: set[str] = set()
        for root in self._fragments:
            stack = [root] if root not in seen else []
            ahead = {root: _spreads(self._fragments[root].selection_set)}
            seen.add(root)
            while stack:
                below = next((n for n in ahead[stack[-1]] if n in self._fragments and n not in seen), None)
                if below is None:
                    name = stack.pop()
                    self._known[name] = self._weigh_fragment(self._fragments[name])
                else:
                    seen.add(below)
                    ahead[below] = _spreads(self._fragments[below].selection_set)
                    stack.append(below)

    def _weigh_fragment(self, node: FragmentDefinitionNode) -> Weight:
        weight = self._selections(node.selection_set, self._type(node.type_condition.name.value))
        return weight.beside(Weight(directives=len(node.directives or ())))

    def _selections(self, selection_set: SelectionSetNode, parent: GraphQLCompositeType | None) -> Weight:
        weight = NOTHING
        for node in selection_set.selections:
            self.visits += 1
            match node:
                case FieldNode():
                    part = self._field(node, parent)
                case InlineFragmentNode():
                    condition = node.type_condition
                    part = self._selections(
                        node.selection_set, self._type(condition.name.value) if condition else parent
                    )
                case FragmentSpreadNode():
                    part = self._known.get(node.name.value, NOTHING).beside(Weight(spreads=1))
                case _:
                    part = NOTHING
            weight = weight.beside(part).beside(Weight(directives=len(node.directives or ())))
        return weight

    def _field(self, node: FieldNode, parent: GraphQLCompositeType | None) -> Weight:
        definition = self.schema.get_field(parent, node.name.value) if parent else None
        yields = get_named_type(definition.type) if definition else None
        below = NOTHING
        if node.selection_set:
            below = self._selections(node.selection_set, yields if is_composite_type(yields) else None)
        introspects = node.name.value.startswith("__")
        cost = 0
        if definition and not introspects and not is_leaf_type(yields):
            cost = self._cost(node, definition, parent, below.cost)
        depth = 1 if introspects else 1 + below.depth
        return Weight(depth, below.aliases + (node.alias is not None), below.spreads, below.directives, cost)

    def _cost(self, node: FieldNode, field_: GraphQLField, parent: GraphQLCompositeType | None, below: int) -> int:
        if node.name.value in PLUMBING and parent is not None and parent.name.endswith("Connection"):
            return below
        size = self._size(node, field_)
        if is_list_type(get_nullable_type(field_.type)):
            return (LIST_SIZE if size is None else size) * (1 + below)
        return 1 + (1 if size is None else size) * below

    def _size(self, node: FieldNode, definition: GraphQLField) -> int | None:
        """The number of things a field is asked for, where an argument says it."""
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        for name in SIZE_ARGUMENTS:
            if name in given:
                return self._value(given[name])
        defaults = [definition.args[name].default_value for name in SIZE_ARGUMENTS if name in definition.args]
        return next((value for value in defaults if isinstance(value, int)), MAX_PAGE) if defaults else None

    def _value(self, value: ValueNode) -> int:
        match value:
            case IntValueNode():
                return max(int(value.value[:9]), 0)  # nine digits exceed any limit, thousands take long to read
            case ListValueNode():
                return len(value.values)
            case VariableNode():
                self.sized_by.add(value.name.value)
                return size_of(self.variables.get(value.name.value))
        return MAX_PAGE

    def _type(self, name: str) -> GraphQLCompositeType | None:
        found = self.schema.get_type(name)
        return found if is_composite_type(found) else None


def size_of(value: object) -> int:
    """How many things a variable's value asks for."""
    match value:
        case bool():
            return MAX_PAGE
        case int():
            return max(value, 0)
        case list():
            return len(value)
    return MAX_PAGE


def excesses(weight: Weight, limits: Limits) -> Iterator[GraphQLError]:
    """One error per limit that an operation exceeds."""
    for what in fields(Weight):
        actual, most = getattr(weight, what.name), getattr(limits, what.name)
        if actual > most:
            yield excess(what.name, most, actual)


def excess(what: str, most: int, actual: int) -> GraphQLError:
    """The error for one exceeded limit."""
    asked = str(actual) if actual < 10**12 else "more than 10^12"
    advice = "Ask for smaller pages or fewer fields." if what == "cost" else "Split the operation."
    return GraphQLError(
        f"This operation's {what} is {asked}; at most {most} are served at once. {advice}",
        extensions={"code": "LIMITED", "what": what, "limit": most, "actual": min(actual, 10**12)},
    )


def limits_rule(limits: Limits) -> type[ASTValidationRule]:
    """The rule as a class, made once per schema. It comes first, and what is too heavy goes no further."""

    class LimitsRule(ASTValidationRule):
        """Refuses operations that are too heavy, before anything else is checked."""

        context: ValidationContext

        def enter_document(self, node: DocumentNode, *_: object) -> None:
            """Weigh every operation of the document."""
            scales = Scales(self.context.schema, node)
            operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
            # a cost that depends on variables is checked when their values are known
            faults = [
                error
                for operation in operations
                for error in excesses(scales.weigh(operation), limits)
                if not (scales.sized_by and error.extensions and error.extensions["what"] == "cost")
            ]
            for fault in faults[:-1]:
                self.report_error(fault)
            if faults:
                raise ValidationAbortedError(faults[-1].message, extensions=faults[-1].extensions)

    return LimitsRule


def _spreads(selection_set: SelectionSetNode) -> Iterator[str]:
    stack = [selection_set]
    while stack:
        for node in stack.pop().selections:
            if isinstance(node, FragmentSpreadNode):
                yield node.name.value
            elif isinstance(node, FieldNode | InlineFragmentNode) and node.selection_set:
                stack.append(node.selection_set)
