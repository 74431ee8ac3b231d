"""F1: what fan-out costs: one board, 5,000 subscribers, five changes a second, CPU per 1,000 deliveries."""

from bench.contestants import OURS, USUAL
from bench.fan_table import board, crowd, line, peers, tried
from bench.fanning import FLOOR, IDENTICAL, Show
from bench.ground import Ground
from bench.telling import Curve, Outcome, Plot, ratio

AIM, USUAL_TIMES, FLOOR_TIMES = 12.0, 20.0, 1.6


def measure(ground: Ground) -> Outcome:
    """The limits hear as many as we; the usual way and the Node peers a fifth (their cost hardly depends on it)."""
    many, few = crowd(ground, 5_000, 300), crowd(ground, 1_000, 100)
    ours = {count: board(ground, OURS, count) for count in (few, many)}
    others: dict[str, dict[int, Show]] = {}
    for name in peers(ground):
        counts = (few, many) if name in {IDENTICAL, FLOOR} else (few,)
        others[name] = {count: told for count in counts if (told := tried(ground, name, count))}
    cost = ours[many].heard.per_thousand
    compared = {name: max(shows.items())[1].heard.per_thousand for name, shows in others.items() if shows}
    versus = {name: ratio(cost, each) for name, each in compared.items() if name not in {IDENTICAL, FLOOR}}
    versus["limit"] = ", ".join(
        f"{name}: {ratio(cost, compared[name])}" for name in (FLOOR, IDENTICAL) if name in compared
    )
    far = USUAL in compared and compared[USUAL] / cost >= USUAL_TIMES
    near = FLOOR in compared and cost / compared[FLOOR] <= FLOOR_TIMES
    shows = {OURS: ours, **others}
    table = [line(name, each.heard, each.kb_each) for name, told in shows.items() for each in told.values()]
    aim = f"≤ {AIM:.0f} ms per 1,000; ≥ {USUAL_TIMES:.0f} × the usual way, ≤ {FLOOR_TIMES} × the C floor"
    measured = f"{cost:.1f} ms per 1,000 at {many:,}"
    return Outcome("F1", "fan-out CPU", aim, measured, cost <= AIM and far and near, versus, table, _plots(shows))


def _plots(shows: dict[str, dict[int, Show]]) -> list[Plot]:
    each = {name: sorted(told.items()) for name, told in shows.items()}
    late = [Curve(f"{name} p99", [(count, one.heard.p99) for count, one in told]) for name, told in each.items()]
    dear = [Curve(name, [(count, one.heard.per_thousand) for count, one in told]) for name, told in each.items()]
    return [
        Plot("f1-latency", "Latency of a change", "subscribers", "p99, ms", late),
        Plot("f1-cost", "Cost of fan-out", "subscribers", "CPU ms per 1,000 deliveries", dear),
    ]
