"""Tables: a file is read for what it is, or refused in one sentence; no row changes on its way."""

import io
import zipfile

import pytest

from server.domain.refusals import RefusalCode, Refused
from server.exchange import tables
from server.exchange.crm import read_extract
from server.exchange.tables import Layout, Row, RowFault, read_table

PLAIN = Layout()


def rows_of(data: bytes, layout: Layout = PLAIN, file: str = "orders.csv") -> tuple[list[list[str]], list[RowFault]]:
    faults: list[RowFault] = []
    return [row.cells for row in read_table(file, data, layout).rows(faults)], faults


def refusal_of(data: bytes, layout: Layout = PLAIN) -> str:
    with pytest.raises(Refused) as refused:
        list(read_table("orders.csv", data, layout).rows([]))
    assert refused.value.code is RefusalCode.INVALID
    return refused.value.message


def workbook(*rows: str, sheet: str = "Deals") -> bytes:
    """A real workbook, written by hand so that its cells hold exactly what they say."""
    book = (
        f'<sheets><sheet name="Notes" sheetId="1" r:id="rId1"/><sheet name="{sheet}" sheetId="2" r:id="rId2"/></sheets>'
    )
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kinds = {"rId1": "worksheet", "rId2": "worksheet", "rId3": "styles"}
    targets = {"rId1": "worksheets/sheet1.xml", "rId2": "worksheets/sheet2.xml", "rId3": "styles.xml"}
    packages = "http://schemas.openxmlformats.org/package/2006/relationships"
    top = f'<Relationship Id="rId1" Type="{related}/officeDocument" Target="xl/workbook.xml"/>'
    links = "".join(f'<Relationship Id="{i}" Type="{related}/{kinds[i]}" Target="{targets[i]}"/>' for i in kinds)
    data = "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(rows, 1) if row)
    parts = {
        "[Content_Types].xml": "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        "_rels/.rels": f'<Relationships xmlns="{packages}">{top}</Relationships>',
        "xl/workbook.xml": f'<workbook {space} xmlns:r="{related}">{book}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}">{links}</Relationships>',
        "xl/styles.xml": f'<styleSheet {space}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f"<worksheet {space}><sheetData/></worksheet>",
        "xl/worksheets/sheet2.xml": f"<worksheet {space}><sheetData>{data}</sheetData></worksheet>",
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return packed.getvalue()


def words(line: int, *texts: str) -> str:
    cells = zip("ABCDEFG", texts, strict=False)
    return "".join(f'<c r="{at}{line}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in cells)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str) -> None:
    text = f"id{delimiter}name\r\n1{delimiter}Müller\r\n2{delimiter}Señor\r\n"
    assert rows_of(text.encode(encoding)) == ([["1", "Müller"], ["2", "Señor"]], [])


def test_what_is_given_beats_what_would_be_found() -> None:
    data = "id;a,b\n1;Čapek\n".encode("cp1250")
    assert rows_of(data, Layout(encoding="cp1250"))[0] == [["1", "Čapek"]]
    assert rows_of(b"id;a,b\n1;x,2\n", Layout(delimiter=";"))[0] == [["1", "x,2"]]
    assert rows_of(b"sep=|\nid|name\n1|a;b;c\n")[0] == [["1", "a;b;c"]]


def test_quoted_cells_keep_delimiters_quotes_and_line_breaks_and_rows_their_lines() -> None:
    table = read_table("orders.csv", b'id,note\n1,"a, ""b""\nc"\n\n2,d\n')
    assert list(table.rows([])) == [Row(2, ["1", 'a, "b"\nc']), Row(5, ["2", "d"])]


def test_a_ragged_row_is_named_with_its_line_and_the_others_are_read() -> None:
    rows, faults = rows_of(b"a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3,,\n")
    assert rows == [["1", "2", "3"], ["1", "2", "3"]]
    assert [(fault.line, fault.reason) for fault in faults] == [
        (3, "This row has 2 cells, the header has 3."),
        (4, "This row has 4 cells, the header has 3."),
    ]


def test_broken_quotes_are_faults_of_their_rows() -> None:
    rows, faults = rows_of(b'a,b\n"x"y,1\n2,3\n"open,4\n5,6\n')
    assert rows == [["2", "3"]]
    assert [fault.line for fault in faults] == [2, 4]
    assert "never closed" in faults[1].reason


def test_a_cell_of_ten_megabytes_is_a_fault() -> None:
    rows, faults = rows_of(b"a,b\n" + b"x" * 10_000_000 + b",1\n2,3\n")
    assert rows == [["2", "3"]]
    assert "longer than 131,072 characters" in faults[0].reason


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "orders.csv is not a text table: it starts like a PDF."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "it starts like a PNG picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
        (b"\n <!DOCTYPE html><title>Sign in</title>", "it starts like a web page"),
        (b"PK\x03\x04 broken", "damaged workbook or archive"),
        (b"id,name\n1,\x00\n", "holds a NUL character on line 2"),
        (b"\x01\x02\x03\x04\x05\x06id,name", "holds binary data"),
        (b"id,name\n1,\x81\x8d\n", "neither UTF-8 nor UTF-16 nor cp1252"),
        (b"\xef\xbb\xbfid,name\n1,\xff\n", "is not utf-8: a byte on line 2"),
        (b"", "orders.csv is empty."),
        (b" \r\n \n", "orders.csv is empty."),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(data: bytes, sentence: str) -> None:
    assert sentence in refusal_of(data)


def test_too_much_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 2)
    assert rows_of(b"a\n1\n2\n")[0] == [["1"], ["2"]]
    assert "more than 2 rows" in refusal_of(b"a\n1\n2\n3\n")
    monkeypatch.setattr(tables, "MAX_BYTES", 5)
    assert "is larger than" in refusal_of(b"a\n1\n2\n")


def test_a_header_alone_is_an_empty_table_and_may_stand_lower_or_in_the_mapping() -> None:
    assert rows_of(b"id,name\n") == ([], [])
    assert rows_of(b"Report,,\nof,May,\n\nid,name\n1,x\n", Layout(header=3))[0] == [["1", "x"]]
    assert rows_of(b"1\tx\n2\ty", Layout(columns=("id", "name"), delimiter="\t"))[0] == [["1", "x"], ["2", "y"]]
    assert "has no header on line 9" in refusal_of(b"id,name\n1,x\n", Layout(header=9))


def test_repeated_headers_are_told() -> None:
    assert read_table("orders.csv", b"id,name,name\n").repeated() == {"name"}


def test_a_sheet_gives_exact_texts() -> None:
    numbers = '<c r="A2"><v>4514</v></c><c r="B2"><v>0.30000000000000004</v></c><c r="C2" s="1"><v>42795</v></c>'
    book = workbook(words(1, "id", "share", "day", "won"), numbers + '<c r="D2" t="b"><v>1</v></c>', "", words(4, "x"))
    table = read_table("deals.csv", book, Layout(sheet="Deals"))
    assert table.headers == ("id", "share", "day", "won")
    assert list(table.rows([])) == [Row(2, ["4514", "0.3", "2017-03-01", "true"]), Row(4, ["x", "", "", ""])]


def test_a_text_is_read_in_parts_that_cut_nothing_in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'a,b\r\n"two\r\nlines",2\n\n"x",y\n3'
    old_mac = "a,b\r1,2\r3,4"
    whole = rows_of(text.encode()), rows_of(old_mac.encode())
    monkeypatch.setattr(tables, "_PART", 1)
    assert (rows_of(text.encode()), rows_of(old_mac.encode())) == whole
    assert whole[0][0] == [["two\r\nlines", "2"], ["x", "y"]]
    assert [(fault.line, fault.reason) for fault in whole[0][1]] == [(6, "This row has 1 cells, the header has 2.")]
    assert whole[1][0] == [["1", "2"], ["3", "4"]]


def error(place: str, shown: str) -> str:
    return f'<c r="{place}" t="e"><f>1/0</f><v>{shown}</v></c>'


def test_a_cell_that_could_not_be_computed_says_so_and_is_not_blank() -> None:
    """Calamine alone gives it as empty, and then it would be counted among those nobody filled in."""
    placeless = "<c/><c t='e'><v>#N/A</v></c>"
    book = workbook(
        words(1, "id", "amount"), words(2, "1", "5"), error("B3", "#REF!"), placeless, error("A5", "#DIV/0!")
    )
    table = read_table("deals.xlsx", book, Layout(sheet="Deals"))
    assert [(row.line, row.cells) for row in table.rows([])] == [
        (2, ["1", "5"]), (3, ["", "#REF!"]), (4, ["", "#N/A"]), (5, ["#DIV/0!", ""]),
    ]  # fmt: skip
    assert (table.file, table.upload) == ("deals.xlsx, sheet “Deals”", "deals.xlsx")


def test_an_error_is_no_name_and_no_amount() -> None:
    book = workbook(
        words(1, "id", "account", "amount", "stage"),
        words(2, "1", "Acme", "5", "Open"),
        words(3, "2") + error("B3", "#N/A") + error("C3", "#REF!") + '<c r="D3" t="str"><v>Open</v></c>',
    )
    mapping = """
system: crm
currency: EUR
files: {deals: {name: deals.xlsx, sheet: Deals}}
columns: {externalId: id, account: account, amount: amount, stage: stage}
"""
    extract = read_extract({"deals.xlsx": book}, mapping)
    assert [deal.external_id for deal in extract.opportunities] == ["1"]
    assert [(one.file, one.line, one.column, one.value) for one in extract.faults] == [
        ("deals.xlsx, sheet “Deals”", 3, "account", "#N/A"),
        ("deals.xlsx, sheet “Deals”", 3, "amount", "#REF!"),
    ]
    branch = "[{objective: O}, {portfolio: P}, {program: G}, {initiative: I}, {salesPlan: S, owner: '{account}'}]"
    placed = mapping.replace(", account: account", "") + f"plans: {{branch: {branch}}}\n"
    owner = read_extract({"deals.xlsx": book}, placed).faults[-1]
    assert owner.reason.startswith("“#N/A” is what a spreadsheet shows where it could not compute")


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are() -> None:
    message = refusal_of(workbook(words(1, "id")), Layout(sheet="Deal"))
    assert message == "orders.csv has no sheet “Deal”; its sheets are Notes, Deals."


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("orders.csv", "id,name")
    assert "it is a ZIP archive" in refusal_of(packed.getvalue())
