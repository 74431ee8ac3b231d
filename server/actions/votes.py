"""Deciding at gates: casting one's vote, and what the last one brings about (law §2: `domain.votes`)."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from server.actions.ballots import Voting, counted, keep
from server.actions.closing import book_closing
from server.actions.gates import case_of, last_submission
from server.actions.holding import stand
from server.actions.plans import freeze_plan
from server.domain.cascade import Standing
from server.domain.cases import Case
from server.domain.facts import FactKind
from server.domain.gates import laws
from server.domain.refusals import RefusalCode, Refused
from server.domain.stages import Stage
from server.domain.votes import DecisionOutcome
from server.live.work import Work
from server.models.cascade import Node


async def decide_gate(
    work: Work,
    *,
    measure: UUID,
    into: Stage,
    outcome: DecisionOutcome,
    comment: str | None = None,
    confirmed: Decimal | None = None,
    checked_against: str | None = None,
    review_on: date | None = None,
    expected_revision: int | None = None,
) -> UUID:
    """Cast one's vote. The vote that completes the decision moves the measure, holds it, cancels it or sends it back.

    `confirmed` is the controller's statement of the amount, in the reporting currency, `checked_against` what finance
    compared it with. Raises ALREADY_DECIDED with who decided what and when.
    """
    node = await work.node(measure, "gate")
    found = await last_submission(work, node, into)
    voting = Voting(outcome, comment, confirmed, checked_against, review_on)
    ballot = await counted(work, node, await case_of(work, node), found, voting, expected_revision)
    if ballot.result is DecisionOutcome.GO:
        _check_laws(ballot.case, into)
    await keep(work, node, ballot)
    if ballot.result is DecisionOutcome.GO:
        await _advance(work, node, into, ballot.submission.id)
    elif ballot.result in {DecisionOutcome.HOLD, DecisionOutcome.CANCEL}:
        standing = Standing.ON_HOLD if ballot.result is DecisionOutcome.HOLD else Standing.CANCELLED
        reason = ballot.comment or f"Held at the gate into {into.spoken}."
        await stand(work, node, standing, reason, ballot.review_on)
    return node.id


def _check_laws(case: Case, into: Stage) -> None:
    broken = [law.sentence for law in laws(case, into) if not law.met]
    if broken:
        message = f"“{case.name}” cannot come to {into.spoken} any more: {broken[0]}"
        raise Refused(RefusalCode.CRITERIA_UNMET, message, ["gate"], broken)


async def _advance(work: Work, node: Node, into: Stage, submission_id: UUID) -> None:
    """Bring a measure to the stage that its gate leads into, and keep what freezes there."""
    besides = await book_closing(work, node, submission_id) if into is Stage.CLOSED else ""
    await work.alter(node, stage=into.value, staged_at=work.at)
    if into is Stage.DECIDED:
        await freeze_plan(work, node, submission_id)
    told = f"brought “{node.name}” to {into.spoken}.{besides}"
    await work.record(FactKind.STAGE_CHANGED, told, on=node)
