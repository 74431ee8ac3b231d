"""Whose pages may use the API in a signed-in user's name: our own, and those of the origins in the settings."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection


class Origins:
    """The origins that are let in besides our own."""

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self.allowed = frozenset(origin.lower().rstrip("/") for origin in allowed)

    def may_connect(self, connection: HTTPConnection) -> bool:
        """Whether a socket may be opened. A client that is no browser sends no Origin, and no user's cookie."""
        origin = connection.headers.get("origin")
        return origin is None or self._ours(origin, connection) or origin.lower() in self.allowed

    def may_write(self, connection: HTTPConnection) -> bool:
        """Whether a request that came with a cookie may change anything."""
        site = connection.headers.get("sec-fetch-site")
        return site in ("same-origin", "none") or self.may_connect(connection)

    def _ours(self, origin: str, connection: HTTPConnection) -> bool:
        parts = urlsplit(origin)
        default = {"http": 80, "https": 443}.get(parts.scheme)
        host, _, port = connection.headers.get("host", "").lower().partition(":")
        try:
            return bool(default) and parts.hostname == host and (parts.port or default) == int(port or str(default))
        except ValueError:
            return False
