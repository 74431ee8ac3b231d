"""Keeping the past: whatever stood in a tracked row is kept by the database itself when the row changes.

Each tracked table has a twin `<table>_past` with one more column, `until`: a version stood from its dating column
(`revision` of a thing, `since` of any other row) on, up to but not including `until`. A trigger moves what was there
to the twin whenever the dating column goes up, so no writer can forget it; who deletes rows dates them first
(`live/work.py`). Kept versions are never changed.
"""

from collections.abc import Collection, Mapping

from tortoise.backends.base.client import BaseDBAsyncClient

# table → the columns by which its past is looked up
TRACKED: Mapping[str, tuple[str, ...]] = {
    "person": ("id", "organization_id"),
    "node": ("id", "parent_id", "organization_id"),
    "branch": ("ancestor_id", "descendant_id"),
    "external_id": ("node_id",),
    "value_line": ("id", "node_id"),
    "month_value": ("line_id",),
    "milestone": ("id", "node_id"),
    "evidence": ("node_id", "milestone_id"),
    "submission": ("id", "node_id"),
    "decision": ("submission_id",),
    "question": ("submission_id",),
    "plan_version": ("node_id",),
    "quota": ("node_id",),
    "incentive": ("node_id", "seller_id"),
    "opportunity": ("id", "node_id", "organization_id"),
    "plan_rate": ("organization_id",),
    "policy_version": ("organization_id",),
    "seat": ("id", "person_id", "node_id", "organization_id"),
    "delegation": ("id", "seat_id", "to_person_id"),
    "milestone_dependency": ("milestone_id", "awaits_id"),
    "budget": ("node_id",),
    "actual_rate": ("organization_id",),
    "matching_rule": ("organization_id",),
    "sales_activity": ("node_id", "organization_id"),
    "capacity": ("node_id",),
    "indicator": ("id", "node_id"),
    "indicator_point": ("indicator_id",),
    "review_cycle": ("organization_id",),
    "light_setting": ("node_id",),
    "cycle_light": ("cycle_id", "node_id"),
    "correction": ("line_id",),
    "finding": ("node_id", "organization_id"),
}
# Secrets have no past.
NEVER_KEPT = frozenset({"password_hash"})

_POSTGRES_TRIGGER = """CREATE OR REPLACE FUNCTION {table}_keeps_past() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO {table}_past (until, {columns}) VALUES (NEW.{dated}, {old}); RETURN NULL; END $$;
CREATE OR REPLACE TRIGGER {table}_keeps_past AFTER UPDATE ON {table} FOR EACH ROW
WHEN (NEW.{dated} > OLD.{dated}) EXECUTE FUNCTION {table}_keeps_past()"""
_SQLITE_TRIGGER = """CREATE TRIGGER {table}_keeps_past AFTER UPDATE ON {table} WHEN NEW.{dated} > OLD.{dated}
BEGIN INSERT INTO {table}_past (until, {columns}) VALUES (NEW.{dated}, {old}); END"""


def dated_by(columns: Collection[str]) -> str:
    """The column that says from which revision on a row stands as it does."""
    return "since" if "since" in columns else "revision"


def quoted(columns: Collection[str], prefix: str = "") -> str:
    """Columns as SQL lists them; `into` is a word of SQL as well."""
    return ", ".join(f'{prefix}"{column}"' for column in columns)


async def keep_past(db: BaseDBAsyncClient, tables: Collection[str] = tuple(TRACKED)) -> None:
    """Make the twins and triggers of these tables as their columns are now.

    For migrations: a later one that adds a column to a tracked table, or makes it anew (on SQLite a new constraint
    does, and the trigger is gone), calls this again for it.
    """
    for table in tables:
        await _keep(db, table)


async def _keep(db: BaseDBAsyncClient, table: str) -> None:
    postgres = db.capabilities.dialect == "postgres"
    columns = {name: kind for name, kind in (await _columns(db, table)).items() if name not in NEVER_KEPT}
    if not columns:  # an earlier migration: a later one makes the table
        return
    kept = await _columns(db, f"{table}_past")
    if not kept:
        listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        await db.execute_script(f"CREATE TABLE {table}_past (until BIGINT NOT NULL, {listed})")
        for column in TRACKED[table]:
            await db.execute_script(f'CREATE INDEX {table}_past_by_{column} ON {table}_past ("{column}", until)')
    for name, kind in columns.items():
        if kept and name not in kept:
            await db.execute_script(f'ALTER TABLE {table}_past ADD COLUMN "{name}" {kind}')
    if not postgres:
        await db.execute_script(f"DROP TRIGGER IF EXISTS {table}_keeps_past")
    text = _POSTGRES_TRIGGER if postgres else _SQLITE_TRIGGER
    told = {"columns": quoted(columns), "old": quoted(columns, "OLD."), "dated": dated_by(columns)}
    await db.execute_script(text.format(table=table, **told))


async def _columns(db: BaseDBAsyncClient, table: str) -> dict[str, str]:
    """The columns of a table with their types, in order; empty where there is no such table."""
    if db.capabilities.dialect == "postgres":
        sql = """SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a
                 WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
        found = await db.execute_query_dict(sql, [table])
    else:
        found = await db.execute_query_dict("SELECT name, type FROM pragma_table_info(?) ORDER BY cid", [table])
    return {row["name"]: row["type"] for row in found}
