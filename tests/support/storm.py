"""Clients that write, ask, follow and watch while a test breaks what serves them, and note all of it in a history."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from gql.transport.exceptions import TransportError
from websockets.exceptions import WebSocketException

from server.live.feed import page_after
from tests.support.clients import LostError, Opener, by_events, by_gql, by_graphql_ws
from tests.support.company import mutation, opened
from tests.support.deployed import Caller, Deployment
from tests.support.history import Entry, History, Told
from tests.support.served import Served

PATIENCE = 60
PAUSE = 0.05
"""Seconds after which a client that was let down tries again, as clients do."""
LOST = (LostError, TransportError, WebSocketException, httpx.TransportError, OSError, TimeoutError)
SHOWN = "... on Objective { id revision }"
NEWEST = "{ organization { revision } }"
ACTIVITY = "subscription ($after: Revision) { activity(after: $after) { revision } }"
WATCH = "subscription ($id: ID!) { watch(id: $id) { revision node { ... on CascadeNode { name } } } }"
FOLLOWERS: dict[str, Opener] = {"gql": by_gql, "graphql-ws": by_graphql_ws, "events": by_events}
WATCHERS: dict[str, Opener] = {"gql": by_gql, "events": by_events}
WRITERS = ("anna", "bert", "cleo")


@dataclass
class Storm:
    """One storm over a product: its clients go on until `over`."""

    deployment: Deployment
    product: Served
    history: History
    watched: str
    name: str
    over: asyncio.Event = field(default_factory=asyncio.Event)
    _news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, fact: Callable[[], bool]) -> None:
        """Wait for a fact about the history. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(fact)

    async def writes(self, number: int) -> None:
        """Wait until so many more writes are acknowledged."""
        goal = self._acknowledged() + number
        await self.until(lambda: self._acknowledged() >= goal)

    async def losses(self) -> None:
        """Wait until somebody is let down."""
        before = self.history.lost.total()
        await self.until(lambda: self.history.lost.total() > before)

    async def write(self, who: str, *, rename: bool = False) -> None:
        """Make one objective after another, or rename the watched one; each until it is acknowledged, by one key."""
        async with self.deployment.caller(self.product, "lea") as caller:
            for number in count():
                if self.over.is_set():
                    return
                key = name = f"{self.name}: {who} {number}"
                self.history.sent[key] = name
                if rename:
                    self.history.renames.add(name)
                asked = {"name": name, "idempotencyKey": key} | ({"node": self.watched} if rename else {})
                verb = "editNode" if rename else "createObjective"
                await self._until_answered(caller, who, verb, asked)
                if number % 4 == 0:  # the same key again, perhaps at another worker
                    await self._until_answered(caller, who, verb, asked)
                await self._ask(caller, who)

    async def read(self, who: str) -> None:
        """Ask for the newest revision again and again."""
        async with self.deployment.caller(self.product, "eve") as caller:
            while not self.over.is_set():
                await self._ask(caller, who)

    async def follow(self, who: str, opener: Opener) -> None:
        """Follow the activity, resuming after the last revision seen. Ends when it is cancelled."""
        seen = self.history.followed[who]
        while True:
            after = str(seen[-1] if seen else self.history.begin)
            async for answer in self._answers(who, opener, ACTIVITY, after=after):
                await self._note(seen.append, int(answer["activity"]["revision"]))

    async def watch(self, who: str, opener: Opener) -> None:
        """Watch one node, beginning anew after each loss. Ends when it is cancelled."""
        seen = self.history.watched[who]
        while True:
            async for answer in self._answers(who, opener, WATCH, id=self.watched):
                shown = answer["watch"]
                await self._note(seen.append, (int(shown["revision"]), shown["node"]["name"]))

    async def seen_by_all(self) -> None:
        """Wait until every follower and watcher has seen the last of it."""
        newest = max(told.revision for told in self.history.told)
        last = max((told.revision, told.key) for told in self.history.told if told.key in self.history.renames)[1]
        await self.until(lambda: all(seen and seen[-1] >= newest for seen in self.history.followed.values()))
        await self.until(lambda: all(seen and seen[-1][1] == last for seen in self.history.watched.values()))

    async def _answers(self, who: str, opener: Opener, document: str, **variables: Any) -> AsyncIterator[Any]:
        with suppress(*LOST):
            async with (
                opener(self.product.url, self.deployment.tokens["eve"]) as client,
                aclosing(client.follow(document, **variables)) as answers,
            ):
                async for answer in answers:
                    yield answer
        await self._let_down(who)

    async def _until_answered(self, caller: Caller, who: str, verb: str, asked: dict[str, Any]) -> None:
        while True:
            result = await self._data(caller, who, mutation(verb, SHOWN), {"input": asked})
            if result and result[verb]["__typename"] == "Objective":
                told = Told(who, int(result[verb]["revision"]), asked["idempotencyKey"])
                return await self._note(self.history.told.append, told)
            if result:
                assert result[verb].get("code") == "UNAVAILABLE", result
                await self._let_down(who)

    async def _ask(self, caller: Caller, who: str) -> None:
        if result := await self._data(caller, who, NEWEST, {}):
            await self._note(self.history.told.append, Told(who, int(result["organization"]["revision"])))

    async def _data(self, caller: Caller, who: str, document: str, variables: dict[str, Any]) -> dict[str, Any] | None:
        """What is answered; None where it is not known what became of the request."""
        try:
            response = await caller.client.post("/graphql", json={"query": document, "variables": variables})
        except httpx.TransportError:
            await self._let_down(who)
            return None
        body: dict[str, Any] = response.json()
        if "errors" not in body:
            return body["data"]  # type: ignore[no-any-return]  # JSON
        codes = {error["extensions"]["code"] for error in body["errors"]}
        assert codes == {"UNAVAILABLE"}, body
        await self._let_down(who)
        return None

    async def _let_down(self, who: str) -> None:
        self.history.lost[who] += 1
        await self._note(lambda _: None, None)
        await asyncio.sleep(PAUSE)

    async def _note(self, keep: Callable[[Any], object], what: object) -> None:
        async with self._news:
            keep(what)
            self._news.notify_all()

    def _acknowledged(self) -> int:
        return sum(bool(told.key) for told in self.history.told)


