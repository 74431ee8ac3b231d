"""Handing over a leaver's whole desk in one act (law §3: `domain.desks` says what moves)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from server.actions.delegations import end_delegation
from server.actions.standing import require
from server.domain.cases import Party
from server.domain.desks import Desk, DeskItem, Entry, Fate, handed_over, summed_up
from server.domain.facts import FactKind
from server.domain.people import VOTING, Role
from server.domain.refusals import Faults, RefusalCode, Refused, invalid, not_found
from server.domain.texts import cleaned
from server.live.work import Work
from server.models.cascade import Milestone, Node
from server.models.desks import desk_of
from server.models.people import Delegation, Person, Seat

COLUMNS = {Role.OWNER: "owner_id", Role.SPONSOR: "sponsor_id", Role.CONTROLLER: "controller_id"}


async def hand_over_desk(
    work: Work, *, leaver: UUID, successor: UUID, reason: str, on: date | None = None
) -> dict[str, Any]:
    """Move all that a person holds to another, or say of each thing why it stays: one transaction.

    `on` (default: today) is the first day without the leaver: their seats end with the day before; a successor's begin
    today at the earliest, so that no right is dated back. Answers what `told` makes of it.
    """
    await require(work, "handOverDesk", None)
    people = [await _person(work, leaver, "from"), await _person(work, successor, "to")]
    faults = Faults()
    why = cleaned(reason, "reason", faults, required=True)
    faults.refuse_if_any()
    leaves, follows = [Party(each.id, each.name) for each in people]
    check_handover(leaves, follows, work.viewer.person_id, on, work.today)
    desk = await desk_of(work.db, (work.organization.id, work.organization.name), leaves, follows, work.today)
    entries = handed_over(desk)
    for entry in entries:
        if entry.fate is not Fate.KEPT:
            await _APPLY[entry.what](work, desk, entry, on or work.today)
    told = summed_up(desk, entries).removesuffix(".")
    await work.record(FactKind.DESK_HANDED_OVER, f"{told}: {why}", on=people[0])
    return kept_as(desk, entries)


def check_handover(leaver: Party, successor: Party, by: UUID, on: date | None, today: date) -> None:
    """Refuse a handover to the same person, to who does it, and one that lies ahead."""
    if leaver.id == successor.id:
        message = f"{leaver.name} cannot take over their own desk: name another person."
        raise Refused(RefusalCode.SAME_PERSON, message, ["to"])
    if successor.id == by:
        message = "Nobody seats themselves, so nobody hands a desk to themselves: another administrator does."
        raise Refused(RefusalCode.SAME_PERSON, message, ["to"])
    if on and on > today:
        raise invalid(f"{on} lies ahead: hand the desk over on that day, and date seats until then.", "on")


def kept_as(desk: Desk, entries: tuple[Entry, ...]) -> dict[str, Any]:
    """A handover as plain data: what a retry with the same key gets again."""
    return {
        "leaver": str(desk.leaver.id),
        "successor": str(desk.successor.id),
        "sentence": summed_up(desk, entries),
        "entries": [
            {
                "what": entry.what.value,
                "id": str(entry.id),
                "name": entry.name,
                "role": entry.role.value if entry.role else None,
                "fate": entry.fate.value,
                "sentence": entry.sentence,
            }
            for entry in entries
        ],
    }


async def _person(work: Work, person: UUID, field: str) -> Person:
    found = await Person.filter(id=person, organization_id=work.organization.id).using_db(work.db).first()
    if found is None:
        raise not_found(field)
    return found


async def _node(work: Work, desk: Desk, entry: Entry, _on: date) -> None:
    node, role = await Node.get(id=entry.id, using_db=work.db), entry.role or Role.OWNER
    await work.alter(node, **{COLUMNS[role]: desk.successor.id})
    told = f"made {desk.successor.name} the {role.spoken} of “{node.name}” in the place of {desk.leaver.name}."
    await work.record(FactKind.NODE_CHANGED, told, on=node)


async def _milestone(work: Work, desk: Desk, entry: Entry, _on: date) -> None:
    milestone = await Milestone.get(id=entry.id, using_db=work.db)
    await work.alter(milestone, assignee_id=desk.successor.id)
    told = f"assigned “{milestone.name}” to {desk.successor.name} in the place of {desk.leaver.name}."
    await work.record(FactKind.MILESTONE_CHANGED, told, on=milestone, node_id=milestone.node_id)


async def _seat(work: Work, desk: Desk, entry: Entry, on: date) -> None:
    old = await Seat.get(id=entry.id, using_db=work.db)
    role, last, until = Role(old.role), on - timedelta(days=1), old.ends
    await work.alter(old, ends=last)
    ended = f"ended the seat of {desk.leaver.name} as {role.spoken} at “{entry.name}” with {last}."
    await work.record(FactKind.SEAT_CHANGED, ended, on=old, node_id=old.node_id)
    if entry.fate is Fate.ENDED:
        return
    new = Seat(
        organization_id=work.organization.id,
        person_id=desk.successor.id,
        role=old.role,
        node_id=old.node_id,
        starts=max(old.starts, work.today),
        ends=until,
        granted_by_id=work.viewer.person_id,
        reads_money=old.reads_money,
        reads_ledger=old.reads_ledger,
    )
    await work.add(new)
    waits = "; it waits for an executive to ratify it" if role in VOTING else ""
    granted = f"granted {desk.successor.name} the seat of {role.spoken} at “{entry.name}”{waits}."
    await work.record(FactKind.SEAT_CHANGED, granted, on=new, node_id=new.node_id)


async def _delegation(work: Work, _desk: Desk, entry: Entry, _on: date) -> None:
    found = await Delegation.get(id=entry.id, using_db=work.db)
    lender = await _person(work, found.lent_by_id, "from")
    await end_delegation(work, found, lender, await _person(work, found.to_person_id, "from"))


_APPLY = {
    DeskItem.NODE: _node,
    DeskItem.MILESTONE: _milestone,
    DeskItem.SEAT: _seat,
    DeskItem.DELEGATION: _delegation,
}
