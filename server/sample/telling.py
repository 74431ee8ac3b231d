"""Performing the acts in time order: each by the person whose right it is, at an hour of a working day."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from server.actions.noticing import notice_in
from server.domain.months import Month
from server.domain.people import Viewer
from server.domain.refusals import Refused
from server.live.work import Work, perform
from server.models.database import reading
from server.models.viewers import viewer_of
from server.sample.acts import Act, Ids, who
from server.sample.calendar import Calendar

_OPENS, _OPEN_FOR = time(8, 10), 9 * 60  # an hour of the day, and minutes from it
_CLOSES = timedelta(hours=10)  # after it opened


async def sitting(work: Work, *, acts: Sequence[Act], ids: Ids) -> dict[str, Any]:
    """What one person does in one go: each verb asks the law and records its own facts, all in one transaction."""
    for act in acts:
        try:
            answer = await act.verb(work, **act.arguments(ids))
        except Refused as refused:
            told = f"{act.by}, {act.ago} days ago, {act.verb.__name__} {str(act.given)[:200]}"
            message = " ".join([f"The sample's tables are wrong ({told}): {refused.message}", *refused.details])
            raise Refused(refused.code, message, refused.path) from refused
        if act.key and isinstance(answer, UUID):
            ids[act.key] = answer
    return {"acts": len(acts)}


async def tell(calendar: Calendar, zone: str, acts: Iterable[Act], ids: Ids, organization: UUID) -> None:
    """Perform all acts, oldest first; those of one day in the order given. `ids` grows by what they make.

    Once a month, and at last, Stageline itself looks for findings, so that they have a history as well.
    """
    looked: Month | None = None
    closes: datetime | None = None
    ordered = sorted(acts, key=lambda act: -act.ago)
    for day, of_day in groupby(ordered, key=lambda act: calendar.day(act.ago)):
        sittings = [list(group) for _, group in groupby(of_day, key=lambda act: act.by)]
        opens = datetime.combine(day, _OPENS, ZoneInfo(zone)).astimezone(UTC)
        for number, acts_of_one in enumerate(sittings):
            at = opens + timedelta(minutes=_OPEN_FOR * number // len(sittings))
            viewer = await _viewer(ids[who(acts_of_one[0].by)], at)
            await perform(viewer, sitting, at, acts=acts_of_one, ids=ids)
        closes = opens + _CLOSES
        if looked != Month.containing(day):
            looked = Month.containing(day)
            await notice_in(organization, closes, everything=True)
    if closes:
        await notice_in(organization, closes, everything=True)


async def _viewer(person: UUID, at: datetime) -> Viewer:
    viewer = await viewer_of(reading(), person, at)
    if viewer is None:
        raise LookupError(f"nobody has the id {person}")
    return viewer
