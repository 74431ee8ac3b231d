"""Whatever is done to a ledger behind its triggers is found, and the first faulty entry named: by us and without us."""

import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from asyncpg import PostgresError
from hypothesis import given
from hypothesis import strategies as st
from tortoise.exceptions import BaseORMException

from server.actions.seats import add_person, grant_seat
from server.domain.cascade import Level
from server.domain.people import Role
from server.exchange.ledger import lines
from server.live import proof
from server.live.chain import COVERED, canonical, chained
from server.live.proof import Page, pages, prove
from server.live.work import perform
from server.models.database import change, is_postgres, reading, rows, writing
from tests.support.company import Company
from tests.support.imports import ROOT
from tests.support.measures import line

ASKED = "{ verifyLedger { entries head sound firstFault sentence } }"
MAY = {"ada", "eve", "emil", "lea", "carl"}
"""Admin, executives, portfolio lead and controller (law §3)."""
ENTRY = "WHERE organization_id = :organization AND revision = :revision"


async def entry_at(company: Company, revision: int) -> dict[str, Any]:
    [found] = await rows(reading(), f"SELECT * FROM ledger_entry {ENTRY}", organization=company.id, revision=revision)
    return found


async def on_entry(company: Company, what: str, revision: int, **values: Any) -> None:
    await change(writing(), f"{what} {ENTRY}", organization=company.id, revision=revision, **values)


async def halved(company: Company, revision: int) -> None:
    """The first amount of a plan becomes half of what it was."""
    changes = (await entry_at(company, revision))["changes"]
    amount = next(each for each in changes if each["after"] == 1_000_000)
    amount["after"] = 500_000
    await on_entry(company, "UPDATE ledger_entry SET changes = :changes", revision, changes=json.dumps(changes))


async def deleted(company: Company, revision: int) -> None:
    await on_entry(company, "DELETE FROM ledger_entry", revision)


async def swapped(company: Company, revision: int) -> None:
    for old, new in ((revision, -1), (revision + 1, revision), (-1, revision + 1)):
        await on_entry(company, "UPDATE ledger_entry SET revision = :new", old, new=new)


async def by_another(company: Company, revision: int) -> None:
    await on_entry(company, "UPDATE ledger_entry SET by_id = :vera", revision, vera=company.people["vera"])


async def truncated(company: Company, revision: int) -> None:
    for number in range(revision, await company.revision() + 1):
        await deleted(company, number)


async def unlinked(company: Company, revision: int) -> None:
    await on_entry(company, "UPDATE ledger_entry SET previous = :previous", revision, previous="0" * 64)


async def rehashed(company: Company, revision: int) -> None:
    """The entry before is altered and hashed anew, so that it is this one that does not follow it."""
    before = await entry_at(company, revision - 1) | {"sentence": "Nobody did anything."}
    values = {"sentence": before["sentence"], "hash": chained(before["previous"], before)}
    await on_entry(company, "UPDATE ledger_entry SET sentence = :sentence, hash = :hash", revision - 1, **values)


TAMPERING = {
    "a changed amount": halved,
    "a deleted entry": deleted,
    "two entries swapped": swapped,
    "a changed actor": by_another,
    "a truncated tail": truncated,
    "a changed link": unlinked,
    "an entry hashed anew": rehashed,
}


@pytest.fixture
async def planned(alder: Company) -> tuple[Company, int]:
    """Alder Pumps with a plan, two facts after it, and the plan's place in the ledger."""
    await line(alder, "REVENUE", "Contracts", {"2027-01": "10000", "2027-02": "10000"})
    revision = await alder.revision()
    await alder.create(Level.OBJECTIVE, "Another")
    await alder.create(Level.OBJECTIVE, "One more")
    return alder, revision


async def without_triggers() -> None:
    """As whoever owns the database can have it; tests/models/test_database.py shows that they refuse."""
    if is_postgres(writing()):
        await writing().execute_script("DROP TRIGGER ledger_refuses_change ON ledger_entry")
    else:
        await writing().execute_script("DROP TRIGGER ledger_refuses_UPDATE; DROP TRIGGER ledger_refuses_DELETE")


