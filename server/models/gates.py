"""Submissions to gates and the votes on them, stored."""

from typing import Any
from uuid import UUID

from tortoise import fields

from server.models.row import Row, Thing, Versioned, refers_to


class Submission(Thing):
    """One decision asked for: a passage through a gate, a change of a decided plan, or a reopening.

    What was true when it was made is kept with it: criteria, figures, deciders and policy version. `purpose` says which
    it is; `proposal` is what a change would change.
    """

    node = refers_to("Node", db_index=True)
    node_id: UUID
    into = fields.CharField(max_length=12)
    purpose = fields.CharField(max_length=10, default="GATE", db_default="GATE")
    proposal: fields.Field[list[dict[str, Any]] | None] = fields.JSONField(null=True)
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


class Decision(Row, Versioned):
    """One person's one vote on a submission; a delegate's is cast `on_behalf_of` who lent it.

    A controller's financial validation is the amount, what it was `checked_against`, and the comment.
    """

    submission = refers_to("Submission", db_index=True)
    submission_id: UUID
    by = refers_to("Person")
    by_id: UUID
    on_behalf_of = refers_to("Person", null=True)
    on_behalf_of_id: UUID | None
    as_role = fields.CharField(max_length=20)
    outcome = fields.CharField(max_length=10)
    comment = fields.TextField(null=True)
    confirmed_units = fields.BigIntField(null=True)
    confirmed_currency = fields.CharField(max_length=3, null=True)
    checked_against = fields.TextField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "decision"
        unique_together = (("submission", "by"),)


class Question(Thing):
    """What a decider wants to know about a submission, and what was answered: both are part of the record."""

    submission = refers_to("Submission", db_index=True)
    submission_id: UUID
    asked_by = refers_to("Person")
    asked_by_id: UUID
    asked_at = fields.DatetimeField()
    text = fields.TextField()
    answered_by = refers_to("Person", null=True)
    answered_by_id: UUID | None
    answered_at = fields.DatetimeField(null=True)
    reply = fields.TextField(null=True)

    class Meta:
        table = "question"


class PlanVersion(Row, Versioned):
    """A decided plan: version 1 was frozen by the gate into DECIDED, each further one by a change request.

    `document` is the whole plan as it then stood, `submission_id` the decision that made it.
    """

    node = refers_to("Node", db_index=True)
    node_id: UUID
    version = fields.IntField()
    submission = refers_to("Submission")
    submission_id: UUID
    made_at = fields.DatetimeField()
    document: fields.Field[dict[str, Any]] = fields.JSONField()

    class Meta:
        table = "plan_version"
        unique_together = (("node", "version"),)
