"""The usual way: Strawberry, Tortoise, DataLoaders and broadcaster, as a competent developer writes it from their docs.

It has no authentication, no rights, no history and no limits. It reads the plain schema (bench/plain.sql).
Run by uvicorn with the database's address in DB.
"""

import asyncio
import json
import os
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import strawberry
from broadcaster import Broadcast
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from tortoise import Tortoise, fields
from tortoise.expressions import F
from tortoise.functions import Coalesce, Count, Sum
from tortoise.models import Model

DB = os.environ["DB"]
broadcast = Broadcast("memory://")


class PersonRow(Model):
    """A person."""

    id = fields.IntField(primary_key=True)
    name = fields.TextField()

    class Meta:
        table, schema = "person", "plain"


class ObjectiveRow(Model):
    """An objective."""

    id = fields.IntField(primary_key=True)
    name = fields.TextField()

    class Meta:
        table, schema = "objective", "plain"


class PortfolioRow(Model):
    """A portfolio."""

    id = fields.IntField(primary_key=True)
    name = fields.TextField()
    objective: Any = fields.ForeignKeyField("models.ObjectiveRow", related_name="portfolios")

    class Meta:
        table, schema = "portfolio", "plain"


class ProgramRow(Model):
    """A program."""

    id = fields.IntField(primary_key=True)
    name = fields.TextField()
    portfolio: Any = fields.ForeignKeyField("models.PortfolioRow", related_name="programs")

    class Meta:
        table, schema = "program", "plain"


class InitiativeRow(Model):
    """An initiative."""

    id = fields.IntField(primary_key=True)
    name = fields.TextField()
    description = fields.TextField(null=True)
    stage = fields.TextField()
    standing = fields.TextField()
    business_unit = fields.TextField()
    estimated = fields.DecimalField(18, 2)
    currency = fields.TextField()
    revision = fields.IntField()
    value = fields.DecimalField(18, 2)
    program: Any = fields.ForeignKeyField("models.ProgramRow", related_name="initiatives")
    owner: Any = fields.ForeignKeyField("models.PersonRow", related_name="initiatives")
    program_id: int
    owner_id: int

    class Meta:
        table, schema = "initiative", "plain"


class MilestoneRow(Model):
    """A milestone."""

    id = fields.IntField(primary_key=True)
    name = fields.TextField()
    due = fields.DateField()
    initiative: Any = fields.ForeignKeyField("models.InitiativeRow", related_name="milestones")

    class Meta:
        table, schema = "milestone", "plain"


class MonthRow(Model):
    """A month of a value line."""

    id = fields.IntField(primary_key=True)
    plan = fields.DecimalField(18, 2, null=True)
    forecast = fields.DecimalField(18, 2, null=True)
    actual = fields.DecimalField(18, 2, null=True)
    initiative: Any = fields.ForeignKeyField("models.InitiativeRow", related_name="months")

    class Meta:
        table, schema = "month_value", "plain"


def below(model: type[Model], key: str) -> Callable[[list[int]], Awaitable[list[list[Any]]]]:
    """The rows below each of some parents, in one statement."""

    async def load(ids: list[int]) -> list[list[Any]]:
        found: dict[int, list[Any]] = {each: [] for each in ids}
        for row in await model.filter(**{f"{key}__in": ids}).order_by("id"):
            found[getattr(row, key)].append(row)
        return [found[each] for each in ids]

    return load


async def people(ids: list[int]) -> list[PersonRow | None]:
    """The persons with these ids."""
    found = {row.id: row for row in await PersonRow.filter(id__in=ids)}
    return [found.get(each) for each in ids]


@strawberry.type
class Person:
    """A person."""

    name: str


@strawberry.type
class Money:
    """An amount."""

    amount: Decimal
    currency: str


@strawberry.type
class Milestone:
    """A milestone."""

    id: int
    name: str
    due: date


@strawberry.type
class Initiative:
    """An initiative."""

    id: int
    name: str
    description: str | None
    stage: str
    standing: str
    business_unit: str
    revision: int
    row: strawberry.Private[InitiativeRow]

    @strawberry.field
    def estimated_value(self) -> Money:
        """What it may be worth."""
        return Money(amount=self.row.estimated, currency=self.row.currency)

    @strawberry.field
    async def owner(self, info: strawberry.Info) -> Person:
        """Who answers for it."""
        return Person(name=(await info.context["people"].load(self.row.owner_id)).name)

    @strawberry.field
    async def milestones(self, first: int = 3) -> list[Milestone]:
        """The next ones."""
        rows = await MilestoneRow.filter(initiative_id=self.id).order_by("due", "id").limit(first)
        return [Milestone(id=row.id, name=row.name, due=row.due) for row in rows]


def initiative_of(row: InitiativeRow) -> Initiative:
    """A row as spoken."""
    named = ("id", "name", "description", "stage", "standing", "business_unit", "revision")
    return Initiative(row=row, **{name: getattr(row, name) for name in named})


@strawberry.type
class Program:
    """A program."""

    id: int
    name: str

    @strawberry.field
    async def initiatives(self, info: strawberry.Info) -> list[Initiative]:
        """What lies below it."""
        return [initiative_of(row) for row in await info.context["initiatives"].load(self.id)]


@strawberry.type
class Portfolio:
    """A portfolio."""

    id: int
    name: str

    @strawberry.field
    async def programs(self, info: strawberry.Info) -> list[Program]:
        """What lies below it."""
        return [Program(id=row.id, name=row.name) for row in await info.context["programs"].load(self.id)]


