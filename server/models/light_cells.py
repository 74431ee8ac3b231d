"""How many active measures below a place have which lights, and what they plan: kept, or counted one by one (law §7).

What people have set is kept by every write. What is proposed hangs on the day as well: a look (`actions/noticing.py`)
keeps it, and measures that were touched since are judged anew by whoever reads. So reading costs the same at any size,
but for what was touched in the seconds since the last look. Counted one by one is the past, a day on which nothing was
looked at yet, and for who may read the amounts of a part only.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.lights import Light, LightKind, Lit, Pair
from server.domain.people import Viewer
from server.models import lights as reads
from server.models.database import rows
from server.models.findings import looked
from server.models.lights import Ground, Row
from server.models.past import Past
from server.models.rollups import Places
from server.models.scope import topmost
from server.models.touched import touched

Cells = dict[UUID, list[Lit]]


async def shown(db: BaseDBAsyncClient, viewer: Viewer, places: Places, ground: Ground) -> Cells:
    """The lots of measures below each place, by the lights that people have set."""
    if _keeps(db, viewer):
        return await _kept(db, viewer, places, ground, "")
    found = await _measures(db, viewer, places)
    return await _counted(db, ground, found, await _set(db, found))


async def proposed(db: BaseDBAsyncClient, viewer: Viewer, places: Places, ground: Ground) -> Cells:
    """The lots of measures below each place, by the lights that are proposed now."""
    since = await _touched_since(db, ground) if _keeps(db, viewer) else None
    if since is None:
        found = await _measures(db, viewer, places)
        return await _counted(db, ground, found, await _proposed(db, found, ground))
    cells = await _kept(db, viewer, places, ground, "proposed_")
    if since:
        await _judge_anew(db, viewer, places, ground, since, cells)
    return cells


def _keeps(db: BaseDBAsyncClient, viewer: Viewer) -> bool:
    return not isinstance(db, Past) and (viewer.reads_money_in_sight or _reads_no_money(viewer))


def _reads_no_money(viewer: Viewer) -> bool:
    return not viewer.reads_all_money and not viewer.money_nodes


async def _kept(db: BaseDBAsyncClient, viewer: Viewer, places: Places, ground: Ground, which: str) -> Cells:
    """As kept, by the lights in two columns whose names begin with `which`."""
    top, values = topmost(viewer, places)
    lights = f"k.{which}implementation, k.{which}potential"
    measures, plan, weight = (
        f"CAST(SUM(CASE WHEN k.fiscal_year = {year} THEN k.{name} ELSE 0 END) AS BIGINT) AS {name}"
        for name, year in (("measures", 0), ("plan", ":year"), ("weight", ":year"))
    )
    sql = f"""SELECT t.place_id, {lights}, {measures}, {plan}, {weight} FROM ({top}) AS t
              JOIN kept_year k ON k.place_id = t.top_id WHERE k.fiscal_year IN :years AND k.implementation <> 'IDLE'
              GROUP BY t.place_id, {lights}"""
    year = ground.fiscal_year
    blind, found = _reads_no_money(viewer), Cells()
    for row in await rows(db, sql, year=year, years=[0, year], **values):
        pair = Pair(Light(row[f"{which}implementation"]), Light(row[f"{which}potential"]))
        measures = row["measures"]
        lot = Lit(pair, measures, 0 if blind else row["plan"], row["weight"], measures if blind else 0)
        found.setdefault(row["place_id"], []).append(lot)
    return found


async def _touched_since(db: BaseDBAsyncClient, ground: Ground) -> Collection[UUID] | None:
    """The nodes that something happened to since the last look; None where nothing of today was looked at."""
    (state,) = await looked(db, ground.organization_id)
    if state.revision is None or state.at is None:
        return None
    if state.at.astimezone(ZoneInfo(state.time_zone)).date() != ground.today:
        return None
    if state.revision == state.newest:
        return ()
    happened = await touched(db, ground.organization_id, state.revision)
    return None if happened.everything is not None else happened.nodes.keys()


async def _judge_anew(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, ground: Ground, since: Collection[UUID], cells: Cells
) -> None:
    """Move measures from the lights that are kept of them to those that are proposed now."""
    found = await _measures(db, viewer, places, since)
    kept = await reads.proposed_lights(db, {row["id"] for row in found})
    made = await _proposed(db, found, ground)
    plans = await reads.headline_plans(db, {row["id"] for row in found}, ground)
    for row in found:
        units = plans.get(row["id"], 0)
        cells.setdefault(row["place_id"], []).extend(
            (-_one(row, kept.get(row["id"], Pair()), units), _one(row, made[row["id"]], units))
        )
    for place, lots in cells.items():
        cells[place] = _added(lots)


async def lit(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, ground: Ground, pair: Pair, *, proposed: bool
) -> list[Row]:
    """The active measures below each place whose lights are these two, with their headline `units`, one by one."""
    found = await _measures(db, viewer, places)
    lights = await _proposed(db, found, ground) if proposed else await _set(db, found)
    found = [row for row in found if lights.get(row["id"], Pair()) == pair]
    plans = await reads.headline_plans(db, {row["id"] for row in found}, ground)
    return [row | {"units": plans.get(row["id"], 0) if row["priced"] else None} for row in found]


async def _set(db: BaseDBAsyncClient, found: Iterable[Row]) -> dict[UUID, Pair]:
    """The lights that people have set for measures."""
    standing = await reads.settings(db, {row["id"] for row in found})
    return {
        one: Pair(*(own[kind].light if kind in own else Light.GREY for kind in LightKind))
        for one, own in standing.items()
    }


async def _counted(db: BaseDBAsyncClient, ground: Ground, found: list[Row], lights: Mapping[UUID, Pair]) -> Cells:
    """Counted measure by measure; those without lights are grey."""
    plans = await reads.headline_plans(db, {row["id"] for row in found}, ground)
    cells = Cells()
    for row in found:
        lot = _one(row, lights.get(row["id"], Pair()), plans.get(row["id"], 0))
        cells.setdefault(row["place_id"], []).append(lot)
    return {place: _added(lots) for place, lots in cells.items()}


async def _measures(
    db: BaseDBAsyncClient, viewer: Viewer, places: Places, among: Collection[UUID] | None = None
) -> list[Row]:
    whole = places is None
    return await reads.measures(db, viewer, places or (), itself=False, whole=whole, among=among)


async def _proposed(db: BaseDBAsyncClient, found: list[Row], ground: Ground) -> dict[UUID, Pair]:
    made: dict[UUID, Any] = await reads.proposals(db, found, ground) if found else {}
    return {one: Pair(*(made[one][kind].light for kind in LightKind)) for one in made}


def _one(row: Row, pair: Pair, plan: int) -> Lit:
    return Lit(pair, 1, plan if row["priced"] else 0, max(plan, 0), 0 if row["priced"] else 1)


def _added(lots: Iterable[Lit]) -> list[Lit]:
    """One lot for each pair of lights that any measure has."""
    added: dict[Pair, Lit] = {}
    for lot in lots:
        added[lot.pair] = added[lot.pair] + lot if lot.pair in added else lot
    return [lot for lot in added.values() if lot.measures]
