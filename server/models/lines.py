"""The value lines behind a roll-up figure, and their months, read set-based (law §4)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.behind import Behind, Column, LineRows, Place, line_rows
from server.domain.figures import Period
from server.domain.line_figures import LineFigure, LineMonth, Series
from server.domain.months import Month
from server.domain.people import Viewer
from server.domain.rollups import MONTHS_A_YEAR
from server.domain.values import ValueKind
from server.models.database import rows
from server.models.rollups import OUTLOOK, Places
from server.models.scope import priced
from server.models.spending import CASED, nodes_in_sight

_SERIES = ("plan", "forecast", "actual", "confirmed")
_COLUMNS: Mapping[Column, str] = {
    "plan": "v.plan_reporting",
    "outlook": f"CASE WHEN m.standing = 'ACTIVE' THEN {OUTLOOK} END",
    "actual": "v.actual_reporting",
    "confirmed": "v.confirmed_reporting",
    "actual_current": "COALESCE(v.actual_current, v.actual_reporting)",
    "confirmed_current": "COALESCE(v.confirmed_current, v.confirmed_reporting)",
    "uncased": f"CASE WHEN v.actual_reporting IS NOT NULL AND NOT {CASED} THEN v.actual_reporting END",
}


_OF: Mapping[LineFigure, Column] = {
    LineFigure.PLAN: "plan",
    LineFigure.OUTLOOK: "outlook",
    LineFigure.ACTUAL: "actual",
    LineFigure.CONFIRMED: "confirmed",
}


def behind_figure(figure: LineFigure, kinds: tuple[ValueKind, ...], place: Place, period: Period) -> Behind:
    """The lines behind a figure of a roll-up: of a run-rate those of the last month, × 12."""
    if figure is LineFigure.RUN_RATE:
        rows_of = LineRows((("outlook", MONTHS_A_YEAR),), kinds, recurring=True)
        return Behind(rows_of, place, period.last, period.last)
    return Behind(line_rows(_OF[figure], kinds), place, period.first, period.last)


def amounts(viewer: Viewer, places: Places, period: Period, wanted: LineRows) -> tuple[str, dict[str, Any]]:
    """Each line below a place with what it adds, where that is not zero and may be read, and its newest `entry`."""
    place, source, values = nodes_in_sight(viewer, places)
    amount = " + ".join(f"{times} * COALESCE({_COLUMNS[column]}, 0)" for column, times in wanted.columns)
    which = " AND l.recurring" if wanted.recurring else ""
    asked: dict[str, Any] = {"first": int(period.first), "last": int(period.last), "kinds": list(wanted.kinds)}
    for column, found in (("stage", wanted.where.stages), ("standing", wanted.where.standings)):
        if found:
            which += f" AND m.{column} IN :{column}s"
            asked[f"{column}s"] = list(found)
    sql = f"""SELECT m.place_id, l.id AS line_id, l.name, m.name AS node_name, 1 AS priced,
                     CAST(SUM({amount}) AS BIGINT) AS units, MAX(v.since) AS entry
              FROM (SELECT {place} AS place_id, n.id, n.name, n.stage, n.standing
                    FROM {source} AND n.level = 'INITIATIVE' AND {priced(viewer, "n.id")[0]}) AS m
              JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
              WHERE l.kind IN :kinds AND v.month BETWEEN :first AND :last{which}
              GROUP BY m.place_id, l.id, l.name, m.name HAVING SUM({amount}) <> 0"""
    return sql, values | asked


async def months(db: BaseDBAsyncClient, line_ids: list[UUID]) -> dict[UUID, list[LineMonth]]:
    """The months of some lines that hold an amount, in order."""
    columns = ", ".join(f"{name}, {name}_reporting" for name in _SERIES)
    sql = f"""SELECT line_id, month, since, {columns} FROM month_value
              WHERE line_id IN :ids AND COALESCE(plan, forecast, actual, confirmed) IS NOT NULL ORDER BY month"""
    found: dict[UUID, list[LineMonth]] = {}
    for row in await rows(db, sql, ids=line_ids):
        own, reporting = (Series(*(row[f"{name}{end}"] for name in _SERIES)) for end in ("", "_reporting"))
        found.setdefault(row["line_id"], []).append(LineMonth(Month(row["month"]), own, reporting, row["since"]))
    return found
