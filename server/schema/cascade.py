"""The cascade, as spoken: objectives, portfolios, programs, and the measures below them."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import itemgetter
from typing import Annotated, Any, Self
from uuid import UUID

import strawberry

from server.domain.cascade import Level, Standing
from server.domain.months import Month
from server.domain.purposes import closed_above
from server.domain.rights import acts_at
from server.domain.stages import Stage
from server.models.database import rows
from server.models.scope import known, priced, seen
from server.schema import ids
from server.schema.activities import SalesActivity, activities_of
from server.schema.acts import Permission, permissions
from server.schema.alignment import Alignment, alignment_of
from server.schema.bottlenecks import Bottleneck, Most, bottlenecks_of
from server.schema.budgets import Budget, FiscalYear, budget_figure, budgets_of
from server.schema.changes import ChangeRequest, changes_of
from server.schema.connections import After, Connection, First, Listing, check_first
from server.schema.context import Context, Info
from server.schema.corrections import Correction, corrections_below
from server.schema.drift import PlanDrift, drift_of
from server.schema.fields import edge
from server.schema.figures import Figure
from server.schema.findings import Codes, Finding, Resolved, Severities, findings_of
from server.schema.gates import Gate, gates_of, next_gate_of
from server.schema.indicators import HypothesisVerdict, Indicator, indicators_of, verdict_of
from server.schema.lights import (
    BetterThanProposed,
    LightCell,
    Lights,
    LightView,
    View,
    better_than_proposed,
    light_matrix,
    lights_of,
)
from server.schema.lists import CascadeFilter, CascadeOrder, Filter, OrderBy, Row, cursor_key, listed
from server.schema.milestones import Evidence, Milestone, evidence_of_measures, milestones_of
from server.schema.money import Money, amounts
from server.schema.node import Node, resolves
from server.schema.opportunities import Opportunity, OpportunityFilter, opportunities_of
from server.schema.people import Person, people_in, person_of
from server.schema.plans import PlanVersion, plan_versions
from server.schema.rollups import RollUp, roll_up_of
from server.schema.rowed import Maker, Rowed, member, same
from server.schema.sales import CapacityLine, Incentive, QuotaLine, capacity_of, incentives_of, quota_of
from server.schema.sales_figures import SalesFigures, sales_of
from server.schema.scalars import Revision
from server.schema.support import supported_by
from server.schema.sustain import SustainWindow, sustain_of
from server.schema.values import ValueLine, value_lines_of
from server.schema.wanted import names_below


@strawberry.type(description="How another system calls a node.")
class ExternalId:
    """See the description."""

    system: str = strawberry.field(description="The other system.")
    id: str = strawberry.field(description="Its id there.")


Opportunities = Annotated[OpportunityFilter | None, strawberry.argument(description="Which ones.")]
From = Annotated[Month | None, strawberry.argument(name="from", description="First month; default: the fiscal year's.")]
To = Annotated[Month | None, strawberry.argument(description="Last month; default: the fiscal year's.")]


async def _children(
    info: Info,
    sources: Sequence[Row],
    first: int = 20,
    after: str | None = None,
    filter: CascadeFilter | None = None,  # noqa: A002 — the contract's word
    order_by: CascadeOrder = CascadeOrder.NAME,
) -> Sequence[Connection["CascadeNode"]]:
    return await connections(info, [row["id"] for row in sources], first, after, filter, order_by)


def _hidden(row: Row) -> dict[str, Any]:
    """A row of which the viewer knows only the name: the rest is empty."""
    known = {name: row[name] for name in ("id", "level", "parent_id", "in_sight")}
    return dict.fromkeys(row.keys()) | known | {"tags": [], "sellers": []}


def _shown(row: Row) -> dict[str, Any]:
    """What the fields of such a node are read from: its name, and what stands beside it in the tree."""
    names = {"revision", "name", "standing", "stage"} & set(row.keys())
    return _hidden(row) | {name: row[name] for name in names}


@strawberry.interface(
    description="Anything in the cascade above a milestone. What lies above the viewer's seats shows its name only."
)
class CascadeNode(Rowed, Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    level: Level = strawberry.field(description="Its level.")
    name: str = strawberry.field(description="Its name.")
    description: str | None = strawberry.field(description="What it is about.")
    standing: Standing = strawberry.field(description="Active, on hold or cancelled.")
    business_unit: str | None = strawberry.field(description="The unit of the organization that it belongs to.")
    tags: list[str] = strawberry.field(description="Free words to find it by.")
    row: strawberry.Private[dict[str, Any]]
    columns = {  # noqa: RUF012 — as in every class of rows
        "id": ids.reader("node"),
        "level": member(Level, "level"),
        "standing": member(Standing, "standing"),
        **same("revision", "name", "description", "business_unit", "tags"),
    }

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """The node of a row. Where the viewer knows only its name, the rest is empty."""
        if row["in_sight"]:
            return cls.from_source(row, row=row)
        return cls.from_source(_shown(row), row=_hidden(row))

    @edge("Who answers for it.", together=people_in("owner_id"))
    async def owner(self, info: Info) -> Person | None:
        """See the description."""
        return await _person(info, self.row["owner_id"])

    @edge("How other systems call it.")
    async def external_ids(self, info: Info) -> list[ExternalId]:
        """See the description."""
        return await info.context.one(_external_ids, self.row["id"]) or []

    @edge("What it sits under; null at the top.")
    async def parent(self, info: Info) -> "CascadeNode | None":
        """See the description."""
        return await node_of(info.context, self.row["parent_id"]) if self.row["parent_id"] else None

    @edge("All that it sits under, from the top down.")
    async def ancestors(self, info: Info) -> list["CascadeNode"]:
        """See the description."""
        above = await info.context.one(_ancestor_ids, self.row["id"]) or []
        found = [await node_of(info.context, each) for each in above]
        return [node for node in found if node]

    @edge("What sits right below it.", together=_children)
    async def children(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        filter: Filter = None,  # noqa: A002 — the contract's word
        order_by: OrderBy = CascadeOrder.NAME,
    ) -> Connection["CascadeNode"]:
        """See the description."""
        return await connection(info, self.row["id"], first, after, filter, order_by)

    @edge("Everything below it.")
    async def descendants(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        filter: Filter = None,  # noqa: A002 — the contract's word
        order_by: OrderBy = CascadeOrder.NAME,
    ) -> Connection["CascadeNode"]:
        """See the description."""
        return await connection(info, self.row["id"], first, after, filter, order_by, deep=True)

    @edge("The value below it that the viewer sees.")
    async def roll_up(self, info: Info, from_: From = None, to: To = None) -> RollUp:
        """See the description."""
        return await roll_up_of(info, self.row["id"], from_, to)

    @edge("The sales figures of all sales plans below it.")
    async def sales(self, info: Info, from_: From = None, to: To = None) -> SalesFigures:
        """See the description."""
        return await sales_of(info, self.row["id"], from_, to)

    @edge("Every correction of an actual below it, newest first.")
    async def corrections(self, info: Info, first: First = 20, after: After = None) -> Connection[Correction]:
        """See the description."""
        return await corrections_below(info, self.row["id"], first, after)

    @edge("What it is measured by, by name.")
    async def indicators(self, info: Info) -> list[Indicator]:
        """See the description."""
        return await indicators_of(info.context, self.row["id"])

    @edge("Its two lights.")
    async def lights(self, info: Info) -> Lights:
        """See the description."""
        return await lights_of(info, self.row)

    @edge("The active measures below it by their two lights: sixteen cells, implementation first, grey to red.")
    async def light_matrix(self, info: Info, view: View = LightView.SHOWN) -> list[LightCell]:
        """See the description."""
        return await light_matrix(info, self.row["id"], view)

    @edge("Who set lights below it better than the server proposed, most often first.")
    async def better_than_proposed(self, info: Info) -> list[BetterThanProposed]:
        """See the description."""
        return await better_than_proposed(info, self.row["id"])

    @edge("What the system noticed by itself here and below, most money first.")
    async def findings(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        codes: Codes = None,
        severity: Severities = None,
        include_resolved: Resolved = False,
    ) -> Connection[Finding]:
        """See the description."""
        return await findings_of(info, self.row["id"], first, after, codes, severity, include_resolved)

    @edge("Whether quota, pay and time below it point where the strategy does.")
    async def alignment(self, info: Info, from_: From = None, to: To = None) -> Alignment:
        """See the description."""
        initiative = self.row["parent_id"] if self.level is Level.SALES_PLAN else None
        return await alignment_of(info, self.row["id"], from_, to, initiative=initiative)

    @edge("What holds up most money right now, here and below.")
    async def bottlenecks(self, info: Info, first: Most = 10) -> list[Bottleneck]:
        """See the description."""
        return await bottlenecks_of(info, self.row["id"], first)

    @edge("What the viewer may do here, and why not.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        return await self.permissions(info)

    async def permissions(self, info: Info) -> list[Permission]:
        """The same, for a level to add what the table of rights cannot know."""
        return await permissions(info, self.row, acts_at(Level(self.row["level"])))


@strawberry.interface(description="What passes gates: an initiative or a sales plan.")
class Measure(CascadeNode):
    """See the description."""

    stage: Stage = strawberry.field(description="The stage it stands at.")
    staged_on: datetime | None = strawberry.field(description="When it came to its stage.")
    standing_reason: str | None = strawberry.field(description="Why it is on hold or was cancelled.")
    review_on: date | None = strawberry.field(description="While on hold: when that is looked at again.")
    estimated_value: Money | None = strawberry.field(
        description="Its estimated size; of a sales plan: the first year's quota. "
        "Null for viewers who may not read money."
    )
    risks: str | None = strawberry.field(description="What may go wrong.")
    overlaps: str | None = strawberry.field(description='What it overlaps with, or "none".')
    gap_explanation: str | None = strawberry.field(
        description="Why quota falls short of the planned revenue, where it does."
    )
    variance_explanation: str | None = strawberry.field(description="Why actual and plan differ, for closing.")

    columns = CascadeNode.columns | {
        "stage": member(Stage, "stage"),
        "staged_on": itemgetter("staged_at"),
        "estimated_value": amounts("estimated_units", "estimated_currency"),
        **same("standing_reason", "review_on", "risks", "overlaps", "gap_explanation", "variance_explanation"),
    }

    @edge("Who decides for the business.", together=people_in("sponsor_id"))
    async def sponsor(self, info: Info) -> Person | None:
        """See the description."""
        return await _person(info, self.row["sponsor_id"])

    @edge("Who confirms its value in the books.", together=people_in("controller_id"))
    async def controller(self, info: Info) -> Person | None:
        """See the description."""
        return await _person(info, self.row["controller_id"])

    @edge("The gate it stands before; null once it is closed.")
    async def next_gate(self) -> Gate | None:
        """See the description."""
        return next_gate_of(self.row, self.stage)

    @edge("Its five gates, in order.")
    async def gates(self) -> list[Gate]:
        """See the description."""
        return gates_of(self.row)

    @edge("The versions of its plan since DECIDED, the first one first.")
    async def plan_versions(self, info: Info) -> list[PlanVersion]:
        """See the description."""
        return await plan_versions(info.context, self.row)

    @edge("How far its plan has come from version 1; null before DECIDED.")
    async def drift(self, info: Info) -> PlanDrift | None:
        """See the description."""
        return await drift_of(info.context, self.row, selling=self.level is Level.SALES_PLAN)

    @edge("Changes of its plan and reopenings that were proposed, newest first.")
    async def change_requests(self, info: Info) -> list[ChangeRequest]:
        """See the description."""
        return await changes_of(info.context, self.row)

    @edge("The change request, or reopening, that waits for a decision; null while there is none.")
    async def open_change(self, info: Info) -> ChangeRequest | None:
        """See the description."""
        return next((one for one in await changes_of(info.context, self.row) if one.ended_at is None), None)

    @edge("Its milestones, by date.")
    async def milestones(self, info: Info, first: First = 20, after: After = None) -> Connection[Milestone]:
        """See the description."""
        return await milestones_of(info, self.row["id"], first, after)

    @edge("Evidence attached to the measure itself, newest first.")
    async def evidence(self, info: Info) -> list[Evidence]:
        """See the description."""
        return (await info.context.one(evidence_of_measures, self.row["id"]) or []) if self.row["in_sight"] else []


@strawberry.type(description="What the board wants: a hypothesis, a metric, a target value and date. Objectives nest.")
class Objective(CascadeNode):
    """See the description."""

    hypothesis: str | None = strawberry.field(description="Why this should work.")
    metric: str | None = strawberry.field(description="What it is measured by.")
    target: Decimal | None = strawberry.field(description="The value the metric shall reach.")
    target_date: date | None = strawberry.field(description="By when.")

    columns = CascadeNode.columns | {
        "target": lambda row: Decimal(row["target"]) if row["target"] else None,
        **same("hypothesis", "metric", "target_date"),
    }

    @edge("Whether its hypothesis holds so far, by the readings of its indicators.")
    async def verdict(self, info: Info) -> HypothesisVerdict:
        """See the description."""
        return await verdict_of(info.context, self.row["id"])

    @edge("What was won below it, plan by plan: the results that its hypothesis rests on.")
    async def supported_by(self, info: Info, from_: From = None, to: To = None) -> Figure:
        """See the description."""
        return await supported_by(info, self.row["id"], from_, to)


@strawberry.type(description="An investment envelope under an objective.")
class Portfolio(CascadeNode):
    """See the description."""

    @edge("Its budget of a fiscal year, explained.")
    async def budget(self, info: Info, fiscal_year: FiscalYear) -> Figure:
        """See the description."""
        return await budget_figure(info, self.row["id"], fiscal_year)

    @edge("Its budgets, by fiscal year.")
    async def budgets(self, info: Info) -> list[Budget]:
        """See the description."""
        return await budgets_of(info, self.row["id"])


@strawberry.type(description="Initiatives that are steered together.")
class Program(CascadeNode):
    """See the description."""


@strawberry.type(description="A governed measure with a business case.")
class Initiative(Measure):
    """See the description."""

    @edge("The lines of its business case.")
    async def value_lines(self, info: Info) -> list[ValueLine]:
        """See the description."""
        return await value_lines_of(info, self.row["id"])

    @edge("How long it must show its value before it is closed; null until it is implemented.")
    async def sustain(self, info: Info) -> SustainWindow | None:
        """See the description."""
        return await sustain_of(info.context, self.row)

    @edge("The sales plans that turn it into quota, pipeline and results.")
    async def sales_plans(self, info: Info, first: First = 20, after: After = None) -> Connection[CascadeNode]:
        """See the description."""
        return await connection(info, self.row["id"], first, after, None, CascadeOrder.NAME)


@strawberry.type(description="A governed measure that turns its initiative into quota, pipeline and results.")
class SalesPlan(Measure):
    """See the description."""

    sellers: list[str] = strawberry.field(description="Everyone who sells under it, with deals or without.")

    columns = Measure.columns | same("sellers")

    async def permissions(self, info: Info) -> list[Permission]:
        """Under a closed initiative it is not reopened before that."""
        found = await super().permissions(info)
        for each in found:
            if each.act == "reopenMeasure" and each.allowed:
                above = await measure_of(info.context, self.row["parent_id"])
                each.why = closed_above(above.name) if above and above.stage is Stage.CLOSED else None
                each.allowed = each.why is None
        return found

    @edge("Its quota by month, cut by segment where it is.")
    async def quota(self, info: Info, from_: From = None, to: To = None) -> list[QuotaLine]:
        """See the description."""
        return await quota_of(info, self.row["id"], from_, to)

    @edge("Its opportunities.")
    async def opportunities(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        filter: Opportunities = None,  # noqa: A002
    ) -> Connection[Opportunity]:
        """See the description."""
        return await opportunities_of(info, self.row["id"], first, after, filter)

    @edge("What its sellers spent their time on, newest first.")
    async def sales_activities(self, info: Info, first: First = 20, after: After = None) -> Connection[SalesActivity]:
        """See the description."""
        return await activities_of(info, self.row["id"], first, after)

    @edge("What its sellers can be expected to bring, by seller and month.")
    async def capacity(self, info: Info, from_: From = None, to: To = None) -> list[CapacityLine]:
        """See the description."""
        return await capacity_of(info, self.row["id"], from_, to)

    @edge("What its sellers are paid for.")
    async def incentives(self, info: Info) -> list[Incentive]:
        """See the description."""
        return await incentives_of(info, self.row["id"])


TYPES: dict[str, type[CascadeNode]] = {
    Level.OBJECTIVE: Objective,
    Level.PORTFOLIO: Portfolio,
    Level.PROGRAM: Program,
    Level.INITIATIVE: Initiative,
    Level.SALES_PLAN: SalesPlan,
}


def as_node(row: dict[str, Any]) -> CascadeNode:
    """The node of a row, of its level's type."""
    return TYPES[row["level"]].of(row)


