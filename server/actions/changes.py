"""Change requests: proposing, retracting and deciding what is to differ from a decided plan (law §2).

A change is decided by the body that decides the gate into DECIDED under the policy in force, with money thresholds
looked at on the change. Reopening a closed measure goes the same way (`reopening`).
"""

from decimal import Decimal
from typing import Any
from uuid import UUID

from server.actions.ballots import Voting, counted, keep
from server.actions.gates import case_of, locked_policy
from server.actions.handing_in import check_votes, hand_in
from server.actions.plans import apply_change, check_still_possible, in_short, latest
from server.actions.proposals import proposed
from server.actions.rates import plan_rates
from server.actions.reopening import check_may_reopen, reopen
from server.actions.standing import require
from server.domain.cases import Case
from server.domain.changes import Proposal, Wanted, figures, with_sellers
from server.domain.facts import FactKind
from server.domain.gates import deciders
from server.domain.money import Money
from server.domain.months import Month
from server.domain.purposes import Purpose
from server.domain.refusals import Faults, RefusalCode, Refused, invalid, not_found
from server.domain.stages import Stage
from server.domain.texts import cleaned
from server.domain.votes import DecisionOutcome, over
from server.live.work import Work
from server.models.cascade import Node
from server.models.cases import holders
from server.models.gates import Submission
from server.models.submissions import submissions, submitted


async def propose_change(
    work: Work, *, measure: UUID, reason: str, wanted: Wanted, expected_revision: int | None = None
) -> UUID:
    """Propose a difference from the plan of a decided measure; answers the change request's id.

    Raises INVALID with every fault, or where nothing would change; NO_APPROVER where the votes cannot be had.
    """
    node = await work.node(measure, "measure")
    await require(work, "proposeChange", node)
    work.fresh(node, expected_revision, node.name)
    policy = await locked_policy(work)
    faults = Faults()
    why = cleaned(reason, "reason", faults, required=True)
    faults.refuse_if_any()
    proposal = await proposed(work, node, (await latest(work, node)).plan, wanted)
    case = with_sellers(await case_of(work, node), proposal.changes)
    amount, told = await _figures(work, case, proposal)
    seats = (await holders(work.db, work.organization.id, [node.id], work.today))[node.id]
    found = deciders(case, Stage.DECIDED, policy, seats, work.viewer.person_id, amount)
    check_votes(work, case, found, "the change of the plan")
    submission = await hand_in(
        work,
        node,
        Stage.DECIDED,
        policy,
        found,
        comment=why,
        purpose=Purpose.CHANGE,
        figures=told,
        proposal=proposal.kept(),
    )
    sentence = f"proposed to change the plan of “{node.name}”: {why} {in_short(proposal.changes)}"
    await work.record(FactKind.CHANGE_PROPOSED, sentence, on=submission, node_id=node.id)
    return submission.id


async def retract_change(
    work: Work, *, change: UUID, comment: str | None = None, expected_revision: int | None = None
) -> UUID:
    """Take an open change request or reopening back."""
    node, found = await find_change(work, change)
    await require(work, "retractChange", node)
    work.fresh(node, expected_revision, node.name)
    faults = Faults()
    why = cleaned(comment, "comment", faults)
    faults.refuse_if_any()
    asked = submitted(found)
    if asked.ended_at is not None:
        raise over(asked)
    submission = await Submission.get(id=change, using_db=work.db)
    await work.alter(submission, retracted=True, ended_at=work.at)
    await work.touch(node)
    told = f"retracted {asked.matter}"
    await work.record(FactKind.CHANGE_DECIDED, f"{told}: {why}" if why else f"{told}.", on=submission, node_id=node.id)
    return submission.id


async def decide_change(
    work: Work,
    *,
    change: UUID,
    outcome: DecisionOutcome,
    comment: str | None = None,
    confirmed: Decimal | None = None,
    checked_against: str | None = None,
    expected_revision: int | None = None,
) -> UUID:
    """Cast one's vote on a change request or a reopening. The vote that completes a GO writes it.

    RECYCLE sends it back with a comment, CANCEL gives the change up: the measure goes on as it was planned.
    """
    node, found = await find_change(work, change)
    if outcome is DecisionOutcome.HOLD:
        held = "HOLD puts a whole measure on hold: holdMeasure does that, and ends what is open."
        raise invalid(f"A change is decided with GO, RECYCLE or CANCEL. {held}", "outcome")
    reopening = found["purpose"] == Purpose.REOPENING
    proposal = None if reopening else Proposal.of(found["proposal"])
    case = with_sellers(await case_of(work, node), proposal.changes if proposal else ())
    voting = Voting(outcome, comment, confirmed, checked_against)
    ballot = await counted(work, node, case, found, voting, expected_revision)
    passes = ballot.result is DecisionOutcome.GO
    if passes:
        await (check_still_possible(work, node, proposal) if proposal else check_may_reopen(work, node, "change"))
    await keep(work, node, ballot)
    if passes:
        await (apply_change(work, node, change, proposal) if proposal else reopen(work, node))
    return change


async def find_change(work: Work, change: UUID) -> tuple[Node, dict[str, Any]]:
    """A change request or reopening with its measure. Raises the one NOT_FOUND for what is unknown or out of sight."""
    found = await submissions(work.db, work.organization.id, [change], column="id", lent_on=work.today)
    if not found or found[0]["purpose"] == Purpose.GATE:
        raise not_found("change")
    return await work.node(found[0]["node_id"], "change"), found[0]


async def _figures(work: Work, case: Case, proposal: Proposal) -> tuple[Money, tuple[tuple[str, str], ...]]:
    amounts = [value for each in proposal.changes for value in (each.before, each.after)]
    rates = await plan_rates(work, {value.currency for value in amounts if isinstance(value, Money)})
    try:
        return figures(case, proposal, rates, Month.containing(work.today))
    except ValueError as fault:
        message = f"The change cannot be converted into the reporting currency: {fault}."
        raise Refused(RefusalCode.INVALID, message, ["measure"]) from fault
