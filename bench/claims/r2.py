"""R2: the tree, an objective down to its 1,000 initiatives with eight fields each, the first time it is asked."""

from bench.contestants import OURS, RAW, contestants, with_ready_bytes
from bench.ground import Ground
from bench.questions import TREE
from bench.reading_table import read_outcome
from bench.reads import FEW, costs
from bench.telling import Outcome

AIM = 6.0  # ms of CPU of server and database


def measure(ground: Ground) -> Outcome:
    """The objectives of 10,000 initiatives in turn on PostgreSQL, and of 1,000 on SQLite."""
    with contestants(ground, TREE, ground.filled(ground.middle)) as found:
        told = costs(ground, [*found, with_ready_bytes(found)], connections=FEW)
    with contestants(ground, TREE, ground.filled(ground.small, "sqlite")) as found:
        sqlite = {f"{OURS} on SQLite": cost for cost in costs(ground, found, connections=FEW).values()}
    ours = told[OURS].total
    aim, measured = f"≤ {AIM:.1f} ms in all", f"{ours:.1f} ms in all ({told[OURS].server:.1f} server)"
    return read_outcome(
        "R2", "tree, first time", aim, measured, ours <= AIM, told, limit=RAW, together=True, extra=sqlite
    )
