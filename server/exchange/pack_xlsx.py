"""The board pack as a workbook: figures with live formulas wherever it adds up, native charts, and the lists behind."""

from decimal import Decimal

from server.exchange import pack_words as words
from server.exchange.board_pack import FIVE, LABEL, BoardPack, bars, label_height, total
from server.exchange.pack_book import HEAD, Book, Sheet
from server.exchange.pack_lists import lists, measures_sheet
from server.exchange.pack_words import LOOKS, word

_CHART = (880, 380)


def workbook(pack: BoardPack) -> bytes:
    """The finished file."""
    book = Book(pack.about)
    summary = book.sheet("Summary", _subtitle(pack), (30, 20, 20, 20, 20, 20), pages=1)
    _kinds(book, pack)
    _funnel(book, pack)
    _leakage(book, pack)
    totals = measures_sheet(book, pack)
    _summary(summary, pack, totals)
    lists(book, pack)
    return book.done()


def _subtitle(pack: BoardPack) -> str:
    return f"{words.where(pack.about)}. {words.period(pack.about)}. {words.as_of(pack.about)}."


def _summary(sheet: Sheet, pack: BoardPack, totals: dict[str, str]) -> None:
    """Five figures, linked to the measures they are the sum of, and the months with their chart."""
    sheet.heads(HEAD, ("Headline value", *FIVE))
    sheet.put(HEAD + 1, 0, " + ".join(word(kind) for kind in pack.about.kinds))
    for column, (name, value) in enumerate(zip(FIVE, pack.five.in_order, strict=True), 1):
        if name == "Gap":
            sheet.sum(HEAD + 1, column, f"=C{HEAD + 2}-B{HEAD + 2}", value, total=False)
        elif pack.adds_up:
            sheet.sum(HEAD + 1, column, totals[name], value, total=False)
        else:
            sheet.put(HEAD + 1, column, value)
    plan, outlook, actual, confirmed, _ = pack.five.in_order
    sheet.put(HEAD + 2, 0, "Share of plan")
    row = HEAD + 2
    for column, value in enumerate((outlook, actual, confirmed), 2):
        sheet.share(row, column, f"{'ABCDEF'[column]}{row}", f"$B${row}", (value, plan))
    sheet.put(HEAD + 3, 0, "Confirmed of actual")
    sheet.share(HEAD + 3, 4, f"E{row}", f"D{row}", (confirmed, actual))
    sheet.tint_gaps(HEAD + 1, HEAD + 1, 5)
    if not pack.about.priced:
        sheet.note(HEAD + 4, words.NO_AMOUNTS)
    _months(sheet, pack, HEAD + 6)


def _months(sheet: Sheet, pack: BoardPack, head: int) -> None:
    sheet.heads(head, ("Month", "Plan", "Outlook", "Actual", "Gap"))
    for row, month in enumerate(pack.months, head + 1):
        for column, value in enumerate((words.month(month.month), month.plan, month.outlook, month.actual)):
            sheet.put(row, column, value)
        gap = None if month.outlook is None or month.plan is None else month.outlook - month.plan
        sheet.sum(row, 4, f"=C{row + 1}-B{row + 1}", gap, total=False)
    last = head + len(pack.months)
    sheet.put(last + 1, 0, "Total", total=True)
    for column, name in enumerate(("plan", "outlook", "actual"), 1):
        letter = "ABCD"[column]
        together = total(getattr(month, name) for month in pack.months)
        sheet.sum(last + 1, column, f"=SUM({letter}{head + 2}:{letter}{last + 1})", together)
    sheet.sum(last + 1, 4, f"=C{last + 2}-B{last + 2}", pack.five.gap)
    sheet.tint_gaps(head + 1, last + 1, 4)
    if pack.about.priced:
        looks = ((1, "FFFFFF", words.INK), (2, words.INK_3, words.INK_3), (3, words.INK, words.INK))
        series = [
            {
                "name": ["Summary", head, column],
                "categories": sheet.range(0, head + 1, last),
                "values": sheet.range(column, head + 1, last),
                "fill": {"color": f"#{fill}"},
                "border": {"color": f"#{line}"},
                "gap": 60,
            }
            for column, fill, line in looks
        ]
        axis = {"num_format": _short(pack), "name": ""}
        sheet.chart({"type": "column"}, series, f"A{last + 5}", _CHART, title="Headline value by month", y=axis)


