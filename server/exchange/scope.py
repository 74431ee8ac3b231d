"""What can be read when one stands on a row of one file: its own columns and those of the files joined to it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from server.domain.wording import Path
from server.exchange.binding import Binding, BoundFile
from server.exchange.loading import nearest
from server.exchange.sources import FieldRule, Source
from server.exchange.tables import RowFault

# The cells of one row of every file of the mapping, in its order; a file without a counterpart gives blanks.
Cells = list[tuple[str, ...]]
Read = Callable[[Cells], str]
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_FEW = 2000  # among more keys than this no nearest one is looked for


class Unmapped(ValueError):
    """A value that a map with `unmapped: refuse` does not know."""

    def __init__(self, value: str, known: list[str]) -> None:
        super().__init__(f"is not in the map of this field{nearest(value, known)}")
        self.value = value


class Standing(NamedTuple):
    """A row with all that is joined to it; `faults` are keys without a counterpart."""

    file: str
    line: int
    cells: Cells
    faults: list[RowFault]


@dataclass(slots=True)
class _Join:
    file: BoundFile
    slots: list[int]
    reads: list[Read]
    labels: list[str]
    refuse_missing: bool
    rows: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    faulty: dict[tuple[str, ...], str] = field(default_factory=dict)

    def index(self, blanks: frozenset[str], faults: list[RowFault]) -> None:
        """Find every row by its key. A key on two lines that disagree is good for neither."""
        for table, row, cells in self.file.rows(blanks, faults):
            key = tuple(cells[slot] for slot in self.slots)
            line, known = self.rows.setdefault(key, (row.line, cells))
            if known != cells:
                self.faulty[key] = f"stands on lines {line} and {row.line} of {table.file}, which disagree"

    def look_up(self, cells: Cells) -> tuple[tuple[str, ...], str | None]:
        """The counterpart's cells, and what is wrong with the key."""
        key = tuple(read(cells) for read in self.reads)
        if "" in key or not self.file.tables:
            return self.file.blank(), None
        if key in self.faulty:
            return self.file.blank(), self.faulty[key]
        found = self.rows.get(key)
        if found is None and self.refuse_missing:
            self.faulty[key] = f"is not in {self.file.name}{self._nearest(key)}"
            return self.file.blank(), self.faulty[key]
        return (found[1] if found else self.file.blank()), None

    def _nearest(self, key: tuple[str, ...]) -> str:
        known = [one[0] for one in self.rows] if len(key) == 1 and len(self.rows) < _FEW else []
        ending = nearest(key[0], known) if known else ""
        return "" if ending.startswith("; there is") else ending


