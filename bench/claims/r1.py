"""R1: the phone's question, one initiative with six fields and its next three milestones, asked for the first time."""

from bench.contestants import RAW, contestants, with_ready_bytes
from bench.ground import Ground
from bench.questions import PHONE
from bench.reading_table import read_outcome
from bench.reads import costs
from bench.telling import Outcome

AIM = 0.30  # ms of the server's CPU


def measure(ground: Ground) -> Outcome:
    """256 initiatives of 10,000 in turn; nothing is kept from one answer to the next."""
    with contestants(ground, PHONE, ground.filled(ground.middle)) as found:
        told = costs(ground, [*found, with_ready_bytes(found)])
    ours = next(iter(told.values())).server
    measured = f"{ours:.2f} ms server"
    return read_outcome("R1", "phone, first time", f"≤ {AIM:.2f} ms server", measured, ours <= AIM, told, limit=RAW)
