"""Reminding deciders of the votes they owe: by hand, and by itself where the policy's cadence says so."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.people import house
from server.domain.refusals import RefusalCode, Refused
from server.domain.reminders import NOTHING_WAITS, reminder, why_not_again
from server.domain.stages import Stage
from server.live.work import Work, perform
from server.models.database import alone, is_unavailable, reading
from server.models.gates import Submission
from server.models.reminders import last_reminders, organizations_waiting, overdue
from server.models.submissions import submissions, submitted

log = logging.getLogger("stageline")


async def remind_deciders(work: Work, *, measure: UUID, into: Stage) -> UUID:
    """Remind those who still owe a vote at a gate, or on a change or reopening that its body decides; once a day.

    Answers the measure's id. Raises WRONG_STAGE where nothing is open, LIMITED where they were reminded today.
    """
    node = await work.node(measure, "gate")
    await require(work, "remindDeciders", node)
    found = await submissions(work.db, work.organization.id, [node.id])
    row = next((each for each in found if each["ended_at"] is None and each["into"] == into), None)
    if row is None:
        raise Refused(RefusalCode.WRONG_STAGE, NOTHING_WAITS, ["gate"])
    last = (await last_reminders(work.db, work.organization.id, [node.id])).get(row["id"])
    if against := why_not_again(_here(work, last) if last else None, work.today):
        raise Refused(RefusalCode.LIMITED, against, ["gate"])
    await _record(work, row)
    return node.id


async def send_reminders(work: Work) -> dict[str, Any]:
    """Remind all deciders of an organization who are to be reminded today; `sent` counts the submissions.

    What is due is looked up inside the organization's order, so that of many workers one writes each reminder, and
    the others find it written.
    """
    found = await overdue(work.db, work.organization.id, work.at)
    for each in found:
        await _record(work, each.row)
    return {"sent": len(found)}


async def remind_all(at: datetime) -> int:
    """Send what is due in every organization, as Stageline itself; how many submissions were reminded of.

    An organization in which nothing is due is only read.
    """
    sent = 0
    for organization in await organizations_waiting(reading()):
        if await overdue(reading(), organization, at):
            sent += (await perform(house(organization), send_reminders, at))["sent"]
    return sent


async def keep_reminding(every: float, clock: Callable[[], datetime]) -> None:
    """Look for what is due, `every` so many seconds (0: never); goes on until it is cancelled.

    Of many workers one looks at a time.
    """
    while every:
        await asyncio.sleep(every)
        try:
            async with alone("reminders") as only:
                if only:
                    await remind_all(clock())
        except Exception as error:
            # What cannot be sent now is due at the next look too. A bug is told, and ends nobody's streams.
            log.log(logging.WARNING if is_unavailable(error) else logging.ERROR, "No reminders now.", exc_info=error)


def _here(work: Work, at: datetime) -> datetime:
    """An instant in the organization's time zone."""
    return at.astimezone(ZoneInfo(work.organization.time_zone))


async def _record(work: Work, row: dict[str, Any]) -> None:
    told = reminder(submitted(row), _here(work, row["submitted_at"]).date(), work.today)
    submission = await Submission.get(id=row["id"], using_db=work.db)
    await work.record(FactKind.REMINDER_SENT, told, on=submission, node_id=row["node_id"])
