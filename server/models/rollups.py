"""Roll-ups, read set-based: one statement per question for any number of places, adding what the viewer sees below.

A place is a node of the cascade, or the organization (`places` None, and its id is the key). Amounts are in minor units
of the reporting currency, converted when they were written, so that every parent is exactly the sum of its parts.
Amounts that the viewer may not read are not added but counted (law §3: money).

In the present all of it is read from what every write keeps (`models/keeping.py`), so that its cost does not depend on
how much lies below. It is added up from the months themselves as of then, and for the rare viewer who sees amounts that
they may not read, of which nothing is kept.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import Standing
from server.domain.figures import Period
from server.domain.months import fiscal_year
from server.domain.people import Viewer
from server.domain.rollups import Cell, Count, Submitted, Waiting
from server.domain.stages import Stage
from server.domain.values import ValueKind
from server.models.database import records, rows
from server.models.past import Past
from server.models.scope import priced, seen, topmost

Places = Sequence[UUID] | None
# domain.values.outlook, as the database says it; a test holds the two together. `m` is the measure, `v` the month.
OUTLOOK = """COALESCE(v.actual_reporting,
    CASE WHEN m.stage IN ('DECIDED', 'IMPLEMENTED', 'CLOSED') THEN v.forecast_reporting END, v.plan_reporting)"""
ALL_OF_TIME = 0
"""The fiscal year under which is kept what holds of every month there is (`models/kept.py`)."""
_WITHIN = "v.month BETWEEN :first AND :last"
# Each measure `m` with its headline months, where they may be read, or with none: as kept at it, or as of then. Who
# joins it groups by measure: joined with a sum of its own, a statement about the past is planned for too few rows.
_KEPT_HEADLINE = "LEFT JOIN kept_sum v ON v.place_id = m.id AND v.kind IN :headline AND m.priced = 1 AND " + _WITHIN
_HEADLINE = f"""LEFT JOIN value_line l ON l.node_id = m.id AND l.kind IN :headline AND m.priced = 1
    LEFT JOIN month_value v ON v.line_id = l.id AND {_WITHIN}"""

_NONE = ", 0" * 7  # in the columns of a sum, where a count stands
# By what is stored: a cell names three members, and calling an enum costs several times a look-up.
_KINDS = {each.value: each for each in ValueKind}
_STAGES = {each.value: each for each in Stage}
_STANDINGS = {each.value: each for each in Standing}


def _in(period: Period) -> dict[str, int]:
    return {"first": int(period.first), "last": int(period.last)}


def _measures(viewer: Viewer, places: Places, start: str = "node n", more: str = "") -> tuple[str, dict[str, Any]]:
    """The measures that the viewer sees below each place, as the first part of a WITH, and the parameters so far.

    `start` is where they are looked for, and `more` what is wanted of it besides.
    """
    (sight, values), (open_to_read, money) = seen(viewer, "n.id"), priced(viewer, "n.id")
    values = {**values, **money, "organization": viewer.organization_id}
    columns = f"n.id, n.name, n.stage, n.standing, CASE WHEN {open_to_read} THEN 1 ELSE 0 END AS priced{more}"
    ours = f"n.organization_id = :organization AND n.stage IS NOT NULL AND {sight}"
    if places is None:
        source = f"SELECT n.organization_id AS place_id, {columns} FROM {start} WHERE {ours}"
    else:
        source = f"""SELECT b.ancestor_id AS place_id, {columns}
                     FROM {start} JOIN branch b ON b.descendant_id = n.id WHERE b.ancestor_id IN :places AND {ours}"""
        values["places"] = list(places)
    return f"WITH measure AS ({source})", values


async def cells(db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period) -> dict[UUID, list[Cell]]:
    """The figures per place, kind, stage and standing."""
    sql, values = (_kept_cells if _is_kept(db, viewer) else _computed_cells)(viewer, places)
    found: dict[UUID, list[Cell]] = {}
    for row in await rows(db, sql, **values, **_in(period)):
        found.setdefault(row["place_id"], []).append(_cell(row))
    return found


async def cells_and_counts(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period, standing: Standing | None = None
) -> tuple[dict[UUID, list[Cell]], dict[UUID, list[Count]]]:
    """What `cells` and `counts` tell; of what is kept in one statement, which reads no `standing` but this one."""
    if not _is_kept(db, viewer):
        return await cells(db, viewer, places, period), await counts(db, viewer, places)
    (sums, values), (counted, _) = _kept_cells(viewer, places, standing), _kept_counts(viewer, places, standing, _NONE)
    figures: dict[UUID, list[Cell]] = {}
    measures: dict[UUID, list[Count]] = {}
    for row in await records(db, f"{sums} UNION ALL {counted}", **values, **_in(period), standing=standing):
        if row["kind"] is None:
            measures.setdefault(row["place_id"], []).append(_count(row))
        else:
            figures.setdefault(row["place_id"], []).append(_cell(row))
    return figures, measures


def _is_kept(db: BaseDBAsyncClient, viewer: Viewer) -> bool:
    return not isinstance(db, Past) and viewer.reads_money_in_sight


def _cell(row: Mapping[str, Any]) -> Cell:
    return Cell(
        _KINDS[row["kind"]],
        _STAGES[row["stage"]],
        _STANDINGS[row["standing"]],
        row["plan"],
        row["outlook"],
        row["actual"],
        row["confirmed"],
        row["omitted"],
        row["recurring_outlook"],
        row["recurring_omitted"],
    )


def _count(row: Mapping[str, Any]) -> Count:
    return Count(_STAGES[row["stage"]], _STANDINGS[row["standing"]], row["measures"])


def _only(standing: Standing | None, table: str) -> str:
    return f" AND {table}.standing = :standing" if standing else ""


def _kept_cells(viewer: Viewer, places: Places, standing: Standing | None = None) -> tuple[str, dict[str, Any]]:
    top, values = topmost(viewer, places)
    four = ", ".join(f"CAST(SUM(v.{name}) AS BIGINT) AS {name}" for name in ("plan", "outlook", "actual", "confirmed"))
    recurring = "CAST(SUM(CASE WHEN v.month = :last THEN v.recurring_outlook ELSE 0 END) AS BIGINT)"
    sql = f"""SELECT t.place_id, v.kind, v.stage, v.standing, 0 AS measures, {four}, {recurring} AS recurring_outlook,
                     0 AS omitted, 0 AS recurring_omitted
              FROM ({top}) AS t JOIN kept_sum v ON v.place_id = t.top_id
              WHERE {_WITHIN}{_only(standing, "v")} GROUP BY t.place_id, v.kind, v.stage, v.standing"""
    return sql, values


def _kept_counts(
    viewer: Viewer, places: Places, standing: Standing | None = None, more: str = ""
) -> tuple[str, dict[str, Any]]:
    top, values = topmost(viewer, places)
    sql = f"""SELECT t.place_id, CAST(NULL AS VARCHAR(16)) AS kind, k.stage, k.standing,
                     CAST(SUM(k.measures) AS BIGINT) AS measures{more}
              FROM ({top}) AS t JOIN kept_count k ON k.place_id = t.top_id{_only(standing, "k")}
              GROUP BY t.place_id, k.stage, k.standing"""
    return sql, values


def _computed_cells(viewer: Viewer, places: Places) -> tuple[str, dict[str, Any]]:
    measures, values = _measures(viewer, places)
    recurring = "l.recurring AND v.month = :last"
    sums = ", ".join(
        f"CAST(COALESCE(SUM(CASE WHEN m.priced = 1{which} THEN {amount} END), 0) AS BIGINT) AS {name}"
        for name, amount, which in (
            ("plan", "v.plan_reporting", ""),
            ("outlook", OUTLOOK, ""),
            ("actual", "v.actual_reporting", ""),
            ("confirmed", "v.confirmed_reporting", ""),
            ("recurring_outlook", OUTLOOK, f" AND {recurring}"),
        )
    )
    left_out = ("0", "0")
    if not viewer.reads_all_money:
        written = "COALESCE(v.actual, v.forecast, v.plan, v.confirmed) IS NOT NULL"
        left_out = (
            f"COUNT(DISTINCT CASE WHEN m.priced = 0 AND {written} THEN l.id END)",
            f"COUNT(CASE WHEN m.priced = 0 AND {recurring} THEN {OUTLOOK} END)",
        )
    sql = f"""{measures} SELECT m.place_id, l.kind, m.stage, m.standing, {sums},
                     {left_out[0]} AS omitted, {left_out[1]} AS recurring_omitted
              FROM measure m JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
              WHERE {_WITHIN} GROUP BY m.place_id, l.kind, m.stage, m.standing"""
    return sql, values


async def counts(db: BaseDBAsyncClient, viewer: Viewer, places: Places) -> dict[UUID, list[Count]]:
    """How many measures stand where, per place."""
    if isinstance(db, Past):
        measures, values = _measures(viewer, places)
        sql = f"""{measures} SELECT place_id, stage, standing, COUNT(*) AS measures
                  FROM measure GROUP BY place_id, stage, standing"""
    else:
        sql, values = _kept_counts(viewer, places)
    found: dict[UUID, list[Count]] = {}
    for row in await rows(db, sql, **values):
        found.setdefault(row["place_id"], []).append(_count(row))
    return found


async def behind(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period, kinds: Collection[ValueKind]
) -> dict[UUID, int]:
    """How many active measures have a headline outlook below their plan, per place.

    One whose amounts may not be read never has. Of a fiscal year, and of all of time, it is kept; it is no sum of
    months, so of any other span measures are looked at one by one.
    """
    year = await kept_year(db, viewer, period)
    if year is not None:
        top, values = topmost(viewer, places)
        sql = f"""SELECT t.place_id, CAST(SUM(k.behind) AS BIGINT) AS measures FROM ({top}) AS t
                  JOIN kept_year k ON k.place_id = t.top_id WHERE k.fiscal_year = :year
                  GROUP BY t.place_id HAVING SUM(k.behind) <> 0"""
        return {row["place_id"]: row["measures"] for row in await rows(db, sql, year=year, **values)}
    measures, values = _measures(viewer, places)
    months, outlook, plan = _headline(db)
    sql = f"""{measures} SELECT place_id, COUNT(*) AS measures FROM (
                SELECT m.place_id, m.id FROM measure m {months} WHERE m.standing = 'ACTIVE'
                GROUP BY m.place_id, m.id
                HAVING COALESCE(SUM({outlook}), 0) < COALESCE(SUM({plan}), 0)) AS each_one
              GROUP BY place_id"""
    found = await rows(db, sql, headline=list(kinds), **values, **_in(period))
    return {row["place_id"]: row["measures"] for row in found}


async def kept_year(db: BaseDBAsyncClient, viewer: Viewer, period: Period) -> int | None:
    """The fiscal year of which a period is the whole, 0 where it holds every month of lines there is; else None.

    None as well where nothing is kept: of the past, and for who may not read all amounts that they see.
    """
    if isinstance(db, Past) or not viewer.reads_money_in_sight:
        return None
    sql = """SELECT o.fiscal_year_start, MIN(k.month) AS first, MAX(k.month) AS last
             FROM organization o LEFT JOIN kept_sum k ON k.place_id = o.id WHERE o.id = :organization
             GROUP BY o.fiscal_year_start"""
    (known,) = await rows(db, sql, organization=viewer.organization_id)
    first, last, start = period.first, period.last, known["fiscal_year_start"]
    if first.month == start and (last.year - first.year) * 12 + last.month - first.month == 11:  # noqa: PLR2004 — a year
        return fiscal_year(first, start)
    ever = known["first"] is None or (first <= known["first"] and last >= known["last"])
    return ALL_OF_TIME if ever else None


def _headline(db: BaseDBAsyncClient) -> tuple[str, str, str]:
    """The months of a measure's headline lines to join, and their outlook and plan."""
    computed = isinstance(db, Past)
    return (_HEADLINE, OUTLOOK, "v.plan_reporting") if computed else (_KEPT_HEADLINE, "v.outlook", "v.plan")


