"""Organizations, persons, their seats and their credentials, stored."""

from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from server.domain.policy import DEFAULT
from server.models.row import Row, Thing, Versioned, new_id, refers_to

_STANDARD = " ".join(DEFAULT.headline_kinds)  # before the first policy is ratified


class Organization(Model):
    """One tenant.

    `revision` and `head` are the last ledger entry's, and every write takes the next under the organization's lock.
    `headline_kinds` are those of the policy in force, for what every write keeps of the headline (`models/keeping.py`).
    """

    id = fields.UUIDField(primary_key=True, default=new_id)
    name = fields.CharField(max_length=200)
    reporting_currency = fields.CharField(max_length=3)
    fiscal_year_start = fields.SmallIntField(default=1)
    time_zone = fields.CharField(max_length=64, default="UTC")
    headline_kinds = fields.CharField(max_length=120, default=_STANDARD, db_default=_STANDARD)
    revision = fields.BigIntField(default=0)
    head = fields.CharField(max_length=64, default="0" * 64)

    class Meta:
        table = "organization"


class PlanRate(Row, Versioned):
    """What one unit of a currency is planned to cost in the reporting currency, in one fiscal year.

    `rate` is an exact decimal.
    """

    fiscal_year = fields.IntField()
    currency = fields.CharField(max_length=3)
    rate = fields.CharField(max_length=40)

    class Meta:
        table = "plan_rate"
        unique_together = (("organization", "fiscal_year", "currency"),)


class Person(Thing):
    """A person of one organization. Without an email and a password hash it is known, but cannot sign in."""

    name = fields.CharField(max_length=200)
    email = fields.CharField(max_length=254, null=True, unique=True)
    password_hash = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "person"


class Seat(Thing):
    """A role at a node (none: the whole organization), from a date to a date, both included.

    `reads_money` and `reads_ledger` are what a viewer's seat opens besides the branch; other roles have them by law.
    """

    person = refers_to("Person", db_index=True)
    person_id: UUID
    role = fields.CharField(max_length=20)
    node = refers_to("Node", null=True)
    node_id: UUID | None
    starts = fields.DateField()
    ends = fields.DateField(null=True)
    granted_by = refers_to("Person", null=True)
    granted_by_id: UUID | None
    ratified_by = refers_to("Person", null=True)
    ratified_by_id: UUID | None
    reads_money = fields.BooleanField(default=False, db_default=False)
    reads_ledger = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "seat"


class Delegation(Thing):
    """The vote of one seat, lent to another person from a date to a date, both included, unless revoked before."""

    seat = refers_to("Seat", db_index=True)
    seat_id: UUID
    to_person = refers_to("Person", db_index=True)
    to_person_id: UUID
    starts = fields.DateField()
    ends = fields.DateField()
    reason = fields.TextField()
    lent_by = refers_to("Person")
    lent_by_id: UUID
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "delegation"


class Credential(Row):
    """A session of the web application or a machine's token.

    Only the SHA-256 of its secret is kept, and `scopes` is None for a person.
    """

    person = refers_to("Person", db_index=True)
    person_id: UUID
    kind = fields.CharField(max_length=10)
    hash = fields.CharField(max_length=64, unique=True)
    label = fields.CharField(max_length=200, default="")
    scopes: fields.Field[list[str] | None] = fields.JSONField(null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "credential"
