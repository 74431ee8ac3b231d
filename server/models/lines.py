"""The value lines behind a roll-up figure, and their months, read set-based (law §4)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.figures import Period
from server.domain.line_figures import LineFigure, LineMonth, Series
from server.domain.months import Month
from server.domain.people import Viewer
from server.domain.rollups import MONTHS_A_YEAR
from server.domain.values import ValueKind
from server.models.database import rows
from server.models.rollups import OUTLOOK, Places
from server.models.scope import priced
from server.models.spending import nodes_in_sight

_SERIES = ("plan", "forecast", "actual", "confirmed")
_ACTIVE = "m.standing = 'ACTIVE'"
# figure → what is added, and of which measures and months
_FIGURES = {
    LineFigure.PLAN: ("v.plan_reporting", ""),
    LineFigure.OUTLOOK: (OUTLOOK, f" AND {_ACTIVE}"),
    LineFigure.ACTUAL: ("v.actual_reporting", ""),
    LineFigure.CONFIRMED: ("v.confirmed_reporting", ""),
    LineFigure.RUN_RATE: (f"{MONTHS_A_YEAR} * {OUTLOOK}", f" AND {_ACTIVE} AND l.recurring AND v.month = :last"),
}


def _amounts(
    viewer: Viewer, places: Places, period: Period, figure: LineFigure, kinds: Collection[ValueKind]
) -> tuple[str, dict[str, Any]]:
    """Each line below a place with what it adds to a figure, where that is not zero and may be read."""
    place, source, values = nodes_in_sight(viewer, places)
    amount, which = _FIGURES[figure]
    asked = {"first": int(period.first), "last": int(period.last), "kinds": sorted(kinds)}
    sql = f"""SELECT m.place_id, l.id AS line_id, CAST(SUM({amount}) AS BIGINT) AS units
              FROM (SELECT {place} AS place_id, n.id, n.stage, n.standing
                    FROM {source} AND n.level = 'INITIATIVE' AND {priced(viewer, "n.id")[0]}) AS m
              JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
              WHERE l.kind IN :kinds AND v.month BETWEEN :first AND :last{which}
              GROUP BY m.place_id, l.id HAVING SUM({amount}) <> 0"""
    return sql, values | asked


async def page(
    db: BaseDBAsyncClient,
    viewer: Viewer,
    places: Places,
    period: Period,
    asked: tuple[LineFigure, Collection[ValueKind]],
    first: int,
    after: tuple[int, UUID] | None,
) -> list[dict[str, Any]]:
    """Up to `first` + 1 lines behind a figure of each place, the largest amount first, behind the key `after`."""
    sql, values = _amounts(viewer, places, period, *asked)
    behind = ""
    if after is not None:
        behind = "WHERE ABS(a.units) < :after_units OR (ABS(a.units) = :after_units AND a.line_id > :after_id)"
        values |= {"after_units": after[0], "after_id": after[1]}
    ranked = f"""SELECT a.*, ROW_NUMBER() OVER (PARTITION BY a.place_id ORDER BY ABS(a.units) DESC, a.line_id) AS rank
                 FROM ({sql}) AS a {behind}"""
    sql = f"SELECT * FROM ({ranked}) AS ranked WHERE rank <= :most ORDER BY place_id, rank"
    return await rows(db, sql, most=first + 1, **values)


async def counts(
    db: BaseDBAsyncClient,
    viewer: Viewer,
    places: Places,
    period: Period,
    asked: tuple[LineFigure, Collection[ValueKind]],
) -> dict[UUID, int]:
    """How many lines are behind a figure, per place."""
    sql, values = _amounts(viewer, places, period, *asked)
    sql = f"SELECT place_id, COUNT(*) AS number FROM ({sql}) AS a GROUP BY place_id"
    return {row["place_id"]: row["number"] for row in await rows(db, sql, **values)}


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
