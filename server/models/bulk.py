"""Storing new rows: many at once by COPY on PostgreSQL, else by one prepared statement.

Both are held to the same constraints, references and triggers.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model

from server.models.database import is_postgres
from server.models.dialect import sqlite_value
from server.models.history import quoted

_FEW = 20
"""So many rows cost less one by one, by a statement that stays prepared, than a COPY, which does not."""


async def store(db: BaseDBAsyncClient, made: Sequence[Model]) -> None:
    """Store new rows inside a work, all of one model."""
    if made:
        columns, values = _columns(type(made[0]))
        records = [[value(getattr(row, name), row) for name, value in values] for row in made]
        await pour(db, made[0]._meta.db_table, columns, records)
        for row in made:
            row._saved_in_db = True


async def pour(db: BaseDBAsyncClient, table: str, columns: Sequence[str], records: Sequence[Sequence[Any]]) -> None:
    """Store new rows inside a work, each given by its values in the order of `columns`; JSON is text already."""
    if not records:
        return
    postgres = is_postgres(db)
    if postgres and len(records) > _FEW:
        async with db.acquire_connection() as connection:
            await connection.copy_records_to_table(table, columns=columns, records=records)
    elif postgres:
        await db.execute_many(_insert(table, tuple(columns), "${}"), [list(record) for record in records])
    else:
        converted = [[sqlite_value(value) for value in record] for record in records]
        await db.execute_many(_insert(table, tuple(columns), "?"), converted)


@cache
def _insert(table: str, columns: tuple[str, ...], mark: str) -> str:
    marks = ", ".join(mark.format(number) for number in range(1, len(columns) + 1))
    return f"INSERT INTO {table} ({quoted(columns)}) VALUES ({marks})"


@cache
def _columns(model: type[Model]) -> tuple[list[str], list[tuple[str, Any]]]:
    """The columns of a new row, and by what attribute and conversion each is filled."""
    meta = model._meta
    own = {name: column for name, column in meta.fields_db_projection.items() if name not in meta.generated_db_fields}
    return [*own.values()], [(name, meta.fields_map[name].to_db_value) for name in own]
