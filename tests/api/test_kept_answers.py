"""Kept answers over HTTP: equal rights share bytes, persons never do; what changed is seen by the next request."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import httpx
import orjson
import pytest

from server.actions.cascade import edit_node
from server.actions.policies import edit_policy_draft, propose_policy, ratify_policy
from server.actions.seats import end_seat, grant_seat, ratify_seat
from server.domain.people import Role
from server.domain.policy import DEFAULT
from server.domain.policy_form import plain
from server.domain.values import ValueKind
from server.live.work import perform
from server.models.people import Credential
from tests.support.company import Company
from tests.support.house import House, opened_house

NAMES = "{ organization { name revision } }"
WHO = "{ viewer { person { name } } }"
TODAY = "{ organization { today } }"
Statements = Callable[[], AbstractContextManager[list[str]]]
KEPT = ("hits", "misses", "joined")


@pytest.fixture
async def house(alder: Company, tmp_path: Path) -> AsyncIterator[House]:
    async with opened_house(alder, tmp_path) as opened:
        yield opened


async def got(client: httpx.AsyncClient, query: str, tag: str | None = None) -> httpx.Response:
    """By GET, with the tag of an earlier answer."""
    headers = {"If-None-Match": tag} if tag else {}
    return await client.get("/graphql", params={"query": query}, headers=headers)


async def asked(client: httpx.AsyncClient, query: str) -> str:
    """By POST."""
    response = await client.post("/graphql", json={"query": query})
    assert "errors" not in response.json()
    return response.text


async def counted(client: httpx.AsyncClient) -> dict[str, int]:
    """What was answered from what is kept, and what was not."""
    lines = (await client.get("/metrics")).text.splitlines()
    told = {line.split()[0]: int(float(line.split()[1])) for line in lines if line.startswith("stageline_answers_")}
    return {name: told[f"stageline_answers_{name}"] for name in KEPT}


async def test_equal_rights_share_an_answer_and_nobody_a_person(house: House, alder: Company) -> None:
    """Two executives read the same bytes, run once; who they are is told to each."""
    eve, emil, ada = [await house.member(alder, who) for who in ("eve", "emil", "ada")]
    assert await asked(eve, NAMES) == await asked(emil, NAMES)
    assert await counted(eve) == {"hits": 1, "misses": 1, "joined": 0}
    assert "Eve" in await asked(eve, WHO)
    assert "Emil" in await asked(emil, WHO)
    assert "Eve" in await asked(eve, WHO)
    await asked(ada, NAMES)
    assert await counted(eve) == {"hits": 2, "misses": 4, "joined": 0}


async def test_an_error_is_not_kept(house: House, alder: Company) -> None:
    """What went wrong may go right the next time."""
    eve = await house.member(alder, "eve")
    for _ in range(2):
        response = await eve.post("/graphql", json={"query": "{ organization(asOf: 99999) { name } }"})
        assert "errors" in response.json()
    assert (await counted(eve))["hits"] == 0


async def test_a_fact_and_a_new_day_make_answers_new(house: House, alder: Company) -> None:
    """The next request after a write, or after midnight in the organization's time zone, is answered anew."""
    eve = await house.member(alder, "eve")
    first, today = await asked(eve, NAMES), await asked(eve, TODAY)
    named = {"name": "Growth beyond pumps"}
    await perform(await alder.viewer("lea"), edit_node, alder.now, node=alder.nodes["Growth"], fields=named)
    second = await asked(eve, NAMES)
    assert first != second == await asked(eve, NAMES)
    alder.later(hours=13.9)
    assert await asked(eve, TODAY) == today
    hits = (await counted(eve))["hits"]
    alder.later(hours=0.2)
    assert "2026-11-17" in await asked(eve, TODAY) != today
    assert (await counted(eve))["hits"] == hits
    assert await asked(eve, NAMES) == second
    assert (await counted(eve))["hits"] == hits + 1, "what does not depend on the day outlives it"


