"""What was acknowledged survives the death of the server, once; and a server that is asked to stop says goodbye."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest

from tests.support.clients import CLIENTS, Opener, by_events, by_gql
from tests.support.deployed import Caller, Deployment
from tests.support.served import Served

PATIENCE = 30
WRITERS = 40
ACTIVITY = "subscription ($after: Revision) { activity(after: $after) { revision sentence } }"
LEDGER = "{ ledger(first: 1) { edges { node { revision sentence } } } }"
NAMES = """query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Objective { id name revision } } }"""
_numbers = count()


@pytest.fixture(scope="module")
async def kept(deployment: Deployment) -> AsyncIterator[Served]:
    """One product for all of these tests, who end it and start it again; it leaves a ledger that is whole."""
    with deployment.served() as running:
        yield running
    assert await deployment.fault() is None


@pytest.fixture
def product(kept: Served) -> Served:
    """A running product, whatever the test before did to it."""
    if not kept.process.alive:
        kept.start()
    return kept


@pytest.fixture
async def lea(deployment: Deployment, product: Served) -> AsyncIterator[Caller]:
    """The portfolio lead, who writes."""
    async with deployment.caller(product, "lea") as caller:
        yield caller


@dataclass
class Listener:
    """A stream that must end by `complete`: without it, `follow` raises."""

    deployment: Deployment
    product: Served
    after: int
    opener: Opener
    heard: list[int] = field(default_factory=list)
    listens: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        """Hear everything, to the end."""
        async with self.opener(self.product.url, self.deployment.tokens["eve"]) as client:
            async for answer in client.follow(ACTIVITY, after=str(self.after)):
                self.heard.append(int(answer["activity"]["revision"]))
                self.listens.set()


async def newest(caller: Caller) -> dict[str, Any]:
    """The last fact."""
    fact: dict[str, Any] = (await caller.ask(LEDGER))["ledger"]["edges"][0]["node"]
    return fact


async def heard(deployment: Deployment, product: Served, after: int, number: int) -> list[int]:
    """The revisions of the next events after a revision."""
    async with (
        asyncio.timeout(PATIENCE),
        by_gql(product.url, deployment.tokens["eve"]) as client,
        aclosing(client.follow(ACTIVITY, after=str(after))) as answers,
    ):
        return [int((await anext(answers))["activity"]["revision"]) for _ in range(number)]


async def test_an_acknowledged_write_survives_kill_9(deployment: Deployment, product: Served, lea: Caller) -> None:
    """With its ledger entry and its event; and its key still knows the answer, and refuses other content."""
    key = f"key-{next(_numbers)}"
    before = int((await newest(lea))["revision"])
    made = await lea.create("Lasting", idempotencyKey=key)
    product.process.kill()
    product.start()
    fact = {"revision": str(before + 1), "sentence": "Lea created the objective “Lasting”."}
    assert await newest(lea) == fact
    assert await lea.ask(NAMES, ids=[made["id"]]) == {"nodes": [{key: made[key] for key in ("id", "name", "revision")}]}
    assert await heard(deployment, product, before, 1) == [before + 1]
    assert await lea.create("Lasting", idempotencyKey=key) == made, "the same answer"
    refusal = await lea.do("createObjective", name="Another", idempotencyKey=key)
    assert refusal["code"] == "KEY_REUSED"
    assert await newest(lea) == fact, "and no second effect"


async def test_a_storm_of_writes_survives_kill_9(deployment: Deployment, product: Served, lea: Caller) -> None:
    """A history of what was sent and acknowledged is judged: nothing acknowledged is lost, nothing is there twice."""
    before = int((await newest(lea))["revision"])
    names = [(f"First {number}", f"Then {number}") for number in range(WRITERS)]
    keys = {name: f"storm-{next(_numbers)}" for pair in names for name in pair}
    acknowledged: dict[str, dict[str, Any]] = {}

    async def write(pair: tuple[str, str]) -> None:
        for name in pair:
            try:
                acknowledged[name] = await lea.create(name, idempotencyKey=keys[name])
            except httpx.TransportError:
                return  # unknown: it happened or it did not
            if len(acknowledged) == WRITERS // 4:
                product.process.kill()

    await asyncio.gather(*(write(pair) for pair in names))
    assert WRITERS // 4 <= len(acknowledged) < len(keys), "it died in the midst of it"
    product.start()
    again = {name: await lea.create(name, idempotencyKey=keys[name]) for name in keys}
    assert acknowledged.items() <= again.items()
    expected = list(range(before + 1, before + 1 + len(keys)))
    assert sorted(int(each["revision"]) for each in again.values()) == expected
    assert await heard(deployment, product, before, len(keys)) == expected


async def test_sigterm_finishes_what_runs_completes_streams_and_exits_with_success(
    deployment: Deployment, product: Served, lea: Caller
) -> None:
    """To each client a stream ends as complete, and not as lost; what was answered was done."""
    before = int((await newest(lea))["revision"])
    listening = [Listener(deployment, product, before, opener) for opener in (*CLIENTS.values(), by_events)]
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
        for each in listening:
            group.create_task(each.listen())
        await lea.create("Before the end")
        for each in listening:
            await each.listens.wait()
        running = [asyncio.create_task(lea.create(f"At the end {number}")) for number in range(WRITERS)]
        await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        assert await asyncio.to_thread(product.process.end, seconds=10) == 0
    for each in listening:
        assert each.heard == list(range(before + 1, before + 1 + len(each.heard)))
    ended = await asyncio.gather(*running, return_exceptions=True)
    answered = [each for each in ended if isinstance(each, dict)]
    assert answered
    cut = [each for each in ended if not isinstance(each, dict)]
    assert all(isinstance(each, httpx.TransportError) for each in cut), cut
    told = await deployment.sentences(before)
    assert {f"Lea created the objective “{each['name']}”." for each in answered} <= set(told)
