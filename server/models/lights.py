"""Reading lights, set-based: what the server proposes, what people have set, and how it stood when cycles closed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import Level, Standing
from server.domain.figures import Period
from server.domain.lights import Light, LightKind, Pair, Reading, Sides, Stepped, attainment, implementation, potential
from server.domain.milestones import MeasureType
from server.domain.months import Month, fiscal_range, fiscal_year
from server.domain.people import Viewer
from server.domain.policy import Policy
from server.domain.stages import Stage
from server.domain.values import ValueKind
from server.models.database import rows
from server.models.dependencies import projected
from server.models.rollups import OUTLOOK, Places
from server.models.scope import priced, seen

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ground:
    """What proposals go by besides the rows: the day, the policy in force, and where the fiscal year begins."""

    organization_id: UUID
    today: date
    policy: Policy
    fiscal_start: int

    @property
    def fiscal_year(self) -> int:
        """The current fiscal year by its number."""
        return fiscal_year(Month.containing(self.today), self.fiscal_start)

    @property
    def year(self) -> Period:
        """The months of the current fiscal year."""
        return Period(*fiscal_range(self.fiscal_year, self.fiscal_start))


@dataclass(frozen=True, slots=True)
class Setting:
    """A light that somebody set, and that still stands."""

    light: Light
    reason: str | None
    by: UUID
    at: datetime


Proposals = dict[UUID, dict[LightKind, Reading]]
Settings = dict[UUID, dict[LightKind, Setting]]
_MEASURE = "n.id, n.name, n.level, n.stage, n.standing, n.owner_id"


async def measures(
    db: BaseDBAsyncClient,
    viewer: Viewer,
    ids: Collection[UUID],
    *,
    itself: bool = True,
    whole: bool = False,
    among: Collection[UUID] | None = None,
) -> list[Row]:
    """Measures that the viewer sees: these themselves, or the active ones below these places, each with `place_id`.

    `whole`: the place is the organization. `among`: only of these. `priced` says whether their amounts are the viewer's
    to read.
    """
    (sight, values), (open_to_read, money) = seen(viewer, "n.id"), priced(viewer, "n.id")
    columns = f"{_MEASURE}, CASE WHEN {open_to_read} THEN 1 ELSE 0 END AS priced"
    ours = f"n.organization_id = :organization AND n.stage IS NOT NULL AND {sight}"
    values = {**values, **money, "organization": viewer.organization_id}
    if among is not None:
        ours, values["among"] = f"{ours} AND n.id IN :among", list(among)
    if whole:
        source = f"n.organization_id AS place_id, {columns} FROM node n WHERE {ours} AND n.standing = 'ACTIVE'"
    elif itself:
        source, values["ids"] = f"n.id AS place_id, {columns} FROM node n WHERE n.id IN :ids AND {ours}", list(ids)
    else:
        source = f"""b.ancestor_id AS place_id, {columns} FROM branch b JOIN node n ON n.id = b.descendant_id
                     WHERE b.ancestor_id IN :ids AND {ours} AND n.standing = 'ACTIVE'"""
        values["ids"] = list(ids)
    return await rows(db, f"SELECT {source}", **values)


async def proposals(db: BaseDBAsyncClient, found: Sequence[Mapping[str, Any]], ground: Ground) -> Proposals:
    """What the server proposes for measures (rows with id, level, stage and standing): six statements for any number.

    No proposal depends on who asks, and none holds an amount.
    """
    ids = {row["id"] for row in found}
    steps, sides = await _steps(db, ids, ground), await _sides(db, ids, ground.year)
    plans = {row["id"] for row in found if row["level"] == Level.SALES_PLAN}
    sold = await _sold(db, plans, ground)
    thresholds, headline = ground.policy.lights, ground.policy.headline_kinds
    made: Proposals = {}
    for row in found:
        one, stage = row["id"], Stage(row["stage"])
        if row["standing"] != Standing.ACTIVE:
            idle = Reading(Light.GREY, f"It is {Standing(row['standing']).value.lower().replace('_', ' ')}.")
            made[one] = dict.fromkeys(LightKind, idle)
            continue
        frozen = stage >= Stage.IMPLEMENTED  # what was not achieved by then is not late any more
        counted = [each for each in steps.get(one, ()) if each.achieved or not frozen]
        worth = potential(stage, sides.get(one, {}), headline, thresholds)
        if one in plans and stage >= Stage.DECIDED:
            worth = attainment(*sold.get(one, (0, 0)), thresholds)
        made[one] = {LightKind.IMPLEMENTATION: implementation(counted, thresholds), LightKind.POTENTIAL: worth}
    return made


async def _steps(db: BaseDBAsyncClient, ids: Collection[UUID], ground: Ground) -> dict[UUID, list[Stepped]]:
    sql = """SELECT id, node_id, name, due, original_due, achieved_on, critical, measure_type FROM milestone
             WHERE node_id IN :nodes AND cancelled_reason IS NULL ORDER BY due, id"""
    expected = await projected(db, ground.organization_id, ids, ground.today)
    found: dict[UUID, list[Stepped]] = {}
    for row in await rows(db, sql, nodes=list(ids)):
        step = Stepped(
            name=row["name"],
            due=row["due"],
            original_due=row["original_due"],
            expected=expected[row["id"]].on,
            achieved=row["achieved_on"] is not None,
            critical=bool(row["critical"]),
            measure_type=MeasureType(row["measure_type"]),
        )
        found.setdefault(row["node_id"], []).append(step)
    return found


async def _sides(db: BaseDBAsyncClient, ids: Collection[UUID], year: Period) -> dict[UUID, dict[ValueKind, Sides]]:
    sql = f"""SELECT l.node_id, l.kind, CAST(COALESCE(SUM(v.plan_reporting), 0) AS BIGINT) AS plan,
                     CAST(COALESCE(SUM({OUTLOOK}), 0) AS BIGINT) AS outlook
              FROM node m JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
              WHERE m.id IN :nodes AND v.month BETWEEN :first AND :last GROUP BY l.node_id, l.kind"""
    found: dict[UUID, dict[ValueKind, Sides]] = {}
    for row in await rows(db, sql, nodes=list(ids), first=int(year.first), last=int(year.last)):
        found.setdefault(row["node_id"], {})[ValueKind(row["kind"])] = Sides(row["plan"], row["outlook"])
    return found


async def _sold(db: BaseDBAsyncClient, plans: Collection[UUID], ground: Ground) -> dict[UUID, tuple[int, int]]:
    """Quota and what was won, of the fiscal year's months that are over."""
    over = {"first": int(ground.year.first), "last": int(Month.containing(ground.today).plus(-1))}
    quota = """SELECT node_id, CAST(SUM(units) AS BIGINT) AS units FROM quota
               WHERE node_id IN :plans AND month BETWEEN :first AND :last GROUP BY node_id"""
    won = """SELECT node_id, CAST(COALESCE(SUM(units_reporting), 0) AS BIGINT) AS units FROM opportunity
             WHERE node_id IN :plans AND state = 'WON' AND month BETWEEN :first AND :last GROUP BY node_id"""
    sold = {row["node_id"]: row["units"] for row in await rows(db, won, plans=list(plans), **over)}
    quotas = await rows(db, quota, plans=list(plans), **over)
    return {row["node_id"]: (row["units"], sold.get(row["node_id"], 0)) for row in quotas}


