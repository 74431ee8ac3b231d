"""Delegation: one seat's vote, lent to another person for a stated time (law §3).

A delegation is looked at when the vote falls, not when the gate was submitted: that is what it is for. The deciders
that a submission was made with stay; a delegate votes in the place of one of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from server.domain.cases import Party
from server.domain.people import VOTING, Role, SeatHeld
from server.domain.refusals import Faults, RefusalCode

LONGEST_LOAN = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Loan:
    """A vote that is lent today: whose, to whom, as what, and the last day."""

    lender: Party
    delegate: Party
    role: Role
    until: date


@dataclass(frozen=True, slots=True)
class Span:
    """The days from one to another, both included."""

    starts: date
    ends: date

    def meets(self, other: "Span") -> bool:
        """Whether they share a day."""
        return self.starts <= other.ends and other.starts <= self.ends

    def __str__(self) -> str:
        return f"{self.starts} to {self.ends}"


def check_loan(span: Span, seat: SeatHeld, today: date, lent: Iterable[Span], faults: Faults) -> None:
    """Note every fault in the days of a loan: not in the past, at most a year, within the seat's own, lent once."""
    if span.ends < span.starts:
        faults.add(f"The delegation would end ({span.ends}) before it begins ({span.starts}).", "until")
        return
    if span.starts < today:
        faults.add(f"A vote is lent from today ({today}) on, not from {span.starts}: what is past was voted.", "from")
    if span.ends - span.starts >= LONGEST_LOAN:
        faults.add(f"A vote is lent for at most a year; {span} is longer. Hand the seat over instead.", "until")
    if seat.starts > span.starts:
        faults.add(f"Your seat begins on {seat.starts}: lend its vote from then on.", "from")
    if seat.ends and seat.ends < span.ends:
        faults.add(f"Your seat ends on {seat.ends}: lend its vote until then at the latest.", "until")
    for other in lent:
        if span.meets(other):
            faults.add(f"The vote of this seat is lent from {other} already: revoke that first, or choose other days.")


def why_not_lent(person: UUID, holder: Party, seat: SeatHeld) -> tuple[RefusalCode, str] | None:
    """Why a person may not lend a seat's vote; None for its holder, of a seat with a vote that is ratified."""
    called = f"the seat of {holder.name} as {seat.role.spoken}"
    if person != holder.id:
        message = f"Only {holder.name} lends the vote of {called}: nobody lends another's, administrators included."
        return RefusalCode.FORBIDDEN, message
    if seat.role not in VOTING:
        roles = "executives, sponsors, program leads and controllers"
        return RefusalCode.INVALID, f"A {seat.role.spoken} has no vote to lend: only {roles} have."
    if not seat.ratified:
        message = f"{called[:1].upper()}{called[1:]} has no vote yet: an executive ratifies it first."
        return RefusalCode.WRONG_STAGE, message
    return None


def why_not_revoked(person: UUID, lender: Party, borrower: Party, *, over: bool) -> tuple[RefusalCode, str] | None:
    """Why a person may not end a delegation; None for its two persons, while there is something left to end."""
    if person not in (lender.id, borrower.id):
        message = (
            f"Only {lender.name}, who lent the vote, or {borrower.name}, to whom it is lent, ends this delegation."
        )
        return RefusalCode.FORBIDDEN, message
    if over:
        message = f"The delegation from {lender.name} to {borrower.name} is over already: nothing is left to end."
        return RefusalCode.ALREADY_DECIDED, message
    return None
