"""`GET /calendar/<secret>.ics`, with `?mine=1` only what names the person: a calendar program's way in.

The secret stands in the address because such programs send no headers; so it opens this and nothing else, it is never
logged (`middleware`), and one that was revoked is as one that never was.
"""

from starlette.requests import Request
from starlette.responses import Response

from server import auth
from server.api.door import Clock
from server.api.refusing import refused
from server.domain.refusals import RefusalCode, Refused
from server.exchange.calendar import REFRESH, feed
from server.models.database import reading


class Calendars:
    """The endpoint."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def subscribe(self, request: Request) -> Response:
        """The feed."""
        try:
            body = await self._feed(request.path_params["secret"], mine=request.query_params.get("mine", "") == "1")
        except Exception as error:  # noqa: BLE001 - the last stand: what went wrong is told as everywhere else
            return refused(error)
        kept = f"private, max-age={int(REFRESH.total_seconds()) // 6}"
        return Response(body, headers={"Cache-Control": kept}, media_type="text/calendar; charset=utf-8")

    async def _feed(self, secret: str, *, mine: bool) -> bytes:
        at = self._clock()
        viewer = await auth.calendar_reader(secret, at)
        if viewer is None:
            raise Refused(RefusalCode.NOT_FOUND, "There is no such calendar feed, or it has ended. Make another one.")
        return await feed(reading(), viewer, at, mine=mine)
