"""What one operation may weigh: refused beyond each limit, served within, at the price of one look per selection."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from graphql import (
    FragmentDefinitionNode,
    Node,
    OperationDefinitionNode,
    get_introspection_query,
    parse,
    print_ast,
)
from hypothesis import given
from hypothesis import strategies as st

from server.api.assembly import make_schema
from server.api.documents import Documents
from server.api.errors import DocumentError
from server.api.limits import Limits, Scales, Weight
from tests.support.edge import schema
from tests.support.served import ROOT

SCHEMA = schema()._schema


def weigh(text: str, variables: Mapping[str, Any] | None = None) -> Weight:
    scales = Scales(SCHEMA, parse(text), variables or {})
    operation = scales.document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return scales.weigh(operation)


def refusals(text: str, variables: Mapping[str, Any] | None = None, **limits: int) -> list[dict[str, Any]]:
    """The limits that a document exceeds, as a client is told of them."""
    try:
        Documents(SCHEMA, Limits(**limits)).admit(text, None, variables)
    except DocumentError as error:
        return [dict(each.extensions or {}) for each in error.errors]
    return []


def bomb(fragments: int) -> str:
    """Each fragment spreads the next one twice: 2^n selections in a document of some hundred bytes."""
    chain = "".join(f"fragment f{n} on Thing{{...f{n + 1} ...f{n + 1}}}" for n in range(fragments))
    return f"{{thing{{...f0}}}}{chain}fragment f{fragments} on Thing{{name}}"


def test_a_bomb_of_nested_spreads_is_refused_at_one_look_per_selection() -> None:
    """748 bytes that keep stock rules busy for seconds."""
    text = bomb(18)
    assert len(text) < 1024
    scales = Scales(SCHEMA, parse(text))
    operation = scales.document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    assert scales.weigh(operation).spreads == 2**19 - 1
    assert scales.visits == 2 + 18 * 2 + 1
    assert refusals(text) == [{"code": "LIMITED", "what": "spreads", "limit": 500, "actual": 2**19 - 1}]


def test_a_chain_longer_than_the_stack_is_weighed() -> None:
    chain = "".join(f"fragment f{n} on Thing{{parent{{...f{n + 1}}}}}" for n in range(3_000))
    text = f"{{thing{{...f0}}}}{chain}fragment f3000 on Thing{{name}}"
    assert weigh(text).depth == 3_002


def test_a_cycle_of_fragments_ends_and_is_refused_for_what_it_is() -> None:
    text = "{thing{...a}} fragment a on Thing{...b} fragment b on Thing{...a}"
    with pytest.raises(DocumentError, match="Cannot spread fragment"):
        Documents(SCHEMA, Limits()).admit(text)


def test_overlapping_fields_are_bounded_by_the_tokens() -> None:
    """24 KB of one field over and over: comparing all pairs would keep the loop busy for a second."""
    text = "{" + "thing{name}" * 2_200 + "}"
    assert len(text) > 24_000
    assert refusals(text) == [{"code": "LIMITED", "what": "tokens", "limit": 2000, "actual": 2001}]


def test_a_long_text_and_many_comments_are_refused_before_they_are_read() -> None:
    assert [each["what"] for each in refusals("{hello}" + " " * 200_000)] == ["length"]
    assert refusals("#\n" * 3_000 + "{hello}")


@pytest.mark.parametrize(
    ("what", "within", "beyond"),
    [
        ("depth", "{thing{parent{name}}}", "{thing{parent{parent{name}}}}"),
        ("aliases", "{a:hello b:hello c:hello}", "{a:hello b:hello ...f} fragment f on Query{c:hello d:hello}"),
        (
            "directives",
            "{hello @skip(if:true)}",
            "query @skip(if:true){a:hello @skip(if:true) ...on Query @skip(if:true){me @skip(if:true)}}",
        ),
        ("spreads", "{...f} fragment f on Query{hello}", "{...f ...f ...f ...f} fragment f on Query{hello}"),
        ("cost", "{thing{parent{parent{name}}}}", "{thing{parent{parent{parent{name}}}}}"),
    ],
)
def test_each_limit_refuses_beyond_and_serves_within(what: str, within: str, beyond: str) -> None:
    generous = {"depth": 100, "aliases": 100, "directives": 100, "spreads": 100, "cost": 100, what: 3}
    refused = [each for each in refusals(beyond, None, **generous) if each["code"] == "LIMITED"]
    assert refused == [{"code": "LIMITED", "what": what, "limit": 3, "actual": 4}]
    assert refusals(within, None, **generous) == []


def test_all_limits_exceeded_are_named_at_once() -> None:
    text = "{a:thing{b:parent{c:name}}}"
    assert [each["what"] for each in refusals(text, depth=2, aliases=2, cost=1)] == ["depth", "aliases", "cost"]


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("{hello me}", 0),
        ("{thing{name}}", 1),
        ("{things{edges{node{name}}}}", 1 + 20),
        ("{things(first:3){edges{node{name}} pageInfo{hasNextPage}}}", 1 + 3),
        ("{things(first:10){edges{node{children(first:10){edges{node{parent{name}}}}}}}}", 1 + 10 * (1 + 1 + 10 * 2)),
        ("{thing{labels{name}}}", 1 + 5),
        ('{nodes(ids:["a","b","c"]){name parent{name}}}', 3 * 2),
        ("{things(first:-5){edges{node{name}}}}", 1),
        ("{things(first:" + "9" * 5_000 + "){edges{node{name}}}}", 1 + 999_999_999),
        ("{__schema{types{name fields{name}}}}", 0),
    ],
)
def test_cost_counts_objects_times_page_size(text: str, cost: int) -> None:
    assert weigh(text).cost == cost


def test_a_page_size_in_a_variable_is_weighed_by_its_value() -> None:
    """The document is refused with a large page and served with a small one, or with its default."""
    text = "query($n:Int){things(first:$n){edges{node{children(first:100){edges{node{name}}}}}}}"
    assert refusals(text, {"n": 100}, cost=1_100) == [
        {"code": "LIMITED", "what": "cost", "limit": 1100, "actual": 10201}
    ]
    assert refusals(text, {"n": 10}, cost=1_100) == []
    assert refusals(text, {}, cost=1_100), "a size that nobody gave is weighed as a full page"
    assert refusals(text.replace("$n:Int", "$n:Int=10"), {}, cost=1_100) == []
    odds: list[Any] = [True, "9", 1e9, {}]
    assert all(refusals(text, {"n": odd}, cost=1_100) for odd in odds), "what is no size is weighed as a full page"
    assert refusals(text, {"n": -(10**30)}, cost=1_100) == []


def test_introspection_is_exempt_from_depth_and_cost_but_not_from_aliases() -> None:
    assert refusals(get_introspection_query(), depth=3, cost=1) == []
    aliased = "{" + "".join(f"a{n}:__schema{{types{{name}}}}" for n in range(16)) + "}"
    assert [each["what"] for each in refusals(aliased)] == ["aliases"]


def test_a_document_is_looked_at_once_however_often_it_is_sent() -> None:
    documents = Documents(SCHEMA, Limits())
    first = documents.prepare("{hello}")
    assert documents.prepare("{hello}") is first
    for n in range(1_000):
        documents.prepare(f"{{a{n}:hello}}")
    assert documents.prepare("{hello}") is not first, "the last thousand are kept, no more"


def test_without_introspection_nothing_is_suggested() -> None:
    with pytest.raises(DocumentError, match="Did you mean 'hello'"):
        Documents(SCHEMA, Limits()).admit("{helo}")
    with pytest.raises(DocumentError) as refused:
        Documents(SCHEMA, Limits(), introspection=False).admit("{helo __schema{types{name}}}")
    assert len(refused.value.errors) == 3
    assert "hello" not in str(refused.value)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.integers(1, 4))
def test_whatever_spreads_what_each_selection_is_visited_once(targets: list[int], copies: int) -> None:
    """Also with cycles, unknown and unused fragments."""
    bodies = [f"fragment f{n} on Thing{{{f'...f{target} ' * copies} name}}" for n, target in enumerate(targets)]
    scales = Scales(SCHEMA, parse("{thing{...f0}}" + "".join(bodies)))
    operation = scales.document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    scales.weigh(operation)
    assert scales.visits == 2 + len(targets) * (copies + 1)


def test_every_operation_of_our_own_pages_is_within_the_limits() -> None:
    """Also with every page size at its largest, which is what a variable without a value weighs."""
    files = sorted((ROOT / "web/src").rglob("*.graphql"))
    definitions = [each for file in files for each in parse(file.read_text(encoding="utf-8")).definitions]
    fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}
    operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
    documents = Documents(make_schema()._schema, Limits())
    for operation in operations:
        text = "\n".join(map(print_ast, [operation, *spread_by(operation, fragments)]))
        documents.admit(text)
    assert len(operations) > 20


def spread_by(node: Node, fragments: Mapping[str, FragmentDefinitionNode]) -> list[FragmentDefinitionNode]:
    """The fragments that an operation needs."""
    found: dict[str, FragmentDefinitionNode] = {}
    ahead = [node]
    while ahead:
        for name in re.findall(r"\.\.\.\s*(?!on\b)(\w+)", print_ast(ahead.pop())):
            if name not in found:
                found[name] = fragments[name]
                ahead.append(fragments[name])
    return list(found.values())
