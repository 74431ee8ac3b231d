"""Findings with their history, and up to where the system has looked (law §9), stored."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from server.models.row import Thing, refers_to


class Finding(Thing):
    """What the system noticed on a node (none: on the organization), from when to when.

    `opened_revision` and `resolved_revision` are those of the entries that brought it about (None: time did). At most
    one of a code is open on a node. `at_stake_units` are minor units of the reporting currency.
    """

    node = refers_to("Node", null=True, db_index=True)
    node_id: UUID | None
    code = fields.CharField(max_length=24)
    severity = fields.CharField(max_length=8)
    sentence = fields.TextField()
    inputs: fields.Field[list[Any]] = fields.JSONField(default=list)
    at_stake_units = fields.BigIntField(null=True)
    opened_at = fields.DatetimeField()
    opened_revision = fields.BigIntField(null=True)
    resolved_at = fields.DatetimeField(null=True)
    resolved_revision = fields.BigIntField(null=True)

    class Meta:
        table = "finding"


class Noticed(Model):
    """Up to which revision, and when last, an organization was looked at for findings."""

    organization_id = fields.UUIDField(primary_key=True)
    revision = fields.BigIntField(default=0)
    at = fields.DatetimeField()

    class Meta:
        table = "noticed"
