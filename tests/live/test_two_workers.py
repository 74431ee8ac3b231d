"""Twenty people decide at one moment, at two servers on one PostgreSQL: a hundred rounds, one outcome each."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

import pytest

from server.actions.credentials import issue_token
from server.domain.stages import Stage
from server.models.database import reading, rows
from server.models.people import Person, Seat
from server.schema import ids
from tests.support.company import opened
from tests.support.deployed import Caller, Deployment, deployed
from tests.support.measures import handed_in
from tests.support.postgres import Postgres
from tests.support.redis import Redis

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
ROUNDS, DECIDERS = 100, 18
INTO = Stage.IDENTIFIED
VOTES: dict[str, dict[str, str]] = {
    "GO": {},
    "RECYCLE": {"comment": "Which suppliers?"},
    "HOLD": {"reviewOn": (datetime.now(UTC).date() + timedelta(days=99)).isoformat()},
    "CANCEL": {"comment": "Too late"},
}
# how it ended → the submission's outcome, whether it was retracted, stage and standing of the measure, facts it took
ENDS = {
    "GO": ("GO", False, "IDENTIFIED", "ACTIVE", 2),
    "RECYCLE": ("RECYCLE", False, "DEFINED", "ACTIVE", 1),
    "HOLD": ("HOLD", False, "DEFINED", "ON_HOLD", 2),
    "CANCEL": ("CANCEL", False, "DEFINED", "CANCELLED", 2),
    "retract": (None, True, "DEFINED", "ACTIVE", 1),
}
# what the losers are told, by how it ended: the act, and for a retraction that came late what then stands against it
TOLD = {
    "GO": "voted GO",
    "RECYCLE": "voted RECYCLE",
    "HOLD": "voted HOLD",
    "CANCEL": "voted CANCEL",
    "retract": "retracted",
}
TOLD_LATE = {"HOLD": "It is on hold", "CANCEL": "It was cancelled"}
KEPT = """SELECT n.name, n.stage, n.standing, s.outcome, s.retracted, s.ended_at IS NOT NULL AS ended,
    (SELECT COUNT(*) FROM decision d WHERE d.submission_id = s.id) AS votes
    FROM submission s JOIN node n ON n.id = s.node_id"""


async def _seated(deployment: Deployment) -> list[str]:
    """Eighteen program leads, each with a token; and one for the owner."""
    alder, now = deployment.alder, datetime.now(UTC)
    names = [f"lead{number:02}" for number in range(DECIDERS)]
    emails = {name: f"{name}@alder-pumps.example" for name in names}
    people = [Person(organization_id=alder.id, name=name, email=email) for name, email in emails.items()]
    await Person.bulk_create(people)
    granted = {"organization_id": alder.id, "role": "PROGRAM_LEAD", "starts": now.date()}
    await Seat.bulk_create([Seat(person_id=one.id, ratified_by_id=alder.people["eve"], **granted) for one in people])
    for name, email in (emails | {"olaf": "olaf@alder-pumps.example"}).items():
        deployment.tokens[name] = (await issue_token(email, label="test", lasts=timedelta(days=1), at=now)).secret
    return names


async def _tried(caller: Caller, act: str, gate: str) -> tuple[str, str, str]:
    """The act, and how it went: `done`, or the refusal's code and message."""
    if act == "retract":
        answer = await caller.do("retractSubmission", gate=gate)
    else:
        answer = await caller.do("decideGate", gate=gate, outcome=act, **VOTES[act])
    return act, answer.get("code", "done"), answer.get("message", "")


async def _round(callers: list[Caller], gate: str, number: int) -> str:
    """Everybody at once; how it ended. What the others are told says so."""
    acts = ["retract", "retract", *islice(cycle(VOTES), number, number + DECIDERS)]
    turn = number % len(acts)  # so that each comes first now and then
    tries = [_tried(caller, act, gate) for caller, act in zip(callers, acts, strict=True)]
    answers = await asyncio.gather(*tries[turn:], *tries[:turn])
    (won,) = [act for act, code, _ in answers if code == "done"]
    for act, code, message in answers:
        late = act == "retract" and won in TOLD_LATE
        if code != "done":
            assert code == ("WRONG_STAGE" if late else "ALREADY_DECIDED"), (won, act, code, message)
            assert (TOLD_LATE if late else TOLD)[won] in message, (won, act, message)
    return won


async def _race(deployment: Deployment, redis: Redis, deciders: list[str]) -> list[str]:
    """All rounds at two servers: how each ended. Every second person is at the other server."""
    with deployment.served(redis.url) as first, deployment.served(redis.url) as second:
        async with AsyncExitStack() as stack:
            places = zip(["olaf", "olaf", *deciders], cycle((first, second)), strict=False)
            callers = [await stack.enter_async_context(deployment.caller(at, who)) for who, at in places]
            gates = [str(ids.issue_gate(deployment.alder.nodes[f"Round {number}"], INTO)) for number in range(ROUNDS)]
            return [await _round(callers, gate, number) for number, gate in enumerate(gates)]


async def test_a_hundred_rounds_at_two_workers_have_one_outcome_each(
    postgres: Postgres, redis: Redis, tmp_path: Path
) -> None:
    async with postgres.database() as url:
        deployment = await deployed(url, tmp_path)
        async with opened(url):
            deciders = await _seated(deployment)
            await handed_in(deployment.alder, (f"Round {number}" for number in range(ROUNDS)))
            before = await deployment.alder.revision()
        ended = await _race(deployment, redis, deciders)
        async with opened(url):
            kept = {row["name"]: row for row in await rows(reading(), KEPT)}
            after = await deployment.alder.revision()
        assert await deployment.fault() is None
    for number, how in enumerate(ended):
        row, (outcome, retracted, stage, standing, _) = kept[f"Round {number}"], ENDS[how]
        assert (row["outcome"], row["retracted"], row["stage"], row["standing"]) == (
            outcome,
            retracted,
            stage,
            standing,
        )
        assert (row["ended"], row["votes"]) == (True, 0 if retracted else 1)
    assert after == before + sum(ENDS[how][-1] for how in ended)
    assert Counter(ended).keys() == ENDS.keys()
