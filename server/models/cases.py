"""Reading the cases that gates judge: a fixed number of statements for any number of measures.

Verbs, lists and screens all come through `cases` and `holders`: a gate shows exactly what its submission goes by.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import Level, Standing
from server.domain.cases import Case, InitiativeCase, LineCase, MilestoneCase, Party, SalesPlanCase
from server.domain.milestones import MeasureType
from server.domain.money import Money
from server.domain.months import Month
from server.domain.people import VOTING, Role
from server.domain.rates import PlanRates
from server.domain.stages import Stage
from server.domain.values import ValueKind
from server.models.database import rows
from server.models.missing import unforecast

Row = dict[str, Any]

_MEASURES = """SELECT n.*, owner.name AS owner_name, sponsor.name AS sponsor_name, controller.name AS controller_name,
        o.reporting_currency, o.fiscal_year_start
    FROM node n JOIN organization o ON o.id = n.organization_id
    LEFT JOIN person owner ON owner.id = n.owner_id LEFT JOIN person sponsor ON sponsor.id = n.sponsor_id
    LEFT JOIN person controller ON controller.id = n.controller_id
    WHERE n.id IN :ids AND n.organization_id = :organization AND n.stage IS NOT NULL"""
_FAMILY = """SELECT id, parent_id, level, name, stage, standing, gap_explanation FROM node
    WHERE id IN :initiatives OR (parent_id IN :initiatives AND level = 'SALES_PLAN')"""
_LINES = f"""SELECT l.id, l.node_id, l.name, l.kind, l.currency, l.baseline_units, l.baseline_source, l.baseline_date,
        COUNT(v.plan) AS planned_months, CAST(COALESCE(SUM(v.plan), 0) AS BIGINT) AS planned,
        CAST(COALESCE(SUM(v.plan_reporting), 0) AS BIGINT) AS planned_reporting,
        COUNT(CASE WHEN {unforecast(":open")} THEN 1 END) AS unforecast
    FROM value_line l LEFT JOIN month_value v ON v.line_id = l.id
    WHERE l.node_id IN :initiatives
    GROUP BY l.id, l.node_id, l.name, l.kind, l.currency, l.baseline_units, l.baseline_source, l.baseline_date
    ORDER BY l.id"""
_MONTHS = """SELECT v.line_id, v.month, v.plan, v.actual FROM month_value v JOIN value_line l ON l.id = v.line_id
    WHERE l.node_id IN :implemented"""
_MILESTONES = """SELECT m.node_id, m.name, m.measure_type, m.critical, m.achieved_on, m.verified_by_id,
        EXISTS (SELECT 1 FROM evidence e WHERE e.milestone_id = m.id) AS evidenced
    FROM milestone m WHERE m.node_id IN :ids AND m.cancelled_reason IS NULL ORDER BY m.due, m.id"""
_EVIDENCE = """SELECT node_id, COUNT(*) AS attached FROM evidence
    WHERE node_id IN :ids AND milestone_id IS NULL GROUP BY node_id"""
_QUOTA = """SELECT node_id, month, CAST(SUM(units) AS BIGINT) AS units FROM quota
    WHERE node_id IN :plans GROUP BY node_id, month"""
# A seller's weights add up over all plans they sell under.
_INCENTIVES = """SELECT DISTINCT i.node_id, i.seller_id, p.name, (
        SELECT CAST(SUM(w.weight) AS BIGINT) FROM incentive w JOIN node n ON n.id = w.node_id
        WHERE w.seller_id = i.seller_id AND n.standing <> 'CANCELLED') AS weight
    FROM incentive i JOIN person p ON p.id = i.seller_id WHERE i.node_id IN :plans"""
_DEALS = """SELECT node_id, month,
        CAST(COALESCE(SUM(CASE WHEN state = 'WON' THEN units_reporting END), 0) AS BIGINT) AS won,
        SUM(CASE WHEN state = 'OPEN' AND month < :open THEN 1 ELSE 0 END) AS stale
    FROM opportunity WHERE node_id IN :ids AND month IS NOT NULL GROUP BY node_id, month"""
_SELLERS = """SELECT node_id, segment AS name FROM quota WHERE node_id IN :ids AND dimension = 'SELLER'
    UNION SELECT node_id, seller AS name FROM opportunity WHERE node_id IN :ids AND seller IS NOT NULL"""
_RATES = "SELECT fiscal_year, currency, rate FROM plan_rate WHERE organization_id = :organization"
_HOLDERS = """SELECT b.descendant_id AS node_id, s.role, s.person_id, p.name
    FROM seat s JOIN person p ON p.id = s.person_id JOIN branch b ON b.ancestor_id = s.node_id
    WHERE b.descendant_id IN :ids AND {held}
    UNION SELECT n.id AS node_id, s.role, s.person_id, p.name
    FROM seat s JOIN person p ON p.id = s.person_id JOIN node n ON n.organization_id = s.organization_id
    WHERE s.node_id IS NULL AND n.id IN :ids AND {held}"""
_HELD = """s.organization_id = :organization AND s.role IN :voting AND s.ratified_by_id IS NOT NULL
    AND s.starts <= :today AND (s.ends IS NULL OR s.ends >= :today)"""


async def holders(
    db: BaseDBAsyncClient, organization_id: UUID, node_ids: Iterable[UUID], today: date
) -> dict[UUID, dict[Role, list[Party]]]:
    """For each node who holds which ratified seat with a vote there or above on a day. One statement."""
    found: dict[UUID, dict[Role, list[Party]]] = {node_id: {} for node_id in node_ids}
    asked = {"organization": organization_id, "ids": list(found), "voting": sorted(VOTING), "today": today}
    for row in await rows(db, _HOLDERS.format(held=_HELD), **asked):
        seats = found[row["node_id"]].setdefault(Role(row["role"]), [])
        seats.append(Party(row["person_id"], row["name"]))
    return found


async def seated(db: BaseDBAsyncClient, organization_id: UUID, today: date) -> dict[Role, list[Party]]:
    """Who holds which ratified seat with a vote anywhere in the organization on a day. One statement."""
    sql = f"SELECT DISTINCT s.role, s.person_id, p.name FROM seat s JOIN person p ON p.id = s.person_id WHERE {_HELD}"
    found: dict[Role, list[Party]] = {}
    for row in await rows(db, sql, organization=organization_id, voting=sorted(VOTING), today=today):
        found.setdefault(Role(row["role"]), []).append(Party(row["person_id"], row["name"]))
    return found


async def cases(
    db: BaseDBAsyncClient, organization_id: UUID, node_ids: Collection[UUID], today: date
) -> dict[UUID, Case]:
    """The cases of measures by id, on a day of the organization; nodes that are no measures are left out."""
    measures = await rows(db, _MEASURES, organization=organization_id, ids=list(node_ids))
    if not measures:
        return {}
    found = await _read(db, organization_id, measures, Month.containing(today))
    return {row["id"]: _case(row, found, today) for row in measures}


@dataclass(frozen=True, slots=True)
class _Found:
    """What belongs to the measures, by the node that it belongs to."""

    family: Mapping[UUID, list[Row]]
    lines: Mapping[UUID, list[LineCase]]
    milestones: Mapping[UUID, list[Row]]
    evidence: Mapping[UUID, list[Row]]
    quota: Mapping[UUID, list[Row]]
    incentives: Mapping[UUID, list[Row]]
    deals: Mapping[UUID, list[Row]]
    sellers: Mapping[UUID, list[Row]]
    rates: PlanRates


async def _read(db: BaseDBAsyncClient, organization_id: UUID, measures: list[Row], month: Month) -> _Found:
    ids, opened = [row["id"] for row in measures], int(month)
    initiatives = list({_initiative_id(row) for row in measures})
    members = await rows(db, _FAMILY, initiatives=initiatives)
    plans = [row["id"] for row in members if row["level"] == Level.SALES_PLAN]
    selling = [row["id"] for row in measures if row["level"] == Level.SALES_PLAN]
    implemented = [row["id"] for row in measures if Stage(row["stage"]) >= Stage.IMPLEMENTED]
    lines = await rows(db, _LINES, initiatives=initiatives, open=opened)
    months = _by(await rows(db, _MONTHS, implemented=implemented) if implemented else (), "line_id")
    rates = await rows(db, _RATES, organization=organization_id)
    first = measures[0]
    return _Found(
        family=_by([row | {"initiative_id": _initiative_id(row)} for row in members], "initiative_id"),
        lines={node: [_line(row, months) for row in own] for node, own in _by(lines).items()},
        milestones=_by(await rows(db, _MILESTONES, ids=ids)),
        evidence=_by(await rows(db, _EVIDENCE, ids=ids)),
        quota=_by(await rows(db, _QUOTA, plans=plans) if plans else ()),
        incentives=_by(await rows(db, _INCENTIVES, plans=plans) if plans else ()),
        deals=_by(await rows(db, _DEALS, ids=selling, open=opened) if selling else ()),
        sellers=_by(await rows(db, _SELLERS, ids=selling) if selling else ()),
        rates=PlanRates(
            first["reporting_currency"],
            first["fiscal_year_start"],
            {(row["fiscal_year"], row["currency"]): Decimal(row["rate"]) for row in rates},
        ),
    )


def _initiative_id(row: Row) -> UUID:
    """A measure's initiative: itself, or what a sales plan stands under."""
    initiative: UUID = row["parent_id"] if row["level"] == Level.SALES_PLAN else row["id"]
    return initiative


