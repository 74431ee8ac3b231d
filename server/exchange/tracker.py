"""The reading half of `import tracker`: files and a mapping become initiatives with value lines, or one refusal."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path as FilePath

from server.exchange.binding import Binding
from server.exchange.branch import Branch, NoPlan, Plans
from server.exchange.doubtful import Totals, mentions_total, names_total
from server.exchange.extract import ExternalKey, Place, Wanted, WantedNode, WantedPerson
from server.exchange.figures import Amount, Figures, SpokenOf, ValueReader, WantedLine, spoken_of
from server.exchange.roster import NamedPeople, People
from server.exchange.scope import Scope, Standing
from server.exchange.tables import RowFault
from server.exchange.tracker_mapping import TrackerMapping
from server.exchange.uploads import bound

_CALLED = "It is called a total, and totals are not added to their details"
_NAMELESS = "It names no initiative, and its amounts are the sums of the rows above"
_EVERY = 500  # rows between two reports of progress


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerExtract(Wanted):
    """A tracker, read: what its initiatives are worth, and the cells that say they are not known.

    `speaks_of` are the lines that the mapping could name, for months that are cleared where absent; None: none are.
    """

    initiatives: frozenset[Place]
    lines: tuple[WantedLine, ...]
    unknown: tuple[RowFault, ...]
    left_out: tuple[RowFault, ...]
    speaks_of: tuple[SpokenOf, ...] | None
    fiscal_year_start: int | None

    @property
    def places(self) -> frozenset[Place]:
        """The initiatives."""
        return self.initiatives


def read_tracker(
    files: dict[str, bytes], mapping: str, progress: Callable[[int], None] | None = None
) -> TrackerExtract:
    """Read the uploads (name → bytes) as the YAML text `mapping` says; `progress` hears how many rows were read.

    Raises `Refused` (INVALID) when the mapping or a file cannot be used at all; its details list every such fault.
    A row that cannot be taken refuses nothing: it is in `faults`.
    """
    reading = bound(files, mapping, TrackerMapping, _Tracker)
    return reading.read(files, progress or (lambda _: None))


class _Tracker:
    """Everything a mapping names, made readable before the first row is read."""

    def __init__(self, binding: Binding, mapping: TrackerMapping) -> None:
        self.mapping, self.binding, self.branch = mapping, binding, Branch()
        self.scope = Scope(binding, binding.main)
        self.plans = Plans(self.scope, self.branch, mapping.initiatives, "initiatives")
        self.values = [
            ValueReader(self.scope, mapping, rule, ("values", index)) for index, rule in enumerate(mapping.values)
        ]
        self.stage = self.scope.field(mapping.stage, ("stage",)) if mapping.stage else None
        self.skips = [
            (self.scope.column(name, ("skip", name)), frozenset(values)) for name, values in mapping.skip.items()
        ]
        self._named: dict[Place, tuple[str | None, str | None]] = {}
        self.people = [NamedPeople(binding, index) for index in range(len(mapping.people.columns))]

    def read(self, uploads: Iterable[str], progress: Callable[[int], None]) -> TrackerExtract:
        """Read all rows."""
        found, broken = _Found(), list[RowFault]()
        for row in self.scope.rows(broken):
            found.read += 1
            if found.read % _EVERY == 0:
                progress(found.read)
            self._row(row, found)
        found.read += len({(one.file, one.line) for one in broken if one.file in self.binding.main.uploads})
        progress(found.read)
        lines = found.figures.settled(found.faults)
        nodes = tuple(self._staged(node, found) for node in self.branch.needed(set(found.places)))
        return TrackerExtract(
            system=self.mapping.system,
            nodes=nodes,
            people=self._people(nodes, found),
            create_people=self.mapping.people.missing == "create",
            faults=tuple(dict.fromkeys([*broken, *found.faults])),
            read=found.read,
            skipped=found.skipped,
            notes=(*self.binding.notes(FilePath(name).name for name in uploads), *found.notes()),
            initiatives=frozenset(found.places),
            lines=lines,
            unknown=tuple(found.figures.unknown),
            left_out=tuple(found.totals_met),
            speaks_of=spoken_of(self.mapping.values) if self.mapping.absent == "clear" else None,
            fiscal_year_start=self.mapping.fiscal_year_start,
        )

    def _row(self, row: Standing, found: "_Found") -> None:
        if any(read(row.cells) in values for read, values in self.skips):
            found.skipped += 1
            return
        faults = list(row.faults)
        amounts = self._amounts(row, faults, found)
        vector: dict[object, Decimal] = {amount.key: amount.value for amount in amounts}
        try:
            place = self.plans.place(row.cells)
        except (NoPlan, ValueError) as why:
            called = names_total(self.plans.names(row.cells))
            if called or (not faults and found.totals.equal(vector)):
                found.total(row, called, _CALLED if called else _NAMELESS)
                return
            told = str(why) if isinstance(why, ValueError) else f"It belongs to no initiative: {why}"
            faults.append(RowFault(row.file, row.line, None, None, f"{told[:1].upper()}{told[1:]}"))
            found.faults += faults
            return
        called, maybe = self._total_names(place, row)
        if called:
            found.total(row, called, _CALLED)
        elif maybe and found.totals.equal(vector):
            found.total(row, maybe, "Its name speaks of a total, and its amounts are the sums of the rows above")
        elif faults:
            found.faults += faults
        else:
            self._take(row, self._own(place, found), amounts, vector, found)

    def _take(
        self, row: Standing, place: Place, amounts: list[Amount], vector: dict[object, Decimal], found: "_Found"
    ) -> None:
        stage = self.stage(row.cells) if self.stage else ""
        if stage and found.stages.setdefault(place, stage) != stage:
            reason = f"The same initiative stands at “{found.stages[place]}” in a row above"
            found.faults.append(RowFault(row.file, row.line, "stage", stage, reason))
            return
        found.places[place] = None
        found.totals.add(vector)
        for amount in amounts:
            found.figures.add(place, row, amount)

    def _amounts(self, row: Standing, faults: list[RowFault], found: "_Found") -> list[Amount]:
        return [amount for value in self.values for amount in value.amounts(row, faults, found.figures)]

    def _own(self, place: Place, found: "_Found") -> Place:
        """The place of a row; with `duplicates: number` no row shares its initiative with a row above."""
        if self.mapping.duplicates == "refuse" or place not in found.places or not isinstance(place, ExternalKey):
            return place
        found.numbered[place] += 1
        key = ExternalKey(place.system, f"{place.id} ({found.numbered[place] + 1})")
        self.branch.nodes[key] = replace(self.branch.nodes[place], key=key)
        return key

    def _total_names(self, place: Place, row: Standing) -> tuple[str | None, str | None]:
        """The name that is a total's, and the one that may be, of all that a row belongs to; asked once for a place."""
        if place not in self._named:
            names = self.plans.names(row.cells)
            self._named[place] = names_total(names), names[0] if mentions_total(names) else None
        return self._named[place]

    def _staged(self, node: WantedNode, found: "_Found") -> WantedNode:
        stage = found.stages.get(node.key)
        return replace(node, tags=tuple(dict.fromkeys((*node.tags, stage[:80])))) if stage else node

    def _people(self, nodes: Iterable[WantedNode], found: "_Found") -> tuple[WantedPerson, ...]:
        people = People()
        for one in self.people:
            one.meet(people, found.faults)
        for name in (name for node in nodes for name in node.people):
            people.meet(name)
        return people.all()


@dataclass(slots=True)
class _Found:
    """What the rows have given so far."""

    read: int = 0
    skipped: int = 0
    faults: list[RowFault] = field(default_factory=list)
    places: dict[Place, None] = field(default_factory=dict)
    stages: dict[Place, str] = field(default_factory=dict)
    numbered: Counter[Place] = field(default_factory=Counter)
    figures: Figures = field(default_factory=Figures)
    totals: Totals = field(default_factory=Totals)
    totals_met: list[RowFault] = field(default_factory=list)

    def total(self, row: Standing, called: str | None, why: str) -> None:
        """A total among details is told, and not added."""
        self.totals_met.append(RowFault(row.file, row.line, None, called, f"{why}."))
        self.totals.begin_again()

    def notes(self) -> Iterator[str]:
        """What there is to know besides."""
        if self.stages:
            counted = Counter(self.stages.values()).most_common()
            told = ", ".join(f"{number:,} × “{stage}”" for stage, number in counted)
            yield f"Stages of the tracker are kept as tags, because an import passes no gate: {told}."
        if self.figures.blank:
            yield f"{self.figures.blank:,} cells for amounts were blank: they are not known, and not zero."
