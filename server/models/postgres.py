"""PostgreSQL as reads use it: Tortoise's client, with a shorter way to a session.

Taking a session from asyncpg's pool and giving it back costs as much CPU as a small statement does. Reads hand theirs
on to one another instead, and give them back when none has been wanted for a while.
"""

from asyncio import Future, Task, TimerHandle, create_task, gather, get_running_loop
from collections import deque
from contextlib import suppress
from typing import Any

from asyncpg import InterfaceError, InternalClientError, Pool, PostgresError, Record
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base_postgres.client import translate_exceptions

SESSIONS = 10
"""Of the pool of a process, unless its address says otherwise (`?maxsize=…`)."""
IDLE_SECONDS = 1.0


class Sessions:
    """The sessions of reads: half of the pool at the most, so that works need not wait for one of the others."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._most = pool.get_max_size() // 2
        self._held = 0
        self._idle: list[Any] = []
        self._waiting: deque[Future[Any]] = deque()
        self._timer: TimerHandle | None = None
        self._returning: set[Task[None]] = set()

    async def fetch(self, sql: str, values: list[Any]) -> list[Record]:
        """The rows of a statement. Raises what asyncpg does."""
        session = await self._whole()
        try:
            found: list[Record] = await session.fetch(sql, *values)
        except BaseException:
            self._give_back(session)  # the pool looks after it
            raise
        if self._most:
            self._hand_on(session)
        else:
            self._give_back(session)  # the only one there is
        return found

    async def close(self) -> None:
        """Give back what is not in use."""
        if self._timer:
            self._timer.cancel()
        self._rest()
        await gather(*self._returning, return_exceptions=True)

    async def _whole(self) -> Any:
        """A session that was not cut while nobody looked."""
        while True:
            session = self._idle.pop() if self._idle else await self._another()
            try:
                if not session.is_closed():
                    return session
            except InterfaceError:
                pass  # the pool has noticed by itself
            self._give_back(session)

    async def _another(self) -> Any:
        """A session of the pool, or the next that is handed on."""
        if self._held >= max(1, self._most):
            waiting = get_running_loop().create_future()
            self._waiting.append(waiting)
            try:
                session = await waiting
            except BaseException:
                if waiting.done() and not waiting.cancelled():
                    self._pass_on(waiting.result())
                raise
            if session:
                return session
        else:
            self._held += 1
        try:
            return await self._pool.acquire()
        except BaseException:
            self._left()
            raise

    def _hand_on(self, session: Any) -> None:
        if not self._wake(session):
            self._idle.append(session)
            if not self._timer:
                self._timer = get_running_loop().call_later(IDLE_SECONDS, self._rest)

    def _pass_on(self, given: Any) -> None:
        """What somebody was given who no longer waits."""
        if given:
            self._hand_on(given)
        else:
            self._left()

    def _wake(self, session: Any) -> bool:
        """Give whoever waits longest a session, or (None) the place of one that left."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(session)
                return True
        return False

    def _left(self) -> None:
        if not self._wake(None):
            self._held -= 1

    def _give_back(self, session: Any) -> None:
        returning = create_task(self._returned(session))
        self._returning.add(returning)
        returning.add_done_callback(self._returning.discard)
        self._left()

    async def _returned(self, session: Any) -> None:
        with suppress(InterfaceError, InternalClientError, PostgresError, OSError):  # of one that was cut
            await self._pool.release(session)

    def _rest(self) -> None:
        """Nothing was wanted of what is idle now."""
        self._timer = None
        idle, self._idle = self._idle, []
        for session in idle:
            self._give_back(session)


class PostgresClient(AsyncpgDBClient):
    """Tortoise's client, and records for reads."""

    _sessions: Sessions

    async def create_connection(self, with_db: bool) -> None:
        """Open the pool."""
        await super().create_connection(with_db)
        self._sessions = Sessions(self._pool)

    async def _close(self) -> None:
        if self._pool:
            await self._sessions.close()
        await super()._close()

    @translate_exceptions
    async def records(self, sql: str, values: list[Any]) -> list[Record]:
        """The rows of a SELECT, as they came. Raises what `execute_query_dict` does."""
        if not self._pool:
            await self.acquire_connection().ensure_connection()
        return await self._sessions.fetch(sql, values)


client_class = PostgresClient
