"""Pages of the cascade, read set-based: one statement for any number of parents, whatever the filter and the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import MEASURES
from server.domain.lights import LightKind
from server.domain.people import Viewer
from server.models.database import records, rows
from server.models.past import Past
from server.models.scope import known, priced, seen

_HEADLINE_PLAN = """COALESCE((SELECT SUM(v.plan_reporting) FROM branch w
    JOIN value_line l ON l.node_id = w.descendant_id JOIN month_value v ON v.line_id = l.id
    WHERE w.ancestor_id = n.id AND l.kind IN :headline AND {priced}), 0)"""
# order → its key as an expression that ascends; the id breaks ties. What is not the viewer's to read orders nothing.
ORDERS = {
    "NAME": "LOWER(n.name)",
    "PLAN_DESC": f"-({_HEADLINE_PLAN})",  # of which the sum is kept for whoever reads all of it, see `_by_plan`
    "AGE_IN_STAGE_DESC": "COALESCE(n.staged_at, n.created_at)",
    "UPDATED_DESC": "-n.revision",
}


_KEPT_PLAN = "-(COALESCE((SELECT k.plan FROM kept_plan k WHERE k.place_id = n.id), 0))"
# What is shown of a measure's lights: what was set and stands, else grey (law §7).
_IMPLEMENTATION, _POTENTIAL = (
    f"""COALESCE((SELECT s.colour FROM light_setting s
        WHERE s.node_id = n.id AND s.light = '{kind.value}' AND s.ended_at IS NULL), 'GREY')"""
    for kind in LightKind
)
_SHOWN = {
    "lights": (_IMPLEMENTATION, _POTENTIAL),
    "implementation": (_IMPLEMENTATION,),
    "potential": (_POTENTIAL,),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which nodes a page is of: below each parent (or everywhere, or the top), filtered, ordered.

    Hashable, so a loader can batch by it.
    """

    deep: bool = False
    levels: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    lights: tuple[str, ...] = ()
    implementation: tuple[str, ...] = ()
    potential: tuple[str, ...] = ()
    owner: UUID | None = None
    search: str | None = None
    updated_after: int | None = None
    order: str = "NAME"
    headline: tuple[str, ...] = field(default=())

    @property
    def only_measures(self) -> bool:
        """Whether only initiatives and sales plans are asked for."""
        return bool(self.levels) and MEASURES.issuperset(self.levels)

    @property
    def counted(self) -> bool:
        """Whether what every write counts tells how many there are (`models/kept.py`)."""
        everything = Asked(self.deep, self.levels, self.stages, self.standing, order=self.order, headline=self.headline)
        return self.deep and self.only_measures and self == everything


def _conditions(asked: Asked) -> tuple[str, dict[str, Any]]:
    conditions = ""
    values: dict[str, Any] = {}
    for name in ("levels", "stages", "standing"):
        if wanted := getattr(asked, name):
            conditions += f" AND n.{name.removesuffix('s')} IN :{name}"
            values[name] = list(wanted)
    for name, shown in _SHOWN.items():
        if wanted := getattr(asked, name):
            conditions += f" AND n.stage IS NOT NULL AND ({' OR '.join(f'{one} IN :{name}' for one in shown)})"
            values[name] = list(wanted)
    if asked.owner:
        conditions += " AND n.owner_id = :owner"
        values["owner"] = asked.owner
    if asked.search:
        conditions += " AND LOWER(n.name) LIKE :search ESCAPE '!'"
        values["search"] = f"%{_escaped(asked.search.lower())}%"
    if asked.updated_after is not None:
        conditions += " AND n.revision > :updated_after"
        values["updated_after"] = asked.updated_after
    return conditions, values