def _short(pack: BoardPack) -> str:
    """A number format for axes and labels: millions where amounts are large."""
    return f'#,##0.0,,"M";{words.MINUS}#,##0.0,,"M"' if (pack.five.plan or 0) >= 10**6 else "#,##0"


def _kinds(book: Book, pack: BoardPack) -> None:
    """A row for each kind; the headline is a sum of those that the policy names."""
    sheet = book.sheet("Figures by kind", _subtitle(pack), (26, 12, 20, 20, 20, 20, 20, 20))
    sheet.heads(HEAD, ("Kind", "Headline", *FIVE, "Run-rate, a year"), right_from=2)
    for row, kind in enumerate(pack.kinds, HEAD + 1):
        cells = (word(kind.kind), "yes" if kind.headline else "", *kind.five.in_order[:4])
        for column, cell in enumerate(cells):
            sheet.put(row, column, cell)
        sheet.sum(row, 6, f"=D{row + 1}-C{row + 1}", kind.five.gap, total=False)
        sheet.put(row, 7, kind.run_rate)
        if kind.headline:
            sheet.tint_gaps(row, row, 6)
    first, last = HEAD + 2, HEAD + 1 + len(pack.kinds)
    sheet.put(last, 0, "Headline value", total=True)
    sheet.put(last, 1, "", total=True)
    for column, value in enumerate(pack.five.in_order[:4], 2):
        letter = "ABCDEF"[column]
        sheet.sum(last, column, f'=SUMIF($B{first}:$B{last},"yes",{letter}{first}:{letter}{last})', value)
    sheet.sum(last, 6, f"=D{last + 1}-C{last + 1}", pack.five.gap)
    run_rate = total(kind.run_rate for kind in pack.kinds if kind.headline)
    sheet.sum(last, 7, f'=SUMIF($B{first}:$B{last},"yes",H{first}:H{last})', run_rate)
    sheet.tint_gaps(last, last, 6)
    sheet.note(
        last + 2,
        "Only the kinds of the headline are added, never avoidance or revenue. Of a cost, a gap above zero is bad.",
    )
    sheet.freeze(HEAD, 1)


def _funnel(book: Book, pack: BoardPack) -> None:
    """Six stages with their shares of the plan, and a bar chart of them."""
    sheet = book.sheet("Funnel", _subtitle(pack), (24, 12, 20, 14, 20, 20), pages=1)
    sheet.heads(HEAD, ("Stage", "Measures", "Plan", "Share", "Outlook", "Confirmed"))
    first, last = HEAD + 1, HEAD + len(pack.funnel)
    together = total(stage.plan for stage in pack.funnel)
    for row, stage in enumerate(pack.funnel, first):
        for column, cell in enumerate((stage.name, stage.measures, stage.plan)):
            sheet.put(row, column, cell)
        sheet.share(row, 3, f"C{row + 1}", f"C${last + 2}", (stage.plan, together))
        sheet.put(row, 4, stage.outlook)
        sheet.put(row, 5, stage.confirmed)
    sheet.put(last + 1, 0, "All stages", total=True)
    sums = {1: sum(stage.measures for stage in pack.funnel), 2: together}
    sums |= {
        column: total(getattr(stage, name) for stage in pack.funnel)
        for column, name in ((4, "outlook"), (5, "confirmed"))
    }
    for column, value in sums.items():
        letter = "ABCDEF"[column]
        sheet.sum(last + 1, column, f"=SUM({letter}{first + 1}:{letter}{last + 1})", value)
    sheet.share(last + 1, 3, f"C{last + 2}", f"C{last + 2}", (together, together), total=True)
    sheet.note(last + 3, "Active measures only: what is on hold or cancelled is in the leakage.")
    wanted = (2, "plan") if pack.about.priced else (1, "measures")
    series = {
        "name": ["Funnel", HEAD, wanted[0]],
        "categories": sheet.range(0, first, last),
        "values": sheet.range(wanted[0], first, last),
        "fill": {"color": f"#{words.INK}"},
        "gap": 40,
        "data_labels": {
            "value": True,
            "num_format": _short(pack) if pack.about.priced else "#,##0",
            "font": {"name": "Arial", "size": 9},
        },
    }
    title = f"Active measures by stage: {'headline plan' if pack.about.priced else 'how many'}"
    quiet = {"visible": False, "major_gridlines": {"visible": False}}
    sheet.chart(
        {"type": "bar"}, [series], f"A{last + 6}", _CHART, title=title, legend=False, x=quiet, y={"reverse": True}
    )


