"""How large a file may be: one law for uploads and for the command line; refused with the limit, and nothing moved."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.api.requests import Bounds
from server.exchange import tables
from server.exchange.tables import MAX_BYTES
from server.resolvers import imports as resolvers
from server.settings import Settings
from tests.api.test_import import MAPPING, TWO, imports, lead_too
from tests.support.company import Company
from tests.support.house import House, opened_house

IMPORT = """mutation ($files: [Upload!]!, $mapping: String!) {
  importFile(input: {kind: CRM, files: $files, mapping: $mapping}) {
    ... on Refusal { code message path } ... on ImportReport { created } } }"""


@pytest.fixture
async def house(alder: Company, tmp_path: Path) -> AsyncIterator[House]:
    """The application over HTTP, with a Sal who may import anything."""
    await lead_too(alder)
    async with opened_house(alder, tmp_path) as opened:
        yield opened


async def upload(client: httpx.AsyncClient, data: bytes) -> httpx.Response:
    """An import as a browser sends it."""
    variables: dict[str, Any] = {"files": [None], "mapping": MAPPING}
    form = {"operations": json.dumps({"query": IMPORT, "variables": variables}), "map": '{"0": ["variables.files.0"]}'}
    sent = {"0": ("deals.csv", data, "text/csv")}
    return await client.post("/graphql", data=form, files=sent, headers={"X-Stageline": "test"}, timeout=60)


def test_what_one_file_may_be_fits_into_an_upload() -> None:
    assert MAX_BYTES < Settings().max_upload_bytes == Bounds().upload_bytes < MAX_BYTES + 2_000_000


async def test_a_file_beyond_the_limit_is_refused_with_it_unread(
    house: House, alder: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    sal, before = await house.member(alder, "sal"), await alder.revision()
    monkeypatch.setattr(resolvers, "MAX_BYTES", len(TWO) - 1)
    told = (await upload(sal, TWO.encode())).json()["data"]["importFile"]
    message = "deals.csv is larger than 200 MB. Split it and import the parts."
    assert told == {"code": "INVALID", "message": message, "path": ["files"]}
    assert await alder.revision() == before
    monkeypatch.undo()
    assert (await upload(sal, TWO.encode())).json()["data"]["importFile"] == {"created": 2}


async def test_more_rows_than_the_limit_are_refused_with_it(alder: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    await lead_too(alder)
    before = await alder.revision()
    monkeypatch.setattr(tables, "MAX_ROWS", 1)
    refusal = await imports(alder, "sal")
    assert (refusal["code"], refusal["message"]) == (
        "INVALID",
        "deals.csv has more than 1 rows. Split it and import the parts.",
    )
    assert await alder.revision() == before


async def test_a_stranger_cannot_fill_the_disk(house: House, alder: Company) -> None:
    """Who is not signed in may send no more in files than in any other body."""
    large = TWO.encode() + b"\n" * Bounds().body_bytes
    response = await upload(await house.stranger(), large)
    assert response.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE
    (error,) = response.json()["errors"]
    assert error["message"] == "The body is larger than 1,048,576 bytes, which is the limit."
    assert "data" in (await upload(await house.member(alder, "sal"), large)).json()
