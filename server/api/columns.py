"""Answers a column at a time: a field is read and completed for all the things at one place of a document at once.

The stock executor walks value by value, ready for an error or an awaitable at each. Here a thousand names cost one pass
over a list. Whatever is no plain success, an error above all, raises; then the stock executor answers instead, so that
errors are told in its words, at its paths, in its order (`server/api/executing.py`).
"""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from graphql import GraphQLAbstractType, GraphQLObjectType
from graphql.pyutils import gather_with_cancel

from server.api.completing import Column, Completer, present, spread
from server.api.lanes import Lanes
from server.api.runs import Asked, Run, UnplannedError

_MANY = 16  # from here on it pays to look whether a column holds the same thing again and again


class Field(Protocol):
    """A field of a selection."""

    waits: bool
    varies: bool

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


class Selection:
    """What is selected of one object type at one place of a document."""

    def __init__(self, keys: tuple[str, ...], fields: tuple[Field, ...]) -> None:
        self.keys = keys
        self.fields = fields
        self.waits = any(each.waits for each in fields)
        self.varies = any(each.varies for each in fields)
        self._objects = objects_of(keys)
        self._places = [place for place, each in enumerate(fields) if each.waits]
        self._later = [fields[place] for place in self._places]
        self._of_rows = any(isinstance(each, FromRows) for each in fields)

    async def answers(self, run: Run, things: Column) -> Column:
        """An object for each thing. All that waits is waited for together, as loaders need it."""
        if not things or not self.keys:
            return [{} for _ in things]
        sources = [thing.source for thing in things] if self._of_rows else []
        columns: list[Column] = [[]] * len(self.fields)
        later = self._places
        for place, each in enumerate(self.fields):
            if not each.waits:
                columns[place] = at_once(each.column(run, sources if isinstance(each, FromRows) else things))
        if not later:
            return self._objects(zip(*columns, strict=True))
        waiting = [each.column(run, sources if isinstance(each, FromRows) else things) for each in self._later]
        read = [await waiting[0]] if len(waiting) == 1 else await gather_with_cancel(*waiting)
        for place, column in zip(later, read, strict=True):
            columns[place] = column
        return self._objects(zip(*columns, strict=True))

    async def apart(self, run: Lanes, things: Column) -> Column:
        """The same for things that each have a lane; what does not vary is answered once for a thing."""
        if not things or not self.keys:
            return [{} for _ in things]
        places = {id(thing): place for place, thing in enumerate(things)}
        shared = [things[place] for place in places.values()]
        order = dict(zip(places, range(len(shared)), strict=True))
        spots = [order[id(thing)] for thing in things]

        def column(each: Field) -> Coroutine[Any, Any, Column]:
            asked = things if each.varies else shared
            sources = [thing.source for thing in asked] if isinstance(each, FromRows) else asked
            return each.column(run if each.varies else run.first, sources)

        read = await gather_with_cancel(*map(column, self.fields))
        columns = [
            answers if each.varies else [answers[spot] for spot in spots]
            for each, answers in zip(self.fields, read, strict=True)
        ]
        return self._objects(zip(*columns, strict=True))


def objects_of(keys: tuple[str, ...]) -> Callable[[Iterable[tuple[Any, ...]]], Column]:
    """What makes an object of each row of values; compiled, which takes a third of the time of `dict(zip(…))`."""
    if not keys:
        return list  # never asked: there are no rows of no columns
    names = [f"value_{place}" for place in range(len(keys))]
    told = ", ".join(f"{key!r}: {name}" for key, name in zip(keys, names, strict=True))
    made: Callable[[Iterable[tuple[Any, ...]]], Column]
    made = eval(f"lambda rows: [{{{told}}} for ({', '.join(names)},) in rows]")  # noqa: S307 — GraphQL names, as literals
    return made


class Objects:
    """Values of one object type."""

    def __init__(self, kind: GraphQLObjectType, selection: Selection, asked: Asked, *, required: bool) -> None:
        self.kind, self.selection, self.asked, self.required = kind, selection, asked, required
        self.waits, self.varies = selection.waits, selection.varies
        self._by_class = decided_by_class(kind)
        self._fits: set[type] = set()

    async def completed(self, run: Run, values: Column) -> Column:
        """An object for each; one for what is there again and again."""
        found, kinds = present(values, self.required)
        if self.kind.is_type_of and not kinds <= self._fits:
            self._check(run, found)
        if isinstance(run, Lanes):
            return spread(values, await self.selection.apart(run.without_nulls(values), found))
        if len(found) >= _MANY and len(different := {id(value): value for value in found}) * 2 <= len(found):
            told = dict(zip(different, await self.selection.answers(run, list(different.values())), strict=True))
            return spread(values, [told[id(value)] for value in found])
        return spread(values, await self.selection.answers(run, found))

    def _check(self, run: Run, found: Column) -> None:
        fits, info = self.kind.is_type_of, run.raw_info(self.asked)
        if fits and not all(fits(value, info) is True for value in found):
            raise UnplannedError("a value of another type")
        if self._by_class:
            self._fits |= set(map(type, found))


