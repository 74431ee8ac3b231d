"""Random documents for any schema: fragments, aliases, directives, variables, arguments, whatever the types allow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    Undefined,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

Literals = Callable[[Random, str, str], str | None]
"""(chance, type name, argument name) → a literal of a scalar; None: leave it to the writer."""


@dataclass
class Writer:
    """Writes one document. The same seed writes the same one."""

    schema: GraphQLSchema
    seed: int
    literals: Literals = lambda _chance, _kind, _name: None
    depth: int = 4
    left: int = 40  # fields
    skipped: frozenset[str] = frozenset()  # Type.field that are not asked
    fragments: list[str] = field(default_factory=list)
    variables: dict[str, tuple[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)  # noqa: S311 — nothing is kept secret by it

    def document(self) -> tuple[str, dict[str, Any]]:
        """A query and its variables."""
        query = self.schema.query_type
        assert query is not None
        body = self._selection(query, self.depth)
        declared = ", ".join(f"${name}: {kind}" for name, (kind, _) in self.variables.items())
        head = f"query Q({declared})" if declared else "query Q"
        given = {name: value for name, (_, value) in self.variables.items() if value is not Undefined}
        return "\n".join([f"{head} {body}", *self.fragments]), given

    def _selection(self, kind: Any, depth: int) -> str:
        parts = []
        for _ in range(self.chance.randint(1, 5)):
            way = self.chance.random()
            if way < 0.12 and depth > 0:
                parts.append(f"... on {self._condition(kind)}{self._directive()} ")
                parts[-1] += self._selection(self.schema.type_map[parts[-1].split()[2]], depth - 1)
            elif way < 0.2 and depth > 0:
                parts.append(self._spread(kind, depth))
            elif way < 0.26:
                parts.append(self.chance.choice(["__typename", "kind: __typename"]))
            else:
                parts.append(self._field(kind, depth))
        found = [part for part in parts if part]
        return "{ " + " ".join(found or ["__typename"]) + " }"

    def _condition(self, kind: GraphQLNamedType) -> str:
        others: list[Any] = [kind]
        if is_abstract_type(kind):
            others += self.schema.get_possible_types(kind)
        if isinstance(kind, GraphQLObjectType):
            others += kind.interfaces
        return str(self.chance.choice(others).name)

    def _spread(self, kind: GraphQLNamedType, depth: int) -> str:
        condition = self._condition(kind)
        body = self._selection(self.schema.type_map[condition], depth - 1)
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {condition} {body}")
        return f"...{name}{self._directive()}" + (f" ...{name}" if self.chance.random() < 0.2 else "")

    def _field(self, kind: Any, depth: int) -> str:
        fields = getattr(kind, "fields", None)
        if not fields or self.left <= 0:
            return ""
        names = [name for name in fields if depth > 0 or is_leaf_type(get_named_type(fields[name].type))]
        names = [name for name in names if f"{kind.name}.{name}" not in self.skipped]
        if not names:
            return ""
        self.left -= 1
        name = self.chance.choice(names)
        given = self._arguments(fields[name].args)
        below = get_named_type(fields[name].type)
        body = "" if is_leaf_type(below) else " " + self._selection(below, depth - 1)
        # What is asked with the same arguments may share a key, and is merged.
        key = f"{name}_{sum(map(ord, given))}: " if given else self.chance.choice(["", "", f"{name}_again: "])
        return f"{key}{name}{given}{self._directive()}{body}"

    def _arguments(self, known: dict[str, GraphQLArgument]) -> str:
        written = []
        for name, argument in known.items():
            if not isinstance(argument.type, GraphQLNonNull) and self.chance.random() < 0.6:
                continue
            if self.chance.random() < 0.15 and (value := self._variable(argument)):
                written.append(f"{name}: {value}")
            elif literal := self._literal(argument.type, name):
                written.append(f"{name}: {literal}")
        return f"({', '.join(written)})" if written else ""

    def _variable(self, argument: GraphQLArgument) -> str:
        kind = str(argument.type)
        values: dict[str, Sequence[Any]] = {"Int!": (1, 3), "Boolean!": (True, False), "String!": ("v",)}
        optional = {each[:-1]: (*found, None, Undefined) for each, found in values.items()}
        if kind not in values | optional:
            return ""
        name = f"v{len(self.variables)}"
        self.variables[name] = (kind, self.chance.choice([*(values | optional)[kind]]))
        return f"${name}"

    def _directive(self) -> str:
        way = self.chance.random()
        if way > 0.12:
            return ""
        said = self.chance.choice(["@include", "@skip"])
        if way < 0.05:
            return f" {said}(if: {self.chance.choice(['true', 'false'])})"
        name = f"if{self.chance.randint(0, 2)}"
        self.variables.setdefault(name, ("Boolean!", self.chance.random() < 0.5))
        return f" {said}(if: ${name})"

    def _literal(self, kind: Any, name: str) -> str:
        if isinstance(kind, GraphQLNonNull):
            return self._literal(kind.of_type, name)
        if (said := self.literals(self.chance, str(kind), name)) is not None:
            return said
        if isinstance(kind, GraphQLList):
            items = [self._literal(kind.of_type, name) for _ in range(self.chance.randint(0, 2))]
            return f"[{', '.join(filter(None, items))}]"
        if isinstance(kind, GraphQLEnumType):
            return str(self.chance.choice(list(kind.values)))
        if isinstance(kind, GraphQLInputObjectType):
            chosen = {
                each: self._literal(part.type, each)
                for each, part in kind.fields.items()
                if isinstance(part.type, GraphQLNonNull) or self.chance.random() < 0.3
            }
            return "{" + ", ".join(f"{each}: {value}" for each, value in chosen.items() if value) + "}"
        simple = {"Int": "2", "Boolean": "true", "String": '"a"', "ID": '"a"', "Float": "1.5"}
        return simple.get(str(kind), "")
