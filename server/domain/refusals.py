"""An expected no.

Every layer raises `Refused`; the schema maps it once to the `Refusal` member of a mutation's result.
"""

from collections.abc import Sequence
from enum import StrEnum

from server.domain.money import masked


class RefusalCode(StrEnum):
    """What kind of no it is. Callers branch on the code, people read the message."""

    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    STALE = "STALE"
    WRONG_STAGE = "WRONG_STAGE"
    CRITERIA_UNMET = "CRITERIA_UNMET"
    NO_APPROVER = "NO_APPROVER"
    SAME_PERSON = "SAME_PERSON"
    FROZEN = "FROZEN"
    POLICY_NOT_LOCKED = "POLICY_NOT_LOCKED"
    ALREADY_DECIDED = "ALREADY_DECIDED"
    INVALID = "INVALID"
    KEY_REUSED = "KEY_REUSED"
    LIMITED = "LIMITED"
    UNAVAILABLE = "UNAVAILABLE"


class Refused(Exception):
    """A refusal names the thing, the rule and the next step; `details` lists every fault of one input at once.

    `path` names the input field that is at fault, in the caller's words (camelCase), where there is one.
    """

    def __init__(self, code: RefusalCode, message: str, path: Sequence[str] = (), details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.path = tuple(path)
        self.details = tuple(details)

    def without_amounts(self) -> "Refused":
        """The same for who may not read money (law §3)."""
        return Refused(self.code, masked(self.message), self.path, [masked(one) for one in self.details])


_NOUNS = {
    **dict.fromkeys(("id", "node", "under", "at", "rewards"), "thing"),
    **dict.fromkeys(
        ("owner", "sponsor", "controller", "seller", "assignee", "delegate", "from", "to", "machine"), "person"
    ),
    "awaits": "milestone",
    "basedOn": "policy",
    "line": "value line",
    "plan": "sales plan",
}
"""What an input field's id stands for, where the field is not called so."""


def not_found(field: str) -> Refused:
    """The one answer for an id that was never issued, another organization's, and what the viewer may not see.

    `field` is the input field that holds the id.
    """
    what = _NOUNS.get(field, field)
    return Refused(RefusalCode.NOT_FOUND, f"There is no such {what}, or you may not see it. Check the id.", [field])


def invalid(message: str, *path: str) -> Refused:
    """One fault of one input field."""
    return Refused(RefusalCode.INVALID, message, path)


class Faults:
    """Collects every fault of one input, so that they are refused all at once."""

    def __init__(self) -> None:
        self._faults: list[tuple[tuple[str, ...], str]] = []
        self._at: tuple[str, ...] = ()

    def add(self, message: str, *path: str) -> None:
        """Note one fault at the input field `path`."""
        self._faults.append(((*self._at, *path), message))

    def within(self, *path: str) -> "Faults":
        """The same collection, for a part of the input: what is noted through it lies at or below `path`."""
        part = Faults()
        part._faults, part._at = self._faults, (*self._at, *path)
        return part

    @property
    def sentences(self) -> list[str]:
        """What was noted, in order."""
        return [message for _, message in self._faults]

    def refuse_if_any(self) -> None:
        """Raise one `INVALID` refusal that lists all faults; its path is that of the first."""
        if not self._faults:
            return
        sentences = self.sentences
        message = (
            sentences[0] if len(sentences) == 1 else f"{len(sentences)} things in this input must be mended first."
        )
        raise Refused(RefusalCode.INVALID, message, self._faults[0][0], sentences)