class Scope:
    """Reads rows of `start`. Making a reader that needs a file not joined to `start` notes a fault of the mapping."""

    def __init__(self, binding: Binding, start: BoundFile) -> None:
        self.binding, self.start = binding, start
        self._reached = {start.alias}
        self._joins: list[_Join] = []
        self._fields: dict[str, Read] = {}
        self._join_all()

    def column(self, name: str, path: Path) -> Read:
        """A way to read a column."""
        file, header = self.binding.column(name, path)
        if file.alias not in self._reached:
            start = self.start.alias
            sentence = f"“{name}” cannot be read from a row of {start}: {file.alias} is not joined to it"
            why = "" if self.start is self.binding.main else f" (sellers and people are read from rows of {start})"
            self.binding.fault(path, f"{sentence}{why}. Add  {file.alias}.KEY: {start}.KEY  under joins.")
        index, slot = file.index, file.slot(header)
        return lambda cells: cells[index][slot]

    def text(self, template: str, path: Path) -> tuple[Read, list[tuple[str, Read]]]:
        """A template as a way to read it, and its placeholders with theirs: text fields first, then columns."""
        parts = _PLACEHOLDER.split(template)
        literals, names = parts[::2], parts[1::2]
        reads = [self._placeholder(name, path) for name in names]
        if len(reads) == 1 and not any(literals):
            return reads[0], [(names[0], reads[0])]

        def read(cells: Cells) -> str:
            values = [*(one(cells) for one in reads), ""]
            return "".join(literal + value for literal, value in zip(literals, values, strict=True))

        return read, list(zip(names, reads, strict=True))

    def field(self, rule: FieldRule, path: Path) -> Read:
        """A text field: its source, else its fallback."""
        first = self.source(rule, path)
        second = self.source(rule.fallback, (*path, "fallback")) if rule.fallback else None
        blanks = frozenset(rule.blank)

        def read(cells: Cells) -> str:
            value = first(cells)
            value = "" if value in blanks else value
            return value or (second(cells) if second else "")

        return read

    def source(self, source: Source, path: Path) -> Read:
        """A column, a template or a constant, mended by `remove` and `map`. Reading may raise Unmapped."""
        read = self._raw(source, path)
        return _mended(read, source) if source.map or source.remove else read

    def rows(self, faults: list[RowFault]) -> Iterator[Standing]:
        """Every row of `start` with its counterparts. Called when all readers are made: only used columns stay."""
        for join in self._joins:
            join.index(self.binding.blanks, faults)
        blank = [file.blank() for file in self.binding.files.values()]
        for table, row, own in self.start.rows(self.binding.blanks, faults):
            cells, broken = blank.copy(), []
            cells[self.start.index] = own
            for join in self._joins:
                cells[join.file.index], why = join.look_up(cells)
                if why:
                    value = " + ".join(read(cells) for read in join.reads)
                    reason = f"“{value}” {why}"
                    broken.append(RowFault(table.file, row.line, " + ".join(join.labels), value, reason))
            yield Standing(table.file, row.line, cells, broken)

    def _raw(self, source: Source, path: Path) -> Read:
        if source.column is not None:
            return self.column(source.column, path)
        if source.template is not None:
            template, placeholders = self.text(source.template, path)
            # A template whose placeholders are all blank says nothing.
            return lambda cells: template(cells) if any(read(cells) for _, read in placeholders) else ""
        constant = source.constant or ""
        return lambda _: constant

    def _placeholder(self, name: str, path: Path) -> Read:
        known = self.binding.mapping.text_fields().get(name)
        # There a template names columns, so fields cannot turn in a circle.
        if known is None or path[0] in {"columns", "fields"}:
            return self.column(name, path)
        if name not in self._fields:
            self._fields[name] = self.field(*known)
        return self._fields[name]

    def _join_all(self) -> None:
        """Join file after file, as far as keys reach; a file with two keys is joined by both."""
        waiting = self._written_joins()
        while ready := [alias for alias, sides in waiting.items() if all(one[1] in self._reached for one in sides)]:
            for alias in ready:
                self._join(self.binding.files[alias], waiting.pop(alias))
        if self.start is self.binding.main:
            for alias in waiting:
                sentence = f"{alias} is joined neither to {self.start.alias} nor to a file that is."
                self.binding.fault(("joins",), sentence)

    def _written_joins(self) -> dict[str, list[tuple[str, str, str]]]:
        """For every joined file its keys as written: the whole key, the file it matches, and what it matches."""
        found: dict[str, list[tuple[str, str, str]]] = {}
        for key, join in self.binding.mapping.joins.items():
            alias = key.partition(".")[0]
            if alias not in self.binding.files or "." not in key:
                known = ", ".join(self.binding.files)
                self.binding.fault(("joins", key), f"A join is written FILE.COLUMN; its files are {known}.")
                continue
            matched, _ = self.binding.column(join.matches, ("joins", key))
            if alias != self.start.alias:
                found.setdefault(alias, []).append((key, matched.alias, join.matches))
        return found

    def _join(self, file: BoundFile, sides: list[tuple[str, str, str]]) -> None:
        slots, reads, refuse = [], [], True
        for key, _, matches in sides:
            header = key.partition(".")[2]
            self.binding.column(key, ("joins", key))
            slots.append(file.slot(header))
            reads.append(self.column(matches, ("joins", key)))
            refuse = refuse and self.binding.mapping.joins[key].missing == "refuse"
        self._reached.add(file.alias)
        self._joins.append(_Join(file, slots, reads, [matches for _, _, matches in sides], refuse))


def _mended(read: Read, source: Source) -> Read:
    known, unmapped = source.map, source.unmapped

    def mended(cells: Cells) -> str:
        value = read(cells)
        for sign in source.remove:
            value = value.replace(sign, "").strip()
        if value in known:
            return known[value] or ""
        if known and value and unmapped == "refuse":
            raise Unmapped(value, list(known))
        return "" if known and unmapped == "blank" else value

    return mended
