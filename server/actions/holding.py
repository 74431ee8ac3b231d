"""Holding, cancelling and resuming measures (law §2, rights §3)."""

from datetime import date
from uuid import UUID

from server.actions.standing import require
from server.domain.cascade import Level, Standing
from server.domain.facts import FactKind
from server.domain.refusals import Faults, RefusalCode, Refused
from server.domain.stages import Stage
from server.domain.texts import cleaned
from server.domain.votes import DecisionOutcome
from server.live.work import Work
from server.models.cascade import Node
from server.models.gates import Submission

_ENDS_WITH = {Standing.ON_HOLD: DecisionOutcome.HOLD, Standing.CANCELLED: DecisionOutcome.CANCEL}


async def hold_measure(
    work: Work, *, measure: UUID, review_on: date, reason: str, expected_revision: int | None = None
) -> UUID:
    """Put a measure on hold until a review date; an initiative's open sales plans with it. Ends an open submission."""
    node = await work.node(measure, "measure")
    await require(work, "holdMeasure", node)
    work.fresh(node, expected_revision, node.name)
    faults = Faults()
    why = cleaned(reason, "reason", faults, required=True)
    check_review(review_on, work.today, faults)
    faults.refuse_if_any()
    await stand(work, node, Standing.ON_HOLD, why or "", review_on)
    return node.id


async def cancel_measure(work: Work, *, measure: UUID, reason: str, expected_revision: int | None = None) -> UUID:
    """Cancel a measure for good, with its reason; an initiative's open sales plans with it. Ends an open submission."""
    node = await work.node(measure, "measure")
    await require(work, "cancelMeasure", node)
    work.fresh(node, expected_revision, node.name)
    faults = Faults()
    why = cleaned(reason, "reason", faults, required=True)
    faults.refuse_if_any()
    await stand(work, node, Standing.CANCELLED, why or "")
    return node.id


async def resume_measure(
    work: Work, *, measure: UUID, comment: str | None = None, expected_revision: int | None = None
) -> UUID:
    """Resume a held measure at the stage it had. Sales plans held with an initiative are resumed one by one."""
    node = await work.node(measure, "measure")
    await require(work, "resumeMeasure", node)
    work.fresh(node, expected_revision, node.name)
    faults = Faults()
    why = cleaned(comment, "comment", faults)
    faults.refuse_if_any()
    above = await Node.get(id=node.parent_id, using_db=work.db)
    if above.standing != Standing.ACTIVE:
        how = "is on hold" if above.standing == Standing.ON_HOLD else "was cancelled"
        message = f"“{node.name}” stands under “{above.name}”, which {how}: resume that first, or move this one."
        raise Refused(RefusalCode.WRONG_STAGE, message)
    await work.alter(node, standing=Standing.ACTIVE.value, standing_reason=None, review_on=None)
    told = f"resumed “{node.name}”"
    await work.record(FactKind.STANDING_CHANGED, f"{told}: {why}" if why else f"{told}.", on=node)
    return node.id


def check_review(review_on: date | None, today: date, faults: Faults) -> None:
    """A hold is looked at again on a day to come."""
    if review_on is None:
        faults.add("A hold needs the day on which it is looked at again: give reviewOn.", "reviewOn")
    elif review_on <= today:
        faults.add(f"The review date {review_on} is not in the future: choose a later day.", "reviewOn")


async def stand(work: Work, node: Node, standing: Standing, reason: str, review_on: date | None = None) -> None:
    """Hold or cancel a measure and, of an initiative, its open sales plans: each a fact of its own (law §2)."""
    await _apply(work, node, standing, reason, review_on, "")
    if node.level != Level.INITIATIVE:
        return
    plans = await Node.filter(parent_id=node.id, level=Level.SALES_PLAN.value).using_db(work.db).order_by("id")
    touched = {Standing.ACTIVE, Standing.ON_HOLD} if standing is Standing.CANCELLED else {Standing.ACTIVE}
    for plan in plans:
        if plan.stage != Stage.CLOSED and Standing(plan.standing) in touched:
            await _apply(work, plan, standing, reason, review_on, f" with its initiative “{node.name}”")


async def _apply(work: Work, node: Node, standing: Standing, reason: str, review_on: date | None, along: str) -> None:
    open_one = await Submission.filter(node_id=node.id, ended_at=None).using_db(work.db).first()
    if open_one is not None:
        await work.alter(open_one, outcome=_ENDS_WITH[standing].value, ended_at=work.at)
    await work.alter(node, standing=standing.value, standing_reason=reason, review_on=review_on)
    until = f" until {review_on}" if review_on else ""
    act = f"put “{node.name}” on hold{until}" if standing is Standing.ON_HOLD else f"cancelled “{node.name}”"
    await work.record(FactKind.STANDING_CHANGED, f"{act}{along}: {reason}", on=node)
