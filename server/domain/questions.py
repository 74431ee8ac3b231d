"""Questions on a submission: who asks, and who answers (law §2: deciders ask and get answers there)."""

from typing import Literal
from uuid import UUID

from server.domain.refusals import RefusalCode, Refused
from server.domain.votes import Submitted, asks, over


def may_ask(person: UUID, asked: Submitted) -> Literal[True] | Refused:
    """Whether a person may ask while it is open: who decides, by its snapshot or in the place of one of them."""
    if asked.ended_at is not None:
        return over(asked)
    deciding = {(one.role, party.id) for one in asked.deciders for party in one.people}
    lent = {(loan.role, loan.lender.id) for loan in asked.loans if loan.delegate.id == person}
    if person != asked.submitter.id and (any(person == each for _, each in deciding) or deciding & lent):
        return True
    message = f"Only who decides asks about {asked.matter}. {asks(asked)}"
    return Refused(RefusalCode.FORBIDDEN, message, ["submission"])


def may_answer(person: UUID, asker: UUID, asked: Submitted, *, answered: bool) -> Literal[True] | Refused:
    """Whether a person who has the right may answer: once, never who asked, while the submission is open."""
    if asked.ended_at is not None:
        return over(asked)
    if answered:
        message = "This question was answered already; who decides asks another one."
        return Refused(RefusalCode.ALREADY_DECIDED, message, ["question"])
    if person == asker:
        message = "Who asked does not answer: the submitter or the owner does."
        return Refused(RefusalCode.SAME_PERSON, message, ["question"])
    return True
