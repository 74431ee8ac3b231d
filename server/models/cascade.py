"""The cascade, stored: nodes of all five levels, the branch table, external ids, milestones and evidence."""

from uuid import UUID

from tortoise import fields

from server.models.row import Row, Thing, Versioned, refers_to


class Node(Thing):
    """Anything in the cascade above a milestone. One wide table: the columns of a level are empty on the others."""

    parent = refers_to("Node", null=True, db_index=True)
    parent_id: UUID | None
    level = fields.CharField(max_length=10)
    name = fields.CharField(max_length=200)
    description = fields.TextField(null=True)
    business_unit = fields.CharField(max_length=200, null=True)
    tags: fields.Field[list[str]] = fields.JSONField(default=list)
    owner = refers_to("Person", null=True)
    owner_id: UUID | None
    created_at = fields.DatetimeField()
    standing = fields.CharField(max_length=10, default="ACTIVE")
    standing_reason = fields.TextField(null=True)
    review_on = fields.DateField(null=True)
    # objectives
    hypothesis = fields.TextField(null=True)
    metric = fields.CharField(max_length=200, null=True)
    target = fields.CharField(max_length=60, null=True)
    target_date = fields.DateField(null=True)
    # measures
    stage = fields.CharField(max_length=12, null=True)
    staged_at = fields.DatetimeField(null=True)
    sponsor = refers_to("Person", null=True)
    sponsor_id: UUID | None
    controller = refers_to("Person", null=True)
    controller_id: UUID | None
    estimated_units = fields.BigIntField(null=True)
    estimated_currency = fields.CharField(max_length=3, null=True)
    risks = fields.TextField(null=True)
    overlaps = fields.TextField(null=True)
    gap_explanation = fields.TextField(null=True)
    variance_explanation = fields.TextField(null=True)
    # sales plans: everyone who sells under it, deals or not
    sellers: fields.Field[list[str]] = fields.JSONField(default=list)

    class Meta:
        table = "node"
        indexes = (("organization_id", "level"),)


class Branch(Versioned):
    """The closure of the cascade: one row for every node and each node above it, and one for itself at depth 0."""

    row = fields.BigIntField(primary_key=True, generated=True)
    ancestor = refers_to("Node")
    ancestor_id: UUID
    descendant = refers_to("Node", db_index=True)
    descendant_id: UUID
    depth = fields.SmallIntField()

    class Meta:
        table = "branch"
        unique_together = (("ancestor", "descendant"),)


class ExternalId(Row, Versioned):
    """How another system calls a node, and imports find it again by this."""

    node = refers_to("Node", db_index=True)
    node_id: UUID
    system = fields.CharField(max_length=80)
    external_id = fields.CharField(max_length=200)

    class Meta:
        table = "external_id"
        unique_together = (("organization", "system", "external_id"),)


class Milestone(Thing):
    """A dated, evidenced step under a measure. `start`, `target` and `actual` are exact decimals as text."""

    node = refers_to("Node", db_index=True)
    node_id: UUID
    name = fields.CharField(max_length=200)
    due = fields.DateField()
    original_due = fields.DateField(null=True)
    critical = fields.BooleanField(default=False)
    measure_type = fields.CharField(max_length=10)
    metric = fields.CharField(max_length=200, null=True)
    unit = fields.CharField(max_length=40, null=True)
    start = fields.CharField(max_length=60, null=True)
    target = fields.CharField(max_length=60, null=True)
    actual = fields.CharField(max_length=60, null=True)
    assignee = refers_to("Person", null=True)
    assignee_id: UUID | None
    achieved_on = fields.DateField(null=True)
    achieved_by = refers_to("Person", null=True)
    achieved_by_id: UUID | None
    verified_by = refers_to("Person", null=True)
    verified_by_id: UUID | None
    verified_at = fields.DatetimeField(null=True)
    cancelled_reason = fields.TextField(null=True)

    class Meta:
        table = "milestone"


class MilestoneDependency(Row, Versioned):
    """A milestone that waits for another one, of its own measure or of any other."""

    milestone = refers_to("Milestone", db_index=True)
    milestone_id: UUID
    awaits = refers_to("Milestone", db_index=True)
    awaits_id: UUID

    class Meta:
        table = "milestone_dependency"
        unique_together = (("milestone", "awaits"),)


class StoredFile(Row):
    """A file that somebody uploaded. Its bytes are kept under their SHA-256, which is `hash`."""

    name = fields.CharField(max_length=200)
    media_type = fields.CharField(max_length=120)
    size = fields.IntField()
    hash = fields.CharField(max_length=64)
    by = refers_to("Person")
    by_id: UUID
    at = fields.DatetimeField()

    class Meta:
        table = "stored_file"


class Evidence(Row, Versioned):
    """A reading, a link or a file that backs a milestone, or a measure when `milestone_id` is empty."""

    node = refers_to("Node", db_index=True)
    node_id: UUID
    milestone = refers_to("Milestone", null=True, db_index=True)
    milestone_id: UUID | None
    source = fields.CharField(max_length=300)
    date = fields.DateField()
    reading = fields.CharField(max_length=60, null=True)
    url = fields.CharField(max_length=2000, null=True)
    note = fields.TextField(null=True)
    file = refers_to("StoredFile", null=True)
    file_id: UUID | None
    by = refers_to("Person")
    by_id: UUID
    at = fields.DatetimeField()

    class Meta:
        table = "evidence"
