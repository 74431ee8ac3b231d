"""F4: the memory of a subscribed connection, its authentication included."""

from bench.contestants import OURS
from bench.fan_table import board, crowd, line, peers, tried
from bench.fanning import FLOOR
from bench.ground import Ground
from bench.telling import Outcome, ratio

AIM = 30.0  # KB


def measure(ground: Ground) -> Outcome:
    """The server's resident memory with all subscribed, after two changes, minus that without, by their number."""
    many, few = crowd(ground, 5_000, 300), crowd(ground, 1_000, 100)
    ours = board(ground, OURS, many)
    others = {name: told for name in peers(ground) if name != FLOOR and (told := tried(ground, name, few))}
    versus = {name: ratio(ours.kb_each, told.kb_each) for name, told in others.items()}
    table = [
        line(OURS, ours.heard, ours.kb_each),
        *(line(name, each.heard, each.kb_each) for name, each in others.items()),
    ]
    measured = f"{ours.kb_each:.1f} KB at {many:,}"
    aim = f"≤ {AIM:.0f} KB"
    return Outcome("F4", "memory per connection", aim, measured, ours.kb_each <= AIM, versus, table)
