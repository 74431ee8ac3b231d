"""Many deciders at one moment: one outcome, and a ledger without a gap (on a real PostgreSQL).

Here the locks are shared or taken away; `test_two_workers.py` has a hundred rounds at two real servers.
"""

import asyncio
from collections import Counter
from decimal import Decimal
from itertools import cycle, islice
from typing import Any
from uuid import UUID

import pytest

from server.actions.gates import retract_submission, submit_gate
from server.actions.holding import hold_measure
from server.actions.votes import decide_gate
from server.domain.cascade import Level
from server.domain.people import Role, SeatHeld, Viewer
from server.domain.refusals import Refused
from server.domain.stages import Stage
from server.domain.votes import DecisionOutcome
from server.live import order
from server.live.proof import first_fault
from server.live.work import perform
from server.models.database import reading, rows
from server.models.people import Person, Seat
from tests.support.company import Company

pytestmark = [pytest.mark.postgres, pytest.mark.parametrize("companies", ["postgres"], indirect=True)]
DECIDERS, ROUNDS = 20, 20
INTO = Stage.IDENTIFIED
STAGE = {"GO": "IDENTIFIED", "RECYCLE": "DEFINED", "HOLD": "DEFINED", "CANCEL": "DEFINED"}
STANDING = {"GO": "ACTIVE", "RECYCLE": "ACTIVE", "HOLD": "ON_HOLD", "CANCEL": "CANCELLED"}


class NoLocks(dict[Any, asyncio.Lock]):
    """Forgets every lock, so that only the database keeps order: as if each caller were a process of its own."""

    def setdefault(self, _key: Any, lock: asyncio.Lock | None = None) -> asyncio.Lock:
        """A lock that nobody else holds."""
        return lock or asyncio.Lock()


@pytest.fixture(params=["one process", "many processes"])
def callers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether callers share a process, and so its lock, or meet in the database only."""
    if request.param == "many processes":
        monkeypatch.setattr(order, "_locks", NoLocks())


async def leads(company: Company) -> list[Viewer]:
    """Twenty program leads of the whole organization."""
    organization, day = company.id, company.now.date()
    people = [Person(organization_id=organization, name=f"Lead {number:02}") for number in range(DECIDERS)]
    await Person.bulk_create(people)
    by = company.people["eve"]
    seats = [
        Seat(organization_id=organization, person_id=one.id, role="PROGRAM_LEAD", starts=day, ratified_by_id=by)
        for one in people
    ]
    await Seat.bulk_create(seats)
    held = (SeatHeld(Role.PROGRAM_LEAD, None, day, None, True),)
    return [Viewer(person.id, organization, person.name, held) for person in people]


async def submitted(company: Company, name: str) -> UUID:
    """A new initiative, submitted into IDENTIFIED."""
    parties = {"owner": "olaf", "sponsor": "sam", "controller": "carl"}
    named = {role: company.people[person] for role, person in parties.items()}
    fields: dict[str, Any] = {
        "description": "As ever",
        "businessUnit": "Service",
        "estimatedValue": (Decimal(1000), "EUR"),
    }
    node = await company.create(Level.INITIATIVE, name, "Contracts", **named | fields)
    return await perform(await company.viewer("olaf"), submit_gate, company.now, measure=node, into=INTO)


async def vote(company: Company, viewer: Viewer, node: UUID, outcome: DecisionOutcome) -> str:
    """`done`, or the refusal's code and message."""
    review = company.now.date().replace(year=2027) if outcome is DecisionOutcome.HOLD else None
    asked: dict[str, Any] = {"outcome": outcome, "comment": "At once", "review_on": review}
    try:
        await perform(viewer, decide_gate, company.now, measure=node, into=INTO, **asked)
    except Refused as refused:
        return f"{refused.code}: {refused.message}"
    return "done"


@pytest.mark.usefixtures("callers")
async def test_twenty_deciders_at_once_make_one_decision_every_time(alder: Company) -> None:
    deciders = await leads(alder)
    won: Counter[str] = Counter()
    for number in range(ROUNDS):
        node = await submitted(alder, f"Round {number}")
        before = await alder.revision()
        outcomes = list(islice(cycle(DecisionOutcome), number, number + DECIDERS))
        answers = await asyncio.gather(
            *(vote(alder, who, node, outcome) for who, outcome in zip(deciders, outcomes, strict=True))
        )
        assert answers.count("done") == 1
        winner = answers.index("done")
        said = f"{deciders[winner].name} voted {outcomes[winner]} as program lead"
        others = [answer for answer in answers if answer != "done"]
        assert all(answer.startswith("ALREADY_DECIDED") and said in answer for answer in others)
        (kept,) = await rows(reading(), _KEPT, node=node)
        assert (kept["outcome"], kept["votes"]) == (outcomes[winner], 1)
        assert (kept["stage"], kept["standing"]) == (STAGE[kept["outcome"]], STANDING[kept["outcome"]])
        assert await alder.revision() == before + (1 if kept["outcome"] == "RECYCLE" else 2)
        won[kept["outcome"]] += 1
    assert won.total() == ROUNDS
    assert await first_fault(alder.id) is None


@pytest.mark.usefixtures("callers")
async def test_a_vote_a_retraction_and_a_hold_at_once_leave_one_story(alder: Company) -> None:
    pia, olaf, sam = [await alder.viewer(name) for name in ("pia", "olaf", "sam")]
    review = alder.now.date().replace(year=2027)
    for number in range(10):
        node = await submitted(alder, f"Round {number}")
        await asyncio.gather(
            perform(pia, decide_gate, alder.now, measure=node, into=INTO, outcome=DecisionOutcome.GO),
            perform(olaf, retract_submission, alder.now, measure=node, into=INTO),
            perform(sam, hold_measure, alder.now, measure=node, review_on=review, reason="The audit"),
            return_exceptions=True,
        )
        (kept,) = await rows(reading(), _KEPT, node=node)
        ended = (kept["outcome"], kept["retracted"], kept["votes"], kept["stage"])
        assert ended in {("GO", False, 1, "IDENTIFIED"), (None, True, 0, "DEFINED"), ("HOLD", False, 0, "DEFINED")}
        assert kept["standing"] == "ON_HOLD"
    assert await first_fault(alder.id) is None


_KEPT = """SELECT s.outcome, s.retracted, n.stage, n.standing,
        (SELECT COUNT(*) FROM decision d WHERE d.submission_id = s.id) AS votes
    FROM submission s JOIN node n ON n.id = s.node_id WHERE n.id = :node AND s.ended_at IS NOT NULL"""
