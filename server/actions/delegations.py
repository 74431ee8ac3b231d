"""Lending a seat's vote for a stated time, and taking it back (law §3: `domain.delegation`)."""

from datetime import date
from uuid import UUID

from server.actions.standing import require
from server.domain.cases import Party
from server.domain.delegation import Span, check_loan, why_not_lent, why_not_revoked
from server.domain.facts import FactKind
from server.domain.people import Role, SeatHeld
from server.domain.refusals import Faults, RefusalCode, Refused, not_found
from server.domain.texts import cleaned
from server.live.work import Work
from server.models.cascade import Node
from server.models.database import rows
from server.models.people import Delegation, Person, Seat


async def delegate_vote(
    work: Work, *, seat: UUID, delegate: UUID, ends: date, reason: str, starts: date | None = None
) -> UUID:
    """Lend the vote of one's own seat to another person, from a day (default: today) to a day.

    What a delegate sees is what their own seats open: a delegation lends the vote, no sight.
    """
    found = await Seat.filter(id=seat, organization_id=work.organization.id).using_db(work.db).first()
    if found is None:
        raise not_found("seat")
    place = await work.node(found.node_id, "seat") if found.node_id else None
    await require(work, "delegateVote", place)
    borrower = await _person(work, delegate, "delegate")
    holder = await _person(work, found.person_id, "seat")
    called, role = place.name if place else work.organization.name, Role(found.role)
    held = SeatHeld(role, found.node_id, found.starts, found.ends, found.ratified_by_id is not None)
    if refused := why_not_lent(work.viewer.person_id, Party(holder.id, holder.name), held):
        raise Refused(*refused, ["seat"])
    if delegate == found.person_id:
        raise Refused(RefusalCode.SAME_PERSON, "A vote is lent to another person: choose somebody else.", ["delegate"])
    await _check_sight(work, borrower, place)
    faults = Faults()
    why = cleaned(reason, "reason", faults, required=True)
    span = Span(starts or work.today, ends)
    check_loan(span, held, work.today, await _lent(work, seat), faults)
    faults.refuse_if_any()
    made = Delegation(
        organization_id=work.organization.id,
        seat_id=seat,
        to_person_id=delegate,
        starts=span.starts,
        ends=span.ends,
        reason=why,
        lent_by_id=work.viewer.person_id,
    )
    await work.add(made)
    told = f"lent {borrower.name} the vote of their seat as {role.spoken} at “{called}” from {span}: {why}"
    await work.record(FactKind.DELEGATION_CHANGED, told, on=made, node_id=found.node_id)
    return made.id


async def revoke_delegation(work: Work, *, delegation: UUID, expected_revision: int | None = None) -> UUID:
    """End a delegation at once: who lent takes the vote back, who borrowed gives it back."""
    found = await Delegation.filter(id=delegation, organization_id=work.organization.id).using_db(work.db).first()
    if found is None:
        raise not_found("delegation")
    lender, borrower = [await _person(work, each, "delegation") for each in (found.lent_by_id, found.to_person_id)]
    over = found.revoked_at is not None or found.ends < work.today
    parties = [Party(each.id, each.name) for each in (lender, borrower)]
    if refused := why_not_revoked(work.viewer.person_id, *parties, over=over):
        raise Refused(*refused, ["delegation"])
    await require(work, "revokeDelegation", None)
    work.fresh(found, expected_revision, f"the delegation to {borrower.name}")
    await end_delegation(work, found, lender, borrower)
    return found.id


async def end_delegation(work: Work, found: Delegation, lender: Person, borrower: Person) -> None:
    """Revoke a delegation, and record it."""
    seat = await Seat.get(id=found.seat_id, using_db=work.db)
    place = await Node.get(id=seat.node_id, using_db=work.db) if seat.node_id else None
    called, role = place.name if place else work.organization.name, Role(seat.role)
    await work.alter(found, revoked_at=work.at)
    told = f"ended the delegation of the vote of {lender.name} as {role.spoken} at “{called}” to {borrower.name}."
    await work.record(FactKind.DELEGATION_CHANGED, told, on=found, node_id=seat.node_id)


async def _person(work: Work, person: UUID, field: str) -> Person:
    found = await Person.filter(id=person, organization_id=work.organization.id).using_db(work.db).first()
    if found is None:
        raise not_found(field)
    return found


async def _lent(work: Work, seat: UUID) -> list[Span]:
    """When the vote of a seat is lent already."""
    known = await Delegation.filter(seat_id=seat, revoked_at=None, ends__gte=work.today).using_db(work.db)
    return [Span(each.starts, each.ends) for each in known]


async def _check_sight(work: Work, borrower: Person, place: Node | None) -> None:
    """Refuse a delegate who sees nothing of what they would vote on: neither the place nor anything below it."""
    sql = """SELECT s.role, s.node_id, s.starts, s.ends, s.ratified_by_id FROM seat s WHERE s.person_id = :person
             AND (s.node_id IS NULL OR :everywhere = 1 OR EXISTS (SELECT 1 FROM branch b
                WHERE (b.ancestor_id = s.node_id AND b.descendant_id = :place)
                   OR (b.ancestor_id = :place AND b.descendant_id = s.node_id)))"""
    near = await rows(
        work.db, sql, person=borrower.id, everywhere=int(place is None), place=place.id if place else borrower.id
    )
    seats = (
        SeatHeld(Role(row["role"]), row["node_id"], row["starts"], row["ends"], row["ratified_by_id"] is not None)
        for row in near
    )
    if any(seat.holds_on(work.today) for seat in seats):
        return
    called = place.name if place else work.organization.name
    message = f"{borrower.name} sees nothing of “{called}”, and a delegation lends the vote, no sight: an admin seats"
    raise Refused(RefusalCode.INVALID, f"{message} them there first.", ["delegate"])
