"""Deciding from the submission on: who may vote, as what, in whose place, and when it makes a decision (law §2, §3).

Long for one file: who may vote, whose votes are missing and how a refusal tells it all answer each other's questions.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from server.domain.cases import Case, Party
from server.domain.delegation import Loan
from server.domain.people import Role
from server.domain.purposes import Purpose
from server.domain.refusals import RefusalCode, Refused
from server.domain.stages import Stage
from server.domain.wording import listed


class DecisionOutcome(StrEnum):
    """How one votes. GO passes once every required role has voted; the first of the others ends the submission."""

    GO = "GO"
    RECYCLE = "RECYCLE"
    HOLD = "HOLD"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Decider:
    """A role that must vote: the persons who may, how many it takes, and whether a GO states the amount (finance).

    `documented`: that GO also says what the amount was checked against, with a note.
    """

    role: Role
    people: tuple[Party, ...]
    needed: int
    states_amount: bool = False
    documented: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote that was cast; a delegate's in the place of who lent it."""

    by: Party
    role: Role
    outcome: DecisionOutcome
    at: datetime
    on_behalf_of: Party | None = None

    @property
    def told(self) -> str:
        """As told to others: `Sam voted GO as sponsor`."""
        placed = f" in the place of {self.on_behalf_of.name}" if self.on_behalf_of else ""
        return f"{self.by.name} voted {self.outcome} as {self.role.spoken}{placed}"


