"""How far imports have come, for followers in other processes."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from server.models.row import new_id


class Migration(migrations.Migration):
    dependencies = [("stageline", "0005_truth")]

    operations = [
        ops.CreateModel(
            name="ImportProgress",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=new_id, unique=True, db_index=True)),
                (
                    "organization",
                    fields.ForeignKeyField(
                        "stageline.Organization",
                        source_field="organization_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "stageline.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("key", fields.CharField(max_length=200)),
                ("phase", fields.CharField(max_length=10)),
                ("done", fields.BigIntField()),
                ("total", fields.BigIntField(null=True)),
                ("beat", fields.BigIntField()),
                ("at", fields.DatetimeField()),
            ],
            options={
                "table": "import_progress",
                "app": "stageline",
                "unique_together": (("person", "key"),),
                "pk_attr": "id",
                "table_description": "How far an import has come, for followers in other processes. `beat` counts on for as long as it is alive.",
            },
            bases=["Row"],
        ),
    ]
