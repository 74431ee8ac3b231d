"""Following the ledger: every fact once and in order, whoever writes, and what a viewer may not see stays silent."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from server.actions.seats import add_person, end_seat, grant_seat
from server.api.errors import DocumentError
from server.domain.cascade import Level
from server.domain.people import Role
from server.live.proof import first_fault
from server.live.work import perform
from tests.support.company import Company

ACTIVITY = (
    "subscription ($after: Revision, $under: ID) { activity(after: $after, under: $under) { revision sentence kind } }"
)
WATCH = "subscription ($id: ID!) { watch(id: $id) { revision node { ... on CascadeNode { name } } } }"


async def take(company: Company, who: str, document: str, number: int, **variables: Any) -> list[dict[str, Any]]:
    """The next `number` answers of a subscription."""
    found: list[dict[str, Any]] = []
    async with (
        aclosing(company.follow(await company.member(who), document, **variables)) as answers,
        asyncio.timeout(20),
    ):
        async for answer in answers:
            found.append(answer.body["data"])
            if len(found) == number:
                break
    return found


async def test_forty_writers_and_a_follower_who_misses_nothing(alder: Company) -> None:
    begin = await alder.revision()
    following = asyncio.create_task(take(alder, "eve", ACTIVITY, 40, after=str(begin)))
    await asyncio.gather(*(alder.create(Level.PROGRAM, f"Program {number}", "Service") for number in range(40)))
    revisions = [int(each["activity"]["revision"]) for each in await following]
    assert revisions == list(range(begin + 1, begin + 41))
    assert await first_fault(alder.id) is None


async def test_a_dropped_connection_resumes_without_a_seam(alder: Company) -> None:
    begin = await alder.revision()
    for number in range(5):
        await alder.create(Level.PROGRAM, f"Program {number}", "Service")
    first = await take(alder, "eve", ACTIVITY, 2, after=str(begin))
    rest = await take(alder, "eve", ACTIVITY, 3, after=first[-1]["activity"]["revision"])
    sentences = [each["activity"]["sentence"] for each in first + rest]
    assert sentences == [f"Lea created the program “Program {number}” under “Service”." for number in range(5)]


async def test_a_live_query_answers_at_once_and_again_when_it_changed(alder: Company) -> None:
    member = await alder.member("eve")
    async with aclosing(alder.follow(member, WATCH, id=alder.node("Contracts"))) as answers, asyncio.timeout(20):
        assert (await anext(answers)).body["data"]["watch"]["node"] == {"name": "Contracts"}
        await alder.create(Level.OBJECTIVE, "Something else")
        await alder.do("pia", "editNode", node=alder.node("Contracts"), name="Contracts Europe")
        assert (await anext(answers)).body["data"]["watch"]["node"] == {"name": "Contracts Europe"}


async def test_a_seat_that_ends_silences_the_stream(alder: Company) -> None:
    ada = await alder.viewer("ada")
    alder.people["bo"] = await perform(ada, add_person, alder.now, name="Bo")
    seat = await perform(
        ada, grant_seat, alder.now, person=alder.people["bo"], role=Role.VIEWER, node=alder.nodes["Contracts"]
    )
    member = await alder.member("bo")
    async with aclosing(alder.follow(member, ACTIVITY, after=str(await alder.revision()))) as answers:
        await alder.create(Level.INITIATIVE, "Seen", "Contracts")
        async with asyncio.timeout(20):
            assert "“Seen”" in (await anext(answers)).body["data"]["activity"]["sentence"]
        await perform(ada, end_seat, alder.now, seat=seat)
        await alder.create(Level.INITIATIVE, "Unseen", "Contracts")
        with pytest.raises(DocumentError, match="Your last seat has ended"):
            async with asyncio.timeout(20):
                await anext(answers)


async def test_the_other_organization_hears_nothing(alder: Company, birch: Company) -> None:
    begin = await birch.revision()
    following = asyncio.create_task(take(birch, "eve", ACTIVITY, 1, after=str(begin)))
    await alder.create(Level.OBJECTIVE, "Ours")
    await birch.create(Level.OBJECTIVE, "Theirs")
    assert [each["activity"]["sentence"] for each in await following] == ["Lea created the objective “Theirs”."]


async def test_the_past_is_replayed_to_who_reads_the_ledger_and_resumed_within_a_day_by_others(alder: Company) -> None:
    await alder.create(Level.PROGRAM, "Long ago", "Service")
    long_ago = await alder.revision()
    alder.later(days=2)
    await alder.create(Level.PROGRAM, "Just now", "Service")
    (reset, news) = await take(alder, "olaf", ACTIVITY, 2, after="0")
    assert (reset["activity"]["kind"], reset["activity"]["revision"]) == ("RESET", str(long_ago))
    assert news["activity"]["sentence"] == "Lea created the program “Just now” under “Service”."
    assert (await take(alder, "olaf", ACTIVITY, 1, after=str(long_ago)))[0] == news
    told = await take(alder, "eve", ACTIVITY, long_ago + 1, after="0")
    assert [int(each["activity"]["revision"]) for each in told] == list(range(1, long_ago + 2))
