"""One sheet of an XLSX workbook as text: numbers exact and without “.0”, dates as ISO 8601, errors as they show."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from server.exchange.decoding import no_table
from server.exchange.sheet_errors import Errors, cells_in_error

_MAX_UNPACKED = 600_000_000
_EXCEL_DIGITS = 15  # Excel keeps and shows no more; what a binary fraction adds behind them is noise
_Cell = int | float | str | bool | time | date | datetime | timedelta


def sheet_rows(file: str, data: bytes, sheet: str | None) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """The sheet's name and its filled rows with their row numbers; without a name the first sheet.

    Raises `Refused` (INVALID) when the archive is no workbook, would unpack to more than 600 MB, or has no such sheet.
    """
    _check_archive(file, data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = workbook.sheet_names
        if sheet is not None and sheet not in names:
            raise no_table(file, f"has no sheet “{sheet}”; its sheets are {', '.join(names)}.")
        found = workbook.get_sheet_by_name(sheet or names[0])
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            errors = cells_in_error(archive, found.name)
        return found.name, _filled(found, errors)
    except (CalamineError, IndexError) as error:
        raise no_table(file, "is a damaged workbook. Open it in a spreadsheet program and save it again.") from error


def _check_archive(file: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise no_table(file, "is a damaged workbook or archive.") from error
    if not any(member.filename.startswith("xl/") for member in members):
        raise no_table(file, "is not a table: it is a ZIP archive. Unpack it and import the files in it.")
    if sum(member.file_size for member in members) > _MAX_UNPACKED:
        raise no_table(
            file, f"would unpack to more than {_MAX_UNPACKED // 1_000_000} MB. Split it or export it as CSV."
        )


def _filled(sheet: CalamineSheet, errors: Errors) -> Iterator[tuple[int, list[str]]]:
    in_row: dict[int, list[tuple[int, str]]] = {}
    for (number, column), shown in errors.items():
        in_row.setdefault(number, []).append((column, shown))
    for number, row in enumerate(sheet.to_python(skip_empty_area=False), 1):
        cells = [_text(cell) for cell in row]
        for column, shown in in_row.get(number, ()):
            if column <= len(cells):
                cells[column - 1] = shown
        if any(cells):
            yield number, cells


def _text(cell: _Cell) -> str:
    """A cell as exact text: 4514.0 → 4514, 0.30000000000000004 → 0.3, a day at midnight → 2017-03-01."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _number(cell: float) -> str:
    exact = Decimal(f"{cell:.{_EXCEL_DIGITS}g}")
    if not exact.is_finite():
        return str(exact)
    return str(int(exact)) if exact == exact.to_integral_value() and exact.adjusted() < _EXCEL_DIGITS else f"{exact:f}"
