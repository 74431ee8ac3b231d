"""Kept answers in two processes on one PostgreSQL that do not know of each other: nothing old is ever given."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.actions.credentials import issue_token
from server.models.people import Credential
from tests.support.company import opened
from tests.support.deployed import Caller, Deployment, deployed
from tests.support.postgres import Postgres

pytestmark = [pytest.mark.postgres]
NAMES = "{ organization { name revision } }"
NODES = "{ organization { nodes { totalCount } } }"
SEATS = "{ viewer { seats { id } } }"
GRANTED = "... on Seat { id }"


@pytest.fixture
async def deployment(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Deployment]:
    """Alder Pumps, with an admin and a viewer who have tokens."""
    async with postgres.database() as url:
        made = await deployed(url, tmp_path)
        async with opened(url):
            for name in ("ada", "vera"):
                email, now = f"{name}@alder-pumps.example", datetime.now(UTC)
                made.tokens[name] = (await issue_token(email, label="test", lasts=timedelta(days=1), at=now)).secret
        yield made


async def test_what_changes_at_one_is_changed_at_the_other(deployment: Deployment) -> None:
    """A fact, a seat and a credential: the next request at the other process knows, by the one statement it makes."""
    with deployment.served() as one, deployment.served() as other:
        async with AsyncExitStack() as stack:

            async def caller(product: object, who: str) -> Caller:
                return await stack.enter_async_context(deployment.caller(product, who))  # type: ignore[arg-type]

            lea, ada, vera = await caller(one, "lea"), await caller(one, "ada"), await caller(other, "vera")
            for _ in range(20):
                before = await vera.ask(NAMES)
                assert await vera.ask(NAMES) == before
                made = await lea.create("Objective")
                assert (await vera.ask(NAMES))["organization"]["revision"] >= made["revision"]
            counted = await vera.ask(NODES)
            assert counted == await vera.ask(NODES)
            for seat in (await vera.ask(SEATS))["viewer"]["seats"]:
                assert (await ada.do("endSeat", GRANTED, seat=seat["id"]))["__typename"] == "Seat"
            assert (await vera.ask(NODES))["organization"]["nodes"]["totalCount"] == 0
            async with opened(deployment.database):
                await Credential.filter(person_id=deployment.alder.people["vera"]).update(ended_at=datetime.now(UTC))
            refused = (await vera.client.post("/graphql", json={"query": NODES})).json()
            assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
