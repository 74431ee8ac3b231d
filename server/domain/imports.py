"""What can be imported."""

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
