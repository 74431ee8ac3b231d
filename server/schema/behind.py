"""The rows behind an input, read for all inputs of one kind together, and as an explanation tells them."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.behind import Behind, LightRows, LineRows, Place, SalesRows, line_rows
from server.domain.figures import Period, Source
from server.domain.lights import Pair
from server.domain.money import HIDDEN, Money
from server.domain.months import Month
from server.domain.sales import CERTAIN
from server.models import behind as reads
from server.models.database import reading
from server.models.light_cells import lit
from server.models.lights import Ground
from server.models.past import Past
from server.schema.connections import check_first, key_of
from server.schema.context import Context

Found = tuple[list[dict[str, Any]], Callable[[], Awaitable[int]]]
UNKNOWN = "no amount"


async def rows_behind(context: Context, behind: Behind, first: int, after: str | None) -> Found:
    """A page of rows (one more than asked for says that more follows), and how many there are in all."""
    key_kind = int if behind.rows in {SalesRows.QUOTA, SalesRows.CAPACITY} else UUID
    key = key_of(after, int, key_kind)
    if isinstance(behind.rows, LightRows):
        return await _lit_page(context, behind, behind.rows, check_first(first), key_of(after, int, UUID))
    asked = (behind.rows, Period(behind.first, behind.last), behind.place.whole, behind.place.as_of)
    continued = (key[0], key[1]) if key else None
    found = await context.one(_page, behind.place.id, *asked, check_first(first), continued) or []

    async def count() -> int:
        return await context.one(_count, behind.place.id, *asked) or 0

    return found, count


async def _lit_page(context: Context, behind: Behind, wanted: LightRows, first: int, key: list[Any] | None) -> Found:
    """Measures by their lights are judged one by one: all of them for any page."""
    found = await context.one(_lit, behind.place.id, wanted, behind.place.whole) or []
    after = (-key[0], str(key[1])) if key else None
    rest = [row for row in found if after is None or _by_size(row) > after]

    async def count() -> int:
        return len(found)

    return rest[: first + 1], count


def _by_size(row: dict[str, Any]) -> tuple[int, str]:
    """The largest amount first."""
    return -abs(row["units"] or 0), str(row["key"])


def key_of_row(row: dict[str, Any]) -> tuple[int, str | int]:
    """What a row is ordered by."""
    return abs(row["units"] or 0), row["key"] if isinstance(row["key"], int) else str(row["key"])


async def told(context: Context, behind: Behind, row: dict[str, Any]) -> tuple[str, str, Source]:
    """A row as an input: its name, its amount with how it came about, and what it was read from."""
    currency = (await context.organization())["reporting_currency"]
    if isinstance(behind.rows, LineRows):
        name = f"{row['name']}, {row['node_name']}"
        return name, _amount(row, currency), Source("line", row["line_id"], row["entry"])
    if behind.rows in {SalesRows.REVENUE, SalesRows.ASSIGNED}:
        return row["node_name"], _amount(row, currency), Source("node", row["node_id"], row["entry"])
    if behind.rows in {SalesRows.QUOTA, SalesRows.CAPACITY}:
        name = ", ".join(filter(None, (row["node_name"], str(Month(row["month"])), row["segment"])))
        return name, _amount(row, currency), Source("node", row["node_id"], row["entry"])
    if isinstance(behind.rows, LightRows):
        lines = Behind(line_rows("plan", behind.rows.kinds), Place(row["key"]), behind.first, behind.last)
        return row["name"], _amount(row, currency), Source("node", row["key"], rows=lines)
    name = ", ".join(filter(None, (row["external_id"], row["account"])))
    amount = _amount(row, currency) + _came_about(row, currency, weighted=behind.rows is SalesRows.WEIGHTED)
    return name, amount, Source("opportunity", row["row_id"], row["entry"])


def _amount(row: dict[str, Any], currency: str) -> str:
    if not row["priced"]:
        return HIDDEN
    return UNKNOWN if row["units"] is None else str(Money(row["units"], currency))


def _came_about(row: dict[str, Any], currency: str, *, weighted: bool) -> str:
    """What a deal is worth in its own currency, and how likely it is, where that made the amount."""
    if not row["priced"] or row["own"] is None or not (weighted or row["currency"] != currency):
        return ""
    chance = f" × {row['probability'] / CERTAIN:.6g}" if weighted and row["probability"] is not None else ""
    return f" ({Money(row['own'], row['currency'])}{chance})"


def _past_of(context: Context, as_of: int | None) -> BaseDBAsyncClient:
    """Where rows are read: as of what the whole answer is, or as of what their figure is."""
    return context.db if as_of is None else Past(reading(), context.viewer.organization_id, as_of)


async def _page(
    context: Context,
    places: list[UUID],
    wanted: LineRows | SalesRows,
    period: Period,
    whole: bool,
    as_of: int | None,
    first: int,
    after: reads.Key | None,
) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    at, db = None if whole else places, _past_of(context, as_of)
    for row in await reads.page(db, context.viewer, at, wanted, period, first, after):
        found.setdefault(row["place_id"], []).append(row)
    return found


async def _lit(
    context: Context, places: list[UUID], wanted: LightRows, whole: bool
) -> dict[UUID, list[dict[str, Any]]]:
    organization = await context.organization()
    start, policy = organization["fiscal_year_start"], await context.policy()
    ground = Ground(organization["id"], await context.today(), policy, start)
    pair, at = Pair(wanted.implementation, wanted.potential), None if whole else places
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await lit(context.db, context.viewer, at, ground, pair, proposed=wanted.proposed):
        found.setdefault(row["place_id"], []).append(row | {"key": row["id"]})
    return {place: sorted(measures, key=_by_size) for place, measures in found.items()}


async def _count(
    context: Context,
    places: list[UUID],
    wanted: LineRows | SalesRows,
    period: Period,
    whole: bool,
    as_of: int | None,
) -> dict[UUID, int]:
    at = None if whole else places
    return await reads.counts(_past_of(context, as_of), context.viewer, at, wanted, period)
