"""The ledger and the answers already given, stored."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient

from server.models import bulk
from server.models.row import Row, refers_to


class LedgerEntry(Row):
    """One fact.

    `revision` is gapless per organization, and `hash` covers the entry and the hash before it, and the database
    refuses to change it.

    `thing` and `thing_id` say what it is about, `node_id` the node of the cascade under which it happened (empty: the
    organization).
    """

    revision = fields.BigIntField()
    at = fields.DatetimeField()
    by = refers_to("Person", null=True)
    by_id: UUID | None
    on_behalf_of = refers_to("Person", null=True)
    on_behalf_of_id: UUID | None
    kind = fields.CharField(max_length=24)
    sentence = fields.TextField()
    thing = fields.CharField(max_length=20)
    thing_id = fields.UUIDField()
    node = refers_to("Node", null=True, db_index=True)
    node_id: UUID | None
    changes: fields.Field[list[dict[str, Any]]] = fields.JSONField()
    previous = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "ledger_entry"
        unique_together = (("organization", "revision"),)


class Answered(Row):
    """The first answer to an idempotency key, kept for 24 hours. `fingerprint` tells other content apart."""

    person = refers_to("Person")
    person_id: UUID
    key = fields.CharField(max_length=200)
    fingerprint = fields.CharField(max_length=64)
    answer: fields.Field[Any] = fields.JSONField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "answered"
        unique_together = (("person", "key"),)


async def append(db: BaseDBAsyncClient, entries: Sequence[Mapping[str, Any]]) -> None:
    """Store entries of the ledger in their order, each with all of its columns; its `changes` are JSON already."""
    await bulk.pour(db, LedgerEntry._meta.db_table, [*entries[0]], [tuple(entry.values()) for entry in entries])
