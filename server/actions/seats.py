"""Persons and their seats: the administrator keeps them, and an executive ratifies what carries a vote (law §3)."""

from datetime import date
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.people import LEDGER_READERS, VOTING, Role, is_email
from server.domain.refusals import Faults, RefusalCode, Refused, invalid, not_found
from server.domain.seating import why_not_ratified
from server.domain.texts import cleaned
from server.domain.wording import listed
from server.live.work import Work
from server.models.cascade import Node
from server.models.people import Person, Seat


async def add_person(work: Work, *, name: str, email: str | None = None, password_hash: str | None = None) -> UUID:
    """Make a person known. Without an email and a password they cannot sign in; seats are granted apart."""
    await require(work, "addPerson", None)
    faults = Faults()
    tidy = cleaned(name, "name", faults, required=True)
    address = await address_of(work.db, email, faults)
    faults.refuse_if_any()
    person = Person(organization_id=work.organization.id, name=tidy, email=address, password_hash=password_hash)
    await work.add(person)
    await work.record(FactKind.PERSON_CHANGED, f"made {tidy} known.", on=person)
    return person.id


async def address_of(db: BaseDBAsyncClient, email: str | None, faults: Faults) -> str | None:
    """An email address as people sign in with it, None for none; a fault where it is no address, or somebody's."""
    address = (email or "").strip().lower() or None
    if address is None:
        return None
    if not is_email(address):
        faults.add(f"“{address[:80]}” is not an email address.", "email")
    elif await Person.filter(email=address).using_db(db).exists():
        faults.add(f"{address} is taken; every person signs in with an address of their own.", "email")
    return address


async def grant_seat(
    work: Work,
    *,
    person: UUID,
    role: Role,
    node: UUID | None = None,
    starts: date | None = None,
    ends: date | None = None,
    reads_money: bool = False,
    reads_ledger: bool = False,
) -> UUID:
    """Seat a person at a node (None: the whole organization). Nobody grants a seat to themselves.

    `reads_money` and `reads_ledger` open amounts and the ledger to a viewer; other roles have or lack them by law.
    """
    place = await work.node(node, "at") if node else None
    await require(work, "grantSeat", place)
    seated = await _person(work, person)
    if person == work.viewer.person_id:
        raise Refused(
            RefusalCode.SAME_PERSON, "Nobody grants a seat to themselves. Ask another administrator.", ["person"]
        )
    _check_extras(role, reads_money, reads_ledger)
    first = starts or work.today
    if ends and ends < first:
        raise invalid(f"The seat would end ({ends}) before it begins ({first}).", "to")
    seat = Seat(
        organization_id=work.organization.id,
        person_id=person,
        role=role.value,
        node_id=node,
        starts=first,
        ends=ends,
        granted_by_id=work.viewer.person_id,
        reads_money=reads_money,
        reads_ledger=reads_ledger,
    )
    await work.add(seat)
    await work.record(FactKind.SEAT_CHANGED, _granted(work, seat, seated, place), on=seat, node_id=node)
    return seat.id


def _granted(work: Work, seat: Seat, seated: Person, place: Node | None) -> str:
    role = Role(seat.role)
    waits = "; it waits for an executive to ratify it" if role in VOTING else ""
    extras = [word for word, given in (("amounts", seat.reads_money), ("the ledger", seat.reads_ledger)) if given]
    reads = f", who also reads {listed(extras)}," if extras else ""
    return f"granted {seated.name} the seat of {role.spoken}{reads} at {_place(work, place)}{waits}."


def _check_extras(role: Role, reads_money: bool, reads_ledger: bool) -> None:
    """Only a viewer's seat opens more than its branch by itself: every other role's rights are the table's (law §3)."""
    faults = Faults()
    for field, given, why in (
        (
            "readsMoney",
            reads_money,
            "reads amounts by a scope of its token" if role is Role.PARTNER else "reads amounts by its role",
        ),
        (
            "readsLedger",
            reads_ledger,
            f"{'reads' if role in LEDGER_READERS else 'does not read'} the ledger by its role",
        ),
    ):
        if given and role is not Role.VIEWER:
            faults.add(f"{field} belongs to a viewer's seat: a {role.spoken} {why}. Leave it out.", field)
    faults.refuse_if_any()


async def ratify_seat(work: Work, *, seat: UUID, expected_revision: int | None = None) -> UUID:
    """Let a seat with a vote take effect: an executive does, who neither granted it nor takes it."""
    found, node, seated = await _seat(work, seat)
    await require(work, "ratifySeat", node)
    work.fresh(found, expected_revision, f"the seat of {seated.name}")
    role = Role(found.role)
    both = (found.person_id, found.granted_by_id)
    refused = why_not_ratified(role, seated.name, found.ratified_by_id is not None, both, work.viewer.person_id)
    if refused:
        raise Refused(*refused, ["seat"])
    await work.alter(found, ratified_by_id=work.viewer.person_id)
    told = f"ratified the seat of {seated.name} as {role.spoken} at {_place(work, node)}."
    await work.record(FactKind.SEAT_CHANGED, told, on=found, node_id=found.node_id)
    return found.id


async def end_seat(work: Work, *, seat: UUID, on: date | None = None, expected_revision: int | None = None) -> UUID:
    """End a seat; `on` is its last day (default: yesterday, so that it ends at once)."""
    found, node, seated = await _seat(work, seat)
    await require(work, "endSeat", node)
    work.fresh(found, expected_revision, f"the seat of {seated.name}")
    last = on or date.fromordinal(work.today.toordinal() - 1)
    if await work.alter(found, ends=last):
        told = f"ended the seat of {seated.name} as {Role(found.role).spoken} at {_place(work, node)} with {last}."
        await work.record(FactKind.SEAT_CHANGED, told, on=found, node_id=found.node_id)
    return found.id


async def _person(work: Work, person_id: UUID) -> Person:
    person = await Person.filter(id=person_id, organization_id=work.organization.id).using_db(work.db).first()
    if person is None:
        raise not_found("person")
    return person


async def _seat(work: Work, seat_id: UUID) -> tuple[Seat, Node | None, Person]:
    seat = await Seat.filter(id=seat_id, organization_id=work.organization.id).using_db(work.db).first()
    if seat is None:
        raise not_found("seat")
    node = await work.node(seat.node_id, "seat") if seat.node_id else None
    return seat, node, await _person(work, seat.person_id)


def _place(work: Work, node: Node | None) -> str:
    return f"“{node.name if node else work.organization.name}”"