@dataclass(frozen=True, slots=True)
class Capacity:
    """As what a person's vote counts, and in whose place where it was lent to them."""

    role: Role
    on_behalf_of: Party | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission as voters meet it: its snapshot of deciders, the votes so far, and how it ended, if it did.

    `loans` are the delegations in force today: alone of all this they are as of now (law §3).
    """

    measure: str
    into: Stage
    submitter: Party
    deciders: tuple[Decider, ...]
    votes: tuple[Cast, ...]
    outcome: DecisionOutcome | None = None
    retracted: bool = False
    ended_at: datetime | None = None
    loans: tuple[Loan, ...] = ()
    purpose: Purpose = Purpose.GATE

    @property
    def matter(self) -> str:
        """What is decided upon, as called in a sentence."""
        return self.purpose.matter(self.measure, self.into)

    @property
    def there(self) -> str:
        """Where one votes, as called in a sentence: at a gate, on a change."""
        return f"{'at' if self.purpose is Purpose.GATE else 'on'} {self.matter}"


def judge(votes: Sequence[Cast], deciders: Collection[Decider]) -> DecisionOutcome | None:
    """What the votes come to: the first that is not GO; GO once every role has enough; None while votes are missing."""
    for vote in votes:
        if vote.outcome is not DecisionOutcome.GO:
            return vote.outcome
    return None if any(missing(votes, deciders).values()) else DecisionOutcome.GO


def missing(votes: Sequence[Cast], deciders: Collection[Decider]) -> Counter[Role]:
    """How many votes each role still owes."""
    cast = Counter(vote.role for vote in votes)
    return Counter({decider.role: max(decider.needed - cast[decider.role], 0) for decider in deciders})


def spent(votes: Sequence[Cast]) -> frozenset[UUID]:
    """Whose one vote is used: who cast one, and who had lent the one that was cast (law §2: one person, one vote)."""
    return frozenset(party.id for vote in votes for party in (vote.by, vote.on_behalf_of) if party)


def waiting_on(votes: Sequence[Cast], deciders: Collection[Decider]) -> tuple[Decider, ...]:
    """The roles that still owe votes, with those of their people who have not voted."""
    owed, used = missing(votes, deciders), spent(votes)
    return tuple(
        replace(one, people=tuple(each for each in one.people if each.id not in used), needed=owed[one.role])
        for one in deciders
        if owed[one.role]
    )


def fill(deciders: Collection[Decider], without: Collection[UUID] = ()) -> dict[UUID, Role] | None:
    """Seat different persons so that each role has all it needs; None where that cannot be done.

    One person has one vote, so this is a matching of persons to votes, found by augmenting paths.
    """
    slots = [decider for decider in deciders for _ in range(decider.needed)]
    taken: dict[UUID, int] = {}

    def seat(slot: int, tried: set[UUID]) -> bool:
        for party in slots[slot].people:
            if party.id in tried or party.id in without:
                continue
            tried.add(party.id)
            if party.id not in taken or seat(taken[party.id], tried):
                taken[party.id] = slot
                return True
        return False

    if not all(seat(slot, set()) for slot in range(len(slots))):
        return None
    return {person: slots[slot].role for person, slot in taken.items()}


def role_of(person: UUID, submitted: Submitted) -> Role | None:
    """As what a person votes: a role that still owes a vote and leaves the other votes to others; None for no decider.

    Somebody who is controller and executive votes as controller where only they can: a gate never gets stuck on its
    own votes.
    """
    roles = [one.role for one in submitted.deciders if any(party.id == person for party in one.people)]
    return next((role for role in roles if _leaves_enough(role, {person}, submitted)), roles[0] if roles else None)


def _leaves_enough(role: Role, used: Collection[UUID], submitted: Submitted) -> bool:
    """Whether a role owes a vote, and the others could all be had without these persons."""
    owed = waiting_on(submitted.votes, submitted.deciders)
    rest = [replace(one, needed=one.needed - (one.role is role)) for one in owed]
    return any(one.role is role for one in owed) and fill(rest, without=used) is not None


def capacity(voter: Party, case: Case, submitted: Submitted) -> Capacity | Refused:
    """As what a person's vote counts, or the refusal that says what stands against it (law §2 and §3).

    One's own vote goes before a lent one. A delegate is bound by the separation of duties, and so is who lent.
    """
    found = _capacity(voter, case, submitted)
    if isinstance(found, Refused) and found.code in {RefusalCode.SAME_PERSON, RefusalCode.FORBIDDEN}:
        return Refused(found.code, f"{found.message} {asks(submitted, case)}")
    return found


def _capacity(voter: Party, case: Case, submitted: Submitted) -> Capacity | Refused:
    if submitted.ended_at is not None:
        return over(submitted)
    if voter.id in spent(submitted.votes):
        return Refused(RefusalCode.ALREADY_DECIDED, _voted_already(voter, submitted), details=_told(submitted))
    if rule := _against(voter, case, submitted):
        message = f"You cannot vote {submitted.there}: {rule.replace('{who}', 'you')}."
        return Refused(RefusalCode.SAME_PERSON, message)
    return _own_or_lent(voter, case, submitted)


def _own_or_lent(voter: Party, case: Case, submitted: Submitted) -> Capacity | Refused:
    own = role_of(voter.id, submitted)
    if own and _leaves_enough(own, {voter.id}, submitted):
        return Capacity(own)
    lent = [_lent(loan, case, submitted) for loan in submitted.loans if loan.delegate.id == voter.id]
    usable = next((each for each in lent if isinstance(each, Capacity)), Capacity(own) if own else None)
    if usable:
        return usable
    refused = (each for each in lent if isinstance(each, Refused))
    return next(refused, Refused(RefusalCode.FORBIDDEN, f"You are not among those who decide {submitted.matter}."))


def _lent(loan: Loan, case: Case, submitted: Submitted) -> Capacity | Refused | None:
    """A delegate's capacity by one loan; None where the lender does not decide here in that role."""
    lender, role, vote = (
        loan.lender,
        loan.role,
        f"vote as {loan.role.spoken} for {loan.lender.name} {submitted.there}",
    )
    if not any(one.role is role and party.id == lender.id for one in submitted.deciders for party in one.people):
        return None
    if lender.id in spent(submitted.votes):
        message = f"You cannot {vote}: that one vote is used up."
        return Refused(RefusalCode.ALREADY_DECIDED, message, details=_told(submitted))
    against = (_against(lender, case, submitted) or "").replace("{who}", lender.name)
    other = {Role.SPONSOR: case.controller, Role.CONTROLLER: case.sponsor}.get(role)
    if not against and other and other.id == loan.delegate.id:
        against = "you are named its sponsor or controller, and these are two persons"
    if against:
        return Refused(RefusalCode.SAME_PERSON, f"You cannot {vote}: {against}.")
    if not _leaves_enough(role, {loan.delegate.id, lender.id}, submitted):
        why = f"no vote is missing as that, or the one vote of {lender.name} is needed in another role"
        return Refused(RefusalCode.FORBIDDEN, f"You cannot {vote}: {why}.")
    return Capacity(role, lender)