async def waiting(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, period: Period, kinds: Collection[ValueKind]
) -> dict[UUID, list[Waiting]]:
    """The open submissions per place and gate, in the gates' order."""
    submitted = """submission s JOIN node n ON n.id = s.node_id
        AND s.organization_id = :organization AND s.ended_at IS NULL AND s.purpose = 'GATE'"""
    measures, values = _measures(viewer, places, submitted, ', s."into" AS gate, s.submitted_at')
    months, _, plan = _headline(db)
    sql = f"""{measures} SELECT m.place_id, m.id AS node_id, m.name, m.gate, m.submitted_at,
                     CASE WHEN m.priced = 1 THEN CAST(COALESCE(SUM({plan}), 0) AS BIGINT) END AS plan
              FROM measure m {months}
              GROUP BY m.place_id, m.id, m.name, m.gate, m.submitted_at, m.priced ORDER BY m.submitted_at, m.id"""
    found: dict[UUID, dict[Stage, list[Submitted]]] = {}
    for row in await rows(db, sql, headline=list(kinds), **values, **_in(period)):
        one = Submitted(row["node_id"], row["name"], row["plan"], row["submitted_at"])
        found.setdefault(row["place_id"], {}).setdefault(Stage(row["gate"]), []).append(one)
    return {
        place: [Waiting(into, tuple(gates[into])) for into in sorted(gates, key=lambda into: into.degree)]
        for place, gates in found.items()
    }
