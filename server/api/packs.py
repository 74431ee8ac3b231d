"""`GET /board-pack/<node id or organization>.{xlsx,pptx,pdf}?asOf=&from=&to=&since=`: the board pack as a file.

It is gathered through the API in the reader's name. A place that they do not see is as one that never was, and without
the right to amounts the pack has none and says so. It is written in a thread, a few at a time.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from server.api.door import HouseDoor
from server.api.inquiry import inquiry
from server.api.refusing import known, refused
from server.domain.people import Viewer
from server.domain.refusals import RefusalCode, Refused
from server.exchange.pack_files import FORMATS, name_of, wanted, writer
from server.exchange.pack_gathering import gather

AT_ONCE, MOST_WAITING = 2, 20
"""Packs made at the same time by one process, and how many requests may wait for their turn."""


async def board_pack(
    viewer: Viewer, place: str, form: str, asked: Mapping[str, str], at: datetime
) -> tuple[str, bytes]:
    """A pack's file name and bytes, with the rights of a viewer. Raises Refused."""
    write, ask = writer(form), inquiry(viewer, at)
    organization = (await ask("{ organization { timeZone } }", {}))["organization"]
    what = wanted(place, asked, ZoneInfo(organization["timeZone"]))
    pack = await gather(ask, what, at)
    return name_of(pack, form), await asyncio.to_thread(write, pack)


class Packs:
    """The endpoint."""

    def __init__(self, door: HouseDoor) -> None:
        self._door = door
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def download(self, request: Request) -> Response:
        """The pack, to be saved."""
        try:
            viewer = await known(self._door, request)
            place, _, form = request.path_params["file"].rpartition(".")
            name, body = await self._made(viewer, place, form, request.query_params)
        except Exception as error:  # noqa: BLE001 - the last stand: what went wrong is told as everywhere else
            return refused(error)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Cache-Control": "private, no-store",
        }
        return Response(body, headers=headers, media_type=FORMATS[form])

    async def _made(self, viewer: Viewer, place: str, form: str, asked: Mapping[str, str]) -> tuple[str, bytes]:
        if self._waiting >= MOST_WAITING:
            raise Refused(RefusalCode.LIMITED, "Too many board packs are being made. Try again in a minute.")
        self._waiting += 1
        try:
            async with self._turns:
                return await board_pack(viewer, place, form, asked, self._door.clock())
        finally:
            self._waiting -= 1
