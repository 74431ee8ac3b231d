"""People's roles, seats and the viewer: who asks, and with what standing (law §3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from uuid import UUID


class Role(StrEnum):
    """A role decides nothing by itself; the table in `rights` says what it may do where it is held."""

    ADMIN = "ADMIN"
    EXECUTIVE = "EXECUTIVE"
    SPONSOR = "SPONSOR"
    PORTFOLIO_LEAD = "PORTFOLIO_LEAD"
    PROGRAM_LEAD = "PROGRAM_LEAD"
    OWNER = "OWNER"
    SALES_MANAGER = "SALES_MANAGER"
    CONTROLLER = "CONTROLLER"
    VIEWER = "VIEWER"
    PARTNER = "PARTNER"

    @property
    def spoken(self) -> str:
        """As written in a sentence: `program lead`."""
        return self.value.replace("_", " ").lower()


LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def is_email(text: str) -> bool:
    """Whether a text looks like an email address that can be stored."""
    return len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


# A seat with a vote takes effect once an executive, another person, has ratified it (law §3).
VOTING = frozenset({Role.EXECUTIVE, Role.SPONSOR, Role.PROGRAM_LEAD, Role.CONTROLLER})


@dataclass(frozen=True, slots=True)
class SeatHeld:
    """One seat of a person: a role at a node (None: the whole organization), from a date to a date, both included."""

    role: Role
    node_id: UUID | None
    starts: date
    ends: date | None
    ratified: bool

    def holds_on(self, day: date) -> bool:
        """Whether it is in effect on a day: dated so, and ratified where it carries a vote."""
        dated = self.starts <= day and (self.ends is None or day <= self.ends)
        return dated and (self.ratified or self.role not in VOTING)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks.

    A person of one organization with the seats that hold today, or a machine with the scopes of its token.
    """

    person_id: UUID
    organization_id: UUID
    name: str
    seats: tuple[SeatHeld, ...]
    scopes: frozenset[str] | None = None
    credential_id: UUID | None = None

    @property
    def sees_all(self) -> bool:
        """Whether a seat reaches the whole organization."""
        return any(seat.node_id is None for seat in self.seats)

    @property
    def seat_nodes(self) -> tuple[UUID, ...]:
        """The nodes below which this viewer sees everything."""
        return tuple({seat.node_id for seat in self.seats if seat.node_id is not None})

    def roles_at(self, path: frozenset[UUID]) -> frozenset[Role]:
        """The roles held at a node, given the ids of the node and all that lies above it."""
        return frozenset(seat.role for seat in self.seats if seat.node_id is None or seat.node_id in path)


def held_twice(parts: Mapping[str, UUID | None]) -> list[tuple[str, str]]:
    """Which two parts one person holds: owner, sponsor and controller of a measure are three persons (law §2)."""
    return [(one, other) for one, other in combinations(parts, 2) if parts[one] and parts[one] == parts[other]]
