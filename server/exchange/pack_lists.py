"""The list sheets of a board pack's workbook: measures, lights, findings, decisions, changes, and what the pack is."""

from collections.abc import Sequence
from decimal import Decimal

from server.exchange import pack_words as words
from server.exchange.board_pack import LIGHTS, BoardPack, MeasureRow, SalesRow, total
from server.exchange.pack_book import HEAD, Book, Cell, Sheet
from server.exchange.pack_words import word


def measures_sheet(book: Book, pack: BoardPack) -> dict[str, str]:
    """Every initiative with its figures, a gap by formula, and a total; the formulas that point to the totals."""
    sheet = book.sheet("Measures", _count(len(pack.measures), pack.listed.measures, "initiative"), _WIDTHS)
    sheet.heads(HEAD, (*_HEADS, "Plan", "Outlook", "Actual", "Confirmed", "Gap"), right_from=7)
    first, last = HEAD + 1, HEAD + len(pack.measures)
    for row, measure in enumerate(pack.measures, first):
        five = measure.five
        for column, cell in enumerate((*_common(measure), five.plan, five.outlook, five.actual, five.confirmed)):
            sheet.put(row, column, cell)
        sheet.sum(row, 11, f"=I{row + 1}-H{row + 1}", five.gap, total=False)
    sheet.put(last + 1, 0, "Total", total=True)
    names = {"Plan": "H", "Outlook": "I", "Actual": "J", "Confirmed": "K", "Gap": "L"}
    for column, (name, letter) in enumerate(names.items(), 7):
        together = total(getattr(measure.five, name.lower()) for measure in pack.measures)
        formula = f"=SUM({letter}{first + 1}:{letter}{last + 1})" if pack.measures else "=0"
        sheet.sum(last + 1, column, formula, together)
    sheet.tint_gaps(first, last + 1, 11)
    sheet.freeze(HEAD, 1)
    if pack.measures:
        sheet.sheet.autofilter(HEAD, 0, last, 11)
    return {name: f"=Measures!{letter}{last + 2}" for name, letter in names.items()}


_NOTHING = Decimal(0)
_HEADS = ("Measure", "Belongs to", "Stage", "Standing", "Owner", "Implementation", "Potential")
_WIDTHS = (38, 26, 13, 11, 20, 15, 15, 18, 18, 18, 18, 18)


def _common(row: MeasureRow | SalesRow) -> Sequence[Cell]:
    lights = [_light(colour) for colour in (row.implementation, row.potential)]
    return row.name, row.parent, word(row.stage), word(row.standing), row.owner, *lights


def _light(colour: str) -> str:
    glyph, spoken, *_ = words.LIGHT[colour]
    return f"{glyph} {spoken}"


def _count(shown: int, every: int, noun: str) -> str:
    of = f" of {every:,}" if every > shown else ""
    return f"{shown:,}{of} {noun}{'' if max(shown, every) == 1 else 's'}"


def lists(book: Book, pack: BoardPack) -> None:
    """All sheets behind the figures."""
    if pack.sales:
        _sales(book, pack)
    if pack.lights.cells:
        _lights(book, pack)
    _findings(book, pack)
    _decisions(book, pack)
    _changes(book, pack)
    _about(book, pack)


def _sales(book: Book, pack: BoardPack) -> None:
    sheet = book.sheet("Sales plans", _count(len(pack.sales), pack.listed.sales_plans, "sales plan"), _WIDTHS)
    sheet.heads(HEAD, (*_HEADS, "Quota", "Won", "Gap to quota", "Open pipeline", "Weighted pipeline"), right_from=7)
    last = HEAD + len(pack.sales)
    for row, plan in enumerate(pack.sales, HEAD + 1):
        for column, cell in enumerate((*_common(plan), plan.quota, plan.won)):
            sheet.put(row, column, cell)
        gap = None if plan.won is None or plan.quota is None else plan.won - plan.quota
        sheet.sum(row, 9, f"=I{row + 1}-H{row + 1}", gap, total=False)
        sheet.put(row, 10, plan.open_pipeline)
        sheet.put(row, 11, plan.weighted)
    sheet.put(last + 1, 0, "Total", total=True)
    quota, won = total(plan.quota for plan in pack.sales), total(plan.won for plan in pack.sales)
    gap = None if quota is None or won is None else won - quota
    pipeline = [total(getattr(plan, name) for plan in pack.sales) for name in ("open_pipeline", "weighted")]
    for column, value in enumerate((quota, won, gap, *pipeline), 7):
        letter = "ABCDEFGHIJKL"[column]
        sheet.sum(last + 1, column, f"=SUM({letter}{HEAD + 2}:{letter}{last + 1})", value)
    sheet.tint_gaps(HEAD + 1, last + 1, 9)
    sheet.freeze(HEAD, 1)


