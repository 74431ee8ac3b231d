"""How endpoints beside GraphQL refuse: in the shape of GraphQL's errors, with an HTTP status of its own."""

from starlette.requests import Request
from starlette.responses import Response

from server.api.door import HouseDoor
from server.api.errors import RequestError, log_bug
from server.api.writing import JSON, encoded
from server.domain.people import Viewer
from server.domain.refusals import RefusalCode, Refused
from server.models.database import is_unavailable

_STATUS = {
    RefusalCode.FORBIDDEN: 403,
    RefusalCode.NOT_FOUND: 404,
    RefusalCode.LIMITED: 429,
    RefusalCode.UNAVAILABLE: 503,
}
_AWAY = "The database cannot be reached at the moment. Try again in a few seconds."


def stranger() -> RequestError:
    """What is told to who is not signed in."""
    return RequestError("You are not signed in, or your sign-in has expired.", 401, "UNAUTHENTICATED")


async def known(door: HouseDoor, request: Request) -> Viewer:
    """Who asks, by cookie or token. Raises RequestError (401) for strangers."""
    viewer = (await door.admit(request, {})).viewer
    if viewer is None:
        raise stranger()
    return viewer


def refused(error: Exception) -> Response:
    """What went wrong; a bug is logged, and told by its id only."""
    if isinstance(error, Refused):
        message = " ".join([error.message, *(each for each in error.details if each != error.message)])
        error = RequestError(message, _STATUS.get(error.code, 400), error.code.value)
    if not isinstance(error, RequestError):
        away = is_unavailable(error)
        message = _AWAY if away else log_bug(error)
        error = RequestError(message, 503 if away else 500, "UNAVAILABLE" if away else "INTERNAL")
    headers = {"Cache-Control": "no-store", **error.headers}
    return Response(encoded({"errors": [error.formatted()]}), error.status, headers, JSON)
