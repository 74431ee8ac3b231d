"""F3: a burst of facts to 5,000 followers, complete and in order; and to followers of 50 classes of rights."""

from bench.contestants import OURS
from bench.fan_table import crowd, line
from bench.fanning import EVENTS, Heard, audience, events_variables, hear, our_stage, warm
from bench.ground import CLASSES, Ground
from bench.telling import Outcome

SECONDS, PER_SECOND = 1.2, 250_000


def measure(ground: Ground) -> Outcome:
    """One transaction writes the facts, as an import does; the clock runs from before the first is written."""
    count, facts = crowd(ground, 5_000, 200), crowd(ground, 100, 50)
    one = _burst(ground, count, facts, ["eve"])
    many = _burst(ground, count, facts, [f"class-{number}" for number in range(CLASSES)])
    whole = not (one.lost or many.lost or one.disorder or many.disorder)
    met = one.seconds <= SECONDS and many.per_second >= PER_SECOND and whole
    aim = f"500,000 messages in ≤ {SECONDS} s; ≥ {PER_SECOND:,}/s with {CLASSES} classes of rights"
    measured = f"{one.delivered:,} in {one.seconds:.2f} s; {many.per_second:,.0f}/s with {CLASSES} classes"
    table = [line(f"{OURS}, one class", one), line(f"{OURS}, {CLASSES} classes", many)]
    return Outcome("F3", "burst", aim, measured, met, {}, table)


def _burst(ground: Ground, count: int, facts: int, who: list[str]) -> Heard:
    on = ground.filled(ground.small)
    with our_stage(ground, on, EVENTS, events_variables(on), who=who, first=0) as stage:
        seconds = 200.0
        with audience(
            stage.port, count, inits=stage.inits, subscribes=stage.subscribes, first=0, seconds=seconds
        ) as listening:
            warm(stage, listening)
            return hear(ground, stage, listening, facts, lambda: stage.burst(facts))
