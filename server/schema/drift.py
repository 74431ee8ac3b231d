"""The drift of a decided plan, as spoken: how far it has come from what was decided first (law §2)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

from server.domain import drift as law
from server.domain.figures import Figure as Explained
from server.domain.figures import Source
from server.domain.rates import PlanRates
from server.domain.values import ValueKind
from server.models.database import rows
from server.models.plans import Version
from server.schema.context import Context
from server.schema.figures import Figure
from server.schema.money import priced
from server.schema.plans import versions_of


@strawberry.type(description="The drift of one kind of value line.")
class KindDrift:
    """See the description."""

    kind: ValueKind = strawberry.field(description="The kind.")
    plan: Figure = strawberry.field(description="Present plan − version 1, over all months.")


@strawberry.type(description="How the date of a milestone has moved since it was first decided.")
class MilestoneDrift:
    """See the description."""

    name: str = strawberry.field(description="Its name.")
    original_due: date | None = strawberry.field(description="The date in version 1; null: it came with a change.")
    planned_due: date | None = strawberry.field(description="The date in the present version; null: it was taken out.")
    due: date | None = strawberry.field(description="When it is due now; null: it was cancelled.")
    days: int | None = strawberry.field(description="By how many days it is later than first decided.")


@strawberry.type(
    description="How far a decided plan has come from version 1, in the reporting currency. Both versions are "
    "converted at today's plan rates, so that a rate is no drift."
)
class PlanDrift:
    """See the description."""

    version: int = strawberry.field(description="The number of the present version.")
    headline: Figure = strawberry.field(description="Of the kinds that the policy names, added.")
    by_kind: list[KindDrift] = strawberry.field(description="Of each kind that is or was planned.")
    quota: Figure | None = strawberry.field(description="Of a sales plan's quota; null for an initiative.")
    milestones: list[MilestoneDrift] = strawberry.field(description="Of every milestone in either version.")


async def drift_of(context: Context, row: dict[str, Any], *, selling: bool) -> PlanDrift | None:
    """The drift of a measure's plan; None before DECIDED."""
    every = await versions_of(context, row["id"]) if row["in_sight"] else []
    if not every:
        return None
    rates = await context.one(_rates, context.viewer.organization_id)
    if rates is None:
        raise LookupError("no organization to convert in")
    first, now = every[0], every[-1]
    found = law.Versions(first.plan, now.plan, now.number, rates, (_source(first), _source(now)))
    hidden = not await priced(context, row["id"])
    due = await context.one(_dates, row["id"]) or {}
    kinds = (await context.policy()).headline_kinds
    return PlanDrift(
        version=found.number,
        headline=_figure(law.headline(found, kinds), hidden=hidden),
        by_kind=[
            KindDrift(kind=kind, plan=_figure(figure, hidden=hidden))
            for kind, figure in law.by_kind(found, list(ValueKind))
        ],
        quota=_figure(law.quota(found), hidden=hidden) if selling else None,
        milestones=[
            MilestoneDrift(name=one.name, original_due=one.first, planned_due=one.planned, due=one.due, days=one.days)
            for one in law.milestones(found, due)
        ],
    )


def _source(version: Version) -> Source:
    """The decision that made a version; of a plan that was decided without one, the measure."""
    if version.submission_id is None:
        return Source("node", version.node_id, version.entry)
    return Source("submission", version.submission_id, version.entry)


def _figure(figure: Explained, *, hidden: bool) -> Figure:
    return Figure.of(replace(figure, readable=not hidden))


async def _dates(context: Context, node_ids: list[UUID]) -> dict[UUID, dict[UUID, date]]:
    found: dict[UUID, dict[UUID, date]] = {}
    sql = "SELECT node_id, id, due FROM milestone WHERE node_id IN :ids AND cancelled_reason IS NULL"
    for row in await rows(context.db, sql, ids=node_ids):
        found.setdefault(row["node_id"], {})[row["id"]] = row["due"]
    return found


async def _rates(context: Context, organization_ids: list[UUID]) -> dict[UUID, PlanRates]:
    sql = "SELECT fiscal_year, currency, rate FROM plan_rate WHERE organization_id IN :ids"
    found = await rows(context.db, sql, ids=organization_ids)
    organization = await context.organization()
    rates = {(row["fiscal_year"], row["currency"]): Decimal(row["rate"]) for row in found}
    into, start = organization["reporting_currency"], organization["fiscal_year_start"]
    return dict.fromkeys(organization_ids, PlanRates(into, start, rates))
