"""The versions of a decided plan: what the gate into DECIDED freezes, and what a change makes of it (law §2)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from uuid import UUID

from server.actions.proposals import settled
from server.actions.sales import check_weights, note_quota, replace_quota
from server.actions.values import store_months
from server.domain.changes import Proposal
from server.domain.facts import FactKind
from server.domain.money import Money
from server.domain.months import Month
from server.domain.plan_form import document
from server.domain.plans import Difference, Plan, PlanPart
from server.domain.refusals import Faults, RefusalCode, Refused
from server.domain.values import Series
from server.domain.wording import SHOWN
from server.live.work import Work
from server.models.cascade import Milestone, Node
from server.models.gates import PlanVersion
from server.models.plans import Version, plans, versions
from server.models.sales import Incentive, Quota
from server.models.values import ValueLine

_Months = dict[Month, int | None]


async def freeze_plan(work: Work, node: Node, submission_id: UUID) -> None:
    """Keep the plan as version 1, and each milestone's date as its original one."""
    for milestone in await Milestone.filter(node_id=node.id, cancelled_reason=None).using_db(work.db):
        await work.alter(milestone, original_due=milestone.due)
    await _keep(work, node, 1, submission_id, (await plans(work.db, [node.id]))[node.id])


async def latest(work: Work, node: Node) -> Version:
    """The version of a decided measure's plan that is in force."""
    return (await versions(work.db, [node.id]))[node.id][-1]


async def check_still_possible(work: Work, node: Node, proposal: Proposal) -> None:
    """Refuse (CRITERIA_UNMET) to let a change pass that what has happened since no longer allows."""
    moved = [each.slot.thing for each in proposal.changes if each.slot.part is PlanPart.MILESTONE]
    found = await Milestone.filter(id__in=[key for key in moved if key]).using_db(work.db)
    told = [why for why in (settled(each) for each in found) if why]
    faults = Faults()
    if _incentives(proposal):
        after = (await latest(work, node)).plan.with_(proposal.changes, proposal.things)
        names = {key: thing.name for key, thing in after.things.items()}
        await check_weights(work, node, _weights(after), names, faults)
    told += faults.sentences
    if told:
        message = f"The change of the plan of “{node.name}” no longer fits: {told[0]} Recycle it, to be proposed anew."
        raise Refused(RefusalCode.CRITERIA_UNMET, message, ["change"], told)


async def apply_change(work: Work, node: Node, submission_id: UUID, proposal: Proposal) -> None:
    """Write a change that was decided into the plan, and keep the plan as its next version: one fact.

    The original dates of version 1 stay; a milestone that the change brings in has the date that was decided.
    """
    before = await latest(work, node)
    if not await PlanVersion.filter(node_id=node.id).using_db(work.db).exists():
        await _keep(work, node, before.number, before.submission_id or submission_id, before.plan)
    await _lines(work, node, proposal)
    await _quota(work, node, proposal)
    await _milestones(work, node, proposal)
    await _replace_incentives(work, node, proposal)
    for each in proposal.changes:
        if each.slot.part is PlanPart.ESTIMATE and isinstance(each.after, Money):
            await work.alter(node, estimated_units=each.after.units, estimated_currency=each.after.currency)
    after = before.plan.with_(proposal.changes, proposal.things)
    await _keep(work, node, before.number + 1, submission_id, after)
    await work.touch(node)
    told = f"changed the plan of “{node.name}” to version {before.number + 1}. {in_short(proposal.changes)}"
    await work.record(FactKind.PLAN_CHANGED, told, on=node)


def in_short(changes: Iterable[Difference]) -> str:
    """What a change changes, in sentences; of more than five the rest is counted."""
    told = [each.sentence for each in changes]
    more = f"And {len(told) - SHOWN} more." if len(told) > SHOWN else ""
    return " ".join([*told[:SHOWN], more]).strip()


async def _keep(work: Work, node: Node, number: int, submission_id: UUID, plan: Plan) -> None:
    version = PlanVersion(
        organization_id=work.organization.id,
        node_id=node.id,
        version=number,
        submission_id=submission_id,
        made_at=work.at,
        document=document(plan),
    )
    await work.add(version)


async def _lines(work: Work, node: Node, proposal: Proposal) -> None:
    months: dict[UUID, _Months] = defaultdict(dict)
    for each in proposal.changes:
        if each.slot.part is PlanPart.PLAN and each.slot.thing and each.slot.month:
            months[each.slot.thing][each.slot.month] = each.after.units if isinstance(each.after, Money) else None
    for key, wanted in months.items():
        if key in proposal.made:
            line = ValueLine(id=key, organization_id=work.organization.id, node_id=node.id, **proposal.made[key])
            await work.add(line)
        else:
            line = await ValueLine.get(id=key, using_db=work.db)
        await store_months(work, line, Series.PLAN, wanted)
        await work.touch(line)


async def _quota(work: Work, node: Node, proposal: Proposal) -> None:
    changes = [each for each in proposal.changes if each.slot.part is PlanPart.QUOTA and each.slot.month]
    if not changes:
        return
    keys = {(each.slot.month or Month(0), each.slot.dimension, each.slot.segment): each for each in changes}
    stored = await Quota.filter(node_id=node.id).using_db(work.db)
    gone = [row.row for row in stored if (Month(row.month), row.dimension, row.segment) in keys]
    wanted = {key: each.after.units for key, each in keys.items() if isinstance(each.after, Money)}
    await replace_quota(work, node, gone, wanted)
    for key, each in keys.items():
        before, after = (value.units if isinstance(value, Money) else None for value in (each.before, each.after))
        note_quota(work, node, key, before, after)


async def _milestones(work: Work, node: Node, proposal: Proposal) -> None:
    for each in proposal.changes:
        key = each.slot.thing
        if each.slot.part is not PlanPart.MILESTONE or key is None:
            continue
        if key in proposal.made:
            columns = proposal.made[key]
            made = Milestone(id=key, organization_id=work.organization.id, node_id=node.id, **columns)
            made.original_due = made.due
            await work.add(made)
            continue
        milestone = await Milestone.get(id=key, using_db=work.db)
        if each.after is None:
            await work.alter(milestone, cancelled_reason=proposal.cancelled[key])
        else:
            await work.alter(milestone, due=each.after, original_due=milestone.original_due or each.after)


def _weights(plan: Plan) -> Counter[UUID]:
    sums = Counter[UUID]()
    for slot, value in plan.values.items():
        if slot.part is PlanPart.INCENTIVE and slot.thing and isinstance(value, int):
            sums[slot.thing] += value
    return sums


def _incentives(proposal: Proposal) -> list[tuple[tuple[UUID, str, UUID | None], object]]:
    return [
        ((each.slot.thing, each.slot.segment, each.slot.rewards), each.after)
        for each in proposal.changes
        if each.slot.part is PlanPart.INCENTIVE and each.slot.thing
    ]


async def _replace_incentives(work: Work, node: Node, proposal: Proposal) -> None:
    changed = dict(_incentives(proposal))
    if not changed:
        return
    for row in await Incentive.filter(node_id=node.id).using_db(work.db):
        if (row.seller_id, row.name, row.rewards_id) in changed:
            await work.drop(row)
    made = [
        Incentive(
            organization_id=work.organization.id,
            node_id=node.id,
            seller_id=seller,
            name=name,
            weight=weight,
            rewards_id=rewards,
        )
        for (seller, name, rewards), weight in changed.items()
        if weight is not None
    ]
    await work.add(*made)
