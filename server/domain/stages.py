"""The five stages of Degree of Implementation, and the zeroth (law §2)."""

from enum import StrEnum


class Stage(StrEnum):
    """Degree of Implementation. Stages are ordered: `Stage.DECIDED > Stage.DETAILED`."""

    DEFINED = "DEFINED"
    IDENTIFIED = "IDENTIFIED"
    DETAILED = "DETAILED"
    DECIDED = "DECIDED"
    IMPLEMENTED = "IMPLEMENTED"
    CLOSED = "CLOSED"

    @property
    def degree(self) -> int:
        """0 (defined) to 5 (closed)."""
        return _ORDER[self]

    @property
    def spoken(self) -> str:
        """As written in a sentence: `Decided`."""
        return self.value.capitalize()

    @property
    def next(self) -> "Stage | None":
        """The stage that the next gate leads into; one step at a time."""
        return STAGES[self.degree + 1] if self is not STAGES[-1] else None

    def __lt__(self, other: object) -> bool:
        return self.degree < other.degree if isinstance(other, Stage) else NotImplemented

    # str's own comparisons would order the names alphabetically.
    def __le__(self, other: object) -> bool:
        return self.degree <= other.degree if isinstance(other, Stage) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.degree > other.degree if isinstance(other, Stage) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.degree >= other.degree if isinstance(other, Stage) else NotImplemented


STAGES = tuple(Stage)
_ORDER = {stage: degree for degree, stage in enumerate(STAGES)}
