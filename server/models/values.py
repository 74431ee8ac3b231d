"""Value lines and their months, stored.

Amounts are integer minor units; `…_reporting` is the same, converted at the plan rate when written, and `…_current` at
the month's actual rate (None where no actual rate is known: then the plan rate stands).
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient

from server.models import bulk
from server.models.row import Thing, Versioned, refers_to


class ValueLine(Thing):
    """One line of an initiative's business case."""

    node = refers_to("Node", db_index=True)
    node_id: UUID
    kind = fields.CharField(max_length=16)
    name = fields.CharField(max_length=200)
    recurring = fields.BooleanField(default=True)
    currency = fields.CharField(max_length=3)
    baseline_units = fields.BigIntField(null=True)
    baseline_source = fields.CharField(max_length=300, null=True)
    baseline_date = fields.DateField(null=True)

    class Meta:
        table = "value_line"


class MonthValue(Versioned):
    """One month of a line in its four series, in the line's currency and in the organization's reporting currency."""

    row = fields.BigIntField(primary_key=True, generated=True)
    line = refers_to("ValueLine")
    line_id: UUID
    month = fields.IntField()
    plan = fields.BigIntField(null=True)
    forecast = fields.BigIntField(null=True)
    actual = fields.BigIntField(null=True)
    confirmed = fields.BigIntField(null=True)
    plan_reporting = fields.BigIntField(null=True)
    forecast_reporting = fields.BigIntField(null=True)
    actual_reporting = fields.BigIntField(null=True)
    confirmed_reporting = fields.BigIntField(null=True)
    actual_current = fields.BigIntField(null=True)
    confirmed_current = fields.BigIntField(null=True)

    class Meta:
        table = "month_value"
        unique_together = (("line", "month"),)


BROUGHT = ("since", "plan", "plan_reporting", "actual", "actual_reporting", "actual_current")
"""What imports write of a month. What stands in the other series stays: all of it is read under the lock."""
MonthRow = dict[str, Any]
_AT_ONCE = 500


async def store_months(db: BaseDBAsyncClient, written: Mapping[tuple[UUID, int], MonthRow]) -> None:
    """Store months by line and month; a row that was read has its own number, and one without is new."""
    new = [(*key, *map(row.get, BROUGHT)) for key, row in written.items() if "row" not in row]
    await bulk.pour(db, "month_value", ("line_id", "month", *BROUGHT), new)
    again = [
        MonthValue(line_id=line, month=month, **{name: row[name] for name in BROUGHT})
        for (line, month), row in written.items()
        if "row" in row
    ]
    if again:
        key = ["line_id", "month"]
        await MonthValue.bulk_create(again, _AT_ONCE, on_conflict=key, update_fields=BROUGHT, using_db=db)
