"""Answers a column at a time: a field is read and completed for all the things at one place of a document at once.

The stock executor walks value by value, ready for an error or an awaitable at each. Here a thousand names cost one pass
over a list. Whatever is no plain success, an error above all, raises; then the stock executor answers instead, so that
errors are told in its words, at its paths, in its order (`server/api/executing.py`).
"""

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any

from graphql import GraphQLAbstractType, GraphQLObjectType
from graphql.pyutils import gather_with_cancel

from server.api.completing import present, spread
from server.api.fields import Field, Resolved, Typename, at_once
from server.api.lanes import Lanes
from server.api.runs import Asked, Run, UnplannedError
from server.schema.rowed import Column, Unmade, alike, classes, made, sources_of, things_of

_MANY = 16  # from here on it pays to look whether a column holds the same thing again and again


class Selection:
    """What is selected of one object type at one place of a document."""

    def __init__(self, keys: tuple[str, ...], fields: tuple[Field, ...]) -> None:
        self.keys = keys
        self.fields = fields
        self.waits = any(each.waits for each in fields)
        self.varies = any(each.varies for each in fields)
        self._objects = objects_of(keys)
        self._places = [place for place, each in enumerate(fields) if each.waits]
        self._of_sources = any(each.of_sources for each in fields)
        self._of_things = not all(each.of_sources or isinstance(each, Typename) for each in fields)

    async def answers(self, run: Run, things: Column) -> Column:
        """An object for each thing. All that waits is waited for together, as loaders need it."""
        if not things or not self.keys:
            return [{} for _ in things]
        sources = sources_of(things) if self._of_sources else []
        if self._of_things:
            things = things_of(things)
        columns: list[Column] = [[]] * len(self.fields)
        for place, each in enumerate(self.fields):
            if not each.waits:
                columns[place] = at_once(each.column(run, sources if each.of_sources else things))
        if self._places:
            later = (self.fields[place] for place in self._places)
            waiting = [each.column(run, sources if each.of_sources else things) for each in later]
            read = [await waiting[0]] if len(waiting) == 1 else await gather_with_cancel(*waiting)
            for place, column in zip(self._places, read, strict=True):
                columns[place] = column
        return self._objects(zip(*columns, strict=True))

    async def apart(self, run: Lanes, things: Column) -> Column:
        """The same for things that each have a lane; what does not vary is answered once for a thing."""
        if not things or not self.keys:
            return [{} for _ in things]
        places = {id(thing): place for place, thing in enumerate(things)}
        shared = alike(things, map(things.__getitem__, places.values()))
        order = dict(zip(places, range(len(shared)), strict=True))
        spots = [order[id(thing)] for thing in things]

        def column(each: Field) -> Coroutine[Any, Any, Column]:
            asked = things if each.varies else shared
            one_by_one = isinstance(each, Resolved) and each.asked.varies
            fed = sources_of(asked) if each.of_sources and not one_by_one else things_of(asked)
            return each.column(run if each.varies else run.first, fed)

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
        if isinstance(found, Unmade):
            return spread(values, await self.selection.answers(run, found))
        if len(found) >= _MANY and len(different := {id(value): value for value in found}) * 2 <= len(found):
            told = dict(zip(different, await self.selection.answers(run, list(different.values())), strict=True))
            return spread(values, [told[id(value)] for value in found])
        return spread(values, await self.selection.answers(run, found))

    def _check(self, run: Run, found: Column) -> None:
        fits, info = self.kind.is_type_of, run.raw_info(self.asked)
        things = things_of(found)
        if fits and not all(fits(thing, info) is True for thing in things):
            raise UnplannedError("a value of another type")
        if self._by_class:
            self._fits |= set(map(type, things))


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
        for place, (kind, value) in enumerate(zip(classes(found), found, strict=True)):
            objects = self._of_class.get(kind) or self._objects(run, made(found, value))
            places.setdefault(id(objects), (objects, []))[1].append(place)
        parts = [
            objects.completed(lanes.at(mine) if lanes else run, alike(found, map(found.__getitem__, mine)))
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
