"""The reading half of `import crm`: files and a mapping become an Extract, or one refusal of all their faults."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from itertools import chain
from pathlib import Path as FilePath

from server.exchange.binding import Binding
from server.exchange.branch import Branch, NoPlan, Plans
from server.exchange.deals import Deals
from server.exchange.extract import Extract, Opportunity, Place, WantedNode, WantedPerson
from server.exchange.mapping import CrmMapping
from server.exchange.roster import NamedPeople, People, Roster
from server.exchange.row_reading import RowReading
from server.exchange.scope import Scope, Standing
from server.exchange.tables import RowFault
from server.exchange.uploads import bound

_COMPARED = tuple(one.name for one in fields(Opportunity) if one.name not in {"file", "line"})
_EVERY = 500  # rows between two reports of progress


def read_extract(files: dict[str, bytes], mapping: str, progress: Callable[[int, int], None] | None = None) -> Extract:
    """Read the uploads (name → bytes) as the YAML text `mapping` says; `progress` hears how many rows are read.

    Raises `Refused` (INVALID) when the mapping or a file cannot be used at all; its details list every such fault.
    A row that cannot be taken refuses nothing: it is in `Extract.faults`.
    """
    reading = bound(files, mapping, CrmMapping, _Import)
    return reading.read(files, progress or _silent)


def _silent(_done: int, _all: int) -> None:
    pass


class _Import:
    """Everything a mapping names, made readable before the first row is read."""

    def __init__(self, binding: Binding, mapping: CrmMapping) -> None:
        self.mapping = mapping
        self.binding, self.branch = binding, Branch()
        self.scope = Scope(binding, binding.main)
        self.deals, self.plans = Deals(self.scope, mapping), Plans(self.scope, self.branch, mapping.plans)
        self.roster = Roster(binding, mapping.sellers, self.branch, mapping.plans) if mapping.sellers else None
        self.named = [NamedPeople(binding, index) for index in range(len(mapping.people.columns))]

    def read(self, uploads: Iterable[str], progress: Callable[[int, int], None]) -> Extract:
        """Read all rows."""
        found, broken, about = _Found(), list[RowFault](), self.binding.main.lines
        for row in self.scope.rows(broken):
            found.read += 1
            if found.read % _EVERY == 0:
                progress(found.read, about)
            self._row(row, found)
        found.faults[:0] = broken
        # Ragged rows never came by, and yet they are rows of the main file.
        found.read += len({(one.file, one.line) for one in broken if one.file in self.binding.main.uploads})
        progress(found.read, found.read)
        taken = found.agreed()
        kept = {(deal.file, deal.line) for deal in taken}
        sellers = self._sellers(taken, found)
        nodes = self.branch.needed({deal.plan for deal in taken if deal.plan} | set(sellers))
        people = self._people(nodes, sellers, found)
        return Extract(
            system=self.mapping.system,
            opportunities=taken,
            nodes=nodes,
            people=people,
            create_people=self.mapping.people.missing == "create",
            sellers=sellers,
            faults=tuple(dict.fromkeys(found.faults)),  # a file read for two ends tells its faults twice
            orphans=tuple(one for one in found.orphans if (one.file, one.line) in kept),
            read=found.read,
            skipped=found.skipped,
            notes=tuple(self.binding.notes(FilePath(name).name for name in uploads)),
        )

    def _people(
        self, nodes: tuple[WantedNode, ...], sellers: dict[Place, tuple[str, ...]], found: "_Found"
    ) -> tuple[WantedPerson, ...]:
        """Everyone the mapping names, the people of the nodes, and who sells."""
        people = People()
        for one in self.named:
            one.meet(people, found.faults)
        for name in (*(name for node in nodes for name in node.people), *chain.from_iterable(sellers.values())):
            people.meet(name)
        return people.all()

    def _row(self, one: Standing, found: "_Found") -> None:
        if self.deals.skips(one.cells):
            found.skipped += 1
            return
        here, (place, why) = RowReading(one), self._placed(one)
        deal = self.deals.read(one, place, here.faults)
        if isinstance(why, ValueError):
            deal = None
            here.refuse(None, why)
        elif why is not None and deal is not None:
            found.orphans.append(RowFault(one.file, one.line, None, None, f"Kept without a plan: {why}"))
        found.faults += here.faults
        if deal is not None:
            found.add(deal)

    def _placed(self, row: Standing) -> tuple[Place | None, Exception | None]:
        """The plan of a row, or why it has none."""
        try:
            return self.plans.place(row.cells), None
        except (NoPlan, ValueError) as why:
            return None, why

    def _sellers(self, taken: tuple[Opportunity, ...], found: "_Found") -> dict[Place, tuple[str, ...]]:
        """Who sells under each plan: all of the roster, deals or not, then whoever has a deal there."""
        sellers: dict[Place, dict[str, None]] = {}
        for place, seller in self.roster.read(found.faults) if self.roster else ():
            sellers.setdefault(place, {})[seller] = None
        for deal in taken:
            if deal.plan and deal.seller:
                sellers.setdefault(deal.plan, {})[deal.seller] = None
        return {place: tuple(names) for place, names in sellers.items()}


@dataclass(slots=True)
class _Found:
    """What the rows have given so far."""

    read: int = 0
    skipped: int = 0
    faults: list[RowFault] = field(default_factory=list)
    orphans: list[RowFault] = field(default_factory=list)
    deals: dict[str, Opportunity] = field(default_factory=dict)
    disputed: set[str] = field(default_factory=set)

    def add(self, deal: Opportunity) -> None:
        """Keep a deal, unless its id came before: the same once more is left out, another one makes both unusable."""
        first = self.deals.setdefault(deal.external_id, deal)
        if first is deal:
            return
        differing = [name for name in _COMPARED if getattr(first, name) != getattr(deal, name)]
        if not differing:
            self._refuse(deal, f"stands already {_at(first)}, the same in every field; it was taken once")
            return
        what = f"with another {', '.join(differing).replace('_', ' ')}; neither was taken"
        if deal.external_id not in self.disputed:
            self._refuse(first, f"stands again {_at(deal)}, {what}")
        self._refuse(deal, f"stands already {_at(first)}, {what}")
        self.disputed.add(deal.external_id)

    def agreed(self) -> tuple[Opportunity, ...]:
        """The deals nobody contradicts."""
        return tuple(deal for deal in self.deals.values() if deal.external_id not in self.disputed)

    def _refuse(self, deal: Opportunity, reason: str) -> None:
        whole = f"“{deal.external_id}” {reason}"
        self.faults.append(RowFault(deal.file, deal.line, "externalId", deal.external_id, whole))


def _at(deal: Opportunity) -> str:
    return f"on line {deal.line} of {deal.file}"
