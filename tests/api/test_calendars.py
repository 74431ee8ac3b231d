"""Calendar feeds: a secret address of one's own that opens reviews, gates and milestones, and nothing else."""

import logging
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
import structlog
from icalendar import Calendar

from server.actions.calendars import MOST
from server.domain.stages import Stage
from tests.support.company import Company
from tests.support.house import House, opened_house
from tests.support.measures import described, done, milestone, submitted

ISSUED = "... on IssuedCalendarFeed { href feed { id label endedAt } }"
MINE = "{ viewer { calendarFeeds { id label endedAt } } }"


@pytest.fixture
async def house(alder: Company, tmp_path: Path) -> AsyncIterator[House]:
    """The application; a milestone of each measure, a submission that waits for Pia, and an open review cycle."""
    await milestone(alder, "Full service", "2026-12-31")
    await milestone(alder, "DACH", "2027-01-15")
    await described(alder, "Full service")
    await submitted(alder, "Full service", Stage.IDENTIFIED)
    await done(alder, "lea", "openCycle")
    async with opened_house(alder, tmp_path) as opened:
        yield opened


async def path_of(company: Company, who: str, label: str = "Phone") -> str:
    """The address of a new feed."""
    return str((await done(company, who, "createCalendarFeed", ISSUED, label=label))["href"])


def events(response: httpx.Response) -> dict[str, date]:
    """Title → day of every event."""
    calendar = Calendar.from_ical(response.content)
    return {str(one["summary"]): one.decoded("dtstart") for one in calendar.walk("VEVENT")}


async def test_a_feed_holds_reviews_decisions_and_milestones(house: House, alder: Company) -> None:
    got = await (await house.stranger()).get(await path_of(alder, "vera"))
    assert (got.status_code, got.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    every = events(got)
    asked = "{ organization { cycle { number due } policy { cadence { stalledAfterDays } } } }"
    organization = (await alder.ask("vera", asked))["organization"]
    stalled = alder.now.date() + timedelta(days=organization["policy"]["cadence"]["stalledAfterDays"])
    assert every == {
        "First contracts (Full service)": date(2026, 12, 31),
        "First contracts (DACH)": date(2027, 1, 15),
        "Decide: Full service into Identified": stalled,
        f"Review {organization['cycle']['number']} due": date.fromisoformat(organization["cycle"]["due"]),
    }
    text = got.content.decode()
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in text
    assert "DTSTART;VALUE=DATE:20261231" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")), "lines are folded"
    assert "120000" not in text, "the estimated value is nowhere in it"
    assert "EUR" not in text


async def test_events_keep_their_ids_when_they_move(house: House, alder: Company) -> None:
    client, path = await house.stranger(), await path_of(alder, "olaf")

    async def days() -> dict[str, date]:
        calendar = Calendar.from_ical((await client.get(path)).content)
        return {str(one["uid"]): one.decoded("dtstart") for one in calendar.walk("VEVENT")}

    before = await days()
    other = await milestone(alder, "DACH", "2027-02-01")
    await done(alder, "sal", "editMilestone", milestone=other, due="2027-03-01")
    after = await days()
    assert before.items() <= after.items()
    assert set(after.values()) - set(before.values()) == {date(2027, 3, 1)}


async def test_mine_holds_what_names_me(house: House, alder: Company) -> None:
    client = await house.stranger()
    olaf, pia = await path_of(alder, "olaf"), await path_of(alder, "pia")
    reviews = {title for title in events(await client.get(olaf)) if title.startswith("Review")}
    mine = set(events(await client.get(olaf, params={"mine": "1"})))
    assert mine - reviews == {"First contracts (Full service)"}
    assert set(events(await client.get(pia, params={"mine": "1"}))) - reviews == {
        "Decide: Full service into Identified"
    }


async def test_a_secret_opens_its_feed_and_nothing_else(house: House, alder: Company, birch: Company) -> None:
    path = await path_of(alder, "eve")
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    bearer = await house.stranger(Authorization=f"Bearer {secret}")
    response = await bearer.post("/graphql", json={"query": "{ viewer { person { name } } }"})
    assert response.json()["data"]["viewer"] is None, "it is no sign-in"
    assert (await bearer.get("/board-pack/organization.pdf")).status_code == 401
    stranger = await house.stranger()
    assert not set(events(await stranger.get(await path_of(birch, "eve")))) & set(events(await stranger.get(path)))
    told = {(await stranger.get(f"/calendar/{wrong}.ics")).text for wrong in ("x", secret[:-1], "sl_token_x")}
    assert len(told) == 1
    assert (await stranger.get("/calendar/x.ics")).status_code == 404


async def test_a_feed_is_ones_own_and_ends_when_revoked(house: House, alder: Company) -> None:
    stranger = await house.stranger()
    refusal = await alder.do("vera", "createCalendarFeed", label=" ")
    assert (refusal["code"], refusal["path"]) == ("INVALID", ["label"])
    made = await done(alder, "vera", "createCalendarFeed", ISSUED, label="Phone", idempotencyKey="once")
    again = await done(alder, "vera", "createCalendarFeed", ISSUED, label="Phone", idempotencyKey="once")
    assert (again["href"], again["feed"]) == (None, made["feed"])
    before = await alder.revision()
    assert (await alder.do("eve", "revokeCalendarFeed", feed=made["feed"]["id"]))["code"] == "NOT_FOUND"
    assert (await alder.ask("eve", MINE))["viewer"]["calendarFeeds"] == []
    assert (await alder.do("ada", "revokeToken", token=made["feed"]["id"]))["code"] == "NOT_FOUND"
    assert await alder.revision() == before
    assert (await stranger.get(made["href"])).status_code == 200
    await done(alder, "vera", "revokeCalendarFeed", feed=made["feed"]["id"])
    assert (await stranger.get(made["href"])).status_code == 404
    assert (await alder.do("vera", "revokeCalendarFeed", feed=made["feed"]["id"]))["code"] == "ALREADY_DECIDED"
    (listed,) = (await alder.ask("vera", MINE))["viewer"]["calendarFeeds"]
    assert (listed["label"], listed["endedAt"] is None) == ("Phone", False)
    later = await path_of(alder, "vera")
    alder.later(days=367)
    assert (await stranger.get(later)).status_code == 404, "it ends by itself"


async def test_a_person_has_so_many_feeds_at_most(alder: Company) -> None:
    for number in range(MOST):
        await path_of(alder, "vera", f"Feed {number}")
    assert (await alder.do("vera", "createCalendarFeed", label="One more"))["code"] == "INVALID"


async def test_a_secret_is_never_logged(house: House, alder: Company, caplog: pytest.LogCaptureFixture) -> None:
    path = await path_of(alder, "vera")
    with caplog.at_level(logging.INFO), structlog.testing.capture_logs() as lines:
        await (await house.stranger()).get(path, params={"mine": "1"})
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpx")]
    told = f"{lines} {ours}"
    assert path.removeprefix("/calendar/").removesuffix(".ics") not in told
    assert "/calendar/…" in told
