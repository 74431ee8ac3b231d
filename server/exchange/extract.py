"""What an import wants, as values: deals, the nodes and people they need, and every row that was not taken."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.domain.cascade import Level
from server.domain.money import minor
from server.domain.results import Result
from server.exchange.tables import RowFault


@dataclass(frozen=True, slots=True)
class ExternalKey:
    """A node as another system calls it."""

    system: str
    id: str

    def __str__(self) -> str:
        return f"{self.id} ({self.system})"


@dataclass(frozen=True, slots=True)
class NamePath:
    """A node that must stand already, by the names from the top of the cascade down to it."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return " / ".join(self.names)


Place = ExternalKey | NamePath


@dataclass(frozen=True, slots=True)
class WantedNode:
    """A node to be found by its key or made under its parent (None: at the top). People are names or addresses."""

    key: ExternalKey
    level: Level
    name: str
    parent: Place | None
    owner: str | None = None
    sponsor: str | None = None
    controller: str | None = None
    business_unit: str | None = None
    description: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone it names."""
        return tuple(one for one in (self.owner, self.sponsor, self.controller) if one)


@dataclass(frozen=True, slots=True)
class WantedPerson:
    """A person to be found by e-mail address, else by name, or made known by name, without a way to sign in."""

    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity(Result):
    """A result with the row it was read from, and `plan`, where it belongs (None: an orphan, which is kept)."""

    file: str
    line: int
    plan: Place | None

    @property
    def units(self) -> int | None:
        """The amount in minor units of its currency."""
        return None if self.amount is None or self.currency is None else minor(self.amount, self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the files of any import want: `people`, then `nodes` in their order, a parent before what is under it.

    `faults` lists every row that was not taken, `notes` how the files were read.
    """

    system: str
    nodes: tuple[WantedNode, ...]
    people: tuple[WantedPerson, ...]
    create_people: bool
    faults: tuple[RowFault, ...]
    read: int
    skipped: int
    notes: tuple[str, ...]

    @property
    def places(self) -> frozenset[Place]:
        """Every place that the rows name."""
        return frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract(Wanted):
    """A whole extract of a CRM, read.

    The writer finds or makes people and nodes, sets `sellers` on their plans, and records `opportunities` by (system,
    external_id). `orphans` says why a row that was taken has no plan.
    """

    opportunities: tuple[Opportunity, ...]
    sellers: Mapping[Place, tuple[str, ...]]
    orphans: tuple[RowFault, ...]

    @property
    def places(self) -> frozenset[Place]:
        """The plans of the deals and of those who sell."""
        return frozenset(deal.plan for deal in self.opportunities if deal.plan) | self.sellers.keys()
