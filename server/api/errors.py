"""What a client sees of an error. Ours are shown with a code; a bug is logged under an id, and only the id is shown."""

import logging
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError

from server.domain.refusals import Refused
from server.models.database import is_unavailable

log = logging.getLogger("stageline.api")

UNAVAILABLE = "The database cannot be reached at the moment. Nothing was changed; try again in a few seconds."
MAX_MESSAGE = 2_000
"""Messages quote what was sent; a client need not get its megabyte back."""
_SUGGESTION = re.compile(r" Did you mean [^?]*\?")


class RequestError(Exception):
    """A request that is wrong before any GraphQL is: it gets this status and one error with this code."""

    def __init__(
        self, message: str, status: int = 400, code: str = "BAD_REQUEST", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.status, self.code, self.headers = message, status, code, dict(headers or {})

    def formatted(self) -> dict[str, Any]:
        """The error as GraphQL has it."""
        return {"message": self.message, "extensions": {"code": self.code}}


class DocumentError(Exception):
    """A document, a choice of operation or variables that cannot be run; `errors` say every reason why."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


def shown(errors: Iterable[GraphQLError], *, suggestions: bool = True) -> list[dict[str, Any]]:
    """Errors as clients may see them. Bugs are logged here, once each."""
    return [_shown(error, suggestions) for error in errors]


def log_bug(error: BaseException) -> str:
    """Log a bug with its trace under a new id, and give the sentence a client sees."""
    incident = secrets.token_hex(4)
    log.error("A bug, incident %s", incident, exc_info=error)
    return f"Something went wrong on our side (id {incident}). Try again; if it stays, tell us the id."


def _shown(error: GraphQLError, suggestions: bool) -> dict[str, Any]:
    code, message = _code_and_message(error)
    if not suggestions:
        message = _SUGGESTION.sub("", message)
    shown: dict[str, Any] = {"message": message if len(message) <= MAX_MESSAGE else f"{message[:MAX_MESSAGE]}…"}
    if error.locations:
        shown["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    shown["extensions"] = {**(error.extensions or {}), "code": code}
    return shown


def _code_and_message(error: GraphQLError) -> tuple[str, str]:
    cause = error.original_error
    given = (error.extensions or {}).get("code")
    if isinstance(given, str):
        return given, error.message
    if isinstance(cause, Refused):
        return cause.code.value, cause.message
    if code := _of_the_request(error):
        return code, error.message
    if cause is not None and is_unavailable(cause):
        return "UNAVAILABLE", UNAVAILABLE
    return "INTERNAL", log_bug(cause or error)


def _of_the_request(error: GraphQLError) -> str | None:
    """The code of an error that was found before anything ran: in the document, or in its variables."""
    if isinstance(error, GraphQLSyntaxError):
        return "GRAPHQL_PARSE_FAILED"
    if error.path is not None or (error.original_error is not None and not error.nodes):
        return None
    valid = error.original_error is not None or not error.nodes  # without nodes: too many faults of variables to tell
    return "BAD_USER_INPUT" if valid else "GRAPHQL_VALIDATION_FAILED"
