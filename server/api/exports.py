"""`GET /export.zip`: everything as CSV and JSON Lines, with the rights of who asks, one after the other."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from server.api.door import HouseDoor
from server.api.refusing import known, refused
from server.domain.refusals import RefusalCode, Refused
from server.exchange.everything import zipped

AT_ONCE = 2
"""Exports that one process writes at the same time; who comes later is asked to come again."""


class Exports:
    """The endpoint."""

    def __init__(self, door: HouseDoor) -> None:
        self._door = door
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def download(self, request: Request) -> Response:
        """The archive, streamed as it is written."""
        try:
            viewer = await known(self._door, request)
            pieces = zipped(viewer, self._door.clock())
            first = await self._first(pieces)
        except Exception as error:  # noqa: BLE001 - the last stand: what went wrong is told as everywhere else
            return refused(error)
        headers = {"Content-Disposition": 'attachment; filename="stageline-export.zip"', "Cache-Control": "no-store"}
        return StreamingResponse(self._taking_turns(first, pieces), headers=headers, media_type="application/zip")

    async def _first(self, pieces: AsyncGenerator[bytes, None]) -> bytes:
        """The first piece, before the answer begins: after it a refusal could not be told any more."""
        if self._turns.locked():
            raise Refused(RefusalCode.LIMITED, "Other exports are being written. Try again in a minute.")
        return await anext(pieces)

    async def _taking_turns(self, first: bytes, pieces: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
        async with self._turns, aclosing(pieces):
            yield first
            async for piece in pieces:
                yield piece
