"""Gates from the submission on: casting one's vote, and what the last one brings about (law §2: `domain.votes`)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from server.actions.gates import case_of, last_submission
from server.actions.holding import check_review, stand
from server.domain.cascade import Standing
from server.domain.cases import Case, Party
from server.domain.facts import FactKind
from server.domain.gates import laws
from server.domain.money import Money, minor
from server.domain.people import Role
from server.domain.refusals import Faults, RefusalCode, Refused
from server.domain.stages import Stage
from server.domain.texts import cleaned
from server.domain.votes import Capacity, Cast, DecisionOutcome, Submitted, capacity, judge
from server.live.work import Work
from server.models.cascade import Milestone, Node
from server.models.gates import Decision, Submission
from server.models.submissions import submitted

_NEEDS_COMMENT = {DecisionOutcome.RECYCLE, DecisionOutcome.CANCEL}


@dataclass(frozen=True, slots=True)
class _Ballot:
    """A vote as it was handed in, once it is found in order."""

    outcome: DecisionOutcome
    role: Role
    comment: str | None
    amount: Money | None
    review_on: date | None
    on_behalf_of: Party | None = None


async def decide_gate(
    work: Work,
    *,
    measure: UUID,
    into: Stage,
    outcome: DecisionOutcome,
    comment: str | None = None,
    confirmed: Decimal | None = None,
    review_on: date | None = None,
    expected_revision: int | None = None,
) -> UUID:
    """Cast one's vote. The vote that completes the decision moves the measure, holds it, cancels it or sends it back.

    `confirmed` is the controller's statement of the amount, in the reporting currency. Who may vote goes by the
    submission's snapshot, whatever seats have changed since. Raises ALREADY_DECIDED with who decided what and when.
    """
    node = await work.node(measure, "gate")
    found = await last_submission(work, node, into)
    asked = submitted(found)
    voter, case = _voter(work), await case_of(work, node)
    counts = capacity(voter, case, asked)
    if isinstance(counts, Refused):
        raise counts
    work.fresh(node, expected_revision, node.name)
    ballot = _ballot(work, asked, counts, outcome, comment, confirmed, review_on)
    submission = await Submission.get(id=found["id"], using_db=work.db)
    cast = Cast(voter, ballot.role, outcome, work.at, ballot.on_behalf_of)
    result = judge([*asked.votes, cast], asked.deciders)
    if result is DecisionOutcome.GO:
        _check_laws(case, into)
    await work.add(_decision(work, submission, ballot))
    if result is None:
        await work.touch(submission)
    else:
        await work.alter(submission, outcome=result.value, ended_at=work.at)
    await work.touch(node)
    lender = ballot.on_behalf_of.id if ballot.on_behalf_of else None
    told = _told(node, into, ballot)
    await work.record(FactKind.GATE_DECIDED, told, on=submission, node_id=node.id, on_behalf_of=lender)
    if result is DecisionOutcome.GO:
        await _advance(work, node, into)
    elif result in {DecisionOutcome.HOLD, DecisionOutcome.CANCEL}:
        standing = Standing.ON_HOLD if result is DecisionOutcome.HOLD else Standing.CANCELLED
        reason = ballot.comment or f"Held at the gate into {into.spoken}."
        await stand(work, node, standing, reason, ballot.review_on)
    return node.id


def _voter(work: Work) -> Party:
    if work.viewer.scopes is not None:
        raise Refused(RefusalCode.FORBIDDEN, "A machine has scopes instead of votes: a person decides this gate.")
    return Party(work.viewer.person_id, work.viewer.name)


def _check_laws(case: Case, into: Stage) -> None:
    broken = [law.sentence for law in laws(case, into) if not law.met]
    if broken:
        message = f"“{case.name}” cannot come to {into.spoken} any more: {broken[0]}"
        raise Refused(RefusalCode.CRITERIA_UNMET, message, ["gate"], broken)


def _ballot(
    work: Work,
    asked: Submitted,
    counts: Capacity,
    outcome: DecisionOutcome,
    comment: str | None,
    confirmed: Decimal | None,
    review_on: date | None,
) -> _Ballot:
    role = counts.role
    faults = Faults()
    why = cleaned(comment, "comment", faults)
    if outcome in _NEEDS_COMMENT and not why:
        faults.add(f"{outcome} needs a comment that says why: the submitter reads it.", "comment")
    if outcome is DecisionOutcome.HOLD:
        check_review(review_on, work.today, faults)
    elif review_on is not None:
        faults.add(f"reviewOn belongs to HOLD, not to {outcome}: leave it out.", "reviewOn")
    stated = outcome is DecisionOutcome.GO and any(one.states_amount for one in asked.deciders if one.role is role)
    amount = _amount(confirmed, role, stated, asked.into, work.organization.reporting_currency, faults)
    faults.refuse_if_any()
    return _Ballot(outcome, role, why, amount, review_on, counts.on_behalf_of)


def _amount(
    confirmed: Decimal | None, role: Role, stated: bool, into: Stage, currency: str, faults: Faults
) -> Money | None:
    """The controller's statement: demanded where finance is to validate, welcome elsewhere, never another's."""
    if confirmed is None:
        if stated:
            what = "the value found in the books" if into is Stage.CLOSED else "the size that you have checked"
            faults.add(f"The controller's GO into {into.spoken} states {what}: give `confirmed`.", "confirmed")
        return None
    if role is not Role.CONTROLLER:
        faults.add("Only the controller states an amount; leave `confirmed` out.", "confirmed")
        return None
    try:
        money = Money(minor(confirmed, currency), currency)
    except ValueError as fault:
        faults.add(f"confirmed: {fault}.", "confirmed")
        return None
    if money.units < 0:
        faults.add(f"confirmed: {money} lies below zero; where nothing came, state 0.", "confirmed")
    return money


def _decision(work: Work, submission: Submission, ballot: _Ballot) -> Decision:
    return Decision(
        organization_id=work.organization.id,
        submission_id=submission.id,
        by_id=work.viewer.person_id,
        on_behalf_of_id=ballot.on_behalf_of.id if ballot.on_behalf_of else None,
        as_role=ballot.role.value,
        outcome=ballot.outcome.value,
        comment=ballot.comment,
        confirmed_units=ballot.amount.units if ballot.amount else None,
        confirmed_currency=ballot.amount.currency if ballot.amount else None,
        at=work.at,
    )


def _told(node: Node, into: Stage, ballot: _Ballot) -> str:
    stated = f", {'confirming' if into is Stage.CLOSED else 'validating'} {ballot.amount}" if ballot.amount else ""
    placed = f" in the place of {ballot.on_behalf_of.name}" if ballot.on_behalf_of else ""
    vote = f"voted {ballot.outcome} as {ballot.role.spoken}{placed} on “{node.name}” into {into.spoken}{stated}"
    return f"{vote}: {ballot.comment}" if ballot.comment else f"{vote}."


async def _advance(work: Work, node: Node, into: Stage) -> None:
    """Bring a measure to the stage that its gate leads into, and keep what freezes there."""
    await work.alter(node, stage=into.value, staged_at=work.at)
    if into is Stage.DECIDED:
        milestones = await Milestone.filter(node_id=node.id, cancelled_reason=None).using_db(work.db)
        for milestone in milestones:
            await work.alter(milestone, original_due=milestone.due)
    told = f"brought “{node.name}” to {into.spoken}."
    await work.record(FactKind.STAGE_CHANGED, told, on=node)
