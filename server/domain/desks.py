"""Handing over a desk: of all that a person holds, what moves to a successor, what ends, and what stays (law §2, §3).

Nothing moves that would break the separation of duties, and nothing of what is closed or cancelled: history keeps who
held it. An open submission keeps the deciders it was made with.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from server.domain.cascade import Standing
from server.domain.cases import Case, Party
from server.domain.people import VOTING, Role, SeatHeld
from server.domain.stages import Stage
from server.domain.votes import Submitted, spent

PARTS = {"owner": Role.OWNER, "sponsor": Role.SPONSOR, "controller": Role.CONTROLLER}


class DeskItem(StrEnum):
    """What lies on a desk."""

    NODE = "NODE"
    MILESTONE = "MILESTONE"
    SEAT = "SEAT"
    DELEGATION = "DELEGATION"
    VOTE = "VOTE"


class Fate(StrEnum):
    """What becomes of it."""

    MOVED = "MOVED"
    ENDED = "ENDED"
    KEPT = "KEPT"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the desk, what becomes of it, and why, as a sentence. `role` is as what it is held."""

    what: DeskItem
    id: UUID
    name: str
    role: Role | None
    fate: Fate
    sentence: str


@dataclass(frozen=True, slots=True)
class NodeOnDesk:
    """A node that names the person; `case` and `asked` (its open submission) where it is a measure that goes on."""

    id: UUID
    name: str
    stage: Stage | None
    standing: Standing
    people: dict[str, UUID | None]
    case: Case | None = None
    asked: Submitted | None = None

    @property
    def over(self) -> str | None:
        """Why it is history, None while it goes on."""
        if self.standing is Standing.CANCELLED:
            return "was cancelled"
        return "is closed" if self.stage is Stage.CLOSED else None


@dataclass(frozen=True, slots=True)
class MilestoneOnDesk:
    """A milestone that is assigned to the person, under a measure."""

    id: UUID
    name: str
    achieved: bool
    under: NodeOnDesk


@dataclass(frozen=True, slots=True)
class SeatOnDesk:
    """A seat that has not ended. `last_of_its_kind`: no other executive there could ratify the successor's."""

    id: UUID
    place: str
    held: SeatHeld
    last_of_its_kind: bool


