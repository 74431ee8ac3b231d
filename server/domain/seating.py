"""Who lets a seat take effect: two persons, of whom neither is the one seated (law §3)."""

from uuid import UUID

from server.domain.people import VOTING, Role
from server.domain.refusals import RefusalCode


def why_not_ratified(
    role: Role, seated: str, ratified: bool, takes_and_granted: tuple[UUID, UUID | None], by: UUID
) -> tuple[RefusalCode, str] | None:
    """Why this person cannot ratify the seat of `seated`, None where they can; the right itself is asked apart."""
    if role not in VOTING or ratified:
        why = "needs no ratification" if role not in VOTING else "was already ratified"
        return RefusalCode.ALREADY_DECIDED, f"The seat of {seated} as {role.spoken} {why}."
    if by in takes_and_granted:
        part = "takes" if by == takes_and_granted[0] else "granted"
        return RefusalCode.SAME_PERSON, f"Who {part} a seat does not ratify it. Ask another executive."
    return None
