"""Roll-ups that are no sums of months, kept as well: by fiscal year and lights, plans to order by, spend without a case."""

from typing import Any

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from server.models.database import rows
from server.models.keeping import recompute


async def _keep_roll_ups(_apps: Any, editor: Any) -> None:
    for organization in await rows(editor.client, "SELECT id FROM organization"):
        await recompute(editor.client, organization["id"])


class Migration(migrations.Migration):
    dependencies = [("stageline", "0006_import_progress")]

    operations = [
        # Every row of these two is written anew below.
        ops.DeleteModel(name="KeptCount"),
        ops.CreateModel(
            name="KeptCount",
            fields=[
                ("row", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("organization_id", fields.UUIDField()),
                ("place_id", fields.UUIDField()),
                ("level", fields.CharField(max_length=10)),
                ("stage", fields.CharField(max_length=12)),
                ("standing", fields.CharField(max_length=10)),
                ("measures", fields.IntField(default=0)),
            ],
            options={
                "table": "kept_count",
                "app": "stageline",
                "unique_together": (("place_id", "level", "stage", "standing"),),
                "pk_attr": "row",
                "table_description": "How many measures of one level, stage and standing there are below a place, itself included. None at zero.",
            },
            bases=["Model"],
        ),
        ops.AddField(model_name="KeptSum", name="uncased", field=fields.BigIntField(default=0, db_default=0)),
        ops.AddField(
            model_name="Organization",
            name="headline_kinds",
            field=fields.CharField(max_length=120, default="MARGIN COST_SAVING", db_default="MARGIN COST_SAVING"),
        ),
        ops.CreateModel(
            name="KeptYear",
            fields=[
                ("row", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("organization_id", fields.UUIDField()),
                ("place_id", fields.UUIDField()),
                ("fiscal_year", fields.IntField()),
                ("implementation", fields.CharField(max_length=5)),
                ("potential", fields.CharField(max_length=5)),
                ("proposed_implementation", fields.CharField(max_length=5)),
                ("proposed_potential", fields.CharField(max_length=5)),
                ("plan", fields.BigIntField(default=0)),
                ("weight", fields.BigIntField(default=0)),
                ("behind", fields.IntField(default=0)),
                ("revenue", fields.BigIntField(default=0)),
                ("quota", fields.BigIntField(default=0)),
                ("turnovers", fields.IntField(default=0)),
                ("measures", fields.IntField(default=0)),
            ],
            options={
                "table": "kept_year",
                "app": "stageline",
                "unique_together": (
                    (
                        "place_id",
                        "fiscal_year",
                        "implementation",
                        "potential",
                        "proposed_implementation",
                        "proposed_potential",
                    ),
                ),
                "pk_attr": "row",
                "table_description": "What a fiscal year is to the measures below a place, by their lights. The fiscal year 0 is all of time.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="KeptPlan",
            fields=[
                ("place_id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("organization_id", fields.UUIDField()),
                ("plan", fields.BigIntField(default=0)),
            ],
            options={
                "table": "kept_plan",
                "app": "stageline",
                "pk_attr": "place_id",
                "table_description": "The headline plan of everything below a node, over all months: what lists of nodes are ordered by.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="KeptProposal",
            fields=[
                ("node_id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("organization_id", fields.UUIDField()),
                ("implementation", fields.CharField(max_length=5)),
                ("potential", fields.CharField(max_length=5)),
            ],
            options={
                "table": "kept_proposal",
                "app": "stageline",
                "pk_attr": "node_id",
                "table_description": "The two lights that were proposed for a measure when it was last looked at. None: grey, or never looked at.",
            },
            bases=["Model"],
        ),
        ops.RunSQL("CREATE INDEX kept_count_empty ON kept_count (organization_id) WHERE measures = 0"),
        ops.RunSQL("CREATE INDEX kept_year_empty ON kept_year (organization_id) WHERE measures = 0"),
        ops.RunSQL("CREATE INDEX kept_plan_by_worth ON kept_plan (organization_id, plan DESC, place_id)"),
        ops.RunPython(_keep_roll_ups),
    ]
