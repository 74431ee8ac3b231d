"""How a ledger entry is chained: SHA-256 over the hash before it and the entry's canonical JSON (law §10)."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

# Exactly these fields are covered, sorted by name; so an export can be verified without our code.
COVERED = (
    "revision", "at", "by_id", "on_behalf_of_id", "kind", "sentence", "thing", "thing_id", "node_id", "changes",
)  # fmt: skip


LINKS = ("previous", "hash")  # what chains an entry: stored and exported beside the covered fields
GENESIS = "0" * 64  # what the first entry follows


def canonical(entry: dict[str, Any], names: tuple[str, ...] = COVERED) -> bytes:
    """Canonical JSON of these fields of an entry.

    Sorted keys, no white space, UTF-8, instants as RFC 3339 in UTC with microseconds, ids as text.
    """

    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return str(value) if isinstance(value, UUID) else value

    return orjson.dumps({name: plain(entry[name]) for name in names}, option=orjson.OPT_SORT_KEYS)


def chained(previous: str, entry: dict[str, Any]) -> str:
    """The hash of an entry that follows the one whose hash is `previous`, in hexadecimal."""
    return sha256(previous.encode() + canonical(entry)).hexdigest()