async def verified(company: Company, folder: Path, *noted: str) -> tuple[int, str]:
    """Exit code and words of the script that knows nothing of our code, on an export."""
    exported = folder / "ledger.jsonl"
    exported.write_bytes(b"".join([each async for each in lines(company.id)]))
    return script(exported, *noted)


def script(exported: Path, *noted: str) -> tuple[int, str]:
    command = [sys.executable, "-I", str(ROOT / "docs/verify_ledger.py"), str(exported), *noted]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return ran.returncode, ran.stdout + ran.stderr


async def test_a_sound_ledger_is_proved(planned: tuple[Company, int], birch: Company, tmp_path: Path) -> None:
    alder, _ = planned
    newest = await entry_at(alder, await alder.revision())
    assert (await alder.ask("eve", ASKED))["verifyLedger"] == {
        "entries": newest["revision"],
        "head": newest["hash"],
        "sound": True,
        "firstFault": None,
        "sentence": f"Every entry from 1 to {newest['revision']} is there, in order and unaltered.",
    }
    sound = f"Sound: {newest['revision']} entries, head {newest['hash']}.\n"
    assert await verified(alder, tmp_path) == (0, sound)
    assert await verified(alder, tmp_path, (await entry_at(alder, 3))["hash"]) == (0, sound)
    assert (await verified(birch, tmp_path))[0] == 0


@pytest.mark.parametrize("tamper", TAMPERING.values(), ids=TAMPERING)
async def test_tampering_is_found_and_the_first_faulty_entry_named(
    tamper: Callable[[Company, int], Awaitable[None]], planned: tuple[Company, int], birch: Company, tmp_path: Path
) -> None:
    alder, revision = planned
    assert (await prove(alder.id)).sound
    await without_triggers()
    await tamper(alder, revision)
    found = (await alder.ask("carl", ASKED))["verifyLedger"]
    assert (found["sound"], found["firstFault"]) == (False, str(revision))
    assert f"Entry {revision} is altered, missing or out of order" in found["sentence"]
    code, words = await verified(alder, tmp_path)
    assert code == 1
    assert words.startswith(f"Entry {revision} is ")
    assert [name for name, _ in await proof.broken_ledgers()] == ["Alder Pumps"]
    assert (await prove(birch.id)).sound


async def test_an_entry_beyond_either_end_is_found(planned: tuple[Company, int]) -> None:
    """To append is what no trigger refuses: one more than the organization counts, then one before the first."""
    alder, _ = planned
    newest = await entry_at(alder, await alder.revision())
    kept = "UPDATE organization SET revision = :revision, head = :head WHERE id = :id"
    await change(writing(), kept, id=alder.id, revision=newest["revision"] - 1, head=newest["previous"])
    found = await prove(alder.id)
    assert found.first_fault == newest["revision"]
    assert found.sentence == f"The ledger does not end with entry {found.entries} as the organization keeps it."
    await change(writing(), kept, id=alder.id, revision=newest["revision"], head=newest["hash"])
    assert (await prove(alder.id)).sound
    columns = "at, kind, sentence, thing, thing_id, changes, previous, hash"
    copied = f"""INSERT INTO ledger_entry (id, organization_id, revision, {columns})
        SELECT :id, organization_id, 0, {columns} FROM ledger_entry {ENTRY}"""
    await change(writing(), copied, id=alder.id, organization=alder.id, revision=1)
    assert (await prove(alder.id)).first_fault == 1


async def test_an_entry_that_cannot_even_be_read_is_named(planned: tuple[Company, int]) -> None:
    alder, revision = planned
    await without_triggers()
    garbage = on_entry(alder, "UPDATE ledger_entry SET changes = :changes", revision, changes='[{"after": ')
    if is_postgres(writing()):
        with pytest.raises((BaseORMException, PostgresError)):  # its column takes JSON only
            await garbage
        assert (await prove(alder.id)).sound
        return
    await garbage
    assert (await prove(alder.id)).first_fault == revision


