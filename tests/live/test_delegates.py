"""A lender and their delegate at one moment: one vote counts, whichever process it comes through (PostgreSQL)."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from server.actions.delegations import delegate_vote
from server.domain.votes import DecisionOutcome
from server.live.proof import first_fault
from server.live.work import perform
from server.models.database import reading, rows
from server.models.people import Seat
from tests.live.test_deciders import callers, submitted, vote
from tests.support.company import Company

__all__ = ["callers"]  # the fixture: one process, and many
pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("companies", ["postgres"], indirect=True)]
ROUNDS = 20
_VOTES = """SELECT d.by_id, d.on_behalf_of_id, n.stage FROM decision d JOIN submission s ON s.id = d.submission_id
    JOIN node n ON n.id = s.node_id WHERE n.id = :node"""


@pytest.mark.usefixtures("callers")
async def test_one_of_two_votes_counts_and_the_other_is_told_who_voted(alder: Company) -> None:
    seat = await Seat.get(organization_id=alder.id, person_id=alder.people["pia"])
    until = alder.now.date() + timedelta(days=30)
    lent: dict[str, Any] = {"seat": seat.id, "delegate": alder.people["vera"], "ends": until, "reason": "Leave"}
    await perform(await alder.viewer("pia"), delegate_vote, alder.now, **lent)
    pia, vera = [await alder.viewer(name) for name in ("pia", "vera")]
    won: Counter[str] = Counter()
    for number in range(ROUNDS):
        node = await submitted(alder, f"Round {number}")
        pair = [(pia, DecisionOutcome.GO), (vera, DecisionOutcome.RECYCLE)]
        answers = await asyncio.gather(*(vote(alder, who, node, said) for who, said in pair))
        assert answers.count("done") == 1
        (kept,) = await rows(reading(), _VOTES, node=node)
        by_vera = kept["by_id"] == alder.people["vera"]
        assert kept["on_behalf_of_id"] == (alder.people["pia"] if by_vera else None)
        assert kept["stage"] == ("DEFINED" if by_vera else "IDENTIFIED")
        (refused,) = (answer for answer in answers if answer != "done")
        assert refused.startswith("ALREADY_DECIDED")
        assert ("in the place of Pia" in refused) == by_vera
        won["vera" if by_vera else "pia"] += 1
    assert won.total() == ROUNDS
    assert await first_fault(alder.id) is None