class Abstract:
    """Values of an interface or a union: each is completed as the object type that it is of."""

    waits = varies = True

    def __init__(
        self,
        kind: GraphQLAbstractType,
        possible: Sequence[GraphQLObjectType],
        plan: Callable[[GraphQLObjectType], Objects],
        asked: Asked,
        *,
        required: bool,
    ) -> None:
        self.kind, self.plan, self.asked, self.required = kind, plan, asked, required
        self._by_name = {each.name: each for each in possible}
        self._planned: dict[str, Objects] = {}
        self._by_class = decided_by_class(kind) and all(map(decided_by_class, possible))
        self._of_class: dict[type, Objects] = {}

    async def completed(self, run: Run, values: Column) -> Column:
        """An object for each."""
        found, kinds = present(values, self.required)
        lanes = run.without_nulls(values) if isinstance(run, Lanes) else None
        only = self._of_class.get(next(iter(kinds))) if len(kinds) == 1 else None
        if only is not None:
            return spread(values, await only.completed(lanes or run, found))
        places: dict[int, tuple[Objects, list[int]]] = {}
        for place, value in enumerate(found):
            objects = self._of_class.get(type(value)) or self._objects(run, value)
            places.setdefault(id(objects), (objects, []))[1].append(place)
        parts = [
            objects.completed(lanes.at(mine) if lanes else run, [found[place] for place in mine])
            for objects, mine in places.values()
        ]
        done = await gather_with_cancel(*parts)
        answers: Column = [None] * len(found)
        for (_, mine), completed in zip(places.values(), done, strict=True):
            for place, answer in zip(mine, completed, strict=True):
                answers[place] = answer
        return spread(values, answers)

    def _objects(self, run: Run, value: Any) -> Objects:
        """What plans the type of a value."""
        if self.kind.resolve_type is None:
            raise UnplannedError("a type that is found by asking each")
        name = self.kind.resolve_type(value, run.raw_info(self.asked), self.kind)
        if not isinstance(name, str) or name not in self._by_name:
            raise UnplannedError("a value of no possible type")
        if name not in self._planned:
            self._planned[name] = self.plan(self._by_name[name])
        definition = getattr(type(value), "__strawberry_definition__", None)
        if self._by_class and definition and not definition.is_graphql_generic and definition.concrete_of is None:
            self._of_class[type(value)] = self._planned[name]
        return self._planned[name]


def decided_by_class(kind: GraphQLObjectType | GraphQLAbstractType) -> bool:
    """Whether Strawberry looks at the class of a value alone to tell whether it is of a type, or of which."""
    definition = kind.extensions.get("strawberry-definition")
    return not any(getattr(definition, name, None) for name in ("is_type_of", "resolve_type", "concrete_of"))


@dataclass(slots=True)
class Typename:
    """`__typename`."""

    name: str
    waits: bool = field(default=False, init=False)
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

    def __post_init__(self) -> None:
        self.waits, self.varies = self.completer.waits, self.completer.varies

    async def column(self, run: Run, things: Column) -> Column:
        """Read of each, completed together."""
        return await self.completer.completed(run, list(map(self.read, things)))


@dataclass(slots=True)
class FromRows(Attribute):
    """A field that is read from the sources of things of rows (`server/schema/rowed.py`)."""

    async def column(self, run: Run, things: Column) -> Column:
        """As of any thing: it is the sources that are handed in."""
        return await self.completer.completed(run, list(map(self.read, things)))


@dataclass(slots=True)
class Resolved:
    """A field with a resolver, called once for each thing, or for all where it can be."""

    asked: Asked
    completer: Completer
    waits: bool = field(init=False)
    varies: bool = field(init=False)

    def __post_init__(self) -> None:
        self.waits = self.asked.is_async or self.completer.waits
        self.varies = self.asked.varies or self.completer.varies

    async def column(self, run: Run, things: Column) -> Column:
        """Resolved for each, waited for and completed together."""
        asked = self.asked
        if isinstance(run, Lanes) and asked.varies:
            found = [one for lane, thing in zip(run.each, things, strict=True) for one in self._called(lane, [thing])]
        elif asked.together:
            found = list(await asked.together(things=things, **run.named(asked)))
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