async def test_what_ends_a_right_ends_its_answers(house: House, alder: Company) -> None:
    """A seat that is granted or ended changes the next answer; a session that ended has none."""
    vera = await house.member(alder, "vera")
    money = "{ organization { rollUp { weighted { value { amount } } } } }"
    before = await asked(vera, money)
    assert await asked(vera, money) == before
    ada, eve = await alder.viewer("ada"), await alder.viewer("eve")
    seat = await perform(ada, grant_seat, alder.now, person=alder.people["vera"], role=Role.CONTROLLER)
    await perform(eve, ratify_seat, alder.now, seat=seat)
    granted = await asked(vera, money)
    assert before != granted == await asked(vera, money)
    await perform(ada, end_seat, alder.now, seat=seat)
    assert await asked(vera, money) == before
    await Credential.filter(person_id=alder.people["vera"]).update(ended_at=alder.now)
    response = await vera.post("/graphql", json={"query": money})
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_what_a_client_has_is_not_sent_again(house: House, alder: Company) -> None:
    """304 without an execution, to the letter: only to GET, with the same tag, and never to somebody else."""
    eve, emil, vera = [await house.member(alder, who) for who in ("eve", "emil", "vera")]
    full = await got(eve, NAMES)
    tag = full.headers["etag"]
    assert full.headers["cache-control"] == "private, no-cache"
    assert "Authorization" in full.headers["vary"]
    before = await counted(eve)
    for client in (eve, emil):
        again = await got(client, NAMES, f'"other", {tag}')
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["vary"] == full.headers["vary"]
        assert "content-type" not in again.headers
    assert await counted(eve) == before
    assert (await got(vera, NAMES, tag)).status_code == 200, "other rights"
    assert (await got(eve, "{ organization { name } }", tag)).status_code == 200, "another question"
    sent = await eve.post("/graphql", json={"query": NAMES}, headers={"If-None-Match": tag})
    assert (sent.status_code, sent.headers["cache-control"], "etag" in sent.headers) == (200, "no-store", False)
    own = (await got(eve, WHO)).headers["etag"]
    assert (await got(eve, WHO, own)).status_code == 304
    assert (await got(emil, WHO, own)).json()["data"]["viewer"]["person"]["name"] == "Emil"
    failed = await got(eve, "{ organization(asOf: 99999) { name } }")
    assert (failed.headers["cache-control"], "etag" in failed.headers) == ("no-store", False)
    await perform(await alder.viewer("lea"), edit_node, alder.now, node=alder.nodes["Growth"], fields={"name": "New"})
    assert (await got(eve, NAMES, tag)).headers["etag"] != tag


async def test_a_tag_that_depends_on_the_day_ends_with_it(house: House, alder: Company) -> None:
    """The tag says until when it holds."""
    eve = await house.member(alder, "eve")
    tag = (await got(eve, TODAY)).headers["etag"]
    assert (await got(eve, TODAY, tag)).status_code == 304
    alder.later(hours=14.1)
    assert (await got(eve, TODAY, tag)).json()["data"]["organization"]["today"] == "2026-11-17"


async def test_a_kept_answer_costs_one_statement(house: House, alder: Company, statements: Statements) -> None:
    """Who calls, what they may, and how new their world is: one question to the database, and no other."""
    eve = await house.member(alder, "eve")
    await asked(eve, NAMES)
    with statements() as told:
        await asked(eve, NAMES)
    assert len(told) == 1


async def test_an_organization_and_its_policy_are_read_once_for_a_revision(
    house: House, alder: Company, statements: Statements
) -> None:
    """Another question at the same revision reads neither again; a policy that is put in force holds for the next."""
    eve = await house.member(alder, "eve")

    async def headline(name: str) -> tuple[list[str], int]:
        with statements() as told:
            answer = await asked(eve, f"{{ organization {{ {name}: rollUp {{ headline {{ kinds }} }} }} }}")
        kinds: list[str] = orjson.loads(answer)["data"]["organization"][name]["headline"]["kinds"]
        return kinds, len(told)

    kinds, statements_first = await headline("first")
    assert await headline("second") == (kinds, statements_first - 1)
    lea, document = await alder.viewer("lea"), plain(replace(DEFAULT, headline_kinds=(ValueKind.REVENUE,)))
    draft = await perform(lea, edit_policy_draft, alder.now, document=document)
    await perform(lea, propose_policy, alder.now, policy=draft)
    assert await headline("third") == (kinds, statements_first), "every fact has it read again"
    await perform(await alder.viewer("eve"), ratify_policy, alder.now, policy=draft)
    assert await headline("fourth") == (["REVENUE"], statements_first)
    assert await headline("fifth") == (["REVENUE"], statements_first - 1)


async def test_who_call_at_once_are_recognized_at_once(house: House, alder: Company, statements: Statements) -> None:
    """Those who call while a statement is under way share the next one, and each is told as who they are."""
    names = ("eve", "emil", "vera")
    clients = [await house.member(alder, name) for name in names]
    for client in clients:
        await asked(client, WHO)
    with statements() as told:
        answers = await asyncio.gather(*(asked(client, WHO) for client in clients * 5))
    assert all(name.capitalize() in answer for name, answer in zip(names * 5, answers, strict=True))
    assert len(told) < 5, "and not fifteen"
