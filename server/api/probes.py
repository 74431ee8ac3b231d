"""What machines ask about the server: alive, ready, figures, and the contract."""

import asyncio
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from server import metrics
from server.api.operations import ApiSchema
from server.api.pace import Pace
from server.live.answers import Answers
from server.live.audience import Audience
from server.live.bell import Bell
from server.models.database import pending_migrations, reading, rows

PATIENCE_SECONDS = 2


@dataclass(slots=True)
class Probes:
    """The endpoints."""

    schema: ApiSchema
    bell: Bell
    pace: Pace
    answers: Answers
    audience: Audience
    _migrated: bool = False

    async def healthz(self, _request: Request) -> Response:
        """Alive: the process answers, whatever its surroundings do."""
        return JSONResponse({"alive": True})

    async def readyz(self, _request: Request) -> Response:
        """Ready: the database is reachable and migrated, and the server is not about to stop.

        A bell that looks for its Redis is told, and is no reason to send nobody: events come late, not never.
        """
        found: dict[str, Any] = {"database": await self._database(), "bell": self.bell.state().state}
        found["stopping"] = self.pace.leaving.is_set()
        ready = found["database"] == "ready" and not found["stopping"]
        return JSONResponse({"ready": ready, **found}, 200 if ready else 503)

    async def figures(self, _request: Request) -> Response:
        """Prometheus' figures."""
        metrics.sample(self.bell.state(), self.answers.told, self.audience.state())
        text, media_type = metrics.exposition()
        return Response(text, media_type=media_type)

    async def contract(self, _request: Request) -> Response:
        """The schema, unless it is closed."""
        if not self.schema.documents.introspection:
            return PlainTextResponse("The schema of this deployment is not public.\n", 403)
        return PlainTextResponse(self.schema.as_str() + "\n")

    async def _database(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await rows(reading(), "SELECT 1 AS one")
                if not self._migrated:
                    self._migrated = not await pending_migrations()
        except Exception:  # noqa: BLE001 - whatever it is, the answer is the same
            return "unreachable"
        return "ready" if self._migrated else "not migrated"
