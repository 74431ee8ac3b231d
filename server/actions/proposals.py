"""From what somebody wants to change of a decided plan to the proposal that is decided upon: all faults at once.

The validators are those of the acts that write the same before DECIDED (`setPlan`, `setQuota`, `addMilestone` …).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from server.actions.milestones import milestone_columns
from server.actions.node_fields import estimate_columns
from server.actions.sales import check_not_own, check_other_seller, checked_incentives
from server.actions.values import line_columns
from server.domain.cascade import Level
from server.domain.changes import LineMonths, NewLine, Proposal, Wanted, gone, passed
from server.domain.money import CURRENCIES, Money
from server.domain.months import Month
from server.domain.plans import Plan, PlanPart, Slot, Thing, Value, differences
from server.domain.refusals import Faults, RefusalCode, Refused
from server.domain.sales import QuotaAmount, SalesDimension, check_quota
from server.domain.stages import Stage
from server.domain.texts import cleaned
from server.domain.values import NEVER_RECURRING, Series, ValueKind, check_months
from server.live.work import Work
from server.models.cascade import Milestone, Node
from server.models.people import Person
from server.models.row import new_id
from server.models.values import ValueLine

_LINES = ("plan", "newLines", "estimatedValue")
_SALES = ("quota", "incentives")
_STEPS = ("dueDates", "newMilestones", "cancelMilestones")


@dataclass(slots=True)
class _Draft:
    """The next plan while it is put together, and the `base` that it is compared with."""

    work: Work
    node: Node
    faults: Faults
    base: dict[Slot, Value]
    values: dict[Slot, Value]
    things: dict[UUID, Thing]
    made: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    cancelled: dict[UUID, str] = field(default_factory=dict)

    @property
    def this_month(self) -> Month:
        return Month.containing(self.work.today)


async def proposed(work: Work, node: Node, base: Plan, wanted: Wanted) -> Proposal:
    """The difference that `wanted` makes of a plan. Raises INVALID with every fault, or where nothing would change."""
    draft = _Draft(work, node, Faults(), dict(base.values), dict(base.values), dict(base.things))
    _check_parts(node, wanted, draft.faults)
    await _plan(draft, wanted.plan)
    for index, line in enumerate(wanted.new_lines):
        _new_line(draft, line, index)
    if wanted.quota:
        await _quota(draft, wanted.quota)
    if wanted.incentives is not None:
        await _incentives(draft, wanted)
    await _milestones(draft, wanted)
    if wanted.estimate is not None:
        columns = estimate_columns(wanted.estimate, draft.faults)
        if columns:
            draft.values[Slot(PlanPart.ESTIMATE)] = Money(columns["estimated_units"], columns["estimated_currency"])
    draft.faults.refuse_if_any()
    changes = differences(Plan(draft.base, draft.things), Plan(draft.values, draft.things))
    if not changes:
        message = f"This changes nothing of the plan of “{node.name}”: propose what is to differ from it."
        raise Refused(RefusalCode.INVALID, message, ["measure"])
    told = {each.slot.thing for each in changes}
    things = {key: thing for key, thing in draft.things.items() if key in told}
    return Proposal(changes, things, draft.made, draft.cancelled)


def _check_parts(node: Node, wanted: Wanted, faults: Faults) -> None:
    """A sales plan has quota and incentives, an initiative value lines; milestones freeze at IMPLEMENTED."""
    given = {
        "plan": wanted.plan,
        "newLines": wanted.new_lines,
        "estimatedValue": wanted.estimate is not None,
        "quota": wanted.quota,
        "incentives": wanted.incentives is not None,
        "dueDates": wanted.due,
        "newMilestones": wanted.new_milestones,
        "cancelMilestones": wanted.cancelled,
    }
    selling = node.level == Level.SALES_PLAN
    for part in _LINES if selling else _SALES:
        if given[part]:
            what = "a sales plan; its plan is quota and incentives" if selling else "an initiative; it has value lines"
            faults.add(f"“{node.name}” is {what}: leave {part} out.", part)
    if Stage(str(node.stage)) < Stage.IMPLEMENTED:
        return
    for part in _STEPS:
        if given[part]:
            stage = Stage(str(node.stage)).spoken
            faults.add(f"“{node.name}” stands at {stage}, where milestones are frozen: leave {part} out.", part)


async def _plan(draft: _Draft, lines: Sequence[LineMonths]) -> None:
    ids = [each.line for each in lines]
    found = await ValueLine.filter(id__in=ids, node_id=draft.node.id).using_db(draft.work.db) if ids else []
    known = {line.id: line for line in found}
    for index, each in enumerate(lines):
        faults = draft.faults.within("plan", str(index))
        line = known.get(each.line)
        if line is None:
            faults.add(f"“{draft.node.name}” has no such value line. Check the id.", "line")
        elif ids.index(each.line) != index:
            faults.add(f"“{line.name}” is named twice; put all its months together.", "line")
        else:
            _months(draft, line, each, faults)


def _months(draft: _Draft, line: ValueLine, asked: LineMonths | NewLine, faults: Faults) -> None:
    kind = ValueKind(line.kind)
    for index, each in enumerate(asked.months):
        if why := passed(each.month, draft.this_month):
            faults.add(why, "months", str(index), "month")
    for month, units in check_months(Series.PLAN, kind, line.currency, asked.months, draft.this_month, faults).items():
        slot = Slot(PlanPart.PLAN, line.id, month)
        draft.values.pop(slot, None)
        if units is not None:
            draft.values[slot] = Money(units, line.currency)


def _new_line(draft: _Draft, asked: NewLine, index: int) -> None:
    faults = draft.faults.within("newLines", str(index))
    work, kind = draft.work, asked.kind
    recurring = asked.recurring and kind not in NEVER_RECURRING
    currency = asked.currency or work.organization.reporting_currency
    line = ValueLine(id=new_id(), node_id=draft.node.id, kind=kind.value, recurring=recurring, currency=currency)
    columns = line_columns(work, line, {"name": None, **asked.fields}, faults)
    if currency not in CURRENCIES:
        return
    _months(draft, line, asked, faults)
    draft.things[line.id] = Thing(columns["name"] or "", kind.value, currency, recurring)
    draft.made[line.id] = {"kind": kind.value, "recurring": recurring, "currency": currency, **columns}


async def _quota(draft: _Draft, quota: Sequence[QuotaAmount]) -> None:
    named = {asked.month for asked in quota}
    standing = [slot for slot in draft.values if slot.part is PlanPart.QUOTA]
    seller = SalesDimension.SELLER.value
    replaced = {slot.segment for slot in standing if slot.month in named and slot.dimension == seller}
    await check_other_seller(draft.work, draft.node, quota, replaced)
    for index, asked in enumerate(quota):
        if why := passed(asked.month, draft.this_month):
            draft.faults.add(why, "quota", str(index), "month")
    others = {slot.dimension for slot in standing if slot.month not in named}
    currency = draft.work.organization.reporting_currency
    wanted = check_quota(quota, others, currency, draft.faults)
    for slot in standing:
        if slot.month in named:
            del draft.values[slot]
    for (month, dimension, segment), units in wanted.items():
        draft.values[Slot(PlanPart.QUOTA, None, month, dimension, segment)] = Money(units, currency)


async def _incentives(draft: _Draft, wanted: Wanted) -> None:
    shares = wanted.incentives or ()
    check_not_own(draft.work, draft.node, shares)
    checked = await checked_incentives(draft.work, draft.node, shares, draft.faults)
    sellers = await Person.filter(id__in=[seller for seller, *_ in checked]).using_db(draft.work.db)
    draft.things |= {person.id: Thing(person.name) for person in sellers}
    for slot in [slot for slot in draft.values if slot.part is PlanPart.INCENTIVE]:
        del draft.values[slot]
    for seller, name, weight, rewards in checked:
        draft.values[Slot(PlanPart.INCENTIVE, seller, None, "", name, rewards)] = weight


async def _milestones(draft: _Draft, wanted: Wanted) -> None:
    ids = [*(key for key, _ in wanted.due), *(key for key, _ in wanted.cancelled)]
    found = await Milestone.filter(id__in=ids, node_id=draft.node.id).using_db(draft.work.db) if ids else []
    known = {milestone.id: milestone for milestone in found}
    for index, (key, due) in enumerate(wanted.due):
        faults = draft.faults.within("dueDates", str(index))
        milestone = _movable(draft, known.get(key), ids, index, faults)
        if why := gone(due, draft.work.today):
            faults.add(why, "due")
        if milestone:
            _step(draft, milestone.id, _thing(milestone), due)
    for index, (key, reason) in enumerate(wanted.cancelled):
        faults = draft.faults.within("cancelMilestones", str(index))
        why = cleaned(reason, "reason", faults, required=True)
        milestone = _movable(draft, known.get(key), ids, len(wanted.due) + index, faults)
        if milestone and why:
            draft.cancelled[milestone.id] = why
            slot = Slot(PlanPart.MILESTONE, milestone.id)
            draft.base.setdefault(slot, milestone.due)  # one that was added since, and never decided upon
            draft.values.pop(slot, None)
            draft.things[milestone.id] = _thing(milestone)
    for index, fields in enumerate(wanted.new_milestones):
        await _new_milestone(draft, fields, index)


def _movable(
    draft: _Draft, milestone: Milestone | None, ids: list[UUID], index: int, faults: Faults
) -> Milestone | None:
    """A milestone that a change may move or take out: named once, and still to be achieved."""
    if milestone is None:
        faults.add(f"“{draft.node.name}” has no such milestone. Check the id.", "milestone")
        return None
    why = settled(milestone)
    if ids.index(milestone.id) != index:
        why = f"“{milestone.name}” is named twice; move it, or take it out."
    if why:
        faults.add(why, "milestone")
        return None
    return milestone


def settled(milestone: Milestone) -> str | None:
    """Why a milestone can no longer be moved or taken out; None where it can."""
    if milestone.cancelled_reason:
        return f"“{milestone.name}” was cancelled."
    return f"“{milestone.name}” was achieved on {milestone.achieved_on}." if milestone.achieved_on else None


async def _new_milestone(draft: _Draft, fields: Mapping[str, Any], index: int) -> None:
    faults = draft.faults.within("newMilestones", str(index))
    columns = await milestone_columns(draft.work, {"critical": False, **fields}, faults, creating=True)
    if not {"due", "measure_type", "critical"} <= columns.keys():  # null where there must be something: told already
        return
    if why := gone(columns["due"], draft.work.today):
        faults.add(why, "due")
    key = new_id()
    draft.made[key] = columns
    _step(
        draft, key, Thing(columns["name"] or "", columns["measure_type"], critical=columns["critical"]), columns["due"]
    )


def _thing(milestone: Milestone) -> Thing:
    return Thing(milestone.name, milestone.measure_type, critical=milestone.critical)


def _step(draft: _Draft, key: UUID, thing: Thing, due: date) -> None:
    draft.things[key] = thing
    draft.values[Slot(PlanPart.MILESTONE, key)] = due