@dataclass(frozen=True, slots=True)
class LoanOnDesk:
    """A delegation that has not ended, lent or borrowed by the person."""

    id: UUID
    role: Role
    lender: str
    borrower: str


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a person holds, and the seats that the successor holds already; `today` is the day of the act."""

    leaver: Party
    successor: Party
    today: date
    nodes: tuple[NodeOnDesk, ...] = ()
    milestones: tuple[MilestoneOnDesk, ...] = ()
    seats: tuple[SeatOnDesk, ...] = ()
    loans: tuple[LoanOnDesk, ...] = ()
    waiting: tuple[tuple[UUID, Submitted], ...] = ()
    taken: Collection[SeatHeld] = ()


def handed_over(desk: Desk) -> tuple[Entry, ...]:
    """What becomes of everything on the desk: the very evaluation that the preview shows."""
    return (*_nodes(desk), *_milestones(desk), *_seats(desk), *_loans(desk), *_votes(desk))


def taken_already(desk: Desk, seat: SeatHeld) -> bool:
    """Whether the successor holds the same seat already, for as long."""
    same = (each for each in desk.taken if (each.role, each.node_id) == (seat.role, seat.node_id))
    return any(each.ends is None or (seat.ends is not None and each.ends >= seat.ends) for each in same)


def _nodes(desk: Desk) -> Iterator[Entry]:
    for node in desk.nodes:
        for part, role in PARTS.items():
            if node.people.get(part) != desk.leaver.id:
                continue
            why = _why_kept(desk, node, part)
            told = why or f"{desk.successor.name} is its {role.spoken} from now on."
            yield Entry(DeskItem.NODE, node.id, node.name, role, Fate.KEPT if why else Fate.MOVED, told)


def _why_kept(desk: Desk, node: NodeOnDesk, part: str) -> str | None:
    role, name = PARTS[part], desk.successor.name
    other = next((PARTS[each] for each, person in node.people.items() if person == desk.successor.id), role)
    sells = node.case is not None and node.case.sells(desk.successor)
    decides, submitted = _parts_in(node.asked, desk.successor)
    rules = (
        (node.over is not None, f"It {node.over}: history keeps who was its {role.spoken}."),
        (
            node.case is not None and other is not role,
            f"{name} is its {other.spoken}, who is never its {role.spoken}: name another {role.spoken}.",
        ),
        (
            part != "owner" and sells,
            f"It holds {name}'s own quota, and nobody decides on that: name another {role.spoken}.",
        ),
        (
            part == "owner" and decides,
            f"{name} decides on its open submission, and an owner never does: wait for the decision.",
        ),
        (
            part != "owner" and submitted,
            f"{name} submitted it, and a submitter never decides: wait for the decision.",
        ),
    )
    return next((why for applies, why in rules if applies), None)


def _parts_in(asked: Submitted | None, person: Party) -> tuple[bool, bool]:
    """Whether a person decides, and whether they submitted, where something is open."""
    if asked is None:
        return False, False
    deciders = {party.id for decider in asked.deciders for party in decider.people}
    return person.id in deciders | spent(asked.votes), person.id == asked.submitter.id


def _milestones(desk: Desk) -> Iterator[Entry]:
    for each in desk.milestones:
        why = "It is achieved: history keeps whose it was." if each.achieved else None
        if each.under.over:
            why = f"“{each.under.name}” {each.under.over}: history keeps whose it was."
        elif not why and each.under.stage and each.under.stage >= Stage.IMPLEMENTED:
            why = "Milestones are frozen from Implemented on."
        told = why or f"{desk.successor.name} is its assignee from now on."
        yield Entry(DeskItem.MILESTONE, each.id, each.name, None, Fate.KEPT if why else Fate.MOVED, told)


def _seats(desk: Desk) -> Iterator[Entry]:
    for each in desk.seats:
        role, name = each.held.role, desk.successor.name
        fate, told = Fate.MOVED, f"{name} takes it from today."
        if role is Role.PARTNER:
            fate, told = Fate.KEPT, "It is a machine's, not a person's: end it apart, with its tokens."
        elif each.last_of_its_kind:
            told = f"No other executive there could ratify the seat of {name}: seat and ratify another one first."
            fate = Fate.KEPT
        elif taken_already(desk, each.held):
            fate, told = Fate.ENDED, f"{name} holds the same seat already."
        elif role in VOTING:
            told = f"{name} takes it once an executive has ratified it."
        yield Entry(DeskItem.SEAT, each.id, each.place, role, fate, told)


def _loans(desk: Desk) -> Iterator[Entry]:
    for each in desk.loans:
        told = f"The vote that {each.lender} lent {each.borrower} as {each.role.spoken} goes back."
        yield Entry(DeskItem.DELEGATION, each.id, f"{each.lender} → {each.borrower}", each.role, Fate.ENDED, told)


def _votes(desk: Desk) -> Iterator[Entry]:
    for submission, asked in desk.waiting:
        owed = [one.role for one in asked.deciders if desk.leaver.id in {party.id for party in one.people}]
        if not owed or desk.leaver.id in spent(asked.votes):
            continue
        told = (
            f"{asked.matter[:1].upper()}{asked.matter[1:]} keeps the deciders it was submitted with. Where the vote of "
            f"{desk.leaver.name} is needed, it is retracted and submitted again, for {desk.successor.name} to decide."
        )
        yield Entry(DeskItem.VOTE, submission, asked.measure, owed[0], Fate.KEPT, told)


def summed_up(desk: Desk, entries: Collection[Entry]) -> str:
    """What happened, or would, in one sentence, as it goes on after who does it."""
    count = {fate: sum(entry.fate is fate for entry in entries) for fate in Fate}
    told = f"{count[Fate.MOVED]} moved, {count[Fate.ENDED]} ended, {count[Fate.KEPT]} kept"
    return f"handed over the desk of {desk.leaver.name} to {desk.successor.name}: {told}."
