"""An organization's order: of all that write in it one at a time, in this process and across processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID
from weakref import WeakValueDictionary

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from server.models import database

_locks: WeakValueDictionary[tuple[int, UUID], asyncio.Lock] = WeakValueDictionary()


@asynccontextmanager
async def in_order(organization_id: UUID) -> AsyncIterator[BaseDBAsyncClient]:
    """A transaction in the organization's order: a lock in this process first, then the database's across processes."""
    key = (id(asyncio.get_running_loop()), organization_id)
    lock = _locks.setdefault(key, asyncio.Lock())
    async with lock, in_transaction("default") as db:
        await database.lock_organization(db, organization_id)
        yield db
