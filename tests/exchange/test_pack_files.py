"""The three files of a board pack say exactly what GraphQL says, and nothing that their reader may not read."""

import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from pptx import Presentation
from pptx.util import Inches

from server.domain.refusals import RefusalCode, Refused
from server.exchange import pack_pdf, pack_pptx, pack_words, pack_xlsx
from server.exchange.board_pack import Bar, BoardPack, FindingRow, Step, bars
from server.exchange.pack_files import writer
from server.exchange.pack_slide import PAGE
from tests.support.company import Company
from tests.support.measures import done
from tests.support.packs import exactly, pack_of, pages, row, shapes, sheets, texts, with_figures

HEADLINE = """{ organization { rollUp(from: "2027-01", to: "2027-12") {
    headline { plan { value { amount } } outlook { value { amount } } actual { value { amount } }
               confirmed { value { amount } } gap { value { amount } } }
    byKind { kind plan { value { amount } } } leakage { name amount { value { amount } } }
    funnel { stage measures plan { value { amount } } } } } }"""


@pytest.fixture
async def pack(alder: Company) -> BoardPack:
    """Of the whole of Alder Pumps in 2027, for an executive."""
    await with_figures(alder)
    return await pack_of(alder, "eve")


async def test_a_workbook_equals_graphql_to_the_cent_and_adds_up_by_formulas(alder: Company, pack: BoardPack) -> None:
    roll_up = (await alder.ask("eve", HEADLINE))["organization"]["rollUp"]
    body = pack_xlsx.workbook(pack)
    book = sheets(body)
    head, figures = book["Summary"][3], book["Summary"][4]
    five = {name.lower(): exactly(cell) for name, cell in zip(head[1:], figures[1:], strict=True)}
    assert five == {name: Decimal(one["value"]["amount"]) for name, one in roll_up["headline"].items()}
    assert (five["plan"], five["gap"]) == (Decimal("12000.12"), Decimal("-399.45"))
    for kind in roll_up["byKind"]:
        cells = row(book["Figures by kind"], pack_words.word(kind["kind"]))
        assert exactly(cells[2]) == Decimal(kind["plan"]["value"]["amount"]), kind
    for step in roll_up["leakage"]:
        cells = row(book["Leakage waterfall"], step["name"])
        assert exactly(cells[2]) == Decimal(step["amount"]["value"]["amount"]), step
    assert [one[1] for one in book["Funnel"][4:10]] == [stage["measures"] for stage in roll_up["funnel"]]
    assert exactly(row(book["Measures"], "Total")[7]) == five["plan"]
    months = [exactly(one[1]) for one in book["Summary"] if re.fullmatch(r"\w{3} 27", str(one[0]))]
    assert months == [Decimal("1000.01")] * 12


async def test_a_workbook_holds_formulas_and_charts(pack: BoardPack) -> None:
    with zipfile.ZipFile(BytesIO(pack_xlsx.workbook(pack))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    formulas = {name: re.findall(r"<f>(.*?)</f>", text) for name, text in parts.items() if "worksheets" in name}
    assert "Measures!H6" in formulas["xl/worksheets/sheet1.xml"], "the plan is the sum of the measures"
    assert "C5-B5" in formulas["xl/worksheets/sheet1.xml"], "the gap is outlook less plan"
    assert any(one.startswith("SUMIF(") for one in formulas["xl/worksheets/sheet2.xml"])
    assert "D6-C6" in formulas["xl/worksheets/sheet2.xml"]
    charts = [text for name, text in parts.items() if name.startswith("xl/charts/chart")]
    assert [len(re.findall("<c:ser>", text)) for text in charts] == [3, 1, 4]
    assert '<c:grouping val="stacked"/>' in charts[2]
    assert "Wendelau" not in "".join(parts.values())


async def test_slides_hold_native_charts_of_the_same_figures(pack: BoardPack) -> None:
    body = pack_pptx.slides(pack)
    charts = [shape.chart for shape in shapes(body) if shape.has_chart]
    months, waterfall, funnel = charts
    scale = pack_words.scale_of(pack)
    plans = [float(month.plan / scale.by) for month in pack.months if month.plan is not None]
    assert (list(months.plots[0].series[0].values), months.plots[0].categories[0]) == (plans, "Jan 27")
    drawn = [float((bar.above + bar.below) / scale.by) for bar in bars(pack.leakage)]
    above, below = (list(waterfall.plots[0].series[place].values) for place in (1, 2))
    assert [one + other for one, other in zip(above, below, strict=True)] == pytest.approx(drawn)
    assert len(list(funnel.plots[0].series[0].values)) == 6
    said = texts(body)
    for text in ("12.0", "−0.40", "DACH", "Pia (program lead)", "Since", "As of 16 Nov 2026"):
        assert text in said, text


async def test_nothing_lies_outside_a_slide_or_on_another(pack: BoardPack) -> None:
    many = [
        FindingRow("GATE_STALLED", "CRITICAL", "Full service", "It waits. " * 30, Decimal("12.50"), pack.about.as_of)
    ] * 40
    crowded = replace(pack, findings=tuple(many), changes=replace(pack.changes, rows=pack.changes.rows * 20))
    deck = Presentation(BytesIO(pack_pptx.slides(crowded)))
    for slide in deck.slides:
        tables = [shape for shape in slide.shapes if shape.has_table]
        for table in tables:
            height = sum(line.height for line in table.table.rows)
            assert table.top + height <= Inches(PAGE[1] * 0.9), "it runs into the foot"
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= Inches(PAGE[0])


async def test_a_pdf_says_the_same(pack: BoardPack) -> None:
    every = pages(pack_pdf.document(pack))
    assert "Board pack: five figures" in every[0]
    assert "12,000.12" in every[0]
    assert "−399.45" in every[0]
    together = "\n".join(every)
    for text in (
        "Not yet confirmed",
        "Full service",
        "Pia (program lead)",
        "executive of the whole organization",
        "Formula of gap",
    ):
        assert text.lower() in together.lower(), text


async def test_a_name_cannot_become_a_formula_or_markup(pack: BoardPack) -> None:
    evil = '=HYPERLINK("http://x")#text(red)[*]'
    odd = tuple(replace(one, name=evil, owner="@SUM(1)") for one in pack.measures)
    changed = replace(pack, measures=odd)
    book = sheets(pack_xlsx.workbook(changed))
    assert [one[0] for one in book["Measures"]].count(evil) == len(odd)
    assert "#text(red)[*]" in "".join(pages(pack_pdf.document(changed))).replace("\n", "")


async def test_who_may_not_read_amounts_gets_none(alder: Company) -> None:
    await with_figures(alder)
    pack = await pack_of(alder, "vera")
    assert not pack.about.priced
    amount = re.compile(r"1,?000\.01|12,?000|5,?000|400\.02|399\.45|120,?000")
    book = sheets(pack_xlsx.workbook(pack))
    told = "\n".join(str(cell) for name, cells in book.items() for one in cells for cell in one)
    said, paper = texts(pack_pptx.slides(pack)), "\n".join(pages(pack_pdf.document(pack)))
    for text in (told, said, paper):
        assert not amount.search(text), amount.search(text)
        assert pack_words.NO_AMOUNTS in text.replace("\n", " ")
        assert "DACH" in text, "what they see is in it"


def test_a_format_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match="Ask for one of: xlsx, pptx, pdf") as refused:
        writer("docx")
    assert refused.value.code is RefusalCode.INVALID


