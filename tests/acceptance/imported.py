"""What the acceptance of imports shares: an organization of its own with a clock, uploads, and what GraphQL says."""

import csv
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.actions.credentials import issue_token
from server.actions.founding import Founder, found
from server.app import make_app
from server.domain.people import Role
from server.models.database import close_database, migrate, open_database
from server.settings import Settings
from tests.support.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"
DATABASES = ("sqlite", "postgres")
MAPPINGS = ROOT / "tests" / "exchange"
IMPORT = """mutation ($kind: ImportKind!, $files: [Upload!]!, $mapping: String!, $dryRun: Boolean!) {
  importFile(input: {kind: $kind, files: $files, mapping: $mapping, dryRun: $dryRun}) {
    __typename
    ... on Refusal { code message details }
    ... on ImportReport { read created changed unchanged nodesCreated linesCreated peopleCreated sellersAdded orphans
      dryRun sentence notes notTaken { file line column value reason } unknown { line column value reason }
      leftOut { line value reason } } } }"""
ROLL_UP = """rollUp(from: $from, to: $to) { spend { value { amount } }
  byKind { kind plan { value { amount } } actual { value { amount } } } }"""


@dataclass
class Importer:
    """Somebody who may import, at the other end of HTTP; `now` is the time it is there."""

    client: httpx.AsyncClient
    now: datetime
    token: str = ""

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        body = {"query": query, "variables": variables}
        return _data(await self.client.post("/graphql", json=body, headers=self._headers, timeout=120))

    async def upload(
        self, kind: str, files: Mapping[str, bytes], mapping: str, *, dry_run: bool = False
    ) -> dict[str, Any]:
        """What `importFile` answers."""
        variables = {"kind": kind, "files": [None] * len(files), "mapping": mapping, "dryRun": dry_run}
        places = {str(n): [f"variables.files.{n}"] for n in range(len(files))}
        form = {"operations": json.dumps({"query": IMPORT, "variables": variables}), "map": json.dumps(places)}
        sent = {str(n): (name, data, "text/csv") for n, (name, data) in enumerate(files.items())}
        headers = self._headers | {"X-Stageline": "test"}
        response = await self.client.post("/graphql", data=form, files=sent, headers=headers, timeout=120)
        answer: dict[str, Any] = _data(response)["importFile"]
        return answer

    async def facts(self) -> int:
        """How many facts people have made: unchanged means that nothing moved. What is noticed by itself is no act."""
        kinds = ["FILE_IMPORTED", "NODE_CREATED", "VALUE_CHANGED", "QUOTA_CHANGED", "PERSON_CHANGED"]
        asked = "query ($kinds: [FactKind!]) { ledger(kinds: $kinds) { totalCount } }"
        return int((await self.ask(asked, kinds=kinds))["ledger"]["totalCount"])

    async def every(self, query: str, name: str, **variables: Any) -> list[dict[str, Any]]:
        """All pages of a connection of the organization."""
        found, after = list[dict[str, Any]](), None
        while True:
            page = (await self.ask(query, after=after, **variables))["organization"][name]
            found += [edge["node"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return found

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def _data(response: httpx.Response) -> Any:
    assert response.status_code == 200, response.text
    answer = response.json()
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


@asynccontextmanager
async def address(database: str, request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[str]:
    """The address of an empty database of a kind."""
    if database == "sqlite":
        yield f"sqlite://{folder}/stageline.sqlite3"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    async with postgres.database() as url:
        yield url


@asynccontextmanager
async def importer(
    folder: Path, currency: str, now: datetime, *, url: str | None = None, fiscal_year_start: int = 1
) -> AsyncIterator[Importer]:
    """The whole application over a fresh database, as somebody who leads the portfolio and the sales sees it."""
    url = url or f"sqlite://{folder}/stageline.sqlite3"
    await open_database(url)
    await migrate()
    roles = (Role.PORTFOLIO_LEAD, Role.SALES_MANAGER, Role.CONTROLLER)
    lea = Founder("Lea", "lea@company.example", None, roles)
    await found(
        name="Company", currency=currency, time_zone="UTC", fiscal_year_start=fiscal_year_start, founders=[lea], at=now
    )
    await close_database()
    person = Importer(httpx.AsyncClient(), now)
    app = make_app(Settings(data_dir=folder, database_url=url), clock=lambda: person.now)
    async with app.router.lifespan_context(app):
        person.token = (await issue_token(lea.email, label="test", lasts=timedelta(days=10_000), at=now)).secret
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://stageline.test") as client:
            person.client = client
            yield person


def at(year: int, month: int = 1, day: int = 1) -> datetime:
    """Nine o'clock on a day."""
    return datetime(year, month, day, 9, tzinfo=UTC)


def answers(folder: str, name: str) -> list[dict[str, str]]:
    """The rows of one answer computed elsewhere."""
    with (SHARED / folder / "expected" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def exact(figure: Mapping[str, Any]) -> Decimal:
    """The amount of a figure."""
    return Decimal((figure.get("value") or figure)["amount"])


def by_kind(roll_up: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a roll-up, kind by kind."""
    return {part["kind"]: part for part in roll_up["byKind"]}
