"""R5: a page, the first 50 initiatives of a stage by value with eight fields each, and how many there are."""

from bench.contestants import OURS, RAW, contestants, with_ready_bytes
from bench.ground import Ground
from bench.questions import PAGE
from bench.reading_table import read_outcome
from bench.reads import costs
from bench.telling import Outcome

SERVER, ALL = 0.45, 0.9  # ms of CPU


def measure(ground: Ground) -> Outcome:
    """The six stages of 10,000 initiatives in turn; the value is the plan of all months, as it stands."""
    with contestants(ground, PAGE, ground.filled(ground.middle)) as found:
        told = costs(ground, [*found, with_ready_bytes(found)])
    ours = told[OURS]
    met = ours.server <= SERVER and ours.total <= ALL
    aim, measured = f"≤ {SERVER} ms server, ≤ {ALL} in all", f"{ours.server:.2f} ms server, {ours.total:.2f} in all"
    return read_outcome("R5", "page of 50 by value", aim, measured, met, told, limit=RAW)
