"""Roll-ups, read set-based: one statement per question for any number of places, adding what the viewer sees below.

A place is a node of the cascade, or the organization (`places` None, and its id is the key). Amounts are in minor units
of the reporting currency, converted when they were written, so that every parent is exactly the sum of its parts.
Amounts that the viewer may not read are not added but counted (law §3: money).
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import Standing
from server.domain.figures import Period
from server.domain.people import Viewer
from server.domain.rollups import Cell, Count, LastMonths, Submitted, Waiting
from server.domain.stages import Stage
from server.domain.values import ValueKind
from server.models.database import rows
from server.models.scope import priced, seen

Places = Sequence[UUID] | None
# domain.values.outlook, as the database says it; a test holds the two together. `m` is the measure, `v` the month.
OUTLOOK = """COALESCE(v.actual_reporting,
    CASE WHEN m.stage IN ('DECIDED', 'IMPLEMENTED', 'CLOSED') THEN v.forecast_reporting END, v.plan_reporting)"""
_WITHIN = "v.month BETWEEN :first AND :last"
# Each measure `m` with the months of its headline lines, where they may be read, or with none. Grouped by measure right
# here: joined with a sum of its own, a statement about the past would be planned for far too few rows.
_HEADLINE = f"""LEFT JOIN value_line l ON l.node_id = m.id AND l.kind IN :headline AND m.priced = 1
    LEFT JOIN month_value v ON v.line_id = l.id AND {_WITHIN}"""


def _measures(viewer: Viewer, places: Places, period: Period) -> tuple[str, dict[str, Any]]:
    """The measures that the viewer sees below each place, as the first part of a WITH, and the parameters so far."""
    (sight, values), (open_to_read, money) = seen(viewer, "n.id"), priced(viewer, "n.id")
    values = {**values, **money, "organization": viewer.organization_id}
    values |= {"first": int(period.first), "last": int(period.last)}
    columns = f"n.id, n.stage, n.standing, CASE WHEN {open_to_read} THEN 1 ELSE 0 END AS priced"
    ours = f"n.organization_id = :organization AND n.stage IS NOT NULL AND {sight}"
    if places is None:
        source = f"SELECT n.organization_id AS place_id, {columns} FROM node n WHERE {ours}"
    else:
        source = f"""SELECT b.ancestor_id AS place_id, {columns}
                     FROM branch b JOIN node n ON n.id = b.descendant_id WHERE b.ancestor_id IN :places AND {ours}"""
        values["places"] = list(places)
    return f"WITH measure AS ({source})", values


async def cells(db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period) -> dict[UUID, list[Cell]]:
    """The four figures per place, kind, stage and standing."""
    measures, values = _measures(viewer, places, period)
    sums = ", ".join(
        f"CAST(COALESCE(SUM(CASE WHEN m.priced = 1 THEN {amount} END), 0) AS BIGINT) AS {name}"
        for name, amount in (
            ("plan", "v.plan_reporting"),
            ("outlook", OUTLOOK),
            ("actual", "v.actual_reporting"),
            ("confirmed", "v.confirmed_reporting"),
        )
    )
    written = "COALESCE(v.actual, v.forecast, v.plan, v.confirmed) IS NOT NULL"
    left_out = (
        f"COUNT(DISTINCT CASE WHEN m.priced = 0 AND {written} THEN l.id END)" if not viewer.reads_all_money else "0"
    )
    sql = f"""{measures} SELECT m.place_id, l.kind, m.stage, m.standing, {sums}, {left_out} AS omitted
              FROM measure m JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
              WHERE {_WITHIN} GROUP BY m.place_id, l.kind, m.stage, m.standing"""
    found: dict[UUID, list[Cell]] = {}
    for row in await rows(db, sql, **values):
        cell = Cell(
            ValueKind(row["kind"]),
            Stage(row["stage"]),
            Standing(row["standing"]),
            row["plan"],
            row["outlook"],
            row["actual"],
            row["confirmed"],
            row["omitted"],
        )
        found.setdefault(row["place_id"], []).append(cell)
    return found


async def counts(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period, kinds: Collection[ValueKind]
) -> dict[UUID, list[Count]]:
    """How many measures stand where, per place, and how many of them have a headline outlook below their plan.

    A measure whose amounts may not be read is counted, but never as behind.
    """
    measures, values = _measures(viewer, places, period)
    sql = f"""{measures} SELECT place_id, stage, standing, COUNT(*) AS measures, SUM(behind) AS behind FROM (
                SELECT m.place_id, m.id, m.stage, m.standing,
                       CASE WHEN SUM({OUTLOOK}) < SUM(v.plan_reporting) THEN 1 ELSE 0 END AS behind
                FROM measure m {_HEADLINE} GROUP BY m.place_id, m.id, m.stage, m.standing) AS each_one
              GROUP BY place_id, stage, standing"""
    found: dict[UUID, list[Count]] = {}
    for row in await rows(db, sql, headline=list(kinds), **values):
        count = Count(Stage(row["stage"]), Standing(row["standing"]), row["measures"], row["behind"])
        found.setdefault(row["place_id"], []).append(count)
    return found


async def last_months(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period
) -> dict[UUID, dict[ValueKind, LastMonths]]:
    """Per place and kind the outlook of active measures' recurring lines, each in its last month with a value."""
    measures, values = _measures(viewer, places, period)
    sql = f"""{measures}, months AS (
                SELECT m.id AS node_id, l.kind, {OUTLOOK} AS units,
                       ROW_NUMBER() OVER (PARTITION BY v.line_id ORDER BY v.month DESC) AS recency
                FROM node m JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
                WHERE m.id IN (SELECT id FROM measure) AND m.standing = 'ACTIVE' AND l.recurring AND {_WITHIN}
                AND {OUTLOOK} IS NOT NULL)
              SELECT m.place_id, months.kind,
                     CAST(COALESCE(SUM(CASE WHEN m.priced = 1 THEN months.units END), 0) AS BIGINT) AS units,
                     SUM(1 - m.priced) AS omitted
              FROM months JOIN measure m ON m.id = months.node_id
              WHERE months.recency = 1 GROUP BY m.place_id, months.kind"""
    found: dict[UUID, dict[ValueKind, LastMonths]] = {}
    for row in await rows(db, sql, **values):
        found.setdefault(row["place_id"], {})[ValueKind(row["kind"])] = LastMonths(row["units"], row["omitted"])
    return found


