"""Reminders are facts: once a day by hand, once per interval by themselves, and one however many workers look."""

import asyncio
from contextlib import aclosing
from typing import Any

from server.actions.reminders import keep_reminding, remind_all
from server.domain.stages import STAGES
from server.live.proof import first_fault
from tests.support.company import Company
from tests.support.measures import described, done, gate, shown, submitted, voted

IDENTIFIED = STAGES[1]
FACTS = """{ ledger(kinds: [REMINDER_SENT]) { edges { node {
    by { name } sentence on { ... on Submission { into } } } } } }"""
REMINDED = "... on Gate { remindedAt }"


async def facts(alder: Company) -> list[dict[str, Any]]:
    """The reminders sent, newest first."""
    return [edge["node"] for edge in (await alder.ask("lea", FACTS))["ledger"]["edges"]]


async def waiting(alder: Company) -> str:
    """Full service waits for Pia; the gate's id."""
    await described(alder, "Full service")
    await submitted(alder, "Full service", IDENTIFIED)
    return gate(alder, "Full service", IDENTIFIED)


async def test_owner_and_portfolio_lead_remind_once_a_day(alder: Company) -> None:
    here = gate(alder, "Full service", IDENTIFIED)
    assert (await alder.do("olaf", "remindDeciders", gate=here))["code"] == "WRONG_STAGE"
    await waiting(alder)
    alder.later(days=6)
    before = await alder.revision()
    for who in ("pia", "sam", "ada", "vera"):
        assert (await alder.do(who, "remindDeciders", gate=here))["code"] == "FORBIDDEN"
    assert await alder.revision() == before
    reminded = await alder.do("olaf", "remindDeciders", REMINDED, gate=here)
    assert reminded["remindedAt"] == "2026-11-22T09:00:00.000Z"
    sentence = "Olaf reminded Pia, who has had the gate of “Full service” into Identified for 6 days."
    assert await facts(alder) == [{"by": {"name": "Olaf"}, "sentence": sentence, "on": {"into": "IDENTIFIED"}}]
    again = await alder.do("lea", "remindDeciders", gate=here)
    assert again["code"] == "LIMITED"
    acts = {each["act"]: each["why"] for each in (await shown(alder, "lea", "Full service", IDENTIFIED))["acts"]}
    assert (
        acts["remindDeciders"]
        == again["message"]
        == ("They were reminded today at 10:00, and once a day is enough: remind them again tomorrow.")
    )
    alder.later(days=1)
    assert (await alder.do("lea", "remindDeciders", REMINDED, gate=here))["remindedAt"]
    assert len(await facts(alder)) == 2


async def test_they_are_reminded_by_themselves_after_the_policys_days_and_again_after_as_many(alder: Company) -> None:
    await waiting(alder)
    days: list[int] = []
    for day in range(1, 8):
        alder.later(days=1)
        if await remind_all(alder.now):
            days.append(day)
        assert await remind_all(alder.now) == 0
    assert days == [3, 6]
    newest = (await facts(alder))[0]
    told = "Stageline reminded Pia, who has had the gate of “Full service” into Identified for 6 days."
    assert (newest["by"], newest["sentence"]) == (None, told)
    assert await first_fault(alder.id) is None


async def test_one_by_hand_counts_and_a_decision_ends_it(alder: Company) -> None:
    here = await waiting(alder)
    alder.later(days=2)
    await done(alder, "olaf", "remindDeciders", gate=here)
    alder.later(days=1)
    assert await remind_all(alder.now) == 0
    alder.later(days=2)
    assert await remind_all(alder.now) == 1
    await voted(alder, "pia", "Full service", IDENTIFIED)
    alder.later(days=30)
    assert await remind_all(alder.now) == 0


async def test_many_workers_write_one_reminder(alder: Company) -> None:
    await waiting(alder)
    alder.later(days=4)
    before = await alder.revision()
    sent = await asyncio.gather(*(remind_all(alder.now) for _ in range(8)))
    assert sum(sent) == 1
    assert await alder.revision() == before + 1


async def test_another_organization_is_reminded_of_its_own(alder: Company, birch: Company) -> None:
    await waiting(alder)
    await waiting(birch)
    alder.later(days=4)
    assert await remind_all(alder.now) == 2
    assert len(await facts(alder)) == len(await facts(birch)) == 1


async def test_a_server_looks_by_itself_and_subscribers_hear_it(alder: Company) -> None:
    await waiting(alder)
    alder.later(days=4)
    asked = "subscription { activity(kinds: [REMINDER_SENT]) { sentence } }"
    stream = alder.follow(await alder.member("pia"), asked)
    looking = asyncio.create_task(keep_reminding(0.05, alder.clock))
    async with aclosing(stream):
        heard = (await anext(stream)).body["data"]["activity"]["sentence"]
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    assert heard.startswith("Stageline reminded Pia")