@strawberry.type
class Objective:
    """An objective."""

    id: int
    name: str

    @strawberry.field
    async def portfolios(self, info: strawberry.Info) -> list[Portfolio]:
        """What lies below it."""
        return [Portfolio(id=row.id, name=row.name) for row in await info.context["portfolios"].load(self.id)]


@strawberry.type
class Step:
    """The active initiatives of one stage."""

    stage: str
    measures: int
    plan: Decimal
    outlook: Decimal


@strawberry.type
class PageInfo:
    """Where a page ends."""

    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Edge:
    """One of a page."""

    cursor: str
    node: Initiative


@strawberry.type
class Page:
    """A page of initiatives."""

    total_count: int
    edges: list[Edge]
    page_info: PageInfo


@strawberry.type
class Query:
    """Reads."""

    @strawberry.field
    async def initiative(self, id: int) -> Initiative | None:  # noqa: A002 - the contract\'s word
        """One of them."""
        row = await InitiativeRow.get_or_none(id=id)
        return initiative_of(row) if row else None

    @strawberry.field
    async def objective(self, id: int) -> Objective | None:  # noqa: A002 - the contract\'s word
        """One of them."""
        row = await ObjectiveRow.get_or_none(id=id)
        return Objective(id=row.id, name=row.name) if row else None

    @strawberry.field
    async def funnel(self, objective: int | None = None) -> list[Step]:
        """The sums by stage."""
        asked: dict[str, Any] = {"initiative__standing": "ACTIVE"}
        if objective is not None:
            asked["initiative__program__portfolio__objective_id"] = objective
        found = (
            await MonthRow.filter(**asked)
            .annotate(
                measures=Count("initiative_id", distinct=True),
                planned=Sum("plan"),
                outlook=Sum(Coalesce("actual", F("forecast"), F("plan"))),  # type: ignore[arg-type]  # it takes one
            )
            .group_by("initiative__stage")
            .values("initiative__stage", "measures", "planned", "outlook")
        )
        return [
            Step(stage=row["initiative__stage"], measures=row["measures"], plan=row["planned"], outlook=row["outlook"])
            for row in found
        ]

    @strawberry.field
    async def initiatives(self, stage: str, first: int = 50) -> Page:
        """The most valuable ones of a stage."""
        asked = InitiativeRow.filter(stage=stage)
        total = await asked.count()
        found = await asked.order_by("-value", "id").limit(first + 1)
        edges = [Edge(cursor=f"{row.value}:{row.id}", node=initiative_of(row)) for row in found[:first]]
        end = edges[-1].cursor if edges else None
        return Page(
            total_count=total, edges=edges, page_info=PageInfo(has_next_page=len(found) > first, end_cursor=end)
        )


@strawberry.type
class Change:
    """What an initiative changed to."""

    id: int
    name: str
    description: str | None
    stage: str
    standing: str
    business_unit: str
    revision: int
    owner_name: str
    amount: str
    currency: str


@strawberry.type
class Subscription:
    """Live reads."""

    @strawberry.subscription
    async def changed(self, id: int, tag: str | None = None) -> AsyncGenerator[Change, None]:  # noqa: A002, ARG002 - a variable
        """Every change of an initiative."""
        async with broadcast.subscribe(channel=f"initiative_{id}") as events:
            async for event in events:  # type: ignore[union-attr]  # its types are wrong
                told = json.loads(event.message)  # type: ignore[union-attr]  # as above
                yield Change(
                    id=told["id"],
                    name=told["name"],
                    description=told["description"],
                    stage=told["stage"],
                    standing=told["standing"],
                    business_unit=told["businessUnit"],
                    revision=told["revision"],
                    owner_name=told["ownerName"],
                    amount=told["amount"],
                    currency=told["currency"],
                )


class App(GraphQL[Any, Any]):
    """The endpoint, with loaders for each request."""

    async def get_context(self, request: Any, response: Any) -> dict[str, Any]:  # noqa: ARG002 - Strawberry's signature
        """New loaders."""
        return {
            "people": DataLoader(people),
            "portfolios": DataLoader(below(PortfolioRow, "objective_id")),
            "programs": DataLoader(below(ProgramRow, "portfolio_id")),
            "initiatives": DataLoader(below(InitiativeRow, "program_id")),
        }


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Connect, and pass on what the database announces."""
    there = urlsplit(DB)
    credentials = {"host": there.hostname, "port": there.port, "user": there.username, "password": None}
    credentials |= {"database": there.path[1:], "minsize": 1, "maxsize": 16}
    connections = {"default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}}
    apps = {"models": {"models": [__name__], "default_connection": "default"}}
    await Tortoise.init(config={"connections": connections, "apps": apps}, _enable_global_fallback=True)
    await broadcast.connect()
    connection = await asyncpg.connect(DB)
    told: asyncio.Queue[str] = asyncio.Queue()

    async def relay() -> None:
        while True:
            message = await told.get()
            await broadcast.publish(channel=f"initiative_{json.loads(message)['id']}", message=message)

    task = asyncio.create_task(relay())
    await connection.add_listener("initiative_changed", lambda _c, _p, _ch, message: told.put_nowait(message))
    yield
    task.cancel()
    await connection.close()
    await broadcast.disconnect()
    await Tortoise.close_connections()


graphql = App(strawberry.Schema(Query, subscription=Subscription))
routes = [Route("/graphql", graphql, methods=["GET", "POST"]), WebSocketRoute("/graphql", graphql)]
app = Starlette(routes=routes, lifespan=lifespan)
