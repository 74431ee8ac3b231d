"""Kin: live queries that differ in their variables are one execution, and each is told what it would be told alone."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import orjson
import pytest

from server.api.errors import DocumentError
from server.api.requests import Params
from server.api.watch_question import WatchQuestion
from server.domain.cascade import Level
from server.live.questions import Answer
from tests.live.test_cohorts import Asked, listening, rename
from tests.support.company import OPERATIONS, Company

PERIOD = """subscription ($id: ID!, $from: Month, $to: Month) { watch(id: $id) { revision node { ... on CascadeNode {
    name rollUp(from: $from, to: $to) { from to headline { plan { value { amount } formula } } } } } } }"""
BELOW = """subscription ($id: ID!, $first: Int, $from: Month, $to: Month) { watch(id: $id) { revision node { id
    ... on CascadeNode { name owner { name } parent { name rollUp(from: $from, to: $to) { from } }
        children(first: $first) { totalCount edges { node { name rollUp(from: $from, to: $to) { to } } } } } } } }"""
CHOICE = """subscription ($id: ID!, $all: Boolean!) { watch(id: $id) { revision @include(if: $all)
    node { id ... on CascadeNode { name @skip(if: $all) ...more @include(if: $all) } } } }
    fragment more on CascadeNode { level ancestors { name } }"""
NODES = ("Alder 2027", "Service", "Contracts", "Full service")


def months(chance: random.Random) -> dict[str, str]:
    """Two months; now and then the later one first, which is refused."""
    years = sorted(chance.choices(range(2025, 2029), k=2), reverse=chance.random() < 0.15)
    return {name: f"{year}-{chance.randint(1, 12):02}" for name, year in zip(("from", "to"), years, strict=True)}


def variables(document: str, company: Company, chance: random.Random) -> dict[str, Any]:
    """What one of many asks with; now and then about what there is not."""
    node = company.node(chance.choice([name for name in NODES if name in company.nodes]))
    asked: dict[str, Any] = {"id": node if chance.random() < 0.9 else company.person("eve")}
    if "$from" in document:
        asked |= months(chance) if chance.random() < 0.9 else {"from": None}
    if "$first" in document:
        asked["first"] = chance.randint(0, 3)
    if "$all" in document:
        asked["all"] = chance.random() < 0.5
    return asked


async def question(company: Company, who: str, document: str, asked: dict[str, Any]) -> WatchQuestion:
    member = await company.member(who)
    operation = OPERATIONS.admit(Params(document, None, asked))
    node = operation.node.selection_set.selections[0]
    return WatchQuestion(OPERATIONS.schema, operation, node, asked, member)  # type: ignore[arg-type]  # it is a field


def shown(told: Answer | Exception) -> object:
    """An answer to compare: of several errors in one it is the database that decides which come first."""
    if isinstance(told, Exception):
        return str(told)
    answer = orjson.loads(told.payload)
    return answer["data"], "errors" in answer


async def alone(one: WatchQuestion, company: Company, who: str) -> object:
    """What a question comes to by itself."""
    try:
        return shown(await one.answer(await company.viewer(who), 7))
    except DocumentError as error:
        return shown(error)


@pytest.mark.parametrize("document", [PERIOD, BELOW, CHOICE])
async def test_what_is_answered_together_is_what_each_is_answered_alone(alder: Company, document: str) -> None:
    for name in ("Full service", "Spare parts"):
        if name not in alder.nodes:
            await alder.create(Level.INITIATIVE, name, "Contracts")
    chance = random.Random(11)  # noqa: S311 - it is to be the same every time
    for who in ("eve", "vera"):
        questions = [await question(alder, who, document, variables(document, alder, chance)) for _ in range(40)]
        for kin in {each.kin: [one for one in questions if one.kin == each.kin] for each in questions}.values():
            for _ in range(2):  # the second time they know who of them spoils it
                told = await kin[0].answers(await alder.viewer(who), 7, kin)
                assert [shown(each) for each in told] == [await alone(one, alder, who) for one in kin]


async def test_a_crowd_reads_the_database_as_often_as_one(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    chance, counted = random.Random(3), []  # noqa: S311 - it is to be the same every time
    node, viewer = {"id": alder.node("Contracts")}, await alder.viewer("eve")
    document = PERIOD.replace("headline { plan { value { amount } formula } }", "")
    asked = [node | {"from": f"2026-{chance.randint(1, 12):02}", "to": f"20{27 + year}-12"} for year in range(30)]
    questions = [await question(alder, "eve", document, each) for each in asked]
    for crowd in (questions[:1], questions):
        with statements() as made:
            told = await crowd[0].answers(viewer, 7, crowd)
        assert len({each.payload for each in told if isinstance(each, Answer)}) == len(crowd)
        counted.append(len(made))
    assert counted[0] == counted[1]


async def test_a_crowd_hears_each_change_and_never_what_is_others(alder: Company, birch: Company) -> None:
    """Of two rights, through periods of their own; whoever asks for nonsense among them spoils it for nobody."""
    asked: list[Asked] = [
        (who, PERIOD, {"id": alder.node("Full service"), "from": f"2026-{month:02}", "to": "2028-12"})
        for month in range(1, 13)
        for who in ("eve", "vera")
    ]
    nonsense = ("eve", PERIOD, {"id": alder.node("Full service"), "from": "2028-01", "to": "2026-01"})
    foreign = ("eve", PERIOD, {"id": birch.node("Contracts"), "from": "2026-01", "to": "2028-01"})
    async with listening(alder, *asked, nonsense, foreign) as (_, (*ears, wrong, missing)):
        for number in range(3):
            for ear, (who, _, given) in zip(ears, asked, strict=True):
                node = (await ear.hears(number + 1))[number]["watch"]["node"]
                amount = {"amount": "0.00"} if who == "eve" else None
                assert node["name"] == ("Full service" if number == 0 else f"Full service {number}")
                assert node["rollUp"]["from"] == given["from"]
                assert node["rollUp"]["headline"]["plan"]["value"] == amount
            await rename(alder, "Full service", f"Full service {number + 1}")
        await wrong.hears(1)
        assert "ends before it begins" in str(wrong.heard[0]["errors"])
        assert "no such" in str(await missing.fails()).lower()
