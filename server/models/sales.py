"""Quota, opportunities and incentives, stored.

Amounts are integer minor units; `…_reporting` is converted at the plan rate when written.
"""

from uuid import UUID

from tortoise import fields

from server.models.row import Row, Thing, Versioned, refers_to


class Quota(Versioned):
    """Quota of a plan for a month, in the reporting currency. Not cut further: `dimension` and `segment` are empty."""

    row = fields.BigIntField(primary_key=True, generated=True)
    node = refers_to("Node")
    node_id: UUID
    month = fields.IntField()
    dimension = fields.CharField(max_length=14, default="")
    segment = fields.CharField(max_length=200, default="")
    units = fields.BigIntField()

    class Meta:
        table = "quota"
        unique_together = (("node", "month", "dimension", "segment"),)


class Opportunity(Thing):
    """A deal from a CRM. Without a plan it is an orphan: kept and reported, never dropped.

    `probability` is in millionths, and `weighted_reporting` is amount × probability, rounded once here so that roll-
    ups are plain sums,
    `month` (YYYYMM) is that of `closed_on`: when it was won or lost, or when it is expected to close. `rule_id` is the
    matching rule that put it under its plan; None where somebody said so.
    """

    node = refers_to("Node", null=True, db_index=True)
    node_id: UUID | None
    system = fields.CharField(max_length=80)
    external_id = fields.CharField(max_length=200)
    account = fields.CharField(max_length=200, null=True)
    account_group = fields.CharField(max_length=200, null=True)
    product = fields.CharField(max_length=200, null=True)
    product_group = fields.CharField(max_length=200, null=True)
    seller = fields.CharField(max_length=200, null=True)
    territory = fields.CharField(max_length=200, null=True)
    units = fields.BigIntField(null=True)
    currency = fields.CharField(max_length=3)
    units_reporting = fields.BigIntField(null=True)
    weighted_reporting = fields.BigIntField(null=True)
    stage = fields.CharField(max_length=80)
    state = fields.CharField(max_length=4)
    probability = fields.IntField(null=True)
    engaged_on = fields.DateField(null=True)
    closed_on = fields.DateField(null=True)
    month = fields.IntField(null=True)
    forecast_category = fields.CharField(max_length=10, null=True)
    rule_id = fields.UUIDField(null=True)

    class Meta:
        table = "opportunity"
        unique_together = (("organization", "system", "external_id"),)


class Incentive(Row, Versioned):
    """An incentive of a seller under a plan, which rewards a node, or none. `weight` is in hundredths of a per cent."""

    node = refers_to("Node", db_index=True)
    node_id: UUID
    seller = refers_to("Person")
    seller_id: UUID
    name = fields.CharField(max_length=200)
    weight = fields.IntField()
    rewards = refers_to("Node", null=True)
    rewards_id: UUID | None

    class Meta:
        table = "incentive"