@pytest.mark.parametrize("form", ["xlsx", "pptx", "pdf"])
def test_a_missing_extra_is_named(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    library = {"xlsx": "xlsxwriter", "pptx": "pptx", "pdf": "typst"}[form]
    for name in ("pack_xlsx", "pack_pptx", "pack_pdf", "pack_book", "pack_lists", "pack_slide"):
        monkeypatch.delitem(__import__("sys").modules, f"server.exchange.{name}", raising=False)
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(Refused, match=r"stageline\[board-pack\]") as refused:
        writer(form)
    assert refused.value.code is RefusalCode.UNAVAILABLE


def test_a_waterfall_crosses_zero() -> None:
    steps = [
        Step("Plan", 1, Decimal(10), total=True),
        Step("Below plan", 1, Decimal(-15), total=False),
        Step("Outlook", 1, Decimal(-5), total=True),
        Step("Better", 1, Decimal(2), total=False),
    ]
    zero = Decimal(0)
    assert bars(steps) == [
        Bar("Plan", zero, Decimal(10), zero, Decimal(10), "total"),
        Bar("Below plan", zero, Decimal(10), Decimal(-5), Decimal(-15), "worse"),
        Bar("Outlook", zero, zero, Decimal(-5), Decimal(-5), "total"),
        Bar("Better", Decimal(-3), zero, Decimal(-2), Decimal(2), "better"),
    ]


async def test_lights_are_a_matrix_as_set_else_as_proposed(alder: Company) -> None:
    await with_figures(alder)
    pack = await pack_of(alder, "eve")
    matrix = """{ organization { shown: lightMatrix { implementation potential measures }
        proposed: lightMatrix(view: PROPOSED) { implementation potential measures } } }"""
    for proposed in (True, False):
        assert pack.lights.proposed is proposed
        cells = (await alder.ask("eve", matrix))["organization"]["proposed" if proposed else "shown"]
        told = {(one["implementation"], one["potential"]): one["measures"] for one in cells if one["measures"]}
        assert {where: count for where, (count, _) in pack.lights.cells.items()} == told
        lit = {"light": "IMPLEMENTATION", "colour": "RED", "reason": "The supplier is late."}
        await done(alder, "olaf", "setLight", measure=alder.node("Full service"), **lit)
        pack = await pack_of(alder, "eve")
    assert [one.implementation for one in pack.measures] == ["RED"]
    assert "■ Off track" in texts(pack_pptx.slides(pack))
    assert "Off track" in "".join(pages(pack_pdf.document(pack)))
    assert sum(row(sheets(pack_xlsx.workbook(pack))["Lights"], "■ Off track")[1:5]) == 1


async def test_findings_are_listed_with_the_money_at_stake(alder: Company) -> None:
    await with_figures(alder)
    alder.later(days=40)  # DACH has waited longer than the policy bears
    await alder.notice()
    pack = await pack_of(alder, "eve")
    asked = "{ organization { findings { edges { node { code sentence atStake { amount } } } } } }"
    found = [edge["node"] for edge in (await alder.ask("eve", asked))["organization"]["findings"]["edges"]]
    assert [(one.code, one.sentence) for one in pack.findings] == [(one["code"], one["sentence"]) for one in found]
    assert "GATE_STALLED" in {one.code for one in pack.findings}
    for said in (texts(pack_pptx.slides(pack)), "\n".join(pages(pack_pdf.document(pack)))):
        assert "GATE_STALLED" in said
    assert row(sheets(pack_xlsx.workbook(pack))["Findings"], "GATE_STALLED")
