"""Delegations, as spoken: votes lent, and who stands in for whom."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry

from server.domain.cases import Party
from server.domain.delegation import Loan, why_not_revoked
from server.models.database import rows
from server.schema import ids
from server.schema.acts import Permission
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.node import Node, resolves
from server.schema.people import Person, Seat, person_of, seat_rows
from server.schema.scalars import Revision


@strawberry.type(description="Who may vote in the place of another now.")
class Delegate:
    """See the description."""

    until: date = strawberry.field(description="The last day on which they may.")
    loan: strawberry.Private[Loan]

    @edge("Who stands in.")
    async def person(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.loan.delegate.id)

    @edge("In whose place: the one vote of this person is used up when either votes.", name="for")
    async def for_(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.loan.lender.id)

    @classmethod
    def of(cls, loan: Loan) -> "Delegate":
        """The delegate of a loan in force."""
        return cls(until=loan.until, loan=loan)


@strawberry.type(description="One seat's vote, lent to another person from a day to a day: the vote, no sight.")
class Delegation(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    starts: date = strawberry.field(name="from", description="The first day on which the other may vote.")
    ends: date = strawberry.field(name="until", description="The last day on which the other may vote.")
    reason: str = strawberry.field(description="Why it was lent.")
    revoked_at: datetime | None = strawberry.field(description="When it was taken back; null: it was not.")
    row: strawberry.Private[dict[str, Any]]

    @edge("The seat whose vote is lent.")
    async def seat(self, info: Info) -> Seat:
        """See the description."""
        found = await info.context.one(seat_rows, self.row["seat_id"])
        if found is None:
            raise LookupError(f"no seat {self.row['seat_id']} of a delegation")
        return Seat.of(found)

    @edge("Who lent it: the holder of the seat.")
    async def lender(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.row["lent_by_id"])

    @edge("Who may vote in the lender's place.")
    async def delegate(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.row["to_person_id"])

    @edge("Whether it is in force today, as far as its own days go: its seat must be in effect as well.")
    async def in_force(self, info: Info) -> bool:
        """See the description."""
        return self.revoked_at is None and self.starts <= await info.context.today() <= self.ends

    @edge("What the viewer may do with it, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        people = [await person_of(info.context, self.row[one]) for one in ("lent_by_id", "to_person_id")]
        lender, borrower = (
            Party(self.row["lent_by_id"], people[0].name),
            Party(self.row["to_person_id"], people[1].name),
        )
        over = self.revoked_at is not None or self.ends < await info.context.today()
        refused = why_not_revoked(info.context.viewer.person_id, lender, borrower, over=over)
        return [Permission(act="revokeDelegation", allowed=refused is None, why=refused[1] if refused else None)]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Delegation":
        """A delegation from its row."""
        same = ("revision", "starts", "ends", "reason", "revoked_at")
        return cls(id=ids.issue("delegation", row["id"]), row=row, **{name: row[name] for name in same})


@strawberry.type(description="The votes that a person lent and borrowed, those that are over and revoked included.")
class Delegations:
    """See the description."""

    lent: list[Delegation] = strawberry.field(description="Lent to others, the newest first.")
    borrowed: list[Delegation] = strawberry.field(description="Borrowed from others, the newest first.")


async def delegations_of(context: Context, person_id: UUID) -> Delegations:
    """What a person lent and borrowed."""
    sql = """SELECT * FROM delegation WHERE organization_id = :organization
             AND (lent_by_id = :person OR to_person_id = :person) ORDER BY id DESC"""
    found = await rows(context.db, sql, organization=context.viewer.organization_id, person=person_id)
    return Delegations(
        lent=[Delegation.of(row) for row in found if row["lent_by_id"] == person_id],
        borrowed=[Delegation.of(row) for row in found if row["to_person_id"] == person_id],
    )


async def delegation_rows(context: Context, delegation_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Delegations of the viewer's organization by id."""
    sql = "SELECT * FROM delegation WHERE organization_id = :organization AND id IN :ids"
    found = await rows(context.db, sql, organization=context.viewer.organization_id, ids=delegation_ids)
    return {row["id"]: row for row in found}


async def delegation_shown(info: Info, delegation_id: UUID) -> Delegation:
    """A delegation that was just changed."""
    row = await info.context.one(delegation_rows, delegation_id)
    if row is None:
        raise LookupError(f"no delegation {delegation_id} in this organization")
    return Delegation.of(row)


@resolves("delegation")
async def _delegation(context: Context, delegation_id: UUID, _extra: bytes) -> Node | None:
    row = await context.one(delegation_rows, delegation_id)
    return Delegation.of(row) if row else None
