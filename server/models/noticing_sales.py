"""What sales plans sell, and sellers do under them, as findings see it: a fixed number of statements for any number."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.subjects import Selling
from server.models import noticing_reads as sql
from server.models.database import rows


async def selling(
    db: BaseDBAsyncClient, asked: dict[str, Any]
) -> tuple[dict[UUID, Selling], dict[UUID, dict[int, int]]]:
    """What each sales plan sells, and each initiative by all of its plans; and the same of their activities."""
    plans = await rows(db, sql.PLANS, **asked)
    each = await per_plan(db, asked, [row["id"] for row in plans])
    logged: dict[UUID, dict[int, int]] = defaultdict(dict)
    for row in await rows(db, sql.ACTIVITIES, **asked, plans=list(each)):
        logged[row["node_id"]][row["recent"]] = row["number"]
    found: dict[UUID, Selling] = {}
    activities: dict[UUID, dict[int, int]] = {}
    for row in plans:
        for place in (row["id"], row["parent_id"]):
            found[place] = _added(found.get(place, Selling()), each[row["id"]])
            so_far, own = activities.get(place, {}), logged.get(row["id"], {})
            activities[place] = {recent: so_far.get(recent, 0) + own.get(recent, 0) for recent in (0, 1)}
    return found, activities


async def per_plan(db: BaseDBAsyncClient, asked: dict[str, Any], plans: list[UUID]) -> dict[UUID, Selling]:
    """What each of these sales plans sells. Three statements."""
    asked = asked | {"plans": plans}
    quota = {row["node_id"]: row for row in await rows(db, sql.QUOTA, **asked)}
    deals = {row["node_id"]: row for row in await rows(db, sql.DEALS, **asked)}
    weights = {row["node_id"]: row for row in await rows(db, sql.INCENTIVES, **asked)}
    found: dict[UUID, Selling] = {}
    for plan in plans:
        asks, sold, pays = quota.get(plan), deals.get(plan), weights.get(plan)
        won = sold["won_units"] if sold else 0
        found[plan] = Selling(
            plans=1,
            quota=asks["quota"] if asks else 0,
            quota_year=asks["year"] if asks else 0,
            quota_left=max((asks["year"] if asks else 0) - won, 0),
            **{name: sold[name] if sold else 0 for name in ("pipeline", "won", "lost", "stale", "stale_units")},
            **{name: pays[name] if pays else 0 for name in ("weight", "supporting")},
        )
    return found


def _added(one: Selling, other: Selling) -> Selling:
    names = Selling.__dataclass_fields__
    return Selling(**{name: getattr(one, name) + getattr(other, name) for name in names})