@asynccontextmanager
async def storm(deployment: Deployment, product: Served, name: str) -> AsyncIterator[Storm]:
    """Let the clients loose on a product; afterwards the history is whole, and waits for its judge."""
    async with deployment.caller(product, "lea") as lea:
        original = f"{name}: as it was"
        watched = (await lea.create(original))["id"]
        begin = int((await lea.ask(NEWEST))["organization"]["revision"])
    made = Storm(deployment, product, History(begin, original), watched, name)
    async with asyncio.TaskGroup() as group:
        writing = [group.create_task(made.write(who, rename=who == WRITERS[0])) for who in WRITERS]
        writing.append(group.create_task(made.read("dora")))
        seeing = [group.create_task(made.follow(f"{who} follows", how)) for who, how in FOLLOWERS.items()]
        seeing += [group.create_task(made.watch(f"{who} watches", how)) for who, how in WATCHERS.items()]
        await made.until(lambda: all(made.history.followed.values()) and all(made.history.watched.values()))
        await made.writes(10)
        yield made
        await made.writes(10)
        made.over.set()
        await asyncio.wait(writing)
        await made.seen_by_all()
        for task in seeing:
            task.cancel()
    made.history.ledger = await _ledger(deployment, begin)
    made.history.fault = await deployment.fault()


async def _ledger(deployment: Deployment, after: int) -> list[Entry]:
    """The facts after a revision, each with the name that it gave."""
    found: list[Entry] = []
    async with opened(deployment.database):
        while page := await page_after(deployment.alder.id, found[-1].revision if found else after):
            found += [Entry(fact["revision"], _given(fact["changes"])) for fact in page]
    return found


def _given(changes: list[dict[str, Any]]) -> str:
    for change in changes:
        if change["thing"] == "node" and change.get("field", "name") == "name":
            after = change["after"]
            return str(after["name"] if isinstance(after, dict) else after)
    return f"no name: {changes}"
