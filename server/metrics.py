"""What is counted, for Prometheus (`/metrics`). Labels are few and fixed: no names, ids or paths of callers.

Where several workers serve, each writes its figures to files of its own in one folder (`PROMETHEUS_MULTIPROC_DIR`, the
library's way), and a scrape of any of them adds up all. So every gauge says how it adds up: `livesum` over those that
live, `sum` for what only grows and must not fall when a worker dies.
"""

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from server.live.answers import Told
from server.live.audience import AudienceState
from server.live.bell import BellState

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
FOLDER = "PROMETHEUS_MULTIPROC_DIR"

requests = Counter("stageline_http_requests_total", "HTTP requests answered.", ["status"])
operations = Counter("stageline_operations_total", "GraphQL operations and events answered.", ["type", "outcome"])
operation_seconds = Histogram(
    "stageline_operation_seconds", "Time to run a query or mutation.", ["type"], buckets=BUCKETS
)
executions = Counter(
    "stageline_executions_total",
    "Queries and mutations by how they were answered: as planned, or by the stock executor, because they are not "
    "planned for or because the plan met an error.",
    ["outcome"],
)
sockets = Gauge("stageline_sockets", "WebSocket connections that are open.", multiprocess_mode="livesum")
sockets_closed = Counter("stageline_sockets_closed_total", "WebSocket connections closed by us.", ["code"])
workers = Gauge("stageline_workers", "Processes that serve.", multiprocess_mode="livesum")
worker_restarts = Counter("stageline_worker_restarts_total", "Workers started again because one died or hung.")

_BELL_GREW = {
    "rung": "Rings given.",
    "heard": "Rings heard, those of the same process included.",
    "losses": "How often the way to Redis was lost.",
    "reconnects": "How often Redis was found again.",
}
_bell_grew = {name: Gauge(f"stageline_bell_{name}", text, multiprocess_mode="sum") for name, text in _BELL_GREW.items()}
_bell_listeners = Gauge("stageline_bell_listeners", "Who listens to the bell.", multiprocess_mode="livesum")
_bell_connected = Gauge(
    "stageline_bell_connected",
    "1 while rings reach every process, 0 while one looks for Redis.",
    multiprocess_mode="livemin",
)


_ANSWERS_GREW = {
    "hits": "Queries answered from what is kept.",
    "misses": "Queries of callers who are known that were run, or waited for an equal one.",
    "joined": "Queries that waited for an equal one and were answered with it.",
    "renewed": "Kept answers in which single things were told anew.",
    "evictions": "Answers let go of to make room.",
}
_answers_grew = {
    name: Gauge(f"stageline_answers_{name}", text, multiprocess_mode="sum") for name, text in _ANSWERS_GREW.items()
}
_answers_hold = {
    "bytes": Gauge("stageline_answers_bytes", "Memory of kept answers.", multiprocess_mode="livesum"),
    "entries": Gauge("stageline_answers_entries", "Kept answers.", multiprocess_mode="livesum"),
}


_COHORTS_GREW = {
    "executions": "Times that an operation was run for all who asked the same with the same rights.",
    "deliveries": "Messages sent to listeners of cohorts.",
    "skips": "Times that a listener of a cohort did not keep up.",
}
_cohorts_grew = {
    name: Gauge(f"stageline_cohorts_{name}", text, multiprocess_mode="sum") for name, text in _COHORTS_GREW.items()
}
_cohorts_hold = {
    "cohorts": Gauge("stageline_cohorts", "Cohorts: what is asked with equal rights.", multiprocess_mode="livesum"),
    "members": Gauge("stageline_cohorts_members", "Listeners of cohorts.", multiprocess_mode="livesum"),
}


def added_up() -> bool:
    """Whether several processes' figures are added up. The library looks once, when it is imported."""
    return FOLDER in os.environ


def sample(bell: BellState, answers: Told, audience: AudienceState) -> None:
    """Note that this process serves, and what its parts did so far: at each scrape, and each second."""
    workers.set(1)
    for name, gauge in (_answers_grew | _answers_hold).items():
        gauge.set(getattr(answers, name))
    for name, gauge in (_cohorts_grew | _cohorts_hold).items():
        gauge.set(getattr(audience, name))
    for name, gauge in _bell_grew.items():
        gauge.set(getattr(bell, name))
    _bell_listeners.set(bell.listeners)
    _bell_connected.set(bell.state != "reconnecting")


def exposition() -> tuple[bytes, str]:
    """All figures in Prometheus' text format, and its media type."""
    registry = REGISTRY
    if added_up():
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library leaves it unannotated
    return generate_latest(registry), CONTENT_TYPE_LATEST
