"""Every mutation there is, by those who may not, and with what is not theirs: made from the schema."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from server.actions.seats import add_person
from server.live.work import perform
from tests.support.company import Company, mutation
from tests.support.house import House, answer, opened_house
from tests.support.inputs import MUTATIONS, SCHEMA, Things, id_leaves


@pytest.fixture
async def house(alder: Company, tmp_path: Path) -> AsyncIterator[House]:
    """The application; every answer it gives is searched for leaks."""
    async with opened_house(alder, tmp_path) as opened:
        yield opened


async def test_who_has_no_seat_may_do_nothing(house: House, alder: Company) -> None:
    named = {"name": "Nobody", "email": "nobody@alder-pumps.example"}
    alder.people["nobody"] = await perform(await alder.viewer("ada"), add_person, alder.now, **named)
    things, nobody = await Things.of(alder), await house.member(alder, "nobody")
    before = await alder.revision()
    for verb in MUTATIONS:
        refusal = await answer(nobody, verb, things.input(verb))
        assert refusal["__typename"] == "Refusal", verb
        assert refusal["code"] in ("FORBIDDEN", "NOT_FOUND"), (verb, refusal)
    assert await alder.revision() == before


async def test_another_organizations_id_gets_the_answer_of_one_never_issued(
    house: House, alder: Company, birch: Company
) -> None:
    """Leaf by leaf, in inputs that are otherwise their own, by one who may do everything at home."""
    theirs, ours = await Things.of(birch), await Things.of(alder)
    client = await house.omnipotent(birch)
    before, at_home = await alder.revision(), await birch.revision()
    for verb in MUTATIONS:
        for way in id_leaves(verb):
            foreign = await answer(client, verb, theirs.input(verb, {way: ours.id(verb, way)}))
            never = await answer(client, verb, theirs.input(verb, {way: theirs.never_issued(verb, way)}))
            assert foreign == never, (verb, way)
            assert foreign["code"] in ("NOT_FOUND", "INVALID"), (verb, way, foreign)
            assert foreign["path"], (verb, way)
            assert foreign["path"][-1] == way[-1] or foreign["details"], (verb, way, foreign)
    assert (await alder.revision(), await birch.revision()) == (before, at_home)


@pytest.mark.parametrize("who", ["ada", "eve", "lea", "carl"])
async def test_the_other_organization_moves_nothing_here(
    house: House, alder: Company, birch: Company, who: str
) -> None:
    """With all ids of the first at once."""
    ours, client = await Things.of(alder), await house.member(birch, who)
    before = await alder.revision()
    for verb in MUTATIONS:
        result = await answer(client, verb, ours.input(verb))
        assert result["__typename"] == "Refusal" or not id_leaves(verb), verb
    assert await alder.revision() == before


async def test_a_stranger_changes_nothing(house: House, alder: Company) -> None:
    things, stranger = await Things.of(alder), await house.stranger()
    before = await alder.revision()
    for verb in MUTATIONS:
        asked = {"query": mutation(verb), "variables": {"input": things.input(verb)}}
        (error,) = (await stranger.post("/graphql", json=asked)).json()["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED", verb
    assert await alder.revision() == before


@pytest.mark.parametrize("operation", ["query", "subscription"])
async def test_a_stranger_reads_nothing(house: House, alder: Company, operation: str) -> None:
    stranger = await house.stranger(Accept="text/event-stream")
    for asked in reads(operation, alder.node("Growth")):
        told = (await stranger.post("/graphql", json={"query": asked})).text
        assert told.count("event: next") == told.count('"UNAUTHENTICATED"') == told.count("event: complete") == 1, asked
        assert "Growth" not in told


def reads(operation: str, node: str) -> Iterator[str]:
    """Every root field of an operation that can be asked without a file.

    Except `viewer`, which tells strangers that they are strangers.
    """
    root = SCHEMA.query_type if operation == "query" else SCHEMA.subscription_type
    assert root
    words = {"ID!": f'"{node}"', "[ID!]!": f'["{node}"]', "String!": '"words"', "Revision!": '"1"'}
    for name, read in root.fields.items():
        given = ", ".join(
            f"{key}: {words[str(each.type)]}" for key, each in read.args.items() if str(each.type) in words
        )
        if name != "viewer" and not any(str(each.type) == "Upload!" for each in read.args.values()):
            yield f"{operation} {{ {name}{f'({given})' if given else ''} {{ __typename }} }}"
