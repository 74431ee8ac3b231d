"""Recording the deals of an extract, plan by plan; one that cannot be is told with its row, the rest goes on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from uuid import UUID

from server.actions.own_deals import own_names
from server.actions.rates import plan_rates
from server.actions.results import Key, Stored, amounts, compared, record_results, standing
from server.actions.standing import refusal, situation
from server.domain.matching import is_own
from server.exchange.extract import Extract, Opportunity
from server.exchange.places import Places
from server.exchange.progress import Written
from server.exchange.tables import RowFault
from server.live.work import Work
from server.models.cascade import Node

_AT_ONCE = 2_500
"""Deals that one fact tells of: more would keep everyone waiting at once, and make ledger entries of many megabytes."""


@dataclass(slots=True)
class Recorded:
    """What became of the deals."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    orphans: list[RowFault] = field(default_factory=list)
    not_taken: list[RowFault] = field(default_factory=list)


class Recording:
    """One run over the deals of an extract."""

    def __init__(self, work: Work, extract: Extract, places: Places, progress: Written) -> None:
        self.work, self.extract, self.places, self.progress = work, extract, places, progress
        self.recorded = Recorded()
        self._plans: dict[UUID, Node] = {}
        self._stored: dict[Key, Stored] = {}  # what stood of these deals when the run began
        self._holders: dict[str, UUID | None] = {}  # external id → the plan that holds it now
        self._closed: dict[UUID, str] = {}  # plans that take no results now → why
        self._matched = 0  # for how many the matching rules have found a plan
        self._own = frozenset[str]()  # what deals call who imports, where they sell themselves

    async def run(self) -> Recorded:
        """Record everything that can be."""
        by_plan: dict[UUID | None, list[Opportunity]] = {}
        for deal in await self._convertible():
            by_plan.setdefault(self._place(deal), []).append(deal)
        await self._look(by_plan)
        self._own = await own_names(self.work)
        done = 0
        # Orphans last, so that a fact about a plan comes before the one about what has none.
        for plan_id in sorted(by_plan, key=lambda plan_id: plan_id is None):
            for deals in _parts(by_plan[plan_id]):
                await self._record(plan_id, deals)
                done += len(deals)
                await self.progress(done)
        if self._matched:
            await self._hold(by_plan.get(None, []))
        self._tell_orphans(by_plan.get(None, []))
        return self.recorded

    async def _convertible(self) -> list[Opportunity]:
        """The deals whose amounts can be converted; the others lack a plan rate."""
        ours, deals = self.work.organization.reporting_currency, list(self.extract.opportunities)
        foreign = {deal.currency for deal in deals if deal.currency and deal.currency != ours}
        if not foreign:
            return deals
        rates, taken = await plan_rates(self.work, foreign), []
        for deal in deals:
            try:
                amounts(deal, deal.currency or ours, rates, self.work.today)
                taken.append(deal)
            except ValueError as why:
                reason = f"“{deal.external_id}”: {why}"
                self.recorded.not_taken.append(RowFault(deal.file, deal.line, "currency", deal.currency, reason))
        return taken

    def _place(self, deal: Opportunity) -> UUID | None:
        """The plan of a deal, if there is one."""
        plan = self.places.plan(deal.plan) if deal.plan else None
        if not isinstance(plan, Node):
            return None
        self._plans[plan.id] = plan
        return plan.id

    async def _look(self, by_plan: dict[UUID | None, list[Opportunity]]) -> None:
        """Who holds these deals now, and which plans take no results: closed, held or cancelled."""
        await self._hold(list(chain.from_iterable(by_plan.values())))
        others = {holder for holder in self._holders.values() if holder} - self._plans.keys()
        for node in await Node.filter(id__in=list(others)).using_db(self.work.db):
            self._plans[node.id] = node
        for plan in self._plans.values():
            refused = refusal("recordResults", await situation(self.work, plan), plan.name)
            if refused:
                self._closed[plan.id] = refused.message

    async def _hold(self, deals: Sequence[Opportunity]) -> None:
        """Read what stands of these deals, and which plan holds each of them now."""
        for part in _parts(deals):
            self._stored |= await standing(self.work, part)
        self._holders = {external_id: row["node_id"] for (_, external_id), row in self._stored.items()}

    async def _record(self, plan_id: UUID | None, deals: Sequence[Opportunity]) -> None:
        free, bound = list[Opportunity](), list[Opportunity]()
        for deal in deals:
            closed = plan_id in self._closed or self._holders.get(deal.external_id) in self._closed
            (bound if closed or is_own(self._own, deal.seller) else free).append(deal)
        if free:
            counts = await record_results(self.work, plan=plan_id, results=free, stored=self._stored)
            self._matched += counts["matched"]
            self.recorded.created += counts["created"]
            self.recorded.changed += counts["changed"]
            self.recorded.unchanged += counts["unchanged"]
        if bound:
            await self._leave(plan_id, bound)

    async def _leave(self, plan_id: UUID | None, deals: Sequence[Opportunity]) -> None:
        """Deals of plans that take none, and who imports' own: those that are as they were are fine.

        The others are told and left out.
        """
        found = await compared(self.work, self._plans[plan_id] if plan_id else None, deals, self._stored)
        differing = {row["external_id"] for row in found.written}
        for deal in deals:
            if deal.external_id not in differing:
                self.recorded.unchanged += 1
                continue
            holder = self._holders.get(deal.external_id)
            whys = (self._closed.get(place) for place in (holder, plan_id) if place)
            why = next(filter(None, whys), "you are its seller, and nobody records their own deals. Ask another to.")
            reason = f"“{deal.external_id}” was not recorded: {why}"
            self.recorded.not_taken.append(RowFault(deal.file, deal.line, "externalId", deal.external_id, reason))

    def _tell_orphans(self, deals: Sequence[Opportunity]) -> None:
        """Those that have no plan now, with the reason; one that stood under a plan has stayed there."""
        told = {(one.file, one.line): one for one in self.extract.orphans}
        left = {(one.file, one.line) for one in self.recorded.not_taken}
        for deal in deals:
            at = (deal.file, deal.line)
            if self._holders.get(deal.external_id) is None and at not in left:
                why = self.places.plan(deal.plan) if deal.plan else ""
                known = told.get(at) or RowFault(*at, None, None, f"Kept without a plan: {why}")
                self.recorded.orphans.append(known)


def _parts(deals: Sequence[Opportunity]) -> Iterator[Sequence[Opportunity]]:
    return (deals[start : start + _AT_ONCE] for start in range(0, len(deals), _AT_ONCE))
