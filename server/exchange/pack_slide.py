"""Slides with the house's looks: what the pages of a board pack are put together from. Lengths are inches."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from pptx import Presentation
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.table import Table, _Cell
from pptx.util import Inches, Pt

from server.exchange import pack_words as words
from server.exchange.board_pack import About

FONT = "Arial"
_BLANK = 6  # the default template's layout without placeholders
_MARGIN, _POINTS = 0.08, 72  # inches beside a cell's text; points of an inch
_LONGEST = 220  # characters of a cell; what is longer ends in an ellipsis, or the page would overflow


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a slide."""

    left: float
    top: float
    width: float
    height: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """The same as the file format counts."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


PAGE = (13.333, 7.5)
BODY = Box(0.53, 1.4, 12.27, 5.3)
WIDE = Box(0.53, 1.35, 12.27, 5.3)


class Deck:
    """A presentation on its way."""

    def __init__(self, about: About) -> None:
        self.about = about
        self.presentation = Presentation()
        self.presentation.slide_width, self.presentation.slide_height = Inches(PAGE[0]), Inches(PAGE[1])
        self.presentation.core_properties.title = f"Board pack: {about.place}"
        self.presentation.core_properties.author = about.made_by
        self._pages = 0

    def slide(self, title: str) -> "Slide":
        """A new page with its title, what the pack is about, and its foot."""
        self._pages += 1
        slide = Slide(self.presentation.slides.add_slide(self.presentation.slide_layouts[_BLANK]))
        about = self.about
        slide.text(Box(BODY.left, 0.3, BODY.width, 0.55), title, size=24, bold=True)
        subtitle = f"{about.place} · {words.where(about)} · {words.period(about)}"
        slide.text(Box(BODY.left, 0.85, BODY.width, 0.35), _short(subtitle, 130), size=12, colour=words.TEXT_2)
        foot = f"{words.as_of(about)} · made {about.made_at:%Y-%m-%d %H:%M %Z} by {about.made_by}"
        slide.text(Box(BODY.left, 7.05, 11, 0.3), foot, size=9, colour=words.TEXT_2)
        slide.text(Box(12.2, 7.05, 0.6, 0.3), str(self._pages), size=9, colour=words.TEXT_2, align=PP_ALIGN.RIGHT)
        return slide


class Slide:
    """One page."""

    def __init__(self, slide: Any) -> None:
        self.shapes = slide.shapes

    def text(
        self,
        box: Box,
        text: str,
        *,
        size: int,
        bold: bool = False,
        colour: str = words.TEXT,
        align: PP_ALIGN = PP_ALIGN.LEFT,
    ) -> None:
        """A line of text."""
        frame = self.shapes.add_textbox(*box.emu).text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        _write(frame, text, size, bold=bold, colour=colour, align=align)

    def card(self, box: Box) -> None:
        """The ground of a figure."""
        shape = self.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.emu)
        self.fill(shape, words.SURFACE)
        shape.line.color.rgb = RGBColor.from_string(words.BORDER)
        shape.shadow.inherit = False

    def note(self, text: str) -> None:
        """A remark at the foot of the page."""
        self.text(Box(BODY.left, 6.72, BODY.width, 0.3), text, size=10, colour=words.TEXT_2)

    def fill(self, part: Any, colour: str | None) -> None:
        """Fill a shape, a series or a point; None: leave it empty."""
        fill = part.fill
        if colour is None:
            fill.background()
            return
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(colour)

    def chart(
        self,
        kind: XL_CHART_TYPE,
        data: CategoryChartData,
        box: Box,
        looks: Sequence[tuple[str, str | None] | None],
        *,
        number: str = "#,##0.0",
    ) -> Chart:
        """A native chart. `looks` are fill and line of each series; None: unseen."""
        chart: Chart = self.shapes.add_chart(kind, *box.emu, data).chart
        chart.font.name, chart.font.size = FONT, Pt(11)
        chart.font.color.rgb = RGBColor.from_string(words.TEXT_2)
        chart.has_title = False
        chart.has_legend = True
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        for series, look in zip(chart.plots[0].series, looks, strict=True):
            self.fill(series.format, look[0] if look else None)
            series.invert_if_negative = False
            if look and look[1]:
                series.format.line.color.rgb = RGBColor.from_string(look[1])
        _axes(chart, number)
        return chart

    def label(self, series: Any, place: int, text: str, colour: str) -> None:
        """A label of our own words at one point."""
        label = series.points[place].data_label
        label.position = XL_LABEL_POSITION.INSIDE_BASE
        _write(label.text_frame, text, 12, bold=True, colour=colour)

    def labelled(self, chart: Chart, number: str) -> None:
        """Show every value at its bar, and no axis of values."""
        plot = chart.plots[0]
        plot.has_data_labels = True
        labels = plot.data_labels
        labels.show_value, labels.number_format, labels.number_format_is_linked = True, number, False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        chart.value_axis.visible = False
        chart.value_axis.has_major_gridlines = False

    def table(
        self,
        box: Box,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        right: Collection[int] = (),
        size: int = 11,
        align: PP_ALIGN | None = None,
        headless: bool = False,
    ) -> Table:
        """A native table; the columns in `right` hold figures."""
        every = [*rows] if headless else [heads, *rows]
        frame = self.shapes.add_table(len(every), len(heads), *box.emu)
        table: Table = frame.table
        table.first_row, table.horz_banding = not headless, False
        for column, width in enumerate(widths):
            table.columns[column].width = Inches(width)
        for row, cells in enumerate(every):
            table.rows[row].height = Inches(row_height(cells, widths, size))
            for column, text in enumerate(cells):
                side = align or (PP_ALIGN.RIGHT if column in right else PP_ALIGN.LEFT)
                if align and column == 0:
                    side = PP_ALIGN.LEFT
                _cell(table.cell(row, column), text, size, head=row == 0 and not headless, side=side)
        return table

    def tint(self, cell: _Cell, ink: str, ground: str) -> None:
        """Colour a cell."""
        self.fill(cell, ground)
        for paragraph in cell.text_frame.paragraphs:
            for run in paragraph.runs:
                run.font.color.rgb = RGBColor.from_string(ink)


def row_height(cells: Sequence[str], widths: Sequence[float], size: int) -> float:
    """How high a row becomes, in inches: a character is half as wide as it is high, near enough."""
    lines = 1
    for text, width in zip(cells, widths, strict=True):
        fitting = (width - 2 * _MARGIN) * _POINTS / (size / 2)
        lines = max(lines, sum(ceil(max(1, len(line)) / fitting) for line in _short(text, _LONGEST).split("\n")))
    return max(0.4, (lines * 1.2 * size) / _POINTS + 0.12)


def _axes(chart: Chart, number: str) -> None:
    category, value = chart.category_axis, chart.value_axis
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    category.major_tick_mark = value.major_tick_mark = XL_TICK_MARK.NONE
    category.format.line.color.rgb = RGBColor.from_string(words.INK_3)
    value.format.line.fill.background()
    value.major_gridlines.format.line.color.rgb = RGBColor.from_string(words.BORDER)
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = number, False


def _cell(cell: _Cell, text: str, size: int, *, head: bool, side: PP_ALIGN) -> None:
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_left = cell.margin_right = Inches(_MARGIN)
    cell.margin_top = cell.margin_bottom = Inches(0.03)
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(words.SURFACE if head else "FFFFFF")
    _write(
        cell.text_frame,
        _short(text, _LONGEST),
        size,
        bold=head,
        colour=words.TEXT_2 if head else words.TEXT,
        align=side,
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _write(
    frame: Any, text: str, size: int, *, bold: bool = False, colour: str = words.TEXT, align: PP_ALIGN | None = None
) -> None:
    lines: Iterable[str] = text.split("\n")
    for place, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        if align is not None:
            paragraph.alignment = align
        run = paragraph.add_run()
        run.text = line
        run.font.name, run.font.size, run.font.bold = FONT, Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(colour)
