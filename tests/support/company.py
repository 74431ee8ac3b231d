"""The cast of the API's tests: two organizations that must never meet, and a way to speak for each of their people."""

import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from server.actions.cascade import create_node
from server.actions.founding import Founder, found
from server.actions.noticing import notice_in
from server.actions.policies import propose_policy, ratify_policy
from server.api.assembly import make_schema
from server.api.callers import Goodbye, Reply
from server.api.operations import Answer, Operations
from server.api.requests import Params
from server.domain.cascade import Level
from server.domain.people import Role, Viewer
from server.live.bell import Bell
from server.live.work import perform, ring_with
from server.models.database import close_database, migrate, open_database, reading, rows
from server.models.policies import PolicyVersion
from server.models.viewers import viewer_of
from server.schema import ids
from server.schema.context import Context

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
# name → roles at the whole organization
CAST = {
    "ada": (Role.ADMIN,),
    "eve": (Role.EXECUTIVE,),
    "emil": (Role.EXECUTIVE,),
    "sam": (Role.SPONSOR,),
    "lea": (Role.PORTFOLIO_LEAD,),
    "pia": (Role.PROGRAM_LEAD,),
    "olaf": (Role.OWNER,),
    "sal": (Role.SALES_MANAGER,),
    "carl": (Role.CONTROLLER,),
    "vera": (Role.VIEWER,),
}


OPERATIONS = Operations(make_schema())


@dataclass(frozen=True, slots=True)
class Member:
    """One of the cast at the other end; None is a stranger."""

    viewer: Viewer | None
    company: "Company"
    signed_in: bool = True
    by_cookie: bool = False
    asking: None = None

    def context(self, reply: Reply) -> Context:
        """A fresh context, at the company's time."""
        return Context(self.viewer, clock=self.company.clock, bell=self.company.bell, reply=reply)

    async def goodbye(self) -> Goodbye | None:
        """The cast stays."""
        return None


@dataclass
class Company:
    """One organization with its cast, and nodes by name as tests create them."""

    name: str
    id: UUID
    bell: Bell
    people: dict[str, UUID]
    now: datetime = NOW
    nodes: dict[str, UUID] = field(default_factory=dict)

    def clock(self) -> datetime:
        """The company's time; tests move `now`."""
        return self.now

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def person(self, name: str) -> str:
        """The global id of one of the cast."""
        return ids.issue("person", self.people[name])

    def node(self, name: str) -> str:
        """The global id of a node that a test created."""
        return ids.issue("node", self.nodes[name])

    @staticmethod
    def uuid(global_id: str) -> UUID:
        """The UUID inside a global id that the API gave."""
        known = ids.read(global_id)
        assert known is not None
        return known[1]

    async def viewer(self, name: str) -> Viewer:
        """One of the cast as they are today."""
        viewer = await viewer_of(reading(), self.people[name], self.now)
        assert viewer is not None
        return viewer

    async def member(self, name: str | None) -> Member:
        """One of the cast as a caller; None for a stranger."""
        return Member(await self.viewer(name) if name else None, self, signed_in=name is not None)

    async def result(self, who: str | None, document: str, /, **variables: Any) -> dict[str, Any]:
        """The whole response, errors included, as the edge would send it."""
        operation = OPERATIONS.admit(Params(document, None, variables))
        answer = await OPERATIONS.run(operation, variables, await self.member(who), Reply())
        return answer.body

    def follow(self, member: Member, document: str, **variables: Any) -> AsyncGenerator[Answer, None]:
        """A subscription's answers."""
        operation = OPERATIONS.admit(Params(document, None, variables))
        return OPERATIONS.follow(operation, variables, member)

    async def ask(self, who: str | None, document: str, /, **variables: Any) -> dict[str, Any]:
        """The data of an answer that must have no errors."""
        answer = await self.result(who, document, **variables)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    async def do(self, who: str, verb: str, shown: str = "", /, **asked: Any) -> dict[str, Any]:
        """Run a mutation `verb` with an input.

        Its result with `__typename`, the refusal's fields, and what `shown` selects.
        """
        data: dict[str, Any] = (await self.ask(who, mutation(verb, shown), input=asked))[verb]
        return data

    async def revision(self) -> int:
        """The number of the last fact: unchanged means that nothing moved."""
        return int(
            (await rows(reading(), "SELECT revision FROM organization WHERE id = :id", id=self.id))[0]["revision"]
        )

    async def notice(self, *, everything: bool = False) -> int:
        """Let the system look for findings, as its keeper does; how many changed."""
        return await notice_in(self.id, self.now, everything=everything)

    async def create(self, level: Level, name: str, under: str | None = None, by: str = "lea", **fields: Any) -> UUID:
        """Create a node and remember it by name."""
        parent = self.nodes[under] if under else None
        named = {"name": name, **fields}
        viewer = await self.viewer(by)
        self.nodes[name] = await perform(viewer, create_node, self.now, level=level, parent=parent, fields=named)
        return self.nodes[name]

    async def cascade(self) -> None:
        """One node on each level: Growth, Service (a portfolio), Contracts, Full service (an initiative), DACH."""
        await self.create(Level.OBJECTIVE, "Growth")
        await self.create(Level.PORTFOLIO, "Service", "Growth")
        await self.create(Level.PROGRAM, "Contracts", "Service")
        deciders: dict[str, Any] = {"sponsor": self.people["sam"], "controller": self.people["carl"]}
        unit = {"businessUnit": "Service EMEA"} | deciders
        await self.create(Level.INITIATIVE, "Full service", "Contracts", owner=self.people["olaf"], **unit)
        await self.create(Level.SALES_PLAN, "DACH", "Full service", by="sal", owner=self.people["sal"], **unit)


def mutation(verb: str, shown: str = "") -> str:
    """The document of a mutation with one input: `__typename`, the refusal's fields, and what `shown` selects."""
    kind = verb[0].upper() + verb[1:]
    return f"""mutation ($input: {kind}Input!) {{ {verb}(input: $input) {{
        __typename ... on Refusal {{ code message path details }} {shown} }} }}"""


async def company(name: str, bell: Bell, at: datetime = NOW, *, locked: bool = True) -> Company:
    """Found an organization with the whole cast, and lock the standard policy unless it is to stay without one."""
    founders = [
        Founder(person.capitalize(), f"{person}@{name.lower().replace(' ', '-')}.example", None, roles)
        for person, roles in CAST.items()
    ]
    organization, people = await found(
        name=name, currency="EUR", time_zone="Europe/Berlin", fiscal_year_start=1, founders=founders, at=at
    )
    made = Company(name, organization, bell, dict(zip(CAST, people, strict=True)), at)
    if not locked:
        return made
    draft = await PolicyVersion.get(organization_id=organization)
    await perform(await made.viewer("lea"), propose_policy, at, policy=draft.id)
    await perform(await made.viewer("eve"), ratify_policy, at, policy=draft.id)
    return made


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Bell]:
    """A migrated database and a bell in memory, closed again at the end."""
    bell = Bell.open()
    await open_database(url)
    try:
        await migrate()
        await bell.start()
        ring_with(bell)
        yield bell
    finally:
        ring_with(None)
        await bell.stop()
        await close_database()


def copied(template: Path, folder: Path) -> str:
    """The address of a fresh SQLite database that begins as the template."""
    target = folder / "stageline.sqlite3"
    shutil.copyfile(template, target)
    return f"sqlite://{target}"
