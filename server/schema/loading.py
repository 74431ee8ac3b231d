"""A loader: what is asked for one by one within a tick of the loop is read together, once.

Strawberry's DataLoader does the same, until an execution with an error cancels those that wait: then its batch is
called off, later keys join it all the same, and wait for ever. This one reads whatever was asked for.
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
        self._known: dict[Key, Future[Value | None]] = {}
        self._asked: dict[Key, Future[Value | None]] = {}
        self._reading: set[Task[None]] = set()

    def load(self, key: Key) -> Future[Value | None]:
        """The value of a key, to wait for."""
        known = self._known.get(key)
        if known is not None and not known.cancelled():
            return known
        loop = get_running_loop()
        if not self._asked:
            loop.call_soon(self._begin)
        future: Future[Value | None] = loop.create_future()
        self._known[key] = self._asked[key] = future
        return future

    def _begin(self) -> None:
        task = create_task(self._read())
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read(self) -> None:
        asked, self._asked = self._asked, {}
        try:
            found = await self._batch(list(asked))
        except Exception as error:  # noqa: BLE001 — it is raised again where the values are waited for
            for future in asked.values():
                if not future.done():
                    future.set_exception(error)
            return
        for key, future in asked.items():
            if not future.done():
                future.set_result(found.get(key))