def _lights(book: Book, pack: BoardPack) -> None:
    """Implementation by potential: how many active measures, and below it their headline plan."""
    sheet = book.sheet("Lights", f"Implementation in rows, potential in columns. {words.lights(pack)}", (20,) * 6)
    heads = [_light(colour) for colour in LIGHTS]
    for top, name, which in ((HEAD, "Measures", 0), (HEAD + 7, "Headline plan", 1)):
        sheet.heads(top, (name, *heads, "Together"))
        for row, colour in enumerate(LIGHTS, top + 1):
            sheet.put(row, 0, _light(colour))
            cells = [
                pack.lights.cells.get((colour, other), (0, None if not pack.about.priced else _NOTHING))[which]
                for other in LIGHTS
            ]
            for column, cell in enumerate(cells, 1):
                sheet.put(row, column, cell)
            together = sum(cells) if which == 0 else total(cells)  # type: ignore[arg-type]  # counts, then amounts
            sheet.sum(row, 5, f"=SUM(B{row + 1}:E{row + 1})", together)


def _findings(book: Book, pack: BoardPack) -> None:
    sheet = book.sheet(
        "Findings", _count(len(pack.findings), pack.listed.findings, "finding"), (24, 12, 32, 70, 20, 16)
    )
    _table(
        sheet,
        ("Finding", "Severity", "On", "What was noticed", "At stake", "Since"),
        [(row.code, word(row.severity), row.on, row.sentence, row.at_stake, row.since) for row in pack.findings],
        "Nothing was found.",
        right={4},
    )


def _decisions(book: Book, pack: BoardPack) -> None:
    sheet = book.sheet(
        "Decisions due", _count(len(pack.decisions), 0, "gate") + " waiting", (38, 14, 44, 14, 10, 12, 20)
    )
    _table(
        sheet,
        ("Measure", "Into", "Waits for", "Since", "Days", "Late", "Plan"),
        [
            (row.measure, row.into, row.waits_for, row.since, row.days, "late" if row.late else "", row.value)
            for row in pack.decisions
        ],
        "No submission waits for a decision.",
        right={4, 6},
    )


def _changes(book: Book, pack: BoardPack) -> None:
    sheet = book.sheet("What changed", f"What moved the outlook. {words.since(pack.changes)}.", (16, 24, 90, 20))
    rows = [(row.at.date() if row.at else "", row.by, row.sentence, row.amount) for row in pack.changes.rows]
    _table(sheet, ("On", "By", "What", "Outlook"), rows, pack.changes.why_not or "Nothing moved it.", right={3})
    if rows:
        last = HEAD + len(rows)
        sheet.put(last + 1, 2, "Together", total=True)
        together = total(row.amount for row in pack.changes.rows)
        sheet.sum(last + 1, 3, f"=SUM(D{HEAD + 2}:D{last + 1})", together)
        sheet.tint_gaps(HEAD + 1, last + 1, 3)


def _table(sheet: Sheet, heads: Sequence[str], rows: Sequence[Sequence[Cell]], empty: str, *, right: set[int]) -> None:
    sheet.heads(HEAD, heads, right_from=len(heads))
    for column in right:
        sheet.sheet.write_string(HEAD, column, heads[column], sheet.book.formats["head right"])
    sheet.rows(HEAD + 1, rows)
    if not rows:
        sheet.put(HEAD + 1, 0, empty)
    sheet.freeze(HEAD)


def _about(book: Book, pack: BoardPack) -> None:
    sheet = book.sheet("About", "What this pack is, as of when, and by which rules", (30, 110))
    sheet.rows(HEAD, words.facts(pack))
