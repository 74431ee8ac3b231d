"""Persons and seats, as spoken."""

from asyncio import gather
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.people import LEDGER_READERS, MONEY_READERS, VOTING, Role
from server.models.database import rows
from server.schema import ids
from server.schema.acts import Permission, seat_permissions
from server.schema.context import Context, Info
from server.schema.fields import Together, edge, spoken
from server.schema.node import Node, resolves
from server.schema.scalars import Revision

spoken(
    Role,
    "A role that a seat gives. What it may do, and where, is in the table of rights.",
    ADMIN="Keeps seats, settings and integrations; decides nothing.",
    EXECUTIVE="Sits in the steering committee.",
    SPONSOR="Decides for the business.",
    PORTFOLIO_LEAD="Leads the portfolio office: cadence, and what crosses programs.",
    PROGRAM_LEAD="Steers a program.",
    OWNER="Answers for what names them as its owner.",
    SALES_MANAGER="Answers for quota, pipeline and results.",
    CONTROLLER="Confirms size, timing and value for finance.",
    VIEWER="Looks.",
    PARTNER="A machine, with scopes instead of votes.",
)
if TYPE_CHECKING:
    from server.schema.cascade import CascadeNode
# The back edge to what imports us.
_CascadeNode = Annotated["CascadeNode", strawberry.lazy("server.schema.cascade")]


@strawberry.type(description="A person of the organization.")
class Person(Node):
    """See the description."""

    name: str = strawberry.field(description="Their full name.")
    email: str | None = strawberry.field(description="Their email address; without one they cannot sign in.")

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Person":
        """A person from their row."""
        return cls(id=ids.issue("person", row["id"]), name=row["name"], email=row["email"])


@strawberry.type(description="A role that a person holds at a node and everywhere below it, from a date to a date.")
class Seat(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at the seat's last change.")
    role: Role = strawberry.field(description="The role it gives.")
    starts: date = strawberry.field(name="from", description="The first day on which it holds.")
    ends: date | None = strawberry.field(
        name="to", description="The last day on which it holds; null: until further notice."
    )
    ratified: bool = strawberry.field(
        description="Whether it needs no ratification (any more): a seat with a vote needs an executive's."
    )
    everywhere: bool = strawberry.field(description="Whether it holds in the whole organization.")
    reads_money: bool = strawberry.field(
        description="Whether amounts of its branch may be read by it; a partner's token needs the scope `money:read`."
    )
    reads_ledger: bool = strawberry.field(description="Whether the ledger of its branch may be read by it.")
    row: strawberry.Private[dict[str, Any]]

    @edge("Whose seat it is.")
    async def person(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.row["person_id"])

    @edge(
        "The node where it is held; null: the whole organization (`everywhere`), or a node out of the viewer's sight."
    )
    async def at(self, info: Info) -> _CascadeNode | None:
        """See the description."""
        from server.schema.cascade import node_of  # noqa: PLC0415 — the back edge

        return await node_of(info.context, self.row["node_id"]) if self.row["node_id"] else None

    @edge("What the viewer may do with it, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        from server.schema.cascade import node_rows  # noqa: PLC0415 — the back edge

        node_id = self.row["node_id"]
        node = await info.context.one(node_rows, node_id) if node_id else None
        seated = await self.person(info)
        return await seat_permissions(info, self.row, node, seated.name)

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Seat":
        """A seat from its row."""
        return cls(
            id=ids.issue("seat", row["id"]),
            revision=row["revision"],
            role=Role(row["role"]),
            starts=row["starts"],
            ends=row["ends"],
            ratified=row["ratified_by_id"] is not None or Role(row["role"]) not in VOTING,
            everywhere=row["node_id"] is None,
            reads_money=Role(row["role"]) in MONEY_READERS or row["reads_money"],
            reads_ledger=Role(row["role"]) in LEDGER_READERS or row["reads_ledger"],
            row=row,
        )


async def person_rows(context: Context, person_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Persons of the viewer's organization by id."""
    sql = "SELECT id, name, email FROM person WHERE organization_id = :organization AND id IN :ids"
    found = await rows(context.db, sql, organization=context.viewer.organization_id, ids=person_ids)
    return {row["id"]: row for row in found}


async def seat_rows(context: Context, seat_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Seats of the viewer's organization by id."""
    sql = f"SELECT {SEAT_COLUMNS} FROM seat WHERE organization_id = :organization AND id IN :ids"
    found = await rows(context.db, sql, organization=context.viewer.organization_id, ids=seat_ids)
    return {row["id"]: row for row in found}


SEAT_COLUMNS = """id, revision, person_id, role, node_id, starts, ends, ratified_by_id, granted_by_id,
    reads_money, reads_ledger"""


async def person_of(context: Context, person_id: UUID) -> Person:
    """A person whose id stands in a row of the same organization."""
    row = await context.one(person_rows, person_id)
    if row is None:
        raise LookupError(f"no person {person_id} in this organization")
    return Person.of(row)


async def persons_of(context: Context, person_ids: Iterable[UUID | None]) -> list[Person | None]:
    """The persons whose ids stand in columns of rows of the same organization; who stands there often is made once."""
    wanted = list(person_ids)
    asked = [each for each in dict.fromkeys(wanted) if each is not None]
    await gather(*map(context.loader(person_rows).load, asked))
    found = {each: await person_of(context, each) for each in asked}
    return [found[each] if each else None for each in wanted]


def people_in(column: str) -> Together:
    """How the persons in a column of many rows are found together."""

    async def together(info: Info, sources: Sequence[Any]) -> list[Person | None]:
        return await persons_of(info.context, [row[column] for row in sources])

    return together


async def shown_person(info: Info, person_id: UUID) -> Person:
    """A person who was just changed."""
    return await person_of(info.context, person_id)


@resolves("person")
async def _person(context: Context, person_id: UUID, _extra: bytes) -> Node | None:
    row = await context.one(person_rows, person_id)
    return Person.of(row) if row else None


@resolves("seat")
async def _seat(context: Context, seat_id: UUID, _extra: bytes) -> Node | None:
    row = await context.one(seat_rows, seat_id)
    return Seat.of(row) if row else None
