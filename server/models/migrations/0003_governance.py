"""What governance stores: policies, delegations, questions, plan versions and files; and what dates each row's past."""

from typing import Any

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint

from server.models.row import new_id

# A constraint added on SQLite makes the table anew, and Tortoise 1.1.9 forgets its indexes doing so.
_FORGOTTEN = {
    "node": ("parent_id", "organization_id, level"),
    "milestone": ("node_id",),
    "submission": ("node_id",),
    "decision": ("submission_id", "UNIQUE submission_id, by_id"),
    "value_line": ("node_id",),
    "opportunity": ("node_id", "UNIQUE organization_id, system, external_id"),
    "credential": ("person_id", "UNIQUE hash"),
    "incentive": ("node_id",),
    "quota": ("UNIQUE node_id, month, dimension, segment",),
    "policy_version": ("UNIQUE organization_id, version",),
}
_STATES = "'DRAFT', 'PROPOSED', 'IN_FORCE', 'RETIRED'"


async def _remember_indexes(_apps: Any, editor: Any) -> None:
    if editor.DIALECT != "sqlite":
        return
    for table, indexes in _FORGOTTEN.items():
        for number, columns in enumerate(indexes):
            unique, listed = ("UNIQUE ", columns[7:]) if columns.startswith("UNIQUE ") else ("", columns)
            await editor.client.execute_script(f"CREATE {unique}INDEX {table}_by_{number} ON {table} ({listed})")
    one_open = "CREATE UNIQUE INDEX submission_one_open ON submission (node_id) WHERE ended_at IS NULL"
    await editor.client.execute_script(one_open)


class Migration(migrations.Migration):
    dependencies = [("stageline", "0002_constraints")]

    operations = [
        ops.CreateModel(
            name="Delegation",
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
                ("revision", fields.BigIntField(default=0)),
                (
                    "seat",
                    fields.ForeignKeyField(
                        "stageline.Seat",
                        source_field="seat_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "to_person",
                    fields.ForeignKeyField(
                        "stageline.Person",
                        source_field="to_person_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("starts", fields.DateField()),
                ("ends", fields.DateField()),
                ("reason", fields.TextField(unique=False)),
                (
                    "lent_by",
                    fields.ForeignKeyField(
                        "stageline.Person",
                        source_field="lent_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "delegation",
                "app": "stageline",
                "pk_attr": "id",
                "table_description": "The vote of one seat, lent to another person from a date to a date, both included, unless revoked before.",
            },
            bases=["Thing"],
        ),
        ops.CreateModel(
            name="PlanVersion",
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
                ("since", fields.BigIntField(default=0, db_default=0)),
                (
                    "node",
                    fields.ForeignKeyField(
                        "stageline.Node",
                        source_field="node_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("version", fields.IntField()),
                (
                    "submission",
                    fields.ForeignKeyField(
                        "stageline.Submission",
                        source_field="submission_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("document", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "plan_version",
                "app": "stageline",
                "unique_together": (("node", "version"),),
                "pk_attr": "id",
                "table_description": "A decided plan: version 1 was frozen by the gate into DECIDED, each further one by a change request.",
            },
            bases=["Row", "Versioned"],
        ),
        ops.CreateModel(
            name="PolicyVersion",
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
                ("revision", fields.BigIntField(default=0)),
                ("version", fields.IntField()),
                ("state", fields.CharField(max_length=10)),
                ("document", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                (
                    "drafted_by",
                    fields.ForeignKeyField(
                        "stageline.Person",
                        source_field="drafted_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("drafted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "proposed_by",
                    fields.ForeignKeyField(
                        "stageline.Person",
                        source_field="proposed_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("proposed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "ratified_by",
                    fields.ForeignKeyField(
                        "stageline.Person",
                        source_field="ratified_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("ratified_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "policy_version",
                "app": "stageline",
                "unique_together": (("organization", "version"),),
                "pk_attr": "id",
                "table_description": "One version: a draft, proposed, in force, or retired by the next.",
            },
            bases=["Thing"],
        ),
        ops.CreateModel(
            name="Question",
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
                ("revision", fields.BigIntField(default=0)),
                (
                    "submission",
                    fields.ForeignKeyField(
                        "stageline.Submission",
                        source_field="submission_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "asked_by",
                    fields.ForeignKeyField(
                        "stageline.Person",
                        source_field="asked_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("text", fields.TextField(unique=False)),
                (
                    "answered_by",
                    fields.ForeignKeyField(
                        "stageline.Person",
                        source_field="answered_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reply", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "question",
                "app": "stageline",
                "pk_attr": "id",
                "table_description": "What a decider wants to know about a submission, and what was answered: both are part of the record.",
            },
            bases=["Thing"],
        ),
        ops.CreateModel(
            name="StoredFile",
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
                ("name", fields.CharField(max_length=200)),
                ("media_type", fields.CharField(max_length=120)),
                ("size", fields.IntField()),
                ("hash", fields.CharField(max_length=64)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "stageline.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name=False,
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "stored_file",
                "app": "stageline",
                "pk_attr": "id",
                "table_description": "A file that somebody uploaded. Its bytes are kept under their SHA-256, which is `hash`.",
            },
            bases=["Row"],
        ),
        ops.AddField(
            model_name="Branch",
            name="since",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Decision",
            name="checked_against",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Decision",
            name="on_behalf_of",
            field=fields.ForeignKeyField(
                "stageline.Person",
                source_field="on_behalf_of_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Decision",
            name="since",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Evidence",
            name="file",
            field=fields.ForeignKeyField(
                "stageline.StoredFile",
                source_field="file_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name=False,
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Evidence",
            name="since",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="ExternalId",
            name="since",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Incentive",
            name="since",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="MonthValue",
            name="since",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="PlanRate",
            name="since",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Quota",
            name="since",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="Seat",
            name="reads_ledger",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Seat",
            name="reads_money",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="Submission",
            name="proposal",
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name="Submission",
            name="purpose",
            field=fields.CharField(default="GATE", max_length=10, db_default="GATE"),
        ),
        ops.AddConstraint(
            model_name="Submission",
            constraint=CheckConstraint(
                name="submission_purpose_is_a_known_word", check="purpose IN ('GATE', 'CHANGE', 'REOPENING')"
            ),
        ),
        ops.AddConstraint(
            model_name="PolicyVersion",
            constraint=CheckConstraint(name="policy_state_is_a_known_word", check=f"state IN ({_STATES})"),
        ),
        ops.RunSQL(
            "CREATE UNIQUE INDEX policy_one_in_force ON policy_version (organization_id) WHERE state = 'IN_FORCE'"
        ),
        ops.RunSQL(
            "CREATE UNIQUE INDEX policy_one_draft ON policy_version (organization_id) WHERE state IN ('DRAFT', 'PROPOSED')"
        ),
        ops.RunPython(_remember_indexes),
    ]
