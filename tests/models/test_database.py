"""What the database itself refuses, and that one column name means one type everywhere: on SQLite and on PostgreSQL."""

from typing import Any

import pytest
from asyncpg import PostgresError
from tortoise import Tortoise
from tortoise.exceptions import BaseORMException

from server.domain.cascade import Level
from server.live.proof import first_fault
from server.models.database import change, reading, rows, writing
from tests.support.company import Company

# what a bug, or a hand in the database, might try
REFUSED = {
    "an unknown level": "UPDATE node SET level = 'TEAM' WHERE id = :node",
    "an unknown stage": "UPDATE node SET stage = 'DONE' WHERE id = :node",
    "a measure without a stage": "UPDATE node SET stage = NULL WHERE id = :node",
    "an unknown standing": "UPDATE node SET standing = 'ASLEEP' WHERE id = :node",
    "a hold without a review date": """UPDATE node SET standing = 'ON_HOLD', standing_reason = 'why'
        WHERE id = :node""",
    "a cancellation without a reason": "UPDATE node SET standing = 'CANCELLED' WHERE id = :node",
    "an owner who is the controller": "UPDATE node SET controller_id = owner_id WHERE id = :node",
    "a fiscal year that starts in month 13": "UPDATE organization SET fiscal_year_start = 13",
    "a person who is no person": "UPDATE node SET owner_id = :node WHERE id = :node",
    "a second entry at one place": """INSERT INTO ledger_entry (id, organization_id, revision, at, kind, sentence,
        thing, thing_id, changes, previous, hash) SELECT :node, organization_id, revision, at, kind, sentence, thing,
        thing_id, changes, previous, hash FROM ledger_entry WHERE revision = 1 AND organization_id = :organization""",
    "another history": "UPDATE ledger_entry SET sentence = 'Nothing happened.'",
    "no history": "DELETE FROM ledger_entry",
}


async def test_the_database_itself_refuses(alder: Company) -> None:
    whole = "SELECT * FROM node WHERE id = :id"
    before = await rows(reading(), whole, id=alder.nodes["Full service"])
    values: dict[str, Any] = {"node": alder.nodes["Full service"], "organization": alder.id}
    for statement in REFUSED.values():
        named = {name: value for name, value in values.items() if f":{name}" in statement}
        with pytest.raises((BaseORMException, PostgresError)):
            await change(writing(), statement, **named)
    assert await rows(reading(), whole, id=alder.nodes["Full service"]) == before
    assert await first_fault(alder.id) is None


async def test_a_column_name_means_one_type_in_every_table(alder: Company) -> None:
    """Raw rows are decoded by the names of their columns."""
    assert await alder.revision()
    types: dict[str, set[str]] = {}
    for model in Tortoise.apps["stageline"].values():
        for name, field in model._meta.fields_map.items():
            types.setdefault(name, set()).add(type(field).__name__)
    decoded = {"UUIDField", "DateField", "DatetimeField", "BooleanField", "JSONField"}
    odd = {name: found for name, found in types.items() if len(found) > 1 and found & decoded}
    assert not odd


async def test_a_chain_that_somebody_mended_by_hand_is_found(alder: Company) -> None:
    await alder.create(Level.OBJECTIVE, "Another")
    assert await first_fault(alder.id) is None
    await change(writing(), "UPDATE organization SET head = :head WHERE id = :id", head="f" * 64, id=alder.id)
    assert await first_fault(alder.id) == await alder.revision() + 1