async def headline_plans(db: BaseDBAsyncClient, ids: Collection[UUID], ground: Ground) -> dict[UUID, int]:
    """The headline plan of measures in the fiscal year, in minor units of the reporting currency."""
    kinds = ground.policy.headline_kinds
    sides = await _sides(db, ids, ground.year)
    return {one: sum(found[kind].plan for kind in kinds if kind in found) for one, found in sides.items()}


async def settings(db: BaseDBAsyncClient, ids: Collection[UUID]) -> Settings:
    """The lights that people have set on measures, and that stand."""
    sql = """SELECT node_id, light, colour, reason, by_id, at FROM light_setting
             WHERE node_id IN :nodes AND ended_at IS NULL"""
    found: Settings = {}
    for row in await rows(db, sql, nodes=list(ids)):
        setting = Setting(Light(row["colour"]), row["reason"], row["by_id"], row["at"])
        found.setdefault(row["node_id"], {})[LightKind(row["light"])] = setting
    return found


async def proposed_lights(db: BaseDBAsyncClient, ids: Collection[UUID]) -> dict[UUID, Pair]:
    """The lights that were proposed for measures when they were last looked at."""
    sql = "SELECT node_id, implementation, potential FROM kept_proposal WHERE node_id IN :ids"
    found = await rows(db, sql, ids=list(ids))
    return {row["node_id"]: Pair(Light(row["implementation"]), Light(row["potential"])) for row in found}


async def better(db: BaseDBAsyncClient, viewer: Viewer, places: Places) -> dict[UUID, list[Row]]:
    """Per place who set lights better than proposed (`by_id`), how often (`times`) and when last (`at`)."""
    place, source, values = _better(viewer, places)
    sql = f"""SELECT {place} AS place_id, s.by_id, COUNT(*) AS times, MAX(s.at) AS at {source}
              GROUP BY {place}, s.by_id ORDER BY times DESC, at DESC, s.by_id"""
    found: dict[UUID, list[Row]] = {}
    for row in await rows(db, sql, **values):
        found.setdefault(row["place_id"], []).append(row)
    return found


async def better_since(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, since: datetime
) -> dict[UUID, dict[UUID, list[datetime]]]:
    """Per place and person each instant since then at which they set a light better than proposed."""
    place, source, values = _better(viewer, places)
    sql = f"SELECT {place} AS place_id, s.by_id, s.at {source} AND s.at >= :since"
    found: dict[UUID, dict[UUID, list[datetime]]] = {}
    for row in await rows(db, sql, since=since, **values):
        found.setdefault(row["place_id"], {}).setdefault(row["by_id"], []).append(row["at"])
    return found


def _better(viewer: Viewer, places: Places) -> tuple[str, str, dict[str, Any]]:
    """The place, FROM … WHERE a light was set better than proposed in sight of the viewer, and the parameters."""
    sight, values = seen(viewer, "s.node_id")
    values = {**values, "organization": viewer.organization_id}
    which = f"s.organization_id = :organization AND s.better AND {sight}"
    if places is None:
        return "s.organization_id", f"FROM light_setting s WHERE {which}", values
    source = "FROM branch b JOIN light_setting s ON s.node_id = b.descendant_id WHERE b.ancestor_id IN :places"
    return "b.ancestor_id", f"{source} AND {which}", values | {"places": list(places)}