def _by(found: Iterable[Row], column: str = "node_id") -> dict[UUID, list[Row]]:
    grouped: dict[UUID, list[Row]] = defaultdict(list)
    for row in found:
        grouped[row[column]].append(row)
    return dict(grouped)


def _line(row: Row, months: Mapping[UUID, list[Row]]) -> LineCase:
    return LineCase(
        name=row["name"],
        kind=ValueKind(row["kind"]),
        currency=row["currency"],
        baseline_units=row["baseline_units"],
        baseline_source=row["baseline_source"],
        baseline_date=row["baseline_date"],
        planned_months=row["planned_months"],
        planned=row["planned"],
        planned_reporting=row["planned_reporting"],
        unforecast=bool(row["unforecast"]),
        months={Month(each["month"]): (each["plan"], each["actual"]) for each in months.get(row["id"], ())},
    )


def _case(row: Row, found: _Found, today: date) -> Case:
    node_id, selling = row["id"], row["level"] == Level.SALES_PLAN
    family = found.family[_initiative_id(row)]
    initiative = next(each for each in family if each["level"] == Level.INITIATIVE)
    lines = found.lines.get(initiative["id"], [])
    deals = found.deals.get(node_id, []) if selling else []
    names = [*row["sellers"], *(each["name"] for each in found.sellers.get(node_id, ()))] if selling else []
    estimated = _estimated(row)
    above = InitiativeCase(initiative["name"], Stage(initiative["stage"]), initiative["gap_explanation"])
    texts = ("name", "description", "business_unit", "risks", "overlaps", "gap_explanation", "variance_explanation")
    return Case(
        id=node_id,
        level=Level(row["level"]),
        stage=Stage(row["stage"]),
        standing=Standing(row["standing"]),
        **{name: row[name] for name in texts},
        owner=_party(row, "owner"),
        sponsor=_party(row, "sponsor"),
        controller=_party(row, "controller"),
        estimated=estimated,
        estimated_reporting=_in_reporting(estimated, found.rates, Month.containing(today)),
        evidence=sum(each["attached"] for each in found.evidence.get(node_id, ())),
        staged_on=(row["staged_at"] or row["created_at"]).date(),
        currency=row["reporting_currency"],
        today=today,
        planned_revenue=sum(line.planned_reporting for line in lines if line.kind is ValueKind.REVENUE),
        lines=() if selling else tuple(lines),
        milestones=tuple(_milestone(each) for each in found.milestones.get(node_id, ())),
        sales_plans=tuple(_sales_plan(each, found) for each in family if each["level"] == Level.SALES_PLAN),
        initiative=above if selling else None,
        sellers=frozenset(each["seller_id"] for each in found.incentives.get(node_id, ())),
        seller_names=frozenset(name.casefold() for name in names),
        won={Month(each["month"]): each["won"] for each in deals if each["won"]},
        stale_deals=sum(each["stale"] for each in deals),
    )


