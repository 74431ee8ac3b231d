"""A loader: what is asked for one by one within a tick of the loop is read together, once.

Strawberry's DataLoader does the same, until an execution with an error cancels those that wait: who waits for the same
key is cancelled with them, and a batch that was called off lets later keys join it and wait for ever. Here each waits
for a future of its own, and what was asked for is read.
"""

from asyncio import Future, Task, create_task, get_running_loop
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Loader(Generic[Key, Value]):
    """Reads by a batch function `keys → {key: value}`; what it leaves out is None. Nothing is read twice."""

    def __init__(self, batch: Callable[[list[Key]], Awaitable[Mapping[Key, Value]]]) -> None:
        self._batch = batch
        self._read: dict[Key, Future[Value | None]] = {}
        self._waiting: dict[Key, list[Future[Value | None]]] = {}
        self._asked: list[Key] = []
        self._reading: set[Task[None]] = set()

    def load(self, key: Key) -> Future[Value | None]:
        """The value of a key, to wait for."""
        read = self._read.get(key)
        if read is not None:
            return read
        loop = get_running_loop()
        future: Future[Value | None] = loop.create_future()
        waiting = self._waiting.get(key)
        if waiting is not None:
            waiting.append(future)
            return future
        if not self._asked:
            loop.call_soon(self._begin)
        self._asked.append(key)
        self._waiting[key] = [future]
        return future

    def _begin(self) -> None:
        task = create_task(self._answer())
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _answer(self) -> None:
        asked, self._asked = self._asked, []
        try:
            found = await self._batch(asked)
        except Exception as error:  # noqa: BLE001 — it is raised again where the values are waited for
            for key in asked:
                self._tell(key, None, error)
        else:
            for key in asked:
                self._tell(key, found.get(key), None)

    def _tell(self, key: Key, value: Value | None, error: Exception | None) -> None:
        kept: Future[Value | None] = get_running_loop().create_future()
        for future in (kept, *self._waiting.pop(key)):
            if not future.done() and error is not None:
                future.set_exception(error)
            elif not future.done():
                future.set_result(value)
        self._read[key] = kept
        kept.exception()  # looked at: nobody may ask for it again
