"""The database: opening, migrating, raw reads. The one file in which SQLite and PostgreSQL differ.

A SQLite file is served by two connections, because Tortoise gives a file one connection and a read on it would wait
for another
task's transaction: writes go through `default`, reads through `reading` (WAL lets both go on). PostgreSQL has one
pool for both.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from sqlite3 import OperationalError as SqliteError
from typing import Any
from uuid import UUID

from asyncpg.exceptions import InterfaceError, InternalClientError, PostgresConnectionError
from asyncpg.exceptions import OperatorInterventionError as Stopped
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connections
from tortoise.exceptions import DBConnectionError, OperationalError
from tortoise.migrations.executor import MigrationExecutor

from server.models.dialect import Decoding, decoded, decoding, spoken
from server.models.past import Past
from server.models.postgres import SESSIONS, PostgresClient
from server.models.scheme import MIGRATIONS, MODELS

_SQLITE = {"journal_mode": "WAL", "busy_timeout": "5000", "synchronous": "NORMAL", "foreign_keys": "ON"}
# Compiling a statement costs seconds where the planner overestimates what a union of present and past holds.
_POSTGRES = {"jit": "off"}
_STATEMENTS = 512  # that a connection keeps prepared: more than there are, so that none is planned anew
_ADVISORY_NAMESPACE = 0x57A6E
# All that asyncpg raises where a session is cut; the last one in the midst of a statement.
_CUT = (PostgresConnectionError, InterfaceError, Stopped, InternalClientError)
# What a write does is by id, and planning it anew each time costs more than doing it.
_IN_ORDER = "SELECT pg_advisory_xact_lock($1), set_config('plan_cache_mode', 'force_generic_plan', true)"


async def _given_back(_connection: object) -> None:
    """Nothing: no statement of ours leaves anything in its session, and asyncpg has ended an open transaction.

    Its own reset is four statements after each of ours.
    """


def _connections(url: str) -> dict[str, Any]:
    if not url.startswith("sqlite"):
        found = expand_db_url(re.sub(r"^postgres(ql)?://", "asyncpg://", url))
        found["engine"] = "server.models.postgres"
        found["credentials"].setdefault("maxsize", SESSIONS)
        found["credentials"] |= {
            "server_settings": _POSTGRES,
            "reset": _given_back,
            "statement_cache_size": _STATEMENTS,
        }
        return {"default": found}
    path = url.split("://", 1)[1].split("?", 1)[0]
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = "tortoise.backends.sqlite"
    writing = {"engine": engine, "credentials": {"file_path": path, **_SQLITE}}
    return {"default": writing, "reading": {"engine": engine, "credentials": {"file_path": path, **_SQLITE}}}


def _config(url: str) -> dict[str, Any]:
    app = {"models": MODELS, "migrations": MIGRATIONS, "default_connection": "default"}
    return {"connections": _connections(url), "apps": {"stageline": app}, "use_tz": True, "timezone": "UTC"}


async def open_database(url: str) -> None:
    """Connect to `sqlite:///file` or `postgres://…` for this process.

    Raises DBConnectionError where it cannot be reached.
    """
    await Tortoise.init(config=_config(url), _enable_global_fallback=True)


async def close_database() -> None:
    """Close every connection of this process."""
    await Tortoise.close_connections()
    EXECUTOR_CACHE.clear()  # Tortoise's statements by connection name, in a dialect the next database may not speak


async def migrate() -> None:
    """Bring the schema up to date.

    Safe with many workers starting at once: an advisory lock on PostgreSQL, one process on SQLite.
    """
    db = writing()
    app = {"models": MODELS, "migrations": MIGRATIONS, "default_connection": "default"}
    if not is_postgres(db):
        # Tortoise makes a table anew to change it, and the rows that refer to it would forbid that.
        await db.execute_script("PRAGMA foreign_keys = OFF")
        try:
            await MigrationExecutor(db, {"stageline": app}).migrate()
        finally:
            await db.execute_script("PRAGMA foreign_keys = ON")
        return
    async with (
        db._in_transaction() as held
    ):  # the lock lives as long as this transaction; the migrations use other connections
        await held.execute_query_dict("SELECT pg_advisory_xact_lock($1, 0)", [_ADVISORY_NAMESPACE])
        await MigrationExecutor(db, {"stageline": app}).migrate()


@asynccontextmanager
async def alone(what: str) -> AsyncIterator[bool]:
    """Whether no other process of the deployment does `what` just now; if so, none will until the context ends.

    PostgreSQL: an advisory lock of a session of its own, which ends with the process that held it. SQLite serves one
    process. It spares work and guards nothing: a session that breaks lets another process begin.
    """
    if not is_postgres(writing()):
        yield True
        return
    async with writing().acquire_connection() as held:
        key = (_ADVISORY_NAMESPACE, int.from_bytes(sha256(what.encode()).digest()[:4], "big", signed=True))
        only = bool(await held.fetchval("SELECT pg_try_advisory_lock($1, $2)", *key))
        try:
            yield only
        finally:
            if only:
                try:
                    await held.fetchval("SELECT pg_advisory_unlock($1, $2)", *key)
                except _CUT:
                    with suppress(InterfaceError):  # the pool may have noticed by itself
                        held.terminate()  # a session that broke holds nothing, and is of no use to the next


async def pending_migrations() -> int:
    """How many migrations the database still lacks."""
    app = {"models": MODELS, "migrations": MIGRATIONS, "default_connection": "default"}
    return len(await MigrationExecutor(reading(), {"stageline": app}).plan())


def writing() -> BaseDBAsyncClient:
    """The connection that transactions are opened on."""
    return Tortoise.get_connection("default")


def reading() -> BaseDBAsyncClient:
    """The connection for reads outside a work."""
    connections = get_connections()
    return connections.get("reading" if "reading" in connections.db_config else "default")


def is_postgres(db: BaseDBAsyncClient) -> bool:
    """Whether this connection speaks PostgreSQL (else SQLite)."""
    return db.capabilities.dialect == "postgres"


def shared() -> bool:
    """Whether other processes may serve the same database: PostgreSQL. A SQLite file is served by one."""
    return is_postgres(writing())


async def lock_organization(db: BaseDBAsyncClient, organization_id: UUID) -> None:
    """Take an organization's order inside the transaction `db`, before anything is read in it.

    PostgreSQL: an advisory lock, which costs half of what a row lock does. SQLite: a write as first statement, so
    that the
    transaction waits its turn by the busy timeout instead of failing when it turns from reading to writing.
    """
    if is_postgres(db):
        key = int.from_bytes(organization_id.bytes[8:], "big", signed=True)
        await db.execute_query_dict(_IN_ORDER, [key])
    else:
        await db.execute_query("UPDATE organization SET revision = revision WHERE id = ?", [str(organization_id)])


def is_unavailable(error: BaseException) -> bool:
    """Whether a database error means "gone, full or busy" and not a fault of ours."""
    cause = error.args[0] if isinstance(error, OperationalError) and error.args else error
    if isinstance(cause, SqliteError):
        return any(word in str(cause) for word in ("locked", "full", "readonly", "unable to open", "disk I/O"))
    gone = (DBConnectionError, *_CUT, ConnectionError, OSError)
    return isinstance(error, gone) or isinstance(cause, gone)


async def rows(db: BaseDBAsyncClient, sql: str, **values: Any) -> list[dict[str, Any]]:
    """Run a SELECT with `:name` parameters on either database; `x IN :names` takes a list.

    Values come back as Python types. On a `Past` the answer is as of its revision.
    """
    return decoded(*await _read(db, sql, values))


async def records(db: BaseDBAsyncClient, sql: str, **values: Any) -> Sequence[Mapping[str, Any]]:
    """As `rows`, for lists of which columns are read and nothing else: no dictionaries where the driver's rows will do.

    A driver's row has keys, but it is no mapping in other ways: look things up in it by the name of their column.
    """
    found, odd = await _read(db, sql, values)
    return decoded(found, odd) if odd else found


async def _read(db: BaseDBAsyncClient, sql: str, values: dict[str, Any]) -> tuple[list[Any], Decoding]:
    """What a SELECT found, as the driver tells it, and how that is to be read."""
    if isinstance(db, Past):
        sql, then = db.then(sql)
        return await _read(db.db, sql, values | then)
    postgres = is_postgres(db)
    text, given = spoken(sql, values, postgres)
    found = await (db.records(text, given) if isinstance(db, PostgresClient) else db.execute_query_dict(text, given))
    return found, decoding(tuple(found[0].keys()), postgres) if found else ()


async def change(db: BaseDBAsyncClient, sql: str, **values: Any) -> None:
    """Run an INSERT, UPDATE or DELETE with `:name` parameters inside a work; for what row by row would be too slow."""
    await db.execute_query(*spoken(sql, values, is_postgres(db)))
