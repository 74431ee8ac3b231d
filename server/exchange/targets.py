"""The reading half of `import targets`: files and a mapping become quota of sales plans, or one refusal."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fnmatch import fnmatchcase
from pathlib import Path as FilePath

from server.domain.sales import SalesDimension
from server.exchange.amounts import Amount, ValueReader
from server.exchange.binding import Binding
from server.exchange.branch import Branch, NoPlan, Plans
from server.exchange.cells import text
from server.exchange.doubtful import Totals, names_total
from server.exchange.extract import Place, Wanted, WantedNode, WantedPerson
from server.exchange.figures import Figures, WantedLine
from server.exchange.roster import NamedPeople, People
from server.exchange.row_reading import RowReading
from server.exchange.scope import Scope, Standing
from server.exchange.tables import RowFault
from server.exchange.targets_mapping import DIMENSIONS, TargetsMapping
from server.exchange.uploads import bound

_WHOLE = "Quota"
_EVERY = 500  # rows between two reports of progress


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsExtract(Wanted):
    """Targets, read: quota by plan, each line one seller or segment (or the whole plan, where `dimension` is None)."""

    dimension: SalesDimension | None
    lines: tuple[WantedLine, ...]
    sellers: Mapping[Place, tuple[str, ...]]
    unknown: tuple[RowFault, ...]
    left_out: tuple[RowFault, ...]
    fiscal_year_start: int | None

    @property
    def places(self) -> frozenset[Place]:
        """The plans."""
        return frozenset(line.place for line in self.lines)


def read_targets(
    files: dict[str, bytes], mapping: str, progress: Callable[[int, int], None] | None = None
) -> TargetsExtract:
    """Read the uploads (name → bytes) as the YAML text `mapping` says; `progress` hears how many rows are read.

    Raises `Refused` (INVALID) when the mapping or a file cannot be used at all; its details list every such fault.
    A row that cannot be taken refuses nothing: it is in `faults`.
    """
    return bound(files, mapping, TargetsMapping, _Targets).read(files, progress or (lambda _done, _all: None))


class _Targets:
    """Everything a mapping names, made readable before the first row is read."""

    def __init__(self, binding: Binding, mapping: TargetsMapping) -> None:
        self.mapping, self.binding, self.branch = mapping, binding, Branch()
        scope = self.scope = Scope(binding, binding.main)
        self.plans = Plans(scope, self.branch, mapping.plans)
        self.value = ValueReader(scope, mapping, mapping.quota, ("quota",))
        cut = next(iter(mapping.quota.cuts()), None)
        self.dimension = DIMENSIONS[cut[0]] if cut else None
        self.segment = (cut[1].column or cut[0], scope.field(cut[1], ("quota", cut[0]))) if cut else None
        self.managers = _Managers(scope, mapping)
        self.skips = [(scope.column(name, ("skip", name)), frozenset(values)) for name, values in mapping.skip.items()]
        self.people = [NamedPeople(binding, index) for index in range(len(mapping.people.columns))]

    def read(self, uploads: Iterable[str], progress: Callable[[int, int], None]) -> TargetsExtract:
        """Read all rows."""
        found, broken, about = _Found(), list[RowFault](), self.binding.main.lines
        self.managers.look(self.scope)
        for row in self.scope.rows(broken):
            found.read += 1
            if found.read % _EVERY == 0:
                progress(found.read, about)
            self._row(row, found)
        found.read += len({(one.file, one.line) for one in broken if one.file in self.binding.main.uploads})
        progress(found.read, found.read)
        lines = found.figures.settled(found.faults)
        sellers = self._sellers(lines)
        nodes = self.branch.needed({line.place for line in lines})
        return TargetsExtract(
            system=self.mapping.system,
            nodes=nodes,
            people=self._people(nodes, sellers, found),
            create_people=self.mapping.people.missing == "create",
            faults=tuple(dict.fromkeys([*broken, *found.faults])),
            read=found.read,
            skipped=found.skipped,
            notes=tuple(self.binding.notes(FilePath(name).name for name in uploads)),
            dimension=self.dimension,
            lines=lines,
            sellers=sellers,
            unknown=tuple(found.figures.unstated.unknown),
            left_out=tuple(found.left_out),
            fiscal_year_start=self.mapping.fiscal_year_start,
        )

    def _row(self, row: Standing, found: "_Found") -> None:
        if any(read(row.cells) in values for read, values in self.skips):
            found.skipped += 1
            return
        here = RowReading(row)
        amounts = list(self.value.amounts(here, found.figures.unstated))
        vector: dict[object, Decimal] = {amount.month: amount.value for amount in amounts}
        segment = here.text(*self.segment) if self.segment else ""
        called = names_total([segment or "", *self.plans.names(row.cells)])
        if called or (segment == "" and self.segment and found.totals.equal(vector)):
            why = (
                f"It is called “{called}”" if called else "It names nobody, and its amounts are the sums of those above"
            )
            found.leave(row, called, f"{why}: a total is not added to its details", amounts)
        elif manages := self.managers.why(row):
            found.leave(row, segment, f"{manages}: the targets of managers hold those of their people", amounts)
        else:
            self._take(here, segment, amounts, found)

    def _take(self, here: RowReading, segment: str | None, amounts: list[Amount], found: "_Found") -> None:
        """Take a row in, or tell all that is wrong with it."""
        place, named = None, "" if self.segment else _WHOLE
        if self.segment and segment == "":
            here.fault(self.segment[0], None, "This row does not say whose target it is.")
        elif self.segment and segment:
            named = here.value(self.segment[0], segment, text) or ""
        try:
            place = self.plans.place(here.row.cells)
        except NoPlan as why:
            here.fault(None, None, f"It belongs to no sales plan: {why}")
        except ValueError as why:
            here.refuse(None, why, "It belongs to no sales plan: ")
        found.faults += here.faults
        if not here.faults:
            found.totals.add({amount.month: amount.value for amount in amounts})
        if place is None or not named:
            return
        for amount in amounts:
            found.figures.add(place, here.row, amount._replace(name=named), taken=not here.faults)

    def _sellers(self, lines: Iterable[WantedLine]) -> dict[Place, tuple[str, ...]]:
        """Who has a quota sells under the plan."""
        sellers: dict[Place, dict[str, None]] = {}
        for line in lines if self.dimension is SalesDimension.SELLER else ():
            sellers.setdefault(line.place, {})[line.name] = None
        return {place: tuple(names) for place, names in sellers.items()}

    def _people(
        self, nodes: Iterable[WantedNode], sellers: Mapping[Place, tuple[str, ...]], found: "_Found"
    ) -> tuple[WantedPerson, ...]:
        people = People()
        for one in self.people:
            one.meet(people, found.faults)
        for name in (
            *(name for node in nodes for name in node.people),
            *(n for names in sellers.values() for n in names),
        ):
            people.meet(name)
        return people.all()


class _Managers:
    """Tells whose targets are sums of others'."""

    def __init__(self, scope: Scope, mapping: TargetsMapping) -> None:
        rule = mapping.managers
        self._patterns = tuple(pattern.lower() for pattern in rule.titles) if rule else ()
        self._title = scope.column(rule.title, ("managers", "title")) if rule and rule.title else None
        self._person = scope.column(rule.person, ("managers", "person")) if rule and rule.person else None
        self._boss = scope.column(rule.reports_to, ("managers", "reportsTo")) if rule and rule.reports_to else None
        self._bosses = set[str]()

    def look(self, scope: Scope) -> None:
        """Find out whom others report to."""
        if self._boss:
            self._bosses = {self._boss(row.cells) for row in scope.rows([])} - {""}

    def why(self, row: Standing) -> str | None:
        """Why the person of a row is a manager; None for who is not."""
        title = self._title(row.cells) if self._title else ""
        if title and any(fnmatchcase(title.lower(), pattern) for pattern in self._patterns):
            return f"The title is “{title}”"
        if self._person and (person := self._person(row.cells)) in self._bosses:
            return f"Others report to {person}"
        return None


@dataclass(slots=True)
class _Found:
    """What the rows have given so far."""

    read: int = 0
    skipped: int = 0
    faults: list[RowFault] = field(default_factory=list)
    left_out: list[RowFault] = field(default_factory=list)
    figures: Figures = field(default_factory=Figures)
    totals: Totals = field(default_factory=Totals)

    def leave(self, row: Standing, called: str | None, why: str, amounts: list[Amount]) -> None:
        """Keep a row as information: its months and their sum are told, and no quota."""
        if not amounts:
            return
        total, currency = sum(amount.value for amount in amounts), amounts[0].currency
        months = (
            f"{len(amounts)} months from {amounts[0].month} to {amounts[-1].month}"
            if len(amounts) > 1
            else str(amounts[0].month)
        )
        self.left_out.append(
            RowFault(row.file, row.line, None, called, f"{why}. {months}, {total:f} {currency} in all.")
        )
        self.totals.begin_again()
