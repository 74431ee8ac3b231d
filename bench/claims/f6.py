"""F6: rights change while bytes are shared: nobody gets an amount after the seat that opened it has ended."""

from bench.contestants import OURS
from bench.fan_table import crowd, line
from bench.fanning import (
    EVENTS,
    LIVE,
    Heard,
    Lines,
    Stage,
    audience,
    board_variables,
    events_variables,
    hear,
    our_stage,
)
from bench.ground import CLASSES, Filled, Ground
from bench.telling import Outcome

MESSAGES = 1_000_000


def measure(ground: Ground) -> Outcome:
    """Fifty people of different rights look at one board with an amount; one after the other loses the right to it.

    The load client looks into every message: one with an amount, at a revision from which on its receiver may not read
    amounts, is wrong.
    """
    on, count = ground.filled(ground.small), crowd(ground, 2_000, 100)
    who = [f"class-{number}" for number in range(CLASSES)]
    heard: list[Heard] = []
    with (
        our_stage(ground, on, LIVE, board_variables(on), who=who, first=1) as stage,
        audience(stage.port, count, inits=stage.inits, subscribes=stage.subscribes, first=1, seconds=300) as listening,
    ):
        tens = [range(number, number + 10) for number in range(0, CLASSES, 10)]
        heard += [_ended(ground, on, stage, listening, who, ten) for ten in tens]
    with (
        our_stage(ground, on, EVENTS, events_variables(on), who=who, first=0) as stage,
        audience(stage.port, count, inits=stage.inits, subscribes=stage.subscribes, first=0, seconds=300) as listening,
    ):
        rounds = 2 if ground.quick else max(1, MESSAGES // (count * 100))
        heard += [hear(ground, stage, listening, 100, lambda: stage.burst(100)) for _ in range(rounds)]
    wrong, seen = sum(each.wrong for each in heard), sum(each.delivered for each in heard)
    measured = f"{wrong} wrong in {seen:,}"
    table = [line(OURS, each) for each in heard]
    return Outcome("F6", "rights change under way", f"0 wrong in {MESSAGES:,}", measured, not wrong, {}, table)


def _ended(ground: Ground, on: Filled, stage: Stage, listening: Lines, who: list[str], numbers: range) -> Heard:
    """End the seats of some while the board changes."""
    assert stage.ask is not None
    ask = stage.ask

    def write() -> None:
        for number in numbers:
            stage.paced(2, 0.02)
            revision = ask(f"end {on.seats[who[number]]}")["revision"]
            listening.ask(f"forbid {number} {revision}")
        stage.paced(5, 0.02)

    return hear(ground, stage, listening, 2 * len(numbers) + 5, write, coalesced=True)
