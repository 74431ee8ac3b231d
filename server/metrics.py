"""What is counted, for Prometheus (`/metrics`). Labels are few and fixed: no names, ids or paths of callers."""

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Gauge, Histogram, generate_latest

from server.live.bell import BellState

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

requests = Counter("stageline_http_requests_total", "HTTP requests answered.", ["status"])
operations = Counter("stageline_operations_total", "GraphQL operations and events answered.", ["type", "outcome"])
operation_seconds = Histogram(
    "stageline_operation_seconds", "Time to run a query or mutation.", ["type"], buckets=BUCKETS
)
sockets = Gauge("stageline_sockets", "WebSocket connections that are open.")
streams = Gauge("stageline_streams", "Subscriptions that are followed, over sockets and SSE.")
sockets_closed = Counter("stageline_sockets_closed_total", "WebSocket connections closed by us.", ["code"])

_bell = {
    name: Gauge(f"stageline_bell_{name}", text)
    for name, text in {
        "rung": "Rings given by this process.",
        "heard": "Rings heard by this process.",
        "losses": "How often the way to Redis was lost.",
        "reconnects": "How often Redis was found again.",
        "listeners": "Who listens to the bell in this process.",
        "connected": "1 while rings reach every process, 0 while Redis is looked for.",
    }.items()
}


def exposition(bell: BellState) -> tuple[bytes, str]:
    """All figures in Prometheus' text format, and its media type."""
    for name in ("rung", "heard", "losses", "reconnects", "listeners"):
        _bell[name].set(getattr(bell, name))
    _bell["connected"].set(bell.state != "reconnecting")
    return generate_latest(), CONTENT_TYPE_LATEST
