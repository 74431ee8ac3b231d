"""Nonsense wherever the schema takes a value: never a 5xx, a stack trace, SQL, a path, or a bug behind a mask."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
    is_object_type,
    is_required_argument,
)

from server.schema import ids
from tests.support.company import Company, mutation
from tests.support.house import House, answer, opened_house
from tests.support.inputs import MUTATIONS, SCHEMA, Things, leaves

NONSENSE: dict[str, list[Any]] = {
    "ID": ["", "garbage", "ÄÖÜ", "x" * 10_000],
    "String": ["", " \t\n", "x" * 25_000, "%_\\'\";--", "\u202e\u0300🎈\x1b[0m"],
    "Decimal": ["NaN", "1e400", "-0", "-1", "0." + "1" * 30, "9" * 40, "9" * 5_000, 1.5],
    "Date": ["2026-02-30", "0001-01-01", "9999-12-31", "", 20261131],
    "Month": ["2026-13", "0001-01", "9999-12", "", 202611],
    "Currency": ["eur", "XXX", "", 978],
    "Revision": ["-1", "9" * 18, "9" * 30, 1.5],
    "Int": [2**31, -(2**31), -1, 0],
    "Boolean": ["true"],
}
"""What does not belong at a leaf of a type, or only just."""
# mutations that need more of a history than these tests have; the others do take their sensible input.
LATER = {"submitGate", "retractSubmission", "decideGate", "setForecast", "recordActual", "confirmValue", "moveNode"}
LATER |= {"verifyMilestone", "ratifySeat", "resumeMeasure", "cancelNode", "cancelMeasure", "cancelMilestone"}
LATER |= {"remindDeciders", "delegateVote", "revokeDelegation"}  # and what is another person's to do
LATER |= {"proposePolicy", "withdrawPolicy", "declinePolicy", "discardPolicyDraft", "ratifyPolicy"}
LATER |= {"proposeChange", "retractChange", "decideChange", "reopenMeasure", "askQuestion", "answerQuestion"}
LATER |= {"openCycle"}  # one is open already
LATER |= {"removeDependency", "removeIndicator", "removeMatchingRule"}  # by then nonsense has cancelled what holds them
LATER |= {"editMatchingRule"}  # a rule that nonsense made before asks for the same already
SENSIBLE = {"Month": '"2026-10"', "Revision": '"1"', "ID": '"words"', "[ID!]": '["words"]', "String": '"words"'}
"""What other arguments hold, where they must."""


@pytest.fixture
async def house(alder: Company, tmp_path: Path) -> AsyncIterator[House]:
    """The application; every answer it gives is searched for leaks."""
    async with opened_house(alder, tmp_path) as opened:
        yield opened


async def ask(client: httpx.AsyncClient, query: str, **variables: Any) -> None:
    """Ask what is a question by the schema, and have the answer looked at."""
    response = await client.post("/graphql", json={"query": query, "variables": variables})
    assert "GRAPHQL_VALIDATION_FAILED" not in response.text, response.text[:600]


async def test_nonsense_at_every_leaf_of_an_input_is_no_bug(house: House, alder: Company) -> None:
    """Some of it may be taken (a name is free), but nothing of it stumbles. What ends things comes last."""
    things, client, untaken = await Things.of(alder), await house.omnipotent(alder), list[tuple[str, str]]()
    for verb in sorted(
        MUTATIONS, key=lambda name: name.startswith(("editNode", "hold", "cancel", "end", "handOver", "remove"))
    ):
        sensible = await answer(client, verb, things.input(verb))
        if sensible["__typename"] == "Refusal" and verb not in LATER:
            untaken.append((verb, sensible["message"]))
        for way, kind in leaves(verb):
            for value in [*NONSENSE.get(kind, ["NOPE"]), None]:
                await ask(client, mutation(verb), input=things.input(verb, {way: value}))
    assert untaken == [], "a sensible input was refused"


async def test_nonsense_in_every_argument_is_no_bug(house: House, alder: Company) -> None:
    things, client = await Things.of(alder), await house.omnipotent(alder)
    nodes = [alder.node(name) for name in alder.nodes]
    for query, kind in questions([*nodes, *things.by_kind.values(), str(ids.issue("organization", alder.id))]):
        for value in spoilt(kind):
            await ask(client, query, value=value)


async def test_more_faults_than_are_told_are_no_bug(house: House) -> None:
    stranger = await house.stranger()
    query = "query ($kinds: [FactKind!]) { ledger(kinds: $kinds) { totalCount } }"
    response = await stranger.post("/graphql", json={"query": query, "variables": {"kinds": ["NOPE"] * 1_000}})
    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {"BAD_USER_INPUT"}


def questions(ids: list[str]) -> Iterator[tuple[str, GraphQLInputType]]:
    """A query for every argument of every field, asked of things of every kind; and the argument's type."""
    assert SCHEMA.query_type
    for name, field in SCHEMA.query_type.fields.items():
        if any(str(each.type) == "Upload!" for each in field.args.values()):
            continue  # a file travels beside the document: tests/api/test_trackers.py
        for spoilt, argument in field.args.items():
            yield f"query ($value: {argument.type}) {{ {asking(name, field, spoilt)} }}", argument.type
    known: set[tuple[str, str]] = set()
    listed = ", ".join(f'"{each}"' for each in ids)
    for kind, name, field, spoilt, argument in arguments():
        if (name, spoilt) not in known:
            known.add((name, spoilt))
            asked = f"nodes(ids: [{listed}]) {{ ... on {kind} {{ {asking(name, field, spoilt)} }} }}"
            yield f"query ($value: {argument.type}) {{ {asked} }}", argument.type


def arguments() -> Iterator[tuple[str, str, GraphQLField, str, GraphQLArgument]]:
    """Every argument of the fields of what has an id."""
    for kind in SCHEMA.type_map.values():
        if is_object_type(kind) and any(each.name == "Node" for each in kind.interfaces):
            for name, field in kind.fields.items():
                for spoilt, argument in field.args.items():
                    yield kind.name, name, field, spoilt, argument


def asking(name: str, field: GraphQLField, spoilt: str) -> str:
    """A field with the value at one argument, and something sensible where it must be."""
    others = [
        f"{key}: {SENSIBLE[str(get_nullable_type(each.type))]}"
        for key, each in field.args.items()
        if key != spoilt and is_required_argument(each)
    ]
    kind = get_named_type(field.type)
    shown = "{ totalCount edges { cursor } }" if kind.name.endswith("Connection") else "{ __typename }"
    return f"{name}({', '.join([f'{spoilt}: $value', *others])}) {'' if is_leaf_type(kind) else shown}"


def spoilt(kind: GraphQLInputType) -> Iterator[Any]:
    """Nonsense for an argument; of an object one field at a time."""
    named = get_named_type(kind)
    if isinstance(named, GraphQLInputObjectType):
        for name, each in named.fields.items():
            yield from ({name: value} for value in spoilt(each.type))
        return
    for value in [*NONSENSE.get(named.name, ["NOPE"]), None]:
        yield [value] if is_list_type(get_nullable_type(kind)) else value
