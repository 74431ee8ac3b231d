"""Kept roll-ups, stored: what the months below a place add to, kept up to date inside every writing transaction."""

from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class KeptSum(Model):
    """What the lines of one kind below a place, on measures of one stage and standing, add to in one month.

    `place_id` is a node (a measure is a place as well) or the organization. Minor units of the reporting currency,
    `…_current` is the same at the month's actual rate, `recurring_outlook` the outlook of recurring lines alone, and
    `uncased` the actual of costs on measures that promise nothing. `months` counts the months of lines that it adds: at
    none the row is gone.
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
    uncased = fields.BigIntField(default=0, db_default=0)
    months = fields.IntField(default=0)

    class Meta:
        table = "kept_sum"
        unique_together = (("place_id", "month", "kind", "stage", "standing"),)


class KeptCount(Model):
    """How many measures of one level, stage and standing there are below a place, itself included. None at zero."""

    row = fields.BigIntField(primary_key=True, generated=True)
    organization_id = fields.UUIDField()
    place_id = fields.UUIDField()
    level = fields.CharField(max_length=10)
    stage = fields.CharField(max_length=12)
    standing = fields.CharField(max_length=10)
    measures = fields.IntField(default=0)

    class Meta:
        table = "kept_count"
        unique_together = (("place_id", "level", "stage", "standing"),)


class KeptYear(Model):
    """What a fiscal year is to the measures below a place, by their lights. The fiscal year 0 is all of time.

    Some figures are no sums of months: whether a measure lies below its plan is said of a span as a whole. Lights are
    those shown (`implementation`, `potential`) and those proposed at the last look; `IDLE` of what is not active.

    `plan` is of the headline kinds, `weight` the same of measures where it lies above zero, which is what a light
    weighs, and `behind` how many active measures have an outlook below it. `revenue` and `quota` are those of the
    initiatives, `turnovers` of them, that are not cancelled and plan any revenue. `measures` counts those that have any
    month in the year, in all of time each: at none the row is gone.
    """

    row = fields.BigIntField(primary_key=True, generated=True)
    organization_id = fields.UUIDField()
    place_id = fields.UUIDField()
    fiscal_year = fields.IntField()
    implementation = fields.CharField(max_length=5)
    potential = fields.CharField(max_length=5)
    proposed_implementation = fields.CharField(max_length=5)
    proposed_potential = fields.CharField(max_length=5)
    plan = fields.BigIntField(default=0)
    weight = fields.BigIntField(default=0)
    behind = fields.IntField(default=0)
    revenue = fields.BigIntField(default=0)
    quota = fields.BigIntField(default=0)
    turnovers = fields.IntField(default=0)
    measures = fields.IntField(default=0)

    class Meta:
        table = "kept_year"
        unique_together = (
            (
                "place_id",
                "fiscal_year",
                "implementation",
                "potential",
                "proposed_implementation",
                "proposed_potential",
            ),
        )


class KeptPlan(Model):
    """The headline plan of everything below a node, over all months: what lists of nodes are ordered by."""

    place_id: UUID = fields.UUIDField(primary_key=True)
    organization_id = fields.UUIDField()
    plan = fields.BigIntField(default=0)

    class Meta:
        table = "kept_plan"


class KeptProposal(Model):
    """The two lights that were proposed for a measure when it was last looked at. None: grey, or never looked at."""

    node_id: UUID = fields.UUIDField(primary_key=True)
    organization_id = fields.UUIDField()
    implementation = fields.CharField(max_length=5)
    potential = fields.CharField(max_length=5)

    class Meta:
        table = "kept_proposal"
