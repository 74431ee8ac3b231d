"""Review cycles, the lights that people set, and how each light stood when a cycle closed (law §7 and §8), stored."""

from uuid import UUID

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.corrections import Lock
from server.domain.months import Month
from server.models.database import rows
from server.models.row import Row, Thing, Versioned, refers_to


class ReviewCycle(Thing):
    """A review cycle: open until it is closed. At most one of an organization is open.

    Closing locks the actuals up to the month `locked_through` (YYYYMM), and `closed_revision` is the snapshot: every
    figure can be read as of it.
    """

    number = fields.IntField()
    starts = fields.DateField()
    ends = fields.DateField()
    due = fields.DateField()
    opened_by = refers_to("Person", null=True)
    opened_by_id: UUID | None
    opened_at = fields.DatetimeField()
    closed_by = refers_to("Person", null=True)
    closed_by_id: UUID | None
    closed_at = fields.DatetimeField(null=True)
    closed_revision = fields.BigIntField(null=True)
    locked_through = fields.IntField(null=True)

    class Meta:
        table = "review_cycle"
        unique_together = (("organization", "number"),)


class LightSetting(Row, Versioned):
    """A light that somebody set on a node, until it is set again or a review cycle closes (`ended_at`).

    `better` is whether it was set better than the server proposed then: counted per person, over time.
    """

    node = refers_to("Node", db_index=True)
    node_id: UUID
    light = fields.CharField(max_length=14)
    colour = fields.CharField(max_length=5)
    proposed = fields.CharField(max_length=5)
    better = fields.BooleanField(default=False)
    reason = fields.TextField(null=True)
    by = refers_to("Person", db_index=True)
    by_id: UUID
    at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "light_setting"


class CycleLight(Row, Versioned):
    """How the two lights of a measure stood when a cycle closed: as set, else as proposed."""

    cycle = refers_to("ReviewCycle", db_index=True)
    cycle_id: UUID
    node = refers_to("Node", db_index=True)
    node_id: UUID
    implementation = fields.CharField(max_length=5)
    potential = fields.CharField(max_length=5)

    class Meta:
        table = "cycle_light"
        unique_together = (("cycle", "node"),)


class Correction(Row, Versioned):
    """A month's actual that a controller corrected after its period had closed: visible for ever, never changed."""

    line = refers_to("ValueLine", db_index=True)
    line_id: UUID
    month = fields.IntField()
    before_units = fields.BigIntField(null=True)
    after_units = fields.BigIntField(null=True)
    currency = fields.CharField(max_length=3)
    reason = fields.TextField()
    by = refers_to("Person")
    by_id: UUID
    at = fields.DatetimeField()

    class Meta:
        table = "correction"


async def lock_of(db: BaseDBAsyncClient, organization_id: UUID) -> Lock | None:
    """What closed review cycles have locked; None before the first is closed."""
    sql = """SELECT number, locked_through FROM review_cycle
             WHERE organization_id = :organization AND closed_at IS NOT NULL AND locked_through IS NOT NULL
             ORDER BY locked_through DESC, number LIMIT 1"""
    found = await rows(db, sql, organization=organization_id)
    return Lock(found[0]["number"], Month(found[0]["locked_through"])) if found else None


async def locked_through(db: BaseDBAsyncClient, organization_id: UUID) -> Month | None:
    """The last month whose actuals a closed review cycle has locked; None before the first is closed."""
    found = await lock_of(db, organization_id)
    return found.through if found else None
