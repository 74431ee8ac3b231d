"""Findings, as spoken: what the system notices by itself, at any node, most money first (law §9)."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.figures import Source
from server.domain.money import masked
from server.domain.noticed import FindingCode, Severity
from server.models import findings
from server.models.database import rows
from server.schema import ids
from server.schema.connections import Connection, check_first, key_of
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.figures import FigureInput, places_of
from server.schema.ledger import FACT_COLUMNS, Fact, visible_facts
from server.schema.money import Money
from server.schema.node import Node, resolves
from server.schema.scalars import Revision

if TYPE_CHECKING:
    from server.schema.cascade import CascadeNode
# The back edge to what imports us.
_CascadeNode = Annotated["CascadeNode", strawberry.lazy("server.schema.cascade")]

spoken(
    FindingCode,
    "What the system notices by itself.",
    NO_SALES_PLAN="An initiative plans revenue, and no sales plan carries it.",
    QUOTA_BELOW_CASE="The quota of its sales plans is less than the revenue that it plans.",
    COVERAGE_SHORT="The open pipeline of a sales plan does not bring the quota that is left, at its own win rate.",
    INCENTIVE_MISALIGNED="An initiative is decided, yet no incentive weight of its sellers supports it.",
    MOTION_WITHOUT_PROGRESS="Activity grows, and the milestones that count stand still.",
    GREEN_BUT_EMPTY="The work is on time, and the value is not coming.",
    SPEND_BEFORE_DECISION="Money was spent on what nobody has decided.",
    MISALIGNED_ACTIVITY="Sellers' time goes elsewhere than the decided strategy.",
    SPEND_WITHOUT_CASE="Money was spent on what plans no benefit.",
    GATE_STALLED="A submission has waited too long for its deciders.",
    BLOCKED="It waits for a milestone that is late.",
    STALE_INPUT="Forecast, actuals or pipeline are due and missing.",
    CLOSED_WITH_SHORTFALL="It was closed with less than it planned.",
    ORPHAN_RESULTS="Deals belong to no sales plan.",
    HYPOTHESIS_FAILING="An objective's actual lies below its path to target.",
    STOP_CANDIDATE="What is still to come no longer covers what it still costs, or its potential stays red.",
)
spoken(
    Severity,
    "How much a finding matters.",
    INFO="Worth knowing.",
    WARNING="Worth acting upon: a tenth of the money or more, or longer than the policy's patience.",
    CRITICAL="Act now: half of the money or more, or twice the policy's patience.",
)
Codes = Annotated[list[FindingCode] | None, strawberry.argument(description="Only these codes.")]
Severities = Annotated[list[Severity] | None, strawberry.argument(description="Only these severities.")]
Resolved = Annotated[bool, strawberry.argument(description="Whether what is no longer so is listed as well.")]


@strawberry.type(description="What the system noticed, from when to when, by which entries of the ledger.")
class Finding(Node):
    """See the description."""

    revision: Revision = strawberry.field(description="The organization's revision at its last change.")
    code: FindingCode = strawberry.field(description="What it is.")
    severity: Severity = strawberry.field(description="How much it matters.")
    sentence: str = strawberry.field(
        description="What is noticed on what, the money at stake and the next step; without its amounts for viewers "
        "who may not read money."
    )
    at_stake: Money | None = strawberry.field(
        description="The money at stake, in the reporting currency; null for viewers who may not read money."
    )
    since: datetime = strawberry.field(description="When it was noticed.")
    resolved_at: datetime | None = strawberry.field(description="When it was no longer so; null: it still is.")
    inputs: list[FigureInput] = strawberry.field(description="The exact numbers that it was noticed by.")
    row: strawberry.Private[dict[str, Any]]

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Finding":
        """A finding from its row, as the viewer may read it."""
        shown = str if row["priced"] else masked
        return cls(
            id=ids.issue("finding", row["id"]),
            revision=row["revision"],
            code=FindingCode(row["code"]),
            severity=Severity(row["severity"]),
            sentence=shown(row["sentence"]),
            at_stake=Money.of(row["at_stake_units"], row["currency"]) if row["priced"] else None,
            since=row["opened_at"],
            resolved_at=row["resolved_at"],
            inputs=[_input(*each, readable=bool(row["priced"])) for each in row["inputs"]],
            row=row,
        )

    @edge("The node on which it was noticed; null: the organization itself.")
    async def on(self, info: Info) -> _CascadeNode | None:
        """See the description."""
        from server.schema.cascade import node_of  # noqa: PLC0415 — the back edge

        return await node_of(info.context, self.row["node_id"]) if self.row["node_id"] else None

    @edge("The entry that brought it about; null where time did.")
    async def opened_by(self, info: Info) -> Fact | None:
        """See the description."""
        return await _fact(info, self.row["opened_revision"])

    @edge("The entry that resolved it; null where it still is, or time did.")
    async def resolved_by(self, info: Info) -> Fact | None:
        """See the description."""
        return await _fact(info, self.row["resolved_revision"])


def _input(name: str, value: str, milestone: str | None = None, *, readable: bool) -> FigureInput:
    """A number that something was noticed by, with the milestone that it was read from."""
    return FigureInput.of(name, value, Source("milestone", UUID(milestone)) if milestone else None, readable=readable)


async def _fact(info: Info, revision: int | None) -> Fact | None:
    return await info.context.one(_facts, revision) if revision is not None else None


async def _facts(context: Context, revisions: list[int]) -> dict[int, Fact]:
    sight, values = visible_facts(context, None)
    sql = f"""SELECT {FACT_COLUMNS} FROM ledger_entry
              WHERE organization_id = :organization AND revision IN :revisions AND {sight}"""
    organization = context.viewer.organization_id
    found = await rows(context.db, sql, organization=organization, revisions=revisions, **values)
    return {row["revision"]: Fact.of(row) for row in found}


async def findings_of(
    info: Info,
    node_id: UUID | None,
    first: int,
    after: str | None,
    codes: list[FindingCode] | None,
    severities: list[Severity] | None,
    resolved: bool,
) -> Connection[Finding]:
    """A page of what is noticed at and below a node, or in the organization (None), most money first."""
    context = info.context
    place, whole = node_id or context.viewer.organization_id, node_id is None
    texts = tuple(None if those is None else tuple(one.value for one in those) for those in (codes, severities))
    asked = findings.Asked(texts[0], texts[1], resolved)
    behind = key_of(after, int, int, UUID)
    key = (behind[0], behind[1], behind[2]) if behind else None
    found = await context.one(_page, place, asked, check_first(first), key, whole) or []
    items = [((row["stake"], row["weight"], str(row["id"])), Finding.of(row)) for row in found]

    async def count() -> int:
        return await context.one(_count, place, asked, whole) or 0

    return Connection[Finding].page(items, first, after, count)


async def _page(
    context: Context,
    places: list[UUID],
    asked: findings.Asked,
    first: int,
    after: tuple[int, int, UUID] | None,
    whole: bool,
) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await findings.page(context.db, context.viewer, places_of(places, whole), asked, first, after):
        found.setdefault(row["place_id"], []).append(row)
    return found


async def _count(context: Context, places: list[UUID], asked: findings.Asked, whole: bool) -> dict[UUID, int]:
    return await findings.counts(context.db, context.viewer, places_of(places, whole), asked)


async def _rows(context: Context, finding_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    found = await findings.finding_rows(context.db, context.viewer, finding_ids)
    return {row["id"]: row for row in found}


@resolves("finding")
async def _finding(context: Context, finding_id: UUID, _extra: bytes) -> Node | None:
    row = await context.one(_rows, finding_id)
    return Finding.of(row) if row else None
