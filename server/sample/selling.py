"""The life of a sales plan as acts: quota, incentives, what the CRM reports, gates."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from server.actions.cascade import create_node, edit_node
from server.actions.milestones import attach_evidence
from server.actions.results import record_results
from server.actions.sales import set_incentives, set_quota
from server.domain.cascade import Level
from server.domain.policy import STEERING_COMMITTEE_ABOVE
from server.domain.sales import OpportunityState
from server.domain.stages import Stage
from server.sample.acts import Act, Pay, Ref, who
from server.sample.calendar import Calendar
from server.sample.deals import Deal, changed, deals, orphans
from server.sample.figures import Months, cut_quota, first_year, quota_by_month
from server.sample.grammar import Initiative, SalesPlan
from server.sample.passages import committee, ended, passage, sent_back, waiting
from server.sample.people import SELLERS
from server.sample.places import PROGRAMS, REGISTER, SPONSORS
from server.sample.steps import steps

_LEADS = {program.key: program.owner for program in PROGRAMS}
_SYNCS = (400, 210, 95, 33, 12, 5)  # days ago: when the CRM's changes were recorded
_CRM_CLERK = "birgit"
_NUMBERS = 1_000  # CRM numbers kept for each plan


def plan_acts(calendar: Calendar, number: int, plan: SalesPlan, above: Initiative) -> Iterator[Act]:
    """Everything that happened around a sales plan."""
    quota = quota_by_month(calendar, above, plan)
    made = deals(calendar, plan, quota, 10_000 + number * _NUMBERS)
    yield from _written(calendar, number, plan, above, quota)
    yield from _reported(calendar, plan, above, made)
    yield from _decided(plan, above, quota)
    yield from _delivered(calendar, plan, above, made)
    yield from sent_back(plan)
    yield from waiting(plan, above.controller, first_year(quota))
    yield from ended(calendar, plan)


def orphan_acts(calendar: Calendar) -> Iterator[Act]:
    """What the CRM reports and no plan claims."""
    yield Act(1, _CRM_CLERK, record_results, {"plan": None, "results": orphans(calendar)})


def _written(calendar: Calendar, number: int, plan: SalesPlan, above: Initiative, quota: Months) -> Iterator[Act]:
    created = plan.passed[0]
    fields = {
        "name": plan.name.format(fy=calendar.fiscal_label),
        "description": plan.about,
        "businessUnit": above.unit,
        "sponsor": who(SPONSORS[above.parent]),
        "controller": who(above.controller),
        "tags": list(plan.tags),
        "externalIds": [(REGISTER, f"S-{101 + number}")],
        "sellers": [SELLERS[key].name for key in plan.sellers],
    }
    given = {"level": Level.SALES_PLAN, "parent": Ref(plan.parent), "fields": fields}
    yield Act(created, plan.owner, create_node, given, plan.key)
    if plan.stage is Stage.DEFINED:
        return
    yield Act(created - 2, plan.owner, set_quota, {"plan": Ref(plan.key), "quota": cut_quota(plan, quota)})
    if plan.pay:
        shares = [
            Pay(who(seller), name, weight, Ref(rewards) if rewards else None)
            for seller in plan.sellers
            for name, weight, rewards in plan.pay
        ]
        yield Act(created - 2, plan.owner, set_incentives, {"plan": Ref(plan.key), "incentives": shares})
    if plan.risks or plan.overlaps:
        texts = {"risks": plan.risks, "overlaps": plan.overlaps}
        yield Act(created - 2, plan.owner, edit_node, {"node": Ref(plan.key), "fields": texts})
    yield from steps(calendar, plan, _LEADS[above.parent], created - 2)


def _reported(calendar: Calendar, plan: SalesPlan, above: Initiative, made: Sequence[Deal]) -> Iterator[Act]:
    """The CRM's changes, from the decision on, and up to closing; before that what is in the pipeline."""
    begun = min(plan.since(Stage.DECIDED) or 130, plan.passed[0] - 3)
    stops = {ago for stage in (Stage.IMPLEMENTED, Stage.CLOSED) if (since := plan.since(stage)) and (ago := since + 6)}
    end = plan.ended or above.ended
    over = plan.since(Stage.CLOSED) or (end.days if end else 0)
    syncs = sorted({ago for ago in (*_SYNCS, *stops) if over < ago <= max(begun, 2)}, reverse=True)
    before = None
    for ago in syncs:
        found = changed(calendar, list(made), ago, before, tidy=plan.stage > Stage.DECIDED)
        if found:
            yield Act(ago, _CRM_CLERK, record_results, {"plan": Ref(plan.key), "results": found})
        before = ago


def _decided(plan: SalesPlan, above: Initiative, quota: Months) -> Iterator[Act]:
    sponsor, lead, controller = SPONSORS[above.parent], _LEADS[above.parent], above.controller
    size = first_year(quota)
    if (ago := plan.since(Stage.IDENTIFIED)) is not None:
        yield from passage(plan, Stage.IDENTIFIED, ago + 4, [(lead, ago)], None, controller)
    if (ago := plan.since(Stage.DETAILED)) is not None:
        yield from passage(plan, Stage.DETAILED, ago + 5, [(sponsor, ago)], None, controller)
    if (ago := plan.since(Stage.DECIDED)) is not None:
        executives = committee(plan, large=size > STEERING_COMMITTEE_ABOVE)
        voters = (sponsor, controller, *executives)
        votes = list(zip(voters, (ago + 4, ago + 3, ago + 1, ago)[: len(voters)], strict=True))
        yield from passage(plan, Stage.DECIDED, ago + 6, votes, size, controller)


def _delivered(calendar: Calendar, plan: SalesPlan, above: Initiative, made: Sequence[Deal]) -> Iterator[Act]:
    if (ago := plan.since(Stage.IMPLEMENTED)) is not None:
        sponsor = SPONSORS[above.parent]
        yield from passage(plan, Stage.IMPLEMENTED, ago + 5, [(sponsor, ago)], None, above.controller)
    if (ago := plan.since(Stage.CLOSED)) is not None:
        seen = [deal.seen(calendar.day(ago + 6)) for deal in made]
        won = sum(
            (each.amount or Decimal(0) for each in seen if each and each.state is OpportunityState.WON), Decimal(0)
        )
        on = calendar.day(ago + 6)
        proof = {"measure": Ref(plan.key), "source": f"Reconciliation with invoices, {on:%B %Y}", "on": on}
        proof["url"] = f"https://docs.wendelau.example/closing/{plan.key}.pdf"
        explained = {"node": Ref(plan.key), "fields": {"varianceExplanation": plan.variance}}
        yield Act(ago + 6, plan.owner, edit_node, explained)
        yield Act(ago + 6, plan.owner, attach_evidence, proof)
        yield from passage(plan, Stage.CLOSED, ago + 5, [(above.controller, ago)], won, above.controller)
