"""What an organization keeps of its imports: the mappings it saved and the runs it made, stored."""

from typing import Any
from uuid import UUID

from tortoise import fields

from server.models.row import Thing, refers_to


class ImportMapping(Thing):
    """What the columns of a kind of file mean, saved under a name. `document` is what its YAML says."""

    name = fields.CharField(max_length=200)
    kind = fields.CharField(max_length=16)
    document: fields.Field[dict[str, Any]] = fields.JSONField()

    class Meta:
        table = "import_mapping"
        unique_together = (("organization", "name"),)


class ImportRun(Thing):
    """An import that was carried out: which file, when, by whom, and its report."""

    kind = fields.CharField(max_length=16)
    file_name = fields.CharField(max_length=300)
    hash = fields.CharField(max_length=64)
    by = refers_to("Person")
    by_id: UUID
    at = fields.DatetimeField()
    report: fields.Field[dict[str, Any]] = fields.JSONField()

    class Meta:
        table = "import_run"
