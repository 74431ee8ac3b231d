"""Making persons known and seating them."""

from datetime import date
from typing import Annotated, Any

import strawberry

from server.actions import seats as actions
from server.actions.passwords import check_new, hashed
from server.domain.people import Role
from server.domain.refusals import Faults
from server.resolvers.inputs import Changing, Retryable, result
from server.schema import ids
from server.schema.context import Info
from server.schema.organization import seat_of
from server.schema.people import Person, Seat, shown_person
from server.schema.refusals import Refusal, change, mutation


@strawberry.input(description="A role for a person at a node and everywhere below it.")
class GrantSeatInput(Retryable):
    """See the description."""

    person: strawberry.ID = strawberry.field(description="Who takes the seat: never who grants it.")
    role: Role = strawberry.field(description="The role it gives.")
    at: strawberry.ID | None = strawberry.field(default=None, description="The node; none: the whole organization.")
    starts: date | None = strawberry.field(name="from", default=None, description="Its first day; default: today.")
    ends: date | None = strawberry.field(name="to", default=None, description="Its last day; default: none.")
    reads_money: bool = strawberry.field(default=False, description="Of a viewer's seat: whether it opens amounts.")
    reads_ledger: bool = strawberry.field(default=False, description="Of a viewer's seat: whether it opens the ledger.")


@strawberry.input(description="A seat with a vote that shall take effect.")
class RatifySeatInput(Changing):
    """See the description."""

    seat: strawberry.ID = strawberry.field(description="The seat.")


@strawberry.input(description="A seat to end.")
class EndSeatInput(Changing):
    """See the description."""

    seat: strawberry.ID = strawberry.field(description="The seat.")
    on: date | None = strawberry.field(
        default=None, description="Its last day; default: yesterday, so that it ends at once."
    )


@strawberry.input(description="A person to make known.")
class AddPersonInput(Retryable):
    """See the description."""

    name: str = strawberry.field(description="Their full name.")
    email: str | None = strawberry.field(default=None, description="Their email address, with which they sign in.")
    password: str | None = strawberry.field(
        default=None, description="Their first password; without one they cannot sign in."
    )


AddPersonResult = Annotated[Person | Refusal, result("AddPersonResult")]
GrantSeatResult = Annotated[Seat | Refusal, result("GrantSeatResult")]
RatifySeatResult = Annotated[Seat | Refusal, result("RatifySeatResult")]
EndSeatResult = Annotated[Seat | Refusal, result("EndSeatResult")]


async def _on_seat(info: Info, verb: Any, asked: Any, **named: Any) -> Seat:
    seat = ids.expect("seat", asked.seat, "seat")
    named |= {"seat": seat, "expected_revision": asked.expected_revision}
    return await change(info, verb, seat_of, asked.idempotency_key, **named)


@strawberry.type
class SeatMutation:
    """Making persons known and seating them."""

    @mutation("Make a person known.")
    async def add_person(self, info: Info, input: AddPersonInput) -> AddPersonResult:  # noqa: A002 — Relay's word
        """See the description."""
        faults = Faults()
        if input.password is not None:
            check_new(input.password, "password", faults)
        faults.refuse_if_any()
        stored = await hashed(input.password) if input.password else None
        named: Any = {"name": input.name, "email": input.email, "password_hash": stored}
        return await change(info, actions.add_person, shown_person, input.idempotency_key, **named)

    @mutation("Seat a person at a node. Nobody grants a seat to themselves.")
    async def grant_seat(self, info: Info, input: GrantSeatInput) -> GrantSeatResult:  # noqa: A002 — Relay's word
        """See the description."""
        person = ids.expect("person", input.person, "person")
        at = ids.expect_given("node", input.at, "at")
        named: Any = {"person": person, "role": input.role, "node": at, "starts": input.starts, "ends": input.ends}
        named |= {"reads_money": input.reads_money, "reads_ledger": input.reads_ledger}
        return await change(info, actions.grant_seat, seat_of, input.idempotency_key, **named)

    @mutation("Let a seat with a vote take effect; an executive does, who neither granted nor takes it.")
    async def ratify_seat(self, info: Info, input: RatifySeatInput) -> RatifySeatResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _on_seat(info, actions.ratify_seat, input)

    @mutation("End a seat.")
    async def end_seat(self, info: Info, input: EndSeatInput) -> EndSeatResult:  # noqa: A002 — Relay's word
        """See the description."""
        return await _on_seat(info, actions.end_seat, input, on=input.on)
