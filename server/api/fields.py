"""The fields of a selection: each is read and completed for all things of a column at once."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol

from graphql.pyutils import gather_with_cancel

from server.api.completing import Completer, Leaf
from server.api.lanes import Lanes
from server.api.runs import Asked, Run, UnplannedError
from server.schema.rowed import Column, Reader, Reading


class Field(Protocol):
    """A field of a selection."""

    waits: bool
    varies: bool
    of_sources: bool
    """Whether it is told the sources of things instead of the things (`server/schema/rowed.py`)."""

    async def column(self, run: Run, things: Column) -> Column:
        """What is answered for each thing. Raises UnplannedError, or what went wrong."""


def at_once(coroutine: Coroutine[Any, Any, Column]) -> Column:
    """Run to its end what never waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        found: Column = end.value
        return found
    coroutine.close()
    raise UnplannedError("something waits that was not to")


@dataclass(slots=True)
class Typename:
    """`__typename`."""

    name: str
    waits: bool = field(default=False, init=False)
    of_sources: bool = field(default=False, init=False)
    varies: bool = field(default=False, init=False)

    async def column(self, _run: Run, things: Column) -> Column:
        """The same for all."""
        return [self.name] * len(things)


@dataclass(slots=True)
class Attribute:
    """A field that is an attribute of the thing."""

    read: Callable[[Any], Any]
    completer: Completer
    waits: bool = field(init=False)
    varies: bool = field(init=False)
    of_sources: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.waits, self.varies = self.completer.waits, self.completer.varies

    async def column(self, run: Run, things: Column) -> Column:
        """Read of each, completed together."""
        return await self.completer.completed(run, list(map(self.read, things)))


def from_sources(read: Reader, completer: Completer) -> Field:
    """A field that is read from the sources of things."""
    if isinstance(read, Reading):
        if read.told and isinstance(completer, Leaf):
            return Told(read.told, completer.required)
        if read.column:
            return FromSources(read.column, completer)

    def column(sources: Column) -> Column:
        return list(map(read, sources))

    return FromSources(column, completer)


@dataclass(slots=True)
class Told:
    """A field whose values are read as they are answered."""

    read: Callable[[Column], Column]
    required: bool
    waits: bool = field(default=False, init=False)
    varies: bool = field(default=False, init=False)
    of_sources: bool = field(default=True, init=False)

    async def column(self, _run: Run, sources: Column) -> Column:
        """Read of all together."""
        found = self.read(sources)
        if self.required and None in found:
            raise UnplannedError("null where none may be")
        return found


@dataclass(slots=True)
class FromSources:
    """A field that is read of all together, and completed."""

    read: Callable[[Column], Column]
    completer: Completer
    waits: bool = field(init=False)
    varies: bool = field(init=False)
    of_sources: bool = field(default=True, init=False)

    def __post_init__(self) -> None:
        self.waits, self.varies = self.completer.waits, self.completer.varies

    async def column(self, run: Run, sources: Column) -> Column:
        """As of any thing."""
        return await self.completer.completed(run, self.read(sources))


@dataclass(slots=True)
class Resolved:
    """A field with a resolver, called once for each thing, or for all where it can be."""

    asked: Asked
    completer: Completer
    waits: bool = field(init=False)
    varies: bool = field(init=False)
    of_sources: bool = field(init=False)

    def __post_init__(self) -> None:
        self.of_sources = self.asked.together is not None
        self.waits = self.asked.is_async or self.completer.waits
        self.varies = self.asked.varies or self.completer.varies

    async def column(self, run: Run, things: Column) -> Column:
        """Resolved for each, waited for and completed together."""
        asked = self.asked
        if isinstance(run, Lanes) and asked.varies:  # then it is handed things
            found = [one for lane, thing in zip(run.each, things, strict=True) for one in self._called(lane, [thing])]
        elif asked.together:
            found = list(await asked.together(sources=things, **run.named(asked)))
            if len(found) != len(things):
                raise UnplannedError("not a result for each")
            return await self.completer.completed(run.below(asked), found)
        else:
            found = self._called(run, things)
        if asked.is_async:
            # Below a list always through tasks, so that one thing asks its loaders in the same tick as a hundred of
            # another type do: the number of statements must not depend on how many there are.
            alone = len(found) == 1 and asked.path is not None
            found = [await found[0]] if alone else await gather_with_cancel(*found)
        return await self.completer.completed(run.below(asked), found)

    def _called(self, run: Run, things: Column) -> Column:
        """What the resolver gives for each, which may be to be waited for."""
        asked, named = self.asked, run.named(self.asked)
        resolver, parent = asked.resolver, asked.parent_name
        assert resolver is not None  # noqa: S101 — that is what makes it one
        if parent:
            return [resolver(*[thing][: asked.takes_self], **named, **{parent: thing}) for thing in things]
        if asked.takes_self:
            return [resolver(thing, **named) for thing in things]
        return [resolver(**named) for _ in things]
