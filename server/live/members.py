"""Who listens, and what is sent to them."""

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from server.domain.people import Viewer

if TYPE_CHECKING:  # a cohort has members, and each of them a cohort
    from server.live.cohorts import Cohort


@dataclass(slots=True, eq=False)
class Parcel:
    """What goes to many listeners. `framed` is theirs, to keep what they have in common."""

    payloads: tuple[bytes, ...]
    framed: dict[Hashable, Any] = field(default_factory=dict)


class Member(ABC):
    """One listener of a cohort; subclasses say how it is reached."""

    __slots__ = ("cohort", "position", "told", "viewer")

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.cohort: Cohort | None = None
        self.told: Hashable = None  # of a live query: the `same` it heard last, where that is not its cohort's
        self.position = 0  # in an account: the revision up to which it was told, where that is not its cohort's

    @abstractmethod
    def take(self, parcel: Parcel) -> bool:
        """Send it, or say no where the listener does not keep up: `drained` is called once it does again."""

    @abstractmethod
    def push(self, parcel: Parcel) -> None:
        """Send it in any case."""

    @abstractmethod
    def failed(self, error: Exception) -> None:
        """This is why nothing more will come."""

    def leave(self) -> None:
        """Listen no longer."""
        if cohort := self.cohort:
            cohort.room.forget(self)
            cohort.leave(self)

    def drained(self) -> None:
        """It can take more again."""
        if self.cohort:
            self.cohort.drained(self)
