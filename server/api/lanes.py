"""Lanes: one run of an operation for many who ask it with variables of their own.

Each thing of a column has a lane: the run with the variables of whom it is answered for. What does not depend on
variables is answered once for a thing, whoever asks; what does is resolved for each lane, and completed and waited for
together, so that loaders read for all lanes at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql.execution.values import VariableValues

from server.api.runs import CONSTANT, Asked, Run


@dataclass(slots=True, eq=False)
class Given:
    """The variables that somebody asks with, and the arguments that they came to, converted once."""

    variables: VariableValues
    arguments: dict[Asked, dict[str, Any]] = field(default_factory=dict)


class Lane(Run):
    """A run for one of them."""

    __slots__ = ("_given",)

    def __init__(self, run: Run, given: Given) -> None:
        super().__init__(run.schema, run.operation, run.fragments, given.variables, run.context)
        self._given = given

    def _arguments(self, asked: Asked) -> dict[str, Any]:
        known = self._given.arguments.get(asked)
        if known is None:
            known = super()._arguments(asked)
            if all(isinstance(each, CONSTANT) for each in known.values()):
                self._given.arguments[asked] = known
        return known


class Lanes(Run):
    """A run of which each thing of the column at hand has a lane, in order."""

    __slots__ = ("each", "first")

    def __init__(self, first: Run, each: Sequence[Run]) -> None:
        super().__init__(first.schema, first.operation, first.fragments, first.variables, first.context)
        self.first, self.each = first, each

    def at(self, places: Sequence[int]) -> "Lanes":
        """What runs a column that consists of the things at these places."""
        return Lanes(self.first, [self.each[place] for place in places])

    def without_nulls(self, values: Sequence[Any]) -> "Lanes":
        """What runs what is there of a column."""
        return self.at([place for place, value in enumerate(values) if value is not None])

    def below(self, _asked: Asked) -> "Lanes":
        """The same: only root fields of queries are asked as of then."""
        return self


def lanes_of(run: Run, given: Sequence[Given]) -> Run:
    """What runs a column of which each thing is asked about with these variables, at each place."""
    each = {one: Lane(run, one) for one in dict.fromkeys(given)}
    first = next(iter(each.values()))
    return Lanes(first, [each[one] for one in given]) if len(each) > 1 else first
