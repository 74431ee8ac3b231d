"""Gates from the submission on: who may vote, as what, and when that makes a decision (law §2)."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from server.domain.cases import Case, Party
from server.domain.people import Role
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
    """A role that must vote: the persons who may, how many it takes, and whether a GO states the amount (finance)."""

    role: Role
    people: tuple[Party, ...]
    needed: int
    states_amount: bool = False


@dataclass(frozen=True, slots=True)
class Cast:
    """A vote that was cast."""

    by: Party
    role: Role
    outcome: DecisionOutcome
    at: datetime


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission as voters meet it: its snapshot of deciders, the votes so far, and how it ended, if it did."""

    measure: str
    into: Stage
    submitter: Party
    deciders: tuple[Decider, ...]
    votes: tuple[Cast, ...]
    outcome: DecisionOutcome | None = None
    retracted: bool = False
    ended_at: datetime | None = None

    @property
    def gate(self) -> str:
        """As called in a sentence."""
        return f"the gate of “{self.measure}” into {self.into.spoken}"


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


def waiting_on(votes: Sequence[Cast], deciders: Collection[Decider]) -> tuple[Decider, ...]:
    """The roles that still owe votes, with those of their people who have not voted."""
    owed, voted = missing(votes, deciders), {vote.by.id for vote in votes}
    return tuple(
        Decider(one.role, tuple(each for each in one.people if each.id not in voted), owed[one.role], one.states_amount)
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
    owed = waiting_on(submitted.votes, submitted.deciders)
    for role in roles:
        rest = [Decider(one.role, one.people, one.needed - (one.role is role), one.states_amount) for one in owed]
        if any(one.role is role for one in owed) and fill(rest, without={person}) is not None:
            return role
    return roles[0] if roles else None


def may_vote(voter: Party, case: Case, submitted: Submitted) -> Literal[True] | Refused:
    """Whether a person may vote on a submission: True, or the refusal that says what stands against it (law §2)."""
    gate = submitted.gate
    if submitted.ended_at is not None:
        return over(submitted)
    mine = next((vote for vote in submitted.votes if vote.by.id == voter.id), None)
    if mine is not None:
        message = f"You voted {mine.outcome} as {mine.role.spoken} at {gate} already; each person has one vote."
        return Refused(RefusalCode.ALREADY_DECIDED, message, details=_told(submitted))
    for applies, rule in (
        (voter.id == submitted.submitter.id, "you submitted it, and a submitter never decides"),
        (case.owner is not None and voter.id == case.owner.id, "you own the measure, and an owner never decides on it"),
        (case.sells(voter), "nobody decides on their own quota or results"),
    ):
        if applies:
            return Refused(RefusalCode.SAME_PERSON, f"You cannot vote at {gate}: {rule}. {asks(submitted)}")
    if not any(voter.id == party.id for decider in submitted.deciders for party in decider.people):
        return Refused(RefusalCode.FORBIDDEN, f"You are not among those who decide {gate}. {asks(submitted)}")
    return True


def over(submitted: Submitted) -> Refused:
    """The refusal of any act on a submission that has ended: who decided what and when."""
    return Refused(RefusalCode.ALREADY_DECIDED, _ended(submitted), details=_told(submitted))


def asks(submitted: Submitted) -> str:
    """Whose votes are still missing, as a sentence."""
    owed = waiting_on(submitted.votes, submitted.deciders)
    told = [
        f"the {one.role.spoken} ({listed([party.name for party in one.people], 'or')})"
        if one.needed == 1
        else f"{one.needed} as {one.role.spoken} ({listed([party.name for party in one.people])})"
        for one in owed
    ]
    return f"It waits for {listed(told)}."


def instant(at: datetime) -> str:
    """An instant as written in a sentence: `22 November 2026, 10:00 UTC`."""
    utc = at.astimezone(UTC)
    return f"{utc.day} {utc:%B %Y, %H:%M} UTC"


def _told(submitted: Submitted) -> list[str]:
    return [
        f"{vote.by.name} voted {vote.outcome} as {vote.role.spoken} on {instant(vote.at)}." for vote in submitted.votes
    ]


def _ended(submitted: Submitted) -> str:
    ended = instant(submitted.ended_at) if submitted.ended_at else ""
    gate = submitted.gate
    if submitted.retracted:
        return f"Nothing is submitted at {gate}: the last submission was retracted on {ended}."
    last = next((vote for vote in reversed(submitted.votes) if vote.outcome == submitted.outcome), None)
    if last is None:
        act = "put on hold" if submitted.outcome is DecisionOutcome.HOLD else "cancelled"
        return f"Nothing is submitted at {gate}: the measure was {act} on {ended}, and that ended the submission."
    vote = f"{last.by.name} voted {last.outcome} as {last.role.spoken} on {ended}"
    return f"{gate[:1].upper()}{gate[1:]} was decided already: {vote}."
