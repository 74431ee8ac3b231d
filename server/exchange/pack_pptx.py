"""The board pack as slides, 16:9: native charts and tables that can be edited, a page for each question of a board."""

from collections.abc import Sequence
from io import BytesIO

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.text import PP_ALIGN

from server.exchange import pack_words as words
from server.exchange.board_pack import FIVE, LIGHTS, Amount, Bar, BoardPack, bars, label_height
from server.exchange.pack_slide import BODY, WIDE, Box, Deck, Slide, row_height
from server.exchange.pack_words import LOOKS, Scale

MOST_ROWS, LIST_SIZE, LIST_HEIGHT = 9, 10, 5.1
"""Rows of a list that a slide holds at most, their size in points and height in inches; the workbook holds all."""


def slides(pack: BoardPack) -> bytes:
    """The finished file."""
    deck = Deck(pack.about)
    scale = words.scale_of(pack)
    _figures(deck.slide("Five figures"), pack, scale)
    if pack.about.priced:
        _waterfall(deck.slide(f"From plan to confirmed, {scale.unit}"), pack, scale)
    _funnel(deck.slide("Degree of implementation"), pack, scale)
    if pack.lights.cells:
        _lights(deck.slide("Lights: implementation by potential"), pack, scale)
    _findings(deck.slide("Top findings"), pack, scale)
    _decisions(deck.slide("Decisions due"), pack, scale)
    _changes(deck.slide("What changed"), pack)
    _about(deck.slide("About this pack"), pack)
    file = BytesIO()
    deck.presentation.save(file)
    return file.getvalue()


def _figures(slide: Slide, pack: BoardPack, scale: Scale) -> None:
    """Five cards, and the months below them."""
    width, gap = 2.36, 0.1
    plan = pack.five.plan
    for place, (name, amount) in enumerate(zip(FIVE, pack.five.in_order, strict=True)):
        left = BODY.left + place * (width + gap)
        slide.card(Box(left, 1.45, width, 1.35))
        slide.text(Box(left + 0.12, 1.5, width - 0.24, 0.3), name, size=12, colour=words.TEXT_2)
        colour = _tint(amount) if name == "Gap" else words.TEXT
        told = scale.said(amount) if amount is not None else "–"
        slide.text(Box(left + 0.12, 1.78, width - 0.24, 0.6), told, size=28, bold=True, colour=colour)
        beside = scale.unit if amount is not None else words.NOT_READ
        if plan and amount is not None and name != "Plan":
            beside += f" · {amount / plan * 100:.0f} % of plan".replace("-", words.MINUS)
        slide.text(Box(left + 0.12, 2.38, width - 0.24, 0.3), beside, size=11, colour=words.TEXT_2)
    if not pack.about.priced:
        slide.text(Box(BODY.left, 3.1, BODY.width, 0.4), words.NO_AMOUNTS, size=14)
        return
    data = CategoryChartData(number_format=_number(scale))
    data.categories = [words.month(month.month) for month in pack.months]
    for name in ("plan", "outlook", "actual"):
        data.add_series(name.capitalize(), [_scaled(getattr(month, name), scale) for month in pack.months])
    looks = [("FFFFFF", words.INK), (words.INK_3, words.INK_3), (words.INK, words.INK)]
    slide.text(Box(BODY.left, 2.95, BODY.width, 0.3), f"Headline value by month, {scale.unit}", size=12, bold=True)
    slide.chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, data, Box(BODY.left, 3.2, BODY.width, 3.6), looks, number=_number(scale)
    )


def _number(scale: Scale) -> str:
    return "#,##0" if scale.by == 1 else "#,##0.0"


def _scaled(amount: Amount, scale: Scale) -> float | None:
    """A number of a chart: what the file format keeps of it is a double."""
    return None if amount is None else float(amount / scale.by)


def _tint(amount: Amount) -> str:
    return words.TEXT if not amount else words.WORSE if amount < 0 else words.BETTER


def _waterfall(slide: Slide, pack: BoardPack, scale: Scale) -> None:
    drawn = bars(pack.leakage)
    data = CategoryChartData(number_format="#,##0.00")
    data.categories = [f"{step.name} ({step.measures})" for step in pack.leakage]
    for name in ("lift", "above", "below"):
        data.add_series(_PARTS[name], [_scaled(getattr(bar, name), scale) for bar in drawn])
    data.add_series("Label", [_scaled(label_height(pack.leakage), scale)] * len(drawn))
    chart = slide.chart(XL_CHART_TYPE.COLUMN_STACKED, data, WIDE, [None, (words.INK, None), (words.INK, None), None])
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 40, 100
    for series in (plot.series[1], plot.series[2]):
        for place, bar in enumerate(drawn):
            slide.fill(series.points[place].format, LOOKS[bar.look])
    _labels(slide, plot.series[3], drawn, scale)
    chart.has_legend = False
    slide.note("Plan + On hold + Cancelled + Below plan = Outlook; Outlook + Not yet confirmed = Confirmed (measures).")


_PARTS = {"lift": "Lifted by", "above": "Above zero", "below": "Below zero"}


def _labels(slide: Slide, series: object, drawn: Sequence[Bar], scale: Scale) -> None:
    for place, bar in enumerate(drawn):
        colour = words.TEXT if bar.look == "total" else _tint(bar.amount)
        slide.label(series, place, scale.said(bar.amount, signed=bar.look != "total"), colour)


