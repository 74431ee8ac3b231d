"""A hypothesis state machine that drives the public API: random people, acts and things, beside the model of the law.

One machine is one organization that begins at a `Start` and lives for some steps. Hypothesis is synchronous and the
product is not, so all its machines share one `Hand`: an event loop of their own, with one migrated SQLite database.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import structlog
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from server.live.bell import Bell
from tests.law.acts import Act
from tests.law.anybody import TRIES, Trying, anybody, creates
from tests.law.guide import next_act
from tests.law.model import STAGES, Law
from tests.law.rights import STANDING
from tests.law.world import DiffersError, World
from tests.support.company import copied, opened

Answer = TypeVar("Answer")
LONGEST_WAY = 90  # sensible acts from nothing to the last gate


@dataclass(frozen=True)
class Start:
    """Where a machine begins: a measure that is submitted into a stage, after acts that set the scene.

    `locked`: whether a policy is in force.
    """

    measure: str = ""
    into: str = ""
    scene: tuple[Act, ...] = ()
    locked: bool = True


def _named(by: str, verb: str, name: str, parent: str, owner: str) -> Act:
    return Act(verb, by, name, {"parent": parent, "owner": owner, "sponsor": "sam", "controller": "carl"})


# one initiative with its sales plan, and one that a program lead owns
FAMILY = (
    _named("lea", "createInitiative", "Full service", "Contracts", "olaf"),
    _named("sal", "createSalesPlan", "DACH", "Full service", "sal"),
    _named("lea", "createInitiative", "Parts", "Contracts", "pia"),
)
LARGE = Act("editNode", "olaf", "Full service", {"estimatedValue": 2_000_000})
STARTS = (
    Start(),
    *(Start("Full service", into) for into in STAGES[1:]),
    *(Start("DACH", into) for into in ("IDENTIFIED", "DECIDED", "CLOSED")),
    Start("Parts", "IDENTIFIED"),
    Start("Full service", "DECIDED", (LARGE,)),
    Start(locked=False),
)


class Hand:
    """The event loop and the database of a run, and what it has counted."""

    def __init__(self, bell: Bell, runner: asyncio.Runner, seconds: float, least: int) -> None:
        self.bell, self.runner = bell, runner
        self.ends, self.least = time.monotonic() + seconds, least
        self.steps = self.worlds = 0
        self.ways: Counter[str] = Counter()
        self.differs: DiffersError | None = None
        self.caught = 0

    def run(self, doing: Coroutine[Any, Any, Answer]) -> Answer:
        """Run something asynchronous, and remember where product and model parted."""
        try:
            return self.runner.run(doing)
        except DiffersError as error:
            if self.differs is None:
                self.differs, self.caught = error, self.steps
            raise

    @property
    def done(self) -> bool:
        """Whether time is up; never before the least number of steps."""
        return self.steps >= self.least and time.monotonic() > self.ends


@contextmanager
def _quiet() -> Iterator[None]:
    """Thousands of operations would hide what went wrong."""
    kept = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    try:
        yield
    finally:
        structlog.configure(**kept)


@contextmanager
def hand(template: Path, folder: Path, seconds: float, least: int) -> Iterator[Hand]:
    """A loop of its own with a fresh database. `template` is a migrated SQLite file."""
    with _quiet(), asyncio.Runner() as runner:
        stack = AsyncExitStack()
        bell = runner.run(stack.enter_async_context(opened(copied(template, folder))))
        try:
            yield Hand(bell, runner, seconds, least)
        finally:
            runner.run(stack.aclose())


DICE = st.integers(0, 2**24 - 1)  # up to there hypothesis draws evenly


class Governing(RuleBasedStateMachine):
    """Somebody sensible goes on, and anybody tries anything. What it is given is set by `govern`."""

    hand: Hand
    start: Start
    tries: Mapping[Trying, int]
    sensible: float

    @initialize()
    def begin(self) -> None:
        self.hand.worlds += 1
        self.world = self.hand.run(self._begun(self.start, f"Alder {self.hand.worlds}"))

    async def _begun(self, start: Start, name: str) -> World:
        world = await World.founded(name, self.hand.bell, locked=start.locked)
        world.ways = self.hand.ways
        for given in (*FAMILY, *start.scene):
            await world.tries(given)
        for _ in range(LONGEST_WAY):
            measure = world.law.measures.get(start.measure)
            if measure is None or (measure.submitted and measure.submitted.into == start.into):
                break
            act = next_act(world.law, measure)
            if act is None:
                world.differs(f"there is no way to {start}")
            await world.tries(act)
        return world

    @rule(dice=DICE)
    def somebody_acts(self, dice: int) -> None:
        """Somebody goes on, or anybody tries something, whether the law allows it or not."""
        law, thrown = self.world.law, self._thrown(dice)
        act = anybody(law, thrown, self.tries) if thrown.random() > self.sensible else self._further(law, thrown)
        if act and not self.hand.done:
            self.hand.steps += 1
            self.hand.run(self._compared(act))

    @staticmethod
    def _further(law: Law, thrown: Random) -> Act:
        """What brings a measure nearer to CLOSED; where none can go on, a new one begins."""
        every = thrown.sample(list(law.measures.values()), len(law.measures))
        acts = (next_act(law, measure) for measure in every)
        return next((act for act in acts if act), None) or creates(law, thrown)

    def _thrown(self, dice: int) -> Random:
        """Hypothesis likes to repeat itself: the same number means another act at another step."""
        return Random(f"{dice} {len(self.world.story)}")  # noqa: S311 — no secret

    async def _compared(self, act: Act) -> None:
        """Try it at both ends, and look at the measure, and at its family where that moves too."""
        await self.world.tries(act)
        law = self.world.law
        of = law.lines.get(act.on) or law.milestones.get(act.on)
        touched = law.measures.get(of.measure if of else act.on)
        if touched is None:
            return
        self.hand.ways[f"at {touched.stage}"] += 1
        await self.world.check(touched.name, act.by)
        if act.verb in STANDING | {"decideGate", "moveNode"}:
            for plan in law.plans(touched.name):
                await self.world.check(plan.name, "lea")

    def teardown(self) -> None:
        if hasattr(self, "world") and self.hand.differs is None:
            self.hand.run(self.world.check_all())


def govern(
    own: Hand,
    start: Start,
    tries: Mapping[Trying, int] = TRIES,
    *,
    sensible: float = 0.4,
    worlds: int,
    steps: int,
    number: int,
    shrink: bool = False,
) -> None:
    """Let so many machines live for so many steps each, from seed `number`. Raises DiffersError.

    `sensible` is the share of the steps that bring a measure further; in the others anybody tries anything.
    """
    machine = seed(number)(
        type("Governing", (Governing,), {"hand": own, "start": start, "tries": tries, "sensible": sensible})
    )
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=worlds,
            stateful_step_count=steps,
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
