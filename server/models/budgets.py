"""Budgets of portfolios and actual rates of currencies (law §4), stored."""

from uuid import UUID

from tortoise import fields

from server.models.row import Row, Thing, Versioned, refers_to


class Budget(Thing):
    """What a portfolio may spend in a fiscal year, in minor units of the reporting currency."""

    node = refers_to("Node", db_index=True)
    node_id: UUID
    fiscal_year = fields.IntField()
    units = fields.BigIntField()
    currency = fields.CharField(max_length=3)

    class Meta:
        table = "budget"
        unique_together = (("node", "fiscal_year"),)


class ActualRate(Row, Versioned):
    """What one unit of a currency really cost in the reporting currency, in one month. `rate` is an exact decimal."""

    month = fields.IntField()
    currency = fields.CharField(max_length=3)
    rate = fields.CharField(max_length=40)

    class Meta:
        table = "actual_rate"
        unique_together = (("organization", "month", "currency"),)
