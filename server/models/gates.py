"""Submissions to gates and the votes on them, stored."""

from typing import Any
from uuid import UUID

from tortoise import fields

from server.models.row import Row, Thing, refers_to


class Submission(Thing):
    """One passage asked for.

    What was true when it was made is kept with it: criteria, figures, deciders and policy version.
    """

    node = refers_to("Node", db_index=True)
    node_id: UUID
    into = fields.CharField(max_length=12)
    submitted_by = refers_to("Person")
    submitted_by_id: UUID
    submitted_at = fields.DatetimeField()
    comment = fields.TextField(null=True)
    policy_version = fields.IntField()
    criteria: fields.Field[list[dict[str, Any]]] = fields.JSONField()
    figures: fields.Field[list[dict[str, Any]]] = fields.JSONField()
    deciders: fields.Field[list[dict[str, Any]]] = fields.JSONField()
    outcome = fields.CharField(max_length=10, null=True)
    retracted = fields.BooleanField(default=False)
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "submission"


class Decision(Row):
    """One person's one vote on a submission."""

    submission = refers_to("Submission", db_index=True)
    submission_id: UUID
    by = refers_to("Person")
    by_id: UUID
    as_role = fields.CharField(max_length=20)
    outcome = fields.CharField(max_length=10)
    comment = fields.TextField(null=True)
    confirmed_units = fields.BigIntField(null=True)
    confirmed_currency = fields.CharField(max_length=3, null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "decision"
        unique_together = (("submission", "by"),)
