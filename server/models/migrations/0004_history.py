"""The past of every tracked row, kept by triggers; and from which revision on each organization's past is known."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

from server.models.history import keep_past

# Organizations that were there before their past was kept: what stood before this revision is not known any more.
_KEPT_FROM = (
    """CREATE TABLE past_kept (organization_id {id} PRIMARY KEY REFERENCES organization (id), since BIGINT NOT NULL)"""
)


async def _keep_past(_apps: Any, editor: Any) -> None:
    db = editor.client
    await keep_past(db)
    await db.execute_script(_KEPT_FROM.format(id="CHAR(36)" if editor.DIALECT == "sqlite" else "UUID"))
    await db.execute_script("INSERT INTO past_kept SELECT id, revision FROM organization WHERE revision > 0")


class Migration(migrations.Migration):
    dependencies = [("stageline", "0003_governance")]

    operations = [
        ops.RunPython(_keep_past),
        ops.RunSQL("CREATE INDEX ledger_entry_by_time ON ledger_entry (organization_id, at, revision)"),
    ]
