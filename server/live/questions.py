"""What cohorts ask, and what it comes to: what a document is, and how it is executed, is handed in."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from server.domain.people import Viewer
from server.live.pulse import Page


@dataclass(slots=True)
class Answer:
    """What a live query came to. `same` is equal for equal answers, whatever revision they are stamped with."""

    same: Hashable
    payload: bytes
    personal: bool = False
    until: datetime | None = None
    """When another answer may be due though nothing happened; None: never."""


@dataclass(frozen=True, slots=True)
class Account:
    """What facts came to, each by its revision. What listeners may not know, or did not ask for, is left out."""

    payloads: list[tuple[int, bytes]]
    personal: bool = False


class Question(Protocol):
    """An operation with its variables."""

    @property
    def key(self) -> Hashable:
        """What it asks: equal for equal questions."""
        ...

    @property
    def branch(self) -> UUID | None:
        """The node whose path decides what it comes to; None: it may depend on anything."""
        ...


class Watching(Question, Protocol):
    """A live query."""

    @property
    def kin(self) -> Hashable:
        """Equal for questions that can be answered in one execution: those that differ in their variables only."""
        ...

    async def answers(self, viewer: Viewer, revision: int, questions: Sequence[Any]) -> Sequence[Answer | Exception]:
        """The answers of its kin now, stamped with a revision; or what ends one for all who ask with these rights.

        Raises what ends them all.
        """
        ...


@runtime_checkable
class Telling(Question, Protocol):
    """An account of what happens."""

    async def begin(self, viewer: Viewer, newest: int) -> tuple[int, list[bytes]]:
        """The revision after which it goes on for this viewer, and what is to be said before."""
        ...

    async def tell(self, viewer: Viewer, page: Page) -> Account:
        """What these facts come to. Raises what ends it for everybody who asks with these rights."""
        ...
