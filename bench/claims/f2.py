"""F2: 9,500 live boards, five changes a second: how late they are, and that nothing is lost."""

from bench.contestants import OURS
from bench.fan_table import board, crowd, line
from bench.ground import Ground
from bench.telling import Curve, Outcome, Plot

P50, P99 = 75.0, 200.0  # ms


def measure(ground: Ground) -> Outcome:
    """Latency is the arrival in the client minus the time before the write began."""
    counts = [crowd(ground, 1_000, 100), crowd(ground, 5_000, 300), crowd(ground, 9_500, 500)]
    shows = {count: board(ground, OURS, count) for count in counts}
    heard = shows[counts[-1]].heard
    met = heard.p50 <= P50 and heard.p99 <= P99 and not heard.lost and not heard.dead
    measured = f"p50 {heard.p50:.0f}, p99 {heard.p99:.0f} ms, {heard.lost} lost at {counts[-1]:,}"
    curves = [
        Curve("p50", [(count, each.heard.p50) for count, each in shows.items()]),
        Curve("p99", [(count, each.heard.p99) for count, each in shows.items()]),
    ]
    plot = Plot("f2", "Latency of a change to a live board", "subscribers", "ms", curves)
    table = [line(OURS, each.heard, each.kb_each) for each in shows.values()]
    aim = f"p50 ≤ {P50:.0f}, p99 ≤ {P99:.0f} ms, nothing lost"
    return Outcome("F2", "live boards at five changes a second", aim, measured, met, {}, table, [plot])
