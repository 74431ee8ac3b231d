"""Cohorts: one execution for everybody with equal rights, nothing to anybody without them, nothing lost or twice."""

import asyncio
import math
import random
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import orjson
import pytest

from server.actions.seats import add_person, end_seat, grant_seat
from server.api.errors import DocumentError
from server.api.questions import question_of
from server.api.requests import Params
from server.domain.cascade import Level
from server.domain.people import Role
from server.live.audience import Audience
from server.live.work import perform
from tests.support.company import OPERATIONS, Company

PATIENCE = 30
WATCH = "subscription ($id: ID!) { watch(id: $id) { revision node { ... on CascadeNode { name } } } }"
MONEY = """subscription ($id: ID!) { watch(id: $id) { node { ... on Measure { name
    rollUp { headline { plan { value { amount } } } } } } } }"""
PART = "subscription ($id: ID!) { watch(id: $id) { node { ... on CascadeNode { %s } } } }"
MONEY_AT = MONEY.replace("{ node", "{ revision node", 1)
ACTIVITY = (
    "subscription ($after: Revision, $under: ID) { activity(after: $after, under: $under) { revision sentence } }"
)


class Ear:
    """One who listens, and what they heard."""

    def __init__(self, audience: Audience, company: Company) -> None:
        self.audience, self.company = audience, company
        self.heard: list[dict[str, Any]] = []
        self.error: Exception | None = None
        self.may_read = asyncio.Event()
        self.may_read.set()
        self._news = asyncio.Condition()
        self._listening: asyncio.Task[None] | None = None

    async def start(self, who: str, document: str, **variables: Any) -> None:
        member = await self.company.member(who)
        operation = OPERATIONS.admit(Params(document, None, variables))
        question = question_of(OPERATIONS.schema, operation, variables, member)
        assert question is not None
        assert member.viewer is not None
        self._listening = asyncio.create_task(self._listen(self.audience.listen(question, member.viewer)))

    async def _listen(self, payloads: Any) -> None:
        try:
            async with aclosing(payloads):
                async for payload in payloads:
                    async with self._news:
                        self.heard.append(orjson.loads(payload))
                        self._news.notify_all()
                    await self.may_read.wait()
        except Exception as error:  # noqa: BLE001 - tests look at it
            async with self._news:
                self.error = error
                self._news.notify_all()

    async def hears(self, number: int) -> list[dict[str, Any]]:
        """All that was heard, once it is so much."""
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: len(self.heard) >= number or self.error is not None)
        assert self.error is None, self.error
        return [answer["data"] for answer in self.heard]

    async def fails(self) -> Exception:
        async with asyncio.timeout(PATIENCE), self._news:
            await self._news.wait_for(lambda: self.error is not None)
        assert self.error is not None
        return self.error

    async def stop(self) -> None:
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)


Asked = tuple[str, str, dict[str, Any]]


@asynccontextmanager
async def listening(company: Company, *asked: Asked) -> AsyncIterator[tuple[Audience, list[Ear]]]:
    """Ears that listen, all of them let in."""
    audience = Audience(company.bell, company.clock)
    ears = [Ear(audience, company) for _ in asked]
    for ear, (who, document, variables) in zip(ears, asked, strict=True):
        await ear.start(who, document, **variables)
    try:
        yield audience, ears
    finally:
        for ear in ears:
            await ear.stop()
        audience.close()


def revisions(answers: list[dict[str, Any]]) -> list[int]:
    return [int(answer["activity"]["revision"]) for answer in answers]


async def rename(company: Company, node: str, name: str) -> None:
    done = await company.do("pia" if node != "Full service" else "olaf", "editNode", node=company.node(node), name=name)
    assert "code" not in done, done


