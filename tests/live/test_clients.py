"""Two real clients at the served product: everything once and in order, over a dropped connection, without a seam."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, suppress
from typing import Any

import pytest

from tests.support.clients import Client, LostError, Opener
from tests.support.deployed import Caller, Deployment
from tests.support.served import Served

PATIENCE = 30
WRITERS = 40
ACTIVITY = "subscription ($after: Revision) { activity(after: $after) { revision sentence by { name } } }"
WATCH = "subscription ($id: ID!) { watch(id: $id) { revision node { ... on CascadeNode { name } } } }"
CREATE = "mutation ($name: String!) { createObjective(input: { name: $name }) { ... on Objective { revision } } }"
Connect = Callable[[str], AbstractAsyncContextManager[Client]]


@pytest.fixture(scope="module")
async def product(deployment: Deployment) -> AsyncIterator[Served]:
    """One product for all of these tests."""
    with deployment.served() as running:
        yield running
    assert await deployment.fault() is None


@pytest.fixture
async def lea(deployment: Deployment, product: Served) -> AsyncIterator[Caller]:
    """The portfolio lead, who writes."""
    async with deployment.caller(product, "lea") as caller:
        yield caller


@pytest.fixture
def connect(deployment: Deployment, product: Served, opener: Opener) -> Connect:
    """A client's connection for one of the cast."""
    return lambda who: opener(product.url, deployment.tokens[who])


async def revision(caller: Caller) -> int:
    return int((await caller.ask("{ organization { revision } }"))["organization"]["revision"])


async def take(client: Client, number: int, after: int) -> list[dict[str, Any]]:
    """The next facts after a revision."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(PATIENCE), aclosing(client.follow(ACTIVITY, after=str(after))) as answers:
        async for answer in answers:
            found.append(answer["activity"])
            if len(found) == number:
                break
    return found


def revisions(facts: list[dict[str, Any]]) -> list[int]:
    return [int(fact["revision"]) for fact in facts]


async def test_forty_writers_and_a_follower_who_misses_nothing(lea: Caller, connect: Connect) -> None:
    begin = await revision(lea)
    async with connect("eve") as client:
        following = asyncio.create_task(take(client, WRITERS, begin))
        made = await asyncio.gather(*(lea.create(f"Objective {number}") for number in range(WRITERS)))
        facts = await following
    assert revisions(facts) == list(range(begin + 1, begin + WRITERS + 1))
    sentences = {int(each["revision"]): f"Lea created the objective “{each['name']}”." for each in made}
    assert [fact["sentence"] for fact in facts] == [sentences[each] for each in revisions(facts)]


async def test_a_dropped_connection_resumes_without_a_gap(lea: Caller, connect: Connect) -> None:
    """It breaks while others write, and they go on writing before it is back."""
    begin = await revision(lea)
    seen: list[dict[str, Any]] = []
    writing = asyncio.gather(*(lea.create(f"Meanwhile {number}") for number in range(WRITERS)))
    async with connect("eve") as client, asyncio.timeout(PATIENCE):
        with suppress(LostError):
            async for answer in client.follow(ACTIVITY, after=str(begin)):
                seen.append(answer["activity"])
                if len(seen) == 5:
                    await client.drop()
    await writing
    assert 5 <= len(seen) <= WRITERS
    await lea.create("While nobody listened")
    async with connect("eve") as client:
        last = int(seen[-1]["revision"])
        seen += await take(client, begin + WRITERS + 1 - last, last)
    assert revisions(seen) == list(range(begin + 1, begin + WRITERS + 2))
    assert seen[-1]["sentence"] == "Lea created the objective “While nobody listened”."


async def test_a_live_query_answers_at_once_and_only_when_it_changed(lea: Caller, connect: Connect) -> None:
    watched = (await lea.create("Grow"))["id"]
    async with (
        connect("eve") as client,
        asyncio.timeout(PATIENCE),
        aclosing(client.follow(WATCH, id=watched)) as answers,
    ):
        first = (await anext(answers))["watch"]
        assert first["node"] == {"name": "Grow"}
        other = await lea.create("Something else")
        assert revisions(await take(client, 1, int(first["revision"]))) == [int(other["revision"])], "it was heard"
        await lea.do("editNode", node=watched, name="Grow faster")
        second = (await anext(answers))["watch"]
        assert second["node"] == {"name": "Grow faster"}, "nothing was said while nothing changed"
        assert int(second["revision"]) == int(other["revision"]) + 1


async def test_who_acts_sees_their_own_change_by_the_same_path(lea: Caller, connect: Connect) -> None:
    """One socket writes and listens: what it hears is what everybody hears."""
    begin = await revision(lea)
    async with connect("lea") as acting, connect("eve") as watching, asyncio.timeout(PATIENCE):
        heard = asyncio.gather(take(acting, 1, begin), take(watching, 1, begin))
        async with aclosing(acting.follow(CREATE, name="Mine")) as answers:
            made = (await anext(answers))["createObjective"]
        own, others = await heard
    assert own == others
    assert own == [
        {"revision": made["revision"], "sentence": "Lea created the objective “Mine”.", "by": {"name": "Lea"}}
    ]
