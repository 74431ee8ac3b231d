"""Once per idempotency key: a retry gets the first answer, for 24 hours, across restarts and workers (reliability: 2).

It runs inside the organization's order, so that two tries at the same time are one after the other.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson
from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.refusals import RefusalCode, Refused
from server.models.ledger import Answered

ANSWERS_KEPT = timedelta(hours=24)
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a change under which key, and the fingerprint of what is asked."""

    organization_id: UUID
    person_id: UUID
    key: str
    fingerprint: str
    at: datetime


def fingerprint(verb: str, named: dict[str, Any], *, but: Container[str]) -> str:
    """What an input was, in 64 characters. `but`: what says nothing, as a password's hash, salted anew at every try."""
    telling = {name: value for name, value in named.items() if name not in but}
    return sha256(orjson.dumps([verb, telling], default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def answered(db: BaseDBAsyncClient, asker: Asker) -> UUID | dict[str, Any] | None:
    """The first answer to this key, or None.

    Raises KEY_REUSED where the key came with other content, INVALID where it is too long.
    """
    if len(asker.key) > LONGEST_KEY:
        message = f"An idempotency key has at most {LONGEST_KEY} characters."
        raise Refused(RefusalCode.INVALID, message, ["idempotencyKey"])
    known = await Answered.filter(person_id=asker.person_id, key=asker.key).using_db(db).first()
    if known is None:
        return None
    if known.at < asker.at - ANSWERS_KEPT:
        await known.delete(using_db=db)
        return None
    if known.fingerprint != asker.fingerprint:
        raise Refused(
            RefusalCode.KEY_REUSED,
            "This idempotency key was used for another change in the last 24 hours. Use a new key for new content.",
            ["idempotencyKey"],
        )
    kept: dict[str, Any] = known.answer
    answer: UUID | dict[str, Any] = UUID(kept["id"]) if "id" in kept else kept["answer"]
    return answer


async def keep(db: BaseDBAsyncClient, asker: Asker, answer: UUID | dict[str, Any]) -> None:
    """Keep the first answer to a key."""
    row = Answered(
        organization_id=asker.organization_id,
        person_id=asker.person_id,
        key=asker.key,
        fingerprint=asker.fingerprint,
        answer={"id": str(answer)} if isinstance(answer, UUID) else {"answer": answer},
        at=asker.at,
    )
    await row.save(using_db=db, force_create=True)