async def test_a_change_is_executed_once_whoever_listens(alder: Company) -> None:
    asked = [("eve", WATCH, {"id": alder.node("Contracts")}), ("emil", WATCH, {"id": alder.node("Contracts")})] * 10
    async with listening(alder, *asked) as (audience, ears):
        for ear in ears:
            assert [each["watch"]["node"] for each in await ear.hears(1)] == [{"name": "Contracts"}]
        assert (audience.state().cohorts, audience.state().members) == (1, 20)
        before = audience.state().executions
        await rename(alder, "Contracts", "Contracts Europe")
        for ear in ears:
            assert (await ear.hears(2))[1]["watch"]["node"] == {"name": "Contracts Europe"}
        assert audience.state().executions == before + 1
    assert (audience.state().cohorts, audience.state().members) == (0, 0)


async def test_an_answer_that_did_not_change_is_not_sent(alder: Company) -> None:
    async with listening(alder, ("eve", WATCH, {"id": alder.node("Contracts")})) as (audience, (ear,)):
        await ear.hears(1)
        await alder.do("lea", "editNode", node=alder.node("Contracts"), description="As ever")
        await alder.create(Level.INITIATIVE, "Another", "Contracts")
        await rename(alder, "Contracts", "Contracts Europe")
        assert (await ear.hears(2))[1]["watch"]["node"] == {"name": "Contracts Europe"}
        assert audience.state().deliveries == 2


async def test_only_who_watches_the_branch_is_asked_for(alder: Company) -> None:
    await alder.create(Level.PROGRAM, "Elsewhere", "Service")
    asked = [("eve", WATCH, {"id": alder.node(name)}) for name in ("Full service", "Elsewhere", "Service")]
    async with listening(alder, *asked) as (audience, (initiative, elsewhere, portfolio)):
        for ear in (initiative, elsewhere, portfolio):
            await ear.hears(1)
        before = audience.state().executions
        await rename(alder, "Full service", "Full service Europe")
        assert (await initiative.hears(2))[1]["watch"]["node"] == {"name": "Full service Europe"}
        assert audience.state().executions == before + 2, "the initiative's and the portfolio's"
        await rename(alder, "Elsewhere", "Elsewhere too")
        await elsewhere.hears(2)


async def test_what_differs_by_rights_is_told_to_each_by_theirs(alder: Company) -> None:
    asked = [(who, MONEY, {"id": alder.node("Full service")}) for who in ("eve", "vera", "emil")]
    async with listening(alder, *asked) as (audience, (eve, vera, emil)):
        for ear, amount in ((eve, {"amount": "0.00"}), (vera, None), (emil, {"amount": "0.00"})):
            (answer,) = await ear.hears(1)
            assert answer["watch"]["node"]["rollUp"]["headline"]["plan"]["value"] == amount
        assert audience.state().cohorts == 2, "executives share one, and the viewer has another"


async def test_what_is_personal_is_told_to_each_alone(alder: Company) -> None:
    whole = (await alder.ask("eve", "{ organization { id } }"))["organization"]["id"]
    document = (
        "subscription ($id: ID!) { watch(id: $id) { node { ... on Organization { viewer { person { name } } } } } }"
    )
    asked = [(who, document, {"id": whole}) for who in ("eve", "emil")]
    async with listening(alder, *asked) as (audience, (eve, emil)):
        for ear, name in ((eve, "Eve"), (emil, "Emil")):
            (answer,) = await ear.hears(1)
            assert answer["watch"]["node"]["viewer"]["person"]["name"] == name
        assert audience.state().cohorts == 2


