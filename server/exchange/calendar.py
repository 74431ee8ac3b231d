"""A person's calendar as iCalendar (RFC 5545): reviews, decisions that wait, milestones. Days, and no amounts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event
from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.people import Viewer
from server.domain.policy import Policy
from server.domain.purposes import Purpose
from server.domain.stages import Stage
from server.models.calendar import milestones_due, review_cycles, submissions_waiting
from server.models.database import rows
from server.models.pending import pending
from server.models.policies import policy_in_force

BEHIND, AHEAD = timedelta(days=90), timedelta(days=730)
MOST = 2_000
"""Milestones, and submissions, of one feed: a calendar that holds more is read by nobody."""
REFRESH = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Day:
    """One all-day event. Its `uid` stays the same when the event moves."""

    uid: str
    on: date
    title: str
    about: str
    kind: str


async def feed(db: BaseDBAsyncClient, viewer: Viewer, at: datetime, *, mine: bool = False) -> bytes:
    """The feed as of now; `mine`: only what the person decides, owns or is assigned. Reviews are everybody's."""
    sql = "SELECT name, time_zone FROM organization WHERE id = :id"
    organization = (await rows(db, sql, id=viewer.organization_id))[0]
    here = at.astimezone(ZoneInfo(organization["time_zone"]))
    policy = await policy_in_force(db, viewer.organization_id)
    days = [
        *await _reviews(db, viewer, here.date()),
        *await _decisions(db, viewer, policy, here, mine=mine),
        *await _milestones(db, viewer, here.date(), mine=mine),
    ]
    return _written(f"Stageline: {organization['name']}", organization["time_zone"], days, at)


async def _reviews(db: BaseDBAsyncClient, viewer: Viewer, today: date) -> list[Day]:
    def told(row: dict[str, object]) -> str:
        closed = (
            "It is closed." if row["closed_at"] else "Until then forecasts, actuals, lights and milestones are due."
        )
        return f"Of {row['starts']} to {row['ends']}. {closed}"

    found = await review_cycles(db, viewer, today - BEHIND)
    return [Day(f"cycle-{row['id']}", row["due"], f"Review {row['number']} due", told(row), "Review") for row in found]


async def _decisions(db: BaseDBAsyncClient, viewer: Viewer, policy: Policy, here: datetime, *, mine: bool) -> list[Day]:
    """Each waits from its submission on; the day is that on which the policy calls it stalled."""
    patience = timedelta(days=policy.cadence.stalled_after_days)

    def day(submission: UUID, measure: str, into: Stage, purpose: Purpose, since: datetime) -> Day:
        what = f"into {into.spoken}" if purpose is Purpose.GATE else purpose.value.lower()
        submitted = since.astimezone(here.tzinfo).date()
        about = f"Submitted on {submitted}; after {patience.days} days it counts as stalled."
        return Day(f"submission-{submission}", submitted + patience, f"Decide: {measure} {what}", about, "Decision")

    if mine:
        waiting = await pending(db, viewer, policy, here)
        return [day(one.submission_id, one.case.name, one.asked.into, one.asked.purpose, one.since) for one in waiting]
    found = await submissions_waiting(db, viewer, MOST)
    return [
        day(row["id"], row["measure_name"], Stage(row["into"]), Purpose(row["purpose"]), row["submitted_at"])
        for row in found
    ]


async def _milestones(db: BaseDBAsyncClient, viewer: Viewer, today: date, *, mine: bool) -> list[Day]:
    found = await milestones_due(db, viewer, today - BEHIND, today + AHEAD, MOST, mine=mine)

    def told(row: dict[str, object]) -> str:
        who = f"Assigned to {row['assignee_name']}. " if row["assignee_name"] else ""
        done = f"Achieved on {row['achieved_on']}." if row["achieved_on"] else "Not achieved yet."
        return f"{'Critical. ' if row['critical'] else ''}{who}{done}"

    return [
        Day(
            f"milestone-{row['id']}",
            row["due"],
            f"{'✓ ' if row['achieved_on'] else ''}{row['name']} ({row['measure_name']})",
            told(row),
            "Milestone",
        )
        for row in found
    ]


def _written(name: str, zone: str, days: list[Day], at: datetime) -> bytes:
    """The lines of the format, folded; all-day events, which are days in the organization's time zone."""
    calendar = Calendar()
    for field, value in (
        ("prodid", "-//Stageline//Calendar feed//EN"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("name", name),
        ("x-wr-calname", name),
        ("x-wr-timezone", zone),
        ("x-published-ttl", "PT6H"),
    ):
        calendar.add(field, value)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for event in _events(days, at):
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _events(days: list[Day], at: datetime) -> Iterator[Event]:
    for day in days:
        event = Event()
        event.add("uid", f"{day.uid}@stageline")
        event.add("dtstamp", at)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", day.title)
        event.add("description", day.about)
        event.add("categories", [day.kind])
        event.add("transp", "TRANSPARENT")
        yield event