def _leakage(book: Book, pack: BoardPack) -> None:
    """From plan to confirmed: the steps, where each total is the formula of what stands before, and the waterfall."""
    sheet = book.sheet("Leakage waterfall", _subtitle(pack), (24, 12, 20, 18, 18, 18, 18, 18), pages=1)
    sheet.heads(HEAD, ("Step", "Measures", "Amount", "Level after", "Lifted by", "Above zero", "Below zero", "Label"))
    first = HEAD + 1
    level = Decimal(0)
    drawn = {bar.name: bar for bar in bars(pack.leakage)}
    for row, step in enumerate(pack.leakage, first):
        sheet.put(row, 0, step.name, total=step.total)
        sheet.put(row, 1, step.measures, total=step.total)
        if step.amount is None:
            sheet.put(row, 2, None)
            continue
        cell, above = row + 1, row
        if step.total and row > first:
            sheet.sum(row, 2, f"=D{above}", step.amount)
        else:
            sheet.put(row, 2, step.amount, total=step.total)
        level = step.amount if step.total else level + step.amount
        before = "0" if step.total else f"D{above}"
        after = f"=C{cell}" if step.total else f"=D{above}+C{cell}"
        low, high = f"MIN({before},D{cell})", f"MAX({before},D{cell})"
        bar = drawn[step.name]
        sheet.sum(row, 3, after, level, total=False)
        sheet.sum(row, 4, f"=MAX(0,{low})+MIN(0,{high})", bar.lift, total=False)
        sheet.sum(row, 5, f"=MAX(0,{high})-MAX(0,{low})", bar.above, total=False)
        sheet.sum(row, 6, f"=MIN(0,{low})-MIN(0,{high})", bar.below, total=False)
        highest = f"MAX(C${first + 1}:C${HEAD + len(pack.leakage) + 1})"
        sheet.sum(row, 7, f"=MAX(0,{highest})/{LABEL}", label_height(pack.leakage), total=False)
    last = HEAD + len(pack.leakage)
    sheet.note(last + 2, "Plan + On hold + Cancelled + Below plan = Outlook; Outlook + Not yet confirmed = Confirmed.")
    if pack.about.priced:
        _waterfall(sheet, pack, first, last)


def _waterfall(sheet: Sheet, pack: BoardPack, first: int, last: int) -> None:
    points = [{"fill": {"color": f"#{LOOKS[bar.look]}"}} for bar in bars(pack.leakage)]
    scale = words.scale_of(pack)
    labels = [{"value": scale.said(bar.amount)} for bar in bars(pack.leakage)]
    nothing = {"fill": {"none": True}, "border": {"none": True}, "gap": 40}
    lift = nothing | {"name": "Lifted by", "values": sheet.range(4, first, last)}
    above = {"name": "Above zero", "values": sheet.range(5, first, last), "points": points}
    below = {"name": "Below zero", "values": sheet.range(6, first, last), "points": points}
    font = {"name": "Arial", "size": 9, "bold": True}
    label = nothing | {"name": "Label", "values": sheet.range(7, first, last)}
    label["data_labels"] = {"value": True, "custom": labels, "font": font, "position": "inside_base"}
    series = [one | {"categories": sheet.range(0, first, last)} for one in (lift, above, below, label)]
    title = f"From plan to confirmed, {scale.unit}"
    kind = {"type": "column", "subtype": "stacked"}
    sheet.chart(kind, series, f"A{last + 5}", _CHART, title=title, legend=False, y={"num_format": _short(pack)})
