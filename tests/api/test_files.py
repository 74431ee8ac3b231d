"""Files of evidence: uploaded by who could attach them, hashed into the ledger, and given to who sees the evidence."""

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.actions import credentials, files
from server.actions.files import sweep
from server.app import make_app
from server.models.cascade import StoredFile
from server.models.file_store import FileStore
from server.models.people import Person
from server.settings import Settings
from tests.support.company import Company
from tests.support.house import House, opened_house
from tests.support.measures import done, milestone

MINUTES = b"%PDF-1.7 the steering committee met\n" * 2_000
EVIDENCE = "... on Milestone { evidence { source file { id name mediaType size sha256 href } } }"


@pytest.fixture
async def house(alder: Company, tmp_path: Path) -> AsyncIterator[House]:
    """The application; every answer it gives is searched for leaks."""
    async with opened_house(alder, tmp_path) as opened:
        yield opened


async def upload(client: httpx.AsyncClient, body: bytes = MINUTES, name: str = "Minutes.pdf") -> httpx.Response:
    """Send a file."""
    kind = {"Content-Type": "application/pdf"}
    return await client.post("/files", params={"name": name}, content=body, headers=kind)


def refused(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return response.status_code, str(response.json()["errors"][0]["extensions"]["code"])


def on_disk(folder: Path) -> list[str]:
    """The names of all files that are kept, or on their way."""
    return sorted(path.name for path in (folder / "files").rglob("*") if path.is_file())


async def test_a_file_is_uploaded_attached_and_read_by_who_sees_the_evidence(
    house: House, alder: Company, birch: Company, tmp_path: Path
) -> None:
    made = await milestone(alder, "Full service")
    olaf, vera = await house.member(alder, "olaf"), await house.member(alder, "vera")
    response = await upload(olaf)
    file: dict[str, Any] = response.json()
    digest = sha256(MINUTES).hexdigest()
    assert (response.status_code, response.headers["location"]) == (201, file["href"])
    assert (file["name"], file["mediaType"], file["size"]) == ("Minutes.pdf", "application/pdf", len(MINUTES))
    assert file["sha256"] == digest
    assert on_disk(tmp_path) == [digest]
    before = await alder.revision()
    assert refused(await vera.get(file["href"])) == (404, "NOT_FOUND"), "until it is attached it is its uploader's"
    proof = {"milestone": made, "source": "Committee", "date": "2026-11-16", "file": file["id"]}
    assert (await alder.do("sal", "achieveMilestone", **proof))["code"] == "NOT_FOUND", "nobody attaches another's"
    assert await alder.revision() == before
    achieved = await done(alder, "olaf", "achieveMilestone", EVIDENCE, **proof)
    assert achieved["evidence"] == [{"source": "Committee", "file": file}]
    got = await vera.get(file["href"])
    assert (got.status_code, got.content, got.headers["content-type"]) == (200, MINUTES, "application/pdf")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''Minutes.pdf"
    assert got.headers["x-content-type-options"] == "nosniff"
    fact = "{ ledger(first: 1) { edges { node { kind changes { field after } } } } }"
    (edge,) = (await alder.ask("eve", fact))["ledger"]["edges"]
    assert edge["node"]["kind"] == "MILESTONE_ACHIEVED"
    assert {"field": "sha256", "after": digest} in edge["node"]["changes"]
    never = "/files/" + file["href"].removeprefix("/files/")[:-4] + "AAAA"
    for client in (await house.member(birch, "eve"), await house.stranger()):
        told = {(await client.get(href)).text for href in (file["href"], never, "/files/x")}
        assert len(told) == 1, "another organization's is as one that never was"
        assert refused(await client.get(file["href"])) == (404, "NOT_FOUND")


async def test_evidence_of_a_measure_may_be_a_file_alone(house: House, alder: Company) -> None:
    file = (await upload(await house.member(alder, "carl"), name="C:\\Books\\Ledger 2027 – Öl.xlsx")).json()
    assert file["name"] == "Ledger 2027 – Öl.xlsx"
    asked = {"measure": alder.node("Full service"), "source": "Books", "date": "2026-11-16"}
    assert (await alder.do("carl", "attachEvidence", **asked))["code"] == "INVALID"
    shown = "... on Initiative { evidence { file { name } } }"
    attached = await done(alder, "carl", "attachEvidence", shown, **asked, file=file["id"])
    assert attached["evidence"] == [{"file": {"name": "Ledger 2027 – Öl.xlsx"}}]


async def test_what_is_no_upload_is_refused_and_leaves_nothing(house: House, alder: Company, tmp_path: Path) -> None:
    olaf = await house.member(alder, "olaf")
    assert refused(await upload(await house.stranger())) == (401, "UNAUTHENTICATED")
    assert refused(await upload(olaf, name="")) == (400, "INVALID")
    assert refused(await upload(olaf, name="a\u202efdp.exe")) == (400, "INVALID")
    assert refused(await upload(olaf, body=b"")) == (400, "BAD_REQUEST")
    alder.people["nobody"] = alder.uuid(
        (await done(alder, "ada", "addPerson", "... on Person { id }", name="Nobody", email="n@alder.example"))["id"]
    )
    assert refused(await upload(await house.member(alder, "nobody"))) == (403, "FORBIDDEN")
    assert await StoredFile.all().count() == 0
    assert on_disk(tmp_path) == []


async def test_a_file_that_is_too_large_is_cut_off_on_its_way(alder: Company, tmp_path: Path) -> None:
    app = make_app(Settings(data_dir=tmp_path, max_upload_bytes=2_048), clock=alder.clock)
    person = await Person.get(id=alder.people["olaf"])
    token = await credentials.issue_token(person.email or "", label="t", lasts=timedelta(days=1), at=alder.now)
    headers = {"Authorization": f"Bearer {token.secret}"}

    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 1_000

    transport, base = httpx.ASGITransport(app), "http://stageline.test"
    async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as client:
        assert refused(await upload(client)) == (413, "TOO_LARGE")
        slow = await client.post("/files", params={"name": "x"}, content=trickle())
        assert refused(slow) == (413, "TOO_LARGE")
    assert on_disk(tmp_path) == []


async def test_another_sites_page_uploads_nothing_in_ones_name(house: House, alder: Company) -> None:
    person = await Person.get(id=alder.people["olaf"])
    issued = await credentials._issue(person, credentials.SESSION, alder.now, alder.now + timedelta(days=1))
    cookie = {"Cookie": f"{credentials.COOKIE}={issued.secret}"}
    browser = await house.stranger(**cookie)
    assert refused(await upload(browser)) == (403, "PREFLIGHT_REQUIRED")
    elsewhere = await house.stranger(**cookie, **{"X-Stageline": "1", "Origin": "https://evil.example"})
    assert refused(await upload(elsewhere)) == (403, "ORIGIN_REFUSED")
    assert await StoredFile.all().count() == 0
    ours = await house.stranger(**cookie, **{"X-Stageline": "1", "Origin": "http://stageline.test"})
    assert (await upload(ours)).status_code == 201


async def test_a_machine_uploads_with_the_scope_for_milestones_only(house: House, alder: Company) -> None:
    made = await done(alder, "ada", "addPerson", "... on Person { id }", name="Connector")
    await done(alder, "ada", "grantSeat", person=made["id"], role="PARTNER")
    asked = {"machine": made["id"], "label": "CRM", "ends": "2026-12-31"}
    answers = {}
    for scope in ("RESULTS_WRITE", "MILESTONES_WRITE"):
        token = await done(alder, "ada", "createToken", "... on IssuedToken { secret }", **asked, scopes=[scope])
        machine = await house.stranger(Authorization=f"Bearer {token['secret']}")
        answers[scope] = (await upload(machine)).status_code
    assert answers == {"RESULTS_WRITE": 403, "MILESTONES_WRITE": 201}


async def test_what_is_never_attached_is_swept_and_what_is_named_stays(
    house: House, alder: Company, birch: Company, tmp_path: Path
) -> None:
    """The same bytes are kept once, for both organizations, until neither names them."""
    olaf, theirs = await house.member(alder, "olaf"), await house.member(birch, "olaf")
    kept = (await upload(olaf)).json()
    await done(
        alder,
        "olaf",
        "attachEvidence",
        measure=alder.node("Full service"),
        source="S",
        date="2026-11-16",
        file=kept["id"],
    )
    await upload(theirs)
    await upload(olaf, body=b"never used")
    store, digests = (
        FileStore(tmp_path / "files"),
        sorted([sha256(MINUTES).hexdigest(), sha256(b"never used").hexdigest()]),
    )
    assert on_disk(tmp_path) == digests
    assert await sweep(store, alder.now + timedelta(days=6)) == 0
    for path in (tmp_path / "files").rglob("*"):
        if path.is_file():
            os.utime(path, (0, 0))
    assert await sweep(store, alder.now + files.KEPT_UNATTACHED + timedelta(days=1)) == 2
    assert on_disk(tmp_path) == [sha256(MINUTES).hexdigest()]
    assert (await olaf.get(kept["href"])).content == MINUTES