def _funnel(slide: Slide, pack: BoardPack, scale: Scale) -> None:
    """The stages as bars, the last of them on top as on the board, and as a table beside."""
    rows = [
        (stage.name, str(stage.measures), *(scale.said(one) for one in (stage.plan, stage.outlook, stage.confirmed)))
        for stage in pack.funnel
    ]
    heads = ("Stage", "Measures", "Plan", "Outlook", "Confirmed")
    slide.table(Box(BODY.left, 1.5, 5.6, 3.2), heads, rows, (1.8, 0.95, 0.9, 0.95, 1.0), right=range(1, 5))
    data = CategoryChartData(number_format=_number(scale))
    data.categories = [stage.name for stage in pack.funnel]
    amounts = [_scaled(stage.plan, scale) if pack.about.priced else stage.measures for stage in pack.funnel]
    data.add_series("Headline plan" if pack.about.priced else "Measures", amounts)
    box = Box(BODY.left + 5.9, 1.4, BODY.width - 5.9, 5.2)
    number = _number(scale) if pack.about.priced else "0"
    chart = slide.chart(XL_CHART_TYPE.BAR_CLUSTERED, data, box, [(words.INK, None)], number=number)
    chart.has_legend = False
    chart.plots[0].gap_width = 40
    slide.labelled(chart, number)
    drawn = f"Bars: headline plan, {scale.unit}." if pack.about.priced else words.NO_AMOUNTS
    slide.note(f"Active measures. {drawn}")


def _lights(slide: Slide, pack: BoardPack, scale: Scale) -> None:
    """Four by four: how many active measures, and their headline plan."""
    heads = ("Implementation ↓ Potential →", *(_light(colour) for colour in LIGHTS))
    rows = []
    for colour in LIGHTS:
        cells = [pack.lights.cells.get((colour, other)) for other in LIGHTS]
        rows.append((_light(colour), *(f"{cell[0]}\n{scale.said(cell[1])}" if cell else "·\n " for cell in cells)))
    table = slide.table(
        Box(BODY.left, 1.6, BODY.width, 4.2), heads, rows, (3.6, 2.17, 2.17, 2.17, 2.16), size=16, align=PP_ALIGN.CENTER
    )
    for place, colour in enumerate(LIGHTS, 1):
        _, _, ink, ground = words.LIGHT[colour]
        slide.tint(table.cell(0, place), ink, ground)
        slide.tint(table.cell(place, 0), ink, ground)
    slide.note(words.lights(pack, scale.unit))


def _light(colour: str) -> str:
    glyph, spoken, *_ = words.LIGHT[colour]
    return f"{glyph} {spoken}"


def _findings(slide: Slide, pack: BoardPack, scale: Scale) -> None:
    rows = [
        (
            f"{words.SEVERITY.get(row.severity, ('○',))[0]} {row.code}",
            row.sentence,
            scale.said(row.at_stake) if row.at_stake is not None else "",
            words.day(row.since),
        )
        for row in pack.findings[:MOST_ROWS]
    ]
    heads = ("Finding", "What was noticed", f"At stake, {scale.unit}", "Since")
    _list(
        slide, heads, rows, (2.6, 6.73, 1.57, 1.38), max(pack.listed.findings, len(pack.findings)), "Nothing was found."
    )


def _decisions(slide: Slide, pack: BoardPack, scale: Scale) -> None:
    rows = [
        (row.measure, row.into, row.waits_for, f"{row.days} d{' ▲' if row.late else ''}", scale.said(row.value))
        for row in pack.decisions[:MOST_ROWS]
    ]
    heads = ("Measure", "Into", "Waits for", "Age", f"Plan, {scale.unit}")
    _list(
        slide,
        heads,
        rows,
        (3.4, 1.4, 5.2, 0.9, 1.38),
        len(pack.decisions),
        "No submission waits for a decision.",
        right={3, 4},
    )


def _changes(slide: Slide, pack: BoardPack) -> None:
    changes = pack.changes
    scale = Scale((row.amount for row in changes.rows), pack.about.currency)
    rows = [(words.day(row.at), row.sentence, scale.said(row.amount, signed=True)) for row in changes.rows[:MOST_ROWS]]
    empty = changes.why_not or "Nothing moved the outlook."
    heads = ("On", "What moved the outlook", f"Outlook, {scale.unit}")
    _list(
        slide,
        heads,
        rows,
        (1.4, 9.4, 1.48),
        len(changes.rows),
        empty,
        right={2},
        note=f"{words.since(changes)}, largest first.",
    )


def _list(
    slide: Slide,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    every: int,
    empty: str,
    *,
    right: set[int] | frozenset[int] = frozenset({2}),
    note: str = "",
) -> None:
    if not rows:
        slide.text(Box(BODY.left, 1.6, BODY.width, 0.6), empty, size=16, colour=words.TEXT_2)
        return
    shown, height = 0, row_height(heads, widths, LIST_SIZE)
    while shown < len(rows) and (height := height + row_height(rows[shown], widths, LIST_SIZE)) <= LIST_HEIGHT:
        shown += 1
    rows = rows[:shown]
    slide.table(Box(BODY.left, 1.45, BODY.width, 0.4), heads, rows, widths, right=right, size=LIST_SIZE)
    more = f"{len(rows)} of {every:,}; the workbook lists them all." if every > len(rows) else ""
    slide.note(f"{note} {more}".strip())


def _about(slide: Slide, pack: BoardPack) -> None:
    facts = [fact for fact in words.facts(pack) if not fact[0].startswith("Formula")]
    slide.table(Box(BODY.left, 1.45, BODY.width, 0.4), ("", ""), facts, (2.6, 9.68), headless=True)
