"""The versions of an organization's policy, stored, and which of them it governs by."""

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.policy import DEFAULT, Policy, PolicyState
from server.domain.policy_form import policy_of
from server.models.database import rows
from server.models.row import Thing, refers_to

# What is shown, and governs roll-ups, where no version was ever ratified: the standard, which opens no gate.
UNLOCKED = replace(DEFAULT, version=0, locked=False)


class PolicyVersion(Thing):
    """One version: a draft, proposed, in force, or retired by the next.

    `document` is the whole policy as plain data: what its YAML says.
    """

    version = fields.IntField()
    state = fields.CharField(max_length=10)
    document: fields.Field[dict[str, Any]] = fields.JSONField()
    drafted_by = refers_to("Person")
    drafted_by_id: UUID
    drafted_at = fields.DatetimeField()
    proposed_by = refers_to("Person", null=True)
    proposed_by_id: UUID | None
    proposed_at = fields.DatetimeField(null=True)
    ratified_by = refers_to("Person", null=True)
    ratified_by_id: UUID | None
    ratified_at = fields.DatetimeField(null=True)

    class Meta:
        table = "policy_version"
        unique_together = (("organization", "version"),)


async def policy_in_force(db: BaseDBAsyncClient, organization_id: UUID) -> Policy:
    """The locked policy that an organization governs by; before its first lock the standard one, not locked."""
    sql = "SELECT * FROM policy_version WHERE organization_id = :organization AND state = 'IN_FORCE'"
    found = await rows(db, sql, organization=organization_id)
    return policy_in(found[0]) if found else UNLOCKED


async def governed(db: BaseDBAsyncClient, ids: Collection[UUID]) -> dict[UUID, tuple[dict[str, Any], Policy]]:
    """Organizations as rows, each with the policy that it governs by: nearly every answer wants both. One statement."""
    sql = """SELECT o.*, CAST(p.document AS TEXT) AS policy_text, p.version AS policy_number FROM organization o
             LEFT JOIN policy_version p ON p.organization_id = o.id AND p.state = 'IN_FORCE' WHERE o.id IN :ids"""
    found: dict[UUID, tuple[dict[str, Any], Policy]] = {}
    for row in await rows(db, sql, ids=list(ids)):
        text, number = row.pop("policy_text"), row.pop("policy_number")
        found[row["id"]] = row, UNLOCKED if text is None else _read(text, number, True)
    return found


def policy_in(row: dict[str, Any]) -> Policy:
    """The policy of a row; locked once it was ratified."""
    locked = row["state"] in {PolicyState.IN_FORCE, PolicyState.RETIRED}
    return _read(orjson.dumps(row["document"]), row["version"], locked)


@lru_cache(maxsize=256)
def _read(document: bytes | str, version: int, locked: bool) -> Policy:
    """A policy of its document as text: reading one takes longer than asking for it, and nearly every answer does."""
    return policy_of(orjson.loads(document), version, locked=locked)
