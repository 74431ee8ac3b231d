"""A deployment: Alder Pumps in a database that products of their own process then serve, reached by real clients."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from server.actions.credentials import issue_token
from server.live.feed import page_after
from server.live.proof import first_fault
from tests.support.company import Company, company, mutation, opened
from tests.support.served import Served, served

SPEAKERS = ("lea", "pia", "eve", "olaf")


class Caller:
    """One person at one product, over HTTP."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def ask(self, document: str, **variables: Any) -> dict[str, Any]:
        """The data of an answer that must have no errors."""
        response = await self.client.post("/graphql", json={"query": document, "variables": variables})
        body = response.json()
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    async def do(self, verb: str, shown: str = "", /, **asked: Any) -> dict[str, Any]:
        """Run a mutation: its result with `__typename`, a refusal's fields, and what `shown` selects."""
        result: dict[str, Any] = (await self.ask(mutation(verb, shown), input=asked))[verb]
        return result

    async def create(self, name: str, **more: Any) -> dict[str, Any]:
        """Write: a new objective. Its id and revision."""
        made = await self.do("createObjective", "... on Objective { id name revision }", name=name, **more)
        assert made["__typename"] == "Objective", made
        return made


@dataclass
class Deployment:
    """What every product of it shares.

    Attributes:
        database: Its address.
        alder: Ids by name. Its own database connection is closed: it cannot be asked.
        tokens: Bearer tokens by name of the cast.
    """

    database: str
    alder: Company
    folder: Path
    tokens: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def served(
        self, redis_url: str = "", *, workers: int = 1, notice_seconds: float = 0, remind_seconds: float = 300
    ) -> Iterator[Served]:
        """A product that serves it."""
        with served(
            self.folder,
            database_url=self.database,
            redis_url=redis_url,
            workers=str(workers),
            notice_seconds=str(notice_seconds),
            remind_seconds=str(remind_seconds),
        ) as product:
            yield product

    @asynccontextmanager
    async def caller(self, product: Served, who: str) -> AsyncIterator[Caller]:
        """One of the cast at a product, with as many connections as they like."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(
            base_url=product.url, headers=headers, timeout=20, limits=limits, trust_env=False
        ) as client:
            yield Caller(client)

    async def sentences(self, after: int) -> list[str]:
        """What the ledger tells after a revision, read from the database while nothing serves it."""
        async with opened(self.database):
            return [str(fact["sentence"]) for fact in await page_after(self.alder.id, after)]

    async def fault(self) -> int | None:
        """Where the ledger is not whole, read from the database while nothing serves it; None where it is."""
        async with opened(self.database):
            return await first_fault(self.alder.id)


async def deployed(database: str, folder: Path, *, days_ago: int = 0) -> Deployment:
    """Prepare a deployment in an empty database, as of now, or of some days ago."""
    now = datetime.now(UTC)
    async with opened(database) as bell:
        alder = await company("Alder Pumps", bell, now - timedelta(days=days_ago))
        await alder.cascade()
        made = Deployment(database, alder, folder)
        for name in SPEAKERS:
            email = f"{name}@alder-pumps.example"
            made.tokens[name] = (await issue_token(email, label="test", lasts=timedelta(days=1), at=now)).secret
    return made
