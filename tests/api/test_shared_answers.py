"""Kept answers are the answers that would be made: whoever asks whatever, after any sequence of acts."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import pytest

from server.app import make_app
from server.domain.people import Scope
from server.settings import Settings
from tests.support.company import Company
from tests.support.house import House
from tests.support.measures import described, line, milestone
from tests.support.walk import Walk

STEPS = 50
YEAR = {f"2027-{month:02}": "10000" for month in range(1, 13)}
MACHINE = frozenset({Scope.READ}), frozenset({Scope.READ, Scope.MONEY_READ})


@pytest.fixture
async def walk(alder: Company, tmp_path: Path) -> AsyncIterator[Walk]:
    await described(alder, "Full service")
    await milestone(alder, "Full service")
    await line(alder, "REVENUE", "Contracts", YEAR)
    async with AsyncExitStack() as stack:
        keeping, running = (
            House(make_app(Settings(data_dir=tmp_path, answers_bytes=kept), clock=alder.clock), stack)
            for kept in (200_000, 0)
        )
        yield Walk(alder, Random(5), keeping, running)  # noqa: S311 - the same each time


async def test_what_is_kept_is_what_would_be_made(walk: Walk) -> None:
    """Equal people share, others never do; a seat, a fact or an hour later the answer is the new one."""
    for who in ("vera", "vera", "eve", "emil", "pia", "olaf", "carl", "ada"):
        await walk.comes(who)
    for scopes in MACHINE:
        await walk.comes("emil", scopes)
    for _ in range(STEPS):
        await (walk.acts() if walk.random.random() < 0.15 else walk.asks())
    figures = (await walk.askers[0][0].get("/metrics")).text
    hits = next(line for line in figures.splitlines() if line.startswith("stageline_answers_hits"))
    assert float(hits.split()[1]) > STEPS / 2
