"""Things that are read from a row: a field is taken from it when somebody asks, and for a whole list in one go.

A class says in `columns` how each of its fields is read; the executor reads the column of a thousand rows without
touching a thousand things (`server/api/columns.py`).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, ClassVar, Self

Reader = Callable[[Any], Any]


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


def member(kind: type[StrEnum], column: str) -> Reader:
    """Reads the member of an enum whose value stands in a column. It raises KeyError for any other."""
    members = {each.value: each for each in kind}
    return lambda row: members[row[column]]
