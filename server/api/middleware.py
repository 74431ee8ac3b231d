"""What goes around every request: an id and a log line, and the headers that keep pages from being misused."""

import re
import time
from typing import Any
from uuid import uuid4

import structlog
from prometheus_client import Counter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import metrics
from server.api.logs import tell

LOGGER = "stageline.requests"
log = structlog.get_logger(LOGGER)
SAID = "stageline.said"
"""In a request's scope: what its log line is to say besides."""
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
CALENDARS = "/calendar/"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# The editor of GraphiQL makes its style sheets and workers as it runs.
_EDITOR_POLICY = f"{_POLICY}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; worker-src 'self' blob:"
_HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
_PAGE_HEADERS = [*_HEADERS, (b"content-security-policy", _POLICY.encode())]
_EDITOR_HEADERS = [*_HEADERS, (b"content-security-policy", _EDITOR_POLICY.encode())]
_STRICT = (b"strict-transport-security", b"max-age=31536000")
_NAMES = {name for name, _ in [*_PAGE_HEADERS, _STRICT]}


class RequestLog:
    """Gives each request an id (the caller's, if it is tidy), tells it back, counts and logs it: never its query."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._counted: dict[int, Counter] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve and note one request or socket."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"").decode("latin-1")
        request_id = given if _ID.fullmatch(given) else uuid4().hex
        started, status = time.perf_counter(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.accept"):
                status = message.get("status", 101)
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        bound = structlog.contextvars.bind_contextvars(request=request_id)
        try:
            await self.app(scope, receive, sent)
        finally:
            self._note(scope, status, time.perf_counter() - started)
            structlog.contextvars.reset_contextvars(**bound)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        if status not in self._counted:
            self._counted[status] = metrics.requests.labels(str(status))
        self._counted[status].inc()
        method, path = scope.get("method", "SOCKET"), _told(scope["path"])
        said: dict[str, Any] = {"method": method, "path": path, "status": status, "ms": round(seconds * 1e3, 1)}
        if path in QUIET:
            log.debug("request", **said)
        else:
            tell(LOGGER, "request", **said, **scope.get(SAID, {}))


def _told(path: str) -> str:
    """A path as it is logged: a calendar feed's holds a secret."""
    return f"{CALENDARS}…" if path.startswith(CALENDARS) else path[:200]


class SecurityHeaders:
    """Pages run only what comes from here, are framed by nobody, and tell other sites nothing."""

    def __init__(self, app: ASGIApp, *, production: bool) -> None:
        self.app, self.production = app, production

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to one response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = _EDITOR_HEADERS if scope["path"] == "/graphiql" else _PAGE_HEADERS
                if self.production and scope["scheme"] == "https":
                    ours = [*ours, _STRICT]
                given = [pair for pair in message.get("headers", ()) if pair[0].lower() not in _NAMES]
                message["headers"] = given + ours
            await send(message)

        await self.app(scope, receive, sent)
