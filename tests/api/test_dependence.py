"""What an answer depended on: the person who asked, or only their rights; and until when it holds (`dependence`)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from server.api.callers import Reply
from server.domain.people import Role, SeatHeld, Viewer
from server.schema.context import Context
from tests.support.company import NOW, OPERATIONS, Company

FIRST_MIDNIGHT = datetime(2026, 11, 16, 23, tzinfo=UTC)
"""The next one in the company's time zone, Europe/Berlin."""


async def _asked(alder: Company, who: str, query: str) -> Context:
    context = (await alder.member(who)).context(Reply())
    result = await OPERATIONS.schema.execute(query, context_value=context)
    assert not result.errors
    return context


@pytest.mark.parametrize(
    ("query", "personal", "until"),
    [
        ("{ organization { name revision } }", False, None),
        ("{ organization { today } }", False, FIRST_MIDNIGHT),
        ("{ organization(asOf: 1) { today } }", False, None),
        ("{ viewer { person { name } } }", True, None),
        ("{ viewer { seats { role } } }", True, None),
        ("{ viewer { decisions { totalCount } } }", True, NOW),
    ],
)
async def test_what_an_answer_depends_on(alder: Company, query: str, personal: bool, until: datetime | None) -> None:
    """A name is anybody's with the same rights; what says who asks is theirs, and what asks the time ends with it."""
    context = await _asked(alder, "pia", query)
    assert (context.personal, context.until) == (personal, until)


def test_rights_are_all_but_the_person() -> None:
    """Two people with the same seats have the same rights, in whatever order and since whenever they hold them."""
    day, node = NOW.date(), uuid4()
    seats = (SeatHeld(Role.OWNER, node, day, None, True), SeatHeld(Role.VIEWER, None, day, None, False))
    one = Viewer(uuid4(), uuid4(), "One", seats, None, uuid4())
    later = tuple(replace(seat, starts=day - timedelta(days=9)) for seat in reversed(seats))
    other = Viewer(uuid4(), one.organization_id, "Other", later)
    assert one.rights == other.rights
    for less in (
        replace(other, seats=seats[:1]),
        replace(other, seats=(seats[0], replace(seats[1], reads_money=True))),
        replace(other, scopes=frozenset({"read"})),
        replace(other, organization_id=uuid4()),
    ):
        assert less.rights != one.rights


async def test_time_that_is_told_in_days_holds_until_the_next(alder: Company) -> None:
    """What has waited for one day and a bit has waited for one day until it is two."""
    context = (await alder.member("pia")).context(Reply())
    assert context.days_since(NOW - timedelta(days=1, hours=6)) == 1
    assert context.until == NOW + timedelta(hours=18)
    assert context.has_come(NOW)
    assert not context.has_come(NOW + timedelta(hours=2))
    assert context.until == NOW + timedelta(hours=2)
    assert context.at == NOW == context.until
