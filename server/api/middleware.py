"""What goes around every request: an id and a log line, and the headers that keep pages from being misused."""

import re
import time
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server import metrics

log = structlog.get_logger("stageline.requests")
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
CALENDARS = "/calendar/"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# The editor of GraphiQL makes its style sheets and workers as it runs.
_EDITOR_POLICY = f"{_POLICY}; style-src 'self' 'unsafe-inline'; font-src 'self' data:; worker-src 'self' blob:"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class RequestLog:
    """Gives each request an id (the caller's, if it is tidy), tells it back, counts and logs it: never its query."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve and note one request or socket."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else uuid4().hex
        started, status = time.perf_counter(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] in ("http.response.start", "websocket.accept"):
                status = message.get("status", 101)
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self.app(scope, receive, sent)
            finally:
                self._note(scope, status, time.perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        metrics.requests.labels(str(status)).inc()
        say = log.debug if scope["path"] in QUIET else log.info
        method = scope.get("method", "SOCKET")
        say("request", method=method, path=_told(scope["path"]), status=status, ms=round(seconds * 1e3, 1))


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
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers["Content-Security-Policy"] = _EDITOR_POLICY if scope["path"] == "/graphiql" else _POLICY
                if self.production and scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        await self.app(scope, receive, sent)
