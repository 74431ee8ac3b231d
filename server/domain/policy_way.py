"""The way of a policy version: what may be done to it as it stands, by whom (law §3: locking takes two people).

Rights stand in `rights`; here is what else has to hold. Verbs refuse with it, and screens show it beforehand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.domain.policy import PolicyState
from server.domain.refusals import RefusalCode, Refused

_DRAFT, _PROPOSED, _IN_FORCE, _RETIRED = PolicyState
# act → the state it needs
NEEDS = {
    "editPolicyDraft": _DRAFT,
    "discardPolicyDraft": _DRAFT,
    "proposePolicy": _DRAFT,
    "withdrawPolicy": _PROPOSED,
    "declinePolicy": _PROPOSED,
    "ratifyPolicy": _PROPOSED,
}
_STANDS = {
    _DRAFT: "is a draft: a portfolio lead proposes it first",
    _PROPOSED: "is proposed, and what an executive is to ratify does not change: withdraw it, or let one decline it",
    _IN_FORCE: "is in force: change it by drafting the next version",
    _RETIRED: "was retired by a later version: change the policy by drafting the next one",
}
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Version:
    """A version on its way: its number and name, where it stands, and who wrote and proposed it."""

    number: int
    name: str
    state: PolicyState
    drafted_by: UUID
    proposed_by: UUID | None

    @property
    def called(self) -> str:
        """As called in a sentence: `policy 2 “Standard”`."""
        return f"policy {self.number} “{self.name}”"

    @property
    def opening(self) -> str:
        """As called where a sentence begins."""
        return f"P{self.called[1:]}"


def why_not(act: str, version: Version, person: UUID) -> Refused | None:
    """What stands against an act on a version besides rights; None where nothing does."""
    if version.state is not NEEDS[act]:
        return Refused(RefusalCode.WRONG_STAGE, f"{version.opening} {_STANDS[version.state]}.", ["policy"])
    part = "proposed" if person == version.proposed_by else "drafted" if person == version.drafted_by else None
    if act == "ratifyPolicy" and part:
        message = f"You {part} {version.called}, and it takes two persons to lock a policy. Ask another executive."
        return Refused(RefusalCode.SAME_PERSON, message, ["policy"])
    return None


def followed_by(differences: Sequence[str]) -> str:
    """The end of a sentence that goes on to what changes; of many differences the rest is counted."""
    if not differences:
        return "."
    shown = [*differences[:_SHOWN]]
    rest = len(differences) - len(shown)
    return f": {' '.join(shown)}" + (f" And {rest} more {'change' if rest == 1 else 'changes'}." if rest else "")