async def test_late_comers_miss_nothing_and_hear_nothing_twice(alder: Company) -> None:
    """Writes, listeners who resume from anywhere, and slow ones, in random order."""
    chance = random.Random(5)  # noqa: S311 - it is to be the same every time
    audience = Audience(alder.bell, alder.clock)
    begin = await alder.revision()
    followers: list[tuple[int, Ear]] = []
    for number in range(60):
        match chance.choice(("write", "write", "join", "resume", "pause", "go on")):
            case "write":
                await alder.create(Level.PROGRAM, f"Program {number}", "Service")
            case "join" | "resume" as how:
                after = await alder.revision() if how == "join" else chance.randint(0, await alder.revision())
                ear = Ear(audience, alder)
                await ear.start("eve", ACTIVITY, after=str(after))
                followers.append((after, ear))
            case "pause" if followers:
                chance.choice(followers)[1].may_read.clear()
            case "go on" if followers:
                chance.choice(followers)[1].may_read.set()
        if chance.random() < 0.5:
            await asyncio.sleep(0)
    newest = await alder.revision()
    assert newest > begin + 10
    assert len(followers) > 10
    for after, ear in followers:
        ear.may_read.set()
        assert revisions(await ear.hears(newest - after)) == list(range(after + 1, newest + 1))
    await alder.create(Level.PROGRAM, "One more", "Service")
    for after, ear in followers:
        assert revisions(await ear.hears(newest - after + 1))[-1] == newest + 1
        await ear.stop()
    assert audience.state().cohorts == 0


async def test_who_reads_slowly_gets_the_newest_answer_and_holds_up_nobody(alder: Company) -> None:
    ask = ("eve", WATCH, {"id": alder.node("Contracts")})
    async with listening(alder, ask, ask) as (audience, (slow, quick)):
        for ear in (slow, quick):
            await ear.hears(1)
        slow.may_read.clear()
        for number in range(2, 6):
            await rename(alder, "Contracts", f"Contracts {number}")
            assert (await quick.hears(number))[-1]["watch"]["node"] == {"name": f"Contracts {number}"}
        assert audience.state().skips
        slow.may_read.set()
        while slow.heard[-1]["data"]["watch"]["node"] != {"name": "Contracts 5"}:
            await slow.hears(len(slow.heard) + 1)
        assert len(slow.heard) < len(quick.heard), "what came meanwhile was skipped"


async def test_a_seat_that_ends_moves_its_holder_before_anything_more_is_said(alder: Company) -> None:
    ada = await alder.viewer("ada")
    alder.people["bo"] = await perform(ada, add_person, alder.now, name="Bo")
    seats = [
        await perform(ada, grant_seat, alder.now, person=alder.people["bo"], role=role, node=node)
        for role, node in ((Role.OWNER, None), (Role.VIEWER, alder.nodes["Full service"]))
    ]
    asked = [
        ("bo", MONEY, {"id": alder.node("Full service")}),
        ("olaf", MONEY, {"id": alder.node("Full service")}),
        ("bo", ACTIVITY, {"after": str(await alder.revision())}),
    ]
    async with listening(alder, *asked) as (_, (bo, olaf, told)):
        for ear in (bo, olaf):
            assert (await ear.hears(1))[0]["watch"]["node"]["rollUp"]["headline"]["plan"]["value"] == {"amount": "0.00"}
        await perform(ada, end_seat, alder.now, seat=seats[0])
        await rename(alder, "Full service", "Full service Europe")
        hidden = {"name": "Full service Europe", "rollUp": {"headline": {"plan": {"value": None}}}}
        while bo.heard[-1]["data"]["watch"]["node"] != hidden:
            await bo.hears(len(bo.heard) + 1)
        assert (await olaf.hears(2))[-1]["watch"]["node"]["rollUp"]["headline"]["plan"]["value"] == {"amount": "0.00"}
        sentences = [answer["activity"]["sentence"] for answer in await told.hears(1)]
        await alder.create(Level.PROGRAM, "Unseen", "Service")
        await perform(ada, end_seat, alder.now, seat=seats[1])
        refused = await told.fails()
        assert isinstance(refused, DocumentError)
        assert "Your last seat has ended" in str(refused)
        assert "Unseen" not in str([sentences, told.heard])
        assert "no such" in str(await bo.fails()).lower()
        assert olaf.error is None


