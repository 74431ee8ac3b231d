"""One vote, from what was handed in to the row that is kept: at a gate, on a change, on a reopening (law §2)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from server.actions.holding import check_review
from server.domain.cases import Case, Party
from server.domain.facts import FactKind
from server.domain.money import Money, minor
from server.domain.people import Role
from server.domain.purposes import Purpose
from server.domain.refusals import Faults, RefusalCode, Refused
from server.domain.stages import Stage
from server.domain.texts import cleaned
from server.domain.votes import Capacity, Cast, DecisionOutcome, Submitted, capacity, judge
from server.live.work import Work
from server.models.cascade import Node
from server.models.gates import Decision, Submission
from server.models.row import stored
from server.models.submissions import submitted

_NEEDS_COMMENT = {DecisionOutcome.RECYCLE, DecisionOutcome.CANCEL}


@dataclass(frozen=True, slots=True)
class Voting:
    """A vote as it was handed in. `confirmed` is finance's statement of the amount, in the reporting currency."""

    outcome: DecisionOutcome
    comment: str | None = None
    confirmed: Decimal | None = None
    checked_against: str | None = None
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote found in order, and what the votes come to with it (`result`; None while others are missing)."""

    asked: Submitted
    submission: Submission
    case: Case
    outcome: DecisionOutcome
    capacity: Capacity
    comment: str | None
    amount: Money | None
    checked_against: str | None
    review_on: date | None
    result: DecisionOutcome | None


async def counted(
    work: Work, node: Node, case: Case, found: dict[str, Any], voting: Voting, expected_revision: int | None
) -> Ballot:
    """Judge a vote on a submission of `submissions`; nothing is written yet. The revision expected is the measure's.

    Who may vote goes by the submission's snapshot, whatever seats have changed since. Raises ALREADY_DECIDED with who
    decided what and when.
    """
    asked = submitted(found)
    if work.viewer.scopes is not None:
        raise Refused(RefusalCode.FORBIDDEN, f"A machine has scopes instead of votes: a person decides {asked.matter}.")
    voter = Party(work.viewer.person_id, work.viewer.name)
    counts = capacity(voter, case, asked)
    if isinstance(counts, Refused):
        raise counts
    work.fresh(node, expected_revision, node.name)
    faults = Faults()
    why = cleaned(voting.comment, "comment", faults)
    _check_outcome(work, voting, why, faults)
    amount = _amount(work, asked, counts.role, voting, faults)
    checked = _checked_against(asked, counts.role, voting, why, faults)
    faults.refuse_if_any()
    cast = Cast(voter, counts.role, voting.outcome, work.at, counts.on_behalf_of)
    return Ballot(
        asked=asked,
        submission=stored(Submission, found),
        case=case,
        outcome=voting.outcome,
        capacity=counts,
        comment=why,
        amount=amount,
        checked_against=checked,
        review_on=voting.review_on,
        result=judge([*asked.votes, cast], asked.deciders),
    )


async def keep(work: Work, node: Node, ballot: Ballot) -> None:
    """Write a vote, and the end of its submission where it ends it: one fact."""
    lender = ballot.capacity.on_behalf_of.id if ballot.capacity.on_behalf_of else None
    decision = Decision(
        organization_id=work.organization.id,
        submission_id=ballot.submission.id,
        by_id=work.viewer.person_id,
        on_behalf_of_id=lender,
        as_role=ballot.capacity.role.value,
        outcome=ballot.outcome.value,
        comment=ballot.comment,
        confirmed_units=ballot.amount.units if ballot.amount else None,
        confirmed_currency=ballot.amount.currency if ballot.amount else None,
        checked_against=ballot.checked_against,
        at=work.at,
    )
    await work.add(decision)
    if ballot.result is None:
        await work.touch(ballot.submission)
    else:
        await work.alter(ballot.submission, outcome=ballot.result.value, ended_at=work.at)
    await work.touch(node)
    kind = FactKind.GATE_DECIDED if ballot.asked.purpose is Purpose.GATE else FactKind.CHANGE_DECIDED
    await work.record(kind, _told(ballot), on=ballot.submission, node_id=node.id, on_behalf_of=lender)


def _check_outcome(work: Work, voting: Voting, why: str | None, faults: Faults) -> None:
    if voting.outcome in _NEEDS_COMMENT and not why:
        faults.add(f"{voting.outcome} needs a comment that says why: the submitter reads it.", "comment")
    if voting.outcome is DecisionOutcome.HOLD:
        check_review(voting.review_on, work.today, faults)
    elif voting.review_on is not None:
        faults.add(f"reviewOn belongs to HOLD, not to {voting.outcome}: leave it out.", "reviewOn")


def _amount(work: Work, asked: Submitted, role: Role, voting: Voting, faults: Faults) -> Money | None:
    """The controller's statement: demanded where finance is to validate, welcome elsewhere, never another's."""
    stated = voting.outcome is DecisionOutcome.GO and any(
        one.states_amount for one in asked.deciders if one.role is role
    )
    if voting.confirmed is None:
        if stated:
            closing = asked.purpose is Purpose.GATE and asked.into is Stage.CLOSED
            what = "the value found in the books" if closing else "the size that you have checked"
            on = f" into {asked.into.spoken}" if asked.purpose is Purpose.GATE else f" {asked.there}"
            faults.add(f"The controller's GO{on} states {what}: give `confirmed`.", "confirmed")
        return None
    if role is not Role.CONTROLLER:
        faults.add("Only the controller states an amount; leave `confirmed` out.", "confirmed")
        return None
    currency = work.organization.reporting_currency
    try:
        money = Money(minor(voting.confirmed, currency), currency)
    except ValueError as fault:
        faults.add(f"confirmed: {fault}.", "confirmed")
        return None
    if money.units < 0:
        faults.add(f"confirmed: {money} lies below zero; where nothing came, state 0.", "confirmed")
    return money


def _checked_against(asked: Submitted, role: Role, voting: Voting, why: str | None, faults: Faults) -> str | None:
    """What the amount was checked against, and a note: demanded where the policy documents, never another's."""
    text = cleaned(voting.checked_against, "checkedAgainst", faults)
    if text and role is not Role.CONTROLLER:
        faults.add("Only the controller checks an amount; leave `checkedAgainst` out.", "checkedAgainst")
    if text and voting.confirmed is None:
        faults.add("What was checked is an amount: give `confirmed` with `checkedAgainst`.", "confirmed")
    documented = voting.outcome is DecisionOutcome.GO and any(
        one.documented for one in asked.deciders if one.role is role
    )
    for given, field, what in ((text, "checkedAgainst", "what it was checked against"), (why, "comment", "a note")):
        if documented and not given:
            faults.add(f"The policy documents this validation: the controller's GO also gives {what}.", field)
    return text


def _told(ballot: Ballot) -> str:
    asked, counts = ballot.asked, ballot.capacity
    closing = asked.purpose is Purpose.GATE and asked.into is Stage.CLOSED
    stated = f", {'confirming' if closing else 'validating'} {ballot.amount}" if ballot.amount else ""
    checked = f", checked against {ballot.checked_against}" if ballot.checked_against else ""
    placed = f" in the place of {counts.on_behalf_of.name}" if counts.on_behalf_of else ""
    gate = asked.purpose is Purpose.GATE
    where = f"on “{asked.measure}” into {asked.into.spoken}" if gate else f"on {asked.matter}"
    vote = f"voted {ballot.outcome} as {counts.role.spoken}{placed} {where}{stated}{checked}"
    return f"{vote}: {ballot.comment}" if ballot.comment else f"{vote}."
