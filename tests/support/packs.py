"""A board pack of Alder Pumps: measures with figures, something at a gate, and the parts of the files to compare."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from server.api.inquiry import inquiry
from server.domain.stages import Stage
from server.exchange.board_pack import BoardPack
from server.exchange.pack_gathering import Wanted, gather
from tests.support.company import Company
from tests.support.measures import line, passed, prepared, series, submitted

YEAR = Wanted(first="2027-01", last="2027-12")


async def with_figures(company: Company) -> None:
    """Full service is decided, its margin's forecasts fall short of the plan; DACH waits at its first gate."""
    await prepared(company)
    margin = await line(company, "MARGIN", "Contract margin", {f"2027-{month:02}": "1000.01" for month in range(1, 13)})
    for into in (Stage.IDENTIFIED, Stage.DETAILED, Stage.DECIDED):
        await passed(company, "Full service", into)
    await series(company, "olaf", "setForecast", margin, {"2027-01": "400.02", "2027-02": "1200.55"})
    await submitted(company, "DACH", Stage.IDENTIFIED)


async def pack_of(company: Company, who: str, node: str | None = None, **asked: Any) -> BoardPack:
    """A pack with somebody's rights."""
    viewer = await company.viewer(who)
    wanted = replace(YEAR, node=company.node(node) if node else None, **asked)
    return await gather(inquiry(viewer, company.now), wanted, company.now)


def sheets(body: bytes) -> dict[str, list[list[Any]]]:
    """A workbook's cells as they come to, by sheet."""
    book = CalamineWorkbook.from_filelike(BytesIO(body))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def row(cells: list[list[Any]], first: str) -> list[Any]:
    """The row of a sheet that begins so."""
    return next(one for one in cells if one and str(one[0]) == first)


def exactly(cell: Any) -> Decimal:
    """A number of a cell to the cent."""
    return Decimal(str(cell)).quantize(Decimal("0.01"))


def pages(body: bytes) -> list[str]:
    """What a PDF says, page by page."""
    return [page.extract_text() for page in PdfReader(BytesIO(body)).pages]


def shapes(body: bytes) -> Iterator[Any]:
    """Every shape of a presentation."""
    for slide in Presentation(BytesIO(body)).slides:
        yield from slide.shapes


def texts(body: bytes) -> str:
    """All that a presentation says."""
    found = []
    for shape in shapes(body):
        if shape.has_text_frame:
            found.append(shape.text_frame.text)
        if shape.has_table:
            found += [cell.text for line in shape.table.rows for cell in line.cells]
    return "\n".join(found)