@pytest.mark.parametrize(
    "document",
    [
        WATCH,
        MONEY_AT,
        "subscription ($id: ID!) { w: watch(id: $id) { ...x } } fragment x on Watched { r: revision n: node { id } }",
        PART % "children(first: 1000) { totalCount }",
        PART % "descendants(first: 3) { edges { node { name ... on Measure { stage milestones { totalCount } } } } }",
        "subscription { activity(after: 1) { id kind at by { name } on { id } changes { field before after } } }",
    ],
)
async def test_what_is_shared_is_what_each_would_get_alone(alder: Company, document: str) -> None:
    variables = {"id": alder.node("Full service")} if "$id" in document else {}
    for who in ("eve", "vera"):
        async with (
            aclosing(alder.follow(await alder.member(who), document, **variables)) as alone,
            listening(alder, (who, document, variables)) as (_, (ear,)),
        ):
            await ear.hears(1)
            assert ear.heard[0] == (await anext(alone)).body


async def test_rights_that_come_and_go_while_answers_are_shared_never_show_too_much(alder: Company) -> None:
    """Many share the bytes; of some the right to amounts comes and goes: none is told one read after it went."""
    ada = await alder.viewer("ada")
    names = [f"bo{number}" for number in range(6)]
    for name in names:
        alder.people[name] = await perform(ada, add_person, alder.now, name=name.capitalize())
        await perform(ada, grant_seat, alder.now, person=alder.people[name], role=Role.VIEWER)
    asked = [(who, MONEY_AT, {"id": alder.node("Full service")}) for who in (*names, "eve", "vera", "emil")]
    # of each the revisions between which amounts are hidden from them
    blind: dict[str, list[tuple[int, float]]] = {name: [(await alder.revision(), math.inf)] for name in names}
    async with listening(alder, *asked) as (_, ears):
        for number in range(12):
            name = names[number % len(names)]
            seat = await perform(ada, grant_seat, alder.now, person=alder.people[name], role=Role.OWNER)
            blind[name][-1] = (blind[name][-1][0], await alder.revision())
            await rename(alder, "Full service", f"Full service {number}")
            await perform(ada, end_seat, alder.now, seat=seat)
            blind[name].append((await alder.revision(), math.inf))
            await rename(alder, "Full service", f"Full service {number} b")
        for ear in ears:
            await ear.hears(1)
            while ear.heard[-1]["data"]["watch"]["node"]["name"] != "Full service 11 b":
                await ear.hears(len(ear.heard) + 1)
    for ear, (who, _, _) in zip(ears, asked, strict=True):
        for told in (answer["data"]["watch"] for answer in ear.heard):
            amount, revision = told["node"]["rollUp"]["headline"]["plan"]["value"], int(told["revision"])
            if who in ("eve", "emil"):
                assert amount == {"amount": "0.00"}
            elif who == "vera" or any(begin <= revision < end for begin, end in blind[who]):
                assert amount is None, (who, revision, blind[who])


async def test_seats_change_with_the_day_too(alder: Company) -> None:
    ada = await alder.viewer("ada")
    alder.people["bo"] = await perform(ada, add_person, alder.now, name="Bo")
    ends = alder.now.date()
    await perform(ada, grant_seat, alder.now, person=alder.people["bo"], role=Role.VIEWER, ends=ends)
    begin = {"after": str(await alder.revision())}
    async with listening(alder, ("bo", ACTIVITY, begin), ("eve", ACTIVITY, begin)) as (_, (bo, eve)):
        await rename(alder, "Contracts", "Contracts Europe")
        await bo.hears(1)
        alder.later(days=1)
        await rename(alder, "Contracts", "Contracts World")
        assert "Your last seat has ended" in str(await bo.fails())
        assert len(await eve.hears(2)) == 2


async def test_what_cannot_be_followed_is_refused(alder: Company, birch: Company) -> None:
    foreign = ("eve", WATCH, {"id": birch.node("Contracts")})
    async with listening(alder, foreign, ("eve", ACTIVITY, {"under": birch.node("Contracts")})) as (audience, ears):
        for ear in ears:
            assert isinstance(await ear.fails(), DocumentError)
        assert (audience.state().cohorts, audience.state().members) == (0, 0)
