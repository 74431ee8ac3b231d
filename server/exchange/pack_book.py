"""A workbook with the house's formats: what the sheets of a board pack are written with."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from server.exchange import pack_words as words
from server.exchange.board_pack import About, Amount

Cell = str | int | Decimal | date | None
"""What a cell holds. A Decimal is an amount of money in the pack's currency."""
HEAD = 3
"""The row of a sheet's first heading: title, subtitle and an empty row stand above it."""
LONGEST_TEXT = 32_767
_USUAL_WIDTH, _PER_WIDTH = 8, 1.1  # a column's width in characters, and how many of a text fit to one of them
_LINE, _HIGHEST = 13, 400  # points


class Book:
    """One workbook on its way. Amounts are written as the numbers they are; Excel itself keeps 15 digits of each."""

    def __init__(self, about: About) -> None:
        self.about = about
        self.file = BytesIO()
        self.workbook: Workbook = xlsxwriter.Workbook(
            self.file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        )
        self.workbook.set_properties(
            {
                "title": f"Board pack: {about.place}",
                "company": about.organization,
                "created": about.made_at.replace(tzinfo=None),
            }
        )
        self.workbook.set_calc_mode("auto")
        decimals = f".{'0' * about.places}" if about.places else ""
        self._number = f'#,##0{decimals} "{about.currency}";{words.MINUS}#,##0{decimals} "{about.currency}"'
        base: dict[str, Any] = {"font_name": "Arial", "font_size": 10, "font_color": f"#{words.TEXT}", "valign": "top"}
        looks: dict[str, dict[str, Any]] = {
            "text": _LEFT | {"text_wrap": True},
            "muted": _LEFT | {"font_color": f"#{words.TEXT_2}"},
            "head": _HEAD | _LEFT,
            "head right": _HEAD | {"align": "right"},
            "money": {"num_format": self._number, "align": "right"},
            "money total": {"num_format": self._number, "bold": True, "top": 1, "align": "right"},
            "total": _LEFT | {"bold": True, "top": 1},
            "count": {"num_format": "#,##0"},
            "count total": {"num_format": "#,##0", "bold": True, "top": 1},
            "share": {"num_format": "0.0 %"},
            "share total": {"num_format": "0.0 %", "bold": True, "top": 1},
            "date": _LEFT | {"num_format": "d mmm yyyy"},
            "hidden": {"font_color": f"#{words.TEXT_2}", "italic": True, "align": "right"},
            "worse": {"font_color": f"#{words.WORSE}"},
            "better": {"font_color": f"#{words.BETTER}"},
        }
        self.formats = {name: self.workbook.add_format(base | look) for name, look in looks.items()}

    def sheet(self, name: str, subtitle: str, widths: Sequence[int], *, pages: int = 0) -> "Sheet":
        """A new sheet with its title and its columns' widths, printed on one page's width; `pages` at most (0: any)."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self.formats["text"])
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, pages)
        sheet.set_footer(f"&L{words.as_of(self.about).replace('&', '&&')}&R&P / &N")
        sheet.write_string(0, 0, f"{self.about.place}: {name.lower()}", self.workbook.add_format(_TITLE))
        sheet.write_string(1, 0, subtitle, self.workbook.add_format(_SUBTITLE))
        sheet.set_row(0, 24)
        return Sheet(self, sheet, name, widths)

    def done(self) -> bytes:
        """The finished file."""
        self.workbook.close()
        return self.file.getvalue()


_LEFT = {"align": "left", "indent": 1}
_HEAD = {
    "bold": True,
    "bg_color": f"#{words.SURFACE}",
    "bottom": 1,
    "bottom_color": f"#{words.INK_3}",
    "text_wrap": True,
}
_TITLE = {
    "font_name": "Arial",
    "font_size": 16,
    "bold": True,
    "align": "left",
    "indent": 1,
    "font_color": f"#{words.TEXT}",
}
_SUBTITLE = {"font_name": "Arial", "font_size": 10, "align": "left", "indent": 1, "font_color": f"#{words.TEXT_2}"}


class Sheet:
    """One sheet: cells by what they hold, and formulas that carry the value they come to."""

    def __init__(self, book: Book, sheet: Worksheet, name: str, widths: Sequence[int]) -> None:
        self.book, self.sheet, self.name = book, sheet, name
        self._formats, self._widths = book.formats, widths
        self._lines: dict[int, int] = {}

    def note(self, row: int, text: str) -> None:
        """A remark that runs over the empty cells to its right."""
        self.sheet.write_string(row, 0, text, self._formats["muted"])

    def _grow(self, row: int, column: int, text: str) -> None:
        """Make a row as high as its longest text: not every program does so by itself."""
        width = self._widths[column] if column < len(self._widths) else _USUAL_WIDTH
        lines = sum(ceil(max(1, len(line)) / (width * _PER_WIDTH)) for line in text.split("\n"))
        if lines > self._lines.get(row, 1):
            self._lines[row] = lines
            self.sheet.set_row(row, min(lines * _LINE, _HIGHEST))

    def heads(self, row: int, names: Iterable[str], *, right_from: int = 1) -> None:
        """A row of headings; from a column on they stand to the right, as figures do."""
        for column, name in enumerate(names):
            self.sheet.write_string(row, column, name, self._formats["head right" if column >= right_from else "head"])

    def put(self, row: int, column: int, value: Cell, *, total: bool = False) -> None:
        """A cell by its type. None is an amount that may not be read."""
        more = " total" if total else ""
        if value is None:
            self.sheet.write_string(row, column, words.NOT_READ, self._formats["hidden"])
        elif isinstance(value, Decimal):
            self.sheet.write_number(row, column, value, self._formats[f"money{more}"])
        elif isinstance(value, int):
            self.sheet.write_number(row, column, value, self._formats[f"count{more}"])
        elif isinstance(value, date):
            naive = value.replace(tzinfo=None) if isinstance(value, datetime) else value
            self.sheet.write_datetime(row, column, naive, self._formats["date"])
        else:
            self.sheet.write_string(row, column, value[:LONGEST_TEXT], self._formats["total" if total else "text"])
            self._grow(row, column, value)

    def rows(self, first: int, rows: Iterable[Sequence[Cell]]) -> int:
        """Rows of cells; the row after the last."""
        row = first
        for cells in rows:
            for column, cell in enumerate(cells):
                self.put(row, column, cell)
            row += 1
        return row

    def sum(self, row: int, column: int, formula: str, value: Amount | int, *, total: bool = True) -> None:
        """A live formula with what it comes to now; where that may not be read, no formula either."""
        if value is None:
            self.put(row, column, None)
            return
        kind = "count" if isinstance(value, int) else "money"
        look = self._formats[f"{kind} total" if total else kind]
        self.sheet.write_formula(row, column, formula, look, value)

    def share(
        self, row: int, column: int, part: str, whole: str, values: tuple[Amount, Amount], *, total: bool = False
    ) -> None:
        """One cell's share of another; empty where there is nothing to share."""
        over, under = values
        if over is None or under is None:
            self.put(row, column, None)
            return
        look = self._formats["share total" if total else "share"]
        self.sheet.write_formula(
            row, column, f'=IF({whole}=0,"",{part}/{whole})', look, float(over / under) if under else ""
        )

    def tint_gaps(self, first: int, last: int, column: int, *, below_is_worse: bool = True) -> None:
        """Orange for what is missing, blue for what is over."""
        for criteria, look in (("<", "worse"), (">", "better")):
            rule = {"type": "cell", "criteria": criteria, "value": 0, "format": self._formats[look]}
            if below_is_worse:
                self.sheet.conditional_format(first, column, last, column, rule)

    def freeze(self, row: int, columns: int = 0) -> None:
        """Keep headings (and first columns) in sight, on paper as well."""
        self.sheet.freeze_panes(row + 1, columns)
        self.sheet.repeat_rows(row)

    def chart(
        self, kind: dict[str, str], series: Iterable[dict[str, Any]], at: str, size: tuple[int, int], **more: Any
    ) -> None:
        """A native chart; `more` are its title and what else xlsxwriter's chart is told."""
        chart = self.book.workbook.add_chart(kind)
        for one in series:
            chart.add_series(one)
        chart.set_title({"name": more["title"], "name_font": _FONT | {"size": 12, "bold": True}, "overlay": False})
        chart.set_legend({"position": "bottom", "font": _FONT} if more.get("legend", True) else {"none": True})
        line, grid = {"color": f"#{words.INK_3}"}, {"color": f"#{words.BORDER}"}
        chart.set_x_axis({"num_font": _FONT, "line": line, "label_position": "low"} | more.get("x", {}))
        gridlines = {"visible": True, "line": grid}
        chart.set_y_axis({"num_font": _FONT, "line": {"none": True}, "major_gridlines": gridlines} | more.get("y", {}))
        chart.set_size({"width": size[0], "height": size[1]})
        chart.set_chartarea({"border": {"color": f"#{words.BORDER}"}})
        self.sheet.insert_chart(at, chart)

    def range(self, column: int, first: int, last: int) -> str:
        """A range of one column for a chart."""
        name = xl_col_to_name(column)
        return f"='{self.name}'!${name}${first + 1}:${name}${last + 1}"


_FONT = {"name": "Arial", "size": 9, "color": f"#{words.TEXT_2}"}
