"""What measures are worth themselves, as SQL: the one part of kept roll-ups that is read from the months (law §4).

Every statement selects of the measures `m` that `{which}` chooses, and only those are read.
"""

from dataclasses import dataclass

from server.domain.values import COSTS
from server.models.rollups import OUTLOOK
from server.models.spending import CASED


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of kept roll-ups: what its rows are by, below a place, and what they hold.

    The last column counts what stands behind a row. `own` selects what measures `m` are worth themselves.
    """

    table: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    own: str


_COSTS = ", ".join(f"'{kind.value}'" for kind in sorted(COSTS))
_SUMS = {
    "plan": "v.plan_reporting",
    "outlook": OUTLOOK,
    "actual": "v.actual_reporting",
    "confirmed": "v.confirmed_reporting",
    "actual_current": "COALESCE(v.actual_current, v.actual_reporting)",
    "confirmed_current": "COALESCE(v.confirmed_current, v.confirmed_reporting)",
    "recurring_outlook": f"CASE WHEN l.recurring THEN {OUTLOOK} END",
    "uncased": f"""CASE WHEN l.kind IN ({_COSTS}) AND v.actual_reporting IS NOT NULL
        THEN CASE WHEN {CASED} THEN 0 ELSE v.actual_reporting END END""",
}
_ADDED = ", ".join(f"COALESCE(SUM({amount}), 0) AS {name}" for name, amount in _SUMS.items())
SUMS = Kept(
    "kept_sum",
    ("month", "kind", "stage", "standing"),
    (*_SUMS, "months"),
    f"""SELECT m.id AS node_id, v.month, l.kind, m.stage, m.standing, {_ADDED}, COUNT(*) AS months
        FROM node m JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
        WHERE m.stage IS NOT NULL AND {{which}} GROUP BY m.id, v.month, l.kind, m.stage, m.standing""",
)
COUNTS = Kept(
    "kept_count",
    ("level", "stage", "standing"),
    ("measures",),
    """SELECT m.id AS node_id, m.level, m.stage, m.standing, 1 AS measures FROM node m
        WHERE m.stage IS NOT NULL AND {which}""",
)


def _fiscal_year(month: str) -> str:
    """`domain.months.fiscal_year`, as the database says it; a test holds the two together."""
    later = f"CASE WHEN o.fiscal_year_start > 1 AND {month} % 100 >= o.fiscal_year_start THEN 1 ELSE 0 END"
    return f"span.yearly * ({month} / 100 + {later})"


_HERE = """node m JOIN organization o ON o.id = m.organization_id
            CROSS JOIN (SELECT 0 AS yearly UNION ALL SELECT 1) AS span"""
# What is kept of a measure's months (`SUMS`) is brought up to date first: lines belong to initiatives alone.
_MONTHS = f"""SELECT m.id AS node_id, {_fiscal_year("v.month")} AS fiscal_year,
            CASE WHEN v.kind IN :headline THEN v.plan END AS plan,
            CASE WHEN v.kind IN :headline THEN v.outlook END AS outlook,
            CASE WHEN v.kind = 'REVENUE' THEN v.plan END AS revenue, 0 AS quota
        FROM {_HERE} JOIN kept_sum v ON v.place_id = m.id
        WHERE m.stage IS NOT NULL AND v.months <> 0 AND {{which}}"""
_QUOTAS = f"""SELECT m.id, {_fiscal_year("q.month")}, 0, 0, 0, q.units
        FROM {_HERE} JOIN node p ON p.parent_id = m.id AND p.standing <> 'CANCELLED' JOIN quota q ON q.node_id = p.id
        WHERE m.level = 'INITIATIVE' AND {{which}}"""
_ALWAYS = "SELECT m.id, 0, 0, 0, 0, 0 FROM node m WHERE m.stage IS NOT NULL AND {which}"
_LIGHTS = {
    "implementation": "i.colour",
    "potential": "p.colour",
    "proposed_implementation": "d.implementation",
    "proposed_potential": "d.potential",
}
_SHOWN = ", ".join(
    f"CASE WHEN m.standing = 'ACTIVE' THEN COALESCE({light}, 'GREY') ELSE 'IDLE' END AS {name}"
    for name, light in _LIGHTS.items()
)
_TURNS = "m.standing <> 'CANCELLED' AND y.revenue > 0"
_ACTIVE = "m.standing = 'ACTIVE'"
YEARS = Kept(
    "kept_year",
    ("fiscal_year", *_LIGHTS),
    ("plan", "weight", "behind", "revenue", "quota", "turnovers", "measures"),
    f"""SELECT m.id AS node_id, y.fiscal_year, {_SHOWN}, y.plan,
            CASE WHEN y.plan > 0 THEN y.plan ELSE 0 END AS weight,
            CASE WHEN {_ACTIVE} AND y.outlook < y.plan THEN 1 ELSE 0 END AS behind,
            CASE WHEN {_TURNS} THEN y.revenue ELSE 0 END AS revenue,
            CASE WHEN {_TURNS} THEN y.quota ELSE 0 END AS quota,
            CASE WHEN {_TURNS} THEN 1 ELSE 0 END AS turnovers, 1 AS measures
        FROM node m JOIN (
            SELECT node_id, fiscal_year, COALESCE(SUM(plan), 0) AS plan, COALESCE(SUM(outlook), 0) AS outlook,
                COALESCE(SUM(revenue), 0) AS revenue, COALESCE(SUM(quota), 0) AS quota
            FROM ({_MONTHS} UNION ALL {_QUOTAS} UNION ALL {_ALWAYS}) AS each_month GROUP BY node_id, fiscal_year
        ) AS y ON y.node_id = m.id
        LEFT JOIN light_setting i ON i.node_id = m.id AND i.light = 'IMPLEMENTATION' AND i.ended_at IS NULL
        LEFT JOIN light_setting p ON p.node_id = m.id AND p.light = 'POTENTIAL' AND p.ended_at IS NULL
        LEFT JOIN kept_proposal d ON d.node_id = m.id WHERE {{which}}""",
)
