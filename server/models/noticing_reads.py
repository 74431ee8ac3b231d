"""What findings look at, in SQL: each a plain statement over a set of nodes, so that a look takes a fixed number."""

from server.models.missing import STALE, unforecast, without_actual
from server.models.rollups import OUTLOOK

NODES = """SELECT n.id, n.parent_id, n.level, n.name, n.stage, n.standing, n.gap_explanation FROM node n
    WHERE n.organization_id = :organization AND n.id IN :ids AND n.level IN ('OBJECTIVE', 'INITIATIVE', 'SALES_PLAN')"""
_UNKNOWN = f"(({without_actual(':through')}) OR ({unforecast(':forecast')}))"
_IN_YEAR = "v.month BETWEEN :first AND :last"
AMOUNTS = f"""SELECT m.id AS node_id, l.kind, CAST(COALESCE(SUM(v.plan_reporting), 0) AS BIGINT) AS plan,
        CAST(COALESCE(SUM({OUTLOOK}), 0) AS BIGINT) AS outlook,
        CAST(COALESCE(SUM(CASE WHEN v.month >= :open THEN {OUTLOOK} END), 0) AS BIGINT) AS remaining,
        CAST(COALESCE(SUM(v.actual_reporting), 0) AS BIGINT) AS actual,
        CAST(COALESCE(SUM(v.confirmed_reporting), 0) AS BIGINT) AS confirmed,
        CAST(COALESCE(SUM(CASE WHEN {_UNKNOWN} THEN {OUTLOOK} END), 0) AS BIGINT) AS unknown,
        CAST(COALESCE(SUM(CASE WHEN {_IN_YEAR} THEN v.plan_reporting END), 0) AS BIGINT) AS year_plan,
        CAST(COALESCE(SUM(CASE WHEN {_IN_YEAR} THEN {OUTLOOK} END), 0) AS BIGINT) AS year_outlook
    FROM node m JOIN value_line l ON l.node_id = m.id JOIN month_value v ON v.line_id = l.id
    WHERE m.id IN :ids GROUP BY m.id, l.kind"""
MISSING = f"""SELECT DISTINCT l.node_id, v.month FROM value_line l JOIN month_value v ON v.line_id = l.id
    WHERE l.node_id IN :ids AND {_UNKNOWN} ORDER BY l.node_id, v.month"""
# The sales plans among them and those right below the initiatives among them; whatever these have is found by plan.
PLANS = """SELECT id, parent_id FROM node
    WHERE (id IN :ids OR parent_id IN :ids) AND level = 'SALES_PLAN' AND standing <> 'CANCELLED'"""
QUOTA = """SELECT node_id, CAST(SUM(units) AS BIGINT) AS quota,
        CAST(COALESCE(SUM(CASE WHEN month BETWEEN :first AND :last THEN units END), 0) AS BIGINT) AS year
    FROM quota WHERE node_id IN :plans GROUP BY node_id"""
_OPEN_IN_YEAR = "state = 'OPEN' AND (month IS NULL OR month BETWEEN :first AND :last)"
_CLOSED_IN_YEAR = "month BETWEEN :first AND :last AND state"
DEALS = f"""SELECT node_id, COUNT(CASE WHEN {_CLOSED_IN_YEAR} = 'WON' THEN 1 END) AS won,
        COUNT(CASE WHEN {_CLOSED_IN_YEAR} = 'LOST' THEN 1 END) AS lost,
        COUNT(CASE WHEN {STALE} THEN 1 END) AS stale,
        CAST(COALESCE(SUM(CASE WHEN {_CLOSED_IN_YEAR} = 'WON' THEN units_reporting END), 0) AS BIGINT) AS won_units,
        CAST(COALESCE(SUM(CASE WHEN {_OPEN_IN_YEAR} THEN units_reporting END), 0) AS BIGINT) AS pipeline,
        CAST(COALESCE(SUM(CASE WHEN {STALE} THEN units_reporting END), 0) AS BIGINT) AS stale_units
    FROM opportunity WHERE node_id IN :plans GROUP BY node_id"""
# A weight supports a plan where it rewards the plan, anything above it, or another plan of the same initiative.
INCENTIVES = """SELECT i.node_id, CAST(SUM(i.weight) AS BIGINT) AS weight,
        CAST(COALESCE(SUM(CASE WHEN i.rewards_id IN (SELECT ancestor_id FROM branch WHERE descendant_id = i.node_id)
            OR r.parent_id = p.parent_id AND r.level = 'SALES_PLAN' THEN i.weight END), 0) AS BIGINT) AS supporting
    FROM incentive i JOIN node p ON p.id = i.node_id LEFT JOIN node r ON r.id = i.rewards_id
    WHERE i.node_id IN :plans GROUP BY i.node_id"""