async def test_who_rewrites_it_all_cannot_keep_a_head_that_was_noted(
    planned: tuple[Company, int], tmp_path: Path
) -> None:
    """All hashes anew from the altered entry on: only a head noted elsewhere tells."""
    alder, revision = planned
    noted = (await prove(alder.id)).head
    await without_triggers()
    await halved(alder, revision)
    previous = (await entry_at(alder, revision - 1))["hash"]
    for number in range(revision, await alder.revision() + 1):
        links = {"previous": previous, "hash": chained(previous, await entry_at(alder, number))}
        await on_entry(alder, "UPDATE ledger_entry SET previous = :previous, hash = :hash", number, **links)
        previous = links["hash"]
    await change(writing(), "UPDATE organization SET head = :head WHERE id = :id", head=previous, id=alder.id)
    assert (await prove(alder.id)).sound
    assert (await verified(alder, tmp_path))[0] == 0
    assert await verified(alder, tmp_path, noted) == (1, "The noted head is not in this ledger.\n")


async def test_an_export_is_faulty_from_the_first_byte_that_was_touched(
    planned: tuple[Company, int], tmp_path: Path
) -> None:
    alder, _ = planned
    whole = [each async for each in lines(alder.id)]
    count = len(whole) - 1
    touched = {
        3: [*whole[:2], whole[2].replace(b'"sentence":', b'"sentence":"Nothing.","sentence":'), *whole[3:]],
        5: [*whole[:4], whole[4][:40], *whole[5:]],
        7: [*whole[:6], b"[]\n", *whole[7:]],
        count: [*whole[:-2], whole[-1]],
        count + 1: whole[:-1],
    }
    for fault, altered in touched.items():
        (tmp_path / "altered.jsonl").write_bytes(b"".join(altered))
        code, words = script(tmp_path / "altered.jsonl")
        assert (code, words[: len(f"Entry {fault} ")]) == (1, f"Entry {fault} "), words


async def test_an_entry_that_comes_during_the_walk_is_no_fault(
    planned: tuple[Company, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    alder, _ = planned
    monkeypatch.setattr(proof, "PAGE", 3)
    walked: list[Page] = []
    async for page in pages(alder.id):
        if not walked:
            await alder.create(Level.OBJECTIVE, "Meanwhile")
        walked.append(page)
    entries = [entry for page in walked for entry in page.rows]
    assert [entry["revision"] for entry in entries] == list(range(1, await alder.revision() + 1))
    assert (walked[-1].entries, walked[-1].head) == (entries[-1]["revision"], entries[-1]["hash"])
    assert (await prove(alder.id)).sound


async def test_only_those_whom_the_law_lets_read_the_ledger_verify_it(alder: Company) -> None:
    lead = {"name": "Lotte", "email": "lotte@alder-pumps.example"}
    alder.people["lotte"] = await perform(await alder.viewer("ada"), add_person, alder.now, **lead)
    branch: dict[str, Any] = {
        "person": alder.people["lotte"],
        "role": Role.PORTFOLIO_LEAD,
        "node": alder.nodes["Service"],
    }
    await perform(await alder.viewer("ada"), grant_seat, alder.now, **branch)
    for who in alder.people:
        answer = await alder.result(who, ASKED)
        if who in MAY:
            assert answer["data"]["verifyLedger"]["sound"], who
            continue
        [error] = answer["errors"]
        assert answer["data"] is None, who
        assert error["extensions"]["code"] == "FORBIDDEN", who
        holders = "the admin, the controller, the executive, the portfolio lead or the viewer with the right"
        assert f"Only {holders}" in error["message"]


SCALAR = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(st.characters(exclude_categories=["Cs"]))
)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))
ANY_JSON = st.recursive(SCALAR, lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner), max_leaves=20)


@given(sentence=WORDS, changes=st.lists(ANY_JSON, max_size=5))
def test_canonical_json_is_what_the_standard_library_writes(sentence: str, changes: list[Any]) -> None:
    entry = dict.fromkeys(COVERED) | {"revision": 7, "sentence": sentence, "changes": changes}
    standard = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(entry) == standard.encode()
