"""Which plan a deal belongs to, what sellers spend their time on, and what they can bring (law §5), stored."""

from uuid import UUID

from tortoise import fields

from server.models.row import Thing, Versioned, refers_to


class MatchingRule(Thing):
    """Deals of these properties belong to this plan, and what is empty does not restrict it.

    Lower positions come first.
    """

    position = fields.IntField()
    node = refers_to("Node", db_index=True)
    node_id: UUID
    product = fields.CharField(max_length=200, null=True)
    product_group = fields.CharField(max_length=200, null=True)
    territory = fields.CharField(max_length=200, null=True)
    account = fields.CharField(max_length=200, null=True)
    account_group = fields.CharField(max_length=200, null=True)
    seller = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "matching_rule"


class SalesActivity(Thing):
    """A call, a visit, an hour of a seller's time: what was done, not what it brought.

    Without a plan it is an orphan.
    """

    node = refers_to("Node", null=True, db_index=True)
    node_id: UUID | None
    system = fields.CharField(max_length=80)
    external_id = fields.CharField(max_length=200)
    kind = fields.CharField(max_length=80)
    date = fields.DateField()
    month = fields.IntField()
    minutes = fields.IntField(null=True)
    seller = fields.CharField(max_length=200, null=True)
    account = fields.CharField(max_length=200, null=True)
    account_group = fields.CharField(max_length=200, null=True)
    product = fields.CharField(max_length=200, null=True)
    product_group = fields.CharField(max_length=200, null=True)
    territory = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "sales_activity"
        unique_together = (("organization", "system", "external_id"),)


class Capacity(Versioned):
    """What a seller can be expected to bring a plan in a month, in minor units of the reporting currency."""

    row = fields.BigIntField(primary_key=True, generated=True)
    node = refers_to("Node")
    node_id: UUID
    seller = fields.CharField(max_length=200)
    month = fields.IntField()
    units = fields.BigIntField()

    class Meta:
        table = "capacity"
        unique_together = (("node", "seller", "month"),)
