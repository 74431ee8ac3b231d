"""Following an import while it runs: who may, what they hear, and what everybody else is told, which is nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from server.api.errors import DocumentError
from server.domain.imports import ImportPhase, ImportState
from server.domain.people import Viewer
from server.exchange import progress
from server.exchange.progress import follow, followed
from server.models.database import reading, rows
from tests.api.test_import import imports, lead_too
from tests.support.company import Company

PROGRESS = "subscription ($key: String!) { importProgress(idempotencyKey: $key) { phase done total sentence } }"

WAITING = {"phase": "WAITING", "done": 0, "total": None, "sentence": "No file has come under this key yet."}


@pytest.fixture
async def pumps(alder: Company) -> Company:
    """Alder Pumps, where Sal may import anything."""
    await lead_too(alder)
    return alder


async def heard(company: Company, who: str, key: str = "monday") -> list[dict[str, Any]]:
    """All that somebody hears of an import until it has ended."""
    async with aclosing(company.follow(await company.member(who), PROGRESS, key=key)) as answers:
        return [answer.body["data"]["importProgress"] async for answer in answers]


async def first(company: Company, who: str | None, key: str = "monday") -> dict[str, Any]:
    """The first that somebody hears."""
    async with aclosing(company.follow(await company.member(who), PROGRESS, key=key)) as answers:
        return (await anext(answers)).body


async def test_who_may_not_import_has_nothing_to_follow(pumps: Company) -> None:
    for who, why in (("vera", "Only the portfolio lead or the sales manager may do this"), (None, "not signed in")):
        with pytest.raises(DocumentError, match=why):
            await first(pumps, who)


async def test_an_import_is_followed_from_before_it_came_until_it_is_done(pumps: Company) -> None:
    assert (await first(pumps, "sal"))["data"]["importProgress"] == WAITING
    following = asyncio.create_task(heard(pumps, "sal"))
    report = await imports(pumps, "sal", idempotencyKey="monday")
    assert report["created"] == 2
    assert (await following)[-1]["phase"] == "DONE"
    late = await heard(pumps, "sal")
    assert [each["phase"] for each in late] == ["DONE"]


async def test_a_refused_import_says_so_to_its_follower(pumps: Company) -> None:
    refusal = await imports(pumps, "sal", "", idempotencyKey="monday")
    assert refusal["code"] == "INVALID"
    (told,) = await heard(pumps, "sal")
    assert (told["phase"], told["sentence"]) == (
        "REFUSED",
        "Refused, and nothing was written; the answer to the import says why.",
    )


async def test_to_everybody_else_it_is_one_that_was_never_sent(pumps: Company, birch: Company) -> None:
    await lead_too(birch)
    await imports(pumps, "sal", idempotencyKey="monday")
    never = await first(pumps, "sal", "tuesday")
    assert never["data"]["importProgress"]["phase"] == "WAITING"
    assert await first(pumps, "lea") == await first(birch, "sal") == never
    assert await first(pumps, "sal") != never


async def test_each_phase_is_told_in_words_and_numbers(pumps: Company) -> None:
    viewer = await pumps.viewer("sal")
    steps = {
        (ImportPhase.READING, 1_500, 166_216): "Reading: 1,500 of 166,216 rows.",
        (ImportPhase.CHECKING, 166_216, 166_216): "Checking whom and what 166,216 rows name.",
        (ImportPhase.WRITING, 300, 410): "Writing: 300 of 410.",
    }
    async with aclosing(pumps.follow(await pumps.member("sal"), PROGRESS, key="monday")) as answers:
        async with followed(viewer, "monday", pumps.now) as tell:
            told = (await anext(answers)).body["data"]["importProgress"]
            assert told == {"phase": "READING", "done": 0, "total": None, "sentence": "Opening the files."}
            for (phase, done, total), sentence in steps.items():
                tell(phase, done, total)
                told = (await anext(answers)).body["data"]["importProgress"]
                assert told == {"phase": phase.value, "done": done, "total": total, "sentence": sentence}
        assert (await anext(answers)).body["data"]["importProgress"]["phase"] == "DONE"
        assert [answer async for answer in answers] == []


async def test_the_reader_and_the_writer_report_what_they_do(pumps: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, int, int | None]] = []

    @asynccontextmanager
    async def listening(*_: object) -> AsyncIterator[progress.Progress]:
        yield lambda *each: told.append((each[0].value, *each[1:]))

    monkeypatch.setattr("server.resolvers.imports.followed", listening)
    await imports(pumps, "sal")
    assert told == [("READING", 2, 2), ("CHECKING", 2, 2), ("WRITING", 1, 2), ("WRITING", 2, 2)]


async def test_one_whose_process_is_gone_has_broken_off(pumps: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE", 0.1)
    monkeypatch.setattr(progress, "TELL_SECONDS", 0.01)
    viewer, told = await pumps.viewer("sal"), list[ImportState]()
    silenced = await _begun_and_never_told_again(viewer, pumps)
    async for state in follow(viewer.person_id, "monday"):
        told.append(state)
    assert [state.phase for state in told] == [ImportPhase.READING, ImportPhase.BROKEN_OFF]
    await silenced.finish(ImportPhase.DONE)  # it comes back: what it says counts
    assert [state.phase async for state in follow(viewer.person_id, "monday")] == [ImportPhase.DONE]


async def _begun_and_never_told_again(viewer: Viewer, company: Company) -> progress._Told:
    told = progress._Told(viewer, "monday", company.now)
    await told.tell()
    return told


async def test_a_stumble_is_no_end_that_was_meant(pumps: Company) -> None:
    with pytest.raises(RuntimeError):
        async with followed(await pumps.viewer("sal"), "monday", pumps.now):
            raise RuntimeError
    assert [each["phase"] for each in await heard(pumps, "sal")] == ["BROKEN_OFF"]
    assert (await imports(pumps, "sal", idempotencyKey="monday"))["created"] == 2
    assert [each["phase"] for each in await heard(pumps, "sal")] == ["DONE"]


async def test_what_was_imported_a_day_ago_is_forgotten_and_long_keys_are_not_followed(pumps: Company) -> None:
    await imports(pumps, "sal", idempotencyKey="monday")
    pumps.later(hours=25)
    await imports(pumps, "sal", idempotencyKey="tuesday")
    assert "monday" not in [row["key"] for row in await rows(reading(), "SELECT key FROM import_progress")]
    refusal = await imports(pumps, "sal", idempotencyKey="k" * 201)
    assert refusal["message"] == "An idempotency key has at most 200 characters."
