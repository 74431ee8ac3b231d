"""Kept answers by themselves: whom they serve, until when, in how much memory, and one run for equal questions."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from server.domain.people import Rights, Role
from server.live.answers import ENTRY_BYTES, Answers, Asking, Made, Question

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
ORGANIZATION = uuid4()
EVERYWHERE = Rights(ORGANIZATION, frozenset({(Role.VIEWER, None, False, False)}), None)
MONEY = Rights(ORGANIZATION, frozenset({(Role.VIEWER, None, True, False)}), None)
ADA: tuple[UUID, UUID] = (uuid4(), uuid4())
BEN: tuple[UUID, UUID] = (uuid4(), uuid4())
ASKING = Asking(EVERYWHERE, ADA, 7, NOW)
QUESTION: Question = ("{ organization { name } }", None, b"{}")


class Making:
    """Makes answers when a test lets it, and counts them."""

    def __init__(self, **told: object) -> None:
        self.told = {"at": NOW, **told}
        self.times, self.may = 0, asyncio.Event()
        self.may.set()

    async def __call__(self) -> Made:
        self.times += 1
        body = str(self.times).encode()
        await self.may.wait()
        return Made(**{"body": body, **self.told})  # type: ignore[arg-type]  # of the fields' types, by the tests


@pytest.mark.parametrize(
    ("told", "other", "again"),
    [
        ({}, ASKING, False),
        ({}, replace(ASKING, person=BEN), False),
        ({}, replace(ASKING, at=NOW + timedelta(days=900)), False),
        ({}, replace(ASKING, revision=8), True),
        ({}, replace(ASKING, revision=6), True),
        ({}, replace(ASKING, rights=MONEY), True),
        ({}, replace(ASKING, rights=EVERYWHERE._replace(organization_id=uuid4())), True),
        ({}, replace(ASKING, rights=EVERYWHERE._replace(scopes=frozenset({"read"}))), True),
        ({"personal": True}, ASKING, False),
        ({"personal": True}, replace(ASKING, person=BEN), True),
        ({"personal": True}, replace(ASKING, person=(ADA[0], uuid4())), True),
        ({"personal": True}, replace(ASKING, rights=MONEY), True),
        ({"until": NOW + timedelta(hours=1)}, replace(ASKING, at=NOW + timedelta(minutes=59)), False),
        ({"until": NOW + timedelta(hours=1)}, replace(ASKING, at=NOW + timedelta(hours=1)), True),
        ({"until": NOW}, ASKING, True),
        ({"good": False}, ASKING, True),
    ],
)
async def test_an_answer_serves_whom_it_is_right_for(told: dict[str, object], other: Asking, again: bool) -> None:
    """Equal rights share what is nobody's; another revision, person, right or day is answered anew."""
    answers, making = Answers(100_000), Making(**told)
    assert (await answers.answer(QUESTION, ASKING, making)).body == b"1"
    assert (await answers.answer(QUESTION, other, making)).body == (b"2" if again else b"1")
    assert (answers.told.hits, answers.told.misses) == ((0, 2) if again else (1, 1))


async def test_what_an_older_world_is_asked_does_not_come_back() -> None:
    """After a write the answer is new, and who was told the revision before it gets no newer world's bytes kept."""
    answers, making = Answers(100_000), Making()
    for revision, body in ((1, b"1"), (2, b"2"), (2, b"2"), (1, b"3"), (2, b"4")):
        assert (await answers.answer(QUESTION, replace(ASKING, revision=revision), making)).body == body


async def test_memory_is_bounded_and_what_was_asked_last_stays() -> None:
    """The bound holds whatever is asked; the oldest goes first; what alone is larger is not kept at all."""
    most = 10 * ENTRY_BYTES
    answers = Answers(most)

    async def ask(number: int, size: int = 100) -> bool:
        making = Making(body=b"x" * size)
        await answers.answer((f"{{ n{number} }}", None, b"{}"), ASKING, making)
        return making.times == 0

    for number in range(200):
        await ask(number, 10 * number % 900)
        assert answers.told.bytes <= most
        assert await ask(0) or number == 0, "what is asked all the time stays"
    assert answers.told.evictions > 150
    assert not await ask(1)
    entries = answers.told.entries
    await ask(999, most)
    assert not await ask(999, most)
    assert answers.told.entries == entries


async def test_nothing_is_kept_in_no_memory() -> None:
    """0 turns it off: every question is run."""
    answers, making = Answers(0), Making()
    assert [(await answers.answer(QUESTION, ASKING, making)).body for _ in range(3)] == [b"1", b"2", b"3"]


async def _asked(
    answers: Answers, making: Callable[[], Awaitable[Made]], *askings: Asking
) -> list["asyncio.Task[Made]"]:
    tasks = [asyncio.create_task(answers.answer(QUESTION, asking, making)) for asking in askings]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_equal_questions_at_once_are_run_once() -> None:
    """Whoever has equal rights waits for the one that runs; whoever has others runs their own."""
    answers, making = Answers(100_000), Making()
    making.may.clear()
    tasks = await _asked(answers, making, ASKING, replace(ASKING, person=BEN), ASKING, replace(ASKING, rights=MONEY))
    assert making.times == 2
    making.may.set()
    assert [(await task).body for task in tasks] == [b"1", b"1", b"1", b"2"]
    assert answers.told.joined == 2


async def test_who_gives_up_stops_nobody_else() -> None:
    """The first caller's connection breaks while it is run; the second gets the answer, and it is kept."""
    answers, making = Answers(100_000), Making()
    making.may.clear()
    first, second = await _asked(answers, making, ASKING, ASKING)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    making.may.set()
    assert (await second).body == b"1"
    assert (await answers.answer(QUESTION, ASKING, making)).body == b"1"


async def test_who_waited_for_another_persons_answer_gets_their_own() -> None:
    """That it is personal shows only once it was made; from then on persons do not wait for each other."""
    answers, making = Answers(100_000), Making(personal=True)
    making.may.clear()
    tasks = await _asked(answers, making, ASKING, replace(ASKING, person=BEN))
    assert making.times == 1
    making.may.set()
    assert [(await task).body for task in tasks] == [b"1", b"2"]
    making.may.clear()
    later = replace(ASKING, revision=8)
    tasks = await _asked(answers, making, later, replace(later, person=BEN), later)
    assert making.times == 4
    making.may.set()
    assert [(await task).body for task in tasks] == [b"3", b"4", b"3"]


async def test_a_bug_is_told_to_all_who_wait_and_forgotten() -> None:
    """An exception is nobody's answer: the next question runs."""

    async def broken() -> Made:
        await asyncio.sleep(0)
        raise ValueError

    answers = Answers(100_000)
    for task in await _asked(answers, broken, ASKING, ASKING):
        with pytest.raises(ValueError, match=r"^$"):
            await task
    assert (await answers.answer(QUESTION, ASKING, Making())).body == b"1"
