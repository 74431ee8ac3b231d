"""The reading half of `import tracker`: files and a mapping become initiatives with value lines, or one refusal."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path as FilePath

from server.exchange.amounts import Amount, ValueReader
from server.exchange.binding import Binding
from server.exchange.branch import Branch, NoPlan, Plans
from server.exchange.doubtful import Totals, mentions_total, names_total
from server.exchange.extract import ExternalKey, Place, Wanted, WantedNode, WantedPerson
from server.exchange.figures import Figures, SpokenOf, WantedLine, spoken_of
from server.exchange.roster import NamedPeople, People
from server.exchange.row_reading import RowReading
from server.exchange.scope import Scope, Standing
from server.exchange.tables import RowFault
from server.exchange.tracker_mapping import TrackerMapping
from server.exchange.uploads import bound

_CALLED = "It is called a total, and totals are not added to their details"
_SPOKEN = "Its name speaks of a total, and its amounts are the sums of the rows above"
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
    files: dict[str, bytes], mapping: str, progress: Callable[[int, int], None] | None = None
) -> TrackerExtract:
    """Read the uploads (name → bytes) as the YAML text `mapping` says; `progress` hears how many rows are read.

    Raises `Refused` (INVALID) when the mapping or a file cannot be used at all; its details list every such fault.
    A row that cannot be taken refuses nothing: it is in `faults`.
    """
    reading = bound(files, mapping, TrackerMapping, _Tracker)
    return reading.read(files, progress or (lambda _done, _all: None))


class _Tracker:
    """Everything a mapping names, made readable before the first row is read."""

    def __init__(self, binding: Binding, mapping: TrackerMapping) -> None:
        self.mapping, self.binding, self.branch = mapping, binding, Branch()
        self.scope = Scope(binding, binding.main)
        self.plans = Plans(self.scope, self.branch, mapping.initiatives, "initiatives")
        self.values = [
            ValueReader(self.scope, mapping, rule, ("values", index)) for index, rule in enumerate(mapping.values)
        ]
        rule = mapping.stage
        self.stage = (rule.column or "stage", self.scope.field(rule, ("stage",))) if rule else None
        self.skips = [
            (self.scope.column(name, ("skip", name)), frozenset(values)) for name, values in mapping.skip.items()
        ]
        self._named: dict[Place, tuple[str | None, str | None]] = {}
        self.people = [NamedPeople(binding, index) for index in range(len(mapping.people.columns))]

    def read(self, uploads: Iterable[str], progress: Callable[[int, int], None]) -> TrackerExtract:
        """Read all rows."""
        found, broken, about = _Found(), list[RowFault](), self.binding.main.lines
        for row in self.scope.rows(broken):
            found.read += 1
            if found.read % _EVERY == 0:
                progress(found.read, about)
            self._row(row, found)
        found.read += len({(one.file, one.line) for one in broken if one.file in self.binding.main.uploads})
        progress(found.read, found.read)
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
            unknown=tuple(found.figures.unstated.unknown),
            left_out=tuple(found.totals_met),
            speaks_of=spoken_of(self.mapping.values) if self.mapping.absent == "clear" else None,
            fiscal_year_start=self.mapping.fiscal_year_start,
        )

    def _row(self, row: Standing, found: "_Found") -> None:
        if any(read(row.cells) in values for read, values in self.skips):
            found.skipped += 1
            return
        here = RowReading(row)
        amounts = [amount for value in self.values for amount in value.amounts(here, found.figures.unstated)]
        vector: dict[object, Decimal] = {amount.key: amount.value for amount in amounts}
        place, why = self._placed(row)
        called, maybe = self._total_names(place, row)
        if called:
            found.total(row, called, _CALLED)
        elif (place is None or maybe) and not here.faults and found.totals.equal(vector):
            found.total(row, maybe, _SPOKEN if maybe else _NAMELESS)
        else:
            if isinstance(why, ValueError):
                here.refuse(None, why)
            elif why is not None:
                here.fault(None, None, f"It belongs to no initiative: {why}")
            self._take(here, place, amounts, vector, found)

    def _placed(self, row: Standing) -> tuple[Place | None, Exception | None]:
        """The initiative of a row, or why it has none."""
        try:
            return self.plans.place(row.cells), None
        except (NoPlan, ValueError) as why:
            return None, why

    def _take(
        self,
        here: RowReading,
        place: Place | None,
        amounts: list[Amount],
        vector: dict[object, Decimal],
        found: "_Found",
    ) -> None:
        """Take a row in, or tell what is wrong with it: with its cells, and beside the rows above."""
        row, stage = here.row, here.text(*self.stage) if self.stage else ""
        stands = found.stages.get(place, stage) if place else stage
        if stage and stands != stage:
            here.fault("stage", stage, f"The same initiative stands at “{stands}” in a row above")
        taken = place is not None and not here.faults
        found.faults += here.faults
        if place is None or (not taken and self.mapping.duplicates == "number"):
            return
        if taken:
            place = self._own(place, found)
            found.places[place] = None
            found.totals.add(vector)
            if stage:
                found.stages.setdefault(place, stage)
        for amount in amounts:
            found.figures.add(place, row, amount, taken=taken)

    def _own(self, place: Place, found: "_Found") -> Place:
        """The place of a row; with `duplicates: number` no row shares its initiative with a row above."""
        if self.mapping.duplicates == "refuse" or place not in found.places or not isinstance(place, ExternalKey):
            return place
        found.numbered[place] += 1
        key = ExternalKey(place.system, f"{place.id} ({found.numbered[place] + 1})")
        self.branch.nodes[key] = replace(self.branch.nodes[place], key=key)
        return key

    def _total_names(self, place: Place | None, row: Standing) -> tuple[str | None, str | None]:
        """The name that is a total's, and the one that may be, of all that a row belongs to; asked once for a place."""
        if place is None:
            return names_total(self.plans.names(row.cells)), None
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
        if self.figures.unstated.blank:
            yield f"{self.figures.unstated.blank:,} cells for amounts were blank: they are not known, and not zero."
