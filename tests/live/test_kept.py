"""What is kept of roll-ups is what they come to, to the last digit, after any sequence of acts, on both databases.

Hypothesis makes the sequences: each is lived through in an organization of its own, in transactions of a few acts. To
go further:

    STAGELINE_KEPT_SEQUENCES=10000 ./run test tests/live/test_kept.py

runs so many on either database (150 unless given); they are then drawn at random, else always the same.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from server.exchange.policy_templates import PolicyTemplate, template
from server.live.upkeep import unkept
from server.models.database import reading, rows
from server.models.keeping import differences
from server.models.past import Past
from tests.support.company import Company, copied, opened
from tests.support.kept import ACTS, Kept, figures_of, sequences
from tests.support.measures import done, prepared
from tests.support.postgres import Postgres

SEQUENCES = int(os.environ.get("STAGELINE_KEPT_SEQUENCES", "0"))
USUAL, READERS, ROUND = 150, 30, 1000  # a round has a database of its own


@contextmanager
def database(request: pytest.FixtureRequest, folder: Path, name: str) -> Iterator[asyncio.Runner]:
    """An event loop with a migrated database that is its own: hypothesis does not wait, and the product does."""
    postgres: Postgres | None = request.getfixturevalue("postgres") if name == "postgres" else None
    url = "" if postgres else copied(request.getfixturevalue("migrated_file"), folder)
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def opening() -> None:
            address = await stack.enter_async_context(postgres.database()) if postgres else url
            await stack.enter_async_context(opened(address))

        runner.run(opening())
        try:
            yield runner
        finally:
            runner.run(stack.aclose())


def many(sequences: int) -> settings:
    """So many sequences: always the same, but where more were asked for."""
    return settings(
        max_examples=sequences,
        derandomize=not SEQUENCES,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("name", ["sqlite", "postgres"])
def test_what_is_kept_is_what_it_comes_to(request: pytest.FixtureRequest, tmp_path: Path, name: str) -> None:
    wanted, done = SEQUENCES or USUAL, Counter[str]()
    while done["sequences"] < wanted:
        with database(request, tmp_path, name) as runner:
            _round(runner, min(ROUND, wanted - done["sequences"]), done)
    assert not [act for act in ACTS if not done[act]], "some acts never succeeded"


def _round(runner: asyncio.Runner, number: int, done: Counter[str]) -> None:
    @many(number)
    @given(sequences)
    def holds(sequence: Any) -> None:
        runner.run(_holds(sequence, done))

    holds()


async def _holds(sequence: Any, done: Counter[str]) -> None:
    done["sequences"] += 1
    kept = await Kept.founded(done)
    for acts in sequence:
        await kept.take(acts)
    assert await differences(reading(), kept.organization.id) == []


@pytest.mark.parametrize("name", ["sqlite", "postgres"])
def test_whoever_reads_gets_from_what_is_kept_what_the_months_add_up_to(
    request: pytest.FixtureRequest, tmp_path: Path, name: str
) -> None:
    """As of the last revision everything is added up from the months; as of now it is read from what is kept."""
    with database(request, tmp_path, name) as runner:

        @many(READERS)
        @given(sequences)
        def holds(sequence: Any) -> None:
            runner.run(_reads(sequence))

        holds()


async def _reads(sequence: Any) -> None:
    kept = await Kept.founded(Counter())
    for acts in sequence:
        await kept.take(acts)
    then = Past(reading(), kept.organization.id, await kept.revision())
    for viewer in kept.readers(sequence):
        assert await figures_of(reading(), viewer, kept.nodes) == await figures_of(then, viewer, kept.nodes)


async def test_another_headline_and_a_closed_cycle_are_followed_by_what_is_kept(alder: Company) -> None:
    await prepared(alder)
    await done(alder, "olaf", "setLight", measure=alder.node("Full service"), light="POTENTIAL", colour="RED")
    worth = "SELECT plan FROM kept_plan WHERE place_id = :place"
    assert [row["plan"] for row in await rows(reading(), worth, place=alder.nodes["Growth"])] == [0]
    text = template(PolicyTemplate.STANDARD).replace("[MARGIN, COST_SAVING]", "[REVENUE, COST_SAVING]")
    draft = await done(alder, "lea", "editPolicyDraft", "... on Policy { id }", yaml=text)
    await done(alder, "lea", "proposePolicy", policy=draft["id"])
    await done(alder, "eve", "ratifyPolicy", policy=draft["id"])
    assert [row["plan"] > 0 for row in await rows(reading(), worth, place=alder.nodes["Growth"])] == [True]
    assert await unkept() == []
    opened_cycle = await done(alder, "lea", "openCycle", "... on ReviewCycle { id }")
    alder.later(days=60)
    await done(alder, "lea", "closeCycle", cycle=opened_cycle["id"])
    assert not await rows(reading(), "SELECT 1 AS one FROM kept_year WHERE potential = 'RED'")
    assert await unkept() == []
