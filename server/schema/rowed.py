"""Things that are read from a source: a field is taken from it when somebody asks, and for a whole list in one go.

A class says in `columns` how each of its fields is read. The executor reads a column of a thousand sources without
making a thousand things (`server/api/columns.py`): a list of them stays `Unmade` until somebody needs the things.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter
from typing import Any, ClassVar, Self

Reader = Callable[[Any], Any]
Column = list[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A reader that reads many at once for less, or as they are told.

    Attributes:
        one: Reads the field from one source.
        column: The same from many sources, in their order.
        told: The same, as its type writes it in an answer: only for fields that hold a scalar or an enum.
    """

    one: Reader
    column: Callable[[Sequence[Any]], Column] | None = None
    told: Callable[[Sequence[Any]], Column] | None = None

    def __call__(self, source: Any) -> Any:
        """Read from one."""
        return self.one(source)


class Rowed:
    """A thing with a `source`, made by `from_source` only."""

    columns: ClassVar[dict[str, Reader]] = {}

    @classmethod
    def from_source(cls, source: Any, **known: Any) -> Self:
        """The thing of a source; `known` are attributes that stand already."""
        thing = object.__new__(cls)
        known["source"] = source
        thing.__dict__ = known
        return thing

    def __getattr__(self, name: str) -> Any:
        """A field that nobody has asked for before."""
        read = type(self).columns.get(name)
        if read is None:
            raise AttributeError(name)
        value = self.__dict__[name] = read(self.__dict__["source"])
        return value


def _themselves(found: Column) -> Column:
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Maker:
    """How things are made of what was found.

    Attributes:
        make: The thing.
        kind: The class that it will be of.
        sources: What the columns of many are read from; if not told, from what was found itself.
    """

    make: Callable[[Any], Rowed]
    kind: Callable[[Any], type[Rowed]]
    sources: Callable[[Column], Column] = _themselves

    def __call__(self, found: Any) -> Rowed:
        """Make one."""
        return self.make(found)


def made_as(kind: type[Rowed]) -> Maker:
    """The maker of things that are all of one class, whose sources are what was found."""
    return Maker(kind.from_source, lambda _found: kind)


class Unmade(list[Any]):
    """Things that are not made yet: what was found of each, or None where there is none."""

    __slots__ = ("maker",)

    def __init__(self, found: Iterable[Any], maker: Maker) -> None:
        super().__init__(found)
        self.maker = maker


def things_of(column: Column) -> Column:
    """The things of a column, made."""
    return list(map(column.maker.make, column)) if isinstance(column, Unmade) else column


def sources_of(column: Column) -> Column:
    """What the fields of the things of a column are read from."""
    return column.maker.sources(column) if isinstance(column, Unmade) else [thing.source for thing in column]


def classes(column: Column) -> Iterable[type]:
    """Of which class each value is, or will be."""
    return map(column.maker.kind, column) if isinstance(column, Unmade) else map(type, column)


def made(column: Column, value: Any) -> Any:
    """A value of a column as a thing."""
    return column.maker.make(value) if isinstance(column, Unmade) else value


def alike(column: Column, some: Iterable[Any]) -> Column:
    """Some of the values of a column, as unmade as they are there."""
    return Unmade(some, column.maker) if isinstance(column, Unmade) else list(some)


def same(*names: str) -> dict[str, Reader]:
    """Readers of fields that stand in columns of their own names."""
    return {name: itemgetter(name) for name in names}


def member(kind: type[StrEnum], column: str) -> Reader:
    """Reads the member of an enum whose value, which is its name, stands in a column. KeyError for any other."""
    members = {each.value: each for each in kind}
    read = itemgetter(column)

    def told(rows: Sequence[Any]) -> Column:
        found = list(map(read, rows))
        if not members.keys() >= set(found):
            raise KeyError(*set(found) - members.keys())
        return found

    return Reading(lambda row: members[read(row)], told=told)
