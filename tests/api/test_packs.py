"""Fetching a board pack: by who is signed in, of what they see, as of any date."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.domain.cascade import Level
from tests.support.company import Company
from tests.support.house import House, opened_house
from tests.support.measures import done
from tests.support.packs import exactly, pack_of, sheets, with_figures

MONTHS = {"from": "2027-01", "to": "2027-12"}


@pytest.fixture
async def house(alder: Company, tmp_path: Path) -> AsyncIterator[House]:
    """The application."""
    await with_figures(alder)
    async with opened_house(alder, tmp_path) as opened:
        yield opened


def refused(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return response.status_code, str(response.json()["errors"][0]["extensions"]["code"])


def plan(response: httpx.Response) -> Decimal:
    """The plan in a workbook."""
    return exactly(sheets(response.content)["Summary"][4][1])


async def test_a_pack_is_fetched_by_who_is_signed_in(house: House, alder: Company) -> None:
    path = "/board-pack/organization.xlsx"
    assert refused(await (await house.stranger()).get(path)) == (401, "UNAUTHENTICATED")
    eve = await house.member(alder, "eve")
    got = await eve.get(path, params=MONTHS)
    assert got.status_code == 200
    assert got.headers["content-disposition"].endswith("Board%20pack%20Alder%20Pumps%202026-11-16.xlsx")
    assert got.headers["cache-control"] == "private, no-store"
    assert plan(got) == Decimal("12000.12")
    slides, paper = await eve.get("/board-pack/organization.pptx"), await eve.get("/board-pack/organization.pdf")
    assert (slides.content[:2], paper.content[:5]) == (b"PK", b"%PDF-")


async def test_of_a_node_it_holds_what_lies_below(house: House, alder: Company) -> None:
    await alder.create(Level.PORTFOLIO, "Empty", "Growth")
    eve = await house.member(alder, "eve")
    assert plan(await eve.get(f"/board-pack/{alder.node('Full service')}.xlsx", params=MONTHS)) == Decimal("12000.12")
    assert plan(await eve.get(f"/board-pack/{alder.node('Empty')}.xlsx", params=MONTHS)) == Decimal(0)
    sales = await eve.get(f"/board-pack/{alder.node('DACH')}.xlsx", params=MONTHS)
    assert [one[0] for one in sheets(sales.content)["Sales plans"][4:5]] == ["DACH"]


async def test_what_one_does_not_see_is_not_there(house: House, alder: Company, birch: Company) -> None:
    before = await alder.revision()
    await birch.create(Level.OBJECTIVE, "Theirs")
    eve = await house.member(alder, "eve")
    told = {
        (await eve.get(f"/board-pack/{place}.pdf")).text
        for place in (birch.node("Theirs"), "nothing", alder.person("eve"), "")
    }
    assert len(told) == 1, "another organization's is as one that never was"
    assert refused(await eve.get(f"/board-pack/{birch.node('Theirs')}.pdf")) == (404, "NOT_FOUND")
    assert await alder.revision() == before


async def test_bad_input_is_named_all_at_once(house: House, alder: Company) -> None:
    eve = await house.member(alder, "eve")
    assert refused(await eve.get("/board-pack/organization.docx")) == (400, "INVALID")
    bad = {"asOf": "yesterday", "from": "2027-13", "to": "soon", "since": "x", "until": "y"}
    response = await eve.get("/board-pack/organization.xlsx", params=bad)
    assert refused(response) == (400, "INVALID")
    for text in ("until", "2027-13", "soon", "“x”", "yesterday"):
        assert text in response.text, text
    for asked, why in (
        ({"asOf": "999999"}, "has not come yet"),
        ({"asOf": "2030-01-01"}, "has not come yet"),
        ({"from": "2020-01", "to": "2026-12"}, "at most 36 months"),
        ({"from": "2027-12", "to": "2027-01"}, "ends before it begins"),
    ):
        response = await eve.get("/board-pack/organization.xlsx", params=asked)
        assert refused(response) == (400, "INVALID")
        assert why in response.text


async def test_as_of_then_it_is_as_it_stood(house: House, alder: Company) -> None:
    then, day = await alder.revision(), alder.now.date().isoformat()
    alder.later(days=2)
    line = "query ($id: ID!) { node(id: $id) { ... on Initiative { valueLines { id kind } } } }"
    lines = (await alder.ask("olaf", line, id=alder.node("Full service")))["node"]["valueLines"]
    margin = next(one["id"] for one in lines if one["kind"] == "MARGIN")
    await done(alder, "olaf", "setForecast", line=margin, months=[{"month": "2027-03", "amount": "0"}])
    eve = await house.member(alder, "eve")

    async def outlook(**asked: Any) -> Decimal:
        got = await eve.get("/board-pack/organization.xlsx", params=MONTHS | asked)
        assert got.status_code == 200, got.text
        return exactly(sheets(got.content)["Summary"][4][2])

    assert await outlook() == Decimal("10600.66")
    assert await outlook(asOf=str(then)) == Decimal("11600.67")
    assert await outlook(asOf=day) == Decimal("11600.67"), "as of the end of that day"
    changed = (await pack_of(alder, "eve", since=alder.now.date())).changes
    assert [row.amount for row in changed.rows] == [Decimal("-1000.01")], changed


async def test_a_pack_is_told_by_who_made_it(alder: Company) -> None:
    await with_figures(alder)
    pack = await pack_of(alder, "carl")
    about = pack.about
    assert (about.made_by, about.standing) == ("Carl", "controller of the whole organization with amounts")
    assert about.revision == await alder.revision()
    (decision,) = pack.decisions
    assert (decision.measure, decision.into, decision.days, decision.late) == ("DACH", "Identified", 0, False)
    assert decision.waits_for == "Pia (program lead)"
    assert pack.adds_up
