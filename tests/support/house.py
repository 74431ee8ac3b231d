"""The whole application in this process, over HTTP. Every answer is searched for what must never leave the server."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from server.actions.cascade import edit_node
from server.actions.credentials import issue_token
from server.actions.seats import grant_seat, ratify_seat
from server.app import make_app
from server.domain.people import VOTING, Role
from server.live.work import perform
from server.models.people import Person
from server.settings import Settings
from tests.support.company import Company, mutation
from tests.support.measures import OWNERS

LEAK = re.compile(
    r"Traceback|\bFile \"|\.py\b|/server/|site-packages|object at 0x|<class|<function"
    r"|\b(SELECT|INSERT|UPDATE|DELETE|FROM)\b [a-z]|(?i:sqlite|asyncpg|tortoise|postgres|strawberry|pydantic)"
)
"""A stack trace, a path, SQL, the name of a part, the inside of a Python object."""


def leak(response: httpx.Response) -> str | None:
    """What is wrong with an answer whatever was asked: a 5xx, a bug behind a mask, a leak. None for a good one."""
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        return f"status {response.status_code}: {response.text[:300]}"
    if '"INTERNAL"' in response.text:
        return f"a bug: {response.text[:300]}"
    found = LEAK.search(response.text)
    return f"“{found[0]}” in: {response.text[:300]}" if found else None


class House:
    """One application, and clients that are closed with it."""

    def __init__(self, app: ASGIApp, stack: AsyncExitStack) -> None:
        self._transport = httpx.ASGITransport(app)
        self._stack = stack

    async def stranger(self, **headers: str) -> httpx.AsyncClient:
        """Somebody whom it does not know."""

        async def look(response: httpx.Response) -> None:
            await response.aread()
            assert leak(response) is None, f"{leak(response)}\n{response.request.content[:600]!r}"

        client = httpx.AsyncClient(
            transport=self._transport,
            base_url="http://stageline.test",
            headers=headers,
            event_hooks={"response": [look]},
        )
        return await self._stack.enter_async_context(client)

    async def omnipotent(self, company: Company) -> httpx.AsyncClient:
        """Lea, once she has been given every role there is, and the measures."""
        ada, eve = await company.viewer("ada"), await company.viewer("eve")
        for role in set(Role) - {Role.PORTFOLIO_LEAD, Role.PARTNER}:
            seat = await perform(ada, grant_seat, company.now, person=company.people["lea"], role=role)
            if role in VOTING:
                await perform(eve, ratify_seat, company.now, seat=seat)
        for name, owner in OWNERS.items():
            given = {"owner": company.people["lea"]}
            await perform(await company.viewer(owner), edit_node, company.now, node=company.nodes[name], fields=given)
        return await self.member(company, "lea")

    async def member(self, company: Company, who: str) -> httpx.AsyncClient:
        """One of a company's people, by bearer token."""
        person = await Person.get(id=company.people[who])
        assert person.email
        issued = await issue_token(person.email, label="test", lasts=timedelta(days=1), at=company.now)
        return await self.stranger(Authorization=f"Bearer {issued.secret}")


async def answer(client: httpx.AsyncClient, verb: str, asked: dict[str, Any]) -> dict[str, Any]:
    """A mutation's result."""
    response = await client.post("/graphql", json={"query": mutation(verb), "variables": {"input": asked}})
    body = response.json()
    assert "errors" not in body, (verb, asked, body["errors"])
    found: dict[str, Any] = body["data"][verb]
    return found


@asynccontextmanager
async def opened_house(company: Company, folder: Path) -> AsyncIterator[House]:
    """An application on the database that is open already, at the company's time."""
    app = make_app(Settings(data_dir=folder), clock=company.clock)
    async with AsyncExitStack() as stack:
        yield House(app, stack)
