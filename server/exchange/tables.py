"""Tables: CSV of any delimiter and encoding, a sheet of a workbook, or JSON: rows of text that know their line."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from server.domain.refusals import Refused
from server.exchange.decoding import WORKBOOK, decode, no_table, refuse_binary
from server.exchange.json_records import is_json, json_records
from server.exchange.sheets import sheet_rows

MAX_BYTES = 200_000_000
MAX_ROWS = 1_000_000
_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 20
_BEGINNING = 4096
_PART = 1 << 20  # signs read at a time; a StringIO takes four bytes for each, so never one of the whole text
_SHOWN = 80


class Row(NamedTuple):
    """One row: the line it starts on (as an editor or a spreadsheet counts, from 1) and a text for every header."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why one row was not taken: where it stands, the column and value at fault (None: all of it), and the reason."""

    file: str
    line: int
    column: str | None
    value: str | None
    reason: str

    def __post_init__(self) -> None:
        """Keep a report readable: a long value is cut, a sentence ended."""
        if not self.reason.endswith((".", "?")):
            object.__setattr__(self, "reason", f"{self.reason}.")
        if self.value is not None and len(self.value) > _SHOWN:
            object.__setattr__(self, "value", self.value[:_SHOWN] + "…")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out, where that is not left to be found.

    `header` is the line of the headers; `columns` names them when the file has none.
    """

    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header: int = 1
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file that is a table.

    `file` is what reports call it, `upload` the file's own name; `note` says how it was read, `lines` how many rows it
    has at most, for who waits for them.
    """

    file: str
    upload: str
    headers: tuple[str, ...]
    note: str
    lines: int
    _records: Callable[[list[RowFault]], Iterator[Row]]

    def rows(self, faults: list[RowFault]) -> Iterator[Row]:
        """Every row with as many cells as there are headers; others go to `faults`. Blank rows are passed over.

        Raises `Refused` past a million rows.
        """
        width = len(self.headers)
        for count, (line, cells) in enumerate(self._records(faults)):
            if count >= MAX_ROWS:
                raise no_table(self.file, f"has more than {MAX_ROWS:,} rows. Split it and import the parts.")
            while len(cells) > width and not cells[-1].strip():
                cells.pop()
            if len(cells) == width:
                yield Row(line, cells)
            else:
                reason = f"This row has {len(cells)} cells, the header has {width}."
                faults.append(RowFault(self.file, line, None, None, reason))

    def repeated(self) -> set[str]:
        """Headers that stand over more than one column."""
        return {header for header, times in Counter(self.headers).items() if times > 1}


def read_table(file: str, data: bytes, layout: Layout = Layout()) -> Table:
    """Open a file as a table; its rows are read when they are walked.

    Raises `Refused` (INVALID), naming the file, when it is no table: binary, undecodable, empty, too large, headerless.
    """
    if len(data) > MAX_BYTES:
        raise too_large(file)
    if not data[:_BEGINNING].strip() and not data.strip():  # strip copies what it is called on
        raise no_table(file, "is empty.")
    if data.startswith(WORKBOOK):
        return _workbook(file, data, layout)
    refuse_binary(file, data)
    if is_json(file, data):
        return _json(file, data, layout)
    return _csv(file, data, layout)


def too_large(file: str) -> Refused:
    """The refusal of a file beyond the limit."""
    return no_table(file, f"is larger than {MAX_BYTES // 1_000_000} MB. Split it and import the parts.")


def _csv(file: str, data: bytes, layout: Layout) -> Table:
    text, encoding = decode(file, data, layout.encoding)
    start, hinted = _sep_line(text)
    delimiter = layout.delimiter or hinted or _sniffed(text, start, layout)
    source = _CsvText(file, text, delimiter)
    headers, after = _headers(file, source.records([], start), layout)
    named = {"\t": "tab"}.get(delimiter, delimiter)

    def records(faults: list[RowFault]) -> Iterator[Row]:
        return (row for row in source.records(faults, start) if row.line > after)

    note, ended = f"{file} was read as {encoding} with “{named}” between columns.", text.endswith("\n")
    return Table(file, file, headers, note, text.count("\n") + (not ended) - after, records)


