"""When deciders are reminded, and what they are told."""

from datetime import UTC, date, datetime

import pytest

from server.domain.people import Role
from server.domain.reminders import due, reminder, why_not_again
from tests.domain.cases import SAM
from tests.domain.test_votes import COMMITTEE, CONTROLLER, SPONSOR, asked, vote

SINCE = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("reminded", "today", "after_days", "expected"),
    [
        (None, 18, 3, False),
        (None, 19, 3, True),
        (None, 30, 3, True),
        (19, 21, 3, False),
        (19, 22, 3, True),
        (None, 30, 0, False),
    ],
)
def test_once_per_interval(reminded: int | None, today: int, after_days: int, expected: bool) -> None:
    last = date(2026, 11, reminded) if reminded else None
    assert due(SINCE, last, date(2026, 11, today), after_days) is expected


def test_by_hand_once_a_day() -> None:
    last = datetime(2026, 11, 19, 9, 5, tzinfo=UTC)
    assert why_not_again(None, SINCE) is None
    assert why_not_again(last, date(2026, 11, 20)) is None
    assert "today at 09:05" in str(why_not_again(last, date(2026, 11, 19)))


def test_it_names_who_still_owes_a_vote_and_for_how_long() -> None:
    waits = asked(SPONSOR, CONTROLLER, COMMITTEE, votes=[vote(SAM, Role.SPONSOR)])
    told = reminder(waits, SINCE, date(2026, 11, 17))
    assert told == "reminded Carl, Eve and Emil, who have had the gate of “Full service” into Decided for 1 day."
    assert reminder(asked(SPONSOR), SINCE, SINCE).startswith("reminded Sam, who has had ")
