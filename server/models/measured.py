"""Indicators with their points, read set-based; one whose source is the roll-up is read from it, as of now or then.

A roll-up is asked once for all indicators with the same months, through the very statements that roll-ups are made of.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.figures import Period
from server.domain.indicators import Direction, Indicator, IndicatorFigure, IndicatorSource, Point
from server.domain.money import major
from server.domain.months import Month
from server.domain.people import Viewer
from server.domain.rollups import Sums, headline
from server.domain.rollups import by_kind as of_kind
from server.domain.sales_figures import NOTHING
from server.domain.values import ValueKind
from server.models import rollups, sales_figures
from server.models.database import rows
from server.models.scope import priced, seen


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator with its row and the rows of its points, by date."""

    row: Mapping[str, Any]
    indicator: Indicator
    points: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, on which day, in which reporting currency, and which kinds of line their headline value adds."""

    viewer: Viewer
    today: date
    currency: str
    headline: Sequence[ValueKind]


async def indicators(
    db: BaseDBAsyncClient, reader: Reader, *, nodes: Sequence[UUID] | None = None, ids: Sequence[UUID] | None = None
) -> list[Measured]:
    """The indicators of these nodes, or these indicators, or (neither) all that the viewer sees; by name."""
    viewer = reader.viewer
    (sight, scope), (told, money) = seen(viewer, "n.id"), priced(viewer, "n.id")
    which = "" if nodes is None else " AND i.node_id IN :nodes"
    which += "" if ids is None else " AND i.id IN :ids"
    asked = {"nodes": list(nodes)} if nodes is not None else {}
    asked |= {"ids": list(ids)} if ids is not None else {}
    sql = f"""SELECT i.*, n.level, n.stage, n.standing, n.owner_id, n.parent_id,
                     CASE WHEN {told} THEN 1 ELSE 0 END AS priced
              FROM indicator i JOIN node n ON n.id = i.node_id
              WHERE i.organization_id = :organization AND {sight}{which} ORDER BY i.name, i.id"""
    found = await rows(db, sql, organization=viewer.organization_id, **asked, **scope | money)
    points = await _points(db, [row["id"] for row in found])
    live = await _read(db, reader, [row for row in found if row["source"] == IndicatorSource.ROLL_UP])
    return [
        Measured(row, _indicator(row, points.get(row["id"], []), live.get(row["id"])), points.get(row["id"], []))
        for row in found
    ]


async def _points(db: BaseDBAsyncClient, ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    sql = "SELECT * FROM indicator_point WHERE indicator_id IN :ids ORDER BY date"
    for row in await rows(db, sql, ids=list(ids)) if ids else ():
        found.setdefault(row["indicator_id"], []).append(row)
    return found


def _indicator(row: Mapping[str, Any], points: Sequence[Mapping[str, Any]], live: Point | None) -> Indicator:
    """The indicator as the law knows it. One that is read live starts from nothing, unless its start is named."""
    rolled = row["source"] == IndicatorSource.ROLL_UP
    known = [Point(one["date"], _exact(one["target"]), _exact(one["actual"])) for one in points]
    return Indicator(
        row["name"],
        Direction(row["direction"]),
        row["unit"],
        Decimal(0) if rolled and row["start"] is None else _exact(row["start"]),
        row["start_date"],
        _exact(row["target"]),
        row["target_date"],
        (*known, *([live] if live else [])),
        rolled and IndicatorFigure(row["figure"]).foresees,
    )


async def _read(db: BaseDBAsyncClient, reader: Reader, wanted: Collection[Mapping[str, Any]]) -> dict[UUID, Point]:
    """What the roll-up says today of each of these; nothing where its amounts may not be read, or it has not begun."""
    asked: dict[tuple[Period, date, bool], list[Mapping[str, Any]]] = {}
    for row in wanted:
        figure = IndicatorFigure(row["figure"])
        span = _span(figure, row["start_date"], row["target_date"], reader.today)
        if row["priced"] and span:
            asked.setdefault((*span, figure is IndicatorFigure.SALES_WON), []).append(row)
    found: dict[UUID, Point] = {}
    for (period, day, sold), those in asked.items():
        read = _won if sold else _valued
        units = await read(db, reader, period, those)
        found |= {key: Point(day, actual=major(each, reader.currency)) for key, each in units.items()}
    return found


def _span(figure: IndicatorFigure, begins: date, ends: date, today: date) -> tuple[Period, date] | None:
    """The months a figure is added over, and of which day that tells.

    An outlook is of all months, and what was won counts up to today; values come in by month, so the last whole one.
    """
    first, last = Month.containing(begins), Month.containing(ends)
    day = min(today, ends)
    if figure.foresees:
        return Period(first, last), day
    if figure is not IndicatorFigure.SALES_WON and Month.containing(day + timedelta(days=1)) == Month.containing(day):
        day = Month.containing(day).first_day - timedelta(days=1)
    return (Period(first, Month.containing(day)), day) if day >= begins else None


async def _won(
    db: BaseDBAsyncClient, reader: Reader, period: Period, those: Sequence[Mapping[str, Any]]
) -> dict[UUID, int]:
    places = [row["node_id"] for row in those]
    tallies = await sales_figures.tallies(db, reader.viewer, places, period, None)
    return {row["id"]: tallies.get(row["node_id"], {}).get("", NOTHING).won_units for row in those}


async def _valued(
    db: BaseDBAsyncClient, reader: Reader, period: Period, those: Sequence[Mapping[str, Any]]
) -> dict[UUID, int]:
    cells = await rollups.cells(db, reader.viewer, [row["node_id"] for row in those], period)
    found = dict[UUID, int]()
    for row in those:
        whose, column = row["figure"].lower().split("_")
        sums = Sums(cells.get(row["node_id"], ()), period, reader.currency)
        five = headline(sums, reader.headline) if whose == "headline" else of_kind(sums, ValueKind.REVENUE)
        found[row["id"]] = getattr(five, column).units
    return found


def _exact(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
