"""What can be imported, and how far an import has come."""

from dataclasses import dataclass
from enum import StrEnum


class ImportKind(StrEnum):
    """What the files come from."""

    CRM = "CRM"
    TRACKER = "TRACKER"
    TARGETS = "TARGETS"
    STRATEGY = "STRATEGY"
    INDICATORS = "INDICATORS"

    @property
    def spoken(self) -> str:
        """As written in a sentence: `a tracker`."""
        words = {"CRM": "a CRM's extract", "TRACKER": "a tracker", "STRATEGY": "a strategy"}
        return words.get(self.value, self.value.lower())


class ImportPhase(StrEnum):
    """What an import is at."""

    WAITING = "WAITING"
    READING = "READING"
    CHECKING = "CHECKING"
    WRITING = "WRITING"
    DONE = "DONE"
    REFUSED = "REFUSED"
    BROKEN_OFF = "BROKEN_OFF"

    @property
    def ended(self) -> bool:
        """Whether nothing comes after it."""
        return self in (ImportPhase.DONE, ImportPhase.REFUSED, ImportPhase.BROKEN_OFF)


@dataclass(frozen=True, slots=True)
class ImportState:
    """How far an import has come: `done` of `total` in its phase; a total of None is not known yet."""

    phase: ImportPhase
    done: int = 0
    total: int | None = None

    @property
    def sentence(self) -> str:
        """It in words."""
        if self.phase is ImportPhase.READING and self.total is None:
            return "Opening the files."
        return _WORDS[self.phase].format(done=self.done, total=self.total or self.done)


_WORDS = {
    ImportPhase.WAITING: "No file has come under this key yet.",
    ImportPhase.READING: "Reading: {done:,} of {total:,} rows.",
    ImportPhase.CHECKING: "Checking whom and what {done:,} rows name.",
    ImportPhase.WRITING: "Writing: {done:,} of {total:,}.",
    ImportPhase.DONE: "Done.",
    ImportPhase.REFUSED: "Refused, and nothing was written; the answer to the import says why.",
    ImportPhase.BROKEN_OFF: "It broke off. Send it again under the same key: it is carried out once.",
}