def _escaped(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _source(asked: Asked, parents: bool) -> str:
    """Where candidates come from: `under_id` is the parent they are listed under."""
    if not parents:
        top = "" if asked.deep else " AND n.parent_id IS NULL"
        return f"""SELECT n.*, {{key}} AS sort_key, n.organization_id AS under_id FROM node n
                   WHERE n.organization_id = :organization{top}"""
    if not asked.deep:
        return """SELECT n.*, {key} AS sort_key, n.parent_id AS under_id FROM node n
                  WHERE n.parent_id IN :parents AND n.organization_id = :organization"""
    return """SELECT n.*, {key} AS sort_key, b.ancestor_id AS under_id
              FROM branch b JOIN node n ON n.id = b.descendant_id
              WHERE b.ancestor_id IN :parents AND b.depth > 0 AND n.organization_id = :organization"""


def _candidates(
    viewer: Viewer, asked: Asked, parents: list[UUID] | None, plan: str = ORDERS["PLAN_DESC"]
) -> tuple[str, dict[str, Any]]:
    """Every node that a page is cut from, with its key. `plan` is the key of what is ordered by plan."""
    conditions, values = _conditions(asked)
    sight, scope = known(viewer, "n.id")
    inside, _ = seen(viewer, "n.id")
    told, money = priced(viewer, "n.id")
    key = (plan if asked.order == "PLAN_DESC" else ORDERS[asked.order]).format(priced=priced(viewer, "l.node_id")[0])
    flags = f"CASE WHEN {inside} THEN 1 ELSE 0 END AS in_sight, CASE WHEN {told} THEN 1 ELSE 0 END AS priced"
    source = _source(asked, parents is not None).format(key=key)
    source = source.replace("SELECT n.*", f"SELECT n.*, {flags}", 1)
    values |= scope | money | {"organization": viewer.organization_id}
    if ":headline" in source:
        values["headline"] = list(asked.headline)
    if parents is not None:
        values["parents"] = parents
    return f"{source} AND {sight}{conditions}", values


def plan_kept(db: BaseDBAsyncClient, viewer: Viewer) -> bool:
    """Whether the order by plan is that of sums that are kept for whoever reads all of it, by the policy in force."""
    return viewer.sees_all and viewer.reads_all_money and not isinstance(db, Past)


async def page(
    db: BaseDBAsyncClient,
    viewer: Viewer,
    parents: list[UUID] | None,
    asked: Asked,
    first: int,
    after: tuple[Any, UUID] | None,
    columns: Sequence[str] = (),
) -> Sequence[Mapping[str, Any]]:
    """Up to `first` + 1 nodes under each parent behind the key `after`, with `under_id` and `sort_key`.

    Without parents all are under the organization. Nodes have these columns (`id` is one), or every one.
    """
    chosen = ", ".join(f"n.{each}" for each in columns) or "n.*"
    kept = plan_kept(db, viewer)
    if kept and asked.order == "PLAN_DESC" and asked.only_measures and asked.deep and parents is None:
        return await _by_plan(db, viewer, asked, first, after, chosen)
    candidates, values = _candidates(viewer, asked, parents, _KEPT_PLAN if kept else ORDERS["PLAN_DESC"])
    behind = ""
    if after is not None:
        behind = "WHERE c.sort_key > :after_key OR (c.sort_key = :after_key AND c.id > :after_id)"
        values |= {"after_key": after[0], "after_id": after[1]}
    candidates = candidates.replace("SELECT n.*", f"SELECT {chosen}", 1)
    sql = f"""WITH candidates AS ({candidates}), ranked AS (
                SELECT c.*, ROW_NUMBER() OVER (PARTITION BY c.under_id ORDER BY c.sort_key, c.id) AS place
                FROM candidates c {behind})
              SELECT * FROM ranked WHERE place <= :most ORDER BY under_id, sort_key, id"""
    return await records(db, sql, most=first + 1, **values)


async def _by_plan(
    db: BaseDBAsyncClient, viewer: Viewer, asked: Asked, first: int, after: tuple[Any, UUID] | None, chosen: str
) -> Sequence[Mapping[str, Any]]:
    """A page of the measures of an organization in the order of an index: it costs a page, however many there are."""
    conditions, values = _conditions(asked)
    if after is not None:
        conditions += " AND k.plan <= :plan AND (k.plan < :plan OR k.place_id > :after_id)"
        values |= {"plan": -after[0], "after_id": after[1]}
    sql = f"""SELECT {chosen}, 1 AS in_sight, 1 AS priced, -k.plan AS sort_key, n.organization_id AS under_id
              FROM kept_plan k JOIN node n ON n.id = k.place_id WHERE k.organization_id = :organization{conditions}
              ORDER BY k.plan DESC, k.place_id LIMIT :most"""
    return await records(db, sql, organization=viewer.organization_id, most=first + 1, **values)


async def _kept_count(db: BaseDBAsyncClient, viewer: Viewer, asked: Asked) -> dict[UUID, int]:
    conditions, values = _conditions(asked)
    sql = f"""SELECT n.place_id AS under_id, CAST(SUM(n.measures) AS BIGINT) AS n FROM kept_count n
              WHERE n.place_id = :organization{conditions} GROUP BY n.place_id"""
    found = await rows(db, sql, organization=viewer.organization_id, **values)
    return {row["under_id"]: row["n"] for row in found}


async def counts(db: BaseDBAsyncClient, viewer: Viewer, parents: list[UUID] | None, asked: Asked) -> dict[UUID, int]:
    """How many there are in all, per parent; the organization's id stands for all of it."""
    if parents is None and asked.counted and viewer.sees_all and not isinstance(db, Past):
        return await _kept_count(db, viewer, asked)
    candidates, values = _candidates(viewer, asked, parents)
    sql = f"SELECT under_id, COUNT(*) AS n FROM ({candidates}) AS candidates GROUP BY under_id"
    return {row["under_id"]: row["n"] for row in await rows(db, sql, **values)}
