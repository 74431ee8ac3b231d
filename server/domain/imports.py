"""What can be imported."""

from enum import StrEnum


class ImportKind(StrEnum):
    """What the files come from."""

    CRM = "CRM"
    TRACKER = "TRACKER"
    TARGETS = "TARGETS"

    @property
    def spoken(self) -> str:
        """As written in a sentence: `a tracker`."""
        return {"CRM": "a CRM's extract", "TRACKER": "a tracker", "TARGETS": "targets"}[self.value]
