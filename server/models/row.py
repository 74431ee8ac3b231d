"""What every row shares.

A UUIDv7 of our own making, its organization, and references that the database itself holds.
"""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.models import Model
from uuid_utils.compat import uuid7

from server.models import database

Stored = TypeVar("Stored", bound=Model)


def new_id() -> UUID:
    """A new time-ordered id (bulk inserts leave keys empty, so we make them ourselves)."""
    return UUID(int=uuid7().int)


def refers_to(model: str, **options: Any) -> Any:
    """A foreign key that keeps what it points at.

    Rows are read by their `…_id`; the object side is never loaded, hence Any.
    """
    return fields.ForeignKeyField(f"stageline.{model}", related_name=False, on_delete=fields.RESTRICT, **options)


class Row(Model):
    """A row of one organization."""

    id = fields.UUIDField(primary_key=True, default=new_id)
    organization = refers_to("Organization")
    organization_id: UUID

    class Meta:
        abstract = True


def stored(model: type[Stored], row: Mapping[str, Any]) -> Stored:
    """The object of a row that was read with all of its columns, whatever else stands in it."""
    return model._init_from_db(**{column: row[column] for column in model._meta.fields_db_projection.values()})


async def found(model: type[Stored], db: BaseDBAsyncClient, **by: Any) -> Stored | None:
    """The row that has these values, as an object.

    A statement that is always the same text: a query set writes it anew each time, which costs more than it does.
    """
    where = " AND ".join(f"{column} = :{column}" for column in by)
    rows = await database.rows(db, f"SELECT * FROM {model._meta.db_table} WHERE {where}", **by)
    return stored(model, rows[0]) if rows else None


class Versioned(Model):
    """A row that is no thing of its own, and whose past is kept all the same.

    `since` is the organization's revision from which on it stands as it does; of a thing that is its `revision`.
    """

    since = fields.BigIntField(default=0, db_default=0)

    class Meta:
        abstract = True


class Thing(Row):
    """A row that users meet as a thing of its own: it carries the organization's revision at its last change."""

    revision = fields.BigIntField(default=0)

    class Meta:
        abstract = True
