"""Reminders: facts in the ledger, sent at most once a day by hand, and once per interval by themselves (law §2, §8)."""

from collections.abc import Iterable
from datetime import date, datetime

from server.domain.votes import Decider, Submitted, waiting_on
from server.domain.wording import listed


def due(since: date, reminded: date | None, today: date, after_days: int) -> bool:
    """Whether deciders are reminded today: `after_days` after it was submitted, and again after as many more.

    `after_days` is the policy's cadence; 0 means never. A reminder by hand counts, whoever sent it.
    """
    return after_days > 0 and (today - (reminded or since)).days >= after_days


NOTHING_WAITS = "Nothing waits at this gate: nobody owes a vote here."


def why_not_again(last: datetime | None, today: date) -> str | None:
    """Why deciders cannot be reminded by hand again; `last` is in the organization's time zone. None where they can."""
    if last is None or last.date() < today:
        return None
    return f"They were reminded today at {last:%H:%M}, and once a day is enough: remind them again tomorrow."


def reminder(asked: Submitted, since: date, today: date) -> str:
    """What a reminder says, as it goes on after who sent it."""
    owed = waiting_on(asked.votes, asked.deciders)
    days = (today - since).days
    age = "since today" if days == 0 else "for 1 day" if days == 1 else f"for {days} days"
    verb = "has" if sum(len(one.people) for one in owed) == 1 else "have"
    return f"reminded {_people(owed)}, who {verb} had {asked.matter} {age}."


def _people(owed: Iterable[Decider]) -> str:
    names = dict.fromkeys(party.name for one in owed for party in one.people)
    return listed(list(names)) if names else "nobody"
