"""The versions of an organization's policy, stored."""

from typing import Any
from uuid import UUID

from tortoise import fields

from server.models.row import Thing, refers_to


class PolicyVersion(Thing):
    """One version: a draft, proposed, in force, or retired by the next.

    `document` is the whole policy as plain data: what its YAML says.
    """

    version = fields.IntField()
    state = fields.CharField(max_length=10)
    document: fields.Field[dict[str, Any]] = fields.JSONField()
    drafted_by = refers_to("Person")
    drafted_by_id: UUID
    drafted_at = fields.DatetimeField()
    proposed_by = refers_to("Person", null=True)
    proposed_by_id: UUID | None
    proposed_at = fields.DatetimeField(null=True)
    ratified_by = refers_to("Person", null=True)
    ratified_by_id: UUID | None
    ratified_at = fields.DatetimeField(null=True)

    class Meta:
        table = "policy_version"
        unique_together = (("organization", "version"),)
