"""What began and what ended between two revisions, for `domain/differences.py`: a fixed number of statements.

What the viewer does not see now, or whose amounts they may not read, is not in it (law §3).
"""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import Standing
from server.domain.differences import Amounts, Asked, Belongs, Event, Moved, RollUpFigure, Ruled, Rules, Stands, parts
from server.domain.figures import Period
from server.domain.people import Viewer
from server.domain.policy import Policy
from server.domain.stages import Stage
from server.domain.values import ValueKind
from server.models.database import rows
from server.models.past import Past
from server.models.policies import policy_in, policy_in_force
from server.models.scope import priced, seen

_FOREVER = 2**63 - 1
# A version began within the window, or stood when it began.
_IN_WINDOW = "v.since <= :end AND v.until > :begin"
_BRANCHES = f"""SELECT v.node_id, v.since, v.until FROM (
        SELECT descendant_id AS node_id, since, {_FOREVER} AS until FROM branch WHERE ancestor_id = :place
        UNION ALL SELECT descendant_id, since, until FROM branch_past WHERE ancestor_id = :place) v
    WHERE {_IN_WINDOW}"""
# Of the versions of measures those that stand otherwise than the one before.
_NODES = f"""SELECT node_id, since, stage, standing FROM (
        SELECT v.id AS node_id, v.since, v.stage, v.standing,
            LAG(v.stage || v.standing) OVER (PARTITION BY v.id ORDER BY v.since) AS before
        FROM (
            SELECT id, revision AS since, {_FOREVER} AS until, stage, standing FROM node
            UNION ALL SELECT id, revision, until, stage, standing FROM node_past) v JOIN node n ON n.id = v.id
        WHERE {_IN_WINDOW} AND {{measures}}) AS stood
    WHERE before IS NULL OR before <> stage || standing ORDER BY since"""
_AMOUNTS = {
    "plan": "v.plan_reporting",
    "early": "COALESCE(v.actual_reporting, v.plan_reporting)",
    "late": "COALESCE(v.actual_reporting, v.forecast_reporting, v.plan_reporting)",
    "actual": "v.actual_reporting",
    "confirmed": "v.confirmed_reporting",
}
_SERIES = "plan_reporting, forecast_reporting, actual_reporting, confirmed_reporting"
_BEGUN = f"SELECT line_id, month, since AS revision, 1 AS sign, {_SERIES} FROM {{table}} WHERE since > :begin"
_ENDED = f"SELECT line_id, month, until, -1, {_SERIES} FROM month_value_past WHERE until > :begin AND until <= :end"
_MONTHS = f"""SELECT l.node_id, l.kind, v.revision, {{sums}} FROM (
        {_BEGUN.format(table="month_value")} AND since <= :end
        UNION ALL {_BEGUN.format(table="month_value_past")} AND since <= :end UNION ALL {_ENDED}) v
    JOIN value_line l ON l.id = v.line_id JOIN node n ON n.id = l.node_id
    WHERE v.month BETWEEN :first AND :last AND l.kind IN :kinds AND {{measures}}
    GROUP BY l.node_id, l.kind, v.revision HAVING {{moved}}"""
_AT_FIRST = """SELECT l.node_id, l.kind, {sums}
    FROM value_line l JOIN month_value v ON v.line_id = l.id
    WHERE l.node_id IN :ids AND v.month BETWEEN :first AND :last AND l.kind IN :kinds GROUP BY l.node_id, l.kind"""
_POLICIES = """SELECT v.revision, v.version, v.state, v.document FROM (
        SELECT organization_id, revision, version, state, document FROM policy_version
        UNION ALL SELECT organization_id, revision, version, state, document FROM policy_version_past) v
    WHERE v.organization_id = :organization AND v.state = 'IN_FORCE' AND v.revision > :begin AND v.revision <= :end"""