def _json(file: str, data: bytes, layout: Layout) -> Table:
    text, encoding = decode(file, data, layout.encoding)
    headers, found = json_records(file, text)

    def records(_: list[RowFault]) -> Iterator[Row]:
        return (Row(number, list(cells)) for number, cells in enumerate(found, 1))

    note = f"{file} was read as {encoding} JSON; its lines are its records, counted from 1."
    return Table(file, file, headers, note, len(found), records)


def _workbook(file: str, data: bytes, layout: Layout) -> Table:
    sheet, lines = sheet_rows(file, data, layout.sheet)
    rows = [Row(line, cells) for line, cells in lines]
    headers, after = _headers(file, iter(rows), layout)

    def records(_: list[RowFault]) -> Iterator[Row]:
        return (Row(row.line, _fitted(row.cells, len(headers))) for row in rows if row.line > after)

    named = f"{file}, sheet “{sheet}”"  # a mapping may read several sheets of one workbook
    return Table(named, file, headers, f"{file} was read from its sheet “{sheet}”.", len(rows) - 1, records)


def _fitted(cells: list[str], width: int) -> list[str]:
    """A sheet has no ragged rows, only cells nobody filled in."""
    return cells + [""] * (width - len(cells))


def _headers(file: str, rows: Iterator[Row], layout: Layout) -> tuple[tuple[str, ...], int]:
    """The headers and the last line before the data; the first filled row at or below the `header` line holds them."""
    if layout.columns:
        return layout.columns, 0
    row = next((row for row in rows if row.line >= layout.header), None)
    if row is None:
        raise no_table(file, f"has no header on line {layout.header} or below it.")
    headers = [header.strip() for header in row.cells]
    while headers and not headers[-1]:
        headers.pop()
    return tuple(headers), row.line


def _sep_line(text: str) -> tuple[int, str | None]:
    """Excel's own hint, a first line `sep=;`: how many characters to pass over, and the delimiter."""
    first = text[:8].split("\n", 1)[0].rstrip("\r")
    if len(first) == len("sep=;") and first.lower().startswith("sep="):
        return len(first), first[-1]
    return 0, None


def _lines(text: str, start: int) -> Iterator[str]:
    """The lines of a text from a character on, with their ends, whichever of the three they are."""
    while start < len(text):
        end = text.find("\n", start + _PART) + 1 or len(text)
        yield from io.StringIO(text[start:end], newline="")
        start = end


def _sniffed(text: str, start: int, layout: Layout) -> str:
    """The delimiter that cuts the header, and all of a sample alike, into most columns; a comma when none cuts it."""
    lines = enumerate(_lines(text, start), 1)
    sample = list(islice((line for number, line in lines if number >= layout.header and line.strip()), _SAMPLE_LINES))

    def cuts(sign: str) -> tuple[bool, int]:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=sign)] or [0]
        except csv.Error:  # reading will tell what is wrong with the row
            return False, 0
        return widths[0] > 1 and len(set(widths)) == 1, widths[0]

    return max(_DELIMITERS, key=cuts)


@dataclass(frozen=True, slots=True)
class _CsvText:
    file: str
    text: str
    delimiter: str

    def records(self, faults: list[RowFault], start: int) -> Iterator[Row]:
        """Every filled record from the character `start` on; what the quoting rules forbid goes to `faults`."""
        reader = csv.reader(_lines(self.text, start), delimiter=self.delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                faults.append(RowFault(self.file, line, None, None, _quoting(str(error))))
                continue
            if any(cells):
                yield Row(line, cells)


def _quoting(error: str) -> str:
    if error == "unexpected end of data":
        return "A quotation mark opened in this row is never closed; this row and all below it were not read."
    if error.startswith("field larger"):
        return "A cell of this row is longer than 131,072 characters."
    return f"The quotation marks of this row do not match ({error})."
