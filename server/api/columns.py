"""Answers a column at a time: a field is read and completed for all the things at one place of a document at once.

The stock executor walks value by value, ready for an error or an awaitable at each. Here a thousand names cost one pass
over a list. Whatever is no plain success, an error above all, raises; then the stock executor answers instead, so that
errors are told in its words, at its paths, in its order (`server/api/executing.py`).
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, pairwise
from types import CoroutineType, GeneratorType, NoneType
from typing import Any, Protocol

from graphql import (
    GraphQLAbstractType,
    GraphQLBoolean,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLString,
)
from graphql.pyutils import UndefinedType, gather_with_cancel
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from server.api.runs import Asked, Run, UnplannedError

Column = list[Any]
_PLAIN: dict[GraphQLLeafType, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool, GraphQLInt: int}
_LARGEST = 2**31 - 1  # what an Int holds


class Completer(Protocol):
    """How the results of a field become what is answered, by its type."""

    waits: bool
    """Whether something below may have to wait; if not, `completed` runs to its end in one go."""

    async def completed(self, run: Run, values: Column) -> Column:
        """What is answered for each value. Raises UnplannedError, or what went wrong."""


class Field(Protocol):
    """A field of a selection."""

    waits: bool

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


@cache
def odd(kind: type) -> bool:
    """Whether values of a class are no results, but what the stock executor raises or awaits."""
    return issubclass(kind, Exception | UndefinedType | GeneratorType) or any(
        hasattr(kind, name) for name in ("__await__", "__aiter__")
    )


def present(values: Column, required: bool) -> tuple[Column, set[type]]:
    """The values that are not null, and their classes. Raises UnplannedError for oddities and a forbidden null."""
    kinds = set(map(type, values))
    if NoneType in kinds:
        if required:
            raise UnplannedError("null where none may be")
        kinds.discard(NoneType)
        values = [value for value in values if value is not None]
    if any(map(odd, kinds)):
        for value in values:
            if isinstance(value, CoroutineType):
                value.close()  # it will be made anew
        raise UnplannedError("a result that is raised or awaited")
    return values, kinds


def spread(values: Column, answers: Column) -> Column:
    """The answers of the values that are not null, with the nulls between them."""
    if len(answers) == len(values):
        return answers
    rest = iter(answers)
    return [None if value is None else next(rest) for value in values]


class Leaf:
    """A scalar or an enum."""

    waits = False

    def __init__(self, kind: GraphQLLeafType, *, required: bool) -> None:
        self.required = required
        self._coerce = kind.coerce_output_value
        self._plain = frozenset({_PLAIN[kind]} if kind in _PLAIN else ())
        self._bounded = kind is GraphQLInt
        self._names = _member_names(kind)
        self._members = frozenset(map(type, self._names))

    async def completed(self, _run: Run, values: Column) -> Column:
        """Serialized by the type itself, unless a value of its class is its own answer."""
        found, kinds = present(values, self.required)
        if kinds <= self._plain and (not self._bounded or _in_bounds(found)):
            return values
        if kinds <= self._members:
            return spread(values, list(map(self._names.__getitem__, found)))
        answers = list(map(self._coerce, found))
        if not {NoneType, UndefinedType}.isdisjoint(map(type, answers)):
            raise UnplannedError("a value that its type cannot represent")
        return spread(values, answers)


def _in_bounds(numbers: Column) -> bool:
    return not numbers or (min(numbers) >= -_LARGEST - 1 and max(numbers) <= _LARGEST)


def _member_names(kind: GraphQLLeafType) -> dict[Any, str]:
    """The name of each member of an enum that is spoken as it is."""
    if not isinstance(kind, CustomGraphQLEnumType):
        return {}
    return {member: kind.coerce_output_value(member) for member in list[Any](kind.wrapped_cls)}


class Listed:
    """A list: all items of all lists are completed as one column."""

    def __init__(self, item: Completer, *, required: bool) -> None:
        self.item, self.required, self.waits = item, required, item.waits

    async def completed(self, run: Run, values: Column) -> Column:
        """Lists again, cut where they were."""
        found, kinds = present(values, self.required)
        if not kinds <= {list, tuple}:
            raise UnplannedError("a list that is none")
        items = list(found[0]) if len(found) == 1 else [item for each in found for item in each]
        answers = await self.item.completed(run, items)
        ends = list(accumulate(map(len, found), initial=0))
        return spread(values, [answers[start:end] for start, end in pairwise(ends)])


class Selection:
    """What is selected of one object type at one place of a document."""

    def __init__(self, keys: tuple[str, ...], fields: tuple[Field, ...]) -> None:
        self.keys = keys
        self.fields = fields
        self.waits = any(each.waits for each in fields)

    async def answers(self, run: Run, things: Column) -> Column:
        """An object for each thing. All that waits is waited for together, as loaders need it."""
        if not things or not self.keys:
            return [{} for _ in things]
        columns: list[Column] = [[]] * len(self.fields)
        later = [place for place, each in enumerate(self.fields) if each.waits]
        for place, each in enumerate(self.fields):
            if not each.waits:
                columns[place] = at_once(each.column(run, things))
        if len(later) == 1:
            columns[later[0]] = await self.fields[later[0]].column(run, things)
        elif later:
            read = await gather_with_cancel(*(self.fields[place].column(run, things) for place in later))
            for place, column in zip(later, read, strict=True):
                columns[place] = column
        keys = self.keys
        return [dict(zip(keys, row, strict=True)) for row in zip(*columns, strict=True)]


class Objects:
    """Values of one object type."""

    def __init__(self, kind: GraphQLObjectType, selection: Selection, asked: Asked, *, required: bool) -> None:
        self.kind, self.selection, self.asked, self.required = kind, selection, asked, required
        self.waits = selection.waits
        self._by_class = decided_by_class(kind)
        self._fits: set[type] = set()

    async def completed(self, run: Run, values: Column) -> Column:
        """An object for each."""
        found, kinds = present(values, self.required)
        if self.kind.is_type_of and not kinds <= self._fits:
            self._check(run, found)
        return spread(values, await self.selection.answers(run, found))

    def _check(self, run: Run, found: Column) -> None:
        fits, info = self.kind.is_type_of, run.raw_info(self.asked)
        if fits and not all(fits(value, info) is True for value in found):
            raise UnplannedError("a value of another type")
        if self._by_class:
            self._fits |= set(map(type, found))


class Abstract:
    """Values of an interface or a union: each is completed as the object type that it is of."""

    waits = True

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
        only = self._of_class.get(next(iter(kinds))) if len(kinds) == 1 else None
        if only is not None:
            return spread(values, await only.completed(run, found))
        places: dict[int, tuple[Objects, list[int]]] = {}
        for place, value in enumerate(found):
            objects = self._of_class.get(type(value)) or self._objects(run, value)
            places.setdefault(id(objects), (objects, []))[1].append(place)
        each = [(objects, [found[place] for place in mine]) for objects, mine in places.values()]
        done = await gather_with_cancel(*(objects.completed(run, mine) for objects, mine in each))
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

    async def column(self, _run: Run, things: Column) -> Column:
        """The same for all."""
        return [self.name] * len(things)


@dataclass(slots=True)
class Attribute:
    """A field that is an attribute of the thing."""

    read: Callable[[Any], Any]
    completer: Completer
    waits: bool = field(init=False)

    def __post_init__(self) -> None:
        self.waits = self.completer.waits

    async def column(self, run: Run, things: Column) -> Column:
        """Read of each, completed together."""
        return await self.completer.completed(run, list(map(self.read, things)))


@dataclass(slots=True)
class Resolved:
    """A field with a resolver, called once for each thing."""

    asked: Asked
    completer: Completer
    waits: bool = field(init=False)

    def __post_init__(self) -> None:
        self.waits = self.asked.is_async or self.completer.waits

    async def column(self, run: Run, things: Column) -> Column:
        """Resolved for each, waited for and completed together."""
        asked, named = self.asked, run.named(self.asked)
        resolver, parent = asked.resolver, asked.parent_name
        assert resolver is not None  # noqa: S101 — that is what makes it one
        if parent:
            found = [resolver(*[thing][: asked.takes_self], **named, **{parent: thing}) for thing in things]
        elif asked.takes_self:
            found = [resolver(thing, **named) for thing in things]
        else:
            found = [resolver(**named) for _ in things]
        if asked.is_async:
            found = [await found[0]] if len(found) == 1 else await gather_with_cancel(*found)
        return await self.completer.completed(run.below(asked), found)
