"""The messages of `graphql-transport-ws`, read strictly, and the codes a socket is closed with."""

from collections.abc import Mapping
from typing import Any

from server.api.errors import RequestError
from server.api.requests import parse_json

# of the protocol
BAD_REQUEST, UNAUTHORIZED, NOT_ACCEPTABLE, INIT_TIMEOUT, ID_IN_USE, TOO_MANY_INITS = 4400, 4401, 4406, 4408, 4409, 4429
# of WebSocket (https://www.iana.org/assignments/websocket): clients connect again after the last three
POLICY, BUG, RESTART, TRY_LATER = 1008, 1011, 1012, 1013
KINDS = frozenset({"connection_init", "ping", "pong", "subscribe", "complete"})
MAX_ID = 128


class ClosingError(Exception):
    """The socket is to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def message_of(text: str | None) -> Mapping[str, Any]:
    """A message of a known type, its payload an object if it has one. Raises RequestError; None is a binary frame."""
    if text is None:
        raise RequestError("Messages are text frames")
    message = parse_json(text)
    kind = message.get("type") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(kind, str) or kind not in KINDS:
        raise RequestError("A message is an object with a known “type”")
    if not isinstance(message.get("payload"), dict | None):
        raise RequestError("“payload” must be an object")
    return message


def id_of(message: Mapping[str, Any]) -> str:
    """The operation that a message is about. Raises RequestError."""
    key = message.get("id")
    if not isinstance(key, str) or not 0 < len(key) <= MAX_ID:
        raise RequestError(f"“id” must be a text of 1 to {MAX_ID} characters")
    return key
