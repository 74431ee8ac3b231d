"""Cells of a workbook in which a spreadsheet could not compute: `#REF!`, `#N/A`, `#DIV/0!`.

Calamine, by which workbooks are read, gives them as empty, so they are looked up in the sheet's own XML (ECMA-376
Part 1, §18.3.1.4: a cell of type `e`). A sheet without any costs one look at its bytes.
"""

import re
import zipfile
from collections.abc import Iterator
from posixpath import join, normpath
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, fromstring

Errors = dict[tuple[int, int], str]
"""Row and column from 1 → what the cell shows."""

_AN_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_PLACE = re.compile(r"([A-Z]+)([0-9]+)")
_CHUNK = 1 << 20
_OVERLAP = 16
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def cells_in_error(archive: zipfile.ZipFile, sheet: str) -> Errors:
    """The cells of a sheet that show an error.

    Empty for a workbook whose parts are not XML (`.xlsb`), or not where they belong: calamine has read it all the same.
    """
    try:
        part = _part(archive, sheet)
        if part is None or not any(map(_AN_ERROR.search, _chunks(archive, part))):
            return {}
        cells = _Cells()
        parser = DefusedXMLParser(target=cells)
        for chunk in _chunks(archive, part, overlap=0):
            parser.feed(chunk)
        parser.close()
    except (KeyError, ParseError, DefusedXmlException, zipfile.BadZipFile, ValueError):
        return {}
    return cells.errors


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The member that holds a sheet."""
    workbook, relations = (fromstring(archive.read(name)) for name in (_WORKBOOK, _RELATIONS))
    key = next((_local(one.attrib).get("id") for one in workbook.iter() if _called(one.tag, "sheet", one, sheet)), None)
    target = next((one.get("Target") for one in relations if one.get("Id") == key), None)
    return normpath(join("xl", target)).lstrip("/") if key and target else None


def _called(tag: str, kind: str, element: object, name: str) -> bool:
    return tag.rpartition("}")[2] == kind and getattr(element, "attrib", {}).get("name") == name


def _local(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes by their names without namespace; `r:id` is `id`."""
    return {name.rpartition("}")[2]: value for name, value in attributes.items()}


def _chunks(archive: zipfile.ZipFile, part: str, overlap: int = _OVERLAP) -> Iterator[bytes]:
    """The bytes of a member; each chunk begins with the end of the one before, so that nothing is cut in two."""
    with archive.open(part) as member:
        last = b""
        while chunk := member.read(_CHUNK):
            yield last + chunk
            last = chunk[-overlap:] if overlap else b""


class _Cells:
    """What the parser tells: rows, cells and their values. A place may be left out; then it is the next one."""

    def __init__(self) -> None:
        self.errors: Errors = {}
        self._row = self._column = 0
        self._text: list[str] | None = None
        self._inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        match tag.rpartition("}")[2]:
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            case "c":
                found = _PLACE.fullmatch(attributes.get("r", ""))
                self._column = _number(found[1]) if found else self._column + 1
                self._inside = attributes.get("t") == "e"
            case "v" if self._inside:
                self._text = []

    def data(self, text: str) -> None:
        """Text of an element, or a part of it."""
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag.rpartition("}")[2] == "v" and self._text is not None:
            self.errors[self._row, self._column] = "".join(self._text).strip()
            self._text = None

    def close(self) -> None:
        """The parser asks for nothing."""


def _number(letters: str) -> int:
    """`A` → 1, `AB` → 28."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
