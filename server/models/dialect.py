"""One SELECT for both databases: how its parameters are written, and how what comes back is read."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import orjson
from tortoise import Tortoise, fields

Decoding = tuple[tuple[str, Callable[[Any], Any]], ...]
"""Which columns come as something else than they mean, and how they are read."""
_NAMED = re.compile(r"(\bIN\s+)?(?<![:\w]):([a-z_]+)\b")


def spoken(sql: str, values: Mapping[str, Any], postgres: bool) -> tuple[str, list[Any]]:
    """A statement with `:name` parameters as the database takes it, and its values in their order."""
    text, names = _dialect(sql, postgres)
    convert = _postgres_value if postgres else sqlite_value
    return text, [convert(values[name]) for name in names]


def decoded(found: list[Any], odd: Decoding) -> list[dict[str, Any]]:
    """Rows of a driver as dictionaries of Python values."""
    if found and not isinstance(found[0], dict):
        names = tuple(found[0].keys())
        found = [dict(zip(names, row, strict=True)) for row in found]  # half of the time of `dict(row)`
    for name, decode in odd:
        for row in found:
            if row[name] is not None:
                row[name] = decode(row[name])
    return found


@lru_cache(maxsize=512)
def _dialect(sql: str, postgres: bool) -> tuple[str, tuple[str, ...]]:
    """`:name` → `$1` or `?`; `present.table` → the table itself, also where a common table expression shadows it.

    `IN :names` → one array parameter, so that the statement's text does not depend on how many there are.
    """
    names: list[str] = []

    def place(found: re.Match[str]) -> str:
        listed, name = found[1], found[2]
        if not postgres:
            names.append(name)
            return "IN (SELECT value FROM json_each(?))" if listed else "?"
        if name not in names:
            names.append(name)
        mark = f"${names.index(name) + 1}"
        return f"= ANY({mark})" if listed else mark

    schema = "public." if postgres else "main."
    return _NAMED.sub(place, sql.replace("present.", schema)), tuple(names)


def sqlite_value(value: Any) -> Any:
    """A value as SQLite takes it: lists as JSON, ids and dates as text."""
    if isinstance(value, list | tuple | set | frozenset):
        return orjson.dumps([str(item) if isinstance(item, UUID) else item for item in value]).decode()
    if isinstance(value, UUID | date):
        return str(value)
    return int(value) if isinstance(value, bool) else value


def _postgres_value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | set | frozenset) else value


@cache
def _decoders(postgres: bool) -> dict[str, Callable[[Any], Any]]:
    """Column name → how its raw value becomes a Python value.

    A name means the same type in every table (a test holds it).
    """
    raw: dict[type[fields.Field[Any]], Callable[[Any], Any]] = {fields.JSONField: orjson.loads}
    if not postgres:
        raw |= {
            fields.UUIDField: UUID,
            fields.DateField: date.fromisoformat,
            fields.DatetimeField: datetime.fromisoformat,
            fields.BooleanField: bool,
        }
    found: dict[str, Callable[[Any], Any]] = {}
    for model in Tortoise.apps["stageline"].values():
        for name, field in model._meta.fields_map.items():
            if type(field) in raw:
                found[name] = raw[type(field)]
            elif name.endswith("_id") and isinstance(field, fields.CharField):
                found[name] = str  # another system's id, which is no UUID of ours
    return found


@lru_cache(maxsize=512)
def decoding(names: tuple[str, ...], postgres: bool) -> Decoding:
    """Which of these columns come as something else than they mean, and how they are read."""
    decoders = _decoders(postgres)
    found = ((name, decoders.get(name, UUID if name.endswith("_id") and not postgres else None)) for name in names)
    return tuple((name, decode) for name, decode in found if decode is not None)
