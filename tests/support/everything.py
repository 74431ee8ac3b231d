"""The richest query that the contract allows: every field of everything below the organization, generated.

A field that somebody adds is in it without anybody's doing; so what compares two answers compares all there is.
"""

from collections.abc import Collection
from contextlib import aclosing
from functools import cache
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_composite_type,
    is_required_argument,
)

from server.api.assembly import make_schema
from server.api.callers import Reply
from server.api.documents import Operation
from server.api.limits import Limits
from server.api.operations import Operations
from server.api.requests import Params
from tests.support.company import Company

# The viewer's own standing is as of now; the way up and down the cascade leads to what `nodes` holds already.
ELSEWHERE = frozenset({"parent", "ancestors", "children", "descendants", "objectives", "salesPlans", "measure"})
ELSEWHERE |= {"chain"}
ELSEWHERE |= {"initiative", "line"}  # of a value line, which its initiative tells
ELSEWHERE |= {"viewer"}  # a root field of its own
LEFT_OUT = ELSEWHERE | {"acts", "votesAs", "votesFor"}
ARGUMENTS = {"nodes": "first: 100", "people": "first: 100", "seats": "first: 100", "opportunities": "first: 100"}
ARGUMENTS |= {"budget": "fiscalYear: 2027"}
ARGUMENTS |= {"rightsMatrix": 'acts: ["decideGate"]'}  # all of it is thousands
ARGUMENTS |= dict.fromkeys(("rollUp", "sales", "figures"), 'from: "2026-01", to: "2027-12"')
# Met inside something else these say who they are, no more.
BRIEF = {"Person": "name", "Organization": "name"}
_FREE = Operations(make_schema(Limits(depth=40, cost=10**9, tokens=50_000, aliases=10_000)))


def everything(but: Collection[str] = ()) -> str:
    """The document: `organization`, now or as of `$asOf`, and all below it, `but` fields of these names."""
    schema = build_schema(_FREE.schema.as_str())
    found = _fields(schema, _named(schema, "Organization"), ("Organization",), LEFT_OUT | set(but))
    return f"query ($asOf: Revision) {{ organization(asOf: $asOf) {{ {found} }} }}"


def roots(operation: str) -> list[str]:
    """The root fields of queries or subscriptions."""
    root = build_schema(_FREE.schema.as_str()).type_map[operation.capitalize()]
    assert isinstance(root, GraphQLObjectType)
    return list(root.fields)


def root(operation: str, name: str, arguments: str = "", but: Collection[str] = ELSEWHERE) -> str:
    """The document of one root field with everything below it, the viewer's own acts included."""
    schema = build_schema(_FREE.schema.as_str())
    field = _named(schema, operation.capitalize()).fields[name]
    kind = get_named_type(field.type)
    inside = f" {{ {_fields(schema, kind, (kind.name,), but)} }}" if is_composite_type(kind) else ""
    return f"{operation} {{ {name}{f'({arguments})' if arguments else ''}{inside} }}"


async def answered(company: Company, who: str, document: str) -> dict[str, Any]:
    """The answer to a query without limits on cost; of errors only a missing right is borne."""
    answer = await _FREE.run(_FREE.admit(Params(document)), {}, await company.member(who), Reply())
    codes = {error["extensions"]["code"] for error in answer.body.get("errors", ())}
    assert codes <= {"FORBIDDEN"}, answer.body["errors"]
    return answer.body


async def followed(company: Company, who: str, document: str, *, upto: int) -> list[Any]:
    """The first answers of a subscription without limits on cost, so many at most and as long as they come at once."""
    stream = _FREE.follow(_FREE.admit(Params(document)), {}, await company.member(who))
    async with aclosing(stream):
        return [(await anext(stream)).body for _ in range(upto)]


async def asked(company: Company, who: str, document: str, **variables: Any) -> Any:
    """What `organization` answers without limits on cost; errors fail."""
    answer = await _FREE.run(_admitted(document), variables, await company.member(who), Reply())
    assert "errors" not in answer.body, answer.body["errors"]
    return answer.body["data"]["organization"]


@cache
def _admitted(document: str) -> Operation:
    """Parsed and validated once: the server keeps no document as long as these, and that takes longer than to answer.

    So it must not depend on variables what it costs.
    """
    return _FREE.admit(Params(document))


def _named(schema: GraphQLSchema, name: str) -> GraphQLObjectType | GraphQLInterfaceType:
    found = schema.type_map[name]
    assert isinstance(found, GraphQLObjectType | GraphQLInterfaceType)
    return found


def _fields(schema: GraphQLSchema, kind: GraphQLNamedType, path: tuple[str, ...], but: Collection[str]) -> str:
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType), kind
    told = ["__typename"]
    told += [text for name, field in kind.fields.items() if (text := _field(schema, name, field, path, but))]
    if isinstance(kind, GraphQLInterfaceType):
        between = [schema.type_map[name] for name in ("CascadeNode", "Measure")] if kind.name == "Node" else []
        for each in (*between, *schema.get_possible_types(kind)):
            assert isinstance(each, GraphQLObjectType | GraphQLInterfaceType)
            # What an interface asks already is not asked again of each thing that has it.
            known = {
                name for one in (kind, *between) if one in each.interfaces for name in _named(schema, one.name).fields
            }
            own = {name: field for name, field in each.fields.items() if name not in known}
            fields = filter(None, (_field(schema, name, field, path, but) for name, field in own.items()))
            # Things of all kinds call different things alike.
            inside = " ".join(
                f"{each.name}_{number}: {field}" if kind.name == "Node" else field
                for number, field in enumerate(fields)
            )
            told += [f"... on {each.name} {{ {inside} }}"] if inside else []
    return " ".join(told)


def _field(schema: GraphQLSchema, name: str, field: GraphQLField, path: tuple[str, ...], but: Collection[str]) -> str:
    missing = any(is_required_argument(each) for each in field.args.values())
    if name in but or (missing and name not in ARGUMENTS):
        return ""
    arguments = f"({ARGUMENTS[name]})" if name in ARGUMENTS and field.args else ""
    kind = get_named_type(field.type)
    if not is_composite_type(kind):
        return name + arguments
    top = len(path) == 1 and not (path[0] == "Node" and _is_node(schema, kind))  # `node` tells each of them itself
    listed = top or kind.name.endswith(("Connection", "Edge")) or path[-1].endswith("Edge")
    if kind.name == "FigureInput" and kind.name in path:  # a row behind an input: it has rows of its own at times
        inside = "__typename name value entry source { __typename ... on Node { id } }"
    elif kind.name == "Node" or kind.name in path:
        inside = "__typename ... on Node { id }" if kind.name == "Node" else "__typename"
    elif not listed and (kind.name in BRIEF or _is_node(schema, kind)):
        inside = "__typename name"
    else:
        inside = _fields(schema, kind, (*path, kind.name), but)
    return f"{name}{arguments} {{ {inside} }}"


def _is_node(schema: GraphQLSchema, kind: GraphQLNamedType) -> bool:
    """Whether it is a node of the cascade, which `nodes` tells in full."""
    cascade = schema.type_map["CascadeNode"]
    assert isinstance(cascade, GraphQLInterfaceType)
    return kind is cascade or kind.name == "Measure" or kind in schema.get_possible_types(cascade)
