"""People's roles, seats and the viewer: who asks, and with what standing (law §3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple
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


NOBODY = UUID(int=0)
"""No person: whose part is open, or who acts where Stageline does so by itself."""
LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def is_email(text: str) -> bool:
    """Whether a text looks like an email address that can be stored."""
    return len(text) <= LONGEST_EMAIL and _EMAIL.fullmatch(text) is not None


# A seat with a vote takes effect once an executive, another person, has ratified it (law §3).
VOTING = frozenset({Role.EXECUTIVE, Role.SPONSOR, Role.PROGRAM_LEAD, Role.CONTROLLER})


# Who reads amounts, and the ledger, by role (law §3); a viewer does where their seat says so, a machine by its scopes.
MONEY_READERS = frozenset(Role) - {Role.VIEWER, Role.PARTNER}
LEDGER_READERS = frozenset({Role.EXECUTIVE, Role.PORTFOLIO_LEAD, Role.CONTROLLER, Role.ADMIN})


class Scope(StrEnum):
    """What a machine's token opens, on top of the seats of whom it acts for (law §3: scopes instead of votes)."""

    READ = "read"
    MONEY_READ = "money:read"
    RESULTS_WRITE = "results:write"
    MILESTONES_WRITE = "milestones:write"
    WEBHOOKS = "webhooks"


@dataclass(frozen=True, slots=True)
class SeatHeld:
    """One seat of a person: a role at a node (None: the whole organization), from a date to a date, both included.

    `reads_money` and `reads_ledger` are what a viewer's seat opens besides its branch; other roles go by their table.
    """

    role: Role
    node_id: UUID | None
    starts: date
    ends: date | None
    ratified: bool
    reads_money: bool = False
    reads_ledger: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether it is in effect on a day: dated so, and ratified where it carries a vote."""
        dated = self.starts <= day and (self.ends is None or day <= self.ends)
        return dated and (self.ratified or self.role not in VOTING)

    def opens_money(self, scopes: frozenset[str] | None) -> bool:
        """Whether it lets amounts be read in its branch; by a machine with these scopes, or a person (None)."""
        if scopes is not None and Scope.MONEY_READ not in scopes:
            return False
        if self.role is Role.PARTNER:
            return scopes is not None
        return self.role in MONEY_READERS or (self.role is Role.VIEWER and self.reads_money)

    @property
    def opens(self) -> "Opened":
        """What it opens, since whenever; two that differ in nothing else open the same."""
        return self.role, self.node_id, self.reads_money, self.reads_ledger

    @property
    def opens_ledger(self) -> bool:
        """Whether it lets the ledger of its branch be read."""
        return self.role in LEDGER_READERS or (self.role is Role.VIEWER and self.reads_ledger)


Opened = tuple[Role, UUID | None, bool, bool]
"""All that rights ask of a seat in effect: its role, its node, and whether it opens amounts and the ledger."""


class Rights(NamedTuple):
    """What a viewer may see and do, whoever they are: the key of what viewers share. Equal rights, equal answers."""

    organization_id: UUID
    seats: frozenset[Opened]
    scopes: frozenset[str] | None

    @property
    def spelt(self) -> str:
        """As text, the same in every process."""
        return f"{self.organization_id} {sorted(map(repr, self.seats))} {self.scopes and sorted(self.scopes)}"


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
    def rights(self) -> Rights:
        """All that decides what this viewer may see and do, apart from who they are."""
        return Rights(self.organization_id, frozenset(seat.opens for seat in self.seats), self.scopes)

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
        return frozenset(seat.role for seat in self.seats_at(path))

    def seats_at(self, path: frozenset[UUID]) -> tuple[SeatHeld, ...]:
        """The seats held at a node, given the ids of the node and all that lies above it."""
        return tuple(seat for seat in self.seats if seat.node_id is None or seat.node_id in path)

    @property
    def reads_all_of_ledger(self) -> bool:
        """Whether every entry of the ledger may be read."""
        return any(seat.node_id is None and seat.opens_ledger for seat in self.seats)

    @property
    def ledger_nodes(self) -> tuple[UUID, ...]:
        """The nodes below which the ledger may be read, where not all of it."""
        return tuple({seat.node_id for seat in self.seats if seat.node_id is not None and seat.opens_ledger})

    @property
    def reads_all_money(self) -> bool:
        """Whether amounts may be read in the whole organization."""
        return any(seat.node_id is None for seat in self._money_seats)

    @property
    def money_nodes(self) -> tuple[UUID, ...]:
        """The nodes below which amounts may be read, where not everywhere."""
        return tuple({seat.node_id for seat in self._money_seats if seat.node_id is not None})

    @property
    def reads_money_in_sight(self) -> bool:
        """Whether amounts may be read of everything that is seen: then nothing is ever left out of a sum."""
        return self.reads_all_money or (not self.sees_all and set(self.seat_nodes) == set(self.money_nodes))

    def reads_money_at(self, path: frozenset[UUID]) -> bool:
        """Whether amounts may be read at a node, given the ids of the node and all that lies above it (law §3)."""
        return any(seat.opens_money(self.scopes) for seat in self.seats_at(path))

    @property
    def _money_seats(self) -> tuple[SeatHeld, ...]:
        return tuple(seat for seat in self.seats if seat.opens_money(self.scopes))


def house(organization_id: UUID) -> Viewer:
    """Stageline itself, where it acts unasked: no person, seat or scope. The ledger names nobody as the actor."""
    return Viewer(NOBODY, organization_id, "Stageline", (), frozenset())


def held_twice(parts: Mapping[str, UUID | None]) -> list[tuple[str, str]]:
    """Which two parts one person holds: owner, sponsor and controller of a measure are three persons (law §2)."""
    return [(one, other) for one, other in combinations(parts, 2) if parts[one] and parts[one] == parts[other]]