async def moved_by(
    db: BaseDBAsyncClient, viewer: Viewer, place: UUID | None, asked: Asked, period: Period, span: tuple[int, int]
) -> list[tuple[int, int]]:
    """By how much each revision after the first of `span`, up to the last, moved a figure of a place; minor units.

    The place is a node, or the organization (None). Revisions that did not move it are left out.
    """
    begin, end = span
    window = {"begin": begin, "end": end}
    then = Past(db, viewer.organization_id, begin)
    changed = await rows(db, _POLICIES, organization=viewer.organization_id, **window)
    ruled = [Ruled(row["revision"], _rules(policy_in(row))) for row in changed]
    rules = _rules(await policy_in_force(then, viewer.organization_id))
    measures, scope = _measures(viewer, place)
    stands = [
        Stands(row["since"], row["node_id"], Stage(row["stage"]), Standing(row["standing"]))
        for row in await rows(db, _NODES.format(measures=measures), **window, **scope)
    ]
    belongs = await _belongs(db, place, span, {each.measure for each in stands})
    months: dict[str, Any] = {"first": int(period.first), "last": int(period.last)}
    months["kinds"] = list(asked.kinds([rules, *(each.rules for each in ruled)]))
    sums, moved = _sums(asked, "v.sign * ")
    sql = _MONTHS.format(measures=measures, sums=sums, moved=moved)
    events: list[Event] = [*belongs, *stands, *ruled]
    events += [_moved(row, row["revision"]) for row in await rows(db, sql, **window, **months, **scope)]
    whole = ruled or asked.figure is RollUpFigure.WEIGHTED  # which is rounded as one, so that all of it is needed
    needed = {each.measure for each in stands} if whole else _changing(stands, belongs, begin)
    at_first = await rows(then, _AT_FIRST.format(sums=_sums(asked)[0]), ids=list(needed), **months)
    before = [event for event in events if event.revision <= begin] + [_moved(row, begin) for row in at_first]
    after = sorted((event for event in events if event.revision > begin), key=_order)
    return parts(asked, rules, before, after, inside=place is None)


def _sums(asked: Asked, sign: str = "") -> tuple[str, str]:
    """The columns of a SELECT that adds the amounts which can count, the others 0; and that any of them is not 0."""
    wanted = asked.columns()
    added = {name: f"COALESCE(SUM({sign}{_AMOUNTS[name]}), 0)" for name in _AMOUNTS if name in wanted}
    listed = (f"CAST({added.get(name, 0)} AS BIGINT) AS {name}" for name in _AMOUNTS)
    return ", ".join(listed), " OR ".join(f"{each} <> 0" for each in added.values())


def _measures(viewer: Viewer, place: UUID | None) -> tuple[str, dict[str, Any]]:
    """The measures `n` that are counted: in sight and readable, and below the place now or at any time before."""
    (sight, values), (readable, money) = seen(viewer, "n.id"), priced(viewer, "n.id")
    which = f"n.organization_id = :organization AND n.stage IS NOT NULL AND {sight} AND {readable}"
    values = {**values, **money, "organization": viewer.organization_id}
    if place is None:
        return which, values
    below = """n.id IN (SELECT descendant_id FROM branch WHERE ancestor_id = :place
        UNION SELECT descendant_id FROM branch_past WHERE ancestor_id = :place)"""
    return f"{which} AND {below}", values | {"place": place}


async def _belongs(
    db: BaseDBAsyncClient, place: UUID | None, span: tuple[int, int], measures: Collection[UUID]
) -> list[Belongs]:
    """When measures came in and left. To the organization all of them always belong."""
    begin, end = span
    found: list[Belongs] = []
    if place is None:
        return found
    for row in await rows(db, _BRANCHES, place=place, begin=begin, end=end):
        if row["node_id"] in measures:
            found.append(Belongs(row["since"], row["node_id"], inside=True))
            if row["until"] <= end:
                found.append(Belongs(row["until"], row["node_id"], inside=False))
    return found


def _changing(standing: Iterable[Stands], belongs: Iterable[Belongs], begin: int) -> set[UUID]:
    """The measures that come, go or stand otherwise after a revision: only of these the amounts before it matter."""
    found = {each.measure for each in belongs if each.revision > begin}
    known: dict[UUID, tuple[Stage, Standing]] = {}
    for each in standing:
        stands = (each.stage, each.standing)
        if known.setdefault(each.measure, stands) != stands:
            found.add(each.measure)
    return found


def _moved(row: dict[str, Any], revision: int) -> Moved:
    amounts = Amounts(row["plan"], row["early"], row["late"], row["actual"], row["confirmed"])
    return Moved(revision, row["node_id"], ValueKind(row["kind"]), amounts)


def _rules(policy: Policy) -> Rules:
    return Rules(frozenset(policy.headline_kinds), policy.stage_weights)


def _order(event: Event) -> tuple[int, bool]:
    """By revision; within one, what leaves comes before what comes in."""
    return event.revision, not (isinstance(event, Belongs) and not event.inside)
