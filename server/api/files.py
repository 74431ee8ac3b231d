"""`/files`: uploading what backs evidence, and getting it back.

`POST /files?name=…` takes the bytes as its body, of any type but within the upload limit, and answers the file as JSON;
its id goes into `attachEvidence`, `achieveMilestone` or `recordReading`. `GET /files/<id>` answers the bytes to who
sees the evidence, and to everybody else that there is no such file. They are never shown inside a page of ours.
"""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response

from server.actions import files as actions
from server.api.door import HouseDoor
from server.api.errors import RequestError, log_bug
from server.api.http import PREFLIGHT_HEADER
from server.api.origins import Origins
from server.api.refusing import refused, stranger
from server.api.requests import Bounds, bounded
from server.api.writing import JSON, encoded
from server.domain.people import Viewer
from server.domain.refusals import RefusalCode, Refused
from server.models.cascade import StoredFile
from server.models.database import reading
from server.models.file_store import FileStore
from server.schema import ids
from server.schema.files import File, file_in_sight

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,58}/[a-z0-9][a-z0-9.+-]{0,58}")
_ANY_TYPE = "application/octet-stream"
_SWEPT_EVERY = timedelta(hours=1)


class Files:
    """The two endpoints."""

    def __init__(self, store: FileStore, door: HouseDoor, origins: Origins, bounds: Bounds) -> None:
        self._store, self._door, self._origins, self._bounds = store, door, origins, bounds
        self._swept: datetime | None = None

    async def upload(self, request: Request) -> Response:
        """Keep the body as a file that its uploader may attach."""
        try:
            viewer = await self._writer(request)
            actions.check_uploader(viewer)
            name = actions.checked_name(request.query_params.get("name", ""))
            file = await self._kept(request, viewer, name)
            await self._sweep()
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception as error:  # noqa: BLE001 - the last stand: what went wrong is told as everywhere else
            return refused(error)
        spoken = File.of(
            {"id": file.id, **{each: getattr(file, each) for each in ("name", "media_type", "size", "hash")}}
        )
        told = {"id": spoken.id, "name": spoken.name, "mediaType": spoken.media_type, "size": spoken.size}
        told |= {"sha256": spoken.sha256, "href": spoken.href}
        return Response(encoded(told), 201, {"Location": spoken.href, "Cache-Control": "no-store"}, JSON)

    async def download(self, request: Request) -> Response:
        """The bytes of a file, to be saved and not shown."""
        try:
            row = await self._seen(request)
        except Exception as error:  # noqa: BLE001 - the last stand, as above
            return refused(error)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(row['name'], safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "ETag": f'"{row["hash"]}"',
        }
        return FileResponse(self._store.path(row["hash"]), headers=headers, media_type=row["media_type"])

    async def _seen(self, request: Request) -> dict[str, Any]:
        viewer, known = (await self._door.admit(request, {})).viewer, ids.read(request.path_params["id"])
        row = await file_in_sight(reading(), viewer, known[1]) if viewer and known and known[0] == "file" else None
        if row is None or not self._store.path(row["hash"]).is_file():
            raise Refused(RefusalCode.NOT_FOUND, "There is no such file, or you may not see it.")
        return row

    async def _writer(self, request: Request) -> Viewer:
        """Who uploads; what another site's page could do in the user's name is refused, as for mutations (CSRF)."""
        caller = await self._door.admit(request, {})
        if caller.viewer is None:
            raise stranger()
        if caller.by_cookie and PREFLIGHT_HEADER not in request.headers:
            message = "An upload needs the header “X-Stageline” (any value), which pages of other sites cannot send."
            raise RequestError(message, 403, "PREFLIGHT_REQUIRED")
        if caller.by_cookie and not self._origins.may_write(request):
            raise RequestError("This page's origin may not write in your name.", 403, "ORIGIN_REFUSED")
        return caller.viewer

    async def _kept(self, request: Request, viewer: Viewer, name: str) -> StoredFile:
        given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        chunks = bounded(request, self._bounds.upload_bytes, self._bounds.upload_seconds)
        try:
            kept = await self._store.keep(chunks)
        except OSError as error:
            log_bug(error)
            raise RequestError("The file could not be stored; try again later.", 503, "UNAVAILABLE") from error
        if not kept.size:
            raise RequestError("The file is empty: send its bytes as the body of the request.")
        kind = given if _MEDIA_TYPE.fullmatch(given) else _ANY_TYPE
        return await actions.add_file(viewer, kept, name=name, media_type=kind, at=self._door.clock())

    async def _sweep(self) -> None:
        now = self._door.clock()
        if self._swept is None or now - self._swept > _SWEPT_EVERY:
            self._swept = now
            await actions.sweep(self._store, now)
