"""Completing a column: the results of a field become what is answered, all at once, where nothing is out of the way."""

from functools import cache
from itertools import accumulate, chain, pairwise
from types import CoroutineType, GeneratorType, NoneType
from typing import Any, Protocol

from graphql import GraphQLBoolean, GraphQLID, GraphQLInt, GraphQLLeafType, GraphQLString
from graphql.pyutils import UndefinedType
from strawberry.schema.schema_converter import CustomGraphQLEnumType

from server.api.lanes import Lanes
from server.api.runs import Run, UnplannedError
from server.schema.rowed import Column, Unmade, alike, classes, things_of

_PLAIN: dict[GraphQLLeafType, type] = {GraphQLString: str, GraphQLID: str, GraphQLBoolean: bool, GraphQLInt: int}
_LARGEST = 2**31 - 1  # what an Int holds


class Completer(Protocol):
    """How the results of a field become what is answered, by its type."""

    waits: bool
    """Whether something below may have to wait; if not, `completed` runs to its end in one go."""
    varies: bool
    """Whether something below depends on variables; if not, no `Lanes` run it."""

    async def completed(self, run: Run, values: Column) -> Column:
        """What is answered for each value. Raises UnplannedError, or what went wrong."""


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
        values = alike(values, (value for value in values if value is not None))
    if isinstance(values, Unmade):
        return values, set(classes(values))
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

    waits = varies = False

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


def joined(lists: Column) -> Column:
    """All items of several lists; as unmade as they are there, where all are made alike."""
    makers = {each.maker if isinstance(each, Unmade) else None for each in lists}
    maker = makers.pop() if len(makers) == 1 else None
    if maker:
        return Unmade(chain.from_iterable(lists), maker)
    return [item for each in lists for item in things_of(each)]


class Listed:
    """A list: all items of all lists are completed as one column."""

    def __init__(self, item: Completer, *, required: bool) -> None:
        self.item, self.required, self.waits, self.varies = item, required, item.waits, item.varies

    async def completed(self, run: Run, values: Column) -> Column:
        """Lists again, cut where they were."""
        found, kinds = present(values, self.required)
        if not kinds <= {list, tuple, Unmade}:
            raise UnplannedError("a list that is none")
        if isinstance(run, Lanes):
            run = run.at([place for place, each in enumerate(values) if each is not None for _ in each])
        items = joined(found)
        answers = await self.item.completed(run, items)
        ends = list(accumulate(map(len, found), initial=0))
        return spread(values, [answers[start:end] for start, end in pairwise(ends)])
