"""Every table as it stands, and as the ledger's entries make it: what the ledger misses is what differs."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import Tortoise

from server.models.database import reading, rows
from server.models.history import TRACKED

Key = tuple[Any, ...]
Rows = dict[Key, dict[str, Any]]
SERIES = ("plan", "forecast", "actual", "confirmed")
# What is told by the order of the entries, by one tenant's being one, or to nobody.
NEVER_TOLD = {"id", "organization_id", "revision", "since", "password_hash"}
# The closure of `parent_id`, and what comes of an amount and the plan rate, both of which are told.
DERIVED_TABLE, DERIVED_ENDING = "branch", "_reporting"
# Tables whose rows have no id of their own → what tells them apart, and the columns that are told
BY_MONTH = {
    "month_value": (("line_id", "month"), SERIES),
    "capacity": (("node_id", "seller", "month"), ("units",)),
    "quota": (("node_id", "month", "dimension", "segment"), ("units",)),
}


async def dumped() -> Rows:
    """Every row of every table whose past is kept, in the words of the ledger."""
    found: Rows = {}
    for table, model in _models().items():
        for row in await model.all().using_db(reading()).values():
            plain = {column: _plain(value) for column, value in row.items()}
            if table in BY_MONTH:
                key, told = BY_MONTH[table]
                found[(table, *(plain[column] for column in key))] = {column: plain[column] for column in told}
            else:
                found[table, plain["id"]] = _told(plain)
    return {key: row for key, row in found.items() if any(value is not None for value in row.values())}


def _models() -> dict[str, Any]:
    apps = Tortoise.apps
    assert apps is not None
    models = {model._meta.db_table: model for model in apps["stageline"].values()}
    return {table: models[table] for table in TRACKED if table != DERIVED_TABLE}


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in NEVER_TOLD and not name.endswith(DERIVED_ENDING)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


async def changes_after(organization_id: UUID, revision: int) -> list[dict[str, Any]]:
    """What the entries after a revision say that they changed, in order, in the tables whose past is kept."""
    sql = "SELECT changes FROM ledger_entry WHERE organization_id = :id AND revision > :after ORDER BY revision"
    found = [
        change for row in await rows(reading(), sql, id=organization_id, after=revision) for change in row["changes"]
    ]
    return [change for change in found if change["thing"] in TRACKED]


def replayed(before: Rows, changes: Iterable[Mapping[str, Any]]) -> Rows:
    """The rows as these changes make them. Raises AssertionError where one does not find what it says was before."""
    now = {key: dict(row) for key, row in before.items()}
    for change in changes:
        _apply(now, change)
    return {key: row for key, row in now.items() if any(value is not None for value in row.values())}


def _apply(now: Rows, change: Mapping[str, Any]) -> None:
    table, was, becomes = change["thing"], change["before"], change["after"]
    if table in BY_MONTH:
        columns = BY_MONTH[table][0]
        key = (table, change["id"], *(change[column] for column in columns[1:]))
        field = change["field"] if change["field"] in SERIES else "units"
        row = now.setdefault(key, dict.fromkeys(BY_MONTH[table][1]))
        assert row[field] == was, (change, row)
        row[field] = becomes
    elif "field" in change:
        row = now[table, change["id"]]
        if not change["field"].endswith(DERIVED_ENDING):
            assert row[change["field"]] == was, (change, row)
            row[change["field"]] = becomes
    elif becomes is None:
        assert now.pop((table, change["id"])) == _told(was), change
    else:
        now[table, change["id"]] = _told(becomes)