CLOSING = """SELECT s.node_id, d.confirmed_units FROM decision d JOIN submission s ON s.id = d.submission_id
    WHERE s.node_id IN :ids AND s."into" = 'CLOSED' AND s.purpose = 'GATE' AND s.outcome = 'GO'
    AND d.confirmed_units IS NOT NULL ORDER BY d.at, d.id"""
STANDING_STILL = """SELECT node_id, name, achieved_on FROM milestone WHERE node_id IN :ids
    AND measure_type <> 'ACTIVITY' AND cancelled_reason IS NULL AND (achieved_on IS NULL OR achieved_on > :since)
    ORDER BY due, id"""
READINGS = """SELECT m.node_id, m.measure_type, CASE WHEN e.date > :since THEN 1 ELSE 0 END AS recent,
        COUNT(*) AS number FROM evidence e JOIN milestone m ON m.id = e.milestone_id
    WHERE m.node_id IN :ids AND e.date > :earlier AND e.date <= :today AND e.reading IS NOT NULL
    GROUP BY m.node_id, m.measure_type, CASE WHEN e.date > :since THEN 1 ELSE 0 END"""
ACTIVITIES = """SELECT node_id, CASE WHEN date > :since THEN 1 ELSE 0 END AS recent, COUNT(*) AS number
    FROM sales_activity WHERE node_id IN :plans AND date > :earlier AND date <= :today
    GROUP BY node_id, CASE WHEN date > :since THEN 1 ELSE 0 END"""
# Whatever waits for a late one waits with it, however long the chain between them.
BLOCKERS = """WITH RECURSIVE waits AS (
        SELECT m.id AS milestone_id, d.awaits_id FROM milestone m JOIN milestone_dependency d ON d.milestone_id = m.id
        WHERE m.node_id IN :ids AND m.achieved_on IS NULL AND m.cancelled_reason IS NULL
        UNION SELECT w.milestone_id, d.awaits_id FROM waits w JOIN milestone_dependency d
            ON d.milestone_id = w.awaits_id)
    SELECT m.node_id, m.name AS milestone, l.id AS awaits_id, l.name AS awaits, l.due,
        CASE WHEN l.node_id = m.node_id THEN 0 ELSE 1 END AS elsewhere
    FROM waits w JOIN milestone m ON m.id = w.milestone_id JOIN milestone l ON l.id = w.awaits_id
    JOIN node n ON n.id = l.node_id
    WHERE l.due < :today AND l.achieved_on IS NULL AND l.cancelled_reason IS NULL
        AND n.standing <> 'CANCELLED' ORDER BY l.due, l.id, m.id"""
OPEN = "SELECT id FROM submission WHERE organization_id = :organization AND node_id IN :ids AND ended_at IS NULL"
CYCLES = """SELECT c.node_id, c.potential FROM cycle_light c JOIN review_cycle r ON r.id = c.cycle_id
    WHERE c.node_id IN :ids AND r.number > (SELECT COALESCE(MAX(number), 0) FROM review_cycle
        WHERE organization_id = :organization AND closed_at IS NOT NULL) - :cycles
    ORDER BY r.number DESC"""
RESULTS = """SELECT COUNT(CASE WHEN node_id IS NULL AND state = 'WON' THEN 1 END) AS orphans_won,
        COUNT(CASE WHEN node_id IS NULL AND state = 'OPEN' THEN 1 END) AS orphans_open,
        CAST(COALESCE(SUM(CASE WHEN node_id IS NULL AND state = 'WON' THEN units_reporting END), 0) AS BIGINT)
            AS won_units,
        CAST(COALESCE(SUM(CASE WHEN node_id IS NULL AND state = 'OPEN' THEN units_reporting END), 0) AS BIGINT)
            AS open_units,
        CAST(COALESCE(SUM(CASE WHEN state <> 'LOST' THEN units_reporting END), 0) AS BIGINT) AS all_units
    FROM opportunity WHERE organization_id = :organization"""
_DECIDED = "n.stage IN ('DECIDED', 'IMPLEMENTED', 'CLOSED') AND n.standing = 'ACTIVE'"
ACTIVITY = f"""SELECT COUNT(*) AS number, COUNT(a.minutes) AS timed,
        COUNT(CASE WHEN {_DECIDED} THEN 1 END) AS aligned_number,
        CAST(COALESCE(SUM(a.minutes), 0) AS BIGINT) AS minutes,
        CAST(COALESCE(SUM(CASE WHEN {_DECIDED} THEN a.minutes END), 0) AS BIGINT) AS aligned_minutes
    FROM sales_activity a LEFT JOIN node n ON n.id = a.node_id
    WHERE a.organization_id = :organization AND a.date > :since AND a.date <= :today"""
DECIDED_PLANS = f"""SELECT n.id, n.parent_id FROM node n
    WHERE n.organization_id = :organization AND n.level = 'SALES_PLAN' AND {_DECIDED} AND n.stage <> 'CLOSED'"""