def _party(row: Row, role: str) -> Party | None:
    return Party(row[f"{role}_id"], row[f"{role}_name"]) if row[f"{role}_id"] else None


def _estimated(row: Row) -> Money | None:
    return None if row["estimated_units"] is None else Money(row["estimated_units"], row["estimated_currency"])


def _in_reporting(estimated: Money | None, rates: PlanRates, month: Month) -> int | None:
    """The estimate in the reporting currency at this fiscal year's plan rate; None where there is no rate yet."""
    try:
        return rates.convert(estimated.units, estimated.currency, month) if estimated else None
    except ValueError:
        return None


def _milestone(row: Row) -> MilestoneCase:
    return MilestoneCase(
        name=row["name"],
        measure_type=MeasureType(row["measure_type"]),
        critical=row["critical"],
        achieved_on=row["achieved_on"],
        evidenced=bool(row["evidenced"]),
        verified=row["verified_by_id"] is not None,
    )


def _sales_plan(row: Row, found: _Found) -> SalesPlanCase:
    return SalesPlanCase(
        id=row["id"],
        name=row["name"],
        stage=Stage(row["stage"]),
        standing=Standing(row["standing"]),
        quota={Month(each["month"]): each["units"] for each in found.quota.get(row["id"], ())},
        weights={each["name"]: each["weight"] or 0 for each in found.incentives.get(row["id"], ())},
    )
