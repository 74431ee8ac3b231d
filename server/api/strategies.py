"""`GET /strategy/<objective's id>.part1.xml` and `.part2.xml`: an objective with all below it as StratML.

It is read through the API in the reader's name: a place that they do not see is as one that never was.
"""

from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from server.api.door import HouseDoor
from server.api.inquiry import inquiry
from server.api.refusing import known, refused
from server.domain.people import Viewer
from server.exchange.stratml_export import strategy_file
from server.schema import ids

_PARTS = {"part1.xml": 1, "part2.xml": 2}


async def strategy(viewer: Viewer, node: str, part: int, at: datetime) -> tuple[str, bytes]:
    """A file's name and bytes, with the rights of a viewer. Raises Refused."""
    ids.expect("node", node, "under")
    return await strategy_file(inquiry(viewer, at), _own, node, part)


def _own(global_id: str) -> UUID:
    found = ids.read(global_id)
    if found is None:
        raise LookupError(f"no id of ours: {global_id}")
    return found[1]


class Strategies:
    """The endpoint."""

    def __init__(self, door: HouseDoor) -> None:
        self._door = door

    async def download(self, request: Request) -> Response:
        """The file, to be saved."""
        try:
            viewer = await known(self._door, request)
            node, _, form = request.path_params["file"].partition(".")
            name, body = await strategy(viewer, node, _PARTS.get(form, 0), self._door.clock())
        except Exception as error:  # noqa: BLE001 - the last stand: what went wrong is told as everywhere else
            return refused(error)
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Cache-Control": "private, no-store",
        }
        return Response(body, headers=headers, media_type="application/xml")
