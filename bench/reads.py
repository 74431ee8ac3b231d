"""Measuring a read: CPU of the server and of PostgreSQL per request, several rounds in turn, medians."""

import statistics
from dataclasses import dataclass

from bench.contestants import Contestant
from bench.ground import Ground
from bench.loads import CONNECTIONS, Load, load

FEW = 4
"""Connections for answers that take long: sixteen trees at once are only a queue."""


@dataclass(frozen=True)
class Cost:
    """What a request costs; times in ms. `client` is the share of its core that the load client was busy."""

    server: float
    database: float
    p50: float
    p99: float
    per_second: float
    bytes: float
    client: float

    @property
    def total(self) -> float:
        """Server and database together."""
        return self.server + self.database


def costs(ground: Ground, found: list[Contestant], *, connections: int = CONNECTIONS) -> dict[str, Cost]:
    """What each contestant's answer costs: medians over rounds, in which all take their turn."""
    for each in found:
        _measure(ground, each, connections, ground.seconds)
    rounds = [
        {each.name: _measure(ground, each, connections, ground.seconds) for each in found} for _ in range(ground.rounds)
    ]
    return {each.name: median([told[each.name] for told in rounds]) for each in found}


def median(measured: list[Cost]) -> Cost:
    """The median of each figure by itself."""
    return Cost(*(statistics.median(getattr(each, name) for each in measured) for name in Cost.__dataclass_fields__))


def _measure(ground: Ground, each: Contestant, connections: int, seconds: float) -> Cost:
    server, database = each.cpu(), ground.database_cpu()
    seen = load(each.port, each.path, each.bodies, each.headers, seconds=seconds, connections=connections)
    server, database = each.cpu() - server, ground.database_cpu() - database
    assert not seen.bad, f"{each.name}: {seen.bad} of {seen.requests} answers were errors"
    return cost(seen, server, database)


def cost(seen: Load, server: float, database: float) -> Cost:
    """Seconds of CPU as milliseconds per request."""
    count = max(1, seen.requests)
    return Cost(
        server=server * 1e3 / count,
        database=database * 1e3 / count,
        p50=seen.p50_ms,
        p99=seen.p99_ms,
        per_second=seen.requests / seen.seconds,
        bytes=seen.bytes / count,
        client=seen.cpu_s / seen.seconds,
    )
