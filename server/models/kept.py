"""Kept roll-ups, stored: what the months below a place add to, kept up to date inside every writing transaction."""

from tortoise import fields
from tortoise.models import Model


class KeptSum(Model):
    """What the lines of one kind below a place, on measures of one stage and standing, add to in one month.

    `place_id` is a node (a measure is a place as well) or the organization. Minor units of the reporting currency,
    `…_current` is the same at the month's actual rate, and `recurring_outlook` the outlook of recurring lines alone.
    `months` counts the months of lines that it adds: at none the row is gone.
    """

    row = fields.BigIntField(primary_key=True, generated=True)
    organization_id = fields.UUIDField()
    place_id = fields.UUIDField()
    month = fields.IntField()
    kind = fields.CharField(max_length=16)
    stage = fields.CharField(max_length=12)
    standing = fields.CharField(max_length=10)
    plan = fields.BigIntField(default=0)
    outlook = fields.BigIntField(default=0)
    actual = fields.BigIntField(default=0)
    confirmed = fields.BigIntField(default=0)
    actual_current = fields.BigIntField(default=0)
    confirmed_current = fields.BigIntField(default=0)
    recurring_outlook = fields.BigIntField(default=0)
    months = fields.IntField(default=0)

    class Meta:
        table = "kept_sum"
        unique_together = (("place_id", "month", "kind", "stage", "standing"),)


class KeptCount(Model):
    """How many measures of one stage and standing there are below a place, itself included. None at zero."""

    row = fields.BigIntField(primary_key=True, generated=True)
    organization_id = fields.UUIDField()
    place_id = fields.UUIDField()
    stage = fields.CharField(max_length=12)
    standing = fields.CharField(max_length=10)
    measures = fields.IntField(default=0)

    class Meta:
        table = "kept_count"
        unique_together = (("place_id", "stage", "standing"),)