def _sources(found: list[Row]) -> list[Row]:
    if all(row["in_sight"] for row in found):
        return found
    return [row if row["in_sight"] else _shown(row) for row in found]


_NODES = Maker(lambda row: as_node(dict(row)), lambda row: TYPES[row["level"]], _sources)


async def node_of(context: Context, node_id: UUID) -> CascadeNode | None:
    """A node that the viewer sees, or at least knows by name."""
    row = await context.one(node_rows, node_id)
    return as_node(row) if row else None


async def chain_of(context: Context, node_id: UUID) -> list[CascadeNode]:
    """A node and all that it sits under, from the bottom up; in one statement for all of them."""
    above = await context.one(_ancestor_ids, node_id) or []
    found = await asyncio.gather(*(node_of(context, each) for each in (node_id, *reversed(above))))
    return [node for node in found if node]


async def measure_of(context: Context, node_id: UUID) -> Measure | None:
    """A measure that the viewer sees."""
    node = await node_of(context, node_id)
    return node if isinstance(node, Measure) else None


@resolves("node")
async def _node(context: Context, node_id: UUID, _extra: bytes) -> Node | None:
    return await node_of(context, node_id)


async def node_rows(context: Context, node_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Rows of nodes that the viewer knows; `in_sight` tells whether more than the name is theirs to see."""
    viewer = context.viewer
    sight, scope = known(viewer, "n.id")
    (inside, _), (told, money) = seen(viewer, "n.id"), priced(viewer, "n.id")
    flags = f"CASE WHEN {inside} THEN 1 ELSE 0 END AS in_sight, CASE WHEN {told} THEN 1 ELSE 0 END AS priced"
    sql = f"""SELECT n.*, {flags} FROM node n
              WHERE n.organization_id = :organization AND n.id IN :ids AND {sight}"""
    found = await rows(context.db, sql, organization=viewer.organization_id, ids=node_ids, **scope | money)
    return {row["id"]: row for row in found}


# field → the columns that it is read from; a list in which another field is asked for reads every column.
COLUMNS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("__typename", "id", "level", "children", "parent", "milestones"), ()),
    **{
        name: (name,) for name in ("name", "description", "tags", "risks", "overlaps", "hypothesis", "metric", "target")
    },
    **{name: (f"{name}_id",) for name in ("owner", "sponsor", "controller")},
    "revision": ("revision",),
    "standing": ("standing",),
    "stage": ("stage",),
    "businessUnit": ("business_unit",),
    "stagedOn": ("staged_at",),
    "standingReason": ("standing_reason",),
    "reviewOn": ("review_on",),
    "targetDate": ("target_date",),
    "estimatedValue": ("estimated_units", "estimated_currency"),
}


def _wanted(info: Info) -> tuple[str, ...]:
    """The columns that the nodes of a connection are read from; none: every column."""
    names = names_below(info, "edges", "node")
    if not names <= COLUMNS.keys():
        return ()
    wanted = {column for name in names for column in COLUMNS[name]}
    return ("id", "level", "parent_id", *sorted(wanted))


async def connections(
    info: Info,
    under: Sequence[UUID | None],
    first: int,
    after: str | None,
    wanted: CascadeFilter | None,
    order: CascadeOrder,
    *,
    deep: bool = False,
) -> list[Connection[CascadeNode]]:
    """A page of nodes under each node, or of the organization (None)."""
    columns = _wanted(info)
    found = await listed(info.context, under, check_first(first), after, wanted, order, deep=deep, columns=columns)
    pages = [(Listing(rows, first, after, cursor_key, _NODES), count) for rows, count in found]
    return [Connection[CascadeNode].of(listing, count) for listing, count in pages]


async def connection(info: Info, under: UUID | None, *asked: Any, deep: bool = False) -> Connection[CascadeNode]:
    """A page of nodes under one, as `connections` gives several."""
    return (await connections(info, [under], *asked, deep=deep))[0]


async def _person(info: Info, person_id: UUID | None) -> Person | None:
    return await person_of(info.context, person_id) if person_id else None


async def _external_ids(context: Context, node_ids: list[UUID]) -> dict[UUID, list[ExternalId]]:
    found: dict[UUID, list[ExternalId]] = {}
    sql = "SELECT node_id, system, external_id AS called FROM external_id WHERE node_id IN :ids ORDER BY system, called"
    for row in await rows(context.db, sql, ids=node_ids):
        found.setdefault(row["node_id"], []).append(ExternalId(system=row["system"], id=row["called"]))
    return found


async def _ancestor_ids(context: Context, node_ids: list[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    sql = "SELECT descendant_id, ancestor_id FROM branch WHERE descendant_id IN :ids AND depth > 0 ORDER BY depth DESC"
    for row in await rows(context.db, sql, ids=node_ids):
        found.setdefault(row["descendant_id"], []).append(row["ancestor_id"])
    return found
