"""F6: rights change while bytes are shared: nobody gets an amount after the seat that opened it has ended."""

from bench.contestants import OURS
from bench.fan_table import crowd, line
from bench.fanning import (
    LIVE,
    PRICED_EVENTS,
    Heard,
    Lines,
    Stage,
    audience,
    board_variables,
    events_variables,
    hear,
    our_stage,
    warm,
)
from bench.ground import CLASSES, Filled, Ground
from bench.telling import Outcome

MESSAGES, BURST = 1_000_000, 100


def measure(ground: Ground) -> Outcome:
    """Fifty people of different rights look at an amount; one after the other loses the seat that opens it.

    Half of them while a board changes, half between bursts of facts. The load client looks into every message: one with
    an amount, at a revision from which on its receiver may not read amounts, is wrong.
    """
    on, count = ground.filled(ground.small), crowd(ground, 2_000, 100)
    who, half = [f"class-{number}" for number in range(CLASSES)], CLASSES // 2
    boards = _watched(ground, on, who, count, half)
    rounds = 2 if ground.quick else max(1, MESSAGES // (count * BURST))
    events = _followed(ground, on, who, count, half, rounds)
    wrong, seen = boards[-1].wrong + events[-1].wrong, sum(each.delivered for each in boards + events)
    measured = f"{wrong} wrong in {seen:,}"
    table = [line(f"{OURS}, {name}", each) for name, told in (("watch", boards), ("activity", events)) for each in told]
    return Outcome("F6", "rights change under way", f"0 wrong in {MESSAGES:,}", measured, not wrong, {}, table)


def _watched(ground: Ground, on: Filled, who: list[str], count: int, half: int) -> list[Heard]:
    """A live query: the seats end one by one between changes that follow each other at once."""
    with (
        our_stage(ground, on, LIVE, board_variables(on), who=who, first=1) as stage,
        audience(stage.port, count, inits=stage.inits, subscribes=stage.subscribes, first=1, seconds=300) as listening,
    ):
        warm(stage, listening)

        def write(numbers: range) -> None:
            for number in numbers:
                stage.paced(2, 0.02)
                _end(on, stage, listening, who, number)
            stage.paced(5, 0.02)

        parts = [range(number, number + 5) for number in range(0, half, 5)]
        return [hear(ground, stage, listening, 15, lambda part=part: write(part), coalesced=True) for part in parts]  # type: ignore[misc]


def _followed(ground: Ground, on: Filled, who: list[str], count: int, half: int, rounds: int) -> list[Heard]:
    """Events: before each burst some seats end; those that ended before are forbidden amounts from the beginning."""
    with (
        our_stage(ground, on, PRICED_EVENTS, events_variables(on), who=who, first=0) as stage,
        audience(stage.port, count, inits=stage.inits, subscribes=stage.subscribes, first=0, seconds=300) as listening,
    ):
        for number in range(half):
            listening.ask(f"forbid {number} 1")
        warm(stage, listening)
        heard = []
        for each in range(rounds):
            for number in range(
                half + each * (CLASSES - half) // rounds, half + (each + 1) * (CLASSES - half) // rounds
            ):
                _end(on, stage, listening, who, number)
            heard.append(hear(ground, stage, listening, BURST, lambda: stage.burst(BURST)))
        return heard


def _end(on: Filled, stage: Stage, listening: Lines, who: list[str], number: int) -> None:
    """End the seat that opens amounts to a class; from that revision on it may get none."""
    assert stage.ask is not None
    revision = stage.ask(f"end {on.seats[who[number]]}")["revision"]
    listening.ask(f"forbid {number} {revision}")