def stand_ins(case: Case, submitted: Submitted) -> tuple[Loan, ...]:
    """The loans by which somebody could vote in the place of another now."""
    return tuple(
        loan
        for loan in submitted.loans
        if _capacity(loan.delegate, case, submitted) == Capacity(loan.role, loan.lender)
    )


def _against(party: Party, case: Case, submitted: Submitted) -> str | None:
    """What the separation of duties holds against a person's vote; `{who}` stands for them."""
    rules = (
        (party.id == submitted.submitter.id, "{who} submitted it, and a submitter never decides"),
        (
            case.owner is not None and party.id == case.owner.id,
            "the measure is owned by {who}, and an owner never decides",
        ),
        (case.sells(party), "nobody decides on their own quota or results"),
    )
    return next((rule for applies, rule in rules if applies), None)


def over(submitted: Submitted) -> Refused:
    """The refusal of any act on a submission that has ended: who decided what and when."""
    return Refused(RefusalCode.ALREADY_DECIDED, _ended(submitted), details=_told(submitted))


def asks(submitted: Submitted, case: Case | None = None) -> str:
    """Whose votes are still missing, as a sentence; with a case, who may stand in for them too."""
    owed = waiting_on(submitted.votes, submitted.deciders)
    lent = stand_ins(case, submitted) if case else ()
    told = [
        f"the {one.role.spoken} ({listed(_called(one, lent), 'or')})"
        if one.needed == 1
        else f"{one.needed} as {one.role.spoken} ({listed(_called(one, lent))})"
        for one in owed
    ]
    return f"It waits for {listed(told)}."


def _called(decider: Decider, lent: Collection[Loan]) -> list[str]:
    """The people of a role by name, each with who may vote in their place."""
    by_lender = {loan.lender.id: loan.delegate.name for loan in lent if loan.role is decider.role}
    return [
        f"{party.name} or in their place {by_lender[party.id]}" if party.id in by_lender else party.name
        for party in decider.people
    ]


def instant(at: datetime) -> str:
    """An instant as written in a sentence: `22 November 2026, 10:00 UTC`."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"


def _told(submitted: Submitted) -> list[str]:
    return [f"{vote.told} on {instant(vote.at)}." for vote in submitted.votes]


def _voted_already(voter: Party, submitted: Submitted) -> str:
    vote = next(each for each in submitted.votes if voter.id in spent([each]))
    if vote.by.id == voter.id:
        placed = f" in the place of {vote.on_behalf_of.name}" if vote.on_behalf_of else ""
        told = f"You voted {vote.outcome} as {vote.role.spoken}{placed}"
    else:
        told = f"{vote.by.name} voted {vote.outcome} as {vote.role.spoken} in your place"
    return f"{told} {submitted.there} already; each person has one vote."


def _ended(submitted: Submitted) -> str:
    ended = instant(submitted.ended_at) if submitted.ended_at else ""
    matter = submitted.matter
    if submitted.retracted:
        return f"Nothing is submitted {submitted.there}: the last submission was retracted on {ended}."
    last = next((vote for vote in reversed(submitted.votes) if vote.outcome == submitted.outcome), None)
    if last is None:
        act = "put on hold" if submitted.outcome is DecisionOutcome.HOLD else "cancelled"
        return (
            f"Nothing is submitted {submitted.there}: the measure was {act} on {ended}, and that ended the submission."
        )
    return f"{matter[:1].upper()}{matter[1:]} was decided already: {last.told} on {ended}."