async def waiting(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period, kinds: Collection[ValueKind]
) -> dict[UUID, list[Waiting]]:
    """The open submissions per place and gate, in the gates' order."""
    measures, values = _measures(viewer, places, period)
    sql = f"""{measures} SELECT m.place_id, m.id AS node_id, n.name, s."into" AS gate, s.submitted_at,
                     CASE WHEN m.priced = 1 THEN COALESCE(SUM(v.plan_reporting), 0) END AS plan
              FROM measure m JOIN submission s ON s.node_id = m.id AND s.ended_at IS NULL
                  AND s.purpose = 'GATE' JOIN node n ON n.id = m.id {_HEADLINE}
              GROUP BY m.place_id, m.id, n.name, s."into", s.submitted_at, m.priced ORDER BY s.submitted_at, m.id"""
    found: dict[UUID, dict[Stage, list[Submitted]]] = {}
    for row in await rows(db, sql, headline=list(kinds), **values):
        plan = None if row["plan"] is None else int(row["plan"])
        one = Submitted(row["node_id"], row["name"], plan, row["submitted_at"])
        found.setdefault(row["place_id"], {}).setdefault(Stage(row["gate"]), []).append(one)
    return {
        place: [Waiting(into, tuple(gates[into])) for into in sorted(gates, key=lambda into: into.degree)]
        for place, gates in found.items()
    }
