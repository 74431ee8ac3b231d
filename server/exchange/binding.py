"""Ties the files of a mapping to the uploads that came; a name that leads nowhere is a fault that lists the headers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from server.domain.refusals import Refused
from server.domain.wording import Path
from server.exchange.loading import nearest
from server.exchange.mapping import File, Sources
from server.exchange.tables import Row, RowFault, Table, read_table


@dataclass(slots=True)
class BoundFile:
    """A file of the mapping with the uploads that answer to it, and the columns the mapping uses."""

    alias: str
    index: int
    spec: File
    tables: list[Table]
    used: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The upload's name, for sentences."""
        return self.tables[0].file if self.tables else self.spec.name

    @property
    def uploads(self) -> frozenset[str]:
        """The names of its uploads."""
        return frozenset(table.file for table in self.tables)

    @property
    def lines(self) -> int:
        """How many rows it has at most."""
        return sum(table.lines for table in self.tables)

    def holds(self, header: str) -> bool:
        """Whether the first upload has the column."""
        return bool(self.tables) and header in self.tables[0].headers

    def slot(self, column: str) -> int:
        """Where the cells of a row hold `column`, which is used from now on."""
        if column not in self.used:
            self.used.append(column)
        return self.used.index(column)

    def blank(self) -> tuple[str, ...]:
        """What stands for a row that is not there."""
        return ("",) * len(self.used)

    def rows(self, blanks: frozenset[str], faults: list[RowFault]) -> Iterator[tuple[Table, Row, tuple[str, ...]]]:
        """Every row with the cells of the used columns: trimmed, spellings mended, blank words emptied."""
        aliases = [self.spec.aliases.get(column, {}) for column in self.used]
        mends = any(aliases)
        for table in self.tables:
            places = [table.headers.index(column) for column in self.used]
            for row in table.rows(faults):
                read = row.cells
                cells = [read[place].strip() for place in places]
                if mends:
                    cells = [known.get(cell, cell) for cell, known in zip(cells, aliases, strict=True)]
                yield table, row, tuple(cells if blanks.isdisjoint(cells) else _emptied(cells, blanks))


def _emptied(cells: Iterable[str], blanks: frozenset[str]) -> list[str]:
    return ["" if cell in blanks else cell for cell in cells]


class Binding:
    """The files of one import, and all that is wrong with the mapping in their light, told at once."""

    def __init__(self, mapping: Sources, uploads: dict[str, bytes]) -> None:
        self.mapping = mapping
        self.blanks = frozenset(mapping.blank)
        self.faults: list[tuple[Path, str]] = []
        self.unreadable: list[str] = []
        self.files = {
            alias: BoundFile(alias, index, spec, self._tables(alias, spec, uploads))
            for index, (alias, spec) in enumerate(mapping.files.items())
        }
        self.main = self.files[mapping.main_file]
        for alias, file in self.files.items():
            for column in file.spec.aliases:
                self._check(file, column, ("files", alias, "aliases", column))

    def fault(self, path: Path, sentence: str) -> None:
        """Note that the mapping is wrong at `path`."""
        if (path, sentence) not in self.faults:
            self.faults.append((path, sentence))

    def column(self, name: str, path: Path) -> tuple[BoundFile, str]:
        """The file and header of `Close Date` (of the main file) or `teams.manager`."""
        alias, dot, rest = name.partition(".")
        file = self.main
        if dot and alias in self.files and not self.main.holds(name):
            file, name = self.files[alias], rest
        self._check(file, name, path)
        return file, name

    def notes(self, uploads: Iterable[str]) -> Iterator[str]:
        """How every file was read, and which uploads the mapping does not name."""
        tables = [table for file in self.files.values() for table in file.tables]
        yield from dict.fromkeys(table.note for table in tables)
        for name in sorted(set(uploads) - {table.upload for table in tables}):
            yield f"{name} was not read: the mapping names no such file."

    def _tables(self, alias: str, spec: File, uploads: dict[str, bytes]) -> list[Table]:
        names = matching(spec.name, uploads)
        if not names and not spec.optional:
            came = ", ".join(sorted(uploads)) or "none"
            self.fault(("files", alias, "name"), f"No file is called “{spec.name}”. Files that came: {came}.")
        found = []
        for name in names:
            try:
                found.append(read_table(name, uploads[name], spec.layout))
            except Refused as refusal:
                self.unreadable.append(refusal.message)
        return found

    def _check(self, file: BoundFile, column: str, path: Path) -> None:
        for table in file.tables:
            if column in table.repeated():
                places = " and ".join(str(place) for place, one in enumerate(table.headers, 1) if one == column)
                self.fault(path, f"“{column}” stands over columns {places} of {table.file}. Rename one of them.")
            elif column not in table.headers:
                self.fault(path, f"{table.file} has no column “{column}”{_headers(column, table)}")


def matching(pattern: str, names: Iterable[str]) -> list[str]:
    """The uploads that answer to a name or a pattern such as `deals-*.csv`, by name; letter case does not matter."""
    low = pattern.lower()
    return sorted(name for name in names if name.lower() == low or fnmatchcase(name.lower(), low))


def _headers(column: str, table: Table) -> str:
    """Ends a sentence about a column that is not there: the nearest one, and all there are."""
    named = [header for header in table.headers if header]
    ending = nearest(column, named)
    return ending if ending.startswith("; there is") else f"{ending} Its columns: {', '.join(named)}."
