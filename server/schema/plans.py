"""The versions of a decided plan, what differs between them, and the drift, as spoken (law §2)."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.money import Money as Exact
from server.domain.money import masked
from server.domain.months import Month
from server.domain.plans import Difference, PlanPart, Slot, Thing, Value, differences
from server.domain.refusals import RefusalCode, Refused
from server.domain.sales import SalesDimension
from server.domain.values import ValueKind
from server.models.plans import Version, versions
from server.schema import ids
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.money import Money, priced
from server.schema.node import Node, find
from server.schema.scalars import Currency

if TYPE_CHECKING:
    from server.schema.changes import ChangeRequest
# The back edge to what imports us.
_ChangeRequest = Annotated["ChangeRequest", strawberry.lazy("server.schema.changes")]
_From = Annotated[
    int | None, strawberry.argument(name="from", description="The number of another version; left out: the one before.")
]

spoken(
    PlanPart,
    "What a decided plan is made of.",
    ESTIMATE="The estimated value.",
    PLAN="A month of a value line.",
    QUOTA="A month of a sales plan's quota, of one segment where it is cut.",
    MILESTONE="The due date of a milestone.",
    INCENTIVE="The weight of a seller's incentive.",
)


@strawberry.type(description="What one place in a plan was and becomes; null where nothing was, or will be.")
class PlanDifference:
    """See the description."""

    part: PlanPart = strawberry.field(description="What part of the plan it is.")
    name: str = strawberry.field(description="The value line, milestone or seller; empty for quota and the estimate.")
    month: Month | None = strawberry.field(description="The month, of a value line or of quota.")
    dimension: SalesDimension | None = strawberry.field(description="By what quota is cut; null: it is not.")
    segment: str | None = strawberry.field(description="The segment of quota; of an incentive what it is called.")
    before: Money | None = strawberry.field(description="The amount before, where the part is money.")
    after: Money | None = strawberry.field(description="The amount after, where the part is money.")
    amount: Money | None = strawberry.field(description="After − before.")
    due_before: date | None = strawberry.field(description="The date before, of a milestone.")
    due_after: date | None = strawberry.field(description="The date after, of a milestone; null: it is taken out.")
    days: int | None = strawberry.field(description="By how many days a date moves; later is above zero.")
    weight_before: Decimal | None = strawberry.field(description="The weight before, in per cent, of an incentive.")
    weight_after: Decimal | None = strawberry.field(description="The weight after, in per cent, of an incentive.")
    sentence: str = strawberry.field(description="What changes, with the exact values.")
    thing_id: strawberry.Private[UUID | None]

    @edge("The value line, milestone or person, where there is one already.")
    async def on(self, info: Info) -> Node | None:
        """See the description."""
        kind = _KINDS.get(self.part)
        return await find(info.context, ids.issue(kind, self.thing_id)) if kind and self.thing_id else None

    @classmethod
    def of(cls, one: Difference, *, hidden: bool) -> "PlanDifference":
        """A difference of the law; without amounts where they are hidden."""
        slot, before, after = one.slot, one.before, one.after
        return cls(
            part=slot.part,
            name=one.name,
            month=slot.month,
            dimension=SalesDimension(slot.dimension) if slot.dimension else None,
            segment=slot.segment or None,
            before=None if hidden else _money(before),
            after=None if hidden else _money(after),
            amount=None if hidden else _money(one.amount),
            due_before=before if isinstance(before, date) else None,
            due_after=after if isinstance(after, date) else None,
            days=one.days,
            weight_before=Decimal(before).scaleb(-2) if isinstance(before, int) else None,
            weight_after=Decimal(after).scaleb(-2) if isinstance(after, int) else None,
            sentence=masked(one.sentence) if hidden else one.sentence,
            thing_id=slot.thing,
        )


_KINDS = {PlanPart.PLAN: "line", PlanPart.MILESTONE: "milestone", PlanPart.INCENTIVE: "person"}


def _money(value: Value | None) -> Money | None:
    return Money.of(value.units, value.currency) if isinstance(value, Exact) else None


@strawberry.type(description="A value line as a plan version has it.")
class PlannedLine:
    """See the description."""

    name: str = strawberry.field(description="Its name then.")
    kind: ValueKind = strawberry.field(description="What it is about.")
    currency: Currency = strawberry.field(description="The currency of its amounts.")
    months: list["PlannedMonth"] = strawberry.field(description="Its plan by month.")


@strawberry.type(description="What is planned for one month.")
class PlannedMonth:
    """See the description."""

    month: Month = strawberry.field(description="The month.")
    dimension: SalesDimension | None = strawberry.field(description="Of quota: by what it is cut; null: it is not.")
    segment: str | None = strawberry.field(description="Of quota: the segment it is for.")
    amount: Money | None = strawberry.field(description="How much; null for viewers who may not read money.")


@strawberry.type(description="A milestone as a plan version has it.")
class PlannedMilestone:
    """See the description."""

    name: str = strawberry.field(description="Its name then.")
    due: date = strawberry.field(description="The date that was decided.")
    critical: bool = strawberry.field(description="Whether the measure depended on it.")


@strawberry.type(description="An incentive as a plan version has it.")
class PlannedIncentive:
    """See the description."""

    seller: str = strawberry.field(description="Whose incentive it was.")
    name: str = strawberry.field(description="What is rewarded, in words.")
    weight: Decimal = strawberry.field(description="Per cent of the seller's whole incentive.")


@strawberry.type(description="A decided plan as it stood: version 1 by the gate into DECIDED, the others by changes.")
class PlanVersion:
    """See the description."""

    version: int = strawberry.field(description="Its number, from 1.")
    made_at: datetime = strawberry.field(description="When it was decided.")
    found: strawberry.Private[Version]

    @edge("The change request that made it; null for version 1.")
    async def change(self, info: Info) -> _ChangeRequest | None:
        """See the description."""
        from server.schema.changes import change_of  # noqa: PLC0415 — the back edge

        return await change_of(info.context, self.found.submission_id) if self.found.submission_id else None

    @edge("The estimated value.")
    async def estimated_value(self, info: Info) -> Money | None:
        """See the description."""
        value = self.found.plan.values.get(Slot(PlanPart.ESTIMATE))
        return _money(value) if await self._priced(info) else None

    @edge("Its value lines with their plan by month; of a sales plan none.")
    async def lines(self, info: Info) -> list[PlannedLine]:
        """See the description."""
        open_ = await self._priced(info)
        planned = self._of(PlanPart.PLAN)
        return [
            PlannedLine(
                name=thing.name,
                kind=ValueKind(thing.kind),
                currency=Currency(thing.currency),
                months=[_month(slot, value, hidden=not open_) for slot, value in planned if slot.thing == key],
            )
            for key, thing in sorted(self.found.plan.things.items())
            if thing.currency
        ]

    @edge("Quota by month and segment; of an initiative none.")
    async def quota(self, info: Info) -> list[PlannedMonth]:
        """See the description."""
        hidden = not await self._priced(info)
        return [_month(slot, value, hidden=hidden) for slot, value in self._of(PlanPart.QUOTA)]

    @edge("The milestones that were decided, by date.")
    async def milestones(self) -> list[PlannedMilestone]:
        """See the description."""
        told = [
            PlannedMilestone(name=thing.name, due=due, critical=thing.critical)
            for slot, due in self._of(PlanPart.MILESTONE)
            for thing in (self._thing(slot),)
            if isinstance(due, date)
        ]
        return sorted(told, key=lambda one: (one.due, one.name))

    @edge("What sellers are paid for; of an initiative none.")
    async def incentives(self) -> list[PlannedIncentive]:
        """See the description."""
        return [
            PlannedIncentive(seller=self._thing(slot).name, name=slot.segment, weight=Decimal(weight).scaleb(-2))
            for slot, weight in self._of(PlanPart.INCENTIVE)
            if isinstance(weight, int)
        ]

    @edge("What differs from another version, row by row. Of version 1 against none before it: nothing.")
    async def differences(self, info: Info, from_: _From = None) -> list[PlanDifference]:
        """See the description."""
        every = await versions_of(info.context, self.found.node_id)
        number = from_ if from_ is not None else max(self.version - 1, 1)
        other = next((one for one in every if one.number == number), None)
        if other is None:
            message = f"This plan has versions 1 to {len(every)}, and no version {number}."
            raise Refused(RefusalCode.INVALID, message, ["from"])
        hidden = not await self._priced(info)
        return [PlanDifference.of(one, hidden=hidden) for one in differences(other.plan, self.found.plan)]

    def _of(self, part: PlanPart) -> list[tuple[Slot, Value]]:
        own = [(slot, value) for slot, value in self.found.plan.values.items() if slot.part is part]
        return sorted(own, key=lambda item: item[0].order)

    def _thing(self, slot: Slot) -> Thing:
        return self.found.plan.things[slot.thing] if slot.thing else Thing("")

    async def _priced(self, info: Info) -> bool:
        return await priced(info.context, self.found.node_id)


def _month(slot: Slot, value: Value, *, hidden: bool) -> PlannedMonth:
    return PlannedMonth(
        month=slot.month or Month(0),
        dimension=SalesDimension(slot.dimension) if slot.dimension else None,
        segment=slot.segment or None,
        amount=None if hidden else _money(value),
    )


async def versions_of(context: Context, node_id: UUID) -> list[Version]:
    """The versions of a measure's plan, the first one first; none before DECIDED."""
    return await context.one(_versions, node_id) or []


async def plan_versions(context: Context, row: dict[str, Any]) -> list[PlanVersion]:
    """The same, as spoken."""
    if not row["in_sight"]:
        return []
    found = await versions_of(context, row["id"])
    return [PlanVersion(version=one.number, made_at=one.made_at, found=one) for one in found]


async def _versions(context: Context, node_ids: list[UUID]) -> dict[UUID, list[Version]]:
    return await versions(context.db, node_ids)
