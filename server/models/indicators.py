"""What an objective is measured by: its metric's path to target and its readings (law §1: hypothesis), stored."""

from uuid import UUID

from tortoise import fields

from server.models.row import Row, Thing, Versioned, refers_to


class Indicator(Thing):
    """A metric of a node. Numbers are exact decimals as text.

    `source` is where its actual readings come from: by hand, by import, or from the roll-up figure named `figure`.
    `system` and `external_id` are how an import finds it again.
    """

    node = refers_to("Node", db_index=True)
    node_id: UUID
    name = fields.CharField(max_length=300)
    description = fields.TextField(null=True)
    unit = fields.CharField(max_length=60, null=True)
    direction = fields.CharField(max_length=10)
    start = fields.CharField(max_length=60, null=True)
    start_date = fields.DateField(null=True)
    target = fields.CharField(max_length=60, null=True)
    target_date = fields.DateField(null=True)
    source = fields.CharField(max_length=8)
    figure = fields.CharField(max_length=24, null=True)
    decides = fields.BooleanField(default=False)
    """Whether the verdict on its objective's hypothesis rests on it."""
    system = fields.CharField(max_length=80, null=True)
    external_id = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "indicator"


class IndicatorPoint(Row, Versioned):
    """An indicator on one day: what its path demands, what was read, or both."""

    indicator = refers_to("Indicator")
    indicator_id: UUID
    date = fields.DateField()
    target = fields.CharField(max_length=60, null=True)
    actual = fields.CharField(max_length=60, null=True)
    note = fields.TextField(null=True)
    by = refers_to("Person", null=True)
    by_id: UUID | None
    at = fields.DatetimeField()

    class Meta:
        table = "indicator_point"
        unique_together = (("indicator", "date"),)
