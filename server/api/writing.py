"""Writing answers: JSON, and the headers that every answer of `/graphql` has."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"
EVENTS = "text/event-stream"
VARY = "Accept, Authorization, Cookie"


def encoded(body: Mapping[str, Any]) -> bytes:
    """JSON, fast."""
    return orjson.dumps(body)


def respond(body: bytes, media_type: str, status: int, headers: Mapping[str, str]) -> Response:
    """A response in the media type that was asked for; in JSON where that is a stream of events."""
    kind = JSON if media_type == EVENTS else media_type
    return Response(body, status, {"Vary": VARY, **headers}, f"{kind}; charset=utf-8")


def unchanged(headers: Mapping[str, str]) -> Response:
    """What a client has is still right (RFC 9110, 15.4.5)."""
    return Response(None, 304, {"Vary": VARY, **headers})
