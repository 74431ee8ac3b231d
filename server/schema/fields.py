"""Strawberry's decorators, typed: as shipped they make every function under them untyped for mypy."""

from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Any, TypeVar, cast

import strawberry

Function = TypeVar("Function", bound=Callable[..., Any])


Together = Callable[..., Awaitable[Sequence[Any]]]
"""(info, sources, its named arguments) → a result for each: how a field of many things that are read from sources
(`server/schema/rowed.py`) is resolved in one call."""


def edge(
    description: str, *, name: str | None = None, together: Together | None = None
) -> Callable[[Function], Function]:
    """A field with a resolver, and how the same is resolved for many things together, where that costs less."""
    field = strawberry.field(name=name, description=description)

    def resolved_by(function: Function) -> Function:
        if together is not None:
            function.together = together  # type: ignore[attr-defined]  # the executor looks for it there
        return cast("Function", field(function))

    return resolved_by


def subscription(description: str) -> Callable[[Function], Function]:
    """A root field that follows something."""
    return cast("Callable[[Function], Function]", strawberry.subscription(description=description))


def spoken(words: type[Enum], description: str, **meanings: str) -> None:
    """Speak a domain enum in the schema: what it is, and what each of its values means.

    Raises KeyError for one left unexplained.
    """
    strawberry.enum(words, description=description)
    for value in words.__strawberry_definition__.values:  # type: ignore[attr-defined]  # strawberry.enum put it there
        value.description = meanings[value.name]
