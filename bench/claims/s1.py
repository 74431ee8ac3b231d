"""S1: two workers on two cores: what a worker does beside another one, compared with what it does alone."""

import re
import threading

import httpx

from bench.contestants import FRESH, OURS, ours
from bench.fanning import LIVE, Heard, Stage, audience, board_variables, hear, our_stage, warm
from bench.ground import Filled, Ground
from bench.loads import Load, load
from bench.machine import cpu
from bench.questions import PAGE
from bench.telling import Cell, Outcome

AIM = 0.8


def measure(ground: Ground) -> Outcome:
    """Two processes on one database and one Redis, asked at the same time by one load client each.

    CPU per request decides: client and PostgreSQL share the two cores with the workers, so requests per second cannot
    double here. The rings that a worker hears of one change are counted with one worker and with two.
    """
    on = ground.filled(ground.middle)
    alone, both = _reads(ground, on, 1), _reads(ground, on, 2)
    share = sum(alone) / len(alone) / (sum(both) / len(both))
    one, heard_one = _fan(ground, on, beside=False)
    two, heard_two = _fan(ground, on, beside=True)
    fan = one.per_thousand / two.per_thousand
    met = min(share, fan) >= AIM and abs(heard_one - heard_two) < 0.5  # noqa: PLR2004 — the same number, rounded
    measured = f"reads {share:.2f}, fan-out {fan:.2f} per worker; {heard_one:.1f} and {heard_two:.1f} rings per change"
    table: list[dict[str, Cell]] = [
        {"workers": 1, "CPU ms per read": sum(alone), "CPU ms per 1,000": one.per_thousand, "rings heard": heard_one},
        {
            "workers": 2,
            "CPU ms per read": sum(both) / 2,
            "CPU ms per 1,000": two.per_thousand,
            "rings heard": heard_two,
        },
    ]
    aim = f"≥ {AIM} per worker; rings per change constant"
    return Outcome("S1", "two workers on two cores", aim, measured, met, {}, table)


def _reads(ground: Ground, on: Filled, workers: int) -> list[float]:
    """CPU ms of each worker for a read, all asked at once."""
    settings = {"redis_url": ground.redis_url, **FRESH}
    headers, bodies = {"Authorization": f"Bearer {on.tokens['eve']}"}, PAGE.bodies(on, None)
    with ours(on, ground.folder, settings) as first:
        if workers == 1:
            return _asked(ground, [first], bodies, headers)
        with ours(on, ground.folder, settings, core=1) as second:
            return _asked(ground, [first, second], bodies, headers)


def _asked(ground: Ground, workers: list[tuple[int, int]], bodies: list[str], headers: dict[str, str]) -> list[float]:
    seen: dict[int, Load] = {}

    def ask(port: int) -> None:
        seen[port] = load(port, "/graphql", bodies, headers, seconds=ground.seconds * 2, connections=8)

    before: dict[int, float] = {}
    for _ in range(2):  # the first is not counted
        before = {pid: cpu(pid) for pid, _ in workers}
        threads = [threading.Thread(target=ask, args=(port,)) for _, port in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return [(cpu(pid) - before[pid]) * 1e3 / seen[port].requests for pid, port in workers]


def _fan(ground: Ground, on: Filled, *, beside: bool) -> tuple[Heard, float]:
    """A board's fan-out by one worker, with or without another one beside it; and the rings it heard for a change."""
    count, changes = (100, 10) if ground.quick else (1_000, 25)
    with our_stage(ground, on, LIVE, board_variables(on), first=1) as stage:
        if beside:
            with ours(on, ground.folder, {"redis_url": ground.redis_url}, core=1):
                return _heard(ground, stage, count, changes)
        return _heard(ground, stage, count, changes)


def _heard(ground: Ground, stage: Stage, count: int, changes: int) -> tuple[Heard, float]:
    with audience(
        stage.port, count, inits=stage.inits, subscribes=stage.subscribes, first=stage.first, seconds=200
    ) as listening:
        warm(stage, listening)
        before = rings(stage.port)
        heard = hear(ground, stage, listening, changes, lambda: stage.paced(changes, 0.2), coalesced=True)
        return heard, (rings(stage.port) - before) / changes


def rings(port: int) -> float:
    """The rings that a worker has heard, as its metrics say."""
    told = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10, trust_env=False).text
    found = re.search(r"^stageline_bell_heard(?:_total)?(?:\{[^}]*\})? (\S+)$", told, re.MULTILINE)
    assert found, f"{OURS} tells no rings in /metrics"
    return float(found[1])
